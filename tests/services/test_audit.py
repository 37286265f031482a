"""The audit log: appended to, chained, and honest about being touched."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services import audit
from services.errors import NotPermittedError
from services.permissions import Actor


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
