"""Survivor volunteers: adding them, finding them, seeing one."""

from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd
from sqlalchemy import ColumnElement, false, select, tuple_
from sqlalchemy.orm import Session

from models import Account, Stage, StageChange, Volunteer, VolunteerToken, new_ref
from services import audit, clock, names
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission, visible_volunteers

PAGE = 50
MAX_NAME = 100
MAX_CONTACT = 200
MAX_NOTE = 2_000
_MAX_WORDS = 5  # of a search: each is a subquery, and nobody is looked for by more
# Where she waits for us. In the other stages nobody counts her days.
WAITING_STAGES = (
    Stage.INTEREST,
    Stage.CONVERSATION,
    Stage.APPLICATION,
    Stage.INTERVIEW,
    Stage.CHECKS,
    Stage.TRAINING,
    Stage.SHADOWING,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerDraft:
    """A new volunteer as she was filled in."""

    first_name: str
    last_name: str
    phone: str = ""
    email: str = ""
    note: str = ""

    def checked(self) -> "VolunteerDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        tidy = VolunteerDraft(**{field: text.strip() for field, text in asdict(self).items()})
        problems: dict[str, str] = {}
        for field, label in (("first_name", "first name"), ("last_name", "last name")):
            if not 1 <= len(getattr(tidy, field)) <= MAX_NAME:
                problems[field] = f"Enter a {label} of up to {MAX_NAME} letters."
        if tidy.phone and not _is_contact(tidy.phone, any(map(str.isdigit, tidy.phone))):
            problems["phone"] = "Enter a phone number, or leave it empty."
        if tidy.email and not _is_contact(tidy.email, "@" in tidy.email.strip("@")):
            problems["email"] = "Enter an email address with an @, or leave it empty."
        if len(tidy.note) > MAX_NOTE:
            problems["note"] = f"Shorten the note to {MAX_NOTE} letters; it has {len(tidy.note)}."
        if problems:
            raise InvalidInputError(problems)
        return tidy


@dataclass(frozen=True, slots=True)
class VolunteerSummary:
    """One volunteer, as her coordinator sees her; `days_waiting` only while she waits for us."""

    ref: str
    name: str
    phone: str | None
    email: str | None
    note: str | None
    stage: str
    stage_since: date
    days_waiting: int | None
    owner: str | None
    version: int


def add(db: Session, actor: Actor, draft: VolunteerDraft) -> str:
    """Add a volunteer who has shown interest, and give back her reference."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    draft = draft.checked()
    _refuse_twin(db, actor, draft)
    volunteer = _new_volunteer(actor, draft)
    db.add(volunteer)
    db.flush()
    hashes = names.tokens("volunteer", (draft.first_name, draft.last_name))
    db.add_all(VolunteerToken(token=token, volunteer_id=volunteer.id) for token in hashes)
    first = StageChange(
        volunteer_id=volunteer.id,
        to_stage=volunteer.stage,
        changed_on=volunteer.stage_since,
        account_id=actor.account_id,
    )
    db.add(first)
    audit.record(db, actor, "volunteer.added", f"volunteer:{volunteer.ref}")
    return volunteer.ref


def directory(
    db: Session,
    actor: Actor,
    *,
    search: str = "",
    stage: Stage | None = None,
    after: tuple[date, int] | None = None,
) -> pd.DataFrame:
    """A page of volunteers: newest first, or within one stage longest there first.

    Columns: number, ref, name, stage, since, days_waiting, owner. Give the last row's
    (since, number) as `after` for the next page.
    """
    actor.require(Permission.READ_VOLUNTEERS)
    query = select(
        Volunteer.id,
        Volunteer.ref,
        Volunteer.first_name,
        Volunteer.last_name,
        Volunteer.stage,
        Volunteer.stage_since,
        Volunteer.owner_id,
    ).where(visible_volunteers(actor), *_named(search))
    if stage is None:
        query = query.order_by(Volunteer.id.desc())
    else:
        query = query.where(Volunteer.stage == stage)
        query = query.order_by(Volunteer.stage_since, Volunteer.id)
    if after is not None:
        query = query.where(_beyond(after, newest_first=stage is None))
    rows = db.execute(query.limit(PAGE)).all()
    owners = _owners(db, {row[-1] for row in rows})
    frame = pd.DataFrame(
        [
            (number, ref, f"{first} {last}", at.value, since, _waiting(at, since), owners.get(own))
            for number, ref, first, last, at, since, own in rows
        ],
        columns=["number", "ref", "name", "stage", "since", "days_waiting", "owner"],
    )
    return frame.astype({"days_waiting": "Int64"})


def summary(db: Session, actor: Actor, ref: str) -> VolunteerSummary:
    """One volunteer; the look is written in the audit log."""
    actor.require(Permission.READ_VOLUNTEERS)
    one = db.scalar(select(Volunteer).where(Volunteer.ref == ref, visible_volunteers(actor)))
    if one is None:
        raise NotFoundError("volunteer")
    audit.viewed(db, actor, f"volunteer:{ref}")
    return VolunteerSummary(
        ref=one.ref,
        name=f"{one.first_name} {one.last_name}",
        phone=one.phone,
        email=one.email,
        note=one.note,
        stage=one.stage.value,
        stage_since=one.stage_since,
        days_waiting=_waiting(one.stage, one.stage_since),
        owner=_owners(db, {one.owner_id}).get(one.owner_id),
        version=one.version,
    )


def _new_volunteer(actor: Actor, draft: VolunteerDraft) -> Volunteer:
    return Volunteer(
        ref=new_ref(),
        first_name=draft.first_name,
        last_name=draft.last_name,
        phone=draft.phone or None,
        email=draft.email or None,
        note=draft.note or None,
        stage=Stage.INTEREST,
        stage_since=clock.today(),
        owner_id=actor.account_id,
        created_at=clock.now(),
    )


def _refuse_twin(db: Session, actor: Actor, draft: VolunteerDraft) -> None:
    """A form sent twice makes one volunteer."""
    query = select(
        Volunteer.first_name, Volunteer.last_name, Volunteer.phone, Volunteer.email
    ).where(visible_volunteers(actor), *_named(f"{draft.first_name} {draft.last_name}"))
    given = (draft.first_name, draft.last_name, draft.phone or None, draft.email or None)
    if given in db.execute(query).all():
        raise ConflictError(
            "A volunteer with this name, phone number and email is here already. Open her record "
            "from the list; if this is somebody else, add what tells the two apart."
        )


def _named(search: str) -> list[ColumnElement[bool]]:
    """What narrows a query to the names searched for: nothing when nothing was typed."""
    if not search.strip():
        return []
    words = names.lookups("volunteer", search)[:_MAX_WORDS]
    tokens = select(VolunteerToken.volunteer_id)
    found = [Volunteer.id.in_(tokens.where(VolunteerToken.token.in_(hashes))) for hashes in words]
    return [*found] or [false()]


def _beyond(after: tuple[date, int], *, newest_first: bool) -> ColumnElement[bool]:
    if newest_first:
        return Volunteer.id < after[1]
    return tuple_(Volunteer.stage_since, Volunteer.id) > after


def _owners(db: Session, account_ids: set[int | None]) -> dict[int | None, str]:
    """Account number to name, each decrypted once for a whole page."""
    query = select(Account.id, Account.display_name).where(Account.id.in_(account_ids))
    return dict(db.execute(query).all())


def _waiting(stage: Stage, since: date) -> int | None:
    return (clock.today() - since).days if stage in WAITING_STAGES else None


def _is_contact(text: str, plausible: bool) -> bool:
    return plausible and len(text) <= MAX_CONTACT
