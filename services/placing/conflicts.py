"""Who must not, or had better not, be placed together: the sealed list and its explanations.

Only a coordinator opens it, only after saying why, and each opening is written in the audit log.
No other screen reads from here: those that place somebody ask placing.py beside this and get an
answer without a name (docs/decisions/0018).
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from models import (
    Account,
    Conflict,
    Group,
    Person,
    Strength,
    Volunteer,
    new_ref,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.placing import crossing_meetings
from services.placing.conflict_meetings import meeting_now
from services.unchanged import while_unchanged
from services.visibility import visible_conflicts, visible_people, visible_volunteers
from services.volunteers.own_time import sealed

PAGE = 50
MAX_WORDS = 2_000
OPENED = "conflict.opened"


class Why(enum.Enum):
    """Why somebody opens the sealed list: kept in the audit log, so one of a few and no words."""

    TOGETHER = "together"
    PLACING = "placing"
    ASKED = "asked"
    REVIEW = "review"


_HARD = Conflict.strength == Strength.HARD  # made once, as are the statements with it


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two: a participant or a survivor volunteer, by her reference."""

    ref: str
    is_volunteer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictDraft:
    """Two people to be kept apart, as filled in."""

    first: Party
    second: Party
    strength: Strength
    reason: str


@dataclass(frozen=True, slots=True)
class ConflictView:
    """One pair in full, with the groups both are in now."""

    ref: str
    first: str
    second: str
    strength: str
    reason: str
    recorded_on: date
    recorded_by: str
    ended_on: date | None
    end_reason: str | None
    groups: tuple[str, ...]
    version: int


def record(db: Session, actor: Actor, draft: ConflictDraft) -> bool:
    """Keep two people apart from now on; whether both are in one group already."""
    actor.require(Permission.KEEP_CONFLICTS)
    _check(draft)
    person_id, volunteer_id = _numbers(db, actor, draft.first)
    other_person_id, other_volunteer_id = _numbers(db, actor, draft.second)
    conflict = Conflict(
        ref=new_ref(),
        person_id=person_id,
        volunteer_id=volunteer_id,
        other_person_id=other_person_id,
        other_volunteer_id=other_volunteer_id,
        strength=draft.strength,
        reason=draft.reason.strip(),
        recorded_at=clock.now(),
        recorded_by_id=actor.account_id,
    )
    _refuse_twin(db, conflict)
    db.add(conflict)
    db.flush()
    audit.record(
        db, actor, "conflict.recorded", f"conflict:{conflict.ref}", strength=draft.strength.value
    )
    return bool(meeting_now(db, Conflict.id == conflict.id))


def end(db: Session, actor: Actor, ref: str, *, reason: str, version: int) -> None:
    """Stop keeping two people apart. Raises ConflictError when somebody else was faster."""
    actor.require(Permission.KEEP_CONFLICTS)
    if not 1 <= len(reason.strip()) <= MAX_WORDS:
        raise InvalidInputError({"end_reason": "Say why they need not be kept apart any longer."})
    conflict = _found(db, actor, ref)
    if conflict.version != version or conflict.ended_at is not None:
        raise ConflictError("Somebody else ended this meanwhile. Look at it again here.")
    conflict.ended_at, conflict.ended_by_id = clock.now(), actor.account_id
    conflict.end_reason = reason.strip()
    audit.record(db, actor, "conflict.ended", f"conflict:{ref}")


@while_unchanged
def to_act_on(db: Session, actor: Actor) -> int:
    """How many are in a group now that is not right for them: recorded pairs, survivor volunteers
    with somebody of their own time here, and whoever must not go to where it meets."""
    actor.require(Permission.KEEP_CONFLICTS)
    pairs = meeting_now(db, visible_conflicts(actor), _HARD)
    where = crossing_meetings.meeting_now(db, actor)
    return len(pairs) + sealed.to_act_on(db, actor) + len(where)


def listed(
    db: Session, actor: Actor, why: Why, *, ended: bool = False, before: int | None = None
) -> pd.DataFrame:
    """A page of the sealed list, newest first; opening it is written in the audit log.

    Columns: number, ref, first, second, strength, recorded, together (in one group now). Give
    the last number as `before` for the next page.
    """
    actor.require(Permission.KEEP_CONFLICTS)
    is_over = Conflict.ended_at.is_not(None) if ended else Conflict.ended_at.is_(None)
    query = _with_names().where(visible_conflicts(actor), is_over)
    if before is not None:
        query = query.where(Conflict.id < before)
    page = db.execute(query.order_by(Conflict.id.desc()).limit(PAGE)).all()
    together = meeting_now(db, Conflict.id.in_([conflict.id for conflict, *_names in page]))
    rows = [
        (
            one.id,
            one.ref,
            *_both_names(parties),
            one.strength.value,
            clock.local(one.recorded_at).date(),
            one.id in together,
        )
        for one, *parties in page
    ]
    audit.viewed(db, actor, "conflict:list", action=OPENED, why=why.value)
    columns = ["number", "ref", "first", "second", "strength", "recorded", "together"]
    return pd.DataFrame(rows, columns=columns)


