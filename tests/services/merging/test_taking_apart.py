"""Two joined records taken apart as they were, and what comes first."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Characteristic,
    ContactRoute,
    Group,
    Kinship,
    Person,
    PersonKind,
    PersonMerge,
    Place,
    Relation,
    Route,
    Strength,
)
from services import clock, merging, search
from services.concerns import incidents
from services.errors import ConflictError
from services.merging.preview import CALLED, UNSAID
from services.merging.rows import pointers
from services.people import people
from services.permissions import Actor
from tests.make import make_group, make_person, make_place
from tests.services.merging.joining import apart, consent, everything, give_plan, join


def some_of(
    db: Session, amina: Actor, person: Person, relative: Person, group: Group, has: set[str]
) -> None:
    """As much around a person as is named."""
    mother = Kinship(person_id=person.id, relative_id=relative.id, relation=Relation.MOTHER)
    asked = {"question": "faith", "answer": "none", "asked_on": clock.today()}
    of_her: dict[str, Callable[[], object]] = {
        "place": lambda: make_place(db, amina, group, person),
        "plan": lambda: give_plan(db, amina, person),
        "consent": lambda: consent(db, amina, person),
        "relative": lambda: db.add(mother),
        "apart": lambda: apart(db, amina, person, relative, Strength.HARD),
        "incident": lambda: incidents.note(db, amina, person.id, clock.today(), words="There"),
        "answer": lambda: db.add(Characteristic(person_id=person.id, **asked)),
    }
    for name, make in of_her.items():
        if name in has:
            make()
    for route in (Route.CALL, Route.EMAIL):
        if route.value in has:
            db.add(ContactRoute(person_id=person.id, route=route, address="07700 900417"))


AROUND = st.sets(
    st.sampled_from(
        ("place", "plan", "consent", "relative", "apart", "incident", "answer", "call", "email")
    )
)
FIELDS = st.sets(st.sampled_from(("first_name", "language", "date_of_birth")))


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hers=AROUND, others=AROUND, fields=FIELDS, is_in_family=st.booleans())
def test_joining_and_undoing_leave_every_table_as_it_was(
    db: Session, amina: Actor, two_groups: list[Group],
    hers: set[str], others: set[str], fields: set[str], is_in_family: bool,
) -> None:  # fmt: skip
    kept, gone = (make_person(db, amina, name, "Qureshi") for name in ("Ayesha", "Aisha"))
    relative = make_person(db, amina, "Kit", kind=PersonKind.CHILD)
    for person, group, has in zip((kept, gone), two_groups, (hers, others), strict=True):
        some_of(db, amina, person, relative, group, has)
    if is_in_family:
        relative.family_id = gone.family_id
    db.flush()
    search.rebuild(db, search.PEOPLE, [kept.id, gone.id])
    before = everything(db)

    merge = join(db, amina, kept, gone, from_gone=fields)
    assert everything(db) != before
    merging.undo(db, amina, merge)

    assert everything(db) == before


def test_it_is_undone_once(db: Session, amina: Actor, kept: Person, gone: Person) -> None:
    merge = join(db, amina, kept, gone)
    merging.undo(db, amina, merge)

    with pytest.raises(ConflictError, match="already"):
        merging.undo(db, amina, merge)
    assert merging.merges(db, amina)["undone"].tolist() == [True]


def test_a_third_record_joined_since_comes_first(
    db: Session, amina: Actor, kept: Person, gone: Person
) -> None:
    merge = join(db, amina, kept, gone)
    third = make_person(db, amina, "Ayesha", "Qureshi")
    later = join(db, amina, third, kept)

    with pytest.raises(ConflictError, match="Undo that first"):
        merging.undo(db, amina, merge)
    assert people.summary(db, amina, gone.ref).ref == third.ref

    merging.undo(db, amina, later)
    merging.undo(db, amina, merge)
    assert people.summary(db, amina, gone.ref).ref == gone.ref


def test_a_choice_changed_since_is_not_overwritten(
    db: Session, amina: Actor, kept: Person, gone: Person
) -> None:
    merge = join(db, amina, kept, gone, from_gone=["first_name"])
    kept.first_name = "Ayesha-Noor"
    db.flush()

    with pytest.raises(ConflictError, match="changed since"):
        merging.undo(db, amina, merge)


def test_what_was_added_since_stays(
    db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person
) -> None:
    merge = join(db, amina, kept, gone)
    place = make_place(db, amina, make_group(db, amina, [ben]), kept)

    merging.undo(db, amina, merge)

    assert db.scalar(select(Place.person_id).where(Place.id == place.id)) == kept.id


def test_what_moved_is_remembered_unreadably(
    db: Session, amina: Actor, kept: Person, gone: Person
) -> None:
    join(db, amina, kept, gone, from_gone=["first_name"])
    raw = db.connection().exec_driver_sql("SELECT moved FROM person_merges").scalar_one()

    assert "Aisha" not in raw
    assert db.scalars(select(PersonMerge.moved)).one()["fields"]["first_name"] == [
        "Ayesha",
        "Aisha",
    ]


def test_every_table_that_points_at_people_is_moved_or_says_why_not() -> None:
    moved = {pointer.column.table.name for pointer in pointers()}
    assert {"places", "referrals", "consents", "conflicts", "plan_members", "people"} <= moved
    assert not {"concerns", "person_tokens", "person_merges"} & moved
    assert moved == set(CALLED) | UNSAID, "each has a word in the preview, or is kept quiet"
