"""Takes a picture of every screen, wide and narrow, light and dark, for docs/screens:

make screens [ONLY="WORD …"]     all of them, or those whose name holds a word
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, Error, expect, sync_playwright

from tests.browser.conftest import FLAGS, LAPTOP, ON_PHONE, chromium
from tests.browser.screens import SCREENS
from tests.browser.screens.houses import HOUSES
from tests.browser.screens.recipe import Screen
from tests.browser.site import PATIENCE, ROOT, Person, Site, manage

FOLDER = ROOT / "docs" / "screens"
WIDTHS: dict[str, dict[str, Any]] = {"1280": {"viewport": LAPTOP}, "390": ON_PHONE}
SCHEMES: tuple[tuple[Literal["light", "dark"], str], ...] = (("light", ""), ("dark", "-dark"))
_COLOURS = 128  # enough for flat colours and smooth letters, and a fifth of the size
_TALLEST = 2600
_UNFOLDING = 600  # milliseconds
_HEIGHT = """(document.querySelector("[data-testid=stMain]") ?? document.documentElement)
  .scrollHeight"""


def main(only: list[str]) -> None:
    """For each kind of house: fill a database, start the application, go through the screens."""
    wanted = [s for s in SCREENS if not only or any(word in s.name for word in only)]
    missed: list[str] = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        for house, fill in HOUSES.items():
            shown = [screen for screen in wanted if screen.house == house]
            if shown:
                database = f"sqlite:///{folder}/{house}.sqlite3"
                manage(database, "init")
                fill(database)
                missed += _show(browser, database, shown)
    if missed:
        sys.exit("\n\n".join(["No picture was taken of these:", *missed]))


def _show(browser: Browser, database: str, screens: list[Screen]) -> list[str]:
    """Take them all; those that could not be taken, and why."""
    missed: list[str] = []
    site = Site(database).start()
    whose = sorted({screen.username or "" for screen in screens})
    try:
        for (width, options), username in product(WIDTHS.items(), whose):
            context = browser.new_context(locale="en-GB", **options)
            context.set_default_timeout(PATIENCE)
            person = Person(context, site)
            if username:
                person.open().sign_in(username)
            for screen in screens:
                if (screen.username or "") == username:
                    try:
                        _take(person, screen, width, options["viewport"])
                    except (AssertionError, Error) as error:
                        missed.append(f"{screen.name} at {width}: {str(error)[:400]}")
            context.close()
    finally:
        site.stop()
    return missed


def _take(person: Person, screen: Screen, width: str, size: dict[str, int]) -> None:
    person.page.set_viewport_size(size)
    person.open(screen.address).settled()
    if screen.act:
        screen.act(person)
        person.settled()
    _grow(person, size)
    for scheme, ending in SCHEMES:
        person.page.emulate_media(color_scheme=scheme)
        person.page.wait_for_timeout(_UNFOLDING)
        _keep(person.page.screenshot(), FOLDER / f"{screen.name}-{width}{ending}.png")
    person.page.emulate_media(color_scheme="light")


def _grow(person: Person, size: dict[str, int]) -> None:
    """Make the window as tall as the page, which scrolls inside it and may still unfold."""
    tall = 0
    while (wanted := min(person.page.evaluate(_HEIGHT), _TALLEST)) > tall:
        tall = wanted
        person.page.set_viewport_size(size | {"height": max(tall, size["height"])})
        person.page.wait_for_timeout(_UNFOLDING)
    person.settled()


def _keep(picture: bytes, file: Path) -> None:
    small = Image.open(BytesIO(picture)).convert("RGB").quantize(_COLOURS)
    small.save(file, optimize=True)


@contextmanager
def _browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        sys.exit("No Chromium was found. Install one, or name it in ALONGSIDE_CHROMIUM.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


if __name__ == "__main__":
    main(sys.argv[1:])
