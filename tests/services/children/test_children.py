"""Talking and Feelings Steps: one child's path, and everybody's, in three views side by side."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from itertools import pairwise
from statistics import median

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, Outcome, Person, PersonKind, Place, Point, Respondent
from services.children import child_steps, children, step_figures
from services.errors import NotFoundError, NotPermittedError
from services.measures import measures
from services.measures.measures import MeasureDraft
from services.permissions import Actor
from services.tallies import tallies
from services.tallies.shares import WITHHELD
from services.tallies.tallies import Cell, Kind
from tests.conftest import Statements
from tests.make import make_group, make_person, make_place

HELP, NAMING = "Asking for help", "Naming my feelings"


@pytest.fixture
def kite(db: Session, amina: Actor, ben: Actor) -> Group:
    """Ben's group for parents and children."""
    return make_group(db, amina, [ben], programme="side_by_side", code_name="Kite")


@pytest.fixture
def robin(db: Session, amina: Actor) -> Person:
    """A child."""
    return make_person(db, amina, "Robin", kind=PersonKind.CHILD)


@pytest.fixture
def place(db: Session, amina: Actor, kite: Group, robin: Person) -> Place:
    """Robin's place in Ben's group."""
    return make_place(db, amina, kite, robin)


def rate(
    db: Session, actor: Actor, place: Place, step: int | None, point: Point, view: Respondent
) -> None:
    """Every strand on the same step, but for the first, which was not seen."""
    answers: dict[int, float | None] = {1: None, **dict.fromkeys(range(2, 9), step)}
    draft = MeasureDraft(
        measure="steps",
        respondent=view,
        point=point,
        taken_on=date(2026, 9, 8) if point is Point.START else date(2026, 9, 16),
        answers=answers,
        outcome=Outcome.DECLINED if step is None else Outcome.ANSWERED,
    )
    measures.record(db, actor, place.ref, draft)


def keep(db: Session, strand: str, view: str, pairs: list[tuple[int, int]], **more: str) -> None:
    """Children rated at the start and at the end, straight into the counts."""
    where = (more.get("programme", "side_by_side"), more.get("period", "2026-Q3"))
    key = f"{strand}:{view}"
    counted: Counter[Cell] = Counter()
    for start, end in pairs:
        counted[Cell(Kind.STRAND, *where, key, 0, start)] += 1
        counted[Cell(Kind.STRAND, *where, key, 2, end)] += 1
        counted[Cell(Kind.STRAND_PAIR, *where, key, start, end)] += 1
    tallies.add(db, counted)


# --- One child ---------------------------------------------------------------------------


def test_a_childs_forms_come_strand_by_strand_in_the_order_they_were_taken(
    db: Session, ben: Actor, robin: Person, place: Place
) -> None:
    rate(db, ben, place, 3, Point.MIDDLE, Respondent.PARENT)
    rate(db, ben, place, 1, Point.START, Respondent.SELF)

    forms = child_steps.of_child(db, ben, robin.ref)

    assert len(forms) == 16
    assert forms["point"].tolist() == [Point.START] * 8 + [Point.MIDDLE] * 8
    assert forms["step"].tolist()[:2] == [pd.NA, 1]
    assert set(forms["place"]) == {place.ref}
    assert set(forms["group"]) == {"Kite"}


def test_a_form_not_filled_in_is_there_without_steps(
    db: Session, ben: Actor, robin: Person, place: Place
) -> None:
    rate(db, ben, place, None, Point.START, Respondent.SELF)

    forms = child_steps.of_child(db, ben, robin.ref)

    assert forms["step"].isna().all()
    assert set(forms["outcome"]) == {Outcome.DECLINED}
    assert child_steps.path(forms).empty


def test_looking_at_a_childs_path_is_written_in_the_audit_log(
    db: Session, ben: Actor, robin: Person, place: Place
) -> None:
    child_steps.of_child(db, ben, robin.ref)

    assert f"steps:{robin.ref}" in set(db.scalars(select(AuditEntry.subject)))


def test_another_facilitators_child_is_not_found(
    db: Session, chloe: Actor, robin: Person, place: Place
) -> None:
    with pytest.raises(NotFoundError):
        child_steps.of_child(db, chloe, robin.ref)


