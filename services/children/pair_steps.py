"""A child's path and its parent's beside it, in one group or in the two halves of a pair.

Each side is shown only to whoever may see that side's place: who facilitates the children's half
alone sees no parent's measure, and is told so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from models import (
    NEVER_TAKEN_UP,
    MeasureForm,
    Person,
    PersonKind,
    Place,
    Point,
    Respondent,
)
from services import audit
from services.children.child_steps import forms_of, name_lines, path
from services.children.step_sentences import ONE_POINT
from services.errors import NotFoundError
from services.groups.groups import find
from services.groups.pairs.halves import linked
from services.measures.measure_counts import STEPS
from services.measures.measure_library import measure
from services.measures.measure_words import POINTS, VIEWS, answered_by
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.visibility import visible_people, visible_places

LEAST_POINTS = 2
NO_PARENT = (
    "No parent or carer of this child has a place in this group or its other half that is open to "
    "you, so the child’s path stands alone here."
)
NO_VERDICT = (
    "Side by side and no more: that both rise, or one alone, does not show that one moved the "
    "other."
)
_WHOLE = ["view", "point", "total", "label", "label_at"]
_OWN = ["point", "total", "label", "low", "high"]
_ORDER = list(Point)
_DIRECTION = {True: "Higher is better.", False: "Lower is better.", None: ""}


class _Parent(NamedTuple):
    place_id: int
    ref: str
    name: str
    person_ref: str


@dataclass(frozen=True, slots=True)
class ParentPath:
    """One measure of a parent: frame as `charts.parent_path` wants it, and how to read it."""

    parent: str
    person_ref: str
    measure: str
    frame: pd.DataFrame
    direction: str
    in_words: str


@dataclass(frozen=True, slots=True)
class PairPath:
    """A child and whoever of its parents she may see.

    whole: the child's mean step by view and point, with the ends of the lines as in `name_lines`.
    strands: as `child_steps.path`.
    """

    child: str
    person_ref: str
    whole: pd.DataFrame
    strands: pd.DataFrame
    parents: tuple[ParentPath, ...]
    whole_in_words: str
    notes: tuple[str, ...]


def children(db: Session, actor: Actor, group_ref: str) -> dict[str, str]:
    """The children with a place in a group or the children's half of its pair: place to name."""
    actor.require(Permission.RECORD_MEASURES)
    groups = _both_halves(db, find(db, actor, group_ref).id)
    query = (
        select(Place.ref, *NAMED)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.group_id.in_(groups),
            Place.state.not_in(NEVER_TAKEN_UP),
            Person.kind == PersonKind.CHILD,
            visible_places(actor),
        )
    )
    found = {one.ref: full_name(one) for one in db.execute(query)}
    return dict(sorted(found.items(), key=lambda item: item[1].casefold()))


def of_child(db: Session, actor: Actor, place_ref: str) -> PairPath:
    """The two paths from a child's place; the look at each person is written in the audit log."""
    actor.require(Permission.RECORD_MEASURES)
    row = db.execute(
        select(Place, Person)
        .join(Person, Person.id == Place.person_id)
        .where(Place.ref == place_ref, Person.kind == PersonKind.CHILD, visible_places(actor))
    ).one_or_none()
    if row is None:
        raise NotFoundError("child")
    place, child = row
    forms = forms_of(db, child.id, (Place.id == place.id) & visible_places(actor))
    whole = _whole(db, place.id)
    parents = _parents(db, actor, place, child)
    audit.viewed(db, actor, f"steps:{child.ref}")
    for other in parents:
        audit.viewed(db, actor, f"measures:{other.ref}")
    paths = [one for other in parents for one in _own_paths(db, other)]
    # Those that say most about change stand first.
    paths.sort(key=lambda one: -len(one.frame))
    return PairPath(
        child=full_name(child),
        person_ref=child.ref,
        whole=whole,
        strands=path(forms),
        parents=tuple(paths),
        whole_in_words=_whole_in_words(whole),
        notes=tuple(_notes(whole, parents, paths)),
    )


