"""Tables that count the same people, as one system: what each figure is the sum of.

A population is a frame with a `day`, a `count` and a column for each way it can be broken down.
Everybody in it has one day, so counts of two periods can be added, and taken from one another.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from services import clock
from services.tallies import quarters

TOTAL = "Total"
QUARTER = "quarter"  # the one column that says nothing but what the day says, as in 2026-Q4

Cell: TypeAlias = tuple[str, ...]  # a value, or Total, for each column the table is broken down by
Indices: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of a population by one or two of its columns, with totals, over a period.

    `where` fixes other columns to one value each.
    """

    of: str
    by: tuple[str, ...]
    first: date
    last: date
    where: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Every column it depends on."""
        return frozenset(self.by) | {name for name, _ in self.where}


@dataclass(frozen=True, slots=True)
class Population:
    """Who is counted: `units` with day, count and columns, and the values each column can have."""

    units: pd.DataFrame
    labels: Mapping[str, tuple[str, ...]]

    def cells(self, table: Table) -> list[Cell]:
        """Every cell of a table, totals last in each line."""
        return list(itertools.product(*([*self.labels[name], TOTAL] for name in table.by)))

    def counts(self, table: Table) -> dict[Cell, int]:
        """What is true of each cell."""
        inside = self.units[(self.units["day"] >= table.first) & (self.units["day"] <= table.last)]
        for name, value in table.where:
            inside = inside[inside[name] == value]
        found = dict.fromkeys(self.cells(table), 0)
        summed = inside.groupby(list(table.by), observed=True)["count"].sum()
        for values, count in summed.items():
            key = values if isinstance(values, tuple) else (values,)
            for cell in itertools.product(*((value, TOTAL) for value in key)):
                found[cell] += int(count)
        return found


@dataclass(slots=True)
class System:
    """The smallest parts that these tables tell apart, as variables with their true values.

    Tables that share columns share parts. Two sets of columns that overlap are tied together by
    equations (`ties`): what they have in common adds up to the same in both.
    """

    population: Population
    tables: Sequence[Table]
    starts: list[date] = field(init=False)
    impossible: npt.NDArray[np.bool_] = field(init=False)
    truth: npt.NDArray[np.float64] = field(init=False)
    ties: list[tuple[Indices, Indices]] = field(init=False, default_factory=list)
    _blocks: dict[tuple[str, ...], Indices] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        edges = {one.first for one in self.tables} | {
            one.last + timedelta(days=1) for one in self.tables
        }
        if any(QUARTER in one.columns for one in self.tables):
            edges |= _begin_between(min(edges), max(edges))
        self.starts = sorted(edges)
        sets = sorted({one.columns for one in self.tables}, key=lambda s: (-len(s), sorted(s)))
        widest = [s for n, s in enumerate(sets) if not any(s < other for other in sets[:n])]
        parts = []
        size = 0
        for columns in (tuple(sorted(one)) for one in widest):
            values = self._true_parts(columns)
            self._blocks[columns] = np.arange(size, size + values.size).reshape(values.shape)
            parts.append(values.ravel())
            size += values.size
        self.truth = np.concatenate(parts) if parts else np.zeros(0)
        self.impossible = np.zeros(size, dtype=bool)
        self._rule_out()
        self._tie()

    def figure(self, table: Table, cell: Cell) -> Indices:
        """The parts that a cell is the sum of."""
        return np.concatenate(self.figure_by_period(table, cell))

    def figure_by_period(self, table: Table, cell: Cell) -> list[Indices]:
        """The same for each of the shortest periods that the tables tell apart."""
        block, axes = self._home(table.columns)
        fixed = dict(table.where) | {
            name: value for name, value in zip(table.by, cell, strict=True) if value != TOTAL
        }
        where = tuple(
            self.population.labels[name].index(fixed[name]) if name in fixed else slice(None)
            for name in axes
        )
        return [block[(number, *where)].ravel() for number in self._periods(table)]

    def parts_of(self, table: Table) -> Indices:
        """Each part by itself, in the table's periods."""
        block, _ = self._home(table.columns)
        return block[self._periods(table)].ravel()

    def _periods(self, table: Table) -> list[int]:
        return [
            number
            for number, start in enumerate(self.starts[:-1])
            if table.first <= start <= table.last
        ]

    def _home(self, columns: frozenset[str]) -> tuple[Indices, tuple[str, ...]]:
        axes = next(axes for axes in self._blocks if columns <= set(axes))
        return self._blocks[axes], axes

    def _true_parts(self, columns: tuple[str, ...]) -> npt.NDArray[np.float64]:
        labels, units = self.population.labels, self.population.units
        shape = (len(self.starts) - 1, *(len(labels[name]) for name in columns))
        values = np.zeros(shape)
        if units.empty:
            return values
        days = np.array([day.toordinal() for day in units["day"]])
        place = np.searchsorted([day.toordinal() for day in self.starts], days, side="right") - 1
        inside = (place >= 0) & (place < shape[0])
        codes = [pd.Categorical(units[name], categories=labels[name]).codes for name in columns]
        np.add.at(
            values,
            (place[inside], *(code[inside] for code in codes)),
            units["count"].to_numpy()[inside],
        )
        return values

    def _rule_out(self) -> None:
        """Nobody of one quarter has a day in another."""
        for axes, block in self._blocks.items():
            if QUARTER not in axes:
                continue
            by_quarter = np.moveaxis(block, axes.index(QUARTER) + 1, 1)
            for number, start in enumerate(self.starts[:-1]):
                for place, label in enumerate(self.population.labels[QUARTER]):
                    if label != clock.quarter(start):
                        self.impossible[by_quarter[number, place].ravel()] = True

    def _tie(self) -> None:
        pairs = list(itertools.combinations(self._blocks, 2))
        # What two sets share most of first: much of what others share follows from that.
        pairs.sort(key=lambda pair: -len(set(pair[0]) & set(pair[1])))
        covered = {pair: set(self._covered(*pair)) for pair in pairs}
        for number in range(len(self.starts) - 1):
            for one, other in _needed([pair for pair in pairs if number in covered[pair]]):
                self._tie_in_period(number, one, other)

    def _tie_in_period(self, number: int, one: tuple[str, ...], other: tuple[str, ...]) -> None:
        shared = sorted(set(one) & set(other))
        for at in itertools.product(*(range(len(self.population.labels[n])) for n in shared)):
            fixed = dict(zip(shared, at, strict=True))
            self.ties.append(
                (
                    _slice(self._blocks[one], one, number, fixed),
                    _slice(self._blocks[other], other, number, fixed),
                )
            )

    def _covered(self, *blocks: tuple[str, ...]) -> list[int]:
        """The periods in which some table looks at each of these sets of columns."""
        looked_at = [
            {n for table in self.tables if table.columns <= set(axes) for n in self._periods(table)}
            for axes in blocks
        ]
        return sorted(set.intersection(*looked_at))


def _needed(
    pairs: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The pairs of sets of columns that say all there is to say of them.

    What agrees with a third set agrees with each other: a pair is left out where others before it
    lead from one to the other over sets that share as much.
    """
    kept: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for one, other in pairs:
        shared = set(one) & set(other)
        near = [pair for pair in kept if shared <= set(pair[0]) & set(pair[1])]
        reached, grown = {one}, True
        while grown:
            found = {end for pair in near if reached & set(pair) for end in pair} - reached
            reached |= found
            grown = bool(found)
        if other not in reached:
            kept.append((one, other))
    return kept


def _slice(block: Indices, axes: tuple[str, ...], number: int, fixed: Mapping[str, int]) -> Indices:
    place: tuple[Any, ...] = tuple(fixed.get(name, slice(None)) for name in axes)
    found: Indices = block[(number, *place)].ravel()
    return found


def _begin_between(first: date, last: date) -> set[date]:
    """The days after the first on which a quarter begins."""
    return {day for q in quarters.between(first, last) if (day := quarters.days_of(q)[0]) > first}
