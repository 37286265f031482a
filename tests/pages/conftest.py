"""A page of the programme, opened through its shell by somebody who has signed in."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any, TypeAlias

import pytest
from sqlalchemy import select
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from models import Account, Role
from services import clock
from services.accounts import sign_ins
from services.db import transaction
from services.permissions import Actor
from services.waits import Kind
from tests.code.source import ROOT
from tests.conftest import Clock
from tests.make import make_actor
from ui import navigation, startup

LIMIT_SECONDS = 30
ROLES = {
    "amina": Role.COORDINATOR,
    "zora": Role.COORDINATOR,
    "ben": Role.FACILITATOR,
    "chloe": Role.FACILITATOR,
    "leila": Role.LEAD,
    "ada": Role.ADMINISTRATOR,
    "vik": Role.EVALUATOR,
    "erin": Role.ENGAGE_WORKER,
    "maya": Role.VOLUNTEER,
    "ines": Role.VOLUNTEER,
}

Somebody: TypeAlias = Callable[[str], Actor]
OpenPage: TypeAlias = Callable[..., AppTest]


def press(page: AppTest, label: str) -> AppTest:
    """The page once she has pressed the first button that says this."""
    return next(button for button in page.button if button.label == label).click().run()


def unfold(page: AppTest, key: str) -> AppTest:
    """The page once she has unfolded a part of it."""
    page.session_state[f"folded_{key}"] = True
    return page.run()


def form_key(name: str, ref: str = "", forms_done: int = 0) -> str:
    """The key of a form or a field of one, which is another once the form was sent."""
    return f"form_{name}_{ref}_{forms_done}"


def field(page: AppTest, kind: str, label: str) -> Any:
    """The one input of a kind whose label begins so."""
    (found,) = [one for one in page.get(kind) if one.label.startswith(label)]
    return found


def charts(page: AppTest) -> int:
    """How many charts she sees."""
    return len(page.get("vega_lite_chart"))


def asked_to(page: AppTest, ref: str, action: str) -> AppTest:
    """The page of a record once she has chosen what she wants to do there."""
    return page.selectbox(f"action_{ref}").set_value(action).run()


def on_offer(page: AppTest) -> list[str]:
    """What she is offered to do with the record, in words."""
    found = [box.options for box in page.selectbox if box.label == "What do you want to do?"]
    return found[0] if found else []


def waiting(page: AppTest) -> list[str]:
    """What Today says waits besides, each with how much: "Debriefs (1)"."""
    return [one for box in page.button_group if box.key == "today_waiting" for one in box.options]


def looked_at(page: AppTest, kind: Kind) -> AppTest:
    """Today once she has asked to see one of these lists."""
    return page.button_group("today_waiting").set_value(kind).run()


@pytest.fixture(scope="session", autouse=True)
def packages_are_searched_once() -> Iterator[None]:
    """A server looks through what is installed as it starts; each run of a page would again."""
    with pytest.MonkeyPatch.context() as patch:
        search = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, search.__name__, cache(search))
        yield


@pytest.fixture
def somebody(database: str, time_stands_still: Clock) -> Somebody:
    """`somebody("amina")`: one of the familiar people, whose account is made when first named.

    A page opens transactions of its own, so a test of a page must not keep one open: it
    prepares its records inside `with transaction() as db:` and asks here for the actors.
    """

    def known(username: str) -> Actor:
        with transaction() as db:
            account = db.scalar(select(Account).where(Account.username == username))
            if account is None:
                return make_actor(db, username, ROLES[username])
            return sign_ins.actor_of(account)

    return known


@pytest.fixture
def open_page(somebody: Somebody) -> OpenPage:
    """`open_page("volunteers", "amina", volunteer=ref)`: the page as she sees it.

    The page is named by its address or its file (`pages/…`). Raises ValueError when it is not
    in her menu.
    """
    startup.prepare.cache_clear()
    # Time stands still, so each browser is told apart by when its cookie runs out.
    expiries = count((clock.now() + sign_ins.LASTS).timestamp())

    def opened(page: str, username: str, **query: str) -> AppTest:
        somebody(username)
        expires = next(expiries)
        with transaction() as db:
            sign_ins.begin(db, username, expires)
        shell = AppTest.from_file(ROOT / "ui" / "shell.py", default_timeout=LIMIT_SECONDS)
        shell.session_state["auth_ticket"] = (username, expires)
        with pytest.MonkeyPatch.context() as patch:
            # Her menu, without the first page of it: it has tests of its own.
            patch.setattr(navigation, "_begin", lambda _pages: None)
            shell.run()
        shell.query_params.update(query)
        file = f"../{page}" if page.endswith(".py") else navigation.file_of(page)
        return shell.switch_page(file).run()

    return opened
