"""What is due is reckoned from: gathered for many volunteers at once, a query each."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import CompoundSelect, Select, func, or_, select, union
from sqlalchemy.orm import Session

from models import (
    Account,
    CheckIn,
    Debrief,
    GroupSession,
    Placement,
    Stage,
    SupervisionKind,
    SupervisionSession,
    VolunteerDebrief,
    VolunteerPresence,
    VolunteerSupport,
)
from services import clock
from services.support.rhythm import Facts

# A hard session longer ago than this is no longer asked about by itself.
ASKED_ABOUT = timedelta(days=183)


T = TypeVar("T")


class Helper(Protocol):
    """What is needed of a volunteer: her record itself, or a row with these columns."""

    @property
    def id(self) -> int: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def stage_since(self) -> date: ...


@dataclass(frozen=True, slots=True)
class _Gathered:
    supervised: set[int]
    meetings: dict[tuple[int, SupervisionKind], date]
    check_ins: dict[int, datetime]
    starts: dict[int, list[date]]
    hard: dict[int, list[datetime]]


def facts_of(db: Session, helpers: Collection[Helper]) -> dict[int, Facts]:
    """By each volunteer's number, of those who shadow or are active; the others are owed nothing.

    A step of other services, which have asked whether she may.
    """
    stages = (Stage.SHADOWING, Stage.ACTIVE)
    here = [one for one in helpers if one.stage in stages]
    numbers = [one.id for one in here]
    if not numbers:
        return {}
    gathered = _Gathered(
        supervised=set(db.scalars(supervised(numbers))),
        meetings={(number, kind): on for number, kind, on in db.execute(_meetings(numbers))},
        check_ins=dict(db.execute(_check_ins(numbers)).all()),
        starts=_lists(db.execute(_starts(numbers))),
        hard=_lists(db.execute(_hard(numbers))),
    )
    return {one.id: _facts(one, gathered) for one in here}


def _facts(one: Helper, gathered: _Gathered) -> Facts:
    meetings = gathered.meetings
    return Facts(
        since=one.stage_since,
        is_active=one.stage is Stage.ACTIVE,
        has_supervisor=one.id in gathered.supervised,
        supervision_on=meetings.get((one.id, SupervisionKind.ONE_TO_ONE)),
        reflective_on=meetings.get((one.id, SupervisionKind.REFLECTIVE_GROUP)),
        review_on=meetings.get((one.id, SupervisionKind.REVIEW)),
        starts=tuple(gathered.starts[one.id]),
        hard=tuple(gathered.hard[one.id]),
        checked_in_at=gathered.check_ins.get(one.id),
    )


def supervised(numbers: Collection[int]) -> Select[int]:
    """Those of these volunteers who have a supervisor whose account is open."""
    return (
        select(VolunteerSupport.volunteer_id)
        .join(Account, Account.id == VolunteerSupport.supervisor_id)
        .where(VolunteerSupport.volunteer_id.in_(numbers), Account.is_active)
    )


def _meetings(numbers: Collection[int]) -> Select[int, SupervisionKind, date]:
    kept = SupervisionSession
    return (
        select(kept.volunteer_id, kept.kind, func.max(kept.held_on))
        .where(kept.volunteer_id.in_(numbers))
        .group_by(kept.volunteer_id, kept.kind)
    )


def _check_ins(numbers: Collection[int]) -> Select[int, datetime]:
    """When she was last asked. What she wrote by herself does not stand for being asked: nobody
    can tick off the support that is owed to her."""
    own = VolunteerSupport.own_account_id
    return (
        select(CheckIn.volunteer_id, func.max(CheckIn.at))
        .outerjoin(VolunteerSupport, VolunteerSupport.volunteer_id == CheckIn.volunteer_id)
        .where(CheckIn.volunteer_id.in_(numbers), or_(own.is_(None), own != CheckIn.account_id))
        .group_by(CheckIn.volunteer_id)
    )


def _starts(numbers: Collection[int]) -> Select[int, date]:
    """Only with groups she is with: nobody asks any more how a start went that is long over."""
    return select(Placement.volunteer_id, Placement.starts_on).where(
        Placement.volunteer_id.in_(numbers),
        or_(Placement.ends_on.is_(None), Placement.ends_on >= clock.today()),
    )


def _hard(numbers: Collection[int]) -> CompoundSelect[int, datetime]:
    """Sessions in which she heard something hard: as the debrief says, or she herself."""
    since = clock.now() - ASKED_ABOUT
    debriefs = (
        select(Placement.volunteer_id, GroupSession.starts_at)
        .join(VolunteerPresence, VolunteerPresence.placement_id == Placement.id)
        .join(Debrief, Debrief.id == VolunteerPresence.debrief_id)
        .join(GroupSession, GroupSession.id == Debrief.session_id)
        .where(
            Placement.volunteer_id.in_(numbers),
            VolunteerPresence.heard_hard,
            GroupSession.starts_at > since,
        )
    )
    own = (
        select(VolunteerDebrief.volunteer_id, GroupSession.starts_at)
        .join(GroupSession, GroupSession.id == VolunteerDebrief.session_id)
        .where(
            VolunteerDebrief.volunteer_id.in_(numbers),
            VolunteerDebrief.heard_hard,
            GroupSession.starts_at > since,
        )
    )
    return union(debriefs, own)


def _lists(rows: Iterable[tuple[int, T]]) -> defaultdict[int, list[T]]:
    found: defaultdict[int, list[T]] = defaultdict(list)
    for number, value in rows:
        found[number].append(value)
    return found
