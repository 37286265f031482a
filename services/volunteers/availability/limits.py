"""The rule about how much she takes on: groups at once, weeks between, sessions a month."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    CURRENT_SHIFTS,
    Group,
    GroupSession,
    GroupState,
    Placement,
    PlacementRole,
    SessionState,
    Shift,
    Volunteer,
)
from services import clock
from services.placing.obstacles import Found, Obstacle, Task
from services.volunteers.availability.facts import Wishes, wishes_of

_LONGEST_AGO = timedelta(
    days=2 * 366
)  # further back no wish reaches: a year, for what starts a year ago
_A_MONTH = timedelta(days=31)
Months: TypeAlias = Counter[tuple[int, int]]  # year and month → sessions


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when she is with a group; `shadows` while she only looks on. `days` are those
    she has in the rota of a group she is not placed with; None where she is at every session."""

    group_id: int
    starts_on: date
    ends_on: date
    shadows: bool = False
    days: tuple[date, ...] | None = None


def within_her_limits(db: Session, volunteers: Sequence[Volunteer], task: Task) -> Found:
    """No more groups at once, no sooner after another, and no more sessions than she wishes."""
    numbers = [one.id for one in volunteers]
    wishes, others = wishes_of(db, numbers), _elsewhere(db, numbers, task.group.id)
    wanted = Stretch(
        task.group.id, task.starts_on, task.ends_on, task.role is PlacementRole.SHADOWING
    )
    limited = [number for number in numbers if wishes[number].most_a_month is not None]
    besides = [each for number in limited for each in others[number]]
    sessions = _sessions(db, wanted, besides) if limited else {}
    found: Found = {}
    for number in numbers:
        months = _months(sessions, wanted, others[number])
        against = list(_against(wishes[number], wanted, others[number], months))
        if against:
            found[number] = against
    return found


def _against(
    wishes: Wishes, wanted: Stretch, others: Sequence[Stretch], months: Months
) -> Iterator[Obstacle]:
    if at_once(wanted, others) > wishes.groups_at_once:
        says = (
            f"She would be with more than {_groups(wishes.groups_at_once)} at once. End her other "
            "placement first, or ask her and change it under “Availability”."
        )
        yield Obstacle("groups_at_once", "group", says)
    close = too_close(wanted, others, wishes.weeks_between)
    if close is not None:
        says = (
            f"She wishes {wishes.weeks_between} weeks between groups, and is with another one "
            f"from {_day(close.starts_on)} to {_day(close.ends_on)}. Choose another first day or "
            "group, or ask her and change it under “Availability”."
        )
        yield Obstacle("weeks_between", "starts_on", says)
    most = max(months.values(), default=0)
    if wishes.most_a_month is not None and most > wishes.most_a_month:
        says = (
            f"She would have {most} sessions in one month and wishes {wishes.most_a_month} at "
            "most. Choose another group, or ask her and change it under “Availability”."
        )
        yield Obstacle("most_a_month", "group", says)


def at_once(wanted: Stretch, others: Sequence[Stretch]) -> int:
    """The most groups she would be with on any day of what is wanted, that one included."""
    days = [wanted.starts_on, *(max(one.starts_on, wanted.starts_on) for one in others)]
    here = [day for day in days if wanted.starts_on <= day <= wanted.ends_on]
    return max(
        (
            1 + len({one.group_id for one in others if one.starts_on <= day <= one.ends_on})
            for day in here
        ),
        default=1,
    )


def too_close(wanted: Stretch, others: Sequence[Stretch], weeks: int) -> Stretch | None:
    """Another stretch that ends too shortly before this one, or begins too shortly after it.

    Looking on is no group of her own: it leads up to one, and needs no rest after it.
    """
    apart = timedelta(weeks=weeks)
    if wanted.shadows:
        return None
    for one in others:
        before = one.ends_on < wanted.starts_on < one.ends_on + apart
        after = wanted.ends_on < one.starts_on < wanted.ends_on + apart
        if (before or after) and not one.shadows:
            return one
    return None


def _placements(
    db: Session, numbers: Collection[int], besides: int
) -> defaultdict[int, list[Stretch]]:
    """Where else each is placed, with the groups that take place."""
    ends_on = func.coalesce(Placement.ends_on, Group.ends_on)
    query = (
        select(
            Placement.volunteer_id, Placement.group_id, Placement.starts_on, ends_on, Placement.role
        )
        .join(Group, Group.id == Placement.group_id)
        .where(
            Placement.volunteer_id.in_(numbers),
            Placement.group_id != besides,
            Group.state != GroupState.CANCELLED,
            ends_on >= clock.today() - _LONGEST_AGO,
        )
    )
    found: defaultdict[int, list[Stretch]] = defaultdict(list)
    for number, group, starts_on, until, role in db.execute(query):
        found[number].append(Stretch(group, starts_on, until, role is PlacementRole.SHADOWING))
    return found


def _elsewhere(
    db: Session, numbers: Collection[int], besides: int
) -> defaultdict[int, list[Stretch]]:
    """Where else each is placed, or in the rota."""
    found = _placements(db, numbers, besides)
    days: defaultdict[tuple[int, int], list[date]] = defaultdict(list)
    query = (
        select(Shift.volunteer_id, GroupSession.group_id, GroupSession.starts_at)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(
            Shift.volunteer_id.in_(numbers),
            Shift.state.in_(CURRENT_SHIFTS),
            GroupSession.group_id != besides,
            GroupSession.state != SessionState.CANCELLED,
            GroupSession.starts_at >= clock.start_of_day(clock.today() - _LONGEST_AGO),
        )
    )
    for number, group, at in db.execute(query):
        day = clock.local(at).date()
        if not any(one.group_id == group and _holds(one, day) for one in found[number]):
            days[number, group].append(day)
    for (number, group), hers in days.items():
        found[number].append(Stretch(group, min(hers), max(hers), days=tuple(hers)))
    return found


def _sessions(db: Session, wanted: Stretch, others: Sequence[Stretch]) -> dict[int, list[date]]:
    """The days on which the groups meet in the months of what is wanted."""
    first = wanted.starts_on.replace(day=1)
    query = select(GroupSession.group_id, GroupSession.starts_at).where(
        GroupSession.group_id.in_({wanted.group_id, *(one.group_id for one in others)}),
        GroupSession.state != SessionState.CANCELLED,
        GroupSession.starts_at >= clock.start_of_day(first),
        GroupSession.starts_at < clock.start_of_day(wanted.ends_on + _A_MONTH),
    )
    found: defaultdict[int, list[date]] = defaultdict(list)
    for group, at in db.execute(query):
        found[group].append(clock.local(at).date())
    return found


def _months(
    sessions: Mapping[int, Sequence[date]], wanted: Stretch, others: Sequence[Stretch]
) -> Months:
    """How many sessions she would have in each month in which the wanted group meets."""
    months = Months(_in(wanted, sessions))
    for one in others:
        months.update(month for month in _in(one, sessions) if month in months)
    return months


def _in(stretch: Stretch, sessions: Mapping[int, Sequence[date]]) -> Iterator[tuple[int, int]]:
    days = sessions.get(stretch.group_id, ()) if stretch.days is None else stretch.days
    yield from ((day.year, day.month) for day in days if _holds(stretch, day))


def _holds(stretch: Stretch, day: date) -> bool:
    return stretch.starts_on <= day <= stretch.ends_on


def _groups(count: int) -> str:
    return "one group" if count == 1 else f"{count} groups"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
