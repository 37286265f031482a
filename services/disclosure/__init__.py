"""Hiding small counts in a table before it leaves the building (D §3.6)."""

import operator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from services.disclosure.network import Counts, Network

TOTAL = "Total"
LARGEST = 2**63 - 1

__all__ = ["suppress"]


def suppress(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """The counts with totals added and small ones hidden beyond recalculation.

    `table` has whole counts of 0 or more, rows as index and columns as columns. Out comes
    the same table with a `Total` column and a `Total` row, both last, and `pandas.NA` where
    a cell is hidden; every column is `Int64` and every cell shown is true.

    - No cell and no total from 1 to threshold - 1 is shown.
    - Nobody who adds and subtracts what is shown can tell of such a cell that it is below
      the threshold, or pin it to a range narrower than threshold - 1. Zeros are always
      shown, so she is granted to know that every hidden cell is at least 1.
    - Other cells are hidden only where that is needed: few rather than many, small rather
      than large, cells rather than totals.

    Raises ValueError for what is no frame, a threshold below 1 (1 hides nothing), for counts that
    are missing, negative or not whole, and for labels that repeat, have several levels or say
    Total.
    """
    threshold = _whole(threshold, "The threshold must be a whole number of 1 or more.")
    if threshold < 1:
        raise ValueError("The threshold must be a whole number of 1 or more.")
    if not hasattr(table, "columns"):
        raise ValueError("The counts must stand in a table: a frame with rows and columns.")
    rows, columns = _with_total(table.index), _with_total(table.columns)
    counts = _with_totals(_read(table))
    out = pd.DataFrame(counts, index=rows, columns=columns, dtype="Int64")
    for row, column in Network(counts, threshold).cells_to_hide():
        out.iat[row, column] = pd.NA
    return out


def _with_total(labels: "pd.Index[Any]") -> "pd.Index[Any]":
    if labels.nlevels > 1:
        raise ValueError("Rows and columns need labels of a single level.")
    if not labels.is_unique:
        raise ValueError("Two rows or two columns have the same label: rename one of them.")
    if TOTAL in labels:
        raise ValueError("A row or column is called Total already: leave the totals out.")
    return pd.Index([*labels, TOTAL], name=labels.name)


def _whole(value: Any, problem: str) -> int:
    try:
        whole = int(value) if isinstance(value, float) else operator.index(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(problem) from None
    if whole != value:
        raise ValueError(problem)
    return whole


def _read(table: pd.DataFrame) -> npt.NDArray[np.object_]:
    problem = "Every count must be a whole number of 0 or more, and none may be missing."
    counts = np.empty(table.shape, dtype=object)
    for place, value in np.ndenumerate(table.to_numpy(dtype=object)):
        counts[place] = _whole(value, problem)
        if counts[place] < 0:
            raise ValueError(problem)
    return counts


def _with_totals(counts: npt.NDArray[np.object_]) -> Counts:
    # Objects, so that the sums are Python's and cannot run over unnoticed.
    with_column = np.column_stack([counts, counts.sum(axis=1)])
    with_both: Counts = np.vstack([with_column, with_column.sum(axis=0)]).tolist()
    if with_both[-1][-1] > LARGEST:
        raise ValueError("The counts are too large to add up.")
    return with_both
