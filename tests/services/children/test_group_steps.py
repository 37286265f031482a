"""The children of one group together, and a child beside its parent."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, Outcome, Person, PersonKind, Place, Point, Respondent
from services.children import group_steps, pair_steps
from services.children.step_sentences import ONE_POINT
from services.errors import NotFoundError, NotPermittedError
from services.measures import measures
from services.measures.measures import MeasureDraft
from services.people import people
from services.people.people import PersonDraft
from services.permissions import Actor
from tests.conftest import Statements
from tests.make import make_group, make_pair, make_person, make_place

HELP = "Asking for help"


@pytest.fixture
def kite(db: Session, amina: Actor, ben: Actor) -> Group:
    """Ben's group for parents and children."""
    return make_group(db, amina, [ben], programme="side_by_side", code_name="Kite")


def child_in(db: Session, amina: Actor, group: Group, name: str = "Robin") -> Place:
    return make_place(db, amina, group, make_person(db, amina, name, kind=PersonKind.CHILD))


def family(db: Session, amina: Actor) -> tuple[Person, Person]:
    """Dana and her child Robin."""
    mother = PersonDraft(kind=PersonKind.ADULT, first_name="Dana", last_name="Okoro")
    child = PersonDraft(kind=PersonKind.CHILD, first_name="Robin", last_name="Okoro")
    refs = people.add_family(db, amina, [mother, child])
    found = {one.ref: one for one in db.scalars(select(Person).where(Person.ref.in_(refs)))}
    return found[refs[0]], found[refs[1]]


def rate(
    db: Session,
    actor: Actor,
    place: Place,
    step: int | None,
    point: Point,
    view: Respondent = Respondent.SELF,
) -> None:
    draft = MeasureDraft(
        measure="steps",
        respondent=view,
        point=point,
        taken_on=date(2026, 9, 8) if point is Point.START else date(2026, 9, 16),
        answers=dict.fromkeys(range(1, 9), step),
        outcome=Outcome.DECLINED if step is None else Outcome.ANSWERED,
    )
    measures.record(db, actor, place.ref, draft)


def wellbeing(db: Session, actor: Actor, place: Place, point: Point, total: float) -> None:
    draft = MeasureDraft(
        measure="swemwbs",
        respondent=Respondent.SELF,
        point=point,
        taken_on=date(2026, 9, 16),
        paper_total=total,
    )
    measures.record(db, actor, place.ref, draft)


# --- A group -----------------------------------------------------------------------------


