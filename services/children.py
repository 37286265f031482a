"""Children's communication in a whole programme, from kept counts (domain §2.6).

Medians and who moved up, and no verdicts. The child's, the parent's and the practitioner's
views stand side by side and are never averaged together.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import pandas as pd
from sqlalchemy.orm import Session

from models import Respondent
from services.child_steps import (
    PRACTICE_TOOL,
    Row,
    name_every_strand,
    name_lines,
    strand_labels,
)
from services.measure_counts import POINT_NUMBERS
from services.measure_words import POINTS, VIEWS
from services.permissions import Actor, Permission
from services.shares import (
    SHOWN_OUTSIDE_FROM,
    WITHHELD,
    is_large_enough,
    sees_small_numbers,
    share,
)
from services.tallies import Kind
from services.tally_totals import totals

_Counts: TypeAlias = tuple[tuple[str, int, int, int], ...]
LEAST_CHILDREN = 5
TOO_FEW = f"Strands rated for fewer than {LEAST_CHILDREN} children at a point are left out."
TOO_FEW_HERE = "too few children to show"
NOTHING_YET = (
    "No steps have been recorded yet. Facilitators record them under Measures, at the start, in "
    "the middle and at the end, as the child, the parent or carer and the practitioner see them."
)
_LEVELS = [
    "strand", "counts", "order", "view", "point", "median", "people", "label", "view_label",
    "label_at",
]  # fmt: skip
_MOVES = [
    "strand", "counts", "order", "view", "moved_up", "people", "share", "low", "high", "counted",
    "label",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overview:
    """Every child's steps together; frames are empty where nothing can be said.

    levels: strand, counts, order, view, point, median (0-4), people, label, and the ends of the
    lines as in `name_lines`. moves (start to end, the same children): strand, order,
    view, moved_up (a step or more), people, share, low, high (95% Wilson), counted, label.
    A strand of which nothing can be shown has one row without a view that says so.
    """

    levels: pd.DataFrame
    moves: pd.DataFrame
    levels_in_words: str  # what the chart of levels shows, for whom it is read aloud
    moves_in_words: str
    notes: tuple[str, ...]


def overview(db: Session, actor: Actor, *, programme: str | None = None) -> Overview:
    """Medians at each point and the share moving up, by strand and view, from kept counts.

    Nothing is shown of fewer than five children, since a median of one is that child's own
    step. An evaluator sees nothing of fewer than ten, and no programme by itself.
    """
    actor.require(Permission.READ_OUTCOMES)
    rated = totals(db, actor, Kind.STRAND, "key", "first", "second", programme=programme)
    pairs = totals(db, actor, Kind.STRAND_PAIR, "key", "first", "second", programme=programme)
    return _worked_out(tuple(rated), tuple(pairs), sees_small_numbers(actor))


@lru_cache(maxsize=64)
def _worked_out(rated: _Counts, pairs: _Counts, sees_small: bool) -> Overview:
    """Remembered, since the same counts come back with every click until a form is saved."""
    levels, moves = _levels(rated), _moves(pairs)
    notes = [PRACTICE_TOOL if levels else NOTHING_YET]
    if sees_small:
        shown = [level for level in levels if level["people"] >= LEAST_CHILDREN]
        moves = [move for move in moves if move["people"] >= LEAST_CHILDREN]
        notes += [TOO_FEW] if len(shown) < len(levels) else []
    else:
        shown = [level for level in levels if level["people"] >= SHOWN_OUTSIDE_FROM]
        moves = [move for move in moves if is_large_enough(move["moved_up"], move["people"])]
        notes.append(WITHHELD)
    lines = name_every_strand(name_lines(_counted(shown), "median"), TOO_FEW_HERE)
    shares = name_every_strand(_counted(moves), TOO_FEW_HERE)
    return Overview(
        levels=pd.DataFrame(lines, columns=_LEVELS),
        moves=pd.DataFrame(shares, columns=_MOVES),
        levels_in_words=_levels_in_words(shown),
        moves_in_words=_moves_in_words(moves),
        notes=tuple(notes),
    )


def _levels_in_words(shown: list[Row]) -> str:
    if not shown:
        return ""
    people = [row["people"] for row in shown]
    return (
        f"Median steps from 0 to 4 of {len({row['strand'] for row in shown})} strands over time, "
        f"in {len({row['view'] for row in shown})} views, {min(people):,} to {max(people):,} "
        "children at each point."
    )


def _moves_in_words(moves: list[Row]) -> str:
    lines = [f"{row['strand']}, {row['view']}: {row['label']}." for row in moves]
    return "Children a step or more higher at the end. " + " ".join(lines)


def _levels(rated: Iterable[tuple[str, int, int, int]]) -> list[Row]:
    """One row a strand, view and point from counts of (key, point, step)."""
    points = {number: POINTS[point] for point, number in POINT_NUMBERS.items()}
    steps: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for key, number, step, count in rated:
        steps.setdefault((key, number), []).append((step, count))
    rows = []
    for (key, number), counted in steps.items():
        people, median = sum(count for _, count in counted), _median(counted)
        label = f"{median:g}, {people:,} {'child' if people == 1 else 'children'}"
        level = {"point": points[number], "median": median, "people": people, "label": label}
        rows.append(_named(key) | level)
    return sorted(rows, key=lambda row: row["order"])


def _moves(pairs: Iterable[tuple[str, int, int, int]]) -> list[Row]:
    """One row a strand and view from counts of (key, step at the start, step at the end)."""
    people: Counter[str] = Counter()
    moved_up: Counter[str] = Counter()
    for key, start, end, count in pairs:
        people[key] += count
        moved_up[key] += count if end > start else 0
    rows = []
    for key, of in people.items():
        part = share(moved_up[key], of)
        interval = {"share": part.share, "low": part.low, "high": part.high}
        counted = {"counted": f"{part.count:,} of {of:,}", "label": part.words}
        rows.append(_named(key) | {"moved_up": part.count, "people": of} | interval | counted)
    return sorted(rows, key=lambda row: row["order"])


def _counted(rows: list[Row]) -> list[Row]:
    """The same with `counts`: how many children each strand rests on."""
    people: dict[str, list[int]] = {}
    for row in rows:
        people.setdefault(row["strand"], []).append(row["people"])
    return [{**row, "counts": _from_to(people[row["strand"]])} for row in rows]


def _from_to(people: list[int]) -> str:
    low, high = min(people), max(people)
    return f"n = {low:,}" if low == high else f"n = {low:,} to {high:,}"


def _named(key: str) -> Row:
    """A kept key such as asking_for_help:parent as strand, its place on the form, and view."""
    strand, _, respondent = key.partition(":")
    order = list(strand_labels()).index(strand)
    return {
        "strand": strand_labels()[strand],
        "order": order,
        "view": VIEWS[Respondent(respondent)],
    }


def _median(counted: list[tuple[int, int]]) -> float:
    """The median of counted steps: the middle one, or halfway between the middle two."""
    people = sum(count for _, count in counted)
    return (_nth(counted, (people - 1) // 2) + _nth(counted, people // 2)) / 2


def _nth(counted: list[tuple[int, int]], number: int) -> int:
    """The step of the child with this number, from 0, when all stand in order of their steps."""
    for step, count in sorted(counted):
        number -= count
        if number < 0:
            return step
    raise ValueError("There are not so many.")
