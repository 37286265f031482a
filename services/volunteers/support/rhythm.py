"""When support is due, and when it is overdue: rules on days, without a database (domain §4.2)."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from services import clock

# A check-in sooner than this after a start says little about how the start went.
_SETTLED = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often support is due; each is a setting."""

    first_weeks: int = 2  # between supervision meetings in her first months
    first_months: int = 3
    then_months: int = 1
    reflective_weeks: int = 6  # a group every four to six weeks is due after six
    first_review_months: int = 3
    review_months: int = 6
    after_start_days: int = 14  # a check-in after she begins with a group
    after_hard_days: int = 2  # and after a session in which she heard something hard
    red_after_days: int = 14


class Kind(enum.Enum):
    """What can be due, in order of harm if it is missed."""

    CHECK_IN = "check_in"
    SUPERVISOR = "supervisor"
    SUPERVISION = "supervision"
    REFLECTIVE_GROUP = "reflective_group"
    REVIEW = "review"


class State(enum.Enum):
    """How a due day stands to today: to come, due, or overdue for so long that it stops
    new placements, and nothing else."""

    AHEAD = "ahead"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing she is owed, and from which day on."""

    kind: Kind
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the days are reckoned from: since when she shadows or is active, and what there was."""

    since: date
    is_active: bool = True
    has_supervisor: bool = False
    supervision_on: date | None = None
    reflective_on: date | None = None
    review_on: date | None = None
    starts: tuple[date, ...] = ()  # her first days with the groups she is with
    hard: tuple[datetime, ...] = ()  # when sessions began in which she heard something hard
    checked_in_at: datetime | None = None


def owed(rhythm: Rhythm, facts: Facts) -> tuple[Owed, ...]:
    """What is due next of each kind, the one with most harm first."""
    found = []
    asked = check_in_due(rhythm, facts.starts, facts.hard, facts.checked_in_at)
    if asked is not None:
        found.append(Owed(Kind.CHECK_IN, asked))
    # Also while she shadows: what she hears there is for somebody to ask about.
    if not facts.has_supervisor:
        found.append(Owed(Kind.SUPERVISOR, facts.since))
    if not facts.is_active:
        return tuple(found)
    since = facts.since
    reflected = _later(since, facts.reflective_on) + timedelta(weeks=rhythm.reflective_weeks)
    return (
        *found,
        Owed(Kind.SUPERVISION, supervision_due(rhythm, since, facts.supervision_on)),
        Owed(Kind.REFLECTIVE_GROUP, reflected),
        Owed(Kind.REVIEW, review_due(rhythm, since, facts.review_on)),
    )


def supervision_due(rhythm: Rhythm, active_since: date, last: date | None) -> date:
    """Close together in her first months, further apart after them; counted from the last one."""
    begins = _later(active_since, last)
    if begins < active_since + relativedelta(months=rhythm.first_months):
        return begins + timedelta(weeks=rhythm.first_weeks)
    return begins + relativedelta(months=rhythm.then_months)


def review_due(rhythm: Rhythm, active_since: date, last: date | None) -> date:
    """Once early on, then at a steady distance."""
    if last is None or last < active_since:
        return active_since + relativedelta(months=rhythm.first_review_months)
    return last + relativedelta(months=rhythm.review_months)


def check_in_due(
    rhythm: Rhythm, starts: Collection[date], hard: Collection[datetime], last: datetime | None
) -> date | None:
    """The earliest day on which somebody should have asked how she is; None while nobody need.

    A start is settled by asking a week later or after that, a hard session by asking since.
    """
    asked_on = clock.local(last).date() if last else None
    due = [
        start + timedelta(days=rhythm.after_start_days)
        for start in starts
        if asked_on is None or asked_on < start + _SETTLED
    ]
    due += [
        clock.local(at).date() + timedelta(days=rhythm.after_hard_days)
        for at in hard
        if last is None or last < at
    ]
    return min(due, default=None)


def state(one: Owed, rhythm: Rhythm, today: date) -> State:
    """Amber from the day it is due, red once that is longer ago than the days allowed."""
    if today < one.due_on:
        return State.AHEAD
    late = today - one.due_on > timedelta(days=rhythm.red_after_days)
    return State.RED if late else State.AMBER


def harm(one: Owed, stands: State) -> tuple[int, int, date]:
    """What to sort by, for the worst first: red, then due, then by what it is and how long."""
    return -list(State).index(stands), list(Kind).index(one.kind), one.due_on


def _later(active_since: date, last: date | None) -> date:
    return active_since if last is None else max(active_since, last)
