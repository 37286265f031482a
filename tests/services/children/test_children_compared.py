"""Children told apart by age, by where they began, and by a parent beside them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from services.children import children_compared
from services.children.children_compared import By, compared
from services.errors import InvalidInputError, NotPermittedError
from services.permissions import Actor
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind

STRAND = "naming_feelings"


def keep(
    db: Session, age: str, parent: str, ends: list[tuple[int, int]], view: str = "self"
) -> None:
    """Children from one step to another, straight into the counts; -1 is a form that is missing."""
    counted: Counter[Cell] = Counter()
    for start, end in ends:
        key = f"{STRAND}:{view}:{age}:{parent}"
        counted[Cell(Kind.CHILD, "side_by_side", "2026-Q3", key, start, end)] += 1
    tallies.add(db, counted)


def parts(found: children_compared.Compared) -> dict[str, str]:
    return dict(zip(found.moves["strand"], found.moves["label"], strict=True))


def test_each_age_has_its_share_with_how_many_and_how_sure(db: Session, leila: Actor) -> None:
    keep(db, "5-7", "with", [(1, 2)] * 4 + [(2, 2)] * 2)
    keep(db, "8-11", "alone", [(1, 3)] * 5)

    found = compared(db, leila, By.AGE, STRAND)

    assert parts(found) == {
        "Up to 7": "4 of 6, 67% (30% to 90%)",
        "8 to 11": "5 of 5, 100% (57% to 100%)",
        "12 and over": "too few children to show",
    }
    assert "Up to 7, Child: 4 of 6" in found.in_words


def test_children_are_told_apart_by_whether_a_parent_takes_part(db: Session, leila: Actor) -> None:
    keep(db, "5-7", "with", [(1, 2)] * 5)
    keep(db, "8-11", "alone", [(1, 1)] * 5)

    found = compared(db, leila, By.PARENT, STRAND)

    assert parts(found) == {
        "A parent takes part too": "5 of 5, 100% (57% to 100%)",
        "No parent takes part": "0 of 5, 0% (0% to 43%)",
    }
    assert any("differ in other ways" in note for note in found.notes)


def test_whoever_began_at_the_top_cannot_move_up_and_stands_in_no_part(
    db: Session, leila: Actor
) -> None:
    keep(db, "5-7", "with", [(0, 2)] * 5 + [(4, 4)] * 3)

    found = compared(db, leila, By.LEVEL, STRAND)

    assert next(iter(parts(found).values())) == "5 of 5, 100% (57% to 100%)"
    assert any("Up to 3 in one view began on the highest step" in note for note in found.notes)


def test_who_is_missing_stands_beside_it(db: Session, leila: Actor) -> None:
    keep(db, "5-7", "with", [(1, 2), (1, -1), (1, -1), (-1, 3)])

    (row,) = compared(db, leila, By.AGE, STRAND).forms.to_dict("records")

    assert (row["start"], row["end"], row["both"]) == (3, 2, 1)
    assert (row["no_end"], row["no_start"]) == (2, 1)


def test_all_missing_at_the_end_draws_nothing_and_says_so(db: Session, leila: Actor) -> None:
    keep(db, "5-7", "with", [(1, -1)] * 9)

    found = compared(db, leila, By.AGE, STRAND)

    assert found.moves.empty
    assert found.notes[0] == children_compared.NOTHING
    assert found.forms["no_end"].tolist() == [9]


def test_one_child_is_never_a_part_of_its_own(db: Session, leila: Actor) -> None:
    keep(db, "5-7", "with", [(1, 2)])

    found = compared(db, leila, By.AGE, STRAND)

    assert found.moves.empty
    assert found.notes[0] == (
        "Too few children to show: a part is shown from 5 children with both forms up."
    )


def test_nothing_recorded_is_no_error(db: Session, leila: Actor) -> None:
    for by in By:
        found = compared(db, leila, by, STRAND)
        assert (found.moves.empty, found.forms.empty) == (True, True)


def test_an_age_nobody_recorded_is_a_part_of_its_own(db: Session, leila: Actor) -> None:
    keep(db, "unknown", "with", [(1, 2)] * 5)

    assert "Age not recorded" in parts(compared(db, leila, By.AGE, STRAND))


def test_views_are_never_thrown_together(db: Session, leila: Actor) -> None:
    keep(db, "5-7", "with", [(1, 2)] * 5)
    keep(db, "5-7", "with", [(1, 1)] * 5, view="parent")

    moves = compared(db, leila, By.AGE, STRAND).moves.dropna(subset="view")

    assert dict(zip(moves["view"], moves["share"], strict=True)) == {
        "Child": 1.0,
        "Parent or carer": 0.0,
    }


def test_outsiders_and_roles_without_totals_see_no_parts(
    db: Session, vik: Actor, ben: Actor, amina: Actor
) -> None:
    for reader in (vik, ben, amina):
        with pytest.raises(NotPermittedError):
            compared(db, reader, By.AGE, STRAND)


def test_a_strand_that_does_not_exist_is_refused(db: Session, leila: Actor) -> None:
    with pytest.raises(InvalidInputError):
        compared(db, leila, By.AGE, "shouting")


_STEPS = st.integers(-1, 4)
_ENDS = st.tuples(st.sampled_from(["5-7", "8-11"]), _STEPS, _STEPS)
_COUNTED = _ENDS.filter(lambda child: child[1:] != (-1, -1))  # no form is no child here


@given(st.lists(_COUNTED, max_size=40))
def test_the_parts_add_up_to_all_the_children(ends: list[tuple[str, int, int]]) -> None:
    children = [
        children_compared.Child("self", age, "with", first, last, 1) for age, first, last in ends
    ]
    names = children_compared.parts_of(By.AGE, set())
    forms = children_compared._forms(children, By.AGE, names)
    moves = children_compared._moves(children, By.AGE, names)

    assert sum(row["both"] for row in forms) == sum(row["people"] for row in moves)
    assert sum(row["both"] + row["no_end"] + row["no_start"] for row in forms) == len(ends)
    assert all(0 <= row["low"] <= row["share"] <= row["high"] <= 1 for row in moves)
