"""The Talking and Feelings Steps of one child, as the three who know it see them.

A practice tool of our own (domain §2.6), not validated: it shows steps and gives no verdicts.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import pandas as pd
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Group, MeasureForm, Person, Place
from services import audit
from services.apart import apart
from services.errors import NotFoundError
from services.frames import typed
from services.measures.measure_counts import STEPS, rated_strands
from services.measures.measure_library import measure
from services.measures.measure_words import POINTS, VIEWS
from services.permissions import Actor, Permission
from services.unchanged import while_unchanged
from services.visibility import visible_people, visible_places

PRACTICE_TOOL = (
    "The Talking and Feelings Steps are a practice tool of our own and have not been validated: "
    "they start conversations and prove nothing about a single child. A rise does not show what "
    "brought it about: children move on with time too."
)
TOP_STEP = 4
TEXT_LINE = 0.5  # steps that a line of small text takes up beside a chart
Row: TypeAlias = dict[str, Any]
_FORMS = ["place", "group", "point", "taken_on", "respondent", "strand", "step", "outcome"]
_PATH = ["strand", "counts", "order", "view", "point", "step", "label", "label_at"]


def strand_labels() -> dict[str, str]:
    """The eight strands in the order of the form: key to words."""
    return {part.key: part.label for part in measure(STEPS).subscales}


def step_words() -> dict[int, str]:
    """What each step from 0 to 4 means."""
    return dict(measure(STEPS).options.labels)


def of_child(db: Session, actor: Actor, person_ref: str) -> pd.DataFrame:
    """All steps forms of one child in groups she may see; the look is written in the audit log.

    One row a form and strand: place, group, point, taken_on, respondent, strand, step (NA where
    it was not seen or the form was not filled in), outcome; by date. Raises NotFoundError for a
    child she may not know of.
    """
    actor.require(Permission.RECORD_MEASURES)
    found = _forms_she_may_see(db, actor, person_ref)
    audit.viewed(db, actor, f"steps:{person_ref}")
    return found


@while_unchanged
def _forms_she_may_see(db: Session, actor: Actor, person_ref: str) -> pd.DataFrame:
    known = select(Person.id).where(Person.ref == person_ref, visible_people(actor))
    person_id = db.scalar(known)
    if person_id is None:
        raise NotFoundError("child")
    return forms_of(db, person_id, visible_places(actor))


def forms_of(db: Session, person_id: int, seen: ColumnElement[bool]) -> pd.DataFrame:
    """The rows of `of_child` in the places named; the caller has asked, and notes the look."""
    query = (
        select(MeasureForm, Place.ref, Group.code_name)
        .join(Place, Place.id == MeasureForm.place_id)
        .join(Group, Group.id == Place.group_id)
        .where(Place.person_id == person_id, MeasureForm.measure == STEPS, seen)
        .order_by(MeasureForm.taken_on, MeasureForm.id)
    )
    rows = [
        (place, group, form.point, form.taken_on, form.respondent, strand, step, form.outcome)
        for form, place, group in db.execute(query)
        for strand, step in _strand_by_strand(form)
    ]
    return typed(rows, _FORMS, {"step": "Int64"})


def path(forms: pd.DataFrame) -> pd.DataFrame:
    """The rated steps of `of_child` for one place, as a chart shows them.

    Columns: strand, counts (empty), order, view, point, step, label, and the ends of the lines
    as in `name_lines`. A strand nobody rated has one row that says so. Empty without forms.
    """
    labels, words = strand_labels(), step_words()
    order = {key: place for place, key in enumerate(labels)}
    columns = ("strand", "respondent", "point", "step")
    rows: list[Row] = [
        {
            "strand": labels[strand],
            "counts": "",
            "order": order[strand],
            "view": VIEWS[respondent],
            "point": POINTS[point],
            "step": step,
            "label": words[step],
        }
        for strand, respondent, point, step in zip(
            *(forms[column].tolist() for column in columns), strict=True
        )
        if not pd.isna(step)
    ]
    rows.sort(key=lambda row: row["order"])  # each strand's three views beside each other
    named = name_every_strand(name_lines(rows, "step"), "not seen so far")
    return pd.DataFrame(named, columns=_PATH)


def by_point(row: Row) -> int:
    """Where a row's point stands: start, middle, end, follow-up."""
    return list(POINTS.values()).index(row["point"])


def name_lines(
    rows: Sequence[Row], value: str, *, when: Callable[[Row], int] = by_point
) -> list[Row]:
    """Add label_at: how high the name of each line stands, 0 to 4.

    Set at the last point of each line only; names that would overlap are moved apart.
    """
    ends: dict[str, dict[str, int]] = {}
    for at in sorted(range(len(rows)), key=lambda at: when(rows[at])):
        ends.setdefault(rows[at]["strand"], {})[rows[at]["view"]] = at
    heights: dict[int, float] = {}
    for of_strand in ends.values():
        rising = sorted(of_strand.values(), key=lambda at: float(rows[at][value]))
        found = apart((float(rows[at][value]) for at in rising), TEXT_LINE, TOP_STEP)
        heights.update(zip(rising, found, strict=True))
    return [{**row, "label_at": heights.get(at)} for at, row in enumerate(rows)]


def name_every_strand(rows: list[Row], reason: str) -> list[Row]:
    """Add a row for each strand without any, its label saying why; nothing where there is none."""
    return name_every(rows, strand_labels().values(), reason)


def name_every(rows: list[Row], names: Iterable[str], reason: str) -> list[Row]:
    """The same for other bands of a chart than strands."""
    seen = {row["strand"] for row in rows}
    return rows + [
        {"strand": words, "counts": "", "order": order, "label": reason}
        for order, words in enumerate(names)
        if rows and words not in seen
    ]


def in_words(steps: pd.DataFrame) -> str:
    """What the chart of a child's path shows, for whom it is read aloud."""
    columns = (steps[column].tolist() for column in ("strand", "point", "view"))
    rated = [row for row in zip(*columns, strict=True) if not pd.isna(row[-1])]
    strands, points, views = (len({row[column] for row in rated}) for column in range(3))
    return (
        f"One child’s steps from 0 to 4 in {strands} strands, at {points} points, in {views} views."
    )


def _strand_by_strand(form: MeasureForm) -> Iterator[tuple[str, int | None]]:
    rated = dict(rated_strands(form))
    return ((strand, rated.get(strand)) for strand in strand_labels())
