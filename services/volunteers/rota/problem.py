"""A rota to be filled, as numbers and words without a database: who, when, and what may not be.

The rules it is filled by are named here, once. The solver (solve.py) and the checker
(check.py) each know them for themselves, so that neither can hide a fault of the
other.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


class Rule(enum.StrEnum):
    """What may stand between a volunteer and a session. Further ones come from eligibility."""

    NEED = "need"  # the session does not need it, or has it already
    BUSY = "busy"  # she is elsewhere at that time
    ROLE = "role"  # not among what she does
    AWAY = "away"  # not one of her hours
    MONTH = "month"  # as many sessions a month as she wishes
    GROUPS = "groups"  # as many groups at once as she may have, or too soon after one
    ALONE = "alone"  # this is never done by one person alone
    NEW = "new"  # nobody seasoned beside her
    CONFLICT = "conflict"  # the group is not the right one; nobody is told why
    WEIGH = "weigh"  # a coordinator is to weigh it first
    FIXED = "fixed"  # somebody who said yes would be put out


@dataclass(frozen=True, slots=True)
class Need:
    """A role of a session: how many, and how few are still enough (2: nobody does it alone)."""

    role: str
    count: int
    least: int = 1


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session of a group, with what it needs."""

    number: int
    group: int
    starts_at: datetime
    ends_at: datetime
    day: date
    needs: tuple[Need, ...]

    @property
    def month(self) -> tuple[int, int]:
        """The month it counts for."""
        return self.day.year, self.day.month


@dataclass(frozen=True, slots=True)
class Helper:
    """A volunteer: what she does, when she is free, and how much she takes on."""

    number: int
    roles: frozenset[str]
    free_for: frozenset[int]  # the numbers of meetings
    a_month: int | None = None
    groups_at_once: int = 1
    weeks_between: int = 4
    is_new: bool = False
    wishes: frozenset[str] = frozenset()  # the roles she would like best
    speaks_for: frozenset[int] = frozenset()  # groups in which somebody speaks a language of hers

    @property
    def pause(self) -> timedelta:
        """How long a group goes on counting after its last day, that day included."""
        return timedelta(days=max(1, 7 * self.weeks_between))


@dataclass(frozen=True, slots=True, order=True)
class Stint:
    """One volunteer at one meeting in one role."""

    meeting: int
    role: str
    helper: int


@dataclass(frozen=True, slots=True)
class Commitment:
    """A group a volunteer has taken on already, from which day to which."""

    helper: int
    group: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything there is to know before a rota is filled.

    `terms` are the first and last day of each group, `ruled_out` says by which rule a volunteer
    may not do a role with a group, and `fixed` are those who have been asked or have said yes. What
    volunteers do elsewhere in that time is among the meetings too, as fixed, with no need.
    """

    helpers: tuple[Helper, ...]
    meetings: tuple[Meeting, ...]
    terms: Mapping[int, tuple[date, date]]
    ruled_out: Mapping[tuple[int, int, str], str] = field(default_factory=dict)
    fixed: frozenset[Stint] = frozenset()
    commitments: tuple[Commitment, ...] = ()
