"""How much of the last weeks a volunteer may be carrying, for the talk with her supervisor.

A sum of what happened over eight weeks, recent weeks counting more: sessions she was at, sessions
in which she heard something hard, and how heavy she says it feels. What each counts, and why,
stands in data/reference/emotional_load.yaml. It speaks of weeks, never of her: it is shown to her
supervisor alone, beside its own parts, is kept nowhere, and no list is ordered by it.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pydantic import Field, model_validator

from services.config import DATA
from services.definitions import Definition, read_definition

FILE = DATA / "reference" / "emotional_load.yaml"
SCALE = range(1, 6)


class Points(Definition):
    """What something counts, and why."""

    points: float = Field(ge=0)
    why: str


class Scale(Definition):
    """What each answer to "how heavy does this feel" counts, and why."""

    points: dict[int, float]
    why: str

    @model_validator(mode="after")
    def _rises(self) -> "Scale":
        counts = [points for _answer, points in sorted(self.points.items())]
        if self.points.keys() != set(SCALE) or counts != sorted(counts):
            raise ValueError("give points from 1 to 5, never fewer for a heavier answer")
        return self


class HalfLife(Definition):
    """After how many weeks something counts half, and why."""

    weeks: float = Field(gt=0)
    why: str


class SheSaid(Definition):
    """The answer that is enough by itself, for how long, and why."""

    heaviness: int = Field(ge=1, le=5)
    weeks: int = Field(ge=1)
    why: str


class Weights(Definition):
    """What the file holds."""

    weeks: int = Field(ge=1, le=26)
    session: Points
    hard_disclosure: Points
    heaviness: Scale
    half_life: HalfLife
    supervision_from: Points
    rest_from: Points
    she_said: SheSaid


class Suggestion(enum.Enum):
    """What her supervisor may suggest."""

    NOTHING = "nothing"
    SUPERVISION = "supervision"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Week:
    """One week, from its first day on: what happened, and what that counts today."""

    begins: date
    sessions: int
    hard: int
    heaviest: int | None  # of her answers in that week
    from_sessions: float
    from_hard: float
    from_answers: float


@dataclass(frozen=True, slots=True)
class Load:
    """The weeks, the earliest first, and what they suggest."""

    weeks: tuple[Week, ...]
    suggestion: Suggestion
    she_said_so: bool  # her own answer alone is reason enough

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of these weeks."""
        return not any(week.sessions or week.heaviest for week in self.weeks)


@cache
def weights() -> Weights:
    """What everything counts, as the file says."""
    return read_definition(FILE, Weights)


def emotional_load(
    today: date,
    sessions: Sequence[tuple[date, bool]],
    answers: Sequence[tuple[date, int]],
    counts: Weights,
) -> Load:
    """The load of the weeks that end today.

    `sessions` are those she was at, each with whether she heard something hard; `answers` are her
    check-ins. What lies before these weeks, or after today, is left out.
    """
    weeks = tuple(
        _week(today, age, sessions, answers, counts) for age in reversed(range(counts.weeks))
    )
    since = today - timedelta(weeks=counts.she_said.weeks)
    said = any(since < on <= today and said >= counts.she_said.heaviness for on, said in answers)
    total = sum(week.from_sessions + week.from_hard + week.from_answers for week in weeks)
    return Load(weeks, _suggestion(total, said, counts), said)


def _suggestion(total: float, she_said_so: bool, counts: Weights) -> Suggestion:
    if total >= counts.rest_from.points:
        return Suggestion.REST
    if she_said_so or total >= counts.supervision_from.points:
        return Suggestion.SUPERVISION
    return Suggestion.NOTHING


def _week(
    today: date,
    age: int,
    sessions: Iterable[tuple[date, bool]],
    answers: Iterable[tuple[date, int]],
    counts: Weights,
) -> Week:
    ends = today - timedelta(weeks=age)
    begins = ends - timedelta(days=6)
    there = [hard for on, hard in sessions if begins <= on <= ends]
    heaviest = max((said for on, said in answers if begins <= on <= ends), default=None)
    fades: float = 0.5 ** (age / counts.half_life.weeks)
    return Week(
        begins=begins,
        sessions=len(there),
        hard=sum(there),
        heaviest=heaviest,
        from_sessions=fades * counts.session.points * len(there),
        from_hard=fades * counts.hard_disclosure.points * sum(there),
        from_answers=fades * (counts.heaviness.points[heaviest] if heaviest else 0),
    )
