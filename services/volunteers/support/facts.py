"""What is due is reckoned from: gathered for many volunteers at once, in two statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Protocol, TypeAlias, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Row,
    Select,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from models import (
    Account,
    CheckIn,
    Debrief,
    GroupSession,
    Placement,
    SessionState,
    Shift,
    ShiftState,
    Stage,
    SupervisionKind,
    SupervisionSession,
    Volunteer,
    VolunteerDebrief,
    VolunteerPresence,
    VolunteerSupport,
)
from services import clock
from services.short_lists import NUMBERS, each_time
from services.volunteers.support.rhythm import Facts

# A hard session longer ago than this is no longer asked about by itself.
ASKED_ABOUT = timedelta(days=183)


T = TypeVar("T")
_Found: TypeAlias = defaultdict[tuple[int, str], list[T]]  # volunteer and what → when
_SUPERVISED, _STARTED, _CHECKED_IN, _HARD = "supervised", "started", "checked in", "hard"


class Helper(Protocol):
    """What is needed of a volunteer: her record itself, or a row with these columns."""

    @property
    def id(self) -> int: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def stage_since(self) -> date: ...


def facts_of(db: Session, helpers: Collection[Helper]) -> dict[int, Facts]:
    """By each volunteer's number, of those who shadow or are active; the others are owed nothing.

    A step of other services, which have asked whether she may.
    """
    stages = (Stage.SHADOWING, Stage.ACTIVE)
    here = [one for one in helpers if one.stage in stages]
    numbers = [one.id for one in here]
    if not numbers:
        return {}
    days, times = _days(), _times()
    asked = {NUMBERS.key: numbers}
    on, at = _lists(db.execute(days, asked)), _lists(db.execute(times, asked))
    return {one.id: _facts(one, on, at) for one in here}


def _facts(one: Helper, on: _Found[date], at: _Found[datetime]) -> Facts:
    """The latest of what is asked for since; of starts and hard sessions each."""

    def last(kind: SupervisionKind) -> date | None:
        return next(iter(on[one.id, kind.value]), None)

    return Facts(
        since=one.stage_since,
        is_active=one.stage is Stage.ACTIVE,
        has_supervisor=bool(on[one.id, _SUPERVISED]),
        supervision_on=last(SupervisionKind.ONE_TO_ONE),
        reflective_on=last(SupervisionKind.REFLECTIVE_GROUP),
        review_on=last(SupervisionKind.REVIEW),
        starts=tuple(on[one.id, _STARTED]),
        hard=tuple(sorted(set(at[one.id, _HARD]))),
        checked_in_at=next(iter(at[one.id, _CHECKED_IN]), None),
    )


@cache
def _days() -> CompoundSelect[str, int, date]:
    """What is a day: since when somebody answers for her, when each kind of meeting was last
    held, and when she began with each group."""
    return union_all(_supervised(), *map(_meetings, SupervisionKind), _starts(), _first_shifts())


@cache
def _times() -> CompoundSelect[str, int, datetime]:
    """What is an instant: when she was last asked how she is, and each session in which she heard
    something hard, as the debrief says or she herself."""
    return union_all(_check_ins(), _heard_hard(), _said_hard())


def _supervised() -> Select[str, int, date]:
    """Those who have a supervisor whose account is open."""
    return (
        select(literal(_SUPERVISED), VolunteerSupport.volunteer_id, Volunteer.stage_since)
        .join(Volunteer, Volunteer.id == VolunteerSupport.volunteer_id)
        .join(Account, Account.id == VolunteerSupport.supervisor_id)
        .where(VolunteerSupport.volunteer_id.in_(NUMBERS), Account.is_active)
    )


def _meetings(kind: SupervisionKind) -> Select[str, int, date]:
    kept = SupervisionSession
    return (
        select(literal(kind.value), kept.volunteer_id, func.max(kept.held_on))
        .where(kept.volunteer_id.in_(NUMBERS), kept.kind == kind)
        .group_by(kept.volunteer_id)
    )


def _starts() -> Select[str, int, date]:
    """Only with groups she is with: nobody asks any more how a start went that is long over."""
    ends = Placement.ends_on
    return select(literal(_STARTED), Placement.volunteer_id, Placement.starts_on).where(
        Placement.volunteer_id.in_(NUMBERS),
        or_(ends.is_(None), ends >= each_time(ends, clock.today)),
    )


def _first_shifts() -> Select[str, int, date]:
    """Her first session with a group she helps through the rota alone, while it is asked about."""
    placed = select(Placement.id).where(
        Placement.volunteer_id == Shift.volunteer_id, Placement.group_id == GroupSession.group_id
    )
    begun, first = GroupSession.starts_at, func.min(GroupSession.starts_at)
    return (
        select(
            literal(_STARTED), Shift.volunteer_id,
            func.date(func.min(GroupSession.local_start), type_=Date),
        )
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(
            Shift.volunteer_id.in_(NUMBERS),
            Shift.state == ShiftState.ACCEPTED,
            GroupSession.state != SessionState.CANCELLED,
            ~placed.exists(),
        )
        .group_by(Shift.volunteer_id, GroupSession.group_id)
        .having(first > each_time(begun, lambda: clock.now() - ASKED_ABOUT))
    )  # fmt: skip


def _check_ins() -> Select[str, int, datetime]:
    """What she wrote by herself does not stand for being asked: nobody can tick off the support
    that is owed to her."""
    own = VolunteerSupport.own_account_id
    return (
        select(literal(_CHECKED_IN), CheckIn.volunteer_id, func.max(CheckIn.at))
        .outerjoin(VolunteerSupport, VolunteerSupport.volunteer_id == CheckIn.volunteer_id)
        .where(CheckIn.volunteer_id.in_(NUMBERS), or_(own.is_(None), own != CheckIn.account_id))
        .group_by(CheckIn.volunteer_id)
    )


def _heard_hard() -> Select[str, int, datetime]:
    return (
        select(literal(_HARD), VolunteerPresence.volunteer_id, GroupSession.starts_at)
        .select_from(VolunteerPresence)
        .join(Debrief, Debrief.id == VolunteerPresence.debrief_id)
        .join(GroupSession, GroupSession.id == Debrief.session_id)
        .where(
            VolunteerPresence.volunteer_id.in_(NUMBERS),
            VolunteerPresence.heard_hard,
            _is_asked_about(),
        )
    )


def _said_hard() -> Select[str, int, datetime]:
    return (
        select(literal(_HARD), VolunteerDebrief.volunteer_id, GroupSession.starts_at)
        .join(GroupSession, GroupSession.id == VolunteerDebrief.session_id)
        .where(
            VolunteerDebrief.volunteer_id.in_(NUMBERS),
            VolunteerDebrief.heard_hard,
            _is_asked_about(),
        )
    )


def _is_asked_about() -> ColumnElement[bool]:
    begun = GroupSession.starts_at
    return begun > each_time(begun, lambda: clock.now() - ASKED_ABOUT)


def _lists(rows: Iterable[Row[str, int, T]]) -> _Found[T]:
    found: _Found[T] = defaultdict(list)
    for what, number, value in rows:
        found[number, what].append(value)
    return found
