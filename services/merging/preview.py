"""What joining two records would do, before anybody does it."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models import Account, Mark, MeasureForm, Person, PersonMerge, Place
from services import audit
from services.merging.fields import Compared, compared
from services.merging.joining import held_pair
from services.merging.rows import pointers
from services.merging.stops import stops
from services.permissions import Actor, Permission
from services.tallies.shares import numbered
from services.visibility import visible_people

PAGE = 50
# What the rows of a table are called on the screen: one, and several. Risk, pairs kept apart and
# colleagues kept out come along unsaid: whoever joins two records need not know that there are any.
UNSAID = {"risk_reviews", "incidents", "record_locks", "conflicts"}
CALLED = {
    "places": ("place in a group", "places in groups"),
    "referrals": ("referral", "referrals"),
    "consents": ("consent", "consents"),
    "contact_plans": ("safe-contact plan", "safe-contact plans"),
    "contact_routes": ("way to reach her", "ways to reach her"),
    "contact_attempts": ("entry in the contact log", "entries in the contact log"),
    "kinships": ("relation", "relations"),
    "plan_members": ("plan she is in", "plans she is in"),
    "characteristics": ("answer for equality monitoring", "answers for equality monitoring"),
    "collectors": ("person on the lists for collecting", "people on the lists for collecting"),
    "life_events": ("event in the child's life", "events in the child's life"),
    "people": ("record joined to it before", "records joined to it before"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """Both records side by side, what would move, and what stands in the way."""

    kept_name: str
    gone_name: str
    versions: tuple[int, int]  # to give to `merge`
    fields: tuple[Compared, ...]
    moves: tuple[str, ...]  # "2 places in groups"
    stops: tuple[str, ...]


def preview(db: Session, actor: Actor, *, kept_ref: str, gone_ref: str) -> Preview:
    """Look at two records before joining them; both looks are written in the audit log."""
    actor.require(Permission.MERGE_PEOPLE)
    kept, gone = held_pair(db, actor, kept_ref, gone_ref)
    moves = tuple(_moves(db, kept, gone))
    in_the_way = tuple(stops(db, kept, gone))
    for ref in (kept_ref, gone_ref):
        audit.viewed(db, actor, f"person:{ref}")
    return Preview(
        kept_name=_called(kept),
        gone_name=_called(gone),
        versions=(kept.version, gone.version),
        fields=compared(kept, gone),
        moves=moves,
        stops=in_the_way,
    )


def merges(db: Session, actor: Actor) -> pd.DataFrame:
    """The records joined last, the newest first: merge, kept_ref, name, at, by, undone."""
    actor.require(Permission.MERGE_PEOPLE)
    query = (
        select(
            PersonMerge.ref,
            Person.ref,
            Person.first_name,
            Person.last_name,
            PersonMerge.merged_at,
            Account.display_name,
            PersonMerge.undone_at.is_not(None),
        )
        .join(Person, Person.id == PersonMerge.kept_id)
        .join(Account, Account.id == PersonMerge.merged_by_id)
        .where(visible_people(actor))
        .order_by(PersonMerge.id.desc())
        .limit(PAGE)
    )
    rows = [
        (merge, ref, f"{first} {last}", at, by, undone)
        for merge, ref, first, last, at, by, undone in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=["merge", "kept_ref", "name", "at", "by", "undone"])


def _moves(db: Session, kept: Person, gone: Person) -> list[str]:
    counts: dict[str, int] = {}
    for pointer in pointers():
        if number := len(pointer.to_move(db, kept.id, gone.id)):
            table = pointer.column.table.name
            counts[table] = counts.get(table, 0) + number
    said = [
        numbered(number, *CALLED[table]) for table, number in counts.items() if table not in UNSAID
    ]
    ofs = aliased(Place)
    for model, words in ((Mark, ("mark", "marks")), (MeasureForm, ("measure", "measures"))):
        query = select(func.count()).select_from(model).join(ofs, ofs.id == model.place_id)
        if number := db.scalar(query.where(ofs.person_id == gone.id)) or 0:
            said.append(numbered(number, *words))
    if kept.family_id != gone.family_id and (others := _others(db, gone)):
        said.append(numbered(others, "member of her family", "members of her family"))
    return said


def _others(db: Session, gone: Person) -> int:
    query = select(func.count()).where(Person.family_id == gone.family_id, Person.id != gone.id)
    return db.scalar(query) or 0


def _called(person: Person) -> str:
    """Two records of one name are told apart by their references."""
    return f"{person.first_name} {person.last_name}, {person.code}"
