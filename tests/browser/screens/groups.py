"""Groups, their schedules, and who holds which session."""

from playwright.sync_api import expect

from tests.browser.screens.recipe import Screen, chosen, unfolded
from tests.browser.site import Person


def dates(person: Person) -> None:
    person.unfold("Make a new group")
    person.pick("Programme", "Freedom Programme")
    person.box("Code name, safe to say aloud").fill("Winter robins")
    person.pick("Facilitators; the first one leads", "Mina")
    person.page.keyboard.press("Escape")
    person.button("Show the dates").click()
    expect(person.text("passed over")).to_be_visible()


def one_session_cancelled(person: Person, group: str) -> None:
    person.choose("Groups", group)
    person.pick("What do you want to do?", "Change the schedule")
    person.pick("What is to change?", "Cancel a session")
    person.pick("Which session", "3: ")
    person.box("Why, in neutral words (kept encrypted)").fill("The heating is being mended")
    person.page.keyboard.press("Tab")


def schedule(person: Person) -> None:
    """A session of a group that is still to begin, cancelled and added at the end."""
    one_session_cancelled(person, "maples")
    expect(person.heading("What would change")).to_be_visible()


def not_safe(person: Person) -> None:
    """A session that cannot be held as it stands, and why."""
    person.choose("Sessions to come", "■")
    expect(person.button("Open the group")).to_be_visible()


def pair(person: Person) -> None:
    """One of two linked groups, and a family with a place in the other half only."""
    person.choose("Groups", "Tall reeds")
    person.unfold("Families with a place in the other half only (1)")
    expect(person.button("Give a place here")).to_be_visible()


def pair_schedule(person: Person) -> None:
    """A session of one half cancelled, and in the other half as well."""
    one_session_cancelled(person, "Tall reeds")
    person.page.get_by_text("Yes, change both halves").click()
    expect(person.heading("And in Small reeds")).to_be_visible()


def pair_link(person: Person) -> None:
    """Two groups there are already, as they would be linked."""
    person.choose("Groups", "maples")
    person.pick("What do you want to do?", "Link with another group")
    expect(person.page.get_by_text("This group is")).to_be_visible()


def pair_register(person: Person) -> None:
    """The register of one half, with how far the other is."""
    person.choose("Groups", "Tall reeds")
    person.choose("Sessions of Tall reeds", "Getting to know")
    expect(person.text("Children's half")).to_be_visible()


def pair_new(person: Person) -> None:
    person.unfold("Make a new group")
    person.pick("Programme", "Side by Side")
    expect(person.heading("The children's half")).to_be_visible()


def catch_ups(person: Person) -> None:
    """The catch-ups of a group and the form for another."""
    person.choose("Groups", "lanterns")
    person.pick("What do you want to do?", "Catch-up sessions")
    person.page.get_by_role("combobox", name="Record a catch-up: who").click()
    person.page.get_by_role("option").last.click()
    expect(person.button("Record the catch-up")).to_be_visible()


def standing(person: Person) -> None:
    """How one person of a group stands."""
    person.choose("Groups", "lanterns")
    person.pick("What do you want to do?", "See how one person stands")
    person.page.get_by_role("combobox", name="Whose attendance").click()
    person.page.get_by_role("option").first.click()
    expect(person.table("What each rule of completion says")).to_be_visible()


def marks_of_group(person: Person) -> None:
    """Who of a group came to which session."""
    person.choose("Groups", "lanterns")
    person.unfold("Who came to which session")


def offering(person: Person) -> None:
    """A free seat for somebody who waits."""
    person.choose("Groups", "maples")
    person.pick("What do you want to do?", "Offer a free seat to somebody who waits")
    expect(person.button("Do this")).to_be_visible()


def feed(person: Person) -> None:
    """Her calendar feed's address, which is shown this once."""
    person.unfold("Your calendar feed")
    make = person.button("Make an address").or_(person.button("Replace the address"))
    make.click()
    expect(person.text("it is shown this once")).to_be_visible()


SCREENS = (
    Screen("groups", "coordinator", "/groups"),
    Screen("groups-new", "coordinator", "/groups", dates),
    Screen("group", "coordinator", "/groups", chosen("Groups", "maples")),
    Screen("group-schedule", "coordinator", "/groups", schedule),
    Screen("groups-rooms", "coordinator", "/groups", unfolded("Rooms")),
    Screen("group-facilitator", "facilitator", "/groups", chosen("Groups", "lanterns")),
    Screen("group-link", "coordinator", "/groups", pair_link),
    Screen("group-catch-ups", "facilitator", "/groups", catch_ups),
    Screen("group-standing", "facilitator", "/groups", standing),
    Screen("group-marks", "facilitator", "/groups", marks_of_group),
    Screen("group-offer", "coordinator", "/groups", offering),
    Screen("pair", "coordinator", "/groups", pair),
    Screen("pair-schedule", "coordinator", "/groups", pair_schedule),
    Screen("pair-register", "facilitator", "/groups", pair_register),
    Screen("pair-new", "coordinator", "/groups", pair_new),
    Screen("calendar", "facilitator", "/calendar"),
    Screen("calendar-week", "coordinator", "/calendar?view=week"),
    Screen("calendar-month", "coordinator", "/calendar?view=month&day=2026-12-01"),
    Screen("calendar-list", "coordinator", "/calendar?view=list"),
    Screen("cover", "coordinator", "/cover", not_safe),
    Screen("cover-away", "coordinator", "/cover", unfolded("Colleagues away")),
    Screen("cover-short", "coordinator", "/cover", unfolded("Sessions that ran short")),
    Screen("calendar-feed", "coordinator", "/calendar?view=week", feed),
    Screen("programmes", "coordinator", "/programmes"),
    Screen("programme", "coordinator", "/programmes", chosen("Programmes", "Freedom Programme")),
)