def _both_halves(db: Session, group_id: int) -> list[int]:
    half = linked(db, group_id)
    return [group_id] if half is None else [group_id, half.other_id]


def _parents(db: Session, actor: Actor, place: Place, child: Person) -> list[_Parent]:
    """The adults of the family with a place beside the child that she may see."""
    query = (
        select(Place.id, Place.ref, Person.ref.label("person_ref"), *NAMED)
        .join(Person, Person.id == Place.person_id)
        .where(
            Place.group_id.in_(_both_halves(db, place.group_id)),
            Place.state.not_in(NEVER_TAKEN_UP),
            Person.family_id == child.family_id,
            Person.kind == PersonKind.ADULT,
            visible_places(actor),
            visible_people(actor),
        )
        .order_by(Place.id)
    )
    return [_Parent(one.id, one.ref, full_name(one), one.person_ref) for one in db.execute(query)]


def _whole(db: Session, place_id: int) -> pd.DataFrame:
    """The mean of the strands, which a form has if six of the eight were rated."""
    rows = [
        {
            "strand": "",
            "view": VIEWS[form.respondent],
            "point": POINTS[form.point],
            "total": form.total,
            "label": f"{form.total:.2f} of 4",
        }
        for form in _with_total(db, place_id, measure_key=STEPS)
    ]
    return pd.DataFrame(name_lines(rows, "total"), columns=_WHOLE)


def _own_paths(db: Session, parent: _Parent) -> Iterator[ParentPath]:
    """Each of her measures that has a score."""
    found: dict[tuple[str, Respondent], list[MeasureForm]] = {}
    for form in _with_total(db, parent.place_id):
        found.setdefault((form.measure, form.respondent), []).append(form)
    for (key, respondent), forms in found.items():
        asked = measure(key)
        if asked.range is None:
            continue
        rows = [
            {
                "point": POINTS[form.point],
                "total": form.total,
                "label": f"{form.total:.{asked.decimals}f}",
                "low": asked.range.low,
                "high": asked.range.high,
            }
            for form in forms
        ]
        title = f"{asked.short_title}, {answered_by(respondent)}"
        yield ParentPath(
            parent=parent.name,
            person_ref=parent.person_ref,
            measure=title,
            frame=pd.DataFrame(rows, columns=_OWN),
            direction=_DIRECTION[asked.higher_is_better],
            in_words=_own_in_words(title, rows),
        )


def _with_total(db: Session, place_id: int, *, measure_key: str | None = None) -> list[MeasureForm]:
    """Forms with a score by point, from start to follow-up."""
    wanted = MeasureForm.measure == measure_key if measure_key else true()
    query = select(MeasureForm).where(
        MeasureForm.place_id == place_id, MeasureForm.total.is_not(None), wanted
    )
    return sorted(db.scalars(query), key=lambda form: _ORDER.index(form.point))


def _whole_in_words(whole: pd.DataFrame) -> str:
    lines = [
        f"{view}: " + ", ".join(f"{row.point} {row.total:.2f}" for row in rows.itertuples()) + "."
        for view, rows in whole.groupby("view", sort=False)
    ]
    return " ".join(["The child’s mean step, 0 to 4.", *lines])


def _own_in_words(title: str, rows: list[dict[str, Any]]) -> str:
    ends = f"of {rows[0]['low']:g} to {rows[0]['high']:g}"
    return f"{title}, {ends}: " + ", ".join(f"{row['point']} {row['label']}" for row in rows) + "."


def _notes(
    whole: pd.DataFrame, parents: Sequence[_Parent], paths: Sequence[ParentPath]
) -> Iterator[str]:
    if not parents:
        yield NO_PARENT
    elif not paths:
        yield "This parent or carer has no form with a score yet."
    if whole.empty:
        yield "The child has no form with six of the eight strands rated yet, so it has no mean."
    elif whole["view"].value_counts().max() < LEAST_POINTS:
        yield ONE_POINT
    if any(len(one.frame) < LEAST_POINTS for one in paths):
        yield (
            "Where the parent has one form of a measure, it is a mark and no line: it says nothing "
            "about change."
        )
    yield NO_VERDICT
