"""An attacker with every table ever released and linear programming: she may pin nothing hidden.

She shares no code with the service. Her unknowns are the finest there are, everybody by every
column and day at once, so she knows all that any two tables have in common.
"""

import itertools
import math
import random
from collections.abc import Sequence
from contextlib import suppress as suppressed
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from services import clock
from services.disclosure import suppress
from services.disclosure.linked import CannotHideError, Released, protect
from services.disclosure.tables import TOTAL, Cell, Population, Table

Q1, Q2, Q3 = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)
PROGRAMMES = ("craft", "steps", "talk")
AGES = ("0-9", "10-17", "18-34", "35+")
SEXES = ("female", "male", "not asked")
LABELS = {"programme": PROGRAMMES, "age": AGES, "sex": SEXES}


def programme_of(seed: int, people: int) -> Population:
    """An invented programme: some columns lean on each other, some values are rare."""
    chance = random.Random(seed)
    rows = [
        (
            Q1 + timedelta(days=chance.randrange(270)),
            chance.choices(PROGRAMMES, (6, 3, 1))[0],
            chance.choices(AGES, (2, 1, 6, chance.choice((0, 4))))[0],
            chance.choices(SEXES, (8, 1, 1))[0],
            1,
        )
        for _ in range(people)
    ]
    return Population(
        pd.DataFrame(rows, columns=["day", "programme", "age", "sex", "count"]), LABELS
    )


def table(*by: str, first: date = Q1, last: date = date(2026, 9, 30), **where: str) -> Table:
    return Table("people", by, first, last, tuple(where.items()))


class Attacker:
    """Reads tables, and says between what bounds a count must lie."""

    def __init__(
        self, population: Population, released: Sequence[Released], alike: str | None = None
    ) -> None:
        self.population, labels = population, population.labels
        edges = {one.table.first for one in released}
        edges |= {one.table.last + timedelta(days=1) for one in released}
        self.starts = sorted(edges)[:-1]
        self.names = list(labels)
        self.parts = list(
            itertools.product(range(len(self.starts)), *(labels[name] for name in self.names))
        )
        self.columns = list(zip(*self.parts, strict=True))
        self.people = self.count()
        self.known: list[tuple[np.ndarray, float]] = []
        self.hidden: list[np.ndarray] = []
        for one in released:
            for cell, count in population.counts(one.table).items():
                if cell in one.hidden:
                    self.hidden.append(self.box(one.table, cell))
                else:
                    self.known.append((self.box(one.table, cell), count))
        if alike:
            self.know_alike(alike)

    def know_alike(self, name: str) -> None:
        """Everybody is counted once in each line of this column: so all lines come to the same."""
        for at in range(len(self.starts)):
            here = np.array(self.columns[0]) == at
            line, *others = (
                (here & (np.array(self.columns[self.names.index(name) + 1]) == label)).astype(float)
                for label in self.population.labels[name]
            )
            self.known += [(line - other, 0) for other in others]

    def box(self, table: Table, cell: Cell, at: int | None = None) -> np.ndarray:
        """The parts a cell is the sum of; in one stretch of days alone if it is named."""
        wanted = dict(table.where) | {
            name: value for name, value in zip(table.by, cell, strict=True) if value != TOTAL
        }
        numbers, *columns = self.columns
        there = np.array([table.first <= self.starts[n] <= table.last for n in numbers])
        if at is not None:
            there &= np.array(numbers) == at
        for name, column in zip(self.names, columns, strict=True):
            if name in wanted:
                there &= np.array(column) == wanted[name]
        return there.astype(float)

    def bounds(self, box: np.ndarray) -> tuple[float, float]:
        ends = []
        for sign in (1, -1):
            solved = linprog(
                sign * box,
                A_eq=np.array([row for row, _ in self.known]) if self.known else None,
                b_eq=np.array([count for _, count in self.known]) if self.known else None,
                A_ub=-np.array(self.hidden) if self.hidden else None,
                b_ub=-np.ones(len(self.hidden)) if self.hidden else None,
                bounds=(0, None),
            )
            assert solved.status in {0, 3}
            ends.append(-sign * math.inf if solved.status == 3 else sign * float(solved.fun or 0))
        return math.ceil(ends[0] - 1e-6), math.floor(min(ends[1], 1e9) + 1e-6)

    def finds(self, released: Sequence[Released], threshold: int) -> list[str]:
        """Every small count she can tell to be small, or pins nearer than the threshold."""
        found = []
        for one in released:
            counts = self.population.counts(one.table)
            for cell in counts:
                for at in (None, *range(len(self.starts))):
                    box = self.box(one.table, cell, at)
                    true = self.true(box)
                    if not 0 < true < threshold:
                        continue
                    low, high = self.bounds(box)
                    assert low <= true <= high
                    if high < threshold or high - low < threshold - 1:
                        found.append(f"{one.table} {cell} {at}: {true} in {low}..{high}")
        return found

    def true(self, box: np.ndarray) -> int:
        return round(float(box @ self.people))

    def count(self) -> np.ndarray:
        """How many people each part has in truth."""
        units = self.population.units
        days = [day.toordinal() for day in units["day"]]
        number = np.searchsorted([day.toordinal() for day in self.starts], days, side="right") - 1
        counted = units.assign(number=number).groupby(["number", *self.names])["count"].sum()
        return np.array([counted.get(part, 0) for part in self.parts])


