"""Hiding small counts in linked tables together, and beside what was released before.

Whoever has all the tables knows: every count is a whole number, parts are not negative, totals
add up, a zero is always shown, and two tables of the same people agree where they overlap. What
she can work out of a hidden cell is found by linear programming (D §3.6; Kelly, Golden and Assad
1992, Networks 22:397, for one table).
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.disclosure.tables import TOTAL, Cell, Indices, Population, System, Table

# A total tells more than a single cell: it goes when three others would not do instead.
TOTAL_WEIGHT = 3
# How many problems may be solved to show again what later cells made superfluous.
MOST_TRIES = 150
_CLOSE = 1e-6

Numbers = npt.NDArray[np.float64]


class CannotHideError(ValueError):
    """With what was released before, a small number could be worked out whatever is hidden."""


@dataclass(frozen=True, slots=True)
class Released:
    """A table that has left already, and which of its cells were hidden."""

    table: Table
    hidden: frozenset[Cell]


@dataclass(slots=True)
class _Figure:
    """One cell of one table: of which parts it is the sum, and whether it may yet be hidden."""

    table: int
    cell: Cell
    parts: Indices
    count: int
    is_new: bool
    hidden: bool

    @property
    def price(self) -> float:
        totals = sum(value == TOTAL for value in self.cell)
        return float(TOTAL_WEIGHT**totals) * math.log2(1 + self.count)


@dataclass(slots=True)
class _Small:
    """A count below the threshold, shown or not, with the least and most it was seen to allow."""

    parts: Indices
    low: float
    high: float
    cannot: bool = False


def protect(
    population: Population,
    new: Sequence[Table],
    threshold: int,
    *,
    earlier: Sequence[Released] = (),
) -> list[frozenset[Cell]]:
    """The cells of each new table to hide, so that none below the threshold can be worked out.

    - No cell from 1 to threshold - 1 is shown in a new table.
    - Nobody who has all the tables, new and earlier, can tell of such a cell that it is below
      the threshold, or pin it to a range narrower than threshold - 1. That holds as well for
      what two tables differ by: the days or the programmes that one has and another has not.
    - Few cells are hidden beyond those, and rather small ones than totals.

    Raises CannotHideError when earlier releases leave no way.
    """
    tables = [*new, *(one.table for one in earlier)]
    if not tables:
        return []
    system = System(population, tables)
    figures = _figures(system, new, earlier, threshold)
    attacker = _Attacker(system, figures)
    small = _small(system, tables, threshold)
    for one in small:
        _make_safe(attacker, one, small, threshold)
    stuck = [one for one in small if one.cannot]
    if stuck and not _known_already(system, figures, stuck, threshold):
        raise CannotHideError(
            "Together with what was released before, this would let a small number be worked out."
        )
    _show_what_is_not_needed(attacker, [one for one in small if not one.cannot], threshold)
    return [
        frozenset(one.cell for one in figures if one.is_new and one.table == number and one.hidden)
        for number in range(len(new))
    ]


def _figures(
    system: System, new: Sequence[Table], earlier: Sequence[Released], threshold: int
) -> list[_Figure]:
    found = []
    for number, table in enumerate([*new, *(one.table for one in earlier)]):
        is_new = number < len(new)
        before = frozenset() if is_new else earlier[number - len(new)].hidden
        for cell in system.population.cells(table):
            parts = system.figure(table, cell)
            count = round(system.truth[parts].sum())
            hidden = 0 < count < threshold if is_new else cell in before
            found.append(_Figure(number, cell, parts, count, is_new, hidden))
    return found


def _small(system: System, tables: Iterable[Table], threshold: int) -> list[_Small]:
    """Everything below the threshold: cells, cells in a part of the period, and single parts."""
    found: dict[tuple[int, ...], _Small] = {}
    for table in tables:
        boxes = [np.array([part]) for part in system.parts_of(table)] if table.where else []
        for cell in system.population.cells(table):
            boxes += [*system.figure_by_period(table, cell), system.figure(table, cell)]
        for box in boxes:
            count = system.truth[box].sum()
            if 0 < count < threshold:
                found.setdefault(tuple(sorted(box)), _Small(box, count, count))
    return sorted(found.values(), key=lambda one: one.low)


class _Attacker:
    """Everything she knows, as equations over the parts."""

    def __init__(self, system: System, figures: Sequence[_Figure]) -> None:
        from scipy import sparse

        self.figures, self.truth = figures, system.truth
        self.size = len(system.truth)
        self._sparse = sparse
        self._sums = self._rows([one.parts for one in figures])
        plus, minus = [a for a, _ in system.ties], [b for _, b in system.ties]
        self._ties = self._rows(plus) - self._rows(minus)
        # No part is larger than all together: a limit beyond anything that has to be possible.
        self._most = float(system.truth.sum()) + 100
        self._zero = system.impossible.copy()
        for one in figures:
            if one.count == 0 and not one.hidden:
                self._zero[one.parts] = True

    def most(self, parts: Indices, *, least: bool = False) -> Numbers | None:
        """A way all could be in which these parts are as many as possible, or as few."""
        goal = np.zeros(self.size)
        goal[parts] = 1.0 if least else -1.0
        return self._solve(goal)

    def cheapest(self, parts: Indices, target: float) -> tuple[Numbers, list[_Figure]] | None:
        """A way in which they are `target`, and the fewest shown figures to hide for it."""
        movable = [n for n, one in enumerate(self.figures) if _may_be_hidden(one)]
        goal = np.concatenate(
            [np.zeros(self.size), np.tile([self.figures[n].price for n in movable], 2)]
        )
        solved = self._solve(goal, movable=movable, at_least=(parts, target))
        if solved is None:
            return None
        moved = np.abs(solved[self.size :]).reshape(2, -1).sum(axis=0) > _CLOSE
        hide = [self.figures[n] for n, is_moved in zip(movable, moved, strict=True) if is_moved]
        return solved[: self.size], hide

    def agrees(self, figure: _Figure, world: Numbers) -> bool:
        """Whether that figure is what it is in truth."""
        return bool(abs(world[figure.parts].sum() - figure.count) < _CLOSE)

    def _rows(self, boxes: Sequence[Indices]) -> Any:
        lengths = [len(box) for box in boxes]
        columns = np.concatenate(boxes) if boxes else np.zeros(0, dtype=int)
        rows = np.repeat(np.arange(len(boxes)), lengths)
        shape = (len(boxes), self.size)
        return self._sparse.csr_matrix((np.ones(len(columns)), (rows, columns)), shape=shape)

    def _solve(
        self,
        goal: Numbers,
        *,
        movable: Sequence[int] = (),
        at_least: tuple[Indices, float] | None = None,
    ) -> Numbers | None:
        from scipy.optimize import linprog

        hidden = [n for n, one in enumerate(self.figures) if one.hidden and one.count]
        shown = [n for n, one in enumerate(self.figures) if not one.hidden and one.count]
        counts = np.array([one.count for one in self.figures], dtype=float)
        places = {number: place for place, number in enumerate(movable)}
        slack = self._sparse.lil_matrix((len(shown), 2 * len(movable)))
        for row, number in enumerate(shown):
            if number in places:
                slack[row, places[number]] = -1.0
                slack[row, len(movable) + places[number]] = 1.0
        wide = self._sparse.csr_matrix((self._ties.shape[0], 2 * len(movable)))
        equal = self._sparse.vstack(
            [
                self._sparse.hstack([self._sums[shown], slack]),
                self._sparse.hstack([self._ties, wide]),
            ]
        ).tocsr()
        lower = [self._sums[hidden]]
        bounds_below = [-1.0] * len(hidden)
        if at_least is not None:
            lower.append(self._rows([at_least[0]]))
            bounds_below.append(-at_least[1])
        below = self._sparse.vstack(lower)
        below = self._sparse.hstack(
            [-below, self._sparse.csr_matrix((below.shape[0], 2 * len(movable)))]
        ).tocsr()
        limits = [(0.0, 0.0 if zero else self._most) for zero in self._zero]
        limits += [(0.0, self._most) for _ in movable]
        # Whatever is hidden is known not to be zero: a figure can sink to 1 and no further.
        limits += [(0.0, counts[number] - 1) for number in movable]
        solved = linprog(
            goal,
            A_ub=below if below.shape[0] else None,
            b_ub=bounds_below if below.shape[0] else None,
            A_eq=equal if equal.shape[0] else None,
            b_eq=np.concatenate([counts[shown], np.zeros(self._ties.shape[0])])
            if equal.shape[0]
            else None,
            bounds=limits,
            method="highs",
        )
        return np.asarray(solved.x) if solved.status == 0 else None


def _may_be_hidden(figure: _Figure) -> bool:
    return figure.is_new and not figure.hidden and figure.count > 0


def _make_safe(attacker: _Attacker, one: _Small, small: Collection[_Small], threshold: int) -> None:
    """Hide what it takes for this count to be as large as the threshold, and in doubt enough."""
    for least in (False, True):
        if _is_safe(one, threshold):
            return
        _learn(attacker.most(one.parts, least=least), small)
    if _is_safe(one, threshold):
        return
    target = max(threshold, math.ceil(one.low - _CLOSE) + threshold - 1)
    found = attacker.cheapest(one.parts, target)
    if found is None:
        one.cannot = True
        return
    world, hide = found
    for figure in hide:
        figure.hidden = True
    _learn(world, small)


def _is_safe(one: _Small, threshold: int) -> bool:
    low, high = math.ceil(one.low - _CLOSE), math.floor(one.high + _CLOSE)
    return high >= threshold and high - low >= threshold - 1


def _learn(world: Numbers | None, small: Iterable[_Small]) -> None:
    """One way all could be tells of every count what it could be."""
    if world is None:
        return
    for one in small:
        value = world[one.parts].sum()
        one.low, one.high = min(one.low, value), max(one.high, value)


def _known_already(
    system: System, figures: Sequence[_Figure], stuck: Sequence[_Small], threshold: int
) -> bool:
    """Whether earlier releases alone give these away: then the new one takes nothing from them."""
    alone = _Attacker(system, [one for one in figures if not one.is_new])
    for one in stuck:
        again = _Small(one.parts, one.low, one.high)
        _learn(alone.most(one.parts), [again])
        _learn(alone.most(one.parts, least=True), [again])
        if _is_safe(again, threshold):
            return False
    return True


def _show_what_is_not_needed(attacker: _Attacker, small: Sequence[_Small], threshold: int) -> None:
    """Later cells often protect earlier ones too: show what that makes superfluous."""
    extra = [
        one for one in attacker.figures if one.is_new and one.hidden and one.count >= threshold
    ]
    tries = 0
    for figure in sorted(extra, key=lambda one: one.price, reverse=True):
        figure.hidden = False
        again = [
            _Small(one.parts, value, value)
            for one in small
            for value in [attacker.truth[one.parts].sum()]
        ]
        for one in again:
            for least in (False, True):
                if not _is_safe(one, threshold):
                    tries += 1
                    _learn(attacker.most(one.parts, least=least), again)
            if not _is_safe(one, threshold) or tries > MOST_TRIES:
                figure.hidden = True
                break
        if tries > MOST_TRIES:
            return
