"""The audit log: appended to, chained, and honest about being touched."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models import AuditEntry, Role
from services import audit
from services.db import reading, transaction
from services.errors import NotFoundError, NotPermittedError
from services.permissions import Actor
from tests.conftest import Clock
from tests.make import make_actor


def test_an_untouched_log_verifies(db: Session, ada: Actor) -> None:
    for number in range(5):
        audit.record(db, ada, "test.happened", f"thing:{number}", number=number)

    found = audit.verify(db)

    assert found.faults == ()
    assert found.entries == 6  # the organisation's start, and these


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"]
)
def test_the_database_itself_refuses_to_change_the_log(db: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), db.begin_nested():
        db.execute(text(statement))


def test_an_altered_entry_is_named(db: Session, ada: Actor) -> None:
    _three_entries(db, ada)
    _tamper(db, "UPDATE audit_entries SET action = 'nothing.happened' WHERE id = 3")

    assert audit.verify(db).faults == ("Entry 3 was altered.",)


def test_a_missing_entry_is_named(db: Session, ada: Actor) -> None:
    _three_entries(db, ada)
    _tamper(db, "DELETE FROM audit_entries WHERE id = 3")

    assert audit.verify(db).faults == ("Entry 3 is missing.",)


def test_a_log_with_its_end_cut_off_is_noticed(db: Session, ada: Actor) -> None:
    _three_entries(db, ada)
    _tamper(db, "DELETE FROM audit_entries WHERE id >= 3")

    assert audit.verify(db).faults == ("Entries 3 to 4 are missing.",)


def test_entries_put_out_of_order_are_named(db: Session, ada: Actor) -> None:
    _three_entries(db, ada)
    _tamper(
        db,
        "UPDATE audit_entries SET id = 99 WHERE id = 2",
        "UPDATE audit_entries SET id = 2 WHERE id = 3",
        "UPDATE audit_entries SET id = 3 WHERE id = 99",
    )

    faults = audit.verify(db).faults

    assert "Entry 2 was altered." in faults
    assert "Entry 3 was altered." in faults


def test_only_an_administrator_reads_the_log(db: Session, amina: Actor, ada: Actor) -> None:
    assert len(audit.recent(db, ada)) == 1
    with pytest.raises(NotPermittedError):
        audit.recent(db, amina)


def _three_entries(db: Session, actor: Actor) -> None:
    for _ in range(3):
        audit.record(db, actor, "test.happened")


def _tamper(db: Session, *statements: str) -> None:
    """Change the log as somebody with the database in her hands could."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER ALL"))
    else:
        db.execute(text("DROP TRIGGER audit_entries_no_UPDATE"))
        db.execute(text("DROP TRIGGER audit_entries_no_DELETE"))
    for statement in statements:
        db.execute(text(statement))
    db.expire_all()


def test_a_look_while_reading_is_noted_once_and_keeps_nobody_waiting(
    database: str, time_stands_still: Clock
) -> None:
    with transaction() as db:
        actor = make_actor(db, "amina", Role.COORDINATOR)
    for _ in range(2):
        with reading() as db, transaction():  # somebody else is writing meanwhile
            for _again in range(2):
                audit.viewed(db, actor, "person:x")
    with reading() as db:
        looks = select(func.count()).where(AuditEntry.action == "record.viewed")
        assert db.scalar(looks) == 1


def test_a_look_at_what_could_not_be_read_is_not_noted(
    database: str, time_stands_still: Clock
) -> None:
    with transaction() as db:
        actor = make_actor(db, "amina", Role.COORDINATOR)
    with pytest.raises(NotFoundError):
        _look_in_vain(actor)
    with reading() as db:
        assert db.scalar(select(func.count()).where(AuditEntry.action == "record.viewed")) == 0


def _look_in_vain(actor: Actor) -> None:
    with reading() as db:
        audit.viewed(db, actor, "person:x")
        raise NotFoundError("person")
