"""How a picture is come to: whose, at which address, after doing what there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from playwright.sync_api import expect

from tests.browser.site import Person

Act: TypeAlias = Callable[[Person], None]


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: whose, at which address, after doing what there."""

    name: str
    username: str | None
    address: str = "/"
    act: Act | None = None
    house: str = "demonstration"  # or "new", with accounts and nothing else, or "none" at all


def unfolded(words: str) -> Act:
    return lambda person: person.unfold(words)


def chosen(table: str, words: str | re.Pattern[str]) -> Act:
    """A row of a list, whose page takes the list's place."""

    def choose(person: Person) -> None:
        person.choose(table, words)
        expect(person.table(table)).to_have_count(0)

    return choose


def waiting(person: Person, words: str) -> None:
    """One of the lists that Today says wait."""
    person.page.get_by_test_id("stButtonGroup").get_by_text(words).click()


def part_of_record(table: str, words: str | re.Pattern[str], label: str) -> Act:
    """A part of the first record of a list that holds these words."""

    def open_it(person: Person) -> None:
        person.choose(table, words)
        person.part(label)

    return open_it


def part_of_page(label: str) -> Act:
    return lambda person: person.part(label, of="page")
