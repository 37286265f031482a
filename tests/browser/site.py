"""The application as a real server on a database of its own, and a person in front of it."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

from services.demo import PASSWORD
from tests.conftest import COOKIE_KEY, DATA_KEY

ROOT = Path(__file__).resolve().parents[2]
COOKIE = "alongside"
_COOKIE = f"() => document.cookie.split('; ').find((one) => one.startsWith('{COOKIE}=')) ?? ''"
PATIENCE = 45_000  # milliseconds: the machine may be busy with something else
_START, _STOP = 90, 20  # seconds
_TRIES = 5
# How Streamlit's grid is painted: it is one picture, with its words beside it for screen readers.
_HEAD, _TICK_BOX = 35, 16
_HEIGHT = """(part, head) => (part.querySelector(".dvn-stack").clientHeight - head) /
  (part.querySelector("[role=grid]").getAttribute("aria-rowcount") - 1)"""
_FURTHER = """(part) => {
  const before = part.scrollTop;
  part.scrollTop += part.clientHeight / 2;
  return part.scrollTop > before;
}"""
_DRAWN = 200  # milliseconds
_SCROLL = "(part, far) => { part.scrollTop = Math.max(0, far); return part.scrollTop }"
# A page of Streamlit's says itself whether it is running; the public pages come in one piece.
# What unfolds does so over half a second: a tap on a busy machine would land where a button was.
_SETTLED = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  const busy = app && (app.dataset.testScriptState !== "notRunning" ||
    document.querySelector("[data-testid=stSkeleton]"));
  const unfolding = document.getAnimations().some((one) =>
    !(one instanceof CSSTransition) && one.playState === "running" &&
    one.effect?.target?.matches("details"));
  return document.querySelector("h1") && !busy && !unfolding &&
    document.fonts.status === "loaded";
}"""
# What was chosen stands in the field, or beside it where several can be chosen.
_CHOSEN = """([label, words]) => {
  const fields = [...document.querySelectorAll("[role=combobox]")];
  const field = fields.find((one) => one.getAttribute("aria-label")?.startsWith(label));
  const around = field?.closest("[data-testid=stSelectbox], [data-testid=stMultiSelect]");
  return field?.value === words || around?.textContent.includes(words);
}"""
_SOON = 2_000  # milliseconds


def settings(database: str) -> dict[str, str]:
    """The environment of a command or server that works on a database of the tests."""
    kept = {name: value for name, value in os.environ.items() if name != "ALONGSIDE_TODAY"}
    ours = {"ALONGSIDE_DATA_KEY": DATA_KEY, "ALONGSIDE_COOKIE_KEY": COOKIE_KEY}
    return kept | {"DATABASE_URL": database} | ours


