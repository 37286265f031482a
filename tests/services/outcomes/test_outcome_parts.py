"""Everybody's start and end, weeks, sessions, cut-offs, versions and referrals behind outcomes."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import MeasureForm, Point, Respondent
from services.errors import InvalidInputError, NotPermittedError
from services.measures import measures
from services.measures.measure_library import measure
from services.measures.measures import MeasureDraft
from services.outcomes import (
    outcome_dose,
    outcome_growth,
    outcome_pairs,
    outcome_together,
    outcomes,
)
from services.outcomes.outcome_dose import FEW as FEW_DOSES
from services.outcomes.outcome_growth import FEW as FEW_PEOPLE
from services.outcomes.verdicts_together import reads
from services.permissions import Actor
from services.tallies import recount, tallies
from services.tallies.quarters import days_of, in_words, quarters_of
from services.tallies.tallies import Cell, Kind
from tests.conftest import NOW, Statements
from tests.make import make_group, make_person, make_place, make_referral
from tests.services.outcomes.forms import KEY, form, keep, pair
from tests.services.outcomes.pairs import keep_places

# --- Everybody's start and end, and the cut-off ------------------------------------------


@given(pairs=st.lists(st.tuples(st.integers(0, 2700), st.integers(0, 2700)), max_size=60))
def test_lines_and_bars_hold_everybody_once(pairs: list[tuple[int, int]]) -> None:
    rows = [(before, after, 1) for before, after in pairs]

    lines = outcome_pairs.paths(rows, measure("phq9"))
    bars = outcome_pairs.before_after(rows, measure("phq9"))

    assert lines["people"].sum() == len(pairs)
    for when in ("Start", "End") if pairs else ():
        assert bars[bars["when"] == when]["people"].sum() == len(pairs)


def test_many_different_scores_are_drawn_as_few_lines() -> None:
    rows = [(a * 10, b * 10, 2) for a in range(271) for b in range(0, 271, 4)]

    lines = outcome_pairs.paths(rows, measure("phq9"))

    assert len(lines) <= 3 * 21**2
    assert lines["people"].sum() == sum(people for _, _, people in rows)
    assert set(lines["points"]) == {6}


def test_those_in_the_clinical_range_are_counted_before_and_after(
    db: Session, leila: Actor
) -> None:
    # PHQ-9 from 10 on. Out with 6 points: two; out with 1: one; in: one; stayed in and out.
    ways = [(16, 9), (15, 9), (10, 9), (8, 12), (20, 19), (3, 2)]
    keep(db, *[pair(*way, key="phq9") for way in ways])

    found = outcomes.report(db, leila, "phq9:self").crossing

    assert found is not None
    assert (found.before.count, found.after.count, found.out, found.into) == (4, 2, 3, 1)
    assert found.p == pytest.approx(0.625)
    assert found.recovered is not None
    assert (found.recovered.count, found.recovered.of) == (2, 4)
    assert "At 10 or above" in found.words
    assert "exact McNemar p 0.625" in found.words


@pytest.mark.parametrize(("score", "is_in"), [(31.9, True), (32, False)])
def test_a_cut_off_read_below_is_not_in_the_range_itself(score: float, is_in: bool) -> None:
    line = measure("ors").cutoffs[0].model_copy(update={"value": 32})

    assert outcome_pairs._is_in(score, line) == is_in


def test_a_cut_off_that_holds_at_some_ages_only_is_not_counted(db: Session, leila: Actor) -> None:
    keep(db, *[pair(20, 30, key="ors")] * 3)

    assert outcomes.report(db, leila, "ors:self").crossing is None


def test_few_people_are_counted_by_signed_ranks(db: Session, leila: Actor) -> None:
    keep(db, *[pair(15, 5), pair(14, 8), pair(9, 9), pair(5, 6), pair(3, 3)])

    assert outcomes.report(db, leila, KEY).ranks == (
        "Of 5, 2 scored better at the end, 1 worse and 2 the same "
        "(Wilcoxon signed ranks, exact p 0.500)."
    )
    keep(db, *[pair(15, 5)] * 16)
    assert outcomes.report(db, leila, KEY).ranks == ""


def test_effect_sizes_are_named(db: Session, leila: Actor) -> None:
    keep(db, *[pair(15, 15 - fall) for fall in range(1, 11)])

    change = outcomes.report(db, leila, KEY).change

    assert change is not None
    assert "d_av with Hedges’ correction" in change.effect_words
    assert "exact 95% interval" in change.effect_words


# --- Over the weeks ----------------------------------------------------------------------


def test_a_curve_takes_in_everybody_with_a_form(db: Session, leila: Actor) -> None:
    people = [
        [form(total=16 - n % 5), form(Point.MIDDLE, 13 - n % 4, week=6)]
        + ([form(Point.END, 9 + n % 6, week=12)] if n % 3 else [])
        for n in range(24)
    ]
    keep(db, *people)

    found = outcome_growth.growth(db, leila, KEY)

    assert found.model is not None
    assert (found.model.people, found.model.scores) == (24, 64)
    assert found.model.slope < 0
    line, seen = (found.curve[found.curve["kind"] == kind] for kind in ("line", "seen"))
    assert line["week"].max() == 12
    assert (line["low"] < line["score"]).all()
    assert seen["people"].tolist() == [24, 24, 16]
    assert seen["score"].iloc[0] == pytest.approx(sum(16 - n % 5 for n in range(24)) / 24)
    assert "24 people, 64 forms" in found.words


def test_no_mean_stands_beyond_the_end_of_the_line(db: Session, leila: Actor) -> None:
    """Nine forms of week 16 are too few by themselves, and count in the last mean."""
    keep(
        db,
        *[[form(total=12 + n % 5), form(Point.END, 9 + n % 3, week=9 if n < 9 else 16)]
          for n in range(18)],
        *[[form(total=10)], [form(total=11)]],
    )  # fmt: skip

    curve = outcome_growth.growth(db, leila, KEY).curve

    ends = curve.groupby("kind")["week"].max()
    assert ends["line"] == ends["seen"] == 12.5


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([], FEW_PEOPLE),
        ([[form()]], FEW_PEOPLE),
        ([[form()]] * 30, "at least two weeks"),
        ([pair(10, 10)] * 30, "parallel lines"),
        ([pair(10, 5)] * 19, FEW_PEOPLE),
        ([[form()]] * 30 + [pair(10, 5), pair(9, 1)] * 2, "it would draw what a few of them"),
    ],
)
def test_where_no_curve_can_be_had_the_reason_is_said(
    db: Session, leila: Actor, people: list[list[MeasureForm]], said: str
) -> None:
    keep(db, *people)

    found = outcome_growth.growth(db, leila, KEY)

    assert found.curve.empty
    assert said in found.words


# --- Sessions and topics -----------------------------------------------------------------


def test_change_is_set_against_sessions_and_topics(db: Session, leila: Actor) -> None:
    for sessions in range(2, 14):
        keep(db, pair(18, 18 - sessions), attended=sessions, covered=sessions + 1)

    attended, covered = outcome_dose.doses(db, leila, KEY)

    assert attended.line is not None
    assert attended.line.slope == pytest.approx(1)
    assert "n = 12" in attended.words
    assert (attended.title, covered.title) == ("Sessions attended", "Topics covered")
    assert covered.line is not None
    assert covered.line.middle == pytest.approx(attended.line.middle + 1)


def test_changes_exactly_on_a_line_have_no_interval_that_would_look_sure(
    db: Session, leila: Actor
) -> None:
    for sessions in range(2, 14):
        keep(db, pair(18, 18 - sessions), attended=sessions, covered=sessions + sessions % 3)

    attended, covered = outcome_dose.doses(db, leila, KEY)

    assert "nothing says how far chance reaches" in attended.words
    assert "95% interval" not in attended.words
    assert "95% interval" in covered.words


@pytest.mark.parametrize(
    ("people", "said"), [(0, FEW_DOSES), (9, FEW_DOSES), (10, "Everybody had the same number")]
)
def test_where_no_line_can_be_had_the_reason_is_said(
    db: Session, leila: Actor, people: int, said: str
) -> None:
    keep(db, *[pair(10, 5)] * people)

    for one in outcome_dose.doses(db, leila, KEY):
        assert one.curve.empty
        assert said in one.words


def test_those_without_an_end_form_are_compared_by_their_sessions(
    db: Session, leila: Actor
) -> None:
    keep(db, *[pair(10, 5)] * 10, attended=9)
    keep(db, *[[form(total=16)]] * 10, attended=3)

    missing = outcomes.report(db, leila, KEY).missing

    assert missing is not None
    assert "came to 3.0 sessions on average, those with both forms to 9.0" in missing.words


def test_those_without_an_end_form_are_compared_by_age(db: Session, leila: Actor) -> None:
    older, younger, unknown = form(total=9), form(total=9), form(total=9)
    older.age_from, younger.age_from = 35, 18
    keep(db, [older], [younger, form(Point.END, 4, week=12)], [younger], [unknown])

    missing = outcomes.report(db, leila, KEY).missing

    assert missing is not None
    assert missing.ages.to_numpy().tolist() == [
        ["18-24", 1, 1],
        ["35-44", 0, 1],
        ["Not known", 0, 1],
    ]


def test_the_age_is_that_of_the_day_the_form_was_taken(
    db: Session, amina: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben])
    young = make_person(db, amina, date_of_birth=NOW.date() - timedelta(days=365 * 18 + 40))
    place = make_place(db, amina, group, young)
    draft = MeasureDraft(
        measure="swemwbs",
        respondent=Respondent.SELF,
        point=Point.START,
        taken_on=NOW.date() - timedelta(days=60),
        paper_total=17,
    )
    measures.record(db, ben, place.ref, draft)

    assert db.scalars(select(MeasureForm.age_from)).all() == [16]
    assert recount.differences(db) == []


# --- Measures read together --------------------------------------------------------------


def test_phq9_and_gad7_are_read_together(db: Session, leila: Actor) -> None:
    for mood, worry in [((15, 9), (14, 7)), ((15, 9), (9, 13)), ((3, 2), (2, 2)), ((8, 4), (9, 9))]:
        keep(db, [*pair(*mood, key="phq9"), *pair(*worry)])

    (found,) = outcome_together.together(db, leila)

    assert found.verdicts["people"].tolist() == [1, 3, 0]
    assert (found.recovered.count, found.recovered.of) == (1, 3)
    assert (found.reliably_recovered.count, found.people) == (1, 4)
    assert "1 of 3" in found.recovery


def test_one_of_the_two_alone_gives_no_verdict(db: Session, leila: Actor) -> None:
    keep(db, pair(15, 5))

    assert outcome_together.together(db, leila) == ()
    assert reads(11) == ("improved", True)


# --- From referral to place, and periods -------------------------------------------------


def test_the_way_begins_with_being_referred(db: Session, amina: Actor, leila: Actor) -> None:
    for name in "AB":
        make_referral(db, amina, make_person(db, amina, f"{name}da"))
    keep_places(db, enrolled=1, started=1)

    whole = outcomes.report(db, leila, KEY).flow.set_index("step")
    part = outcomes.report(db, leila, KEY, programme="steps_forward")

    assert whole.loc["Referred", "people"] == 2
    assert whole.loc["Spoken with", "lost"] == "2 on the way still"
    assert "Referred" not in set(part.flow["step"])
    assert outcomes.ONE_PROGRAMME in part.notes


def test_a_period_takes_the_groups_that_began_in_it(db: Session, leila: Actor) -> None:
    for quarter, people in (("2025-Q4", 1), ("2026-Q1", 2), ("2026-Q3", 3)):
        keep(db, *[pair(15, 5)] * people, period=quarter)
        tallies.add(db, Counter({Cell(Kind.PLACE, "open_door", quarter, "enrolled"): people}))

    assert outcomes.report(db, leila, KEY).pairs == 6
    assert outcomes.report(db, leila, KEY, period="2026").pairs == 5
    assert outcomes.report(db, leila, KEY, period="2026-Q1").pairs == 2
    assert outcomes.report(db, leila, KEY, period="1999").pairs == 0
    assert list(outcomes.periods(db, leila)) == ["2026", "2026-Q3", "2026-Q1", "2025", "2025-Q4"]


def test_periods_are_quarters_and_years_alone() -> None:
    assert in_words("2026-Q3") == "July to September 2026"
    assert days_of("2026-Q4") == (date(2026, 10, 1), date(2027, 1, 1))
    assert days_of("2026") == (date(2026, 1, 1), date(2027, 1, 1))
    assert quarters_of("2026")[-1] == "2026-Q4"
    for wrong in ("", "2026-Q5", "2026-10", "0000", "2026-Q1 to 2025-Q1", "٢٠٢٦"):
        with pytest.raises(InvalidInputError, match="Choose a year or a quarter"):
            quarters_of(wrong)


# --- Whose figures -----------------------------------------------------------------------


def test_an_evaluator_may_not_single_out_a_period(db: Session, vik: Actor) -> None:
    for ask in (
        lambda: outcomes.report(db, vik, KEY, period="2026"),
        lambda: outcome_growth.growth(db, vik, KEY, period="2026"),
        lambda: outcome_dose.doses(db, vik, KEY, programme="open_door"),
        lambda: outcome_together.together(db, vik, period="2026"),
    ):
        with pytest.raises(NotPermittedError, match="by itself"):
            ask()


def test_an_evaluator_sees_no_line_of_one_person_and_no_small_crossing(
    db: Session, vik: Actor
) -> None:
    keep(db, *[pair(15, 5)] * 12, *[pair(5, 5)] * 12, *[pair(15, 15)] * 12, *[pair(5, 15)] * 3)
    keep(db, *[[*pair(15, 5, key="phq9"), *pair(15, 5)]] * 4)

    found = outcomes.report(db, vik, KEY)

    assert found.paths.empty
    assert found.before_after.empty
    assert found.crossing is None
    assert outcome_together.together(db, vik) == ()


def test_an_evaluator_sees_a_crossing_of_many_each_way(db: Session, vik: Actor) -> None:
    keep(db, *[way for n in range(12) for way in (pair(*p) for p in WAYS)])

    found = outcomes.report(db, vik, KEY).crossing

    assert found is not None
    assert (found.out, found.into) == (12, 12)


WAYS = [(15, 5), (5, 5), (15, 15), (5, 15)]


@pytest.mark.parametrize("role", ["amina", "ben", "ada", "erin"])
def test_nobody_else_sees_any_of_it(db: Session, role: str, request: pytest.FixtureRequest) -> None:
    stranger: Actor = request.getfixturevalue(role)
    for ask in (
        lambda: outcome_growth.growth(db, stranger, KEY),
        lambda: outcome_dose.doses(db, stranger, KEY),
        lambda: outcome_together.together(db, stranger),
        lambda: outcomes.periods(db, stranger),
    ):
        with pytest.raises(NotPermittedError):
            ask()


def test_each_part_takes_one_statement_at_any_size_and_growth_one_for_its_weeks(
    db: Session,
    leila: Actor,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    for size in (1, 40):
        keep(db, *[pair(n % 21, n % 7) for n in range(size)])
        with count_queries() as statements:
            outcome_growth.growth(db, leila, KEY)
            outcome_dose.doses(db, leila, KEY)
            outcome_together.together(db, leila)
        assert len(statements) == 4
