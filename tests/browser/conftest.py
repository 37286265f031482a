"""One Chromium for all browser tests, a running application for each file, fresh profiles."""

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Playwright,
    expect,
    sync_playwright,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, PersonKind
from services import clock
from services.accounts.sign_ins import actor_of
from services.db import transaction
from services.permissions import Actor
from tests import postgres
from tests.browser.site import PATIENCE, Person, Site, manage
from tests.conftest import environment
from tests.make import make_group, make_person, make_place, session_of

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAPTOP = {"width": 1280, "height": 900}
STAFF = ("coordinator", "facilitator", "facilitator2")
NAMES = ("Ada Thistledown", "Bea Copperpot", "Cora Windle", "Dilys Moonfield", "Esme Quill",
         "Fern Applegarth")  # fmt: skip
ALL = tuple((name, PersonKind.ADULT) for name in NAMES)
ON_PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    # As a phone's browser says of itself: tables are drawn for it (ui.components.stacked).
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
}
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where a Chromium is: named by ALONGSIDE_CHROMIUM, or found on the path."""
    named = os.environ.get("ALONGSIDE_CHROMIUM")
    found = (shutil.which(name) for name in ((named,) if named else _NAMES))
    return next((path for path in found if path), None)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = chromium()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("NO BROWSER: no Chromium was found, and here one must be.")
    if path is None:
        pytest.skip("NO BROWSER: no Chromium was found. Install one and try again.")
    expect.set_options(timeout=PATIENCE)
    opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield opened
    opened.close()


# --- Databases ------------------------------------------------------------------------------


@pytest.fixture(scope="package")
def filled(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """`filled()`: a fresh database with the demonstration in it; gives its address."""
    if database_kind == "sqlite":
        original = tmp_path_factory.mktemp("demonstration") / "original.sqlite3"
        _fill(f"sqlite:///{original}")

        def copy() -> str:
            fresh = tmp_path_factory.mktemp("site") / "site.sqlite3"
            shutil.copy(original, fresh)
            return f"sqlite:///{fresh}"

        return copy
    name = f"demonstration_{uuid4().hex[:8]}"
    _fill(postgres.create(name))
    return lambda: postgres.create(f"site_{uuid4().hex[:12]}", template=name)


@pytest.fixture(scope="package")
def empty(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """`empty()`: the address of a database with nothing in it, not even tables."""
    if database_kind == "sqlite":
        return lambda: f"sqlite:///{tmp_path_factory.mktemp('site') / 'site.sqlite3'}"
    return lambda: postgres.create(f"site_{uuid4().hex[:12]}")


def _fill(database: str) -> None:
    manage(database, "init")
    manage(database, "demo", "--seed", "1")


# --- Servers and people ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(filled: Callable[[], str]) -> Iterator[Site]:
    """The demonstration, running for the tests of one file."""
    with running(filled()) as started:
        yield started


@contextmanager
def running(database: str, **more: str) -> Iterator[Site]:
    """A server for the length of the block; no fault of ours may be in its log afterwards."""
    started = Site(database, more).start()
    try:
        yield started
    finally:
        started.stop()
        if database.startswith("postgresql"):
            postgres.drop(database)
    said = started.said().splitlines()
    started.log.close()
    assert [line for line in said if "Traceback" in line or '"level": "error"' in line] == []


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session that is on now, of a group nobody else in the tests touches."""

    session: str
    group: str
    code_name: str
    names: tuple[str, ...]  # as the register lists them

    @property
    def register(self) -> str:
        """The address of its register."""
        return f"/register?session={self.session}"


@pytest.fixture
def meeting(site: Site) -> Meeting:
    """Six women are expected at it."""
    return meet(site)


def meet(
    site: Site, *, programme: str = "steps_forward", people: Sequence[tuple[str, PersonKind]] = ALL
) -> Meeting:
    """A new group of both facilitators of the demonstration, whose first session is on now."""
    with environment(site.database), transaction() as db:
        coordinator, *both = (_actor(db, name) for name in STAFF)
        code_name, today = f"Larks {uuid4().hex[:6]}", clock.today()
        group = make_group(
            db, coordinator, both, programme=programme, code_name=code_name, first_day=today
        )
        held = session_of(db, group)
        # Whatever the hour, and even on a bank holiday; but never yesterday.
        started = max(clock.now() - timedelta(hours=1), clock.start_of_day(today))
        group.starts_on, held.starts_at = today, started
        held.ends_at = started + timedelta(hours=2)
        held.local_start = clock.local(started).replace(tzinfo=None)
        db.flush()
        for name, kind in people:
            person = make_person(db, coordinator, *name.split(), kind=kind)
            make_place(db, coordinator, group, person)
        return Meeting(held.ref, group.ref, code_name, tuple(name for name, _kind in people))


def _actor(db: Session, username: str) -> Actor:
    return actor_of(db.scalars(select(Account).where(Account.username == username)).one())


class Visitors:
    """People who come in the course of a test, each with a browser profile of her own."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.contexts: list[BrowserContext] = []
        self.hosts: set[str | None] = set()  # every machine that was asked for anything
        self.faults: list[str] = []

    def come(self, site: Site, **options: Any) -> Person:
        """`come(site)`, or with a phone, without scripts, …: options of a browser profile."""
        context = self._browser.new_context(**{"viewport": LAPTOP, "locale": "en-GB"} | options)
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: self._look(request.url))
        context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        self.contexts.append(context)
        person = Person(context, site)
        person.page.on("websocket", lambda socket: self._look(socket.url))
        return person

    def leave(self) -> None:
        """Close every profile."""
        for context in self.contexts:
            context.close()

    def _look(self, url: str) -> None:
        there = urlsplit(url)
        if there.scheme in {"http", "https", "ws", "wss"}:
            self.hosts.add(there.hostname)


@pytest.fixture
def visitors(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitors]:
    coming = Visitors(browser)
    yield coming
    if request.node.stash.get(_FAILED, False):
        _take_pictures(coming, request.node.name)
    coming.leave()
    assert coming.faults == []
    assert coming.hosts <= {"127.0.0.1"}  # no page needs anything from outside


@pytest.fixture
def visitor(visitors: Visitors, site: Site) -> Callable[..., Person]:
    """`visitor()`: somebody at a laptop; `visitor(**ON_PHONE)`: at a phone."""
    return lambda **options: visitors.come(site, **options)


# --- What a failure looked like -------------------------------------------------------------

_FAILED = pytest.StashKey[bool]()
_FAILURES = Path(__file__).parent / "failures"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


def _take_pictures(visitors: Visitors, name: str) -> None:
    pages = [page for context in visitors.contexts for page in context.pages]
    for number, page in enumerate(pages, 1):
        safe = re.sub(r"\W+", "_", name)
        with suppress(Error):
            page.screenshot(path=_FAILURES / f"{safe}_{number}.png", timeout=5_000)