def release(
    population: Population,
    tables: Sequence[Table],
    threshold: int,
    earlier: Sequence[Released] = (),
) -> list[Released]:
    hidden = protect(population, tables, threshold, earlier=earlier)
    return [Released(one, cells) for one, cells in zip(tables, hidden, strict=True)]


def attack(
    population: Population,
    released: Sequence[Released],
    threshold: int,
    alike: str | None = None,
) -> list[str]:
    return Attacker(population, released, alike).finds(released, threshold)


LINKED = [table("programme"), table("programme", "age"), table("programme", "sex"), table("age")]


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(10, 150), st.sampled_from([5, 10]))
def test_linked_tables_let_nothing_small_be_worked_out(
    seed: int, people: int, threshold: int
) -> None:
    population = programme_of(seed, people)
    released = release(population, LINKED, threshold)

    assert attack(population, released, threshold) == []


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(20, 200), st.sampled_from([5, 10]))
def test_nothing_is_worked_out_from_releases_one_after_the_other(
    seed: int, people: int, threshold: int
) -> None:
    population = programme_of(seed, people)
    released: list[Released] = []
    for wanted in (
        [table("programme", "age", last=Q2 - timedelta(days=1))],
        [table("age", first=Q2, last=Q3 - timedelta(days=1))],
        [table("programme", "age"), table("sex")],
        [table("age", programme="craft")],
    ):
        try:
            released += release(population, wanted, threshold, released)
        except CannotHideError:
            continue

    assert attack(population, released, threshold) == []


QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")
STANDS = ("in time", "not")


def volunteers(seed: int, people: int) -> Population:
    """As `trained` and `supported`: everybody once in each line, in time or not."""
    chance = random.Random(seed)
    rows = [
        (day, what, chance.choices(STANDS, (6, 1))[0], 1)
        for day in [Q1 + timedelta(days=chance.randrange(270)) for _ in range(people)]
        for what in AGES
    ]
    frame = pd.DataFrame(rows, columns=["day", "what", "stands", "count"])
    return Population(frame, {"what": AGES, "stands": STANDS})


def by_quarter(seed: int, people: int, name: str, labels: tuple[str, ...]) -> Population:
    """As `cohorts`, `cover`, `weighed` and `beside_wait`: by a day's quarter, and in what part."""
    chance = random.Random(seed)
    days = [Q1 + timedelta(days=chance.randrange(270)) for _ in range(people)]
    rows = [
        (day, clock.quarter(day), chance.choices(labels, range(1, len(labels) + 1))[0], 1)
        for day in days
    ]
    frame = pd.DataFrame(rows, columns=["day", "quarter", name, "count"])
    return Population(frame, {"quarter": QUARTERS, name: labels})


@pytest.mark.parametrize("threshold", [5, 10])
@pytest.mark.parametrize(
    ("name", "labels", "by"),
    [
        ("stood", tuple(f"{row}: {how}" for row in "abc" for how in STANDS), ("quarter", "stood")),
        ("part", ("Open", "Asked", "Covered"), ("quarter", "part")),
        ("programme", PROGRAMMES, ("quarter",)),
        ("when", ("waiting", "in groups"), ("when",)),
    ],
)
def test_what_reports_count_by_quarter_lets_nothing_small_be_worked_out(
    name: str, labels: tuple[str, ...], by: tuple[str, ...], threshold: int
) -> None:
    for seed in range(2):
        population = by_quarter(seed, 13 + 60 * seed, name, labels)
        released = release(population, [table(*by, last=Q3 - timedelta(days=1))], threshold)
        with suppressed(CannotHideError):
            released += release(population, [table(*by)], threshold, released)
        assert attack(population, released, threshold) == []


@pytest.mark.parametrize("threshold", [5, 10])
def test_lines_that_count_the_same_people_let_nothing_small_be_worked_out(threshold: int) -> None:
    for seed in range(4):
        population = volunteers(seed, 12 + 8 * seed)
        released = release(population, [table("what", "stands")], threshold)
        assert attack(population, released, threshold, alike="what") == []


def test_the_attacker_succeeds_where_each_table_is_protected_by_itself() -> None:
    """She would not be worth passing if she never found anything."""
    succeeded = 0
    for seed in range(8):
        population = programme_of(seed, 25 + 5 * seed)
        released = [alone(population, one, 5) for one in LINKED]
        succeeded += bool(attack(population, released, 5))
    assert succeeded