def manage(database: str, *words: str) -> None:
    """Run one of Alongside's own commands. Raises with what it said when it fails."""
    command = [sys.executable, "-m", "services.manage", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=settings(database), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


class Site:
    """`streamlit run app.py` on a port of its own, which can be stopped and started again."""

    def __init__(self, database: str, more: Mapping[str, str] | None = None) -> None:
        self.database, self.more = database, more or {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - open as long as the server is

    def start(self) -> "Site":
        """Answers once the server does."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)],
            cwd=ROOT,
            env=settings(self.database) | self.more,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        until = time.monotonic() + _START
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(OSError):
                self._ask("/healthz")
                return self
            time.sleep(0.1)
        self.stop()
        raise TimeoutError(f"The server did not start.\n{self.said()}")

    def stop(self) -> None:
        """Ends the server, by force if it does not listen."""
        self.process.terminate()
        try:
            self.process.wait(_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def said(self) -> str:
        """Everything in the server's log so far."""
        self.log.seek(0)
        return self.log.read()

    def _ask(self, path: str) -> None:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as line:
            line.request("GET", path)
            line.getresponse().read()


class Person:
    """Somebody with a browser profile of her own, one page open, and what she can do with it."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context, self.site = context, site
        self.page: Page = context.new_page()

    # --- Coming and going -----------------------------------------------------------------

    def open(self, address: str = "/") -> "Person":
        """Type an address, or follow a link from outside."""
        self.page.goto(self.site.url + address, wait_until="commit")
        return self

    def sign_in(self, username: str, password: str = PASSWORD) -> "Person":
        """With the form on screen, until the cookie that outlives a reload is written."""
        expect(self.heading("Sign in")).to_be_visible()
        before = self._cookie()
        self.box("User name").fill(username)
        self.box("Password").fill(password)
        self.button("Sign in").click()
        self.expect_to_be_in(before)
        return self

    def expect_to_be_in(self, before: str = "") -> None:
        """The menu is there (on a phone behind its button), and the cookie is written: another
        than `before`, which is still there where her sign-in was ended behind her back."""
        expect(
            self.page.get_by_role("button", name="Sign out", include_hidden=True)
        ).to_be_attached()
        self.page.wait_for_function(
            f"before => {{ const now = ({_COOKIE})(); return now && now !== before; }}", arg=before
        )

    def _cookie(self) -> str:
        return str(self.page.evaluate(_COOKIE))

    def settled(self) -> None:
        """Until the page has stopped changing: the script has run and everything is drawn."""
        self.page.wait_for_function(_SETTLED)

    # --- What she looks for ---------------------------------------------------------------

    def heading(self, name: str, *, exact: bool = True) -> Locator:
        """A heading by its words."""
        return self.page.get_by_role("heading", name=name, exact=exact)

    def button(self, name: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=name, exact=True)

    def box(self, name: str) -> Locator:
        """A field to type into, by its label."""
        return self.page.get_by_role("textbox", name=name, exact=True)

    def text(self, words: str) -> Locator:
        """Words anywhere on the page."""
        return self.page.get_by_text(words)

    def go_to(self, title: str) -> None:
        """Choose a page in the menu, and wait until it has taken the place of the last one."""
        entry = self.page.get_by_role("link", name=title, exact=True)
        entry.click()
        expect(entry).to_have_attribute("aria-current", "page")
        self.settled()

    def part(self, name: str, of: str = "record") -> None:
        """Choose a part of a record, or of what else has parts."""
        self.page.get_by_role("radiogroup", name=f"Part of the {of}").get_by_text(
            name, exact=True
        ).click()

    def unfold(self, name: str) -> None:
        """Open what is folded away under a heading, unless it is open already."""
        folded = self.page.get_by_role("group").filter(has=self.page.get_by_text(name, exact=True))
        if folded.get_attribute("open") is None:
            folded.get_by_text(name, exact=True).click()
            self.settled()

    def pick(self, label: str, option: str) -> None:
        """Choose in a list that unfolds, and see that it is chosen.

        It folds again when the page changes: then once more. A list to choose several from stays
        open, and nothing else can be reached until it folds.
        """
        field = self.page.get_by_role("combobox", name=label)
        wanted = self.page.get_by_role("option", name=option).first
        for _ in range(_TRIES):
            self.settled()
            field.click()
            with suppress(Error):
                words = wanted.inner_text(timeout=PATIENCE / _TRIES)
                wanted.click(timeout=PATIENCE / _TRIES)
                if field.get_attribute("aria-expanded") == "true":
                    field.press("Escape")
                self.page.wait_for_function(_CHOSEN, arg=[label, words], timeout=_SOON)
                return
        expect(wanted).to_be_visible()

    # --- Tables ---------------------------------------------------------------------------

    def table(self, name: str) -> Locator:
        """A table by its name."""
        return self.page.get_by_role("region", name=name, exact=True)

    def row(self, table: str, words: str | re.Pattern[str]) -> Locator:
        """The rows of a table that hold these words, as a screen reader finds them."""
        cell = self.page.get_by_role("gridcell", include_hidden=True)
        rows = self.table(table).get_by_role("row", include_hidden=True)
        return rows.filter(has=cell.filter(has_text=words))

    def cell(self, table: str, words: str, column: int) -> Locator:
        """What stands in a column (from 1) of the first row that holds these words."""
        cells = self.row(table, words).first.get_by_role("gridcell", include_hidden=True)
        return cells.nth(column - 1)

    def choose(self, table: str, words: str | re.Pattern[str]) -> None:
        """Tick the first row of a table that holds these words.

        The table is one picture, so the tick box is found by its place, after scrolling to a row
        that lies further down: only of those about to be seen there are words.
        """
        row = self.row(table, words).first
        within = self.table(table).locator(".dvn-scroller")
        expect(self.row(table, "").first).to_be_attached()
        self.settled()
        while not row.count() and within.evaluate(_FURTHER):
            self.page.wait_for_timeout(_DRAWN)
        expect(row).to_be_attached()
        line = int(row.get_attribute("aria-rowindex") or 0)
        tall: float = self.table(table).evaluate(_HEIGHT, _HEAD)
        above = _HEAD + tall * (line - 2)
        gone: int = within.evaluate(_SCROLL, above - _HEAD - tall)  # the second that is seen
        self.table(table).click(position={"x": _TICK_BOX, "y": above + tall / 2 - gone})

    # --- The register ---------------------------------------------------------------------

    def line(self, name: str) -> Locator:
        """One person's line on the register."""
        return self.page.get_by_role("listitem").filter(has_text=name)

    def mark(self, name: str, mark: str) -> Locator:
        """One of the marks she can be given."""
        return self.line(name).get_by_role("radio", name=mark, exact=True)
