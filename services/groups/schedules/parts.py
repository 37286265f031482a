"""What a group's schedule consists of, and the ways to change it; the clock on the wall counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

from services.scheduling import Break

NEW = ""  # the reference of a session that is still to be made


class Standing(StrEnum):
    """Whether a session is still to be held, was held, or will not be."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Shape(StrEnum):
    """How parents and children meet in one session of a pair of groups."""

    TOGETHER = "together"
    APART = "apart"
    IN_TURNS = "in_turns"  # together, then apart, and together again


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a group meets as a rule; weeks are counted from the week of `first`."""

    first: date
    weekdays: tuple[int, ...]
    start: time
    minutes: int
    interval_weeks: int = 1
    region: str = "England"
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session as the schedule shows it; `starts` is the clock on the wall."""

    ref: str
    number: int
    topic: str
    starts: datetime
    minutes: int
    state: Standing = Standing.PLANNED
    moved_from: datetime | None = None
    room: str | None = None
    reason: str | None = None
    shape: Shape | None = None  # in a pair of groups alone

    @property
    def ends(self) -> datetime:
        """When it ends by the clock on the wall."""
        return self.starts + timedelta(minutes=self.minutes)

    @property
    def takes_place(self) -> bool:
        """Whether it was held or is still to be."""
        return self.state is not Standing.CANCELLED

    @property
    def is_planned(self) -> bool:
        """Whether it is still to be held, and so may be changed."""
        return self.state is Standing.PLANNED

    def overlaps(self, other: "Meeting") -> bool:
        """Whether the two are on at the same time."""
        return self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True, slots=True)
class Schedule:
    """A group's sessions in order of time, the rhythm they follow, and the room they meet in."""

    meetings: tuple[Meeting, ...]
    rhythm: Rhythm
    room: str | None = None
    round: tuple[str, ...] = ()  # the topics that come round again; none where it ends with them

    @property
    def live(self) -> tuple[Meeting, ...]:
        """The sessions that were held or are still to be."""
        return tuple(one for one in self.meetings if one.takes_place)


@dataclass(frozen=True, slots=True)
class Move:
    """One session to another day or time; the others stay as they are."""

    ref: str
    starts: datetime


@dataclass(frozen=True, slots=True)
class MoveAll:
    """A session and all to come to other weekdays or another time, from a first day on."""

    ref: str
    first: date
    weekdays: tuple[int, ...]
    start: time


@dataclass(frozen=True, slots=True)
class Cancel:
    """One session does not take place; the series keeps its length, or loses a session."""

    ref: str
    reason: str
    keeps_length: bool


@dataclass(frozen=True, slots=True)
class Add:
    """A session more than the programme has."""

    starts: datetime
    minutes: int
    topic: str


@dataclass(frozen=True, slots=True)
class AddRound:
    """All topics of a rolling or open group once more, after the last session there is."""


@dataclass(frozen=True, slots=True)
class Swap:
    """Two sessions change topics."""

    ref: str
    other: str


@dataclass(frozen=True, slots=True)
class PutBreak:
    """Days without sessions, decided later: what fell into them comes at the end instead."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ChangeRoom:
    """Another room for one session, or with no session named for all that are still planned."""

    room: str | None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Restore:
    """A session that was cancelled takes place after all; the last one goes, or one is more."""

    ref: str
    drops_last: bool


@dataclass(frozen=True, slots=True)
class Reshape:
    """One session of a pair of groups together, apart, or one after the other."""

    ref: str
    shape: Shape


Change: TypeAlias = (
    Move | MoveAll | Cancel | Add | AddRound | Swap | PutBreak | ChangeRoom | Restore | Reshape
)


@dataclass(frozen=True, slots=True)
class Line:
    """One session before and after a change; `before` is None for one that is added."""

    before: Meeting | None
    after: Meeting


def rhythm_told_by(meetings: Sequence[Meeting]) -> Rhythm:
    """The rhythm of a group that has none written down, as its own sessions show it."""
    usual = [one for one in meetings if one.moved_from is None] or list(meetings)
    days = sorted({one.starts.date() for one in usual})
    mondays = sorted({day - timedelta(day.weekday()) for day in days})
    apart = min((later - earlier for earlier, later in pairwise(mondays)), default=timedelta(7))
    return Rhythm(
        first=days[0],
        weekdays=tuple(sorted({day.weekday() for day in days})),
        start=usual[0].starts.time(),
        minutes=usual[0].minutes,
        interval_weeks=max(1, apart.days // 7),
    )
