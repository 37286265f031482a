"""Medians of the Steps and shares moving up, from counts: pure, for a programme or one group.

The child's, the parent's and the practitioner's views stand side by side, never averaged.
"""

from collections import Counter
from collections.abc import Iterable

from models import Respondent
from services.children.child_steps import Row, by_point, strand_labels
from services.measures.measure_counts import POINT_NUMBERS
from services.measures.measure_words import POINTS, VIEWS
from services.tallies.shares import numbered, share


def levels_in_words(shown: list[Row]) -> str:
    """What a chart of levels shows, for whom it is read aloud."""
    if not shown:
        return ""
    lines: dict[str, dict[str, list[str]]] = {}
    for row in sorted(shown, key=by_point):
        line = lines.setdefault(row["strand"], {}).setdefault(row["view"], [])
        line.append(f"{row['point'].lower()} {row['median']:g}")
    said = []
    for strand, views in lines.items():
        each = (f"{view} {', '.join(steps)}" for view, steps in views.items())
        said.append(f"{strand}: {'; '.join(each)}.")
    least, most = (end(row["people"] for row in shown) for end in (min, max))
    return (
        f"Median steps from 0 to 4, of {least:,} to {numbered(most, 'child', 'children')} at each "
        f"point. {' '.join(said)}"
    )


def moves_in_words(shown: list[Row]) -> str:
    """What a chart of moves shows, for whom it is read aloud."""
    lines = [f"{row['strand']}, {row['view']}: {row['label']}." for row in shown]
    return "Children a step or more higher at the end. " + " ".join(lines)


def levels(rated: Iterable[tuple[str, int, int, int]]) -> list[Row]:
    """One row a strand, view and point from counts of (key, point, step)."""
    points = {number: POINTS[point] for point, number in POINT_NUMBERS.items()}
    steps: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for key, number, step, count in rated:
        steps.setdefault((key, number), []).append((step, count))
    rows = []
    for (key, number), times in steps.items():
        people, median = sum(count for _, count in times), _median(times)
        label = f"{median:g}, {numbered(people, 'child', 'children')}"
        level = {"point": points[number], "median": median, "people": people, "label": label}
        rows.append(_named(key) | level)
    return sorted(rows, key=lambda row: row["order"])


def moves(pairs: Iterable[tuple[str, int, int, int]]) -> list[Row]:
    """One row a strand and view from counts of (key, step at the start, step at the end)."""
    people: Counter[str] = Counter()
    moved_up: Counter[str] = Counter()
    for key, start, end, count in pairs:
        people[key] += count
        moved_up[key] += count if end > start else 0
    rows = [_named(key) | moved(moved_up[key], of) for key, of in people.items()]
    return sorted(rows, key=lambda row: row["order"])


def moved(count: int, of: int) -> Row:
    """How many children moved up, of how many, with the share and its interval."""
    part = share(count, of)
    interval = {"share": part.share, "low": part.low, "high": part.high}
    words = {"counted": f"{count:,} of {of:,}", "label": part.words}
    return {"moved_up": count, "people": of} | interval | words


def counted(rows: list[Row]) -> list[Row]:
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
