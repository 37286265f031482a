"""The idle lock over a page that nobody uses."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.harness.looks import eventually
from tests.browser.harness.screen import Screen

pytestmark = pytest.mark.browser


def wait(screen: Screen, time_passed: str) -> None:
    for page in screen.page.context.pages:
        expect(page.get_by_text("0 of 9 marked")).to_be_visible()
    screen.page.context.clock.fast_forward(time_passed)


def test_an_idle_page_is_covered_and_the_server_is_told(patient: Screen) -> None:
    patient.open(idle=10, slow=1)
    wait(patient, "09:30")
    expect(patient.page.get_by_text("Ada Okafor")).to_be_visible()
    wait(patient, "00:40")
    cover = patient.page.get_by_text("Locked. Sign in again to carry on.")
    expect(cover).to_be_visible()
    patient.page.keyboard.press("Escape")
    patient.page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    expect(patient.page.get_by_text("Ada Okafor")).to_be_hidden()

    expect(patient.page.get_by_text("Signed out.")).to_be_visible()
    expect(cover).to_be_hidden()
    assert patient.kept["idle"] == 1


def test_activity_in_one_tab_keeps_every_tab_open(patient: Screen) -> None:
    other = patient.page.context.new_page()
    patient.open(idle=10)
    patient.open(other, idle=10)
    for _ in range(2):
        wait(patient, "09:00")
        other.mouse.move(50, 50)
        other.mouse.move(60, 60)
    expect(patient.page.get_by_text("0 of 9 marked")).to_be_visible()
    assert patient.kept["idle"] == 0

    wait(patient, "10:10")
    eventually(lambda: patient.kept["idle"], 2)


def test_loading_the_page_again_is_not_activity(patient: Screen) -> None:
    patient.open(idle=10)
    wait(patient, "06:00")
    patient.page.reload()
    wait(patient, "04:10")
    expect(patient.page.get_by_text("Signed out.")).to_be_visible()


def test_the_lock_takes_no_space_and_stores_no_more_than_a_time(screen: Screen) -> None:
    screen.open(idle=5)
    again = screen.page.get_by_role("button", name="Run the page again")
    bottom = screen.page.locator(".register").bounding_box()
    box = again.bounding_box()
    assert bottom
    assert box
    assert box["y"] - (bottom["y"] + bottom["height"]) < 20
    kept = json.loads(
        json.loads(screen.page.evaluate("JSON.stringify(localStorage)"))["alongside.idle"]
    )
    assert sorted(kept) == ["at", "sign_in"]
