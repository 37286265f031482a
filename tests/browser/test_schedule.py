"""Changing a schedule in a real browser: with the keyboard alone, and without a fault for axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Meeting
from tests.browser.site import Person
from tests.browser.test_accessibility import faults
from tests.browser.test_keyboard import come_in

pytestmark = pytest.mark.browser


def test_a_coordinator_cancels_a_session_without_a_mouse(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    orla = visitor().open(f"/groups?group={meeting.group}")
    keys = come_in(orla, "coordinator")
    expect(orla.heading("Sessions")).to_be_visible()
    keys.go_to("What do you want to do?").type("Change the schedule")
    expect(orla.page.get_by_role("option", name="Change the schedule")).to_be_visible()
    keys.press("Enter")
    expect(orla.text("What is to change?")).to_be_visible()
    orla.settled()
    keys.go_to("What is to change?").type("Cancel")
    expect(orla.page.get_by_role("option", name="Cancel a session")).to_be_visible()
    keys.press("Enter")
    expect(orla.text("Which session")).to_be_visible()
    orla.settled()
    keys.go_to("Which session").press("ArrowDown", "Enter")
    orla.settled()
    keys.go_to("Why, in neutral words").type("The heating is being mended").press("Tab")
    expect(orla.heading("What would change")).to_be_visible()
    orla.settled()
    assert faults(orla.page) == []
    keys.go_to("Make this change").press("Enter")

    expect(orla.text("The schedule is changed")).to_be_visible()


def test_the_list_of_rooms_has_no_faults(visitor: Callable[..., Person]) -> None:
    orla = visitor().open("/groups").sign_in("coordinator")
    orla.unfold("Rooms")
    orla.choose("Rooms", "Garden room")
    expect(orla.button("Save this room")).to_be_visible()

    assert faults(orla.page) == []
