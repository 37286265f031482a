"""You said, we did: noted by the group's facilitators, read by its participants once answered."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models import Group
from services import feedback
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.feedback import replies
from services.permissions import Actor
from tests.make import make_group, session_of


@pytest.fixture
def group(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben])


@pytest.fixture
def ref(db: Session, group: Group) -> str:
    return session_of(db, group, 2).ref


def told(db: Session, ben: Actor, ref: str) -> tuple[tuple[str, str], ...]:
    token = feedback.open_link(db, ben, ref).path.removeprefix("/f/")
    return feedback.told(db, token)


def test_what_came_up_is_told_once_something_came_of_it(db: Session, ben: Actor, ref: str) -> None:
    replies.add(db, ben, ref, theme="Breaks", said="The break is short")
    assert told(db, ben, ref) == ()
    (noted,) = replies.listing(db, ben, ref)

    replies.answer(db, ben, ref, noted.ref, " Fifteen  minutes now ", version=noted.version)

    assert told(db, ben, ref) == (("The break is short", "Fifteen minutes now"),)
    (answered,) = replies.listing(db, ben, ref)
    replies.answer(db, ben, ref, noted.ref, "", version=answered.version)
    assert told(db, ben, ref) == ()


def test_it_is_not_kept_readable(db: Session, ben: Actor, ref: str) -> None:
    replies.add(db, ben, ref, theme="Breaks", said="The break is short", did="Longer")
    stored = str(db.execute(text("SELECT * FROM feedback_replies")).one())
    assert not any(word in stored for word in ("Breaks", "short", "Longer"))


def test_whoever_was_slower_is_told(db: Session, ben: Actor, ref: str) -> None:
    replies.add(db, ben, ref, theme="Breaks", said="The break is short")
    (noted,) = replies.listing(db, ben, ref)
    replies.answer(db, ben, ref, noted.ref, "Longer", version=noted.version)
    with pytest.raises(ConflictError, match="Somebody else"):
        replies.answer(db, ben, ref, noted.ref, "Shorter", version=noted.version)


def test_too_little_and_too_much_are_refused_at_their_field(
    db: Session, ben: Actor, ref: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        replies.add(db, ben, ref, theme=" ", said="x" * 301, did="x" * 301)
    assert set(refused.value.problems) == {"theme", "said", "did"}
    assert replies.listing(db, ben, ref) == ()


@pytest.mark.parametrize("who", ["amina", "leila", "ada", "vik", "erin"])
def test_only_facilitators_note_and_read(
    db: Session, ref: str, who: str, request: pytest.FixtureRequest
) -> None:
    actor: Actor = request.getfixturevalue(who)
    with pytest.raises(NotPermittedError):
        replies.listing(db, actor, ref)
    with pytest.raises(NotPermittedError):
        replies.add(db, actor, ref, theme="A", said="B")
    with pytest.raises(NotPermittedError):
        replies.answer(db, actor, ref, "x", "C", version=1)


def test_another_groups_notes_do_not_exist_for_a_stranger(
    db: Session, ref: str, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    replies.add(db, ben, ref, theme="Breaks", said="Short")
    (noted,) = replies.listing(db, ben, ref)
    own = session_of(db, make_group(db, amina, [chloe], code_name="Another"), 2).ref
    with pytest.raises(NotFoundError):
        replies.listing(db, chloe, ref)
    with pytest.raises(NotFoundError):
        replies.answer(db, chloe, own, noted.ref, "C", version=noted.version)
