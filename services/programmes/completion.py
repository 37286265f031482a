"""When somebody has completed, by which named rule, and whether she still can (domain §1.5).

Funders differ in what they call completed, so several rules may apply at once; each verdict
carries the rule's value, to be kept with whatever figure is published. No database.
"""

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from services.attendance import CODES, ENGAGED_FROM


@dataclass(frozen=True, slots=True)
class Required:
    """What it takes to complete: so many of the sessions, or of a rolling group's topics."""

    needed: int
    of: int
    counts: Literal["sessions", "topics"] = "sessions"

    @classmethod
    def of_topics(cls, topics: int) -> Self:
        """Each topic once, over any number of rounds."""
        return cls(topics, topics, "topics")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one person took part in: her mark or None for each session that was not cancelled, by
    its number; `final` is the number of the last one."""

    codes: Mapping[int, str | None]
    final: int | None

    @property
    def covered(self) -> int:
        """The sessions whose content she has covered, then or later."""
        return sum(CODES[code].covers_content for code in self.codes.values() if code)

    @property
    def attended(self) -> int:
        """The sessions she was at, in the room or online."""
        return sum(CODES[code].attended for code in self.codes.values() if code)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule on one person: how far she has come of what it takes."""

    rule: str
    value: str  # what the rule asks for, as published with a figure that uses it
    reached: int
    needed: int

    @property
    def met(self) -> bool:
        """Whether she has completed by this rule."""
        return self.reached >= self.needed


def share_of_content(taken: Taken, needed: int, offered: int) -> Verdict:
    """The content of so many of the sessions offered, by coming or by catching up."""
    return Verdict("Content covered", f"{needed} of {offered} sessions", taken.covered, needed)


def at_final_session(taken: Taken) -> Verdict:
    """She was at the last session; a catch-up does not count."""
    code = taken.codes.get(taken.final) if taken.final is not None else None
    came = code is not None and CODES[code].attended
    return Verdict("At the final session", "the last session attended", int(came), 1)


def at_least(taken: Taken, sessions: int, rule: str) -> Verdict:
    """She was at so many sessions, whichever they were."""
    return Verdict(rule, f"{sessions} sessions attended", taken.attended, sessions)


class Outlook(enum.Enum):
    """Whether somebody in a running group can still complete."""

    COVERED_ENOUGH = "covered_enough"
    ON_COURSE = "on_course"
    CAN_MISS_NO_MORE = "can_miss_no_more"
    NEEDS_CATCH_UPS = "needs_catch_ups"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Prospect:
    """The outlook, with how many sessions she may still miss or how many catch-ups it takes."""

    outlook: Outlook
    sessions: int = 0


def prospect(covered: int, left: int, missed: int, needed: int) -> Prospect:
    """From the sessions covered, those still to come, those missed, and how many it takes.

    Coming to all that are left may no longer be enough: then it takes catch-ups of those missed,
    and only without enough of these has completing become impossible. Raises ValueError for a
    negative number.
    """
    if min(covered, left, missed, needed) < 0:
        raise ValueError("Numbers of sessions cannot be negative.")
    if covered >= needed:
        return Prospect(Outlook.COVERED_ENOUGH)
    spare = covered + left - needed
    if spare > 0:
        return Prospect(Outlook.ON_COURSE, spare)
    if spare == 0:
        return Prospect(Outlook.CAN_MISS_NO_MORE)
    if -spare <= missed:
        return Prospect(Outlook.NEEDS_CATCH_UPS, -spare)
    return Prospect(Outlook.IMPOSSIBLE, -spare)


@dataclass(frozen=True, slots=True)
class TopicLeft:
    """A topic she has still to cover, and when it comes up next; None if it does not."""

    topic: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class TopicsOutlook:
    """How somebody in a rolling group stands: topics covered over any rounds, and what is left."""

    covered: int
    topics: int
    left: tuple[TopicLeft, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What she has still to cover and does not come up again."""
        return tuple(one.topic for one in self.left if one.next_at is None)

    @property
    def last_at(self) -> datetime | None:
        """When she will have covered everything if she comes each time; None if she will not."""
        times = [one.next_at for one in self.left if one.next_at is not None]
        return max(times) if times and not self.missing else None


def all_topics(found: TopicsOutlook) -> Verdict:
    """Every topic of the programme covered once, in whichever of its groups."""
    return Verdict("Each topic once", f"{found.topics} topics", found.covered, found.topics)


def verdicts(taken: Taken, *, needed: int, topics: TopicsOutlook | None) -> tuple[Verdict, ...]:
    """Every rule that applies: those for a rolling group, where there are topics to cover, or
    those for a series of sessions."""
    engaged = at_least(taken, ENGAGED_FROM, "Engaged")
    if topics is not None:
        return (all_topics(topics), engaged)
    content = share_of_content(taken, needed, len(taken.codes))
    return (content, at_final_session(taken), engaged)


def topics_outlook(
    topics: Sequence[str], covered: Collection[str], coming: Iterable[tuple[str, datetime]]
) -> TopicsOutlook:
    """From a programme's topics, those she has covered, and what is to come where she has a place.

    Topics of extra sessions, which the programme does not have, count neither way.
    """
    first: dict[str, datetime] = {}
    for topic, starts in coming:
        first[topic] = min(starts, first.get(topic, starts))
    left = tuple(TopicLeft(one, first.get(one)) for one in topics if one not in covered)
    return TopicsOutlook(len(topics) - len(left), len(topics), left)
