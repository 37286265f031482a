"""Where lives may cross, as a coordinator keeps it: sealed, like whom somebody must not meet.

A participant's stand with her family, as its school does. Whoever places somebody is told that a
group is not the right one, or that there is something to weigh, and never which of these it was.
"""

from collections.abc import Mapping
from typing import TypeAlias

import pandas as pd
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from models import Crossing, CrossingKind, Group, Person, Volunteer
from services import audit
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.placing.areas import area
from services.placing.conflicts import Party, Why
from services.placing.crossing_meetings import meeting_now
from services.visibility import visible_people, visible_volunteers

MOST, MAX_NAME = 10, 80
OPENED = "crossing.opened"
Kept: TypeAlias = Mapping[CrossingKind, tuple[str, ...]]
_BY_AREA = (CrossingKind.NEIGHBOURHOOD, CrossingKind.AVOIDS)
_NO_AREA = "Write the first part of a postcode, such as NR2 or NR2 4, one on a line."


def of_party(db: Session, actor: Actor, party: Party, why: Why) -> Kept:
    """What is kept of her, by kind; the look is written in the audit log."""
    actor.require(Permission.KEEP_CONFLICTS)
    kept = _kept(db, _hers(db, actor, party)[0])
    audit.viewed(db, actor, _subject(party), action=OPENED, why=why.value)
    return kept


def keep(db: Session, actor: Actor, party: Party, names: Kept, *, seen: Kept) -> bool:
    """Keep this in place of what was seen; whether she is in a group now where she must not go.

    Raises ConflictError when a colleague has changed it meanwhile, and InvalidInputError with a
    sentence for each kind.
    """
    actor.require(Permission.KEEP_CONFLICTS)
    new = _checked(names)
    whose, owner = _hers(db, actor, party, lock=True)
    if _kept(db, whose) != seen:
        raise ConflictError("A colleague changed this meanwhile. Open it again and look.")
    db.execute(delete(Crossing).where(whose))
    db.add_all(
        Crossing(**owner, kind=kind, name=name) for kind, several in new.items() for name in several
    )
    audit.record(db, actor, "crossing.recorded", _subject(party))
    return bool(meeting_now(db, actor))


def meetings(db: Session, actor: Actor, why: Why) -> pd.DataFrame:
    """Who is with a group now that meets where she must not go: name, group.

    A part of the sealed list; the look is written in the audit log.
    """
    actor.require(Permission.KEEP_CONFLICTS)
    found = sorted(meeting_now(db, actor))
    people = _names(db, Person, {number for kind, number, _g in found if kind == "person"})
    helpers = _names(db, Volunteer, {number for kind, number, _g in found if kind != "person"})
    of_groups = select(Group.id, Group.code_name).where(Group.id.in_({one[-1] for one in found}))
    called = dict(db.execute(of_groups).all())
    audit.viewed(db, actor, "crossing:list", action=OPENED, why=why.value)
    rows = [
        (
            people[number] if kind == "person" else f"{helpers[number]} (survivor volunteer)",
            called[group],
        )
        for kind, number, group in found
    ]
    return pd.DataFrame(rows, columns=["name", "group"])


def _checked(names: Kept) -> Kept:
    problems: dict[str, str] = {}
    new: dict[CrossingKind, tuple[str, ...]] = {}
    for kind, several in names.items():
        lines = [" ".join(one.split()) for one in several if one.strip()]
        written = [area(one) if kind in _BY_AREA else one for one in lines]
        if None in written:
            problems[kind.value] = _NO_AREA
        elif len(lines) > MOST or any(len(one) > MAX_NAME for one in lines):
            problems[kind.value] = f"Keep to {MOST} lines of up to {MAX_NAME} letters."
        elif found := tuple(sorted({one for one in written if one})):
            new[kind] = found
    if problems:
        raise InvalidInputError(problems)
    return new


def _kept(db: Session, whose: ColumnElement[bool]) -> Kept:
    found: dict[CrossingKind, list[str]] = {}
    for kind, name in db.execute(select(Crossing.kind, Crossing.name).where(whose)):
        found.setdefault(kind, []).append(name)
    return {kind: tuple(sorted(several)) for kind, several in found.items()}


def _hers(
    db: Session, actor: Actor, party: Party, *, lock: bool = False
) -> tuple[ColumnElement[bool], dict[str, int]]:
    """What finds her own ones, and what a new one of hers begins with."""
    if party.is_volunteer:
        query = select(Volunteer.id).where(Volunteer.ref == party.ref, visible_volunteers(actor))
    else:
        query = select(Person.family_id).where(Person.ref == party.ref, visible_people(actor))
    number = db.scalar(query.with_for_update() if lock else query)
    if number is None:
        raise NotFoundError("volunteer" if party.is_volunteer else "person")
    if party.is_volunteer:
        return Crossing.volunteer_id == number, {"volunteer_id": number}
    return Crossing.family_id == number, {"family_id": number}


def _names(db: Session, model: type[Person] | type[Volunteer], numbers: set[int]) -> dict[int, str]:
    query = select(model.id, model.first_name, model.last_name).where(model.id.in_(numbers))
    return {number: f"{first} {last}" for number, first, last in db.execute(query)}


def _subject(party: Party) -> str:
    return f"{'volunteer' if party.is_volunteer else 'person'}:{party.ref}"
