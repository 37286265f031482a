"""What an invented group is made from: when it meets, who runs it, who comes from when to when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models import GroupState, PlaceState
from services import clock
from services.programmes.programme_library import ProgrammeTemplate
from services.scheduling import PlannedSession, plan_sessions

NEVER, PATCHY, STEADY = 0.0, 0.48, 0.9  # how often somebody comes, on average
_PATIENCE = 10  # weeks that holidays may push a plan back


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's part in a group, or one family's where parents and children come together."""

    first: int = 1  # the session she joins at
    last: int | None = None  # the last one before she leaves, None for the whole course
    comes: float = STEADY
    gets_worse: bool = False
    measured: bool = False  # fills in every form she is asked for: what charts rest on
    child_alone: bool = False  # where parents come too, and hers cannot
    state: PlaceState | None = None  # for those who never sat; else it follows from the marks

    def is_there(self, number: int) -> bool:
        """Whether she stands on the register of a session."""
        if self.state is not None:
            return False
        return self.first <= number and (self.last is None or number <= self.last)


@dataclass(frozen=True, slots=True)
class Run:
    """One group to be made."""

    programme: ProgrammeTemplate
    code_name: str
    state: GroupState
    sessions: tuple[PlannedSession, ...]
    held: int  # sessions up to this number have taken place
    facilitators: tuple[int, ...]  # by their place in the list of facilitators; the first leads
    capacity: int
    seats: tuple[Seat, ...] = ()
    cancelled: int | None = None  # the session the service had to cancel
    moved: int | None = None  # the session that was put a day later
    unmarked: int = 0  # seats without a mark in the last register, which is not finished
    apologies: tuple[tuple[int, int], ...] = ()  # told us ahead: (seat, session)
    caught_up: tuple[tuple[int, int], ...] = ()  # missed and covered later: (seat, session)
    silent: tuple[tuple[int, int], ...] = ()  # missed without a word: (seat, session)
    takes_all_measures: bool = True
    asks_feedback: bool = True
    is_half: bool = False  # of a pair of linked groups

    @property
    def starts_on(self) -> date:
        """The day of the first session."""
        return self.sessions[0].starts_at.date()

    @property
    def ends_on(self) -> date:
        """The day of the last session."""
        return self.sessions[-1].starts_at.date()

    @property
    def is_over(self) -> bool:
        """Whether every session has taken place."""
        return self.held == len(self.sessions)

    @property
    def with_child(self) -> bool:
        """Whether a seat is for a parent and a child."""
        return self.programme.audience == "parents and children"

    @property
    def people(self) -> int:
        """How many people there are to a seat."""
        return 2 if self.with_child else 1

    @property
    def held_numbers(self) -> list[int]:
        """The sessions that have taken place."""
        return [number for number in range(1, self.held + 1) if number != self.cancelled]

    @property
    def cancelled_numbers(self) -> list[int]:
        """The session that was cancelled, if one was."""
        return [] if self.cancelled is None else [self.cancelled]

    def numbered(self, number: int) -> int:
        """The number a session has once one before it was cancelled: unbroken for those held."""
        return number - int(self.cancelled is not None and number > self.cancelled)

    def met_on(self, number: int) -> date:
        """The day of a session, a day later where it was moved."""
        later = timedelta(days=int(number == self.moved))
        return (self.sessions[number - 1].starts_at + later).date()

    @property
    def marks(self) -> int:
        """How many marks its registers hold."""
        marked = [*self.held_numbers, *self.cancelled_numbers]
        there = [sum(map(seat.is_there, marked)) for seat in self.seats]
        alone = sum(n for n, seat in zip(there, self.seats, strict=True) if seat.child_alone)
        return (sum(there) - self.unmarked + len(self.apologies)) * self.people - alone


@dataclass(frozen=True, slots=True)
class Course:
    """A run with the numbers that its group, its lead and its sessions have got."""

    run: Run
    group: int
    lead: int
    sessions: dict[int, int]  # from a session's number in the group to its own
    to_complete: int
    marked_at: dict[int, str]  # by the session's number in the group, as it is stored

    @property
    def period(self) -> str:
        """The quarter it counts for."""
        return clock.quarter(self.run.starts_on)


def breaks(first: int, last: int) -> list[tuple[date, date]]:
    """The weeks without sessions from one year to another: Christmas and high summer."""
    christmas = [(date(year, 12, 20), date(year + 1, 1, 3)) for year in range(first, last + 1)]
    summer = [(date(year, 8, 1), date(year, 8, 25)) for year in range(first, last + 1)]
    return christmas + summer


def around(
    anchor: date, position: int, programme: ProgrammeTemplate, start: time
) -> tuple[PlannedSession, ...]:
    """Weekly sessions of which the one numbered `position` falls on a given day, come what may."""
    weekday, skip = anchor.weekday(), breaks(anchor.year - 1, anchor.year + 1)

    def planned(first: date, count: int) -> list[PlannedSession]:
        if count == 0:
            return []
        return plan_sessions(first, weekday, start, programme.minutes, count, skip)

    weeks = position - 1 + _PATIENCE
    earlier = [
        session
        for session in planned(anchor - timedelta(weeks=weeks), weeks)
        if session.starts_at.date() < anchor
    ]
    later = planned(anchor + timedelta(weeks=1), programme.sessions - position)
    begins = datetime.combine(anchor, start, clock.LONDON)
    that_day = PlannedSession(position, begins, begins + timedelta(minutes=programme.minutes))
    together = [*earlier[len(earlier) - position + 1 :], that_day, *later]
    return tuple(
        PlannedSession(number, session.starts_at, session.ends_at)
        for number, session in enumerate(together, 1)
    )