def alone(population: Population, one: Table, threshold: int) -> Released:
    """The table as `suppress` gives it, knowing of no other."""
    frame = pd.DataFrame(0, index=list(LABELS[one.by[0]]), columns=["n"])
    if len(one.by) > 1:
        frame = pd.DataFrame(0, index=list(LABELS[one.by[0]]), columns=list(LABELS[one.by[1]]))
    for cell, count in population.counts(one).items():
        if TOTAL not in cell:
            frame.loc[cell if len(one.by) > 1 else (cell[0], "n")] = count
    shown = suppress(frame, threshold)
    hidden = set()
    for cell in population.cells(one):
        row, column = cell if len(one.by) > 1 else (cell[0], TOTAL)
        if shown.isna().at[row, column]:
            hidden.add(cell)
    return Released(one, frozenset(hidden))


def test_the_attacker_takes_one_period_from_another_without_the_ledger() -> None:
    succeeded = 0
    for seed in range(8):
        population = programme_of(seed, 80)
        most = release(population, [table("age", last=date(2026, 9, 20))], 5)
        whole = release(population, [table("age")], 5)
        succeeded += bool(attack(population, [*most, *whole], 5))
    assert succeeded


def test_a_cell_below_the_threshold_is_never_shown() -> None:
    population = programme_of(3, 90)
    (hidden,) = protect(population, [table("programme", "age")], 5)
    counts = population.counts(table("programme", "age"))

    assert {cell for cell, count in counts.items() if 0 < count < 5} <= hidden


def test_the_example_of_the_field_hides_what_it_says() -> None:
    """D §3.6: of 23, 3, 6, 1, 0 with 33 in all, 3, 1 and 6 are hidden."""
    labels = ("a", "b", "c", "d", "e")
    rows = [(Q1, label, n) for label, n in zip(labels, (23, 3, 6, 1, 0), strict=True)]
    units = pd.DataFrame(rows, columns=["day", "kind", "count"])
    population = Population(units, {"kind": labels})

    (hidden,) = protect(population, [table("kind")], 5)

    assert hidden == {("b",), ("c",), ("d",)}


def test_nobody_at_all_is_a_table_of_zeros() -> None:
    empty = programme_of(0, 0)
    assert protect(empty, [table("programme", "age")], 10) == [frozenset()]
    assert protect(empty, [], 10) == []


def test_a_release_that_would_differ_from_an_earlier_one_by_three_people_hides_more() -> None:
    rows = [(Q1, "craft", 40), (Q1, "steps", 40), (Q3, "craft", 3), (Q3, "steps", 9)]
    units = pd.DataFrame(rows, columns=["day", "programme", "count"])
    population = Population(units, {"programme": ("craft", "steps")})
    before = release(population, [table("programme", last=Q3 - timedelta(days=1))], 5)
    assert before[0].hidden == frozenset()

    (alone,) = protect(population, [table("programme")], 5)
    (beside,) = protect(population, [table("programme")], 5, earlier=before)

    assert alone == frozenset()
    assert ("craft",) in beside


def test_what_leaves_no_way_is_refused() -> None:
    """Zeros are always shown: here they say that the five of one programme are two ages."""
    rows = [
        (Q1, "craft", "0-9", 2),
        (Q1, "craft", "10-17", 3),
        (Q1, "steps", "10-17", 10),
        (Q1, "steps", "18-34", 10),
    ]
    units = pd.DataFrame(rows, columns=["day", "programme", "age", "count"])
    population = Population(units, {"programme": PROGRAMMES, "age": AGES})
    before = release(population, [table("programme")], 5)
    before += release(population, [table("age")], 5, before)

    with pytest.raises(CannotHideError, match="released before"):
        protect(population, [table("programme", "age")], 5, earlier=before)


def test_a_year_after_its_quarters_hides_what_the_quarters_held_on_to() -> None:
    """Of a hidden pair that adds up to six, each can be from 1 to 5 and no more."""
    rows = [
        (Q1, "craft", "female", 20), (Q1, "craft", "male", 3), (Q1, "craft", "not asked", 3),
        (Q3, "craft", "female", 20), (Q3, "craft", "male", 40), (Q3, "craft", "not asked", 40),
    ]  # fmt: skip
    units = pd.DataFrame(rows, columns=["day", "programme", "sex", "count"])
    population = Population(units, {"programme": PROGRAMMES, "sex": SEXES})
    before = release(population, [table("sex", last=Q3 - timedelta(days=1))], 5)
    before += release(population, [table("sex", first=Q3)], 5, before)

    (year,) = protect(population, [table("sex")], 5, earlier=before)

    assert year == {("male",), ("not asked",)}
