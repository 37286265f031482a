"""How the children of one group come on: medians, who moved up, and whose forms are missing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from models import (
    NEVER_TAKEN_UP,
    Group,
    MeasureForm,
    Outcome,
    Person,
    PersonKind,
    Place,
    Point,
    Respondent,
)
from services import audit, clock
from services.children.child_steps import PRACTICE_TOOL, name_every_strand, name_lines
from services.children.children import LEAST_CHILDREN, LEVELS, MOVES, TOO_FEW_HERE
from services.children.step_figures import counted, levels, levels_in_words, moves, moves_in_words
from services.groups.groups import find
from services.measures.measure_counts import STEPS, cells
from services.measures.measure_words import POINTS, VIEWS
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.tallies.tallies import Cell, Kind
from services.unchanged import while_unchanged
from services.visibility import counted_children, visible_groups, visible_places

MOST_GROUPS = 50
LEAST_FOR_FACILITATORS = 2  # a median of one is that child's own step, and stands on its page
NOBODY = "No child has a place in this group, so there is nothing to show."
NOTHING_YET = (
    "No steps are recorded in this group yet. They are recorded under Measures, at the start, in "
    "the middle and at the end."
)
STAFF_ONLY = (
    "For staff of the house, on the screen: a group is too small for its figures to leave it."
)
_MISSING = ["view", "children", *POINTS.values(), "both"]


@dataclass(frozen=True, slots=True)
class GroupSteps:
    """The children of a group together; frames are empty where nothing can be said.

    levels and moves as in `children.Overview`. missing: view, children, how many have a form at
    each point, both (start and end).
    """

    levels: pd.DataFrame
    moves: pd.DataFrame
    missing: pd.DataFrame
    levels_in_words: str
    moves_in_words: str
    notes: tuple[str, ...]


@while_unchanged
def groups(db: Session, actor: Actor) -> dict[str, str]:
    """The groups with steps forms she may see the figures of, newest first: reference to name."""
    actor.require(Permission.READ_CHILD_STEPS)
    has_steps = (
        select(MeasureForm.id)
        .join(Place, Place.id == MeasureForm.place_id)
        .where(Place.group_id == Group.id, MeasureForm.measure == STEPS)
        .exists()
    )
    query = (
        select(Group.ref, Group.code_name)
        .where(visible_groups(actor), has_steps)
        .order_by(Group.starts_on.desc(), Group.id.desc())
        .limit(MOST_GROUPS)
    )
    return dict(db.execute(query).all())


def of_group(db: Session, actor: Actor, group_ref: str) -> GroupSteps:
    """The figures of one group; the look is written in the audit log.

    What it costs follows the group: its own forms are read, and nobody else's.
    """
    actor.require(Permission.READ_CHILD_STEPS)
    figures = _figures(db, actor, group_ref)
    audit.viewed(db, actor, f"group_steps:{group_ref}")
    return figures


@while_unchanged
def _figures(db: Session, actor: Actor, group_ref: str) -> GroupSteps:
    group = find(db, actor, group_ref)
    children = _children(db, actor, group)
    forms = _forms(db, children)
    kept: Counter[Cell] = Counter()
    for of_place in forms.values():
        kept.update(cells(group.programme, clock.quarter(group.starts_on), of_place))
    least = _least(actor)
    found = levels(_of_kind(kept, Kind.STRAND))
    shown = [level for level in found if level["people"] >= least]
    went_up = [one for one in moves(_of_kind(kept, Kind.STRAND_PAIR)) if one["people"] >= least]
    return GroupSteps(
        levels=pd.DataFrame(_drawn_levels(shown), columns=LEVELS),
        moves=pd.DataFrame(name_every_strand(counted(went_up), TOO_FEW_HERE), columns=MOVES),
        missing=_missing(len(children), forms),
        levels_in_words=levels_in_words(shown),
        moves_in_words=moves_in_words(went_up) if went_up else "",
        notes=tuple(_notes(len(children), least, found=found, shown=shown, went_up=went_up)),
    )


def children(db: Session, actor: Actor, group_ref: str) -> pd.DataFrame:
    """The children of one of her groups by name: ref, name, forms (how many steps forms)."""
    actor.require(Permission.RECORD_MEASURES)
    group = find(db, actor, group_ref)
    query = (
        select(Place.id, *NAMED)
        .join(Person, Person.id == Place.person_id)
        .where(_child_in(group), visible_places(actor))
        .order_by(Place.asked_at, Place.id)
    )
    found: list[Row[*tuple[Any, ...]]] = list(db.execute(query).all())
    forms = _forms(db, [one.id for one in found])
    rows = [
        (one.person_ref, full_name(one), sum(1 for form in forms.get(one.id, ()) if form.answers))
        for one in found
    ]
    frame = pd.DataFrame(rows, columns=["ref", "name", "forms"])
    return frame.sort_values("name", key=lambda names: names.str.casefold(), ignore_index=True)


def _least(actor: Actor) -> int:
    """Her facilitators know each child; a lead sees nothing that rests on very few."""
    if actor.may(Permission.RECORD_MEASURES):
        return LEAST_FOR_FACILITATORS
    return LEAST_CHILDREN


def _child_in(group: Group) -> Any:
    return (
        (Place.group_id == group.id)
        & Place.state.not_in(NEVER_TAKEN_UP)
        & (Person.kind == PersonKind.CHILD)
    )


def _children(db: Session, actor: Actor, group: Group) -> list[int]:
    """The places of the children."""
    query = (
        select(Place.id)
        .join(Person, Person.id == Place.person_id)
        .where(_child_in(group), counted_children(actor))
    )
    return list(db.scalars(query))


def _forms(db: Session, places: list[int]) -> dict[int, list[MeasureForm]]:
    query = select(MeasureForm).where(
        MeasureForm.place_id.in_(places), MeasureForm.measure == STEPS
    )
    found: dict[int, list[MeasureForm]] = {}
    for form in db.scalars(query):
        found.setdefault(form.place_id, []).append(form)
    return found


def _of_kind(kept: Counter[Cell], kind: Kind) -> list[tuple[str, int, int, int]]:
    """In the order in which the kept counts come."""
    return sorted(
        (cell.key, cell.first, cell.second, times)
        for cell, times in kept.items()
        if cell.kind is kind
    )


def _drawn_levels(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return name_every_strand(name_lines(counted(shown), "median"), TOO_FEW_HERE)


def _missing(children: int, forms: dict[int, list[MeasureForm]]) -> pd.DataFrame:
    """For each view how many children have a form, filled in, at each point."""
    rows = []
    for view, words in VIEWS.items():
        at = {place: _points(of_place, view) for place, of_place in forms.items()}
        has = {said: sum(point in each for each in at.values()) for point, said in POINTS.items()}
        both = sum({Point.START, Point.END} <= each for each in at.values())
        rows.append({"view": words, "children": children, **has, "both": both})
    return pd.DataFrame(rows if children else [], columns=_MISSING)


def _points(forms: Iterable[MeasureForm], view: Respondent) -> set[Point]:
    return {
        form.point for form in forms if form.respondent is view and form.outcome is Outcome.ANSWERED
    }


def _notes(
    children: int,
    least: int,
    *,
    found: list[dict[str, Any]],
    shown: list[dict[str, Any]],
    went_up: list[dict[str, Any]],
) -> Iterator[str]:
    if not children:
        yield NOBODY
        return
    if not found:
        yield NOTHING_YET
        return
    if not shown:
        yield (
            f"Fewer than {least} children have steps in any strand, so there is no median to show: "
            "a median of one would be that child’s own step."
        )
    elif len(shown) < len(found):
        yield f"Strands rated for fewer than {least} children at a point are left out."
    if shown and not went_up:
        yield (
            "Too few children have a form at the start and at the end: nothing can be said about "
            "who moved up yet."
        )
    if went_up and not any(one["moved_up"] for one in went_up):
        yield "Nobody with both forms stands a step or more higher at the end than at the start."
    yield PRACTICE_TOOL
    yield STAFF_ONLY
