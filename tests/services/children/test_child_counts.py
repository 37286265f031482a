"""What children's steps count by: the age at the start, and a parent beside the child."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Group, MeasureForm, Outcome, Person, PersonKind, Place, Point, Respondent
from services.children import child_stamps
from services.measures import measures
from services.measures.measure_counts import MISSING
from services.measures.measures import MeasureDraft
from services.people import people, person_changes
from services.people.people import PersonDraft
from services.permissions import Actor
from services.tallies import recount, tallies
from services.tallies.tallies import Kind
from tests.make import make_group, make_pair, make_place

START, END = date(2026, 9, 8), date(2026, 9, 16)


@pytest.fixture
def kite(db: Session, amina: Actor, ben: Actor) -> Group:
    """Ben's group, from 8 September on."""
    return make_group(db, amina, [ben], programme="side_by_side", code_name="Kite")


def family(db: Session, amina: Actor, born: date | None) -> tuple[Person, Person]:
    """Dana and her child Robin."""
    mother = PersonDraft(kind=PersonKind.ADULT, first_name="Dana", last_name="Okoro")
    child = PersonDraft(
        kind=PersonKind.CHILD, first_name="Robin", last_name="Okoro", date_of_birth=born
    )
    refs = people.add_family(db, amina, [mother, child])
    found = {one.ref: one for one in db.scalars(select(Person).where(Person.ref.in_(refs)))}
    return found[refs[0]], found[refs[1]]


def rate(
    db: Session, actor: Actor, place: Place, point: Point, step: int | None, **more: int
) -> None:
    draft = MeasureDraft(
        measure="steps",
        respondent=Respondent.SELF,
        point=point,
        taken_on=START if point is Point.START else END,
        answers=dict.fromkeys(range(1, 9), step),
        outcome=Outcome.DECLINED if step is None else Outcome.ANSWERED,
        **more,  # type: ignore[arg-type]
    )
    measures.record(db, actor, place.ref, draft)


def counted(db: Session) -> Counter[tuple[str, int, int]]:
    """What stands for the first strand: band and parent, step at the start, step at the end."""
    return Counter(
        {
            (cell.key.removeprefix("naming_feelings:self:"), cell.first, cell.second): times
            for cell, times in tallies.stored(db).items()
            if cell.kind is Kind.CHILD and cell.key.startswith("naming_feelings:self:")
        }
    )


def test_a_child_counts_with_its_start_until_there_is_an_end(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    _dana, robin = family(db, amina, date(2017, 5, 1))
    place = make_place(db, amina, kite, robin)

    rate(db, ben, place, Point.START, 1)
    assert counted(db) == {("8-11:alone", 1, MISSING): 1}
    rate(db, ben, place, Point.END, 3)
    assert counted(db) == {("8-11:alone", 1, 3): 1}
    assert recount.differences(db) == []


def test_an_end_without_a_start_counts_as_one(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    _dana, robin = family(db, amina, date(2017, 5, 1))
    rate(db, ben, make_place(db, amina, kite, robin), Point.END, 3)

    assert counted(db) == {("8-11:alone", MISSING, 3): 1}
    assert recount.differences(db) == []


def test_a_parent_in_the_same_group_or_the_linked_one_takes_part(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, kite: Group
) -> None:
    dana, robin = family(db, amina, date(2017, 5, 1))
    make_place(db, amina, kite, dana)
    rate(db, ben, make_place(db, amina, kite, robin), Point.START, 1)
    assert counted(db) == {("8-11:with", 1, MISSING): 1}

    parents, children = make_pair(
        db, amina, ben, chloe, first_day=date(2026, 9, 15), despite="Somebody stands in."
    )
    mona, sam = family(db, amina, date(2017, 5, 1))
    beside = make_place(db, amina, children, sam)
    rate(db, chloe, beside, Point.START, 2)
    assert counted(db)["8-11:alone", 2, MISSING] == 1

    make_place(db, amina, parents, mona)
    rate(db, chloe, beside, Point.END, 3)  # her coming is seen with the next form
    assert counted(db) == {("8-11:with", 1, MISSING): 1, ("8-11:with", 2, 3): 1}
    assert recount.differences(db) == []


def test_a_child_who_changes_age_band_half_way_stays_in_that_of_the_start(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    _dana, robin = family(db, amina, date(2018, 9, 18))  # eight in two days
    place = make_place(db, amina, kite, robin)

    rate(db, ben, place, Point.START, 1)
    rate(db, ben, place, Point.END, 2)

    assert counted(db) == {("5-7:alone", 1, 2): 1}


def test_a_date_of_birth_put_right_moves_the_counts_with_it(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    _dana, robin = family(db, amina, None)
    place = make_place(db, amina, kite, robin)
    rate(db, ben, place, Point.START, 1)
    assert counted(db) == {("unknown:alone", 1, MISSING): 1}

    seen = person_changes.details(db, amina, robin.ref)
    born = {"date_of_birth": date(2012, 1, 1)}
    person_changes.change(db, amina, robin.ref, born, seen=seen)

    assert counted(db) == {("12-16:alone", 1, MISSING): 1}
    assert recount.differences(db) == []


def test_what_a_form_counts_by_is_no_new_version_of_its_answers(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    dana, robin = family(db, amina, date(2017, 5, 1))
    place = make_place(db, amina, kite, robin)
    rate(db, ben, place, Point.START, 1)
    make_place(db, amina, kite, dana)
    rate(db, ben, place, Point.END, 2)

    rate(db, ben, place, Point.START, 2, version=1)

    assert counted(db) == {("8-11:with", 2, 2): 1}


def test_forms_from_before_there_were_bands_are_counted_once_they_are_brought_up_to_date(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    _dana, robin = family(db, amina, date(2017, 5, 1))
    place = make_place(db, amina, kite, robin)
    rate(db, ben, place, Point.START, 1)
    db.execute(update(MeasureForm).values(age_band=None, with_parent=None))
    recount.put_right(db)
    assert counted(db) == {("unknown:alone", 1, MISSING): 1}

    child_stamps.stamp_again(db)
    child_stamps.stamp_again(db)

    assert counted(db) == {("8-11:alone", 1, MISSING): 1}
    assert recount.differences(db) == []
