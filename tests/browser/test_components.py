"""The register, the note and the idle lock, each in a real browser over records in memory."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from tests.browser.harness.screen import Screen, Server
from ui.components.register.register import _tap

pytestmark = pytest.mark.browser

NAMES = ("Ada", "Bea", "Cora", "Dilys", "Esme", "<img", "Grace", "Hana", "Ines")


# --- The harness --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    running.start()
    yield running
    running.stop()


@contextmanager
def a_context(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for all tests: Streamlit's own scripts load once."""
    with a_context(browser) as opened:
        yield opened


@pytest.fixture
def context(shared: BrowserContext) -> Iterator[BrowserContext]:
    yield shared
    shared.set_offline(False)
    for page in shared.pages:
        page.close()


@pytest.fixture
def screen(context: BrowserContext, server: Server) -> Iterator[Screen]:
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield Screen(page, server, uuid4().hex)
    assert problems == []


@pytest.fixture
def patient(browser: Browser, server: Server) -> Iterator[Screen]:
    """A screen whose clock can be moved on, in a profile of its own."""
    with a_context(browser) as context:
        context.clock.install()
        yield Screen(context.new_page(), server, uuid4().hex)


@pytest.fixture
def offline(context: BrowserContext) -> Callable[[bool], None]:
    return context.set_offline


def eventually(look: Callable[[], object], wanted: object, seconds: float = 20) -> None:
    """Waits until `look()` gives what is wanted; the failure shows what it gave last."""
    until = time.monotonic() + seconds
    while (seen := look()) != wanted and time.monotonic() < until:
        time.sleep(0.05)
    assert seen == wanted


# --- Marking ------------------------------------------------------------------------------


def test_nothing_is_marked_before_somebody_marks_it(screen: Screen) -> None:
    screen.open()
    expect(screen.page.locator("[role=radio][aria-checked=true]")).to_have_count(0)


def test_one_tap_is_one_mark_and_is_confirmed_within_a_second(screen: Screen) -> None:
    screen.open()
    waits = []
    for name in NAMES[:4]:  # a busy machine may be slow once, not four times
        start = time.perf_counter()
        screen.mark(name, "Arrived late").click()
        expect(screen.status(name)).to_have_text("Saved")
        waits.append(time.perf_counter() - start)

    assert min(waits) < 1
    assert screen.saved() == [(name, "L") for name in NAMES[:4]]
    expect(screen.page.get_by_text("4 of 9 marked")).to_be_visible()


# Streamlit drops messages that overtake each other in a fragment, and runs a page anew for each.
@pytest.mark.parametrize("kind", [{}, {"poll": 60}], ids=["page", "fragment"])
def test_nine_fast_taps_all_land_in_order_while_the_page_is_still_running(
    screen: Screen, kind: dict[str, Any]
) -> None:
    screen.open(slow=1, **kind)
    screen.page.locator(".rows").evaluate(
        """async (rows) => {
          for (const row of [...rows.children].slice(0, 9)) {
            row.querySelector("[role=radio]").click();
            await new Promise((done) => setTimeout(done, 100));
          }
        }"""
    )
    expect(screen.page.get_by_text("All saved")).to_be_visible()
    assert screen.saved() == [(name, "P") for name in NAMES]
    assert len(screen.kept["handed"]) == 9  # the page is given no tap twice


def test_changing_her_mind_faster_than_the_server_ends_at_the_last_mark(screen: Screen) -> None:
    screen.open(slow=0.4)
    for label in ("Attended", "Apologies", "Did not attend", "Arrived late"):
        screen.mark("Ada", label).click()

    expect(screen.status("Ada")).to_have_text("Saved")
    assert screen.saved()[-1] == ("Ada", "L")
    expect(screen.mark("Ada", "Arrived late")).to_be_checked()
    expect(screen.row("Ada").locator(".ask")).to_be_hidden()


def test_tapping_the_chosen_mark_again_offers_to_clear_it(screen: Screen) -> None:
    screen.open()
    screen.mark("Ada", "Attended").click()
    expect(screen.status("Ada")).to_have_text("Saved")
    screen.mark("Ada", "Attended").click()
    screen.button("Clear this mark").click()

    expect(screen.status("Ada")).to_have_text("Not marked yet")
    eventually(screen.saved, [("Ada", "P"), ("Ada", None)])


def test_less_common_marks_are_one_step_away_and_stay_in_sight_once_chosen(screen: Screen) -> None:
    screen.open()
    expect(screen.mark("Ada", "Attended online")).to_be_hidden()
    screen.button("More marks for Ada Okafor").click()
    screen.mark("Ada", "Attended online").click()
    screen.button("Fewer marks for Ada Okafor").click()

    expect(screen.mark("Ada", "Attended online")).to_be_checked()
    expect(screen.mark("Ada", "Catch-up done")).to_be_hidden()


def test_minutes_late_are_saved_as_typed_and_kept_within_reason(screen: Screen) -> None:
    screen.open()
    screen.mark("Ada", "Arrived late").click()
    minutes = screen.row("Ada").get_by_label("Minutes late (optional)")
    minutes.fill("500")
    minutes.press("Tab")
    expect(screen.row("Ada").get_by_text("Minutes go from 0 to 180.")).to_be_visible()
    minutes.fill("15")

    eventually(lambda: screen.kept["rows"]["p1"]["minutes"], 15)
    expect(screen.status("Ada")).to_have_text("Saved")
    expect(screen.row("Ada").get_by_text("Minutes go from")).to_be_hidden()


