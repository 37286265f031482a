"""Changing a person's record: who may change what, and two people at one record."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, Person, PersonKind
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.people import people, person_changes
from services.permissions import Actor
from services.registers import registers
from services.versions import Value
from tests.make import make_group, make_person, make_place, session_of


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that meets today."""
    return make_group(db, amina, [ben], first_day=date(2026, 9, 16))


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Person:
    """Somebody in Ben's group."""
    person = make_person(db, amina, access_needs="Large print", alert="Court on Friday")
    make_place(db, amina, craft, person)
    return person


def change(db: Session, actor: Actor, person: Person, **mine: Value) -> None:
    """Change these fields of the record as it stands."""
    seen = person_changes.details(db, actor, person.ref)
    person_changes.change(db, actor, person.ref, mine, seen=seen)


def test_a_coordinator_changes_who_somebody_is(db: Session, amina: Actor, dana: Person) -> None:
    change(
        db, amina, dana, first_name=" Dáná ", known_as="Dee", kind="child",
        date_of_birth=date(2012, 5, 1),
    )  # fmt: skip

    assert (dana.first_name, dana.known_as, dana.kind) == ("Dáná", "Dee", PersonKind.CHILD)
    seen = people.summary(db, amina, dana.ref)
    assert (seen.name, seen.age_band) == ("Dáná “Dee” Okoro", "12-15")


def test_she_is_found_by_her_new_names_and_not_by_the_old(
    db: Session, amina: Actor, dana: Person
) -> None:
    change(db, amina, dana, first_name="Miriam", known_as="Dee")

    for name in ("miriam", "dee", "okoro"):
        assert people.directory(db, amina, search=name)["ref"].tolist() == [dana.ref]
    assert people.directory(db, amina, search="dana").empty


def test_needs_asked_once_are_shown_at_every_session(
    db: Session, ben: Actor, craft: Group, dana: Person
) -> None:
    change(db, ben, dana, language="Polish", needs_interpreter=True)

    for number in (1, 2):
        (line,) = registers.view(db, ben, session_of(db, craft, number).ref).lines
        assert line.needs == ("Large print", "Interpreter, Polish")
    assert people.summary(db, ben, dana.ref).needs == ("Large print", "Interpreter, Polish")


@pytest.mark.parametrize(
    ("language", "interpreter", "said"),
    [
        ("Arabic", False, ("Large print", "Most at ease in Arabic")),
        ("English", False, ("Large print",)),
        (None, False, ("Large print",)),
        ("English", True, ("Large print", "Interpreter, English")),
        (None, True, ("Large print", "Interpreter")),
    ],
)
def test_what_her_language_asks_of_a_session_is_a_sentence(
    db: Session,
    ben: Actor,
    craft: Group,
    dana: Person,
    language: str | None,
    interpreter: bool,
    said: tuple[str, ...],
) -> None:
    change(db, ben, dana, language=language, needs_interpreter=interpreter)
    assert people.summary(db, ben, dana.ref).needs == said


def test_a_coordinator_is_given_neither_alerts_nor_complex_needs(
    db: Session, amina: Actor, dana: Person
) -> None:
    given = person_changes.details(db, amina, dana.ref).values

    assert not {"alert", "complex_needs"} & given.keys()
    seen = people.summary(db, amina, dana.ref)
    assert (seen.alert, seen.complex_needs) == (None, None)
    for field in ("alert", "complex_needs"):
        with pytest.raises(NotPermittedError):
            change(db, amina, dana, **{field: "x"})


def test_a_facilitator_keeps_alerts_of_her_own_people_and_no_names(
    db: Session, ben: Actor, dana: Person
) -> None:
    change(db, ben, dana, alert="", complex_needs="Housing and drink")

    assert (dana.alert, dana.complex_needs) == (None, "Housing and drink")
    with pytest.raises(NotPermittedError):
        change(db, ben, dana, first_name="Dee")


def test_somebody_elses_people_cannot_be_changed(
    db: Session, ben: Actor, chloe: Actor, dana: Person
) -> None:
    seen = person_changes.details(db, ben, dana.ref)

    with pytest.raises(NotFoundError):
        person_changes.details(db, chloe, dana.ref)
    with pytest.raises(NotFoundError):
        person_changes.change(db, chloe, dana.ref, {"alert": "x"}, seen=seen)


