"""Places and registers of two linked groups: what each half learns of the other."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models import Group, PersonKind
from services.attendance import AttendanceCode
from services.errors import ConflictError, NotFoundError, NotPermittedError
from services.groups.pairs import view
from services.groups.pairs.halves import Side
from services.people import people
from services.people.people import PersonDraft
from services.permissions import Actor
from services.places import fitting, places
from services.registers import marking, registers
from services.registers.marking import NewMark
from tests.conftest import Clock
from tests.make import make_pair, make_person, make_place, session_of
from tests.services.groups.craft import ref_of


def family(db: Session, amina: Actor) -> tuple[str, str]:
    """Dana Okoro and her child Sam, eight years old: their references."""
    mother = PersonDraft(kind=PersonKind.ADULT, first_name="Dana", last_name="Okoro")
    child = PersonDraft(
        kind=PersonKind.CHILD, first_name="Sam", last_name="Okoro", date_of_birth=date(2018, 3, 1)
    )
    refs = people.add_family(db, amina, [mother, child])
    return refs[0], refs[1]


def test_a_childs_place_suggests_the_parents_and_the_other_way_round(
    db: Session, amina: Actor, boats: tuple[Group, Group]
) -> None:
    parents, children = boats
    dana, sam = family(db, amina)
    assert view.suggestions(db, amina, parents.ref).empty
    places.enrol(db, amina, group_ref=children.ref, person_ref=sam)
    offered = view.suggestions(db, amina, parents.ref)
    assert offered.to_numpy().tolist() == [[dana, "Dana Okoro", "Sam Okoro"]]
    assert view.suggestions(db, amina, children.ref).empty
    places.enrol(db, amina, group_ref=parents.ref, person_ref=dana)
    assert view.suggestions(db, amina, parents.ref).empty


def test_a_parent_gets_no_place_among_the_children_nor_a_child_among_the_parents(
    db: Session, amina: Actor, boats: tuple[Group, Group]
) -> None:
    parents, children = boats
    dana, sam = family(db, amina)
    with pytest.raises(ConflictError, match="the children's half"):
        places.enrol(db, amina, group_ref=children.ref, person_ref=dana)
    with pytest.raises(ConflictError, match="the parents' half"):
        places.enrol(db, amina, group_ref=parents.ref, person_ref=sam)


def test_suggestions_are_for_who_gives_places(
    db: Session, ben: Actor, leila: Actor, boats: tuple[Group, Group]
) -> None:
    for actor in (ben, leila):
        with pytest.raises(NotPermittedError):
            view.suggestions(db, actor, boats[0].ref)


def test_each_register_shows_how_far_the_other_is_and_no_names(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, boats: tuple[Group, Group],
    time_stands_still: Clock,
) -> None:  # fmt: skip
    parents, children = boats
    dana, sam = family(db, amina)
    places.enrol(db, amina, group_ref=children.ref, person_ref=sam)
    places.enrol(db, amina, group_ref=parents.ref, person_ref=dana)
    time_stands_still.moment = session_of(db, parents, 1).starts_at + timedelta(minutes=20)
    held = ref_of(db, children, 1)
    line = registers.view(db, chloe, held).lines[0]
    tap = NewMark(tap="t1", place_ref=line.place_ref, code=AttendanceCode.ATTENDED, version=0)
    marking.mark(db, chloe, held, [tap])
    found = view.of_session(db, ben, ref_of(db, parents, 1))
    assert found is not None
    assert (found.side, found.code_name, found.shape) == (Side.CHILDREN, "Small boats", "together")
    assert found.session_ref is None  # Ben does not run the children's half
    assert (found.theirs.marked, found.theirs.expected) == (1, 1)
    assert (found.mine.marked, found.mine.expected) == (0, 1)
    theirs = view.of_session(db, chloe, held)
    assert theirs is not None
    assert (theirs.theirs.marked, theirs.mine.marked) == (0, 1)


def test_whoever_runs_both_halves_is_led_from_one_register_to_the_other(
    db: Session, amina: Actor, ben: Actor
) -> None:
    parents, children = make_pair(db, amina, ben, ben, despite="A colleague stands in.")
    found = view.of_session(db, ben, ref_of(db, parents, 1))
    assert found is not None
    assert found.session_ref == ref_of(db, children, 1)
    group = view.of_group(db, ben, children.ref)
    assert group is not None
    assert (group.side, group.ref) == (Side.PARENTS, parents.ref)


def test_a_stranger_learns_nothing_of_a_pair(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, erin: Actor
) -> None:
    parents, _children = make_pair(db, amina, ben, ben, despite="A colleague stands in.")
    with pytest.raises(NotFoundError):
        view.of_group(db, chloe, parents.ref)
    with pytest.raises(NotFoundError):
        view.of_session(db, chloe, ref_of(db, parents, 1))
    with pytest.raises(NotPermittedError):
        view.of_group(db, erin, parents.ref)


def test_a_pair_has_a_band_of_ages_for_the_children_alone(
    db: Session, amina: Actor, boats: tuple[Group, Group]
) -> None:
    parents, children = boats
    assert fitting.of_group(db, amina, parents.ref).limits.ages == ""
    assert fitting.of_group(db, amina, children.ref).limits.ages == "7 to 11"


def test_the_other_half_costs_the_same_however_many_people_there_are(
    db: Session, amina: Actor, boats: tuple[Group, Group], count_queries: object
) -> None:
    parents, children = boats
    with count_queries() as few:  # type: ignore[operator]
        view.suggestions(db, amina, parents.ref)
    for number in range(5):
        child = make_person(db, amina, f"Kit{number}", f"Alone{number}", kind=PersonKind.CHILD)
        make_place(db, amina, children, child)
    with count_queries() as many:  # type: ignore[operator]
        view.suggestions(db, amina, parents.ref)
    assert len(many) <= len(few) + 1
