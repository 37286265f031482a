"""The main journeys without a mouse: every step reached, seen where one is, and left again."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import TimeoutError as TooLongError
from playwright.sync_api import expect

from services.demo import PASSWORD
from tests.browser.conftest import Meeting
from tests.browser.site import Person

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

MOST_STEPS = 160
_BETWEEN_LETTERS = 50  # milliseconds
TYPED_WITHIN = 5.0  # seconds, until every answer stands in its field
FADING = 2000  # milliseconds until the ring around the place she left is gone
_KEEP = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  window.stop = one;
}"""
# What a person would call the place: its own name, or its words; a page that scrolls has none.
_WORDS = """() => {
  const one = window.stop;
  if (!one || one === document.body) return "";
  const group = one.closest("[role=radiogroup], fieldset, li, [role=region]");
  const labelled = (id) => one.getRootNode().getElementById?.(id)?.textContent;
  const row = one.closest("[role=row]");
  const name = row?.textContent ?? one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent
    ?? labelled(one.getAttribute("aria-labelledby"))
    ?? (one.matches("a, button, summary, [role]") ? one.textContent : "");
  return `${group?.getAttribute("aria-label") ?? ""}|${name.trim()}`;
}"""
# How the place and what is around it are painted: it must change when the focus goes on.
# A table is one picture, in which Streamlit draws the ring around a cell by itself.
_PAINT = """() => {
  if (window.stop?.closest("[role=region] canvas, [role=grid]")) {
    const at = document.activeElement;
    return at.id + at.closest("[role=row]")?.textContent + at.textContent;
  }
  const painted = [];
  const names = ["outlineStyle", "outlineColor", "boxShadow", "borderTopColor",
    "backgroundColor", "color", "textDecorationLine"];
  for (let one = window.stop, up = 0; one && up < 5; one = one.parentElement, up++) {
    for (const side of [null, "::before", "::after"]) {
      const style = getComputedStyle(one, side);
      painted.push(names.map((name) => style[name]).join());
    }
    for (const child of up ? [] : one.parentElement?.children ?? []) {
      const style = getComputedStyle(child);
      painted.push(names.map((name) => style[name]).join());
    }
  }
  return painted.join(";");
}"""


