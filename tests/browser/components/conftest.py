"""One server with our components over records in memory, and one profile for all their tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.harness.screen import Screen, Server
from tests.browser.site import PATIENCE


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    running = Server()
    running.start()
    yield running
    running.stop()


@contextmanager
def a_context(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def shared(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for all tests: Streamlit's own scripts load once."""
    with a_context(browser) as opened:
        yield opened


@pytest.fixture
def context(shared: BrowserContext) -> Iterator[BrowserContext]:
    yield shared
    shared.set_offline(False)
    for page in shared.pages:
        page.close()


@pytest.fixture
def screen(context: BrowserContext, server: Server) -> Iterator[Screen]:
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield Screen(page, server, uuid4().hex)
    assert problems == []


@pytest.fixture
def patient(browser: Browser, server: Server) -> Iterator[Screen]:
    """A screen whose clock can be moved on, in a profile of its own."""
    with a_context(browser) as context:
        context.clock.install()
        yield Screen(context.new_page(), server, uuid4().hex)


@pytest.fixture
def offline(context: BrowserContext) -> Callable[[bool], None]:
    return context.set_offline
