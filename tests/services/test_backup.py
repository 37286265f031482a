"""A backup holds everything but the key, comes back whole or not at all, and shows any change."""

import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models import Account, Base, ContactRoute, Group, Organisation, Person, Role, SignIn
from models.encryption import use_keys
from services import audit, backup, bulk, demo, schema
from services.accounts import sign_ins
from services.accounts.sign_ins import actor_of
from services.db import engine, reading, transaction
from services.errors import ConflictError, InvalidInputError, SetupError
from services.people import people
from tests import postgres
from tests.conftest import DATA_KEY, NOW, environment
from tests.make import make_actor

Rows = dict[str, list[list[Any]]]


def rows() -> Rows:
    """Everything, as it is stored; the entry that the restoring itself makes left out."""
    with reading() as db:
        found = {
            table.name: list(bulk.read(db, table))
            for table in Base.metadata.sorted_tables
            if table.name not in {"sign_ins", "audit_head"}
        }
    restored = [entry for entry in found["audit_entries"] if "backup.restored" in entry]
    found["audit_entries"] = [entry for entry in found["audit_entries"] if entry not in restored]
    return found


@pytest.fixture
def filled(database: str) -> str:
    """A database with the small demonstration in it. Gives its address."""
    with transaction() as db:
        demo.fill(db, people=None, marks=None, today=NOW.date())
    return database


@pytest.fixture
def file(filled: str, tmp_path: Path) -> Path:
    """A backup of the demonstration."""
    made = tmp_path / "monday.backup"
    with reading() as db:
        backup.write(db, made)
    return made


@contextmanager
def fresh(kind: str, folder: Path) -> Iterator[None]:
    """An empty, migrated database of a kind in use for the length of the block."""
    engine().dispose()
    if kind == "sqlite":
        with environment(f"sqlite:///{folder / 'fresh.sqlite3'}"):
            schema.upgrade()
            yield
        return
    url = postgres.create(f"fresh_{uuid4().hex[:8]}")
    try:
        with environment(url):
            schema.upgrade()
            yield
    finally:
        postgres.drop(url)


def restore(file: Path, *, replace: bool = False) -> None:
    with transaction() as db:
        backup.restore(db, file, replace=replace)


def test_everything_comes_back_as_it_was(file: Path, tmp_path: Path, database_kind: str) -> None:
    before = rows()

    with fresh(database_kind, tmp_path):
        restore(file)

        assert rows() == before
        assert len(before["people"]) == 60
        with reading() as db:
            assert audit.verify(db).faults == ()


def test_a_programme_moves_to_the_other_database_and_back(
    file: Path, tmp_path: Path, database_kind: str
) -> None:
    if database_kind == "sqlite":
        pytest.skip("needs both databases: it runs with PostgreSQL")
    before, there = rows(), tmp_path / "there.backup"

    with fresh("sqlite", tmp_path):
        restore(file)
        assert rows() == before
        with reading() as db:
            backup.write(db, there)
    with fresh("postgresql", tmp_path):
        restore(there)
        assert rows() == before


def test_work_goes_on_after_it_came_back(file: Path, tmp_path: Path, database_kind: str) -> None:
    with fresh(database_kind, tmp_path):
        restore(file)
        with transaction() as db:
            coordinator = actor_of(
                db.scalars(select(Account).where(Account.username == "coordinator")).one()
            )
            person = db.scalars(select(Person).limit(1)).one()
            found = people.directory(db, coordinator, search=person.last_name)
            assert person.ref in set(found["ref"])
            make_actor(db, "newcomer", Role.LEAD)
            assert audit.verify(db).faults == ()


def test_the_log_still_refuses_change_afterwards(
    file: Path, tmp_path: Path, database_kind: str
) -> None:
    with fresh(database_kind, tmp_path):
        restore(file)
        for change in ("DELETE FROM audit_entries", "UPDATE audit_entries SET action = 'other'"):
            with pytest.raises(DBAPIError, match="append-only"), transaction() as db:
                db.execute(text(change))


def test_nobody_stays_signed_in(filled: str, tmp_path: Path, database_kind: str) -> None:
    with transaction() as db:
        sign_ins.begin(db, "coordinator", 2_000_000_000.0)
    file = tmp_path / "monday.backup"
    with reading() as db:
        backup.write(db, file)

    restore(file, replace=True)

    with reading() as db:
        assert db.scalars(select(SignIn)).all() == []


def test_only_the_owner_may_read_the_file(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.glob("*.new")) == []


def test_neither_key_nor_name_is_in_the_file(file: Path) -> None:
    with reading() as db:
        names = set(db.scalars(select(Person.last_name))) | set(
            db.scalars(select(ContactRoute.address))
        )
    with zipfile.ZipFile(file) as archive:
        content = "".join(archive.read(name).decode() for name in archive.namelist())

    assert DATA_KEY not in content
    assert not [name for name in names if name and name in content]


def test_a_database_in_use_is_not_overwritten_unless_asked(file: Path) -> None:
    before = rows()

    with pytest.raises(ConflictError, match="--replace"):
        restore(file)

    assert rows() == before