class Keys:
    """Somebody who presses Tab, Enter and Space, and sees at every stop where she is."""

    def __init__(self, person: Person) -> None:
        self.page, self.person = person.page, person
        self.unseen: list[str] = []

    def go_to(self, words: str, key: str = "Tab") -> "Keys":
        """Press a key until the place of these words has the focus."""
        passed = []
        for _ in range(MOST_STEPS):
            at = self._step(key)
            passed.append(at)
            if words in at:
                return self
        raise AssertionError(f"{words} cannot be reached with {key}: {passed}")

    def press(self, *keys: str) -> "Keys":
        """Press keys where she is."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, words: str) -> "Keys":
        """Type where she is, as fast as a hand can: a list unfolds between two letters."""
        self.page.keyboard.type(words, delay=_BETWEEN_LETTERS)
        return self

    def _step(self, key: str) -> str:
        """One stop further; the stop she leaves must have shown that she was there."""
        self.page.evaluate(_KEEP)
        left, seen = self.page.evaluate(_WORDS), self.page.evaluate(_PAINT)
        self.page.keyboard.press(key)
        try:
            self.page.wait_for_function(f"seen => ({_PAINT})() !== seen", arg=seen, timeout=FADING)
        except TooLongError:
            self.unseen += [left] if left else []
        self.page.evaluate(_KEEP)
        return str(self.page.evaluate(_WORDS))


def come_in(person: Person, username: str) -> Keys:
    """Sign in with the keyboard."""
    expect(person.button("Sign in")).to_be_visible()
    keys = Keys(person)
    keys.go_to("User name").type(username)
    keys.go_to("Password").type(PASSWORD).press("Enter")
    person.expect_to_be_in()
    person.settled()
    return keys


def test_a_facilitator_takes_and_finishes_a_register(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open(meeting.register)
    keys = come_in(mina, "facilitator")
    expect(mina.text("0 of 6 marked")).to_be_visible()

    first = meeting.names[0]
    keys.go_to("Attended").press("Space")
    expect(mina.mark(first, "Attended")).to_be_checked()
    keys.go_to("Everyone attended").press("Enter")
    expect(mina.text("All saved")).to_be_visible()
    keys.go_to("Your note on this session").type("All were here.")
    expect(mina.text("Saved ").last).to_be_visible()
    keys.go_to("Finish the register").press("Enter")

    expect(mina.text("Finished by Mina Fennelcroft")).to_be_visible()
    assert keys.unseen == []


def test_ten_answers_from_paper_are_typed_and_kept_within_five_seconds(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open(f"/measures?group={meeting.group}").sign_in("facilitator")
    mina.pick("Form", "CORE-10, own answers, start")
    line = mina.page.get_by_role("textbox", name="From paper: type the 10 answers")
    line.focus()
    mina.settled()
    begun = time.perf_counter()

    mina.page.keyboard.type("1234-01234", delay=_BETWEEN_LETTERS)
    mina.page.keyboard.press("Enter")
    expect(mina.page.get_by_role("radio", name=re.compile("^4")).last).to_be_checked()

    assert time.perf_counter() - begun < TYPED_WITHIN
    answered = mina.page.get_by_role("radiogroup", name=re.compile(r"^\d+\. "))
    chosen = [one.get_by_role("radio", checked=True).count() for one in answered.all()]
    assert chosen == [1] * 10


def test_a_facilitator_opens_a_session_from_her_day(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open("/today")
    keys = come_in(mina, "facilitator")
    expect(mina.row("Sessions today", meeting.code_name)).to_be_attached()
    keys.go_to("Sessions today|").press("ArrowDown", *["ArrowUp"] * 9)
    keys.go_to(meeting.code_name, "ArrowDown").press("Shift+Space")

    expect(mina.heading(meeting.code_name)).to_be_visible()


def test_a_facilitator_opens_a_session_from_the_calendar(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open("/calendar")
    keys = come_in(mina, "facilitator")
    month = mina.page.get_by_role("table", name="Sessions, ")
    expect(month.get_by_role("link").first).to_be_visible()  # a full day leaves some out

    keys.go_to("Later: ").press("Enter")
    expect(mina.page).to_have_url(re.compile(r"day=\d{4}-\d\d-\d\d"))
    mina.settled()
    keys.press("Space")  # the button she pressed still has the focus
    keys.go_to("|Today", "Shift+Tab").press("Enter")
    expect(month.get_by_role("link").first).to_be_visible()
    mina.settled()
    keys.go_to("Week").press("Enter")
    expect(mina.heading("Week of ", exact=False)).to_be_visible()
    mina.settled()
    keys.go_to(meeting.code_name).press("Enter")

    expect(mina.heading(meeting.code_name)).to_be_visible()
    expect(mina.page).to_have_url(re.compile(f"/register.session={meeting.session}"))
    assert keys.unseen == []


def test_a_coordinator_adds_a_volunteer(visitor: Callable[..., Person]) -> None:
    orla = visitor().open("/today")
    keys = come_in(orla, "coordinator")
    keys.go_to("Volunteers").press("Enter")
    expect(orla.heading("Volunteers")).to_be_visible()
    orla.settled()
    keys.go_to("Add a volunteer").press("Enter")
    keys.go_to("First name").type("Hazel")
    keys.go_to("Last name").type("Winterbourne")
    keys.go_to("Add her").press("Enter")

    expect(orla.heading("Hazel Winterbourne")).to_be_visible()
    assert keys.unseen == []


def test_nobody_is_caught_anywhere_on_a_page(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open(meeting.register)
    keys = come_in(mina, "facilitator")
    expect(mina.text("0 of 6 marked")).to_be_visible()
    keys.go_to("Finish the register").go_to("Today").go_to("Finish the register")
    keys.go_to("Today", "Shift+Tab")
