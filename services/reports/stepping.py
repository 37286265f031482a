"""Children's steps: whom a report counts, its section on them, and charts taken out."""

from collections import Counter
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from models import Tally
from services.children.child_steps import name_every, name_every_strand, name_lines, strand_labels
from services.children.children import LEVELS, MOVES, TOO_FEW_HERE
from services.children.children_compared import By, Child, part_of, parts_of
from services.children.step_figures import counted as with_counts
from services.children.step_figures import levels, levels_in_words, moved, moves_in_words
from services.disclosure.tables import TOTAL, Population
from services.measures.measure_counts import MISSING, POINT_NUMBERS
from services.measures.measure_words import POINTS, VIEWS
from services.releases import Counts
from services.reports.parts import (
    NOT_CAUSED,
    TITLES,
    Asked,
    Chart,
    Draws,
    Section,
    Wanted,
    begins,
    counted,
    kept_counts,
    labels,
    rows_of,
)
from services.tallies.shares import MEANS_FROM, share
from services.tallies.tallies import Kind

UP, NOT_UP = "Up a step or more", "Not up"
_ABOUT = (
    "The Talking and Feelings Steps, a tool of our own that has not been validated. The child’s, "
    "the parent’s or carer’s and the practitioner’s views are never averaged."
)
_NAMES = {By.AGE: "age at the start", By.LEVEL: "where they began", By.PARENT: "with a parent"}
_CHARTS = {2: "two_parts", 3: "three_parts", 4: "strand_moves"}


def strands(db: Session, first: date, last: date) -> Population:
    """Children's steps from start to end, from kept counts: by the quarter their group began."""
    found: Counter[tuple[object, ...]] = Counter()
    for row in kept_counts(db, Kind.STRAND_PAIR, first, last):
        went = UP if row.second > row.first else NOT_UP
        found[begins(row.period), row.period, row.programme, _both(row.key), went] += row.count
    return counted(found, labels(db, first, last, strand=_every(), moved=(UP, NOT_UP)))


def steps(db: Session, first: date, last: date) -> Population:
    """Children's steps at each point, likewise; `key`, `number` and `step` say which."""
    found: Counter[tuple[object, ...]] = Counter()
    points = {number: POINTS[point] for point, number in POINT_NUMBERS.items()}
    for row in kept_counts(db, Kind.STRAND, first, last):
        where = begins(row.period), row.period, row.programme, _both(row.key), points[row.first]
        found[*where, row.key, row.first, row.second] += row.count
    known = labels(db, first, last, strand=_every(), point=tuple(points.values()))
    return counted(found, known, "key", "number", "step")


def in_parts(db: Session, strand: str, first: date, last: date) -> Population:
    """Children with both forms in one strand, by part and view for each way of telling apart."""
    rows = kept_counts(db, Kind.CHILD, first, last, Tally.key.startswith(f"{strand}:"))
    found: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        _strand, view, age, parent = row.key.split(":")
        child = Child(view, age, parent, row.first, row.second, row.count)
        if MISSING not in (child.start, child.end):
            parts = [_part_and_view(child, by) for by in By]
            went = UP if child.end > child.start else NOT_UP
            found[begins(row.period), row.period, row.programme, *parts, went] += row.count
    ways = {by.value: (*_parts_and_views(by).values(), _NO_PART) for by in By}
    return counted(found, labels(db, first, last, **ways, moved=(UP, NOT_UP)))


def children(asked: Asked) -> Section:
    """Who moved up, and the middle step at each point, by strand and view."""
    return Section(
        "children",
        TITLES["children"],
        "Children with a start and an end form of the Talking and Feelings Steps, in groups that "
        "began in quarters lying whole in the period. The child’s, the parent’s or carer’s and the "
        "practitioner’s views stand side by side. It is a tool of our own.",
        (moved_up(asked), at_each_point(asked)),
        (NOT_CAUSED,),
    )


def moved_up(asked: Asked) -> Wanted:
    """The share a step or more higher at the end, by strand and view."""
    return Wanted(
        UP,
        asked.table("strands", "strand", "moved"),
        "Strand and view",
        says=lambda counts, _: [
            f"{strand}: {share(up, of).words}."
            for strand in rows_of(counts)
            for up, of in [(counts[strand, UP], counts[strand, TOTAL])]
            if up is not None and of is not None and of >= MEANS_FROM
        ],
        draws=_moves_chart,
        about=f"From start to end, the same children, with the 95% interval. {_ABOUT}",
    )


