"""Marks made without a connection, or that nobody answers, are never lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.harness.looks import leaving
from tests.browser.harness.screen import Screen, Server

pytestmark = pytest.mark.browser


def test_taps_made_without_a_connection_are_delivered_in_order_when_it_is_back(
    screen: Screen, offline: Callable[[bool], None]
) -> None:
    screen.open()
    offline(True)
    for name, label in (("Cora", "Attended"), ("Ada", "Apologies"), ("Cora", "Arrived late")):
        screen.mark(name, label).click()

    expect(screen.status("Cora")).to_have_text("Not saved yet – no connection")
    expect(screen.page.get_by_text("2 marks are kept here")).to_be_visible()
    assert screen.saved() == []
    offline(False)
    expect(screen.page.get_by_text("All saved")).to_be_visible()
    assert screen.saved() == [("Ada", "A"), ("Cora", "L")]


def test_the_browser_stores_nothing_readable_and_forgets_it_once_saved(
    screen: Screen, offline: Callable[[bool], None]
) -> None:
    screen.open()
    offline(True)
    screen.mark("Ada", "Apologies").click()
    stored = screen.stored()
    assert '\\"place\\":\\"p1\\"' in stored
    assert not re.search("Ada|Okafor|Apologies|Large print", stored)

    offline(False)
    expect(screen.status("Ada")).to_have_text("Saved")
    assert "p1" not in screen.stored()


def test_taps_survive_loading_the_page_again(
    screen: Screen, offline: Callable[[bool], None]
) -> None:
    screen.open()
    offline(True)
    screen.mark("Ada", "Attended").click()
    offline(False)
    screen.page.reload()

    expect(screen.status("Ada")).to_have_text("Saved")
    assert screen.saved() == [("Ada", "P")]


def test_taps_are_delivered_to_a_server_that_was_started_again(
    context: BrowserContext,
) -> None:
    mine = Server()
    mine.start()
    screen = Screen(context.new_page(), mine, "restarted").open()
    try:
        screen.mark("Bea", "Attended").click()
        expect(screen.status("Bea")).to_have_text("Saved")
        mine.stop()
        expect(screen.page.locator(".banner")).to_contain_text("No connection.")
        for name in ("Hana", "Ada"):
            screen.mark(name, "Attended").click()
        screen.page.wait_for_timeout(5000)  # Streamlit would cover the page by now
        expect(screen.page.get_by_role("dialog")).to_have_count(0)
        mine.start()
        expect(screen.status("Ada")).to_have_text("Saved", timeout=30_000)
        assert screen.saved() == [("Hana", "P"), ("Ada", "P")]
    finally:
        mine.stop()


def test_a_tap_nobody_answers_is_sent_again_and_counts_once(screen: Screen) -> None:
    screen.open()
    screen.act(mute=2)
    screen.mark("Ada", "Attended").click()

    expect(screen.status("Ada")).to_have_text("Not saved yet – trying again")
    expect(screen.status("Ada")).to_have_text("Saved")
    assert screen.saved() == [("Ada", "P")]


def test_when_nothing_answers_the_page_can_be_loaded_again_without_losing_a_mark(
    screen: Screen,
) -> None:
    screen.open()
    asked = leaving(screen.page)
    screen.act(mute=99)
    screen.mark("Ada", "Attended").click()
    reload = screen.button("Load the page again")
    expect(reload).to_be_visible(timeout=20_000)
    screen.act(mute=0)
    reload.click()

    expect(screen.status("Ada")).to_have_text("Saved")
    assert screen.saved() == [("Ada", "P")]
    assert asked == []


def test_leaving_with_unsaved_marks_asks_first(
    screen: Screen, offline: Callable[[bool], None]
) -> None:
    screen.open()
    asked = leaving(screen.page)
    offline(True)
    screen.mark("Ada", "Attended").click()
    offline(False)
    screen.page.reload()
    assert asked == ["beforeunload"]
