"""What goes out to people goes through one door, which asks whether it is safe."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AuditEntry, Person, Route, RouteAnswer
from services.errors import NotPermittedError
from services.permissions import Actor
from services.safe_contact import outgoing, plans
from services.safe_contact.outgoing import Kind
from tests.make import make_contact, make_group, make_person, make_place

TEXT, EMAIL = Route.TEXT, Route.EMAIL


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    """Somebody who may be sent a text."""
    person = make_person(db, amina)
    make_contact(db, amina, person, TEXT)
    return person


def cleared(db: Session, actor: Actor, *people: Person, route: Route = TEXT, **more: Any) -> Any:
    return outgoing.clear(db, actor, [one.ref for one in people], route, Kind.REMINDER, **more)


def looks(db: Session) -> int:
    query = select(func.count()).where(AuditEntry.action == "contact.cleared")
    return db.scalar(query) or 0


def test_where_she_said_it_is_safe_the_address_is_given_and_noted(
    db: Session, amina: Actor, dana: Person
) -> None:
    given = cleared(db, amina, dana)

    assert [(one.person_ref, one.address) for one in given.cleared] == [(dana.ref, "07700 900111")]
    assert given.refused == ()
    assert looks(db) == 1


def test_where_it_is_not_safe_no_address_comes_out_and_the_reason_is_said(
    db: Session, amina: Actor, dana: Person
) -> None:
    plans.suspend(db, amina, dana.ref, "A man answered")

    given = cleared(db, amina, dana)

    assert given.cleared == ()
    assert given.refused[0].reason.startswith("Do not contact her: contact is suspended")
    assert looks(db) == 0


def test_of_many_each_is_decided_by_itself(db: Session, amina: Actor, dana: Person) -> None:
    ines, unknown = make_person(db, amina, "Ines"), make_person(db, amina, "Olu")
    make_contact(db, amina, ines, answer=RouteAnswer.NO, address="07700 900222")
    make_contact(db, amina, ines, TEXT, address=None)

    given = cleared(db, amina, dana, ines, unknown)

    assert {one.address for one in given.cleared} == {"07700 900111", "07700 900222"}
    assert [one.person_ref for one in given.refused] == [unknown.ref]


@pytest.mark.parametrize("calls_first", [True, False])
def test_a_text_goes_to_the_number_kept_for_texts_and_not_to_the_one_for_calls(
    db: Session, amina: Actor, calls_first: bool
) -> None:
    dana, numbers = make_person(db, amina), {Route.CALL: "07700 900222", TEXT: "07700 900111"}
    for by in numbers if calls_first else reversed(numbers):
        make_contact(db, amina, dana, by, address=numbers[by])

    assert [one.address for one in cleared(db, amina, dana).cleared] == [numbers[TEXT]]


def test_what_only_a_person_can_judge_a_programme_does_not_send(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana, EMAIL, RouteAnswer.ONLY_WHEN, address="d@example.org",
                 condition="At work")  # fmt: skip

    assert cleared(db, amina, dana, route=EMAIL).cleared == ()


def test_nothing_says_who_we_are_unless_she_said_it_may(
    db: Session, amina: Actor, dana: Person
) -> None:
    assert cleared(db, amina, dana, says_who=True).cleared == ()


def test_a_message_is_left_by_phone_only_where_she_said_so(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana, Route.CALL)
    assert cleared(db, amina, dana, route=Route.CALL).cleared == ()

    make_contact(db, amina, dana, Route.CALL, may_leave_message=True)
    assert len(cleared(db, amina, dana, route=Route.CALL).cleared) == 1


def test_somebody_elses_people_read_like_people_nothing_is_known_of(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, dana: Person
) -> None:
    make_place(db, amina, make_group(db, amina, [ben]), dana)

    assert len(cleared(db, ben, dana).cleared) == 1
    (refused,) = cleared(db, chloe, dana).refused
    assert refused.reason == "Do not contact her: nobody has asked her yet what is safe."


def test_nobody_else_gets_an_address(
    db: Session, leila: Actor, ada: Actor, vik: Actor, erin: Actor, dana: Person
) -> None:
    for actor in (leila, ada, vik, erin):
        with pytest.raises(NotPermittedError):
            cleared(db, actor, dana)
