"""What is known about reaching one person, and what may follow from it: plain values."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TypeAlias

from models import Route, RouteAnswer

EVERY_DAY = frozenset(range(7))  # Monday is 0
# A number kept for calls serves these too, unless they have one of their own.
BY_PHONE = (Route.TEXT, Route.VOICEMAIL, Route.WHATSAPP)
# What goes by these is a message by itself; elsewhere leaving one is a question of its own.
WRITTEN = (Route.TEXT, Route.VOICEMAIL, Route.WHATSAPP, Route.EMAIL, Route.POST)


class Why(enum.Enum):
    """What decided, the gravest first; each but the last is a no."""

    SUSPENDED = "suspended"
    NO_PLAN = "no_plan"
    NOT_CONFIRMED = "not_confirmed"
    LAPSED = "lapsed"
    SHE_CONTACTS_US = "she_contacts_us"
    NOT_SAID_SAFE = "not_said_safe"
    NO_ADDRESS = "no_address"
    NOT_NOW = "not_now"
    NO_MESSAGE = "no_message"
    NOT_SAYING_WHO = "not_saying_who"
    CHECK_FIRST = "check_first"
    SAFE = "safe"


# These hold for every route alike.
FOR_ALL_ROUTES = (
    Why.SUSPENDED,
    Why.NO_PLAN,
    Why.NOT_CONFIRMED,
    Why.LAPSED,
    Why.SHE_CONTACTS_US,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was agreed with her that holds for every route; `holds_days` is the service's rule."""

    confirmed_on: date | None
    holds_days: int
    is_suspended: bool = False
    she_contacts_us: bool = False
    name_to_use: str | None = None
    withhold_number: bool = True
    has_code_word: bool = False

    @property
    def last_day(self) -> date | None:
        """The last day on which the confirmation still counts."""
        if self.confirmed_on is None:
            return None
        return self.confirmed_on + timedelta(days=self.holds_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What she said about one route. Times are those of a clock on the wall in London."""

    answer: RouteAnswer
    has_address: bool = True
    weekdays: frozenset[int] = EVERY_DAY
    from_time: time | None = None
    until_time: time | None = None
    condition: str | None = None
    may_leave_message: bool = False
    may_say_who: bool = False


Rules: TypeAlias = Mapping[Route, Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether a route may be used at a moment, why, and how to go about it if so."""

    route: Route
    allowed: bool
    why: Why
    reason: str
    until: time | None = None  # when today's safe time ends
    condition: str | None = None
    name_to_use: str | None = None
    may_leave_message: bool = False
    may_say_who: bool = False
    withhold_number: bool = True
    has_code_word: bool = False