def test_what_was_there_is_gone_when_asked(file: Path) -> None:
    before = rows()
    with transaction() as db:
        db.scalars(select(Group)).first().code_name = "Changed since"  # type: ignore[union-attr]
        make_actor(db, "since", Role.LEAD)

    restore(file, replace=True)

    assert rows() == before


def test_when_restoring_fails_nothing_has_changed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as db:
        make_actor(db, "since", Role.LEAD)
    before = rows()

    def fail(_db: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(bulk, "settle", fail)
        with pytest.raises(OSError, match="No space"):
            restore(file, replace=True)

    assert rows() == before
    with pytest.raises(DBAPIError, match="append-only"), transaction() as db:
        db.execute(text("DELETE FROM audit_entries"))


def altered(file: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The same file with one member changed, its check sums made to fit again."""
    other = file.with_name(f"{uuid4().hex}.backup")
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(other, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == member else content)
    return other


def test_a_changed_row_is_found(file: Path) -> None:
    other = altered(file, "tables/groups.jsonl", lambda lines: lines.replace(b"Paper", b"Piper"))

    with pytest.raises(SetupError, match="damaged or changed"):
        backup.check(other)


def test_a_missing_row_is_found(file: Path) -> None:
    other = altered(file, "tables/marks.jsonl", lambda lines: lines.split(b"\n", 1)[1])

    with pytest.raises(SetupError, match="damaged or changed"):
        backup.check(other)


def test_a_manifest_made_to_fit_is_found(file: Path) -> None:
    def emptied(manifest: bytes) -> bytes:
        content = json.loads(manifest)
        content["tables"]["marks"] |= {"rows": 0, "sha256": sha256().hexdigest()}
        return json.dumps(content).encode()

    without_marks = altered(file, "tables/marks.jsonl", lambda _lines: b"")
    with pytest.raises(SetupError, match="damaged or changed"):
        backup.check(altered(without_marks, "manifest.json", emptied))


def test_a_cut_off_file_is_found(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])

    with pytest.raises(SetupError, match="damaged or changed"):
        backup.check(file)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(min_value=0, max_value=2**30), bit=st.integers(0, 7))
def test_one_changed_bit_never_gives_other_rows(file: Path, at: int, bit: int) -> None:
    content = bytearray(file.read_bytes())
    content[at % len(content)] ^= 1 << bit
    other = file.with_name("bit.backup")
    other.write_bytes(content)

    try:
        manifest = backup.check(other)
    except SetupError:
        return
    assert manifest == backup.check(file)


def test_another_key_is_named_as_the_reason(file: Path) -> None:
    use_keys([Fernet.generate_key().decode()])

    with pytest.raises(SetupError, match="made with another data key"):
        backup.check(file)


def test_a_key_added_since_still_opens_it(file: Path) -> None:
    use_keys([Fernet.generate_key().decode(), DATA_KEY])

    assert backup.check(file).rows > 1_000


def test_a_backup_of_another_version_is_refused(file: Path) -> None:
    with transaction() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    with pytest.raises(SetupError, match="another version"):
        restore(file, replace=True)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04"])
def test_something_else_is_refused(database: str, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(content)

    with pytest.raises(SetupError, match="not a backup"):
        backup.check(file)


def test_a_missing_file_is_named(database: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"no file none\.backup"):
        backup.check(tmp_path / "none.backup")


def test_a_backup_never_takes_the_place_of_another_kind_of_file(
    database: str, tmp_path: Path
) -> None:
    key = tmp_path / "alongside.data.key"
    key.write_text("a key")

    with pytest.raises(InvalidInputError, match="not a backup"), reading() as db:
        backup.write(db, key)

    assert key.read_text() == "a key"


def test_a_newer_backup_takes_the_place_of_an_older_one(file: Path) -> None:
    with transaction() as db:
        make_actor(db, "since", Role.LEAD)
    older = backup.check(file)

    with reading() as db:
        newer = backup.write(db, file)

    assert newer.rows == older.rows + 1


def test_a_folder_that_is_not_there_is_said(database: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="could not be written"), reading() as db:
        backup.write(db, tmp_path / "nowhere" / "monday.backup")


def test_what_is_saved_meanwhile_does_not_tear_it(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account and its audit entry are saved between one table and the next."""
    original = bulk.read

    def slow(db: Any, table: Any) -> Iterator[Any]:
        if table.name == "audit_head":
            with transaction() as other:
                make_actor(other, "meanwhile", Role.LEAD)
                audit.record(other, None, "account.created")
        return original(db, table)

    monkeypatch.setattr(bulk, "read", slow)
    with reading() as db:
        backup.write(db, tmp_path / "monday.backup")
    monkeypatch.undo()

    restore(tmp_path / "monday.backup", replace=True)
    with reading() as db:
        assert db.scalar(select(Account.id).where(Account.username == "meanwhile")) is None
        assert audit.verify(db).faults == ()


def test_a_logo_comes_back(database: str, tmp_path: Path) -> None:
    logo = b"\x89PNG\r\n\x1a\n\x00\xff"
    with transaction() as db:
        db.get_one(Organisation, 1).logo = logo
    with reading() as db:
        backup.write(db, tmp_path / "logo.backup")

    restore(tmp_path / "logo.backup", replace=True)

    with reading() as db:
        assert db.get_one(Organisation, 1).logo == logo