def test_minutes_half_typed_do_not_follow_her_to_another_mark(screen: Screen) -> None:
    screen.open()
    screen.mark("Ada", "Arrived late").click()
    screen.row("Ada").get_by_label("Minutes late").press_sequentially("15")
    # A touch does not always take the focus from the field.
    screen.row("Ada").locator("[aria-keyshortcuts=E]").evaluate("mark => mark.click()")
    screen.page.wait_for_timeout(1000)

    expect(screen.status("Ada")).to_have_text("Saved")
    row = screen.kept["rows"]["p1"]
    assert (row["code"], row["minutes"]) == ("E", None)


def test_somebody_not_expected_is_not_counted_but_can_be_marked(screen: Screen) -> None:
    screen.open()
    expect(screen.row("Joy")).to_contain_text("Not expected")
    screen.row("Joy").get_by_role("button", name="Mark anyway").click()
    screen.mark("Joy", "Attended").click()

    expect(screen.status("Joy")).to_have_text("Saved")
    expect(screen.page.get_by_text("0 of 9 marked")).to_be_visible()


def test_needs_and_alerts_are_told_in_words(screen: Screen) -> None:
    screen.open()
    expect(screen.row("Cora").get_by_role("listitem")).to_have_text(
        ["No photographs", "BSL interpreter"]
    )


def test_what_people_typed_is_shown_as_text(screen: Screen) -> None:
    screen.open()
    expect(screen.row("<img src=x onerror=document.title='hurt'>")).to_be_visible()
    screen.mark("<img", "Attended").click()
    expect(screen.status("<img")).to_have_text("Saved")
    assert screen.page.locator(".register img").count() == 0
    assert screen.page.title() != "hurt"


@pytest.mark.parametrize(
    "sent",
    [
        {"id": "", "place": "p1", "code": "P", "minutes": None, "version": 0},
        {"id": "t1", "place": "p1' OR 1=1", "code": "P", "minutes": None, "version": 0},
        {"id": "t1", "place": "p1", "code": "Z", "minutes": None, "version": 0},
        {"id": "t1", "place": "p1", "code": ["P"], "minutes": None, "version": 0},
        {"id": "t1", "place": "p1", "code": "L", "minutes": 181, "version": 0},
        {"id": "t1", "place": "p1", "code": "L", "minutes": True, "version": 0},
        {"id": "t1", "place": "p1", "code": "L", "minutes": 5, "version": -1},
        {"id": "t1", "place": "p1", "code": "L", "minutes": 5},
    ],
)
def test_what_only_a_tampered_browser_sends_is_no_tap(sent: dict[str, object]) -> None:
    assert _tap(sent, frozenset("PL")) is None


# --- Everyone attended --------------------------------------------------------------------


def test_everyone_attended_marks_only_those_without_a_mark(screen: Screen) -> None:
    screen.open()
    screen.mark("Bea", "Apologies").click()
    screen.button("Everyone attended").click()

    expect(screen.page.get_by_text("9 of 9 marked")).to_be_visible()
    expect(screen.page.get_by_text("All saved")).to_be_visible()
    assert screen.saved() == [("Bea", "A")] + [(name, "P") for name in NAMES if name != "Bea"]
    assert screen.kept["rows"]["p10"]["code"] is None


def test_undo_brings_back_exactly_what_was_there(screen: Screen) -> None:
    screen.open()
    screen.mark("Bea", "Apologies").click()
    screen.mark("Cora", "Attended").click()
    screen.button("Everyone attended").click()
    expect(screen.page.get_by_text("All saved")).to_be_visible()
    screen.mark("Dilys", "Did not attend").click()  # after the button, so not the button's
    expect(screen.page.get_by_text("6 marked Attended.", exact=True)).to_be_visible()
    screen.button("Undo").click()

    expect(screen.page.get_by_text("3 of 9 marked")).to_be_visible()
    expect(screen.page.get_by_text("All saved")).to_be_visible()
    codes = {place: row["code"] for place, row in screen.kept["rows"].items() if row["code"]}
    assert codes == {"p2": "A", "p3": "P", "p4": "D"}


def test_undo_before_anything_was_sent_sends_nothing(
    screen: Screen, offline: Callable[[bool], None]
) -> None:
    screen.open()
    offline(True)
    screen.button("Everyone attended").click()
    screen.button("Undo").click()
    offline(False)

    expect(screen.page.get_by_text("0 of 9 marked")).to_be_visible()
    screen.mark("Ada", "Apologies").click()
    expect(screen.status("Ada")).to_have_text("Saved")
    assert screen.saved() == [("Ada", "A")]


# --- Without a connection -----------------------------------------------------------------


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


def leaving(page: Page) -> list[str]:
    """What the browser asks when she leaves; she always says yes."""
    asked: list[str] = []

    def reply(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", reply)
    return asked


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


# --- Somebody else ------------------------------------------------------------------------


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


# --- By keyboard and by ear ---------------------------------------------------------------


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


def faults(page: Page) -> list[str]:
    """What axe finds inside components (it names a place in a shadow root by a list)."""
    return [
        f"{fault['id']}: {node['html']}"
        for fault in Axe().run(page).response["violations"]
        for node in fault["nodes"]
        if isinstance(node["target"][0], list)
    ]


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


# --- The note -----------------------------------------------------------------------------


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


# --- The idle lock ------------------------------------------------------------------------


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
