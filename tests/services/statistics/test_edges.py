"""At the ends of what numbers can be: a figure, or a sentence, and never a warning or no number."""

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.statistics import (
    AtDose,
    control_limits,
    cronbach_alpha,
    funnel,
    growth_model,
    kaplan_meier,
    paired_change,
    shrink,
    signed_rank,
    trend,
    waits,
)

ENDS = st.sampled_from(
    [0, 1, -1, 5e-324, 1e-320, 1e-300, 1e-160, 1e-9, 0.1, 1e9, 1e100, 1e150, -1e150]
)
PAIRS = st.lists(st.tuples(ENDS, ENDS), max_size=6)
UNITS = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 10**6, 10**15]), st.sampled_from([0, 1, 3, 10**9])),
    max_size=6,
).map(lambda found: ([x for x, _more in found], [x + more for x, more in found]))


def figures(found: Any) -> Iterator[float]:
    """Every number in a result."""
    if dataclasses.is_dataclass(found):
        for one in dataclasses.fields(found):
            yield from figures(getattr(found, one.name))
    elif isinstance(found, tuple):
        for each in found:
            yield from figures(each)
    elif isinstance(found, float):
        yield found


def says_or_refuses(function: Any, *given_to_it: Any) -> None:
    """Warnings are errors in tests, so that none passes either."""
    try:
        found = function(*given_to_it)
    except ValueError as refusal:
        found = str(refusal)
    assert all(map(math.isfinite, figures(found)))
    assert not isinstance(found, str) or found.endswith(".")


@given(pairs=PAIRS)
@example(pairs=[(1e-320, 1e9), (5e-324, 1e9)])  # spread before, beyond what can be divided by
def test_pairs(pairs: list[tuple[float, float]]) -> None:
    before, after = [one for one, _other in pairs], [other for _one, other in pairs]
    for function in (paired_change, signed_rank):
        says_or_refuses(function, before, after)
    says_or_refuses(cronbach_alpha, pairs)


@given(pairs=PAIRS)
@example(pairs=[(1e-160, -1e150), (0, 1.0), (1e-160, 1.0)])
def test_lines_of_change_on_dose(pairs: list[tuple[float, float]]) -> None:
    says_or_refuses(trend, [AtDose(dose, 2, total, abs(total)) for dose, total in pairs])


@settings(max_examples=50)
@given(
    scores=st.lists(st.tuples(st.integers(0, 2), ENDS, ENDS), max_size=8),
)
@example(scores=[(0, 1e-300, 1e15), (1, 1e-300, 3), (0, 1e-300, 0.1), (1, 5e-324, 1), (1, 0, 0)])
@example(scores=[(0, 0, 1e-300), (0, 1e100, 1e9), (1, 0.1, 0), (1, 1e-160, -1e150), (2, 0, 0)])
def test_growth(scores: list[tuple[int, float, float]]) -> None:
    says_or_refuses(growth_model, pd.DataFrame(scores, columns=["person", "week", "score"]))


@given(units=UNITS)
@example(units=([10**15], [10**15 + 1]))
@example(units=([10**15, 0], [10**15, 1]))
def test_shares(units: tuple[list[int], list[int]]) -> None:
    for function in (shrink, funnel, control_limits):
        says_or_refuses(function, *units)
    says_or_refuses(waits, units[0])
    says_or_refuses(kaplan_meier, units[1], [x % 2 == 0 for x in units[0]])


def test_people_may_be_named_by_anything_that_can_be_told_apart() -> None:
    frame = pd.DataFrame(
        {"person": [1, 1, b"2", b"2"], "week": [0, 1, 0, 1], "score": [1, 2, 3, 5]}
    )

    assert growth_model(frame).people == 2


def test_how_many_people_cannot_be_missing() -> None:
    with pytest.raises(ValueError, match="How many people"):
        trend([AtDose(1, pd.NA, 1, 1)])  # type: ignore[arg-type]
