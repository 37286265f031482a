"""A new data key: everything readable and findable with it alone, however often interrupted."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models import (
    Account,
    Base,
    Concern,
    ConcernEntry,
    FeedbackAnswer,
    MeasureForm,
    Person,
    Volunteer,
)
from models.encryption import KeyringError, use_keys
from services import audit, bulk, config, demo, key_rotation, keys, organisation
from services.accounts.sign_ins import actor_of
from services.db import engine, reading, transaction
from services.errors import SetupError
from services.people import people
from services.volunteers import volunteers
from tests.conftest import DATA_KEY, NOW


@pytest.fixture
def key_file(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data key in a file, as on a machine of one's own, and a demonstration written with it."""
    monkeypatch.delenv("ALONGSIDE_DATA_KEY")
    monkeypatch.setattr(keys, "data_key_file", lambda: tmp_path / "alongside.data.key")
    config.settings.cache_clear()
    keys.write_private(tmp_path / "alongside.data.key", DATA_KEY)
    with transaction() as db:
        demo.fill(db, people=30, marks=60, today=NOW.date())
    yield tmp_path / "alongside.data.key"
    config.settings.cache_clear()


def renew_everything(*, steps: int | None = None) -> int:
    """Bring everything under the newest key, or stop after so many steps."""
    changed = done = 0
    for table in key_rotation.tables():
        last: int | None = 0
        while last is not None:
            if steps is not None and done >= steps:
                return changed
            with transaction() as db:
                step = key_rotation.renew(db, table, last)
            changed, last, done = changed + step.changed, step.last, done + 1
    return changed


def everything_read(db: Session) -> list[object]:
    """Something of every table with encrypted columns, in plain text."""
    return [
        [(one.first_name, one.last_name, one.date_of_birth, one.alert)
         for one in db.scalars(select(Person).order_by(Person.id))],
        [(one.first_name, one.note)
         for one in db.scalars(select(Volunteer).order_by(Volunteer.id))],
        list(db.scalars(select(MeasureForm.answers).order_by(MeasureForm.id))),
        list(db.scalars(select(FeedbackAnswer.answers).order_by(FeedbackAnswer.id))),
        list(db.scalars(select(Account.display_name).order_by(Account.id))),
        [(one.facts, one.opinion) for one in db.scalars(select(Concern).order_by(Concern.id))],
        list(db.scalars(select(ConcernEntry.words).order_by(ConcernEntry.id))),
    ]  # fmt: skip


def test_the_new_key_alone_reads_everything(key_file: Path) -> None:
    with reading() as db:
        before = everything_read(db)

    key_rotation.add_key()
    changed = renew_everything()
    newest, oldest = key_file.read_text().split(",")
    use_keys([newest])

    assert oldest == DATA_KEY
    assert changed > 200
    with reading() as db:
        assert everything_read(db) == before
        organisation.check_key(db)
        assert audit.verify(db).faults == ()


def test_concerns_come_under_the_new_key_and_are_refused_changes_as_before(key_file: Path) -> None:
    key_rotation.add_key()
    renew_everything()
    use_keys(keys.data_keys()[:1])

    with transaction() as db:
        assert all(db.scalars(select(Concern.facts)))
        for table in ("concerns", "concern_entries", "audit_entries"):
            change = text(f"UPDATE {table} SET id = id")  # noqa: S608 - three names of ours
            with pytest.raises(DBAPIError, match="append-only"), db.begin_nested():
                db.execute(change)


def test_people_are_found_by_the_new_key_alone(key_file: Path) -> None:
    key_rotation.add_key()
    renew_everything()
    use_keys(keys.data_keys()[:1])

    with transaction() as db:
        coordinator = actor_of(
            db.scalars(select(Account).where(Account.username == "coordinator")).one()
        )
        for person in db.scalars(select(Person).limit(20)):
            found = people.directory(db, coordinator, search=person.last_name[:5])
            assert person.ref in set(found["ref"])
        for volunteer in db.scalars(select(Volunteer).limit(5)):
            found = volunteers.directory(db, coordinator, search=volunteer.last_name)
            assert volunteer.ref in set(found["ref"])


def test_the_old_key_alone_reads_nothing_afterwards(key_file: Path) -> None:
    key_rotation.add_key()
    renew_everything()
    use_keys([DATA_KEY])

    readable = []
    for table in key_rotation.tables():
        columns = [column for column in table.columns if isinstance(column.type, bulk.ENCRYPTED)]
        with reading() as db, suppress(KeyringError):
            rows = db.execute(select(*columns)).all()
            readable += [table.name for row in rows if any(value is not None for value in row)]
    assert readable == []


def test_no_hash_of_the_old_key_stays(key_file: Path) -> None:
    tokens = text("SELECT token FROM person_tokens UNION SELECT token FROM volunteer_tokens")
    with reading() as db:
        before = set(db.scalars(tokens))

    key_rotation.add_key()
    renew_everything()

    with reading() as db:
        after = set(db.scalars(tokens))
    assert len(after) == len(before)
    assert not before & after


@pytest.mark.parametrize("steps", [0, 3, 7])
def test_it_may_be_interrupted_and_run_again(
    key_file: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "ROWS_AT_ONCE", 12)
    with reading() as db:
        before = everything_read(db)
    key_rotation.add_key()
    renew_everything(steps=steps)
    use_keys(keys.data_keys())  # as the next run finds it
    with reading() as db:
        assert everything_read(db) == before

    assert renew_everything() > 0
    assert renew_everything() == 0

    use_keys(keys.data_keys()[:1])
    with reading() as db:
        assert everything_read(db) == before


def test_every_encrypted_column_lies_in_a_numbered_table(database: str) -> None:
    encrypted = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(isinstance(column.type, bulk.ENCRYPTED) for column in table.columns)
    }
    assert {table.name for table in key_rotation.tables()} == encrypted
    for name in encrypted:
        assert inspect(engine()).get_pk_constraint(name)["constrained_columns"] == ["id"]


def test_the_key_file_stays_private(key_file: Path) -> None:
    key_rotation.add_key()

    assert key_file.stat().st_mode & 0o777 == 0o600
    assert len(keys.data_keys()) == 2


def test_keys_in_the_environment_are_changed_there(database: str) -> None:
    with pytest.raises(SetupError, match="comes from ALONGSIDE_DATA_KEY"):
        key_rotation.add_key()


def test_a_value_no_key_fits_stops_it(key_file: Path) -> None:
    key_file.write_text(Fernet.generate_key().decode())
    use_keys(keys.data_keys())

    with pytest.raises(KeyringError, match="does not fit"):
        renew_everything()
