"""The rules that say whether a session is safe to run."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.groups.safe_to_run.verdict import Adult, Light, Plan, Verdict, adults_needed, judge

DAY = date(2026, 10, 1)
TODAY = date(2026, 9, 16)
LATER, BEFORE = DAY + timedelta(days=90), DAY - timedelta(days=1)


def mina(**more: object) -> Adult:
    """A facilitator with everything in date."""
    known = {"name": "Mina", "is_facilitator": True, "trained_until": LATER, "checked_until": LATER}
    return Adult(**{**known, **more})  # type: ignore[arg-type]


def maya(**more: object) -> Adult:
    """A volunteer with everything in date."""
    return Adult(**{"name": "Maya", "is_facilitator": False, "checked_until": LATER, **more})  # type: ignore[arg-type]


def of(*adults: Adult, **more: object) -> Verdict:
    return judge(Plan(**{"day": DAY, "today": TODAY, "adults": adults, **more}))  # type: ignore[arg-type]


def rules(found: Verdict) -> list[tuple[str, Light]]:
    return [(one.rule, one.light) for one in found.findings]


def test_two_adults_with_a_trained_facilitator_in_a_room_are_safe() -> None:
    found = of(mina(), maya())

    assert (found.light, found.adults, found.needed, found.findings) == (Light.GREEN, 2, 2, ())


@pytest.mark.parametrize(
    ("ages", "needed"),
    [
        ((), 2),
        ((1,) * 6, 2),
        ((1,) * 7, 3),
        ((2, 3) * 6, 3),
        ((4,) * 12, 2),
        ((4,) * 13, 3),
        ((8,) * 18, 3),
        ((9,) * 24, 3),
        ((12,) * 25, 4),
        ((13,) * 30, 3),
        ((1, 1, 1, 8, 8, 8, 8, 8, 8), 2),
        ((1, 1, 1, 8, 8, 8, 8, 8, 8, 15), 3),
    ],
)
def test_how_many_adults_children_need_follows_from_their_ages(
    ages: tuple[int, ...], needed: int
) -> None:
    assert adults_needed(ages) == needed


def test_a_programme_may_ask_for_more_adults_than_the_ages_do() -> None:
    assert adults_needed((13,) * 10, staff=4) == 4
    assert adults_needed((13,) * 13, children_per_adult=4) == 4


def test_too_few_adults_are_red_and_the_sentence_counts_them() -> None:
    found = of(mina(), ages=(5,) * 8, with_children=True)

    assert rules(found) == [("ratio", Light.RED)]
    assert found.findings[0].says == "1 adult counts of the 2 needed for 8 children of these ages."


def test_a_volunteer_in_induction_is_not_counted_and_is_no_fault() -> None:
    found = of(mina(), mina(name="Joss"), maya(in_induction=True, checked_until=None),
               with_children=True)  # fmt: skip

    assert (found.adults, found.findings) == (2, ())


@pytest.mark.parametrize(
    ("adult", "rule"),
    [
        (maya(is_away=True), "away"),
        (maya(obstacles=("Her supervision is overdue.",)), "volunteer"),
        (maya(checked_until=None), "check"),
        (maya(checked_until=BEFORE), "check"),
    ],
)
def test_who_does_not_count_is_named_with_the_reason(adult: Adult, rule: str) -> None:
    enough = of(mina(), mina(name="Joss"), adult, with_children=True)
    too_few = of(mina(), adult, with_children=True)

    assert rules(enough) == [(rule, Light.AMBER)]
    assert rules(too_few) == [("ratio", Light.RED), (rule, Light.AMBER)]
    assert "Maya" in enough.findings[0].says + enough.findings[0].next_step


def test_a_check_for_work_with_children_is_asked_only_where_there_are_children() -> None:
    assert of(mina(checked_until=None), maya(checked_until=None)).light is Light.GREEN


def test_training_on_the_last_day_still_holds_and_the_day_after_no_more() -> None:
    assert of(mina(trained_until=DAY), maya()).light is Light.GREEN
    assert rules(of(mina(trained_until=BEFORE), maya())) == [("training", Light.RED)]


def test_training_nobody_wrote_down_is_something_to_settle() -> None:
    assert rules(of(mina(trained_until=None), maya())) == [("training", Light.AMBER)]


def test_without_a_facilitator_it_cannot_run() -> None:
    found = of(mina(is_away=True), maya(), maya(name="Ines"))

    assert ("facilitator", Light.RED) in rules(found)


@pytest.mark.parametrize(("days", "light"), [(0, Light.RED), (2, Light.RED), (3, Light.AMBER)])
def test_a_session_without_a_place_becomes_red_as_it_comes_near(days: int, light: Light) -> None:
    found = of(mina(), maya(), has_place=False, today=DAY - timedelta(days=days))

    assert rules(found) == [("room", light)]


# --- Whatever is known -----------------------------------------------------------------------

_days = st.none() | st.sampled_from([BEFORE, DAY, LATER])
_adults = st.builds(
    Adult,
    name=st.sampled_from(["Mina", "Maya", "Joss"]),
    is_facilitator=st.booleans(),
    in_induction=st.booleans(),
    is_away=st.booleans(),
    trained_until=_days,
    checked_until=_days,
    obstacles=st.sampled_from([(), ("Something stands against it.",)]),
)
_plans = st.builds(
    Plan,
    day=st.just(DAY),
    today=st.sampled_from([TODAY, DAY]),
    adults=st.lists(_adults, max_size=5).map(tuple),
    ages=st.lists(st.integers(0, 17), max_size=20).map(tuple),
    staff=st.integers(2, 4),
    children_per_adult=st.none() | st.integers(1, 8),
    has_place=st.booleans(),
    with_children=st.booleans(),
)


@given(plan=_plans)
def test_one_more_adult_with_everything_in_date_never_makes_it_worse(plan: Plan) -> None:
    more = replace(plan, adults=(*plan.adults, mina(name="Ada")))

    assert judge(more).light <= judge(plan).light


@given(plan=_plans, age=st.integers(0, 17))
def test_one_more_child_never_makes_it_better(plan: Plan, age: int) -> None:
    more = replace(plan, ages=(*plan.ages, age))

    assert judge(more).light >= judge(plan).light


@given(plan=_plans)
def test_green_means_nothing_was_found_and_enough_adults_count(plan: Plan) -> None:
    found = judge(plan)

    assert (found.light is Light.GREEN) == (found.findings == ())
    assert found.light is Light.RED or found.adults >= max(2, found.needed)
