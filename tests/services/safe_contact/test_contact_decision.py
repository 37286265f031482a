"""The one decision about contact: no by default, and nothing that is added ever takes away."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Route, RouteAnswer
from services.clock import LONDON
from services.safe_contact import wording
from services.safe_contact.decision import decide, narrows
from services.safe_contact.facts import EVERY_DAY, Plan, Rule, Why

NOW = datetime(2026, 9, 16, 12, 30, tzinfo=UTC)  # a Wednesday, 1:30pm on the wall
TODAY = NOW.date()
PLAN = Plan(confirmed_on=TODAY, holds_days=30, name_to_use="Sarah from the craft group")
YES = Rule(answer=RouteAnswer.YES)
LUNCH = Rule(
    answer=RouteAnswer.ONLY_WHEN, weekdays=frozenset({2}), from_time=time(12), until_time=time(14)
)
CALLS = {Route.CALL: YES}

times = st.none() | st.times(min_value=time(0, 0), max_value=time(23, 59))
instants = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
plans = st.builds(
    Plan,
    confirmed_on=st.none() | st.dates(date(2025, 12, 1), date(2027, 12, 31)),
    holds_days=st.integers(1, 365),
    is_suspended=st.booleans(),
    she_contacts_us=st.booleans(),
)
rules = st.builds(
    Rule,
    answer=st.sampled_from(RouteAnswer),
    has_address=st.booleans(),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    from_time=times,
    until_time=times,
    condition=st.none() | st.just("The children are at school"),
    may_leave_message=st.booleans(),
    may_say_who=st.booleans(),
)
ways = st.fixed_dictionaries(
    {"message": st.booleans(), "says_who": st.booleans(), "checked": st.booleans()}
)


def test_a_route_she_said_is_safe_may_be_used() -> None:
    answer = decide(PLAN, CALLS, Route.CALL, NOW)

    assert (answer.allowed, answer.why, answer.reason) == (True, Why.SAFE, "Safe now.")
    assert answer.name_to_use == "Sarah from the craft group"


@pytest.mark.parametrize("route", list(Route))
def test_every_route_is_a_no_by_default(route: Route) -> None:
    assert decide(PLAN, {}, route, NOW).why is Why.NOT_SAID_SAFE
    assert decide(None, {route: YES}, route, NOW).why is Why.NO_PLAN


def test_a_no_is_a_no_whatever_else_is_kept() -> None:
    said_no = replace(YES, answer=RouteAnswer.NO, may_leave_message=True)

    assert not decide(PLAN, {Route.CALL: said_no}, Route.CALL, NOW, message=True).allowed


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"is_suspended": True}, Why.SUSPENDED),
        ({"confirmed_on": None}, Why.NOT_CONFIRMED),
        ({"confirmed_on": TODAY - timedelta(days=31)}, Why.LAPSED),
        ({"she_contacts_us": True}, Why.SHE_CONTACTS_US),
    ],
)
def test_what_holds_for_every_route_comes_before_any_yes(change: Any, why: Why) -> None:
    assert decide(replace(PLAN, **change), CALLS, Route.CALL, NOW).why is why


def test_a_confirmation_holds_for_thirty_days_and_not_one_more() -> None:
    confirmed = replace(PLAN, confirmed_on=date(2026, 8, 17))

    assert decide(confirmed, CALLS, Route.CALL, NOW).allowed
    lapsed = decide(confirmed, CALLS, Route.CALL, NOW + timedelta(days=1))
    assert not lapsed.allowed
    assert lapsed.reason.endswith("she last confirmed her plan on 17 August 2026.")


def test_the_last_day_ends_at_midnight_on_the_wall() -> None:
    confirmed = replace(PLAN, confirmed_on=date(2026, 8, 17))
    midnight = datetime(2026, 9, 16, 23, tzinfo=UTC)

    assert decide(confirmed, CALLS, Route.CALL, midnight - timedelta(seconds=1)).allowed
    assert decide(confirmed, CALLS, Route.CALL, midnight).why is Why.LAPSED


def test_suspension_is_the_reason_given_even_when_the_plan_has_lapsed() -> None:
    plan = Plan(confirmed_on=None, holds_days=30, is_suspended=True)

    assert decide(plan, CALLS, Route.CALL, NOW).why is Why.SUSPENDED


def test_only_when_means_on_those_days_within_those_hours() -> None:
    def why(day: int, hour: int, minute: int = 0) -> Why:
        at = datetime(2026, 9, day, hour, minute, tzinfo=UTC)
        return decide(PLAN, {Route.TEXT: LUNCH}, Route.TEXT, at).why

    assert why(16, 11) is Why.SAFE  # noon in summer
    assert why(16, 12, 59) is Why.SAFE
    assert why(16, 13) is Why.NOT_NOW  # until two: at two it is over
    assert why(16, 10, 59) is Why.NOT_NOW
    assert why(17, 12) is Why.NOT_NOW


def test_the_reason_says_when_it_is_safe_and_until_when() -> None:
    late = decide(PLAN, {Route.TEXT: LUNCH}, Route.TEXT, NOW + timedelta(hours=3))
    now = decide(PLAN, {Route.TEXT: LUNCH}, Route.TEXT, NOW)

    assert late.reason == "Not now. Safe: Wednesdays, 12pm to 2pm."
    assert now.reason == "Safe now, until 2pm."


@pytest.mark.parametrize(
    ("utc", "allowed"),
    [
        # On 25 October 2026 the clocks go back: half past one comes twice.
        (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), False),
        # On 28 March 2027 they go forward: from one it is two at once.
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), False),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), False),
    ],
)
def test_hours_are_those_of_the_clock_on_the_wall(utc: datetime, allowed: bool) -> None:
    plan = replace(PLAN, confirmed_on=utc.date())
    night = replace(LUNCH, weekdays=EVERY_DAY, from_time=time(1), until_time=time(2))

    assert decide(plan, {Route.CALL: night}, Route.CALL, utc).allowed is allowed


def test_ten_in_the_morning_is_ten_in_summer_and_in_winter() -> None:
    plan = replace(PLAN, holds_days=365)
    ten = replace(LUNCH, weekdays=EVERY_DAY, from_time=time(10), until_time=time(11))
    for utc in (datetime(2026, 10, 24, 9, tzinfo=UTC), datetime(2026, 10, 26, 10, tzinfo=UTC)):
        assert decide(plan, {Route.CALL: ten}, Route.CALL, utc).allowed


def test_a_call_leaves_no_message_unless_she_said_it_may() -> None:
    leaving = {Route.CALL: replace(YES, may_leave_message=True)}

    assert decide(PLAN, CALLS, Route.CALL, NOW, message=True).why is Why.NO_MESSAGE
    assert decide(PLAN, leaving, Route.CALL, NOW, message=True).allowed


def test_what_is_written_is_a_message_by_itself() -> None:
    assert decide(PLAN, {Route.TEXT: YES}, Route.TEXT, NOW, message=True).allowed


def test_who_is_calling_is_said_only_where_she_said_so() -> None:
    saying = {Route.CALL: replace(YES, may_say_who=True)}

    assert decide(PLAN, CALLS, Route.CALL, NOW, says_who=True).why is Why.NOT_SAYING_WHO
    assert decide(PLAN, saying, Route.CALL, NOW, says_who=True).allowed


def test_a_condition_waits_for_somebody_to_find_it_met() -> None:
    school = {Route.CALL: replace(YES, condition="The children are at school")}

    waiting = decide(PLAN, school, Route.CALL, NOW)

    assert (waiting.allowed, waiting.why) == (False, Why.CHECK_FIRST)
    assert waiting.reason == "Only when: The children are at school"
    assert decide(PLAN, school, Route.CALL, NOW, checked=True).allowed


def test_a_yes_without_a_number_leads_nowhere() -> None:
    nowhere = {Route.CALL: replace(YES, has_address=False)}

    assert decide(PLAN, nowhere, Route.CALL, NOW).why is Why.NO_ADDRESS


# --- Whatever is kept --------------------------------------------------------------------


@given(plans, rules, instants, ways)
def test_nothing_is_allowed_when_suspended_unconfirmed_lapsed_or_unasked(
    plan: Plan, rule: Rule, at: datetime, way: Any
) -> None:
    kept = {Route.CALL: rule}
    suspended = replace(plan, is_suspended=True)
    unconfirmed = replace(plan, confirmed_on=None)
    lapsed = replace(plan, confirmed_on=at.date() - timedelta(days=plan.holds_days + 2))

    for held in (suspended, unconfirmed, lapsed, None):
        assert not decide(held, kept, Route.CALL, at, **way).allowed
    assert not decide(plan, kept, Route.TEXT, at, **way).allowed


@given(plans, rules, instants, ways)
def test_nothing_is_allowed_outside_the_hours(
    plan: Plan, rule: Rule, at: datetime, way: Any
) -> None:
    wall = at.astimezone(LONDON)
    begins, ends = rule.from_time or time.min, rule.until_time
    outside = (
        wall.weekday() not in rule.weekdays
        or wall.time() < begins
        or (ends is not None and wall.time() >= ends)
    )

    answer = decide(plan, {Route.CALL: rule}, Route.CALL, at, **way)

    assert not (outside and answer.allowed)
    assert answer.allowed == (answer.why is Why.SAFE)
    assert answer.reason


@given(rules, rules, instants, ways)
def test_a_permission_added_never_takes_one_away(
    less: Rule, more: Rule, at: datetime, way: Any
) -> None:
    if not narrows(more, less):
        return
    plan = replace(PLAN, confirmed_on=at.date(), holds_days=2)

    if decide(plan, {Route.CALL: less}, Route.CALL, at, **way).allowed:
        assert decide(plan, {Route.CALL: more}, Route.CALL, at, **way).allowed


@given(rules, st.data(), instants, ways)
def test_each_thing_added_to_a_rule_leaves_allowed_what_was(
    rule: Rule, data: st.DataObject, at: datetime, way: Any
) -> None:
    added = data.draw(
        st.sampled_from(
            [
                {"answer": RouteAnswer.YES},
                {"has_address": True},
                {"weekdays": rule.weekdays | {0, 3}},
                {"from_time": None},
                {"until_time": None},
                {"condition": None},
                {"may_leave_message": True},
                {"may_say_who": True},
            ]
        )
    )
    plan = replace(PLAN, confirmed_on=at.date(), holds_days=2)
    before = decide(plan, {Route.CALL: rule}, Route.CALL, at, **way).allowed
    after = decide(plan, {Route.CALL: replace(rule, **added)}, Route.CALL, at, **way).allowed

    assert after >= before


@given(plans, rules, instants, ways)
def test_what_is_asked_more_cautiously_is_never_allowed_more(
    plan: Plan, rule: Rule, at: datetime, way: Any
) -> None:
    kept = {Route.CALL: rule}
    bold = decide(plan, kept, Route.CALL, at, **way).allowed
    for more in ({"message": False}, {"says_who": False}, {"checked": True}):
        assert decide(plan, kept, Route.CALL, at, **{**way, **more}).allowed >= bold
    if bold:
        careful = replace(plan, is_suspended=False, she_contacts_us=False)
        assert decide(careful, kept, Route.CALL, at, **way).allowed


@given(rules)
def test_narrowing_is_from_a_rule_to_itself_and_to_no(rule: Rule) -> None:
    assert narrows(rule, rule)
    assert narrows(rule, replace(rule, answer=RouteAnswer.NO))
    assert narrows(None, rule) == (rule.answer is RouteAnswer.NO)


# --- In words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "more", "words"),
    [
        (range(7), {"condition": "He is out"}, "He is out"),
        (range(7), {"from_time": time(12)}, "every day, from 12pm"),
        ([0, 1, 2], {}, "Mondays to Wednesdays"),
        ([5, 6], {}, "Saturdays and Sundays"),
        ([0, 1, 3], {}, "Mondays, Tuesdays and Thursdays"),
        ([2], {"until_time": time(14), "condition": "He is out"},
         "Wednesdays, until 2pm; He is out"),
        ([2], {"from_time": time(12), "until_time": time(14)}, "Wednesdays, 12pm to 2pm"),
    ],
)  # fmt: skip
def test_when_a_route_is_safe_is_said_as_people_say_it(
    days: Iterable[int], more: dict[str, Any], words: str
) -> None:
    said = Rule(answer=RouteAnswer.ONLY_WHEN, weekdays=frozenset(days), **more)

    assert wording.rule(said) == f"only when: {words}"