@pytest.mark.parametrize("stranger", ["leila", "ada", "vik", "erin"])
def test_other_roles_change_nobody(
    db: Session, amina: Actor, dana: Person, stranger: str, request: pytest.FixtureRequest
) -> None:
    seen = person_changes.details(db, amina, dana.ref)
    actor: Actor = request.getfixturevalue(stranger)

    with pytest.raises(NotPermittedError):
        person_changes.details(db, actor, dana.ref)
    with pytest.raises(NotPermittedError):
        person_changes.change(db, actor, dana.ref, {"language": "Polish"}, seen=seen)


@pytest.mark.parametrize(
    ("mine", "field"),
    [
        ({"first_name": " "}, "first_name"),
        ({"last_name": "x" * 5_000}, "last_name"),
        ({"known_as": "x" * 101}, "known_as"),
        ({"date_of_birth": date(2026, 9, 17)}, "date_of_birth"),
        ({"language": "x" * 41}, "language"),
        ({"access_needs": "x" * 501}, "access_needs"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_changes_nothing(
    db: Session, amina: Actor, dana: Person, mine: Mapping[str, Value], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        change(db, amina, dana, **mine)

    assert list(refused.value.problems) == [field]
    assert (dana.first_name, dana.version) == ("Dana", 1)


# --- Two people at one record ------------------------------------------------------------


def test_the_later_of_two_is_shown_both_versions_field_by_field(
    db: Session, amina: Actor, ben: Actor, dana: Person
) -> None:
    mine = person_changes.details(db, ben, dana.ref)
    change(db, amina, dana, access_needs="Step-free room", language="Polish", last_name="Rowe")

    with pytest.raises(ConflictError) as refused:
        person_changes.change(
            db, ben, dana.ref, {**mine.values, "access_needs": "A chair", "alert": ""}, seen=mine
        )

    found = {one.field: (one.mine, one.theirs) for one in refused.value.differences}
    assert found == {
        "access_needs": ("A chair", "Step-free room"),
        "language": (None, "Polish"),
        "alert": (None, "Court on Friday"),
    }
    open_fields = [one.field for one in refused.value.differences if one.is_open]
    assert open_fields == ["access_needs"]
    assert (dana.access_needs, dana.alert) == ("Step-free room", "Court on Friday")


def test_what_she_chose_is_saved_over_the_version_she_chose_from(
    db: Session, amina: Actor, dana: Person
) -> None:
    change(db, amina, dana, access_needs="Step-free room", language="Polish")
    standing = person_changes.details(db, amina, dana.ref)

    chosen = {**standing.values, "access_needs": "A chair"}
    person_changes.change(db, amina, dana.ref, chosen, seen=standing)

    assert (dana.access_needs, dana.language) == ("A chair", "Polish")


def test_two_who_change_different_people_or_write_the_same_are_in_nobodys_way(
    db: Session, amina: Actor, ben: Actor, dana: Person
) -> None:
    seen = person_changes.details(db, ben, dana.ref)
    change(db, amina, dana, language="Polish")

    person_changes.change(db, ben, dana.ref, {"language": " Polish "}, seen=seen)

    assert (dana.language, dana.version) == ("Polish", 2)


def test_saving_what_is_there_already_leaves_no_trace(
    db: Session, amina: Actor, dana: Person
) -> None:
    seen = person_changes.details(db, amina, dana.ref)

    person_changes.change(db, amina, dana.ref, seen.values, seen=seen)

    actions = db.scalars(select(AuditEntry.action)).all()
    assert "person.changed" not in actions
    assert dana.version == 1


def test_the_log_names_the_fields_and_not_the_words(
    db: Session, amina: Actor, dana: Person
) -> None:
    change(db, amina, dana, first_name="Miriam", language="Polish")

    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "person.changed")).one()
    assert entry.subject == f"person:{dana.ref}"
    assert entry.details == '{"fields": "first_name, language"}'
