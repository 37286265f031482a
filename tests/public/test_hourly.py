"""A running server does by itself what falls due, and no fault keeps the next hour from coming."""

from datetime import timedelta
from threading import Event
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from models import DbsCheck, Role, Stage
from services import clock, config, jobs
from services.db import reading, transaction
from services.errors import SetupError
from tests.conftest import Clock
from tests.make import make_actor, make_volunteer
from ui import hourly, incidents, startup

SOON = 10.0  # seconds to wait for another thread at most


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of the tests stand already."""
    monkeypatch.setattr(startup, "prepare", lambda: None)


def test_the_number_of_a_certificate_goes_while_a_server_runs(
    database: str, time_stands_still: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as db:
        amina = make_actor(db, "amina", Role.COORDINATOR)
        make_volunteer(db, amina, "Maya", stage=Stage.ACTIVE, ready=True)
    assert numbers() != []
    time_stands_still.moment += timedelta(days=190)

    told = Event()
    monkeypatch.setattr(incidents, "say", lambda _event, **_what: told.set())
    with hourly.hourly(first=0, every=SOON):
        assert told.wait(SOON)
    assert numbers() == []


def numbers() -> list[str]:
    with reading() as db:
        return list(db.scalars(select(DbsCheck.number).where(DbsCheck.number.is_not(None))))


def test_what_fails_is_logged_and_tried_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, again = [], Event()

    def fail(_db: object) -> list[str]:
        tried.append(clock.now())
        if len(tried) > 1:
            again.set()
        raise ZeroDivisionError

    noted: list[Exception] = []
    monkeypatch.setattr(jobs, "do_what_is_due", fail)
    monkeypatch.setattr(incidents, "note", noted.append)
    with hourly.hourly(first=0, every=0):
        assert again.wait(SOON)
    assert isinstance(noted[0], ZeroDivisionError)


def test_a_database_that_does_not_fit_yet_is_left_alone(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def behind() -> None:
        raise SetupError("The database needs to be brought up to date.")

    monkeypatch.setattr(startup, "prepare", behind)
    monkeypatch.setattr(incidents, "note", lambda _error: pytest.fail("nothing unforeseen"))
    hourly.once()


def test_no_database_is_made_before_the_first_visitor(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    nowhere = SimpleNamespace(is_embedded=True, database_file=config.DATA / "there is none")
    monkeypatch.setattr(hourly, "settings", lambda: nowhere)
    monkeypatch.setattr(startup, "prepare", lambda: pytest.fail("a database would be made"))
    hourly.once()
