"""Whether a volunteer is ready, in facts against the rules and never in a score (domain §4.2)."""

import enum
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from services.safe_contact.wording import day


class State(enum.Enum):
    """How one rule stands: met, not yet, or nobody knows."""

    MET = "met"
    NOT_YET = "not_yet"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is known of a volunteer's own time here and of her support."""

    was_participant: bool | None = None
    is_linked: bool = False
    in_group_until: date | None = None  # the last day of her own groups, today or later if in one
    is_in_group: bool = False
    has_live_case: bool = False
    has_own_support: bool | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One rule, how it stands, and what to do."""

    rule: str
    state: State
    says: str


_ASK = "Ask her whether she came to a group here herself, and record the answer here."
_LINK = "She was a participant here. Find her record here, so that this can be known."


def facts(history: History, *, on: date, months: int) -> tuple[Fact, ...]:
    """Every rule against what is known, as it stands on a day."""
    return tuple(_facts(history, on, months))


def not_yet(found: Collection[Fact]) -> frozenset[str]:
    """The rules that are known not to be met."""
    return frozenset(fact.rule for fact in found if fact.state is State.NOT_YET)


def _facts(history: History, on: date, months: int) -> Iterator[Fact]:
    for rule, known in (("own_group", _own_group), ("live_case", _live_case)):
        if history.was_participant is False:
            yield Fact(rule, State.MET, "She was no participant here.")
        elif not history.is_linked:
            yield Fact(rule, State.NOT_KNOWN, _LINK if history.was_participant else _ASK)
        else:
            state, says = known(history, on, months)
            yield Fact(rule, state, says)
    yield _support(history.has_own_support)


def _own_group(history: History, on: date, months: int) -> tuple[State, str]:
    if history.is_in_group:
        return State.NOT_YET, (
            f"She has a place in a group now. Wait until it has ended, and {_months(months)} more."
        )
    if history.in_group_until is None:
        return State.MET, "She has had no place in a group here."
    ready = history.in_group_until + relativedelta(months=months)
    ended = f"Her group ended on {day(history.in_group_until)}."
    if ready > on:
        return State.NOT_YET, f"{ended} By the rule she is ready from {day(ready)}."
    return State.MET, ended


def _live_case(history: History, _on: date, _months: int) -> tuple[State, str]:
    if history.has_live_case:
        return State.NOT_YET, (
            "A referral or plan of her own is open. Talk with her about when the time is right."
        )
    return State.MET, "No referral and no plan of her own is open."


def _support(has_it: bool | None) -> Fact:
    if has_it is None:
        says = "Ask her what support of her own she has outside the role."
        return Fact("own_support", State.NOT_KNOWN, says)
    if has_it:
        return Fact("own_support", State.MET, "She has support of her own outside the role.")
    says = "She has no support of her own yet. Help her find some before she begins."
    return Fact("own_support", State.NOT_YET, says)


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"
