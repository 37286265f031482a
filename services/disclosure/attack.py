"""What somebody who has every table can work out, by linear programming over the parts."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from services.disclosure.linear import Numbers, Rules
from services.disclosure.tables import TOTAL, Cell, Indices, System

# A total tells more than a single cell: it goes when three others would not do instead.
TOTAL_WEIGHT = 3
# No part has to be possible beyond all there are and this.
_BEYOND = 100.0
_CLOSE = 1e-6
_LATER = 1e-4


@dataclass(slots=True)
class Figure:
    """One cell of one table: of which parts it is the sum, and whether it may yet be hidden."""

    table: int
    cell: Cell
    parts: Indices
    count: int
    is_new: bool
    hidden: bool

    @property
    def price(self) -> float:
        """What it costs to hide it."""
        totals = sum(value == TOTAL for value in self.cell)
        return float(TOTAL_WEIGHT**totals) * math.log2(1 + self.count)


@dataclass(frozen=True, slots=True)
class _Known:
    """All that is known while these figures are hidden: sums that are so, and sums of 1 or more.

    `group` numbers the parts that hang together; what is known of one group says nothing of
    another. `asked` are the groups that were asked about, each with its rules.
    """

    equal: list[tuple[Indices, float]]
    at_least_one: list[Indices]
    ties: list[tuple[Indices, Indices]]
    group: Indices
    asked: dict[tuple[int, ...], tuple[Indices, Rules]] = field(default_factory=dict)


class Attacker:
    """Everything she knows, as equations over the parts of a system."""

    def __init__(self, system: System, figures: Sequence[Figure]) -> None:
        self.figures, self.truth, self._ties = figures, system.truth, system.ties
        self.size = len(system.truth)
        self._most = float(system.truth.sum()) + _BEYOND
        self._zero = system.impossible.copy()
        for one in figures:
            if one.count == 0 and not one.hidden:
                self._zero[one.parts] = True
        self._free = [one.parts[~self._zero[one.parts]] for one in figures]
        self._kept: tuple[bytes, _Known] | None = None

    def most(self, parts: Indices, *, least: bool = False) -> Numbers | None:
        """A way all could be in which these parts are as many as possible, or as few."""
        known = self._known()
        groups = tuple(np.unique(known.group[parts]).tolist())
        if groups not in known.asked:
            known.asked[groups] = self._asked(known, groups)
        columns, rules = known.asked[groups]
        goal = np.zeros(self.size)
        goal[parts] = 1.0 if least else -1.0
        solved = rules.smallest(goal[columns])
        return None if solved is None else self._world(columns, solved)

    def _asked(self, known: _Known, groups: tuple[int, ...]) -> tuple[Indices, Rules]:
        """All that is known of these groups, with the parts in them that may be anything."""
        mine = np.isin(known.group, groups) & ~self._zero
        columns = np.flatnonzero(mine)
        equal = [(row, value) for row, value in known.equal if mine[row[0]]]
        ties = [pair for pair in known.ties if mine[np.concatenate(pair)[0]]]
        below = [row for row in known.at_least_one if mine[row[0]]]
        rules = Rules(
            equal=_beneath(
                _matrix([row for row, _ in equal], columns, self.size),
                _matrix([a for a, _ in ties], columns, self.size)
                - _matrix([b for _, b in ties], columns, self.size),
            ),
            values=[value for _, value in equal] + [0.0] * len(ties),
            at_least=_matrix(below, columns, self.size),
            least=[1.0] * len(below),
            limits=np.full(len(columns), self._most),
        )
        return columns, rules

    def cheapest(
        self, parts: Indices, target: float, *, at_most: bool = False
    ) -> tuple[Numbers, list[Figure]] | None:
        """A way in which they are `target` or more, or less; and what to hide for it at least."""
        columns = np.flatnonzero(~self._zero)
        width = len(columns)
        shown = [n for n, one in enumerate(self.figures) if not one.hidden and len(self._free[n])]
        movable = [n for n in shown if self.figures[n].is_new and self.figures[n].count]
        hidden = [n for n, one in enumerate(self.figures) if one.hidden and one.count]
        # Of two that are as dear the later goes: whoever solves it, the same is hidden.
        prices = [self.figures[n].price * (1 - _LATER * n / len(self.figures)) for n in movable]
        counts = [float(self.figures[n].count) for n in movable]
        sums = _matrix([self._free[n] for n in shown], columns, self.size)
        ties = _matrix([self._live(a) for a, _ in self._ties], columns, self.size) - _matrix(
            [self._live(b) for _, b in self._ties], columns, self.size
        )
        below = _beneath(
            _matrix([self._free[n] for n in hidden], columns, self.size),
            _matrix([self._live(parts)], columns, self.size) * (-1 if at_most else 1),
        )
        rules = Rules(
            equal=_beneath(_beside(sums, _slack(shown, movable)), _wider(ties, 2 * len(movable))),
            values=[float(self.figures[n].count) for n in shown] + [0.0] * len(self._ties),
            at_least=_wider(below, 2 * len(movable)),
            least=[1.0] * len(hidden) + [-target if at_most else target],
            # Whatever is hidden is known not to be zero: a figure can sink to 1 and no further.
            limits=np.concatenate(
                [np.full(width + len(movable), self._most), [n - 1 for n in counts]]
            ),
        )
        solved = rules.smallest(np.concatenate([np.zeros(width), prices, prices]))
        if solved is None:
            return None
        moved = np.abs(solved[width:]).reshape(2, -1).sum(axis=0) > _CLOSE
        hide = [self.figures[n] for n, is_moved in zip(movable, moved, strict=True) if is_moved]
        return self._world(columns, solved[:width]), hide

    def reach(self, parts: Indices) -> set[int]:
        """Every part about which anything could follow from these."""
        known = self._known()
        return set(np.flatnonzero(np.isin(known.group, known.group[parts])).tolist())

    def _world(self, columns: Indices, solved: Numbers) -> Numbers:
        """What was worked out, and the truth of all that it says nothing of."""
        world = self.truth.copy()
        world[columns] = solved
        return world

    def _live(self, parts: Indices) -> Indices:
        return parts[~self._zero[parts]]

    def _known(self) -> _Known:
        hidden = bytes(one.hidden for one in self.figures)
        if self._kept is None or self._kept[0] != hidden:
            self._kept = hidden, self._work_out()
        return self._kept[1]

    def _work_out(self) -> _Known:
        sums = {
            row.tobytes(): (row, float(one.count))
            for one, row in zip(self.figures, map(np.sort, self._free), strict=True)
            if not one.hidden and len(row)
        }
        ties = self._carry_over(sums)
        above = self._not_implied(row for row, value in sums.values() if value)
        rows = [row for row, _ in sums.values()] + above + [np.concatenate(pair) for pair in ties]
        return _Known(list(sums.values()), above, ties, _groups(rows, self.size))

    def _carry_over(
        self, sums: dict[bytes, tuple[Indices, float]]
    ) -> list[tuple[Indices, Indices]]:
        """Add what is known of one side of a tie for the other; the ties that say more remain."""
        open_ties = [
            (np.sort(self._live(one)), np.sort(self._live(other))) for one, other in self._ties
        ]
        while True:
            remain: list[tuple[Indices, Indices]] = []
            for one, other in open_ties:
                known = sums.get(one.tobytes()), sums.get(other.tobytes())
                if known[0] and not known[1] and len(other):
                    sums[other.tobytes()] = other, known[0][1]
                elif known[1] and not known[0] and len(one):
                    sums[one.tobytes()] = one, known[1][1]
                elif not (known[0] and known[1]) and len(one) + len(other):
                    remain.append((one, other))
            if len(remain) == len(open_ties):
                return remain
            open_ties = remain

    def _not_implied(self, positive: Iterable[Indices]) -> list[Indices]:
        """The hidden figures of which nothing else says that they are 1 or more."""
        boxes = [set(row.tolist()) for row in positive]
        found = []
        hidden = [n for n, one in enumerate(self.figures) if one.hidden and one.count]
        for number in sorted(hidden, key=lambda n: len(self._free[n])):
            box = set(self._free[number].tolist())
            if not any(other <= box for other in boxes):
                found.append(self._free[number])
                boxes.append(box)
        return found


def _groups(rows: Iterable[Indices], size: int) -> Indices:
    """Numbers for the parts, the same for those that stand in a row together."""
    from scipy import sparse

    pairs = [(np.repeat(row[0], len(row)), row) for row in rows if len(row)]
    if not pairs:
        return np.arange(size)
    one = np.concatenate([first for first, _ in pairs])
    other = np.concatenate([row for _, row in pairs])
    graph = sparse.coo_matrix((np.ones(len(one)), (one, other)), shape=(size, size))
    _, group = sparse.csgraph.connected_components(graph, directed=False)
    return np.asarray(group, dtype=np.int64)


def _matrix(rows: Sequence[Indices], columns: Indices, size: int) -> Any:
    """One line a row, with 1 for each of its parts; over these columns only."""
    from scipy import sparse

    place = np.full(size, -1)
    place[columns] = np.arange(len(columns))
    where = place[np.concatenate(rows)] if rows else np.zeros(0, dtype=int)
    lines = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    shape = (len(rows), len(columns))
    return sparse.csr_matrix((np.ones(len(where)), (lines, where)), shape=shape)


def _slack(shown: Sequence[int], movable: Sequence[int]) -> Any:
    """For each shown figure that may be hidden, by how much it is raised and lowered."""
    from scipy import sparse

    place = {number: row for row, number in enumerate(shown)}
    rows = [place[number] for number in movable] * 2
    values = [-1.0] * len(movable) + [1.0] * len(movable)
    shape = (len(shown), 2 * len(movable))
    return sparse.csr_matrix((values, (rows, np.arange(2 * len(movable)))), shape=shape)


def _beside(left: Any, right: Any) -> Any:
    from scipy import sparse

    return sparse.hstack([left, right])


def _beneath(upper: Any, lower: Any) -> Any:
    from scipy import sparse

    return sparse.vstack([upper, lower])


def _wider(matrix: Any, by: int) -> Any:
    from scipy import sparse

    return sparse.hstack([matrix, sparse.csr_matrix((matrix.shape[0], by))])