def test_medians_and_who_moved_up_rest_on_this_group_alone(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    for name, steps in (("A", (0, 2)), ("B", (1, 1)), ("C", (2, 4))):
        place = child_in(db, amina, kite, name)
        rate(db, ben, place, steps[0], Point.START)
        rate(db, ben, place, steps[1], Point.END)
    other = make_group(db, amina, [ben], programme="side_by_side", code_name="Gull")
    rate(db, ben, child_in(db, amina, other), 4, Point.START)

    found = group_steps.of_group(db, ben, kite.ref)

    levels = found.levels[found.levels["strand"].eq(HELP)]
    assert list(zip(levels["point"], levels["median"], levels["people"], strict=True)) == [
        ("Start", 1, 3),
        ("End", 2, 3),
    ]
    (move,) = found.moves[found.moves["strand"].eq(HELP)].to_dict("records")
    assert move["label"] == "2 of 3, 67% (21% to 94%)"
    assert found.missing[["view", "children", "Start", "End", "both"]].values.tolist() == [
        ["Child", 3, 3, 3, 3],
        ["Parent or carer", 3, 0, 0, 0],
        ["Practitioner", 3, 0, 0, 0],
    ]


def test_one_child_has_no_median_and_the_page_says_why(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    rate(db, ben, child_in(db, amina, kite), 1, Point.START)

    found = group_steps.of_group(db, ben, kite.ref)

    assert found.levels.empty
    assert found.moves.empty
    assert "a median of one would be that child’s own step" in found.notes[0]


def test_a_lead_sees_nothing_that_rests_on_fewer_than_five(
    db: Session, amina: Actor, ben: Actor, leila: Actor, kite: Group
) -> None:
    for name in "ABCD":
        rate(db, ben, child_in(db, amina, kite, name), 1, Point.START)
    assert group_steps.of_group(db, leila, kite.ref).levels.empty

    rate(db, ben, child_in(db, amina, kite, "E"), 1, Point.START)

    assert not group_steps.of_group(db, leila, kite.ref).levels.empty


def test_all_missing_at_the_end_says_nothing_about_who_moved_up(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    for name in "AB":
        place = child_in(db, amina, kite, name)
        rate(db, ben, place, 1, Point.START)
        rate(db, ben, place, None, Point.END)

    found = group_steps.of_group(db, ben, kite.ref)

    assert found.moves.empty
    assert "nothing can be said about who moved up yet" in found.notes[0]


def test_everyone_equal_is_said_plainly(db: Session, amina: Actor, ben: Actor, kite: Group) -> None:
    for name in "AB":
        place = child_in(db, amina, kite, name)
        rate(db, ben, place, 2, Point.START)
        rate(db, ben, place, 2, Point.END)

    found = group_steps.of_group(db, ben, kite.ref)

    assert set(found.moves["label"]) == {"0 of 2, 0% (0% to 66%)"}
    assert found.notes[0].startswith("Nobody with both forms stands a step or more higher")


def test_a_group_without_children_or_without_forms_is_no_error(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    assert group_steps.of_group(db, ben, kite.ref).notes == (group_steps.NOBODY,)
    child_in(db, amina, kite)
    assert group_steps.of_group(db, ben, kite.ref).notes == (group_steps.NOTHING_YET,)
    assert group_steps.groups(db, ben) == {}


def test_outsiders_never_see_a_group(
    db: Session, amina: Actor, vik: Actor, chloe: Actor, kite: Group
) -> None:
    for other in (vik, amina):
        with pytest.raises(NotPermittedError):
            group_steps.of_group(db, other, kite.ref)
        with pytest.raises(NotPermittedError):
            group_steps.groups(db, other)
    with pytest.raises(NotFoundError):
        group_steps.of_group(db, chloe, kite.ref)


def test_a_lead_learns_no_childs_name(db: Session, leila: Actor, kite: Group) -> None:
    with pytest.raises(NotPermittedError):
        group_steps.children(db, leila, kite.ref)
    with pytest.raises(NotPermittedError):
        pair_steps.children(db, leila, kite.ref)


def test_children_come_by_name_with_how_many_forms_they_have(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    rate(db, ben, child_in(db, amina, kite, "zoe"), 1, Point.START)
    child_in(db, amina, kite, "Abel")
    make_place(db, amina, kite, make_person(db, amina))

    found = group_steps.children(db, ben, kite.ref)

    assert found[["name", "forms"]].values.tolist() == [["Abel Okoro", 0], ["zoe Okoro", 1]]


def test_one_more_child_costs_no_query_more(
    db: Session,
    amina: Actor,
    ben: Actor,
    kite: Group,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    rate(db, ben, child_in(db, amina, kite, "A"), 1, Point.START)
    group_steps.of_group(db, ben, kite.ref)
    with count_queries() as few:
        group_steps.of_group(db, ben, kite.ref)
    for name in "BCDE":
        rate(db, ben, child_in(db, amina, kite, name), 1, Point.START)
    db.flush()

    with count_queries() as many:
        group_steps.of_group(db, ben, kite.ref)

    assert len(many) == len(few)


def test_the_look_at_a_group_is_audited(db: Session, ben: Actor, kite: Group) -> None:
    group_steps.of_group(db, ben, kite.ref)

    subject = AuditEntry.subject == f"group_steps:{kite.ref}"
    assert db.scalars(select(AuditEntry.action).where(subject)).all() == ["record.viewed"]


# --- A child beside its parent -----------------------------------------------------------


def test_the_two_paths_stand_beside_each_other_in_one_group(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    dana, robin = family(db, amina)
    parent, child = make_place(db, amina, kite, dana), make_place(db, amina, kite, robin)
    rate(db, ben, child, 1, Point.START)
    rate(db, ben, child, 3, Point.END)
    wellbeing(db, ben, parent, Point.START, 17)
    wellbeing(db, ben, parent, Point.END, 24)

    found = pair_steps.of_child(db, ben, child.ref)

    assert found.whole[["view", "point", "total"]].values.tolist() == [
        ["Child", "Start", 1.0],
        ["Child", "End", 3.0],
    ]
    assert found.whole["label_at"].tolist()[-1] == 3.0
    (path,) = found.parents
    assert (path.parent, path.direction) == ("Dana Okoro", "Higher is better.")
    assert path.frame["point"].tolist() == ["Start", "End"]
    assert (path.frame["low"] < path.frame["total"]).all()
    assert found.notes == (pair_steps.NO_VERDICT,)


def test_the_measure_with_the_most_forms_stands_first_beside_the_child(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    dana, robin = family(db, amina)
    parent, child = make_place(db, amina, kite, dana), make_place(db, amina, kite, robin)
    draft = MeasureDraft(
        measure="bpses",
        respondent=Respondent.PARENT,
        point=Point.START,
        taken_on=date(2026, 9, 16),
        answers=dict.fromkeys(range(1, 6), 3),
    )
    measures.record(db, ben, parent.ref, draft)
    wellbeing(db, ben, parent, Point.START, 17)
    wellbeing(db, ben, parent, Point.END, 24)

    found = pair_steps.of_child(db, ben, child.ref)

    assert [len(path.frame) for path in found.parents] == [2, 1]


def test_in_a_pair_each_side_shows_to_whoever_facilitates_it(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    parents, children = make_pair(db, amina, ben, chloe)
    dana, robin = family(db, amina)
    parent, child = make_place(db, amina, parents, dana), make_place(db, amina, children, robin)
    rate(db, chloe, child, 1, Point.START)
    wellbeing(db, ben, parent, Point.START, 17)

    found = pair_steps.of_child(db, chloe, child.ref)

    assert found.parents == ()
    assert pair_steps.NO_PARENT in found.notes
    with pytest.raises(NotFoundError):
        pair_steps.of_child(db, ben, child.ref)
    assert pair_steps.children(db, ben, parents.ref) == {}
    assert list(pair_steps.children(db, chloe, children.ref)) == [child.ref]


def test_whoever_facilitates_both_halves_sees_both(db: Session, amina: Actor, ben: Actor) -> None:
    parents, children = make_pair(db, amina, ben, ben, despite="Somebody stands in.")
    dana, robin = family(db, amina)
    parent, child = make_place(db, amina, parents, dana), make_place(db, amina, children, robin)
    rate(db, ben, child, 1, Point.START)
    wellbeing(db, ben, parent, Point.START, 17)

    assert list(pair_steps.children(db, ben, parents.ref)) == [child.ref]
    found = pair_steps.of_child(db, ben, child.ref)

    assert [one.parent for one in found.parents] == ["Dana Okoro"]
    assert ONE_POINT in found.notes
    looks = select(AuditEntry.subject).where(AuditEntry.action == "record.viewed")
    assert {f"steps:{robin.ref}", f"measures:{parent.ref}"} <= set(db.scalars(looks))


def test_a_child_without_forms_and_a_parent_without_scores_is_no_error(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    dana, robin = family(db, amina)
    make_place(db, amina, kite, dana)
    child = make_place(db, amina, kite, robin)

    found = pair_steps.of_child(db, ben, child.ref)

    assert found.whole.empty
    assert found.strands.empty
    assert found.parents == ()
    assert any("no form with a score yet" in note for note in found.notes)


def test_an_adults_place_opens_no_such_path(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    place = make_place(db, amina, kite, make_person(db, amina))
    with pytest.raises(NotFoundError):
        pair_steps.of_child(db, ben, place.ref)
