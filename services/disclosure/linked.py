"""Hiding small counts in linked tables together, and beside what was released before.

Whoever has all the tables knows: every count is a whole number, parts are not negative, totals
add up, a zero is always shown, and two tables of the same people agree where they overlap. What
she can work out of a hidden cell is found by linear programming (D §3.6; Kelly, Golden and Assad
1992, Networks 22:397, for one table).
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from services.disclosure.attack import Attacker, Figure
from services.disclosure.linear import Numbers
from services.disclosure.tables import Cell, Indices, Population, System, Table

# How many problems may be solved to show again what later cells made superfluous.
MOST_TRIES = 60
_CLOSE = 1e-6


class CannotHideError(ValueError):
    """With what was released before, a small number could be worked out whatever is hidden."""


@dataclass(frozen=True, slots=True)
class Released:
    """A table that has left already, and which of its cells were hidden."""

    table: Table
    hidden: frozenset[Cell]


@dataclass(slots=True)
class _Small:
    """A count below the threshold, shown or not, with the least and most it was seen to allow."""

    parts: Indices
    count: float
    low: float
    high: float
    cannot: bool = False

    @property
    def bounds(self) -> tuple[int, int]:
        """The same in whole numbers."""
        return math.ceil(self.low - _CLOSE), math.floor(self.high + _CLOSE)


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
    attacker = Attacker(system, figures)
    small = _small(system, tables, threshold)
    alone = Attacker(system, [one for one in figures if not one.is_new])
    for one in small:
        _make_safe(attacker, one, small, threshold)
        # At once: to go through all the others first would take minutes, to say the same.
        if one.cannot and not _is_known_already(alone, one, threshold):
            raise CannotHideError(
                "Together with what was released before, this would let a small number be worked "
                "out."
            )
    _show_what_is_not_needed(attacker, [one for one in small if not one.cannot], threshold)
    return [
        frozenset(one.cell for one in figures if one.is_new and one.table == number and one.hidden)
        for number in range(len(new))
    ]


def _figures(
    system: System, new: Sequence[Table], earlier: Sequence[Released], threshold: int
) -> list[Figure]:
    found = []
    for number, table in enumerate([*new, *(one.table for one in earlier)]):
        is_new = number < len(new)
        before = frozenset() if is_new else earlier[number - len(new)].hidden
        for cell in system.population.cells(table):
            parts = system.figure(table, cell)
            count = round(system.truth[parts].sum())
            hidden = 0 < count < threshold if is_new else cell in before
            found.append(Figure(number, cell, parts, count, is_new, hidden))
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
                found.setdefault(tuple(sorted(box)), _Small(box, count, count, count))
    return sorted(found.values(), key=lambda one: one.low)


def _make_safe(attacker: Attacker, one: _Small, small: Collection[_Small], threshold: int) -> None:
    """Hide what it takes for this count to be as large as the threshold, and in doubt enough."""
    _look(attacker, one, small, threshold)
    if one.bounds[1] < threshold and not _widen(attacker, one, small, threshold):
        one.cannot = True
        return
    _look(attacker, one, small, threshold)
    low, high = one.bounds
    if high - low < threshold - 1:
        # From one end or from the other: what was released before may hold either of them.
        one.cannot = not _widen(attacker, one, small, low + threshold - 1) and not _widen(
            attacker, one, small, high - threshold + 1, at_most=True
        )


def _look(attacker: Attacker, one: _Small, small: Collection[_Small], threshold: int) -> None:
    """How large and how small it could be, as long as that is in question."""
    for least in (False, True):
        if not _is_safe(one, threshold):
            _learn(attacker.most(one.parts, least=least), small)


def _widen(
    attacker: Attacker,
    one: _Small,
    small: Collection[_Small],
    target: int,
    *,
    at_most: bool = False,
) -> bool:
    """Hide the cheapest figures for it to be able to reach the target; whether that can be."""
    found = attacker.cheapest(one.parts, target, at_most=at_most)
    if found is None:
        return False
    world, hide = found
    for figure in hide:
        figure.hidden = True
    _learn(world, small)
    return True


def _is_safe(one: _Small, threshold: int) -> bool:
    low, high = one.bounds
    return high >= threshold and high - low >= threshold - 1


def _learn(world: Numbers | None, small: Iterable[_Small]) -> None:
    """One way all could be tells of every count what it could be."""
    if world is None:
        return
    for one in small:
        value = world[one.parts].sum()
        one.low, one.high = min(one.low, value), max(one.high, value)


def _is_known_already(alone: Attacker, one: _Small, threshold: int) -> bool:
    """Whether earlier releases alone give it away: then the new one takes nothing from it."""
    again = _Small(one.parts, one.count, one.low, one.high)
    _learn(alone.most(one.parts), [again])
    _learn(alone.most(one.parts, least=True), [again])
    return not _is_safe(again, threshold)


def _show_what_is_not_needed(attacker: Attacker, small: Sequence[_Small], threshold: int) -> None:
    """Later cells often protect earlier ones too: show what that makes superfluous."""
    extra = [
        one for one in attacker.figures if one.is_new and one.hidden and one.count >= threshold
    ]
    tries = 0
    for figure in sorted(extra, key=lambda one: one.price, reverse=True):
        reach = attacker.reach(figure.parts)
        concerned = [one for one in small if not reach.isdisjoint(one.parts.tolist())]
        figure.hidden = False
        again = [_Small(one.parts, one.count, one.count, one.count) for one in concerned]
        for one in again:
            for least in (False, True):
                if not _is_safe(one, threshold):
                    tries += 1
                    _learn(attacker.most(one.parts, least=least), again)
            if not _is_safe(one, threshold):
                figure.hidden = True
                break
        if tries > MOST_TRIES:
            return
