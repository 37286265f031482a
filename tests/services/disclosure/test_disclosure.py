"""Attackers who add, subtract and solve: none may find out what a table hides.

The attackers share no code with the service. One solves linear programmes over the inner
cells; the other writes out every table there is. Both know that counts are whole and not
negative and that totals add up; the shrewd one knows besides that zeros are always shown.
"""

import itertools
import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from services.disclosure import suppress

Grid = npt.NDArray[np.float64]

counts = st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 12), st.integers(0, 200))
thresholds = st.integers(3, 10)


def tables(most: int = 5, values: st.SearchStrategy[int] = counts) -> st.SearchStrategy[Any]:
    """Tables of 1 to `most` rows and columns."""
    sizes = st.tuples(st.integers(1, most), st.integers(1, most))
    return sizes.flatmap(
        lambda size: st.lists(
            st.lists(values, min_size=size[1], max_size=size[1]),
            min_size=size[0],
            max_size=size[0],
        )
    ).map(pd.DataFrame)


def with_totals(table: pd.DataFrame) -> Grid:
    """The truth: the table with its margins, as an array."""
    inner = table.to_numpy(dtype=float)
    rows = np.hstack([inner, inner.sum(axis=1, keepdims=True)])
    return np.vstack([rows, rows.sum(axis=0, keepdims=True)])


def sums_of_inner_cells(rows: int, columns: int) -> Grid:
    """For each cell of the table with totals, which inner cells it is the sum of."""
    parts = np.zeros((rows + 1, columns + 1, rows, columns))
    for i, j in itertools.product(range(rows), range(columns)):
        for place in itertools.product((i, rows), (j, columns)):
            parts[(*place, i, j)] = 1
    return parts.reshape((rows + 1) * (columns + 1), rows * columns)


def range_of(
    cell: tuple[int, int], published: pd.DataFrame, *, shrewd: bool
) -> tuple[float, float]:
    """Lowest and highest value of a hidden cell that agree with all that is shown."""
    rows, columns = published.shape[0] - 1, published.shape[1] - 1
    parts = sums_of_inner_cells(rows, columns)
    hidden = published.isna().to_numpy().ravel()
    shown = published.to_numpy(dtype=float, na_value=np.nan).ravel()
    goal = parts[cell[0] * (columns + 1) + cell[1]]
    ends = []
    for sign in (1, -1):
        solution = linprog(
            sign * goal,
            A_eq=parts[~hidden] if not hidden.all() else None,
            b_eq=shown[~hidden] if not hidden.all() else None,
            A_ub=-parts[hidden],
            b_ub=np.full(hidden.sum(), -1.0 if shrewd else 0.0),
            bounds=(0, None),
        )
        assert solution.status in {0, 3}  # solved, or without any limit
        ends.append(-sign * math.inf if solution.fun is None else sign * float(solution.fun))
    return ends[0], ends[1]


def small_cells(table: pd.DataFrame, threshold: int) -> list[tuple[int, int]]:
    truth = with_totals(table)
    return [(int(i), int(j)) for i, j in np.argwhere((truth > 0) & (truth < threshold))]


def is_safe(published: pd.DataFrame, cells: Sequence[tuple[int, int]], threshold: int) -> bool:
    """Whether the shrewd attacker learns neither the size of a cell nor that it is small."""
    for cell in cells:
        low, high = range_of(cell, published, shrewd=True)
        if high - low < threshold - 1 - 1e-6 or high < threshold - 1e-6:
            return False
    return True


# --- The promise ----------------------------------------------------------------------------


@settings(max_examples=150)
@given(tables(), st.integers(1, 10))
def test_totals_come_last_and_what_is_shown_is_true(table: pd.DataFrame, threshold: int) -> None:
    published = suppress(table, threshold)

    assert list(published.index) == [*table.index, "Total"]
    assert list(published.columns) == [*table.columns, "Total"]
    assert (published.dtypes == "Int64").all()
    shown = published.notna().to_numpy()
    assert (
        published.to_numpy(dtype=float, na_value=np.nan)[shown] == with_totals(table)[shown]
    ).all()


@settings(max_examples=150)
@given(tables(), thresholds)
def test_no_small_count_is_shown_and_every_zero_is(table: pd.DataFrame, threshold: int) -> None:
    published = suppress(table, threshold)

    truth, hidden = with_totals(table), published.isna().to_numpy()
    assert hidden[(truth > 0) & (truth < threshold)].all()
    assert not hidden[truth == 0].any()


