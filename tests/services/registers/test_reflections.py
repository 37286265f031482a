"""A facilitator's look back: kept for herself, changed by herself, thrown away when emptied."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Facilitation, Group, SessionReflection
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.forms.checking import Answer
from services.permissions import Actor
from services.registers import reflections
from tests.make import make_group, session_of

WORDS = "Leave more time for the closing round."
GIVEN: dict[str, Answer] = {"facilitator_plan": 3, "facilitator_next": WORDS}


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that met today."""
    return make_group(db, amina, [ben], first_day=date(2026, 9, 16))


@pytest.fixture
def held(db: Session, craft: Group) -> str:
    return session_of(db, craft).ref


def test_she_alone_reads_what_she_wrote(
    db: Session, craft: Group, ben: Actor, chloe: Actor, held: str
) -> None:
    db.add(Facilitation(group_id=craft.id, account_id=chloe.account_id))
    db.flush()
    reflections.keep(db, ben, held, GIVEN, seen=1, version=0)

    assert reflections.own(db, ben, held).answers == GIVEN
    assert reflections.own(db, chloe, held).answers == {}


def test_what_she_wrote_of_other_sessions_of_the_group_stands_beside_it(
    db: Session, craft: Group, ben: Actor, held: str
) -> None:
    reflections.keep(db, ben, held, GIVEN, seen=1, version=0)

    (found,) = reflections.earlier(db, ben, session_of(db, craft, 2).ref)

    assert found.said == (
        ("How much went as planned?", "Most"),
        ("What will you do another way next time?", WORDS),
    )
    assert reflections.earlier(db, ben, held) == ()


def test_it_can_be_changed_and_thrown_away_by_emptying_it(
    db: Session, ben: Actor, held: str
) -> None:
    with pytest.raises(InvalidInputError, match="at least one"):
        reflections.keep(db, ben, held, {"facilitator_next": " "}, seen=1, version=0)
    reflections.keep(db, ben, held, GIVEN, seen=1, version=0)
    with pytest.raises(ConflictError, match="another window"):
        reflections.keep(db, ben, held, {}, seen=1, version=0)

    reflections.keep(db, ben, held, {}, seen=1, version=1)

    assert db.scalars(select(SessionReflection)).all() == []


def test_strangers_and_sessions_to_come_are_refused(
    db: Session, craft: Group, amina: Actor, ben: Actor, chloe: Actor, held: str
) -> None:
    with pytest.raises(NotPermittedError):
        reflections.own(db, amina, held)
    with pytest.raises(NotFoundError):
        reflections.own(db, chloe, held)
    with pytest.raises(ConflictError, match="not held yet"):
        reflections.keep(db, ben, session_of(db, craft, 2).ref, GIVEN, seen=1, version=0)


def test_none_of_it_is_in_the_log_or_readable_in_the_table(
    db: Session, ben: Actor, held: str
) -> None:
    reflections.keep(db, ben, held, GIVEN, seen=1, version=0)

    logged = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert logged is not None
    assert (logged.action, logged.details) == ("reflection.kept", "{}")
    raw = db.connection().exec_driver_sql("SELECT answers FROM session_reflections").scalar_one()
    assert "closing" not in raw
