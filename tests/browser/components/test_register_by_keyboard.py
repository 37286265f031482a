"""The register by keyboard alone, by ear, on a phone and on paper."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.harness.looks import NAMES, faults
from tests.browser.harness.screen import Screen

pytestmark = pytest.mark.browser


def test_a_whole_register_is_taken_by_letters_alone(screen: Screen) -> None:
    screen.open()
    screen.mark("Ada", "Attended").focus()
    for letter in "plADpbeocnp":
        screen.page.keyboard.press(letter)

    expect(screen.page.get_by_text("9 of 9 marked")).to_be_visible()
    expect(screen.page.get_by_text("All saved")).to_be_visible()
    # An adult is not brought, and a catch-up is no tap: B and C do nothing.
    assert screen.saved() == list(zip(NAMES, "PLADPEONP", strict=True))
    expect(screen.page.get_by_role("dialog")).to_have_count(0)  # C opens one in Streamlit


def test_arrows_move_inside_a_row_and_tab_between_rows(screen: Screen) -> None:
    screen.open()
    screen.mark("Ada", "Attended").focus()
    press = screen.page.keyboard.press
    press("ArrowRight")
    press("ArrowRight")
    assert screen.focused() == "Ada Okafor: Apologies"
    press("ArrowLeft")
    press("Space")
    expect(screen.mark("Ada", "Arrived late")).to_be_checked()
    press("Tab")
    press("Tab")
    assert screen.focused() == "Ada Okafor: INPUT"
    press("Tab")
    assert screen.focused() == "Bea Lindqvist: Attended"
    press("End")
    assert screen.focused() == "Bea Lindqvist: Did not attend"
    press("ArrowDown")
    assert screen.focused() == "Bea Lindqvist: Attended"
    press("Shift+Tab")
    press("Shift+Tab")
    press("Shift+Tab")
    assert screen.focused() == "Ada Okafor: Arrived late"
    assert [name for name, _ in screen.saved()] == ["Ada"]


def test_delete_clears_a_mark_and_choosing_keeps_the_focus_in_the_row(screen: Screen) -> None:
    screen.open()
    screen.mark("Ada", "Attended").focus()
    press = screen.page.keyboard.press
    press("Enter")
    expect(screen.status("Ada")).to_have_text("Saved")
    press("Delete")
    expect(screen.status("Ada")).to_have_text("Not marked yet")
    press("Enter")
    press("Enter")
    expect(screen.button("Clear this mark")).to_be_visible()
    screen.button("Keep it").press("Enter")
    assert screen.focused() == "Ada Okafor: Attended"


def test_the_focus_is_plain_to_see(screen: Screen) -> None:
    screen.open()
    screen.page.keyboard.press("Tab")
    screen.mark("Ada", "Attended").focus()
    outline = screen.mark("Ada", "Attended").evaluate("m => getComputedStyle(m).outlineWidth")
    assert outline == "3px"


def test_what_happens_is_read_aloud(screen: Screen, offline: Callable[[bool], None]) -> None:
    screen.open()
    aloud = screen.page.locator(".aloud")
    screen.mark("Ada", "Attended").click()
    expect(aloud).to_have_text("Ada Okafor: Attended, saved.")
    offline(True)
    screen.mark("Bea", "Apologies").click()
    expect(aloud).to_contain_text("Bea Lindqvist: Apologies, not saved yet, no connection.")
    offline(False)
    expect(aloud).to_have_text("Bea Lindqvist: Apologies, saved.")
    screen.button("Everyone attended").click()
    expect(aloud).to_contain_text("7 marks saved.")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_register_has_no_accessibility_faults(
    screen: Screen, width: int, colours: Literal["light", "dark"]
) -> None:
    screen.page.emulate_media(color_scheme=colours)
    screen.page.set_viewport_size({"width": width, "height": 900})
    show_every_state(screen)
    assert faults(screen.page) == []


def show_every_state(screen: Screen) -> None:
    screen.open()
    screen.button("Everyone attended").click()
    expect(screen.page.get_by_text("All saved")).to_be_visible()
    screen.act(mark_as=["Ben Carr", "p3", "A"])
    screen.mark("Cora", "Arrived late").click()
    expect(screen.button("Use mine")).to_be_visible()
    screen.mark("Ada", "Arrived late").click()
    screen.row("Ada").get_by_label("Minutes late").fill("999")
    screen.mark("Dilys", "Attended").click()
    screen.button("More marks for Bea Lindqvist").click()
    expect(screen.page.get_by_text("Minutes go from")).to_be_visible()
    screen.page.context.set_offline(True)
    screen.mark("Hana", "Apologies").click()


def test_marks_are_large_enough_to_touch_on_a_phone(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.open()
    boxes = [one.bounding_box() for one in screen.page.locator(".register button:visible").all()]
    assert boxes
    assert [box for box in boxes if not box or box["height"] < 44 or box["width"] < 44] == []
    assert screen.page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_register_prints_as_a_list_of_names_and_words(screen: Screen) -> None:
    screen.open()
    screen.mark("Ada", "Arrived late").click()
    expect(screen.status("Ada")).to_have_text("Saved")
    screen.page.emulate_media(media="print")

    expect(screen.row("Ada").locator(".told")).to_be_visible()
    expect(screen.row("Ada").locator(".told")).to_have_text("Arrived late")
    expect(screen.row("Bea").locator(".told")).to_have_text("not recorded")
    expect(screen.page.locator(".register").get_by_role("radio")).to_have_count(0)
