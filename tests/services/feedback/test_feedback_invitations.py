"""An address for one person's form: by a safe route alone, once, and never saying whose."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import FeedbackInvitation, Group, GroupSession, Person, Route
from services import feedback
from services.errors import ConflictError, NotFoundError, NotPermittedError
from services.feedback import FormClosedError, invitations
from services.permissions import Actor
from tests.conftest import Clock
from tests.make import make_contact, make_person, make_place

NUMBER = "a-form-number-of-its-own-{}".format


@pytest.fixture
def dana(db: Session, amina: Actor, group: Group) -> Person:
    person = make_person(db, amina)
    make_place(db, amina, group, person)
    make_contact(db, amina, person, Route.TEXT)
    return person


@pytest.fixture
def token(db: Session, ben: Actor, held: GroupSession, dana: Person) -> str:
    made = invitations.invite(db, ben, held.ref, dana.ref, Route.TEXT)
    assert made.to == "07700 900111"
    return made.path.removeprefix("/f/")


def test_it_opens_the_sessions_form_and_is_used_up_by_one(db: Session, token: str) -> None:
    assert feedback.form_for_token(db, token).form.key == "after_session"
    feedback.submit(db, token, NUMBER(1), {"felt_safe": 3})

    with pytest.raises(FormClosedError, match="has been sent"):
        feedback.submit(db, token, NUMBER(2), {"felt_safe": 0})
    with pytest.raises(FormClosedError, match="has been sent"):
        feedback.form_for_token(db, token)
    assert db.scalar(text("SELECT count(*) FROM feedback_answers")) == 1
    assert feedback.is_kept(db, NUMBER(1))  # pressing "send" twice still gets her thanks


def test_an_empty_form_does_not_use_it_up(db: Session, token: str) -> None:
    feedback.submit(db, token, NUMBER(1), {"felt_safe": None})
    feedback.submit(db, token, NUMBER(2), {"felt_safe": 3})
    assert list(db.scalars(select(FeedbackInvitation.is_used))) == [True]


def test_it_closes_with_the_session_s_own_form(
    db: Session, token: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=30)
    with pytest.raises(FormClosedError, match="does not lead to any questions"):
        feedback.form_for_token(db, token)


def test_without_a_safe_route_there_is_no_address(
    db: Session, amina: Actor, ben: Actor, group: Group, held: GroupSession, dana: Person
) -> None:
    for person, route in ((dana, Route.EMAIL), (make_person(db, amina, "Elin"), Route.TEXT)):
        if person is not dana:
            make_place(db, amina, group, person)
        with pytest.raises(ConflictError):
            invitations.invite(db, ben, held.ref, person.ref, route)
    assert db.scalars(select(FeedbackInvitation)).all() == []


def test_nothing_kept_says_for_whom_it_was(db: Session, token: str, dana: Person) -> None:
    feedback.submit(db, token, NUMBER(1), {"felt_safe": 3})
    assert set(FeedbackInvitation.__table__.c.keys()) == {
        "id", "session_id", "token_hash", "is_used",
    }  # fmt: skip
    kept = str(db.execute(text("SELECT * FROM feedback_invitations")).all())
    assert token.replace("-", "") not in kept


def test_nothing_kept_says_in_which_order_addresses_were_made(
    db: Session, ben: Actor, held: GroupSession, dana: Person
) -> None:
    """The audit log says for whom one was made, and when: the numbers must not count along."""
    numbers: list[int] = []
    for _each in range(8):
        invitations.invite(db, ben, held.ref, dana.ref, Route.TEXT)
        numbers += set(db.scalars(select(FeedbackInvitation.id))) - set(numbers)
    assert numbers != sorted(numbers)


def test_somebody_of_another_group_is_not_to_be_had(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, held: GroupSession, dana: Person
) -> None:
    with pytest.raises(NotFoundError):
        invitations.invite(db, chloe, held.ref, dana.ref, Route.TEXT)
    elsewhere = make_person(db, amina, "Elin")
    make_contact(db, amina, elsewhere, Route.TEXT)
    with pytest.raises(NotFoundError):
        invitations.invite(db, ben, held.ref, elsewhere.ref, Route.TEXT)
    assert set(invitations.people(db, ben, held.ref)) == {dana.ref}


@pytest.mark.parametrize("who", ["amina", "leila", "ada", "vik", "erin"])
def test_only_facilitators_make_one(
    db: Session, held: GroupSession, who: str, request: pytest.FixtureRequest
) -> None:
    actor: Actor = request.getfixturevalue(who)
    with pytest.raises(NotPermittedError):
        invitations.people(db, actor, held.ref)
    with pytest.raises(NotPermittedError):
        invitations.invite(db, actor, held.ref, "x", Route.TEXT)
