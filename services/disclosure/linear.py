"""Linear programmes: one set of rules, asked again and again for the smallest of other sums."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.float64]
_PRIMAL = 4  # HiGHS' number for the simplex that goes on from an answer to the next question


class Rules:
    """What numbers there can be: none negative, none beyond its limit, and sums that are so.

    The answer to one question is where the search for the next begins, which is most of the way
    where the questions are about the same few hundred numbers.
    """

    def __init__(
        self,
        *,
        equal: Any,
        values: Sequence[float] | Numbers,
        at_least: Any,
        least: Sequence[float],
        limits: Numbers,
    ) -> None:
        """`equal` and `at_least` are sparse matrices, a line a rule and a column a number."""
        import highspy
        from scipy import sparse

        rows = sparse.vstack([equal, at_least]).tocsr()
        known, low = np.asarray(values, dtype=float), np.asarray(least, dtype=float)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = rows.shape
        model.col_cost_ = model.col_lower_ = np.zeros(rows.shape[1])
        model.col_upper_ = limits
        model.row_lower_ = np.concatenate([known, low])
        model.row_upper_ = np.concatenate([known, np.full(len(low), highspy.kHighsInf)])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = rows.indptr
        model.a_matrix_.index_ = rows.indices
        model.a_matrix_.value_ = rows.data
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.silent()
        self._solver.setOptionValue("simplex_strategy", _PRIMAL)
        self._solver.passModel(model)
        self._columns = np.arange(rows.shape[1], dtype=np.int32)
        self._optimal = highspy.HighsModelStatus.kOptimal

    def smallest(self, goal: Numbers) -> Numbers | None:
        """Numbers for which the sum of `goal` times each is smallest; None where there are none."""
        self._solver.changeColsCost(len(goal), self._columns, goal)
        self._solver.run()
        if self._solver.getModelStatus() != self._optimal:
            return None
        return np.asarray(self._solver.getSolution().col_value)