@settings(max_examples=60)
@given(tables(), thresholds)
@example(pd.DataFrame([[3, 0], [0, 50]]), 5)
@example(pd.DataFrame([[4, 1], [30, 40]]), 5)
def test_linear_programming_cannot_narrow_a_small_count(
    table: pd.DataFrame, threshold: int
) -> None:
    published = suppress(table, threshold)

    for cell in small_cells(table, threshold):
        low, high = range_of(cell, published, shrewd=False)
        assert high - low >= threshold - 1 - 1e-6


@settings(max_examples=60)
@given(tables(), thresholds)
@example(pd.DataFrame([[2, 3, 40]]), 5)
def test_not_even_one_who_knows_that_zeros_are_shown_can_tell_a_small_count(
    table: pd.DataFrame, threshold: int
) -> None:
    assert is_safe(suppress(table, threshold), small_cells(table, threshold), threshold)


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 9), min_size=4, max_size=4),
    st.integers(3, 5),
    st.sampled_from([(1, 3), (3, 1), (2, 2)]),
)
def test_writing_out_every_table_does_not_help_either(
    values: list[int], threshold: int, shape: tuple[int, int]
) -> None:
    rows, columns = shape
    inner = np.array(values[: rows * columns]).reshape(shape)
    published = suppress(pd.DataFrame(inner), threshold)

    # Tables with larger entries exist too; those written out are ranges enough.
    every = np.array(list(itertools.product(range(16), repeat=rows * columns)))
    cells = every @ sums_of_inner_cells(rows, columns).T
    shown = published.to_numpy(dtype=float, na_value=np.nan).ravel()
    agree = cells[((cells == shown) | np.isnan(shown)).all(axis=1)]
    ranges = np.ptp(agree, axis=0).reshape(rows + 1, columns + 1)
    for cell in small_cells(pd.DataFrame(inner), threshold):
        assert ranges[cell] >= threshold - 1


def test_attackers_do_find_out_what_plain_hiding_gives_away() -> None:
    careless = pd.DataFrame(with_totals(pd.DataFrame([[3, 20], [30, 40]]))).astype("Int64")
    careless.iloc[0, 0] = pd.NA

    assert range_of((0, 0), careless, shrewd=False) == (3, 3)
    assert not is_safe(careless, [(0, 0)], 5)


# --- Known cases ----------------------------------------------------------------------------

ORACLE = {"a": 23, "b": 3, "c": 6, "d": 1, "e": 0}
ORACLE_SHOWN = [23, None, None, None, 0, 33]


def as_list(line: Any) -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in line]


def test_one_row_of_counts_hides_the_next_smallest_too() -> None:
    published = suppress(pd.DataFrame([ORACLE]), 5)

    assert as_list(published.iloc[0]) == ORACLE_SHOWN
    assert as_list(published.loc["Total"]) == ORACLE_SHOWN


def test_one_column_of_counts_hides_the_same() -> None:
    published = suppress(pd.DataFrame({"people": ORACLE}), 5)

    assert as_list(published["people"]) == ORACLE_SHOWN
    assert as_list(published["Total"]) == ORACLE_SHOWN


def test_a_single_small_cell_is_protected_by_a_rectangle_of_cells_not_by_totals() -> None:
    published = suppress(pd.DataFrame([[3, 20, 90], [30, 40, 90], [80, 70, 60]]), 5)

    assert published.isna().to_numpy()[:-1, :-1].sum() == 4
    assert published.notna().loc["Total"].all()
    assert published.notna()["Total"].all()


def test_the_only_count_in_a_table_takes_its_totals_with_it() -> None:
    published = suppress(pd.DataFrame([[3, 0], [0, 0]]), 5)

    assert as_list(published.iloc[0]) == [None, 0, None]
    assert as_list(published.iloc[1]) == [0, 0, 0]
    assert as_list(published.loc["Total"]) == [None, 0, None]


def test_the_grand_total_is_hidden_when_nothing_else_can_stand_in() -> None:
    published = suppress(pd.DataFrame([[3, 0], [0, 50]]), 5)

    assert as_list(published.iloc[1]) == [0, 50, 50]
    assert as_list(published.loc["Total"]) == [None, 50, None]


def test_a_small_total_of_large_enough_company_is_hidden() -> None:
    published = suppress(pd.DataFrame({"x": [1, 1, 0], "y": [20, 30, 40]}), 5)

    assert published["x"].isna()["Total"]


@pytest.mark.parametrize(
    "table",
    [pd.DataFrame([[5, 0], [7, 300]]), pd.DataFrame([[0, 0]]), pd.DataFrame([[0]])],
    ids=["large", "zeros", "one zero"],
)
def test_a_table_without_small_counts_is_shown_whole(table: pd.DataFrame) -> None:
    assert (suppress(table, 5).to_numpy() == with_totals(table)).all()


