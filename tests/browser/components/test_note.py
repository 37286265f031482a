"""The note that saves itself."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.harness.looks import eventually, faults, leaving
from tests.browser.harness.screen import Screen

pytestmark = pytest.mark.browser


def test_a_note_saves_itself_when_the_typing_pauses(screen: Screen) -> None:
    screen.open(show="note")
    note = screen.page.get_by_label("Note on this session")
    note.press_sequentially("Room was cold, crc")
    expect(screen.page.get_by_text("Saving…")).to_be_visible()
    expect(screen.page.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    assert screen.kept["note"] == "Room was cold, crc"
    assert len(screen.kept["edits"]) == 1
    expect(screen.page.get_by_text("18 of 10,000")).to_be_visible()


def test_leaving_the_field_saves_without_waiting_for_the_pause(patient: Screen) -> None:
    patient.open(show="note")
    note = patient.page.get_by_label("Note on this session")
    expect(note).to_be_visible()
    patient.page.clock.pause_at(patient.page.evaluate("Date.now() + 1000"))
    note.fill("Short")
    note.press("Tab")
    patient.page.clock.run_for(100)
    eventually(lambda: patient.kept["note"], "Short")


def test_typing_while_the_last_text_is_being_saved_is_not_lost(screen: Screen) -> None:
    screen.open(show="note", slow=1)
    note = screen.page.get_by_label("Note on this session")
    note.press_sequentially("One.")
    eventually(lambda: screen.kept["note"], "One.")  # saved, but the page is still running
    note.press_sequentially(" Two.")

    expect(screen.page.get_by_text(re.compile("Saved "))).to_be_visible()
    expect(note).to_have_value("One. Two.")
    eventually(lambda: screen.kept["note"], "One. Two.")


def test_a_note_without_a_connection_is_kept_out_of_storage_and_sent_later(
    screen: Screen, offline: Callable[[bool], None]
) -> None:
    screen.open(show="note")
    note = screen.page.get_by_label("Note on this session")
    offline(True)
    note.fill("Said she feels safer")
    note.press("Tab")
    expect(screen.page.get_by_text("Not saved yet, no connection")).to_be_visible()
    assert "safer" not in screen.stored()
    offline(False)
    expect(screen.page.get_by_text(re.compile("Saved "))).to_be_visible()
    assert screen.kept["note"] == "Said she feels safer"


@pytest.mark.parametrize(
    ("choice", "text"),
    [("Keep theirs", "Theirs"), ("Use mine", "Mine"), ("Keep both", "Theirs\n\nMine")],
)
def test_two_people_writing_one_note_lose_no_word(screen: Screen, choice: str, text: str) -> None:
    screen.open(show="note")
    note = screen.page.get_by_label("Note on this session")
    screen.act(write_as=["Ben Carr", "Theirs"])
    note.fill("Mine")
    expect(screen.page.locator(".ask")).to_contain_text("Ben Carr changed this note")
    expect(note).to_have_value("Mine")
    assert screen.kept["note"] == "Theirs"
    screen.button(choice).click()
    eventually(lambda: screen.kept["note"], text)
    expect(note).to_have_value(text)
    expect(screen.button("Use mine")).to_be_hidden()


def test_somebody_elses_text_appears_where_she_has_typed_nothing(screen: Screen) -> None:
    screen.open(show="note", poll=0.5)
    note = screen.page.get_by_label("Note on this session")
    screen.act(write_as=["Ben Carr", "Theirs"])
    expect(note).to_have_value("Theirs")


def test_a_note_that_is_too_long_is_said_in_words_and_not_cut(screen: Screen) -> None:
    screen.open(show="note")
    note = screen.page.get_by_label("Note on this session")
    note.fill("x" * 10_012)
    expect(screen.page.get_by_text("Not saved: 12 characters too long.")).to_be_visible()
    screen.page.wait_for_timeout(1000)
    assert screen.kept["edits"] == []
    assert len(note.input_value()) == 10_012
    note.fill("x" * 10_000)
    eventually(lambda: len(screen.kept["note"]), 10_000)


def test_leaving_with_an_unsaved_note_asks_first(
    screen: Screen, offline: Callable[[bool], None]
) -> None:
    screen.open(show="note")
    asked = leaving(screen.page)
    note = screen.page.get_by_label("Note on this session")
    expect(note).to_be_visible()
    offline(True)
    note.press_sequentially("Not yet")
    offline(False)
    screen.page.reload()
    assert asked == ["beforeunload"]


def test_the_note_has_no_accessibility_faults(screen: Screen) -> None:
    screen.open(show="note")
    note = screen.page.get_by_label("Note on this session")
    screen.act(write_as=["Ben Carr", "Theirs"])
    note.fill("Mine")
    expect(screen.button("Keep both")).to_be_visible()
    assert faults(screen.page) == []
