"""Kaplan-Meier: against figures in print, against statsmodels, and by what must always hold."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from services.statistics import kaplan_meier, still_there

# Weeks in remission of the 21 children given 6-MP (Freireich and others 1963, Blood 21: 699-716),
# a "+" where she was in remission still; the estimate and Greenwood's standard error as printed in
# textbooks and by R's survfit for these data (such as Cox and Oakes 1984).
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PRINTED = [
    (6, 21, 3, 0.857, 0.0764),
    (7, 17, 1, 0.807, 0.0869),
    (10, 15, 1, 0.753, 0.0963),
    (13, 12, 1, 0.690, 0.1068),
    (16, 11, 1, 0.627, 0.1141),
    (22, 7, 1, 0.538, 0.1282),
    (23, 6, 1, 0.448, 0.1346),
]
# The same on the scale of log(-log), worked out by hand from the line above: for week 6,
# 1.96 x 0.0764 / (0.857 x -ln 0.857) = 1.132, and 0.857 to the power of e^1.132 and e^-1.132.
INTERVALS = {6: (0.620, 0.952), 10: (0.503, 0.889), 23: (0.188, 0.680)}

people = st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=1, max_size=60)


def six_mp() -> tuple[list[float], list[bool]]:
    return [float(one.rstrip("+")) for one in SIX_MP.split()], [
        not one.endswith("+") for one in SIX_MP.split()
    ]


def test_the_curve_is_the_one_in_print() -> None:
    found = kaplan_meier(*six_mp())

    assert (found.n, found.left, found.median) == (21, 9, 23)
    for step, (time, at_risk, left, share, se) in zip(found.steps, PRINTED, strict=True):
        assert (step.time, step.at_risk, step.left) == (time, at_risk, left)
        assert step.share == pytest.approx(share, abs=5e-4)
        assert step.se == pytest.approx(se, abs=5e-5)


def test_intervals_are_those_of_the_log_log_scale() -> None:
    found = {step.time: step for step in kaplan_meier(*six_mp()).steps}

    for time, (low, high) in INTERVALS.items():
        assert found[time].low == pytest.approx(low, abs=6e-4)
        assert found[time].high == pytest.approx(high, abs=6e-4)


@given(people=people)
def test_it_agrees_with_statsmodels(people: list[tuple[int, bool]]) -> None:
    times, left = [time + 1 for time, _left in people], [left for _time, left in people]
    found = kaplan_meier(times, left)
    other = SurvfuncRight(times, left)
    drops = [at for at, count in enumerate(other.n_events) if count]

    assert [step.time for step in found.steps] == [other.surv_times[at] for at in drops]
    assert [step.at_risk for step in found.steps] == [other.n_risk[at] for at in drops]
    for step, at in zip(found.steps, drops, strict=True):
        assert step.share == pytest.approx(other.surv_prob[at])
        if step.se is not None:
            assert step.se == pytest.approx(other.surv_prob_se[at])


@given(people=people)
def test_the_share_only_falls_and_lies_within_its_interval(people: list[tuple[int, bool]]) -> None:
    times, left = [time for time, _left in people], [left for _time, left in people]
    before = 1.0
    for step in kaplan_meier(times, left).steps:
        assert 0 <= step.share < before
        assert step.at_risk == still_there(times, step.time)
        if step.low is not None and step.high is not None:
            assert 0 <= step.low <= step.share <= step.high <= 1
        before = step.share


@given(times=st.lists(st.integers(0, 400), min_size=1, max_size=60), at=st.integers(0, 400))
def test_where_everybody_left_it_is_the_plain_share(times: list[int], at: int) -> None:
    step = kaplan_meier(times, [True] * len(times)).at(at)
    share = 1.0 if step is None else step.share

    assert share == pytest.approx(sum(time > at for time in times) / len(times), abs=1e-9)


def test_where_nobody_left_there_is_no_step_and_no_median() -> None:
    found = kaplan_meier([5, 7], [False, False])

    assert (found.steps, found.median, found.at(6)) == ((), None, None)


def test_half_is_reached_where_just_half_are_left() -> None:
    assert kaplan_meier([1, 2, 3, 4, 5, 6], [True] * 6).median == 3


def test_with_nobody_left_there_is_no_interval() -> None:
    last = kaplan_meier([3], [True]).steps[-1]

    assert (last.share, last.se, last.low, last.high) == (0, None, None, None)


@pytest.mark.parametrize(
    ("durations", "observed", "says"),
    [
        ([], [], "at least one person"),
        ([1, 2], [True], "of each person"),
        ([-1], [True], "0 or more"),
        ([math.nan], [True], "a number"),
        (["12"], [True], "a number"),
        ([1], [None], "yes or no"),
        ([1], [2], "yes or no"),
    ],
)
def test_what_is_no_stay_is_refused(
    durations: list[float], observed: list[bool], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        kaplan_meier(durations, observed)


def test_a_confidence_lies_between_none_and_all() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        kaplan_meier([1], [True], confidence=1)