def explained(db: Session, actor: Actor, ref: str, why: Why) -> ConflictView:
    """One pair with its reason; opening it is written in the audit log."""
    actor.require(Permission.KEEP_CONFLICTS)
    query = _with_names().where(Conflict.ref == ref, visible_conflicts(actor))
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("pair")
    one, *parties = row
    first, second = _both_names(parties)
    by = select(Account.display_name).where(Account.id == one.recorded_by_id)
    groups = meeting_now(db, Conflict.id == one.id).get(one.id, set())
    names = db.scalars(select(Group.code_name).where(Group.id.in_(groups)).order_by(Group.id))
    audit.viewed(db, actor, f"conflict:{ref}", action=OPENED, why=why.value)
    return ConflictView(
        ref=ref,
        first=first,
        second=second,
        strength=one.strength.value,
        reason=one.reason,
        recorded_on=clock.local(one.recorded_at).date(),
        recorded_by=db.scalars(by).one(),
        ended_on=clock.local(one.ended_at).date() if one.ended_at else None,
        end_reason=one.end_reason,
        groups=tuple(names),
        version=one.version,
    )


def _check(draft: ConflictDraft) -> None:
    problems: dict[str, str] = {}
    if draft.first == draft.second:
        problems["second"] = "Choose two different people."
    if not 1 <= len(draft.reason.strip()) <= MAX_WORDS:
        problems["reason"] = "Write why, so that a colleague can understand it in a year."
    if problems:
        raise InvalidInputError(problems)


def _numbers(db: Session, actor: Actor, party: Party) -> tuple[int | None, int | None]:
    """The numbers of a participant and of a volunteer: one of the two."""
    if party.is_volunteer:
        query = select(Volunteer.id).where(Volunteer.ref == party.ref, visible_volunteers(actor))
    else:
        query = select(Person.id).where(Person.ref == party.ref, visible_people(actor))
    number = db.scalar(query)
    if number is None:
        raise NotFoundError("volunteer" if party.is_volunteer else "person")
    return (None, number) if party.is_volunteer else (number, None)


def _refuse_twin(db: Session, new: Conflict) -> None:
    """The same two once, whichever of them was named first."""
    first = (Conflict.person_id, Conflict.volunteer_id)
    second = (Conflict.other_person_id, Conflict.other_volunteer_id)
    given = (new.person_id, new.volunteer_id, new.other_person_id, new.other_volunteer_id)
    same = [
        and_(*(side.is_not_distinct_from(one) for side, one in zip(order, given, strict=True)))
        for order in (first + second, second + first)
    ]
    if db.scalar(select(Conflict.id).where(Conflict.ended_at.is_(None), or_(*same)).limit(1)):
        raise ConflictError(
            "These two are kept apart already. Open the pair in the list; to record it anew, "
            "end it there first."
        )


def _found(db: Session, actor: Actor, ref: str) -> Conflict:
    query = select(Conflict).where(Conflict.ref == ref, visible_conflicts(actor))
    conflict = db.scalar(query.with_for_update())
    if conflict is None:
        raise NotFoundError("pair")
    return conflict


def _with_names() -> Select[Any]:
    """Each pair with the names of a participant and a volunteer on either side."""
    people, volunteers = (
        (aliased(Person), aliased(Person)),
        (aliased(Volunteer), aliased(Volunteer)),
    )
    query = select(Conflict)
    sides = zip(
        people,
        volunteers,
        (Conflict.person_id, Conflict.other_person_id),
        (Conflict.volunteer_id, Conflict.other_volunteer_id),
        strict=True,
    )
    for person, volunteer, person_id, volunteer_id in sides:
        query = query.outerjoin(person, person.id == person_id)
        query = query.outerjoin(volunteer, volunteer.id == volunteer_id)
        query = query.add_columns(
            person.first_name, person.last_name, volunteer.first_name, volunteer.last_name
        )
    return query


def _both_names(parts: Sequence[str | None]) -> tuple[str, str]:
    first, second = parts[:4], parts[4:]
    return _one_name(*first), _one_name(*second)


def _one_name(
    first: str | None, last: str | None, volunteer_first: str | None, volunteer_last: str | None
) -> str:
    if first is not None:
        return f"{first} {last}"
    return f"{volunteer_first} {volunteer_last} (survivor volunteer)"
