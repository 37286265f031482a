"""Somebody else marks the same register: nobody is overwritten in silence."""

import pytest
from playwright.sync_api import expect

from tests.browser.harness.screen import Screen

pytestmark = pytest.mark.browser


def test_somebody_elses_marks_appear_without_disturbing_anything(screen: Screen) -> None:
    screen.open(poll=0.5)
    screen.mark("Ines", "Arrived late").click()
    minutes = screen.row("Ines").get_by_label("Minutes late")
    minutes.press_sequentially("12", delay=0)
    node = minutes.element_handle()
    top = "document.querySelector('[data-testid=stMain]').scrollTop"
    before = screen.page.evaluate(top)
    screen.act(mark_as=["Ben Carr", "p2", "A"])

    expect(screen.status("Bea")).to_have_text("Saved, marked by Ben Carr")
    expect(minutes).to_be_focused()
    expect(minutes).to_have_value("12")
    assert node.evaluate("node => node.isConnected")
    assert screen.page.evaluate(top) == before


@pytest.mark.parametrize(
    ("choice", "code", "taps"), [("Keep theirs", "A", []), ("Use mine", "P", [("Ada", "P")])]
)
def test_two_people_marking_one_row_are_both_heard(
    screen: Screen, choice: str, code: str, taps: list[object]
) -> None:
    screen.open()
    screen.act(mark_as=["Ben Carr", "p1", "A"])
    screen.mark("Ada", "Attended").click()
    expect(screen.row("Ada")).to_contain_text(
        "Ben Carr marked Apologies at the same time. Your mark: Attended."
    )
    expect(screen.status("Ada")).to_have_text("Not saved: please choose")
    screen.button(choice).click()

    expect(screen.status("Ada")).to_contain_text("Saved")
    expect(screen.row("Ada").locator(".ask")).to_be_hidden()
    assert screen.saved() == taps
    assert screen.kept["rows"]["p1"]["code"] == code


def test_tapping_their_mark_keeps_it(screen: Screen) -> None:
    screen.open()
    screen.act(mark_as=["Ben Carr", "p1", "A"])
    screen.mark("Ada", "Attended").click()
    expect(screen.button("Use mine")).to_be_visible()
    screen.mark("Ada", "Apologies").click()

    expect(screen.status("Ada")).to_have_text("Saved, marked by Ben Carr")
    assert screen.saved() == []


def test_two_people_who_agree_are_not_asked(screen: Screen) -> None:
    screen.open()
    screen.act(mark_as=["Ben Carr", "p1", "P"])
    screen.mark("Ada", "Attended").click()
    expect(screen.status("Ada")).to_have_text("Saved, marked by Ben Carr")


def test_a_second_tap_behind_a_conflict_does_not_overwrite_anybody(screen: Screen) -> None:
    screen.open(slow=0.4)
    screen.act(mark_as=["Ben Carr", "p1", "A"])
    screen.mark("Ada", "Attended").click()
    screen.mark("Ada", "Did not attend").click()

    expect(screen.row("Ada")).to_contain_text("Your mark: Did not attend.")
    assert screen.saved() == []


def test_a_refusal_is_shown_with_its_reason_and_the_row_tells_the_truth(screen: Screen) -> None:
    screen.open()
    screen.act(refusing=True)
    screen.mark("Ada", "Attended").click()

    expect(screen.row("Ada")).to_contain_text("Ask your lead to open the register again.")
    expect(screen.mark("Ada", "Attended")).not_to_be_checked()
    screen.button("OK").click()
    expect(screen.status("Ada")).to_have_text("Not marked yet")


def test_a_locked_register_can_be_read_but_not_marked(screen: Screen) -> None:
    screen.act(mark_as=["Ben Carr", "p1", "A"])
    screen.open(locked="Locked on 3 June 2025.")

    expect(screen.page.get_by_text("Locked on 3 June 2025.")).to_be_visible()
    expect(screen.row("Ada").locator(".told")).to_have_text("Apologies")
    expect(screen.row("Bea").locator(".told")).to_have_text("not recorded")
    expect(screen.page.locator(".register").get_by_role("radio")).to_have_count(0)
    expect(screen.button("Everyone attended")).to_have_count(0)