def at_each_point(asked: Asked) -> Wanted:
    """The middle child's step at each point, by strand and view."""
    return Wanted(
        "Children rated at each point",
        asked.table("steps", "strand", "point"),
        "Strand and view",
        draws=_levels_chart,
        about=f"The middle child’s step, 0 (not yet) to 4 (by themselves and in new places). Not "
        f"all children are at each point. {_ABOUT}",
    )


def compared(asked: Asked, by: str, strand: str) -> Wanted:
    """One strand by parts of the children: who moved up."""
    title = f"{strand_labels()[strand]}: {UP.lower()}, by {_NAMES[By(by)]}"
    return Wanted(
        title,
        asked.table(f"in_parts:{strand}", by, "moved"),
        "Children and view",
        draws=_compared_chart(By(by), title),
        about=f"From start to end, the same children, with the 95% interval. {_ABOUT}",
    )


def _moves_chart(counts: Counts, _: Population) -> Chart | None:
    rows = [
        {"strand": words, "order": order, "view": view} | moved(up, of)
        for order, words in enumerate(strand_labels().values())
        for view in VIEWS.values()
        for up, of in [_up_of(counts, f"{words}, {view.lower()}")]
        if up is not None and of is not None
    ]
    if not rows:
        return None
    named = name_every_strand(with_counts(rows), TOO_FEW_HERE)
    frame = pd.DataFrame(named, columns=MOVES)
    return Chart("all_strand_moves", frame, moves_in_words(rows))


def _up_of(counts: Counts, row: str) -> tuple[int | None, int | None]:
    up, of = counts.get((row, UP)), counts.get((row, TOTAL))
    return (up, of) if of is not None and of >= MEANS_FROM else (None, None)


def _levels_chart(counts: Counts, people: Population) -> Chart | None:
    units = people.units.groupby(["key", "number", "step"])["count"].sum().reset_index()
    # A median is of as many as the table shows, and of ten or more (domain §3.6).
    rows = [
        row
        for row in levels(units.itertuples(index=False, name=None))
        if row["people"] >= MEANS_FROM
        and counts.get((f"{row['strand']}, {row['view'].lower()}", row["point"])) is not None
    ]
    if not rows:
        return None
    lines = name_every_strand(name_lines(with_counts(rows), "median"), TOO_FEW_HERE)
    frame = pd.DataFrame(lines, columns=LEVELS)
    return Chart("all_strand_paths", frame, levels_in_words(rows))


def _compared_chart(by: By, title: str) -> Draws:
    def draws(counts: Counts, _: Population) -> Chart | None:
        parts = parts_of(by, ())
        rows = [
            {"strand": words, "order": order, "view": said} | moved(up, of)
            for order, (part, words) in enumerate(parts.items())
            for view, said in VIEWS.items()
            for up, of in [_up_of(counts, _parts_and_views(by)[part, view.value])]
            if up is not None and of is not None
        ]
        if not rows:
            return None
        named = name_every(with_counts(rows), parts.values(), TOO_FEW_HERE)
        frame = pd.DataFrame(named, columns=MOVES)
        return Chart(_CHARTS[len(parts)], frame, f"{title}. {moves_in_words(rows)}")

    return draws


_NO_PART = "In no part"


def _parts_and_views(by: By) -> dict[tuple[str, str], str]:
    return {
        (part, view.value): f"{words}, {said.lower()}"
        for part, words in parts_of(by, ()).items()
        for view, said in VIEWS.items()
    }


def _part_and_view(child: Child, by: By) -> str:
    return _parts_and_views(by).get((part_of(child, by) or "", child.view), _NO_PART)


def _both(key: str) -> str:
    """A kept key such as asking_for_help:parent as a table's label."""
    strand, _, view = key.partition(":")
    views = {respondent.value: words for respondent, words in VIEWS.items()}
    return f"{strand_labels()[strand]}, {views[view].lower()}"


def _every() -> tuple[str, ...]:
    return tuple(
        f"{name}, {view.lower()}" for name in strand_labels().values() for view in VIEWS.values()
    )
