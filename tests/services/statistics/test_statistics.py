"""What every figure has in common: its fields, its refusals; and how a scale's items agree."""

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.statistics import (
    ClinicalCutoffs,
    GrowthModel,
    Interval,
    PairedChange,
    ReliableChange,
    classify_change,
    clinical_cutoffs,
    control_limits,
    cronbach_alpha,
    funnel,
    funnel_limits,
    growth_model,
    kaplan_meier,
    mcnemar_exact,
    paired_change,
    reliable_change,
    shrink,
    waits,
    wilson_interval,
)

answers = st.integers(2, 6).flatmap(
    lambda items: st.lists(
        st.lists(st.integers(0, 4), min_size=items, max_size=items), min_size=2, max_size=20
    )
)


# --- Reliability of a scale --------------------------------------------------------------


@given(answers, st.sampled_from([0.0, 1e8]))
def test_alpha_agrees_with_its_formula_in_covariances(rows: list[list[int]], offset: float) -> None:
    covariance = np.atleast_2d(np.cov(np.array(rows).T))
    assume(covariance.sum() > 1e-9)
    items = len(covariance)

    expected = items / (items - 1) * (1 - np.trace(covariance) / covariance.sum())

    moved = [[offset + answer for answer in row] for row in rows]
    assert cronbach_alpha(moved) == pytest.approx(expected, abs=1e-6)


def test_items_that_say_the_same_have_an_alpha_of_one() -> None:
    assert cronbach_alpha([[1, 1, 1], [2, 2, 2], [4, 4, 4]]) == pytest.approx(1)


def test_two_equally_spread_items_follow_spearman_and_brown() -> None:
    rows = pd.DataFrame({"calm": [1, 2, 3, 4], "safe": [2, 1, 4, 3]})

    assert cronbach_alpha(rows) == pytest.approx(2 * 0.6 / (1 + 0.6))


# --- Shapes and refusals -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (PairedChange, "n mean_change sd_change ci_low ci_high t p r d_z d_av d_pre g_av"),
        (ReliableChange, "sem s_diff points"),
        (ClinicalCutoffs, "a b c"),
        (Interval, "low high"),
        (
            GrowthModel,
            (
                "intercept slope intercept_se slope_se residual_variance intercept_variance "
                "slope_variance covariance log_likelihood people scores method"
            ),
        ),
    ],
)
def test_results_have_the_promised_fields(kind: Any, names: str) -> None:
    # Others may follow; those promised keep their names and their order.
    found = [field.name for field in fields(kind)]
    assert found[: len(names.split())] == names.split()


def test_a_result_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        wilson_interval(1, 2).low = 0.5  # type: ignore[misc]