def test_a_facilitator_sees_only_the_steps_taken_in_her_own_groups(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, robin: Person, place: Place
) -> None:
    hers = make_group(db, amina, [chloe], programme="side_by_side", code_name="Heron")
    make_place(db, amina, hers, robin)
    rate(db, ben, place, 2, Point.START, Respondent.SELF)

    assert child_steps.of_child(db, chloe, robin.ref).empty


def test_the_path_keeps_the_three_views_apart(
    db: Session, ben: Actor, robin: Person, place: Place
) -> None:
    for view, step in zip(Respondent, (1, 2, 3), strict=True):
        rate(db, ben, place, step, Point.START, view)

    path = child_steps.path(child_steps.of_child(db, ben, robin.ref))

    of_strand = path[path["strand"].eq(HELP)].set_index("view")
    assert of_strand["step"].to_dict() == {"Child": 1, "Parent or carer": 2, "Practitioner": 3}
    assert of_strand.loc["Child", "label"] == "With a lot of help"


def test_a_strand_nobody_saw_is_named_with_the_reason(
    db: Session, ben: Actor, robin: Person, place: Place
) -> None:
    rate(db, ben, place, 2, Point.START, Respondent.SELF)

    path = child_steps.path(child_steps.of_child(db, ben, robin.ref))

    unseen = path[path["strand"].eq(NAMING)]
    assert unseen["label"].tolist() == ["not seen so far"]
    assert unseen[["view", "step"]].isna().all(axis=None)
    assert path["strand"].nunique() == 8


@given(st.lists(st.floats(0, 4), min_size=1, max_size=3).map(sorted))
@example([4.0, 4.0, 4.0])
@example([0.0, 0.0, 0.0])
@example([0.0, 4.0, 4.0])
def test_names_of_lines_never_overlap_nor_leave_the_chart(ends: list[float]) -> None:
    views = ("Child", "Parent or carer", "Practitioner")
    rows = [
        {"strand": HELP, "view": view, "point": "End", "step": step}
        for view, step in zip(views, ends, strict=False)
    ]

    placed = [row["label_at"] for row in child_steps.name_lines(rows, "step")]

    assert all(0 <= at <= 4 for at in placed)
    gaps = [later - earlier for earlier, later in pairwise(placed)]
    assert all(gap >= child_steps.TEXT_LINE - 1e-9 for gap in gaps)


def test_each_line_is_named_at_its_last_point_only() -> None:
    rows = [
        {"strand": HELP, "view": view, "point": point, "step": 1}
        for view, point in (("Child", "End"), ("Child", "Start"), ("Practitioner", "Middle"))
    ]

    named = child_steps.name_lines(rows, "step")

    assert [row["label_at"] is None for row in named] == [False, True, False]


# --- Everybody ---------------------------------------------------------------------------


def test_medians_and_who_moved_up_are_counted_within_each_view(db: Session, leila: Actor) -> None:
    keep(db, "asking_for_help", "self", [(0, 2), (1, 1), (1, 3), (2, 1), (4, 4)])
    keep(db, "asking_for_help", "parent", [(0, 0)] * 6)

    found = children.overview(db, leila)

    levels = found.levels.dropna(subset="view").set_index(["view", "point"])
    assert levels["median"].to_dict() == {
        ("Child", "Start"): 1,
        ("Child", "End"): 2,
        ("Parent or carer", "Start"): 0,
        ("Parent or carer", "End"): 0,
    }
    moves = found.moves.dropna(subset="view").set_index("view")
    assert moves["counted"].to_dict() == {"Child": "2 of 5", "Parent or carer": "0 of 6"}
    # Wilson for 0 of 6: 0 to .3903; it begins at exactly 0.
    assert moves.loc["Parent or carer", "low"] == 0
    assert moves.loc["Parent or carer", "high"] == pytest.approx(0.3903, abs=5e-5)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_the_median_of_counts_is_the_median_of_the_children(steps: list[int]) -> None:
    rated = [("asking_for_help:self", 0, step, n) for step, n in Counter(steps).items()]

    (level,) = step_figures.levels(rated)

    assert (level["median"], level["people"]) == (median(steps), len(steps))


