"""Survivor volunteers: adding them, finding them, seeing one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeAlias

import pandas as pd
from sqlalchemy import ColumnElement, Row, Select, select, tuple_
from sqlalchemy.orm import Session

from models import Account, Stage, StageChange, Volunteer, new_ref
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.frames import typed
from services.permissions import Actor, Permission
from services.search import VOLUNTEERS, Hit, find, reason, rebuild
from services.unchanged import while_unchanged
from services.visibility import visible_volunteers
from services.volunteers.finding import find_volunteer
from services.volunteers.pipeline.rules import current

PAGE = 50
MAX_NAME = 100
MAX_CONTACT = 200
MAX_NOTE = 2_000
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


Position: TypeAlias = tuple[date | int, int]  # the last row shown: its day or step, its number
_LISTED = (
    Volunteer.id,
    Volunteer.ref,
    Volunteer.first_name,
    Volunteer.last_name,
    Volunteer.stage,
    Volunteer.stage_since,
    Volunteer.owner_id,
    Volunteer.next_step,
    Volunteer.next_step_by,
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
    """One volunteer, as her coordinator sees her; `days_waiting` only while she waits for us.

    `overdue` is by how many days her stage or what was agreed next has taken longer than it should.
    """

    ref: str
    name: str
    phone: str | None
    email: str | None
    note: str | None
    stage: str
    stage_since: date
    days_waiting: int | None
    owner: str | None
    owner_ref: str | None
    next_step: str | None
    next_step_by: date | None
    overdue: int
    version: int


def add(db: Session, actor: Actor, draft: VolunteerDraft) -> str:
    """Add a volunteer who has shown interest, and give back her reference."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    draft = draft.checked()
    _refuse_twin(db, actor, draft)
    volunteer = _new_volunteer(actor, draft)
    db.add(volunteer)
    db.flush()
    rebuild(db, VOLUNTEERS, [volunteer.id])
    first = StageChange(
        volunteer_id=volunteer.id,
        to_stage=volunteer.stage,
        changed_on=volunteer.stage_since,
        account_id=actor.account_id,
    )
    db.add(first)
    audit.record(db, actor, "volunteer.added", f"volunteer:{volunteer.ref}")
    return volunteer.ref


@while_unchanged
def directory(
    db: Session,
    actor: Actor,
    *,
    search: str = "",
    stage: Stage | None = None,
    after: Position | None = None,
) -> pd.DataFrame:
    """A page of volunteers: newest first, within one stage longest there first, or, of those who
    fit what was looked for, the closest first.

    Columns: position (give the last one as `after` for the next page), ref, name, stage, since,
    days_waiting, overdue (days), next_step, owner, why (what she was found by, where her name does
    not show it).
    """
    actor.require(Permission.READ_VOLUNTEERS)
    text = search.strip()
    wanted = visible_volunteers(actor)
    if stage is not None:
        wanted &= Volunteer.stage == stage
    if text:
        hits = {hit.number: hit for hit in _found(db, text, wanted, after)}
        query = select(*_LISTED).where(Volunteer.id.in_(hits))
        rows = sorted(db.execute(query), key=lambda row: list(hits).index(row.id))
    else:
        hits = {}
        rows = list(db.execute(_in_order(wanted, stage, after)))
    owners = owner_names(db, {row.owner_id for row in rows})
    days = current(db).stage_days
    lines = [
        (
            hits[row.id].position if text else (row.stage_since, row.id),
            row.ref,
            f"{row.first_name} {row.last_name}",
            row.stage.value,
            row.stage_since,
            waiting(row.stage, row.stage_since),
            overdue(row.stage, row.stage_since, row.next_step_by, days),
            row.next_step,
            owners.get(row.owner_id),
            _why(text, hits[row.id], row) if text else "",
        )
        for row in rows
    ]
    columns = [
        "position", "ref", "name", "stage", "since", "days_waiting", "overdue", "next_step",
        "owner", "why",
    ]  # fmt: skip
    return typed(lines, columns, {"days_waiting": "Int64"})


def summary(db: Session, actor: Actor, ref: str) -> VolunteerSummary:
    """One volunteer; the look is written in the audit log."""
    actor.require(Permission.READ_VOLUNTEERS)
    one = find_volunteer(db, actor, ref)
    owner = db.get(Account, one.owner_id) if one.owner_id else None
    audit.viewed(db, actor, f"volunteer:{ref}")
    return VolunteerSummary(
        ref=one.ref,
        name=f"{one.first_name} {one.last_name}",
        phone=one.phone,
        email=one.email,
        note=one.note,
        stage=one.stage.value,
        stage_since=one.stage_since,
        days_waiting=waiting(one.stage, one.stage_since),
        owner=owner.display_name if owner else None,
        owner_ref=owner.ref if owner else None,
        next_step=one.next_step,
        next_step_by=one.next_step_by,
        overdue=overdue(one.stage, one.stage_since, one.next_step_by, current(db).stage_days),
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
    hits = _found(db, f"{draft.first_name} {draft.last_name}", visible_volunteers(actor), None)
    query = select(
        Volunteer.first_name, Volunteer.last_name, Volunteer.phone, Volunteer.email
    ).where(Volunteer.id.in_([hit.number for hit in hits]))
    given = (draft.first_name, draft.last_name, draft.phone or None, draft.email or None)
    if given in db.execute(query).all():
        raise ConflictError(
            "A volunteer with this name, phone number and email is here already. Open her record "
            "from the list; if this is somebody else, add what tells the two apart."
        )


def _found(
    db: Session, text: str, wanted: ColumnElement[bool], after: Position | None
) -> list[Hit]:
    behind = None if after is None else (int(str(after[0])), after[1])
    return find(db, VOLUNTEERS, text, wanted, limit=PAGE, after=behind)


def _in_order(
    wanted: ColumnElement[bool], stage: Stage | None, after: Position | None
) -> Select[*tuple[Any, ...]]:
    query = select(*_LISTED).where(wanted).limit(PAGE)
    if stage is None:
        query = query.order_by(Volunteer.id.desc())
        return query if after is None else query.where(Volunteer.id < after[1])
    query = query.order_by(Volunteer.stage_since, Volunteer.id)
    if after is None:
        return query
    return query.where(tuple_(Volunteer.stage_since, Volunteer.id) > after)


def _why(text: str, hit: Hit, row: Row[*tuple[Any, ...]]) -> str:
    return reason(text, hit.step, name=f"{row.first_name} {row.last_name}")


def owner_names(db: Session, account_ids: set[int | None]) -> dict[int | None, str]:
    """Account number to name, each decrypted once for a whole page."""
    query = select(Account.id, Account.display_name).where(Account.id.in_(account_ids))
    return dict(db.execute(query).all())


def overdue(
    stage: Stage, since: date, agreed_by: date | None, stage_days: Mapping[Stage, int]
) -> int:
    """By how many days a stage, or what was agreed next in it, has taken longer than it should."""
    allowed = stage_days.get(stage)
    late = [(clock.today() - agreed_by).days] if agreed_by else []
    if allowed is not None:
        late.append((clock.today() - since).days - allowed)
    return max(0, *late, 0)


def waiting(stage: Stage, since: date) -> int | None:
    """How many days she has waited for us in a stage; None where nobody counts."""
    return (clock.today() - since).days if stage in WAITING_STAGES else None


def _is_contact(text: str, plausible: bool) -> bool:
    return plausible and len(text) <= MAX_CONTACT
