"""The pipeline in a browser: the board by keyboard and on a phone, and the sealed part."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ON_PHONE
from tests.browser.site import Person
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.browser


def board(person: Person) -> Person:
    person.page.get_by_text("Board", exact=True).click()
    expect(person.page.get_by_role("region", name="Shadowing")).to_be_visible()
    person.settled()
    return person


def test_she_is_moved_along_by_keyboard_and_the_focus_goes_with_her(
    visitor: Callable[..., Person],
) -> None:
    orla = board(visitor().open("/volunteers").sign_in("coordinator"))
    first = orla.page.get_by_role("region", name="Training").get_by_role("button").first
    name = (first.get_attribute("aria-label") or "").removeprefix("Move to Shadowing: ")
    assert name
    first.focus()
    orla.page.keyboard.press("Enter")

    there = orla.page.get_by_role("region", name="Shadowing").get_by_role("link", name=name)
    expect(there).to_be_visible()
    expect(there).to_be_focused()
    orla.page.keyboard.press("Enter")
    expect(orla.heading(name)).to_be_visible()


def test_the_board_has_no_fault_and_is_a_list_on_a_phone(visitor: Callable[..., Person]) -> None:
    orla = board(visitor().open("/volunteers").sign_in("coordinator"))
    assert faults(orla.page) == []

    phone = board(visitor(**ON_PHONE).open("/volunteers").sign_in("coordinator"))
    assert faults(phone.page) == []
    width = phone.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= ON_PHONE["viewport"]["width"]
    boxes = [
        phone.page.get_by_role("region", name=name).bounding_box()
        for name in ("Interest", "Conversation")
    ]
    assert boxes[0]
    assert boxes[1]
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]


def test_the_sealed_part_has_no_fault(visitor: Callable[..., Person]) -> None:
    orla = visitor().open("/volunteers").sign_in("coordinator")
    orla.choose("Volunteers", "Active")
    orla.part("Readiness")
    orla.page.get_by_text("To see whether she is ready").click()
    orla.button("Open it").click()
    expect(orla.heading("What she said")).to_be_visible()
    orla.settled()
    assert faults(orla.page) == []
