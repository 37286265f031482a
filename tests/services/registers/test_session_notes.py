"""Notes on a session: her own, saved as it stands, and never overwritten in silence."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import Group
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor
from services.registers import session_notes
from tests.make import make_group, session_of

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that starts today."""
    return make_group(db, amina, [ben], first_day=TODAY)


def test_each_facilitator_keeps_her_own_note(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    group = make_group(db, amina, [ben, chloe], first_day=TODAY)
    ref = session_of(db, group).ref

    assert session_notes.save_note(db, ben, ref, "A calm start", version=0) == 1
    assert session_notes.save_note(db, chloe, ref, "Two latecomers", version=0) == 1

    assert session_notes.own_note(db, ben, ref).body == "A calm start"
    assert session_notes.others_notes(db, ben, ref) == [("Chloe", "Two latecomers")]


def test_a_note_changed_in_another_window_is_shown_not_overwritten(
    db: Session, ben: Actor, craft: Group
) -> None:
    ref = session_of(db, craft).ref
    session_notes.save_note(db, ben, ref, "first", version=0)
    session_notes.save_note(db, ben, ref, "second", version=1)

    with pytest.raises(ConflictError) as caught:
        session_notes.save_note(db, ben, ref, "stale", version=1)

    assert caught.value.theirs == "second"
    assert session_notes.save_note(db, ben, ref, "second", version=1) == 2


def test_a_note_that_is_too_long_is_refused(db: Session, ben: Actor, craft: Group) -> None:
    with pytest.raises(InvalidInputError, match="10000"):
        session_notes.save_note(db, ben, session_of(db, craft).ref, "x" * 10_001, version=0)


def test_a_stranger_finds_no_note(db: Session, chloe: Actor, craft: Group) -> None:
    for look in (session_notes.own_note, session_notes.others_notes):
        with pytest.raises(NotFoundError):
            look(db, chloe, session_of(db, craft).ref)