def test_strands_come_in_the_order_of_the_form_and_none_is_left_out(
    db: Session, leila: Actor
) -> None:
    for strand in ("asking_for_help", "naming_feelings"):
        keep(db, strand, "self", [(1, 2)] * 5)

    levels = children.overview(db, leila).levels

    named = levels.dropna(subset="view").drop_duplicates("strand")
    assert named[["strand", "order"]].to_numpy().tolist() == [[NAMING, 0], [HELP, 3]]
    assert levels["strand"].nunique() == 8
    assert set(levels.loc[levels["view"].isna(), "label"]) == {"too few children to show"}
    assert named["counts"].tolist() == ["n = 5", "n = 5"]


def test_fewer_than_five_children_are_not_shown_even_inside_the_house(
    db: Session, leila: Actor
) -> None:
    keep(db, "asking_for_help", "self", [(1, 2)] * 4)

    found = children.overview(db, leila)

    assert found.levels.empty
    assert found.moves.empty
    assert children.ALL_TOO_FEW in found.notes


def test_before_the_first_form_the_page_is_told_what_to_do_next(db: Session, leila: Actor) -> None:
    found = children.overview(db, leila)

    assert found.levels.empty
    assert found.notes == (children.NOTHING_YET,)


def test_the_label_of_an_unvalidated_tool_is_always_there(db: Session, leila: Actor) -> None:
    keep(db, "asking_for_help", "self", [(1, 2)] * 5)

    assert child_steps.PRACTICE_TOOL in children.overview(db, leila).notes


def test_one_programme_or_all(db: Session, leila: Actor) -> None:
    keep(db, "asking_for_help", "self", [(1, 2)] * 5)
    keep(db, "asking_for_help", "self", [(1, 2)] * 6, programme="open_door", period="2025-Q1")

    one = children.overview(db, leila, programme="open_door").levels
    every = children.overview(db, leila).levels

    assert one["people"].max() == 6
    assert every["people"].max() == 11


def test_an_evaluator_sees_ten_or_more_and_whole_programmes_only(db: Session, vik: Actor) -> None:
    keep(db, "asking_for_help", "self", [(1, 2)] * 12 + [(1, 1)] * 9)
    keep(db, "asking_for_help", "parent", [(1, 2)] * 9)
    keep(db, "naming_feelings", "parent", [(1, 2)] * 12 + [(1, 1)] * 10)

    found = children.overview(db, vik)

    seen = found.levels.dropna(subset="view")
    assert set(zip(seen["strand"], seen["view"], strict=True)) == {
        (HELP, "Child"),
        (NAMING, "Parent or carer"),
    }
    assert found.moves.dropna(subset="view")["strand"].tolist() == [NAMING]
    assert WITHHELD in found.notes
    with pytest.raises(NotPermittedError):
        children.overview(db, vik, programme="side_by_side")


@pytest.mark.parametrize("role", ["amina", "ben", "ada", "erin"])
def test_nobody_else_sees_children_in_total(
    db: Session, role: str, request: pytest.FixtureRequest
) -> None:
    stranger: Actor = request.getfixturevalue(role)

    with pytest.raises(NotPermittedError):
        children.overview(db, stranger)


def test_recorded_steps_arrive_in_the_overview_in_two_statements(
    db: Session,
    amina: Actor,
    ben: Actor,
    leila: Actor,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    group = make_group(db, amina, [ben], programme="side_by_side", code_name="Kite", capacity=9)
    for number in range(5):
        child = make_person(db, amina, f"Robin{number}", kind=PersonKind.CHILD)
        place = make_place(db, amina, group, child)
        rate(db, ben, place, 1, Point.START, Respondent.SELF)
        rate(db, ben, place, 3, Point.END, Respondent.SELF)

    with count_queries() as statements:
        found = children.overview(db, leila)

    assert len(statements) == 2
    shown = found.moves.dropna(subset="view")
    assert shown["counted"].unique().tolist() == ["5 of 5"]
    assert len(shown) == 7
