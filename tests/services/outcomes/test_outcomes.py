"""Whether people get better, from kept counts: honest figures, and silence where there are none."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import Point, Respondent
from services.errors import NotFoundError
from services.measures import measures
from services.measures.measure_library import measure
from services.measures.measures import MeasureDraft
from services.outcomes import outcome_change, outcomes
from services.permissions import Actor
from services.statistics import paired_change
from services.tallies.shares import CARE
from tests.conftest import Statements
from tests.make import make_group, make_person, make_place
from tests.services.outcomes.pairs import keep, keep_places


def test_mean_change_comes_with_its_interval_and_the_right_sign(db: Session, leila: Actor) -> None:
    # Falls of 1 to 10 points: mean 5.5, SD 3.0277; 5.5 ± 2.2622 × 3.0277 / √10.
    keep(db, "gad7:self", [(15, 15 - fall) for fall in range(1, 11)])

    change = outcomes.report(db, leila, "gad7:self").change

    assert change is not None
    assert (change.n, change.mean_change) == (10, pytest.approx(5.5))
    assert (change.ci_low, change.ci_high) == (
        pytest.approx(3.3341, abs=1e-4),
        pytest.approx(7.6659, abs=1e-4),
    )
    assert (change.start_mean, change.end_mean) == (15, 9.5)
    assert change.words == "mean +5.5 points (+3.3 to +7.7), n = 10"


def test_a_rise_is_better_where_higher_is_better(db: Session, leila: Actor) -> None:
    keep(db, "swemwbs:self", [(18.59, 21.54)] * 5 + [(21.54, 18.59)] * 5 + [(17.43, 24.11)])

    change = outcomes.report(db, leila, "swemwbs:self").change

    assert change is not None
    assert change.mean_change == pytest.approx(6.68 / 11)


@given(st.lists(st.tuples(st.integers(0, 21), st.integers(0, 21)), min_size=10, max_size=40))
def test_counts_give_the_same_change_as_the_people_themselves(pairs: list[tuple[int, int]]) -> None:
    form = measure("gad7")
    counted = Counter(pairs)
    rows = [(before * 100, after * 100, n) for (before, after), n in counted.items()]

    found = outcome_change.change(rows, form)

    before, after = np.array(pairs, dtype=float).T
    direct = paired_change(before, after, higher_is_better=False)
    assert found is not None
    assert found.mean_change == pytest.approx(direct.mean_change)
    assert (found.ci_low, found.ci_high) == (
        pytest.approx(direct.ci_low),
        pytest.approx(direct.ci_high),
    )
    moved = outcome_change.movements(rows, form)
    assert outcome_change.verdicts(moved, form)["people"].sum() == len(pairs)
    spread = outcome_change.spread(moved, form, found)
    assert spread["people"].sum() == len(pairs)
    width = spread["gain_to"] - spread["gain_from"]
    span = spread["gain_to"].max() - spread["gain_from"].min()
    assert width.round(9).nunique() == 1
    assert span / width[0] <= outcome_change.MOST_BARS + 1.001


# --- Verdicts ----------------------------------------------------------------------------


def test_published_whole_number_rules_count_from_the_number_itself(
    db: Session, leila: Actor
) -> None:
    # GAD-7: 4 points (NHS Talking Therapies manual). SWEMWBS: 3 points (Shah and others 2018).
    keep(db, "gad7:self", [(14, 10), (14, 11), (10, 14), (10, 13)])
    keep(db, "swemwbs:self", [(19.25, 22.35), (19.25, 21.54), (22.35, 19.25)])

    anxiety = outcomes.report(db, leila, "gad7:self")
    wellbeing = outcomes.report(db, leila, "swemwbs:self")

    assert anxiety.verdicts["people"].tolist() == [1, 2, 1]
    assert wellbeing.verdicts["people"].tolist() == [1, 1, 1]
    assert anxiety.verdicts["verdict"].tolist() == [
        "Clear improvement",
        "About the same",
        "Clear worsening",
    ]
    assert "4 points or more" in anxiety.rule
    assert anxiety.has_rule


@pytest.mark.parametrize("key", ["gbo", "bpses", "eesc"])
def test_without_a_sound_rule_nobody_is_called_clearly_better(
    db: Session, leila: Actor, key: str
) -> None:
    low = measure(key).range.low  # type: ignore[union-attr]
    view = "parent" if key == "bpses" else "self"
    keep(db, f"{key}:{view}", [(low, low + 5), (low + 5, low), (low, low)])

    found = outcomes.report(db, leila, f"{key}:{view}")

    assert found.verdicts["verdict"].tolist() == ["Better score", "Same score", "Worse score"]
    assert found.verdicts["people"].tolist() == [1, 1, 1]
    assert found.rule.startswith("There is no sound published rule")


def test_a_change_of_nothing_stands_in_the_middle_of_its_bar(db: Session, leila: Actor) -> None:
    keep(db, "gad7:self", [(10, 10), (10, 9), (10, 11)] * 2)

    bars = outcomes.report(db, leila, "gad7:self").spread.set_index("gain_from")

    middle = (bars.index.to_numpy() + bars["gain_to"].to_numpy()) / 2
    assert sorted(middle) == pytest.approx(sorted(middle.round(6)))
    assert 0 in middle
    assert bars["people"].tolist() == [2, 2, 2]


def test_a_bar_holds_those_nearest_to_its_middle(db: Session, leila: Actor) -> None:
    # Rises of 0.73 and 10.43: bars of one point, so at 1 and at 10.
    keep(db, "swemwbs:self", [(19.25, 19.98), (7, 17.43)] * 3)

    bars = outcomes.report(db, leila, "swemwbs:self").spread

    assert bars[["gain_from", "gain_to"]].to_numpy().tolist() == [[0.5, 1.5], [9.5, 10.5]]


def test_better_stands_to_the_right_whichever_way_the_measure_runs(
    db: Session, leila: Actor
) -> None:
    keep(db, "gad7:self", [(15, 5), (5, 15)] * 3)
    keep(db, "swemwbs:self", [(7, 17.43), (17.43, 7)] * 3)

    for key in ("gad7:self", "swemwbs:self"):
        bars = outcomes.report(db, leila, key).spread.set_index("verdict")
        assert bars.loc["Clear improvement", "gain_from"] > 0
        assert bars.loc["Clear worsening", "gain_to"] < 0


# --- Who is in the figures ---------------------------------------------------------------


def test_the_flow_gives_each_step_its_denominator_and_interval(db: Session, leila: Actor) -> None:
    # Newcombe (1998): 81 of 263 has the Wilson interval .2553 to .3662.
    keep_places(db, enrolled=263, started=81, completed=40)
    keep(db, "gad7:self", [(10, 8)] * 30, starts=[10] * 20)

    flow = outcomes.report(db, leila, "gad7:self").flow.set_index("step")

    assert flow["people"].to_dict() == {
        "Enrolled": 263,
        "Started": 81,
        "Completed": 40,
        "Start form": 50,
        "Start and end form": 30,
    }
    assert flow["of"].dropna().to_dict() == {
        "Started": 263,
        "Completed": 81,
        "Start form": 263,
        "Start and end form": 81,
    }
    assert flow.loc["Started", "low"] == pytest.approx(0.2553, abs=5e-5)
    assert flow.loc["Started", "high"] == pytest.approx(0.3662, abs=5e-5)
    assert flow.loc["Started", "label"] == "Started: 81 of 263 enrolled, 31% (26% to 37%)"


def test_a_step_that_is_no_part_of_the_one_before_has_no_share(db: Session, leila: Actor) -> None:
    keep_places(db, enrolled=2)
    keep(db, "gad7:self", [(10, 8)] * 3)

    flow = outcomes.report(db, leila, "gad7:self").flow.set_index("step")

    assert flow.loc["Start form", "label"] == "Start form: 3 of 2 enrolled"
    assert np.isnan(flow.loc["Start form", "share"])


def test_those_without_an_end_form_are_compared_at_the_start(db: Session, leila: Actor) -> None:
    keep(db, "gad7:self", [(10, 8)] * 12, starts=[16] * 11)

    missing = outcomes.report(db, leila, "gad7:self").missing

    assert missing is not None
    assert (missing.with_end, missing.without_end) == (12, 11)
    assert (missing.start_mean_with_end, missing.start_mean_without_end) == (10, 16)
    assert "their mean was 16.0, that of the 12 with both forms 10.0" in missing.words


@pytest.mark.parametrize(
    ("alone", "words"),
    [
        (0, "Everybody with a start form has an end form too."),
        (1, "1 person has a start form and no end form"),
        (9, "too few to say whether they began differently"),
    ],
)
def test_few_missing_people_have_no_mean(db: Session, leila: Actor, alone: int, words: str) -> None:
    keep(db, "gad7:self", [(10, 8)] * 12, starts=[16] * alone)

    missing = outcomes.report(db, leila, "gad7:self").missing

    assert missing is not None
    assert missing.start_mean_without_end is None
    assert words in missing.words


def test_where_nobody_has_an_end_form_there_is_nobody_to_be_compared_with(
    db: Session, leila: Actor
) -> None:
    keep(db, "gad7:self", [], starts=[16] * 40)

    missing = outcomes.report(db, leila, "gad7:self").missing

    assert missing is not None
    assert missing.words.endswith("Nobody has both, so there is nobody to set beside them.")


# --- What cannot be said -----------------------------------------------------------------


def test_with_nothing_recorded_there_is_nothing_to_choose(db: Session, leila: Actor) -> None:
    assert outcomes.choices(db, leila) == {}


@pytest.mark.parametrize(
    ("pairs", "said", "has_mean"),
    [
        (0, outcomes.NO_PAIRS, False),
        (1, outcomes.FEW_SCORES, False),
        (4, outcomes.FEW_SCORES, False),
        (5, outcomes.FEW_PAIRS, False),
        (9, outcomes.FEW_PAIRS, False),
        (10, CARE, True),
        (29, CARE, True),
        (30, outcomes.NOT_CAUSED, True),
    ],
)
def test_few_pairs_are_said_to_be_few(
    db: Session, leila: Actor, pairs: int, said: str, has_mean: bool
) -> None:
    keep(db, "gad7:self", [(10, 8)] * pairs, starts=[9])

    found = outcomes.report(db, leila, "gad7:self")

    assert said in found.notes
    assert (CARE in found.notes) == (10 <= pairs < 30)
    assert (found.change is not None) == has_mean
    assert (outcomes.NOT_CAUSED in found.notes) == (pairs > 0)
    assert found.spread.empty == (pairs < 5)
    if pairs >= 5:
        assert found.spread["mean"].notna().all() == has_mean


def test_next_to_no_change_has_no_minus_before_its_nought(db: Session, leila: Actor) -> None:
    keep(db, "gad7:self", [(10, 10)] * 99 + [(10, 12)])

    change = outcomes.report(db, leila, "gad7:self").change

    assert change is not None
    assert change.mean_change < 0
    assert change.words == "mean +0.0 points (-0.1 to +0.0), n = 100"


def test_everybody_equal_is_no_error(db: Session, leila: Actor) -> None:
    keep(db, "gad7:self", [(10, 10)] * 12)

    change = outcomes.report(db, leila, "gad7:self").change

    assert change is not None
    assert (change.mean_change, change.ci_low, change.ci_high, change.g_av) == (0, 0, 0, None)


@pytest.mark.parametrize("key", ["", "gad7", "gad7:nobody", "unknown:self", "x:y:z"])
def test_a_measure_that_is_not_there_is_not_found(db: Session, leila: Actor, key: str) -> None:
    with pytest.raises(NotFoundError):
        outcomes.report(db, leila, key)


# --- Through the whole house -------------------------------------------------------------


def test_forms_that_facilitators_record_arrive_in_the_outcomes(
    db: Session, amina: Actor, ben: Actor, leila: Actor
) -> None:
    group = make_group(db, amina, [ben], programme="side_by_side", capacity=12)
    for number, (before, after) in enumerate([(21, 28)] * 10 + [(21, 21)]):
        place = make_place(db, amina, group, make_person(db, amina, f"Dana{number}"))
        for point, total in ((Point.START, before), (Point.END, after)):
            measures.record(db, ben, place.ref, _swemwbs(point, total))

    found = outcomes.report(db, leila, "swemwbs:self")

    # 21 and 28 on paper are 19.25 and 25.03 (Stewart-Brown and others 2009).
    assert found.pairs == 11
    assert found.change is not None
    assert found.change.start_mean == pytest.approx(19.25)
    assert found.change.mean_change == pytest.approx(10 * 5.78 / 11)
    assert found.verdicts["people"].tolist() == [10, 1, 0]
    assert found.flow["people"].tolist()[0] == 11


def test_a_page_of_outcomes_takes_four_statements_at_any_size(
    db: Session,
    leila: Actor,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    for size in (1, 50):
        keep(db, "gad7:self", [(n % 21, n % 7) for n in range(size)], period=f"2026-Q{size % 4}")
        with count_queries() as statements:
            outcomes.choices(db, leila)
            outcomes.report(db, leila, "gad7:self")
        assert len(statements) == 4


def _swemwbs(point: Point, total: int) -> MeasureDraft:
    return MeasureDraft(
        measure="swemwbs",
        respondent=Respondent.SELF,
        point=point,
        taken_on=date(2026, 9, 16),
        paper_total=total,
    )
