"""Whatever is wrong with a database, its address or its keys is said in one sentence."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from models import Person
from services import config
from services import db as application_db
from services.db import transaction
from tests.conftest import DATA_KEY, environment
from tests.services.manage.commands import count, done, fill, refused


def test_a_lost_key_is_never_made_up(own_key: Path) -> None:
    done("init")
    own_key.unlink()

    for command in ("init", "verify-audit", "demo"):
        assert "data key is missing" in refused(command)
    assert not own_key.exists()


def test_a_wrong_key_is_said(own_key: Path, tmp_path: Path) -> None:
    fill()
    own_key.write_text(DATA_KEY)

    for command in ("init", "verify-audit", "rotate-key", "recount"):
        assert "does not fit this database" in refused(command)
    assert "does not fit this database" in refused("backup", str(tmp_path / "one.backup"))
    assert not (tmp_path / "one.backup").exists()


def test_a_malformed_key_is_said(own_key: Path) -> None:
    done("init")
    own_key.write_text("not a key")

    assert "not a valid key" in refused("verify-audit")


def test_without_a_database_the_command_to_make_one_is_said(
    empty: str, database_kind: str, tmp_path: Path
) -> None:
    assert "manage init" in refused("backup", str(tmp_path / "one.backup"))
    if database_kind == "sqlite":
        assert not config.settings().database_file.exists()


def test_a_database_that_is_behind_is_said(empty: str) -> None:
    done("init")
    with transaction() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    assert "needs to be brought up to date" in refused("verify-audit")


def test_a_database_that_is_ahead_is_said(empty: str) -> None:
    done("init")
    with transaction() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    for command in ("init", "demo", "recount"):
        assert "newer version of Alongside" in refused(command)


@pytest.fixture
def address(request: pytest.FixtureRequest, empty: str) -> Iterator[None]:
    """Another address of the database than the test's own."""
    application_db.engine().dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", request.param)
        forget_settings()
        yield
    forget_settings()


def forget_settings() -> None:
    config.settings.cache_clear()
    application_db.engine.cache_clear()


@pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:1/none"], indirect=True)
@pytest.mark.parametrize("command", ["init", "verify-audit"])
def test_a_database_that_is_not_running_is_said(address: None, command: str) -> None:
    assert "cannot be reached" in refused(command)


@pytest.mark.parametrize(
    "address",
    ["mysql://a/b", "nonsense", "sqlite://", "sqlite:///", "postgresql://["],
    indirect=True,
)
@pytest.mark.parametrize("command", ["init", "verify-audit"])
def test_an_address_that_is_none_is_said(address: None, command: str) -> None:
    assert "DATABASE_URL" in refused(command)


@pytest.mark.parametrize("command", ["init", "verify-audit"])
def test_a_file_that_is_no_database_is_said(tmp_path: Path, command: str) -> None:
    (tmp_path / "letter.sqlite3").write_text("Dear all, " * 500)
    with environment(f"sqlite:///{tmp_path / 'letter.sqlite3'}"):
        assert "not a database" in refused(command)


def test_a_setting_that_cannot_be_read_is_said(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALONGSIDE_TODAY", "tomorrow")
    config.settings.cache_clear()

    assert "ALONGSIDE_TODAY" in refused("init")


def test_a_full_disk_is_said(empty: str, database_kind: str) -> None:
    if database_kind == "postgresql":
        pytest.skip("a full disk can only be played out with the embedded database")
    done("init")
    engine = application_db.engine()
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    # Every later connection may use no more room than there is now.
    from sqlalchemy import event

    def no_more(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine.dispose()
    event.listen(engine, "connect", no_more)

    assert "disk is full" in refused("demo")
    assert count(Person.id) == 0