@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (2, 0)])
def test_an_empty_table_has_empty_totals(shape: tuple[int, int]) -> None:
    published = suppress(pd.DataFrame(np.zeros(shape, dtype=int)), 5)

    assert published.shape == (shape[0] + 1, shape[1] + 1)
    assert (published == 0).to_numpy().all()


def test_a_threshold_of_one_hides_nothing_and_of_two_hides_ones() -> None:
    table = pd.DataFrame([[1, 2], [3, 4]])

    assert suppress(table, 1).notna().to_numpy().all()
    assert suppress(table, 2)[0].isna()[0]


@settings(max_examples=40)
@given(tables(most=3), thresholds)
@example(pd.DataFrame([[11, 4], [4, 1]]), 7)
def test_nothing_is_hidden_that_could_be_shown(table: pd.DataFrame, threshold: int) -> None:
    published, truth = suppress(table, threshold), with_totals(table)
    small = small_cells(table, threshold)

    for place in np.argwhere(published.isna().to_numpy()):
        cell = (int(place[0]), int(place[1]))
        if cell not in small:
            more = published.copy()
            more.iloc[cell] = int(truth[cell])
            assert not is_safe(more, small, threshold)


# --- Frames as they come --------------------------------------------------------------------


def test_the_table_given_in_is_left_alone_and_labels_keep_their_names() -> None:
    table = pd.DataFrame(
        [[12, 3], [14, 30]],
        index=pd.CategoricalIndex(["5-8", "9-11"], name="age"),
        columns=pd.DatetimeIndex(["2026-04-01", "2026-07-01"], name="quarter"),
    )
    before = table.copy(deep=True)

    published = suppress(table, 5)

    pd.testing.assert_frame_equal(table, before)
    assert (published.index.name, published.columns.name) == ("age", "quarter")
    assert list(published.index) == ["5-8", "9-11", "Total"]
    assert published.columns[0] == pd.Timestamp("2026-04-01")


def test_whole_counts_are_welcome_in_any_type() -> None:
    plain = pd.DataFrame([[12, 3], [14, 30]])

    for kind in ("float64", "Int64", "uint8", "object"):
        pd.testing.assert_frame_equal(suppress(plain.astype(kind), 5), suppress(plain, 5))


def test_the_same_table_always_hides_the_same_cells() -> None:
    table = pd.DataFrame(np.random.default_rng(4).poisson(6, (8, 8)))

    pd.testing.assert_frame_equal(suppress(table, 5), suppress(table.copy(), 5))


@pytest.mark.parametrize("mean", [1, 6, 30])
def test_twenty_rows_and_columns_take_less_than_two_seconds(mean: int) -> None:
    chance = np.random.default_rng(mean)
    table = pd.DataFrame(chance.poisson(chance.gamma(1, mean, (20, 20))))
    started = time.process_time()

    published = suppress(table, 10)

    assert time.process_time() - started < 2
    assert published.notna().iloc[:-1, -1].any()


@pytest.mark.parametrize(
    ("table", "threshold", "sentence"),
    [
        (pd.DataFrame([[1, -2]]), 5, "whole number of 0 or more"),
        (pd.DataFrame([[1, 2.5]]), 5, "whole number of 0 or more"),
        (pd.DataFrame([[1, math.nan]]), 5, "none may be missing"),
        (pd.DataFrame([[1, math.inf]]), 5, "whole number of 0 or more"),
        (pd.DataFrame([[1, pd.NA]]), 5, "none may be missing"),
        (pd.DataFrame([[1, "2"]]), 5, "whole number of 0 or more"),
        (pd.DataFrame([[2**62, 2**62]]), 5, "too large"),
        (pd.DataFrame([[1, 2]]), 0, "threshold must be a whole number"),
        (pd.DataFrame([[1, 2]]), -3, "threshold must be a whole number"),
        (pd.DataFrame([[1, 2]]), 2.5, "threshold must be a whole number"),
        (pd.DataFrame([[1, 2]]), None, "threshold must be a whole number"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), 5, "the same label"),
        (pd.DataFrame([[1], [2]], index=["a", "a"]), 5, "the same label"),
        (pd.DataFrame([[1, 2]], columns=["a", "Total"]), 5, "called Total already"),
        (pd.DataFrame([[1, 2]], index=["Total"]), 5, "called Total already"),
        (pd.DataFrame([[1, 2]], columns=[["a", "a"], ["b", "c"]]), 5, "single level"),
    ],
)
def test_bad_input_is_answered_with_a_plain_sentence(
    table: pd.DataFrame, threshold: Any, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence) as caught:
        suppress(table, threshold)
    assert str(caught.value).endswith(".")
