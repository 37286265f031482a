"""The commands: what they do and what they print."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import alembic.command
import pytest
from sqlalchemy import select, text

from models import Account, AuditEntry, DbsCheck, Person, Place, PlaceState, Role
from services import clock, config, demo, schema
from services import db as application_db
from services.accounts.accounts import password_hash_for
from services.db import reading, transaction
from services.schema import SchemaState
from services.tallies import recount, tallies
from services.tallies.tallies import Kind
from tests.code.source import ROOT
from tests.conftest import environment
from tests.services.manage.commands import count, done, fill, refused, run

PASSWORD = "four plain words here"


def test_init_makes_the_database_and_its_keys(own_key: Path) -> None:
    said = done("init")

    assert schema.state() is SchemaState.CURRENT
    assert str(own_key) in said
    for made in (own_key, own_key.with_name("cookie.key")):
        assert made.stat().st_mode & 0o777 == 0o600


def test_nobody_else_on_the_machine_may_read_the_database(empty: str, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL has accounts of its own")
    done("init")
    folder = config.settings().database_file.parent
    with transaction() as db:  # while it writes, what is new lies in a file beside it
        db.execute(text("UPDATE audit_head SET last_id = last_id"))
        beside = [file for file in folder.iterdir() if file.suffix.startswith(".sqlite3")]
        assert len(beside) > 1
        assert {file.stat().st_mode & 0o777 for file in beside} == {0o600}


def test_init_may_be_run_again(own_key: Path) -> None:
    done("init")
    key = own_key.read_text()

    assert "up to date" in done("init")
    assert own_key.read_text() == key


def test_init_of_an_older_database_counts_what_was_not_counted_then(own_key: Path) -> None:
    fill()
    with schema._connection(application_db.engine()) as connection:
        alembic.command.downgrade(schema._config(connection), "-1")
    assert schema.state() is SchemaState.BEHIND

    done("init")

    with reading() as db:
        assert {cell.kind for cell in tallies.stored(db)} >= {Kind.PATH, Kind.WEEK, Kind.ALONE}
        assert recount.differences(db) == []


def test_demo_fills_and_says_who_can_sign_in(empty: str) -> None:
    said = done("demo")

    assert count(Person.id) == 60
    assert demo.PASSWORD in said
    for username in ("coordinator", "facilitator2", "lead", "administrator", "evaluator", "engage"):
        assert username in said


def test_demo_makes_the_size_asked_for(empty: str) -> None:
    assert "80 people" in done("demo", "--people", "80", "--marks", "700", "--seed", "4")
    with reading() as db:
        assert db.scalar(text("SELECT count(*) FROM marks")) == 700


def test_demo_leaves_a_database_in_use_alone(empty: str) -> None:
    fill()

    assert "in use already" in refused("demo")


def test_demo_if_empty_leaves_a_filled_demonstration_as_it_is(empty: str) -> None:
    done("demo", "--if-empty", "--marks", "10")
    people = count(Person.id)

    assert demo.PASSWORD in done("demo", "--if-empty", "--marks", "5000")
    assert count(Person.id) == people


def test_demo_if_empty_still_keeps_off_real_people(empty: str) -> None:
    done("init")
    done("create-user", "amina", "--role", "coordinator", typed=f"{PASSWORD}\n")

    assert "in use already" in refused("demo", "--if-empty")


def test_create_user_reads_the_password_from_the_input(empty: str) -> None:
    done("init")
    done(
        "create-user", "amina", "--role", "coordinator", "--display-name", "Amina O.",
        typed=f"{PASSWORD}\n",
    )  # fmt: skip

    with reading() as db:
        account = db.scalars(select(Account)).one()
        assert (account.username, account.display_name) == ("amina", "Amina O.")
        assert account.role is Role.COORDINATOR
        assert password_hash_for(db, "amina").startswith("$2b$")


def test_there_can_be_an_account_of_every_role(empty: str) -> None:
    done("init")
    for role in Role:
        said = done("create-user", f"a.{role.value}", "--role", role.value, typed=f"{PASSWORD}\n")
        assert "can sign in" in said


def test_an_account_that_cannot_be_is_refused(empty: str) -> None:
    done("init")
    done("create-user", "amina", "--role", "lead", typed=f"{PASSWORD}\n")

    assert "taken" in refused("create-user", "amina", "--role", "lead", typed=f"{PASSWORD}\n")
    assert "at least 12" in refused("create-user", "ben", "--role", "lead", typed="short\n")
    assert "at least 12" in refused("create-user", "ben", "--role", "lead", typed="")
    assert "small letters" in refused("create-user", "B!", "--role", "lead", typed=f"{PASSWORD}\n")
    assert run("create-user", "ben", "--role", "queen", typed=f"{PASSWORD}\n").exit_code == 2


def test_backup_and_restore_bring_everything_back(empty: str, tmp_path: Path) -> None:
    fill()
    said = done("backup", str(tmp_path / "one.backup"))
    people = count(Person.id)
    assert "data key is not in the file" in said

    with transaction() as db:
        db.execute(text("DELETE FROM person_tokens"))
    assert "--replace" in refused("restore", str(tmp_path / "one.backup"))
    done("restore", "--replace", str(tmp_path / "one.backup"))

    assert count(Person.id) == people
    assert "whole" in done("verify-audit")
    with reading() as db:
        assert db.scalar(text("SELECT count(*) FROM person_tokens"))


def test_restore_makes_the_database_it_needs(
    empty: str, tmp_path: Path, database_kind: str
) -> None:
    fill()
    done("backup", str(tmp_path / "one.backup"))
    people = count(Person.id)
    application_db.engine().dispose()
    with environment(f"sqlite:///{tmp_path / 'elsewhere' / 'alongside.sqlite3'}"):
        done("restore", str(tmp_path / "one.backup"))
        assert count(Person.id) == people


def test_a_bad_backup_makes_no_database(empty: str, tmp_path: Path, database_kind: str) -> None:
    (tmp_path / "one.backup").write_text("hello")

    assert "not a backup" in refused("restore", str(tmp_path / "one.backup"))
    assert "no file two.backup" in refused("restore", str(tmp_path / "two.backup"))
    if database_kind == "sqlite":
        assert not config.settings().database_file.exists()


def test_verify_audit_names_what_was_altered(empty: str) -> None:
    fill()
    assert "is whole" in done("verify-audit")
    with transaction() as db:
        if db.get_bind().dialect.name == "postgresql":
            db.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        else:
            db.execute(text("DROP TRIGGER audit_entries_no_UPDATE"))
        db.execute(text("UPDATE audit_entries SET action = 'nothing' WHERE id = 2"))

    assert "Entry 2 was altered" in refused("verify-audit")


def test_rotate_key_leaves_the_new_key_enough(own_key: Path) -> None:
    fill()
    old = own_key.read_text()

    said = done("rotate-key")

    newest, rest = own_key.read_text().split(",")
    assert rest == old
    assert "can be removed" in said
    own_key.write_text(newest)
    assert "whole" in done("verify-audit")
    assert "Every count is right" in done("recount")


def test_rotate_key_finishes_what_was_interrupted(own_key: Path) -> None:
    fill()
    own_key.write_text("1" * 43 + "=," + own_key.read_text())  # a key was added, and no more

    done("rotate-key")

    assert len(own_key.read_text().split(",")) == 2
    done("rotate-key")
    assert len(own_key.read_text().split(",")) == 3


def test_rotate_key_says_how_with_keys_in_the_environment(empty: str) -> None:
    fill()

    assert "comes from ALONGSIDE_DATA_KEY" in refused("rotate-key")


def test_recount_puts_right_what_differs(empty: str) -> None:
    fill()
    with transaction() as db:
        db.execute(text("UPDATE tallies SET count = count + 1 WHERE kind = 'mark'"))

    assert "was kept" in done("recount")
    assert "Every count is right" in done("recount")


def test_run_jobs_lets_an_offer_that_nobody_answered_pass_on(empty: str) -> None:
    fill()
    done("run-jobs")
    assert "Nothing was due" in done("run-jobs")
    with transaction() as db:
        offered = db.scalars(select(Place).where(Place.state == PlaceState.OFFERED)).one()
        offered.offered_until = clock.now()

    assert "1 offer passed on" in done("run-jobs")
    assert "Nothing was due" in done("run-jobs")


def test_run_jobs_removes_the_details_of_checks_after_six_months(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill()
    later = clock.now() + timedelta(days=190)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert re.search(r"Details of [2-9] checks removed, six months", done("run-jobs"))
    with reading() as db:
        assert list(db.scalars(select(DbsCheck.number).where(DbsCheck.number.is_not(None)))) == []


def actions() -> list[str]:
    with reading() as db:
        return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_every_command_leaves_its_entry(own_key: Path, tmp_path: Path) -> None:
    fill()
    done("create-user", "amina", "--role", "lead", typed=f"{PASSWORD}\n")
    done("backup", str(tmp_path / "one.backup"))
    done("rotate-key")
    first = ["organisation.started", "demonstration.filled", "account.created"]
    assert actions() == [*first, "backup.made", "key.rotated"]

    done("restore", "--replace", str(tmp_path / "one.backup"))

    # What came after the backup went with the restoring, which is itself on record.
    assert actions() == [*first, "backup.restored"]


def test_it_runs_as_a_program(tmp_path: Path) -> None:
    environment = os.environ | {"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}
    environment.pop("ALONGSIDE_DATA_KEY", None)
    result = subprocess.run(
        [sys.executable, "-m", "services.manage", "verify-audit"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert result.returncode == 1
    assert "no database at /nowhere/at/all.sqlite3" in result.stderr
    assert "Traceback" not in result.stderr
