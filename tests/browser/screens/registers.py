"""One session: its register, and what is kept beside it."""

from playwright.sync_api import expect

from tests.browser.screens.recipe import Screen, chosen, waiting
from tests.browser.site import Person


def register(person: Person) -> None:
    person.choose("Sessions today", "lanterns")
    late = person.page.get_by_role("radio", name="Arrived late").first
    if late.get_attribute("aria-checked") != "true":
        late.click()
    expect(person.page.get_by_label("Minutes late (optional)")).to_be_visible()
    expect(person.page.get_by_text("Saved", exact=True).first).to_be_visible()


def after_session(person: Person) -> None:
    """The register of a session that had no debrief yet, with all that is kept beside it."""
    waiting(person, "Debriefs")
    person.choose("Debriefs to record", "")
    for part in ("Checklist", "What was covered", "Debrief", "History of this register"):
        person.unfold(part)
    expect(person.button("Save the debrief")).to_be_visible()


def looking_back(person: Person) -> None:
    """The same register, with the facilitator's questions to herself."""
    waiting(person, "Debriefs")
    person.choose("Debriefs to record", "")
    person.unfold("For you alone: how did it go?")
    expect(person.button("Keep it for me")).to_be_visible()


def on_paper(person: Person) -> None:
    """A register to print, and the form for marks that were made on paper."""
    person.choose("Sessions today", "lanterns")
    person.settled()
    person.unfold("Enter marks from paper")
    expect(person.button("Save the marks from paper")).to_be_visible()
    person.unfold("Print this register")
    expect(person.text("First names only.")).to_be_visible()


def owed_call(person: Person) -> None:
    """Somebody who did not come, as whoever calls her sees her."""
    person.choose("Calls to make", "")
    expect(person.text("did not come to")).to_be_visible()
    person.unfold("Note what came of the call")


def what_was_seen(person: Person) -> None:
    """A note of a child, in two taps."""
    person.choose("Sessions to mark", "kites")
    person.settled()
    person.unfold("What we saw of each child")
    person.page.get_by_role("radiogroup", name="Child").get_by_role("radio").first.click()
    person.settled()
    person.page.get_by_role("radio", name="Asking for help").click()
    person.settled()


SCREENS = (
    Screen("register-choice", "facilitator", "/register"),
    Screen("register", "facilitator", "/today", register),
    Screen("register-paper", "facilitator", "/today", on_paper),
    Screen("register-children", "facilitator", "/register", chosen("Sessions to mark", "kites")),
    Screen("register-after", "facilitator", "/today", after_session),
    Screen("register-reflection", "facilitator", "/today", looking_back),
    Screen("participant-call", "facilitator", "/today", owed_call),
    Screen("register-seen", "facilitator", "/register", what_was_seen),
)