def growth(**columns: list[Any]) -> Callable[[], GrowthModel]:
    return lambda: growth_model(pd.DataFrame(columns))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: paired_change([1, 2, 3], [1, 2]), "one score each from the same people"),
        (lambda: paired_change([1], [2]), "at least two people"),
        (lambda: paired_change([], []), "at least two people"),
        (lambda: paired_change([1, math.nan], [1, 2]), "Every score before must be a number"),
        (lambda: paired_change([1, 2], [1, math.inf]), "Every score after must be a number"),
        (lambda: paired_change([1, None], [1, 2]), "must be a number"),  # type: ignore[list-item]
        (lambda: paired_change([1, "2"], [1, 2]), "must be a number"),  # type: ignore[list-item]
        (lambda: paired_change(pd.array([1, None], dtype="Int64"), [1, 2]), "must be a number"),
        (lambda: reliable_change(-1, 0.8), "cannot be negative"),
        (lambda: reliable_change(5, 1.1), "between 0 and 1"),
        (lambda: reliable_change(5, -0.1), "between 0 and 1"),
        (lambda: reliable_change(5, math.nan), "must be a number"),
        (lambda: reliable_change(5, 0.8, criterion=0), "more than 0"),
        (lambda: clinical_cutoffs(40, -1, 60, 5), "cannot be negative"),
        (lambda: clinical_cutoffs(40, 5, 40, 5), "must differ"),
        (lambda: clinical_cutoffs(40, 0, 60, 0), "more than 0"),
        (lambda: clinical_cutoffs(40, 5, math.inf, 5), "must be a number"),
        (lambda: classify_change(1, 2, -1), "cannot be negative"),
        (lambda: classify_change(math.nan, 2, 1), "must be a number"),
        (lambda: classify_change(1, 9, 1, cutoff=math.nan), "must be a number"),
        (lambda: classify_change(1, 1, 1, cutoff=math.nan), "must be a number"),
        (lambda: paired_change(pd.DataFrame({"a": [1, 2]}), [1, 2]), "not in a table"),
        (lambda: paired_change(None, [1, 2]), "must stand in a list"),  # type: ignore[arg-type]
        (lambda: wilson_interval(3, 2), "cannot exceed"),
        (lambda: wilson_interval(10**400, 10**401), "larger than anything"),
        (lambda: wilson_interval(1, 5, "x"), "must be a number"),  # type: ignore[arg-type]
        (lambda: wilson_interval(0, 0), "at least one person"),
        (lambda: wilson_interval(-1, 5), "whole number"),
        (lambda: wilson_interval(1.5, 5), "whole number"),  # type: ignore[arg-type]
        (lambda: wilson_interval(1, math.nan), "whole number"),  # type: ignore[arg-type]
        (lambda: wilson_interval(1, 5, confidence=1), "between 0 and 1"),
        (lambda: wilson_interval(1, 5, confidence=0), "between 0 and 1"),
        (lambda: mcnemar_exact(-1, 5), "whole number"),
        (lambda: mcnemar_exact(1, 2.5), "whole number"),  # type: ignore[arg-type]
        (lambda: cronbach_alpha([[1], [2]]), "at least two items"),
        (lambda: cronbach_alpha([[1, 2]]), "at least two people"),
        (lambda: cronbach_alpha([[1, 2], [3]]), "same items"),
        (lambda: cronbach_alpha(pd.DataFrame([[1, 2], [3, None]])), "leave incomplete forms out"),
        (lambda: cronbach_alpha([[1, 2], [3, math.nan]]), "leave incomplete forms out"),
        (lambda: cronbach_alpha([[0.1, 0.2], [0.2, 0.1]]), "same total"),
        (lambda: cronbach_alpha([1, 2, 3]), "must stand in a list"),  # type: ignore[list-item]
        (lambda: growth_model([1, 2]), "called person, week and score"),  # type: ignore[arg-type]
        (lambda: kaplan_meier([1, 2], [pd.NA, True]), "yes or no"),  # type: ignore[list-item]
        (lambda: kaplan_meier(None, [True]), "must stand in a list"),  # type: ignore[arg-type]
        (lambda: control_limits(None, [1]), "must stand in a list"),  # type: ignore[arg-type]
        (lambda: funnel(None, [1]), "must stand in a list"),  # type: ignore[arg-type]
        (lambda: funnel_limits(0.5, 10, "x"), "must be a number"),  # type: ignore[arg-type]
        (lambda: shrink([1], [2], "x"), "must be a number"),  # type: ignore[arg-type]
        (lambda: waits(None), "must stand in a list"),  # type: ignore[arg-type]
        (growth(person=[[1], [1], [2]], week=[0, 1, 0], score=[1, 2, 3]), "number or by letters"),
        (growth(person=[1, 2], week=[0, 1]), "called person, week and score"),
        (growth(person=[1, 1, None], week=[0, 1, 2], score=[1, 2, 3]), "belong to a person"),
        (growth(person=[1, 1, 2], week=[0, 1, 2], score=[1, 2, math.nan]), "Every score must"),
        (growth(person=[1, 1, 2], week=[0, None, 2], score=[1, 2, 3]), "Every week must"),
        (growth(person=[1, 1, 2], week=["a", "b", "c"], score=[1, 2, 3]), "Every week must"),
        (growth(person=[1, 1, 1], week=[0, 1, 2], score=[1, 2, 4]), "at least two people"),
        (growth(person=[], week=[], score=[]), "at least two people"),
        (growth(person=[1, 1, 2, 2], week=[0, 0, 5, 5], score=[1, 2, 3, 5]), "at least two weeks"),
        (growth(person=[1, 1, 2], week=[0, 1, 0], score=[1, 2, 4]), "at least two scores"),
        (growth(person=[1, 1, 2, 2], week=[0, 1, 0, 1], score=[1, 2, 4, 5]), "parallel lines"),
        (growth(person=[1, 1, 2, 2], week=[0, 1, 0, 1], score=[3, 3, 3, 3]), "parallel lines"),
    ],
)
def test_bad_input_is_answered_with_a_plain_sentence(
    call: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence) as caught:
        call()
    assert str(caught.value).endswith(".")


def test_importing_the_module_does_not_load_the_slow_libraries() -> None:
    code = "import sys, services.statistics; print({'scipy', 'statsmodels'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
