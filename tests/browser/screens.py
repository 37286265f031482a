"""Takes a picture of every screen, wide and narrow, light and dark, for docs/screens:

make screens [ONLY="WORD …"]     all of them, or those whose name holds a word
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, Literal, TypeAlias

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from models import Role
from services import organisation
from services.accounts import accounts
from services.accounts.accounts import AccountDraft
from services.db import transaction
from services.demo import PASSWORD
from services.organisation import OrganisationSettings
from services.permissions import ROLE_PERMISSIONS
from tests.browser.conftest import FLAGS, LAPTOP, ON_PHONE, chromium
from tests.browser.site import PATIENCE, ROOT, Person, Site, manage
from tests.conftest import environment
from ui import navigation
from ui.components import words

FOLDER = ROOT / "docs" / "screens"
WIDTHS: dict[str, dict[str, Any]] = {"1280": {"viewport": LAPTOP}, "390": ON_PHONE}
SCHEMES: tuple[tuple[Literal["light", "dark"], str], ...] = (("light", ""), ("dark", "-dark"))
_COLOURS = 128  # enough for flat colours and smooth letters, and a fifth of the size
_TALLEST = 2600
_UNFOLDING = 600  # milliseconds
_HEIGHT = """(document.querySelector("[data-testid=stMain]") ?? document.documentElement)
  .scrollHeight"""

Act: TypeAlias = Callable[[Person], None]


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: whose, at which address, after doing what there."""

    name: str
    username: str | None
    address: str = "/"
    act: Act | None = None
    house: str = "demonstration"  # or "new", with accounts and nothing else, or "none" at all


# --- What is done before a picture is taken --------------------------------------------------


def unfolded(words: str) -> Act:
    return lambda person: person.unfold(words)


def chosen(table: str, words: str) -> Act:
    """A row of a list, whose page takes the list's place."""

    def choose(person: Person) -> None:
        person.choose(table, words)
        expect(person.table(table)).to_have_count(0)

    return choose


def with_wrong_password(person: Person) -> None:
    person.box("User name").fill("facilitator")
    person.box("Password").fill("not the password")
    person.button("Sign in").click()
    expect(person.text("do not fit")).to_be_visible()


def searched(words: str) -> Act:
    """A search for somebody whose name was heard."""

    def search(person: Person) -> None:
        box = person.box("Find a participant")
        box.fill(words)
        box.press("Enter")

    return search


def register(person: Person) -> None:
    person.choose("Sessions today", "lanterns")
    late = person.page.get_by_role("radio", name="Arrived late").first
    if late.get_attribute("aria-checked") != "true":
        late.click()
    expect(person.page.get_by_label("Minutes late (optional)")).to_be_visible()
    expect(person.page.get_by_text("Saved", exact=True).first).to_be_visible()


def waiting(person: Person, words: str) -> None:
    """One of the lists that Today says wait."""
    person.page.get_by_test_id("stButtonGroup").get_by_text(words).click()


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


def after_hers(person: Person) -> None:
    """What a volunteer is asked after a session she helped at."""
    asked = person.page.get_by_role("group").filter(has_text="How was ").first
    asked.locator("summary").click()
    expect(person.text("How ready did you feel for today?")).to_be_visible()


def on_paper(person: Person) -> None:
    """A register to print, and the form for marks that were made on paper."""
    person.choose("Sessions today", "lanterns")
    person.settled()
    person.unfold("Enter marks from paper")
    expect(person.button("Save the marks from paper")).to_be_visible()
    person.unfold("Print this register")
    expect(person.text("First names only.")).to_be_visible()


def who_collects(person: Person) -> None:
    """The list of the first child among the participants, and the form for one more."""
    person.choose("Participants", "Child")
    person.part("Family")
    person.unfold("Add somebody who may, or must not, collect")
    expect(person.button("Add to the list")).to_be_visible()


def owed_call(person: Person) -> None:
    """Somebody who did not come, as whoever calls her sees her."""
    person.choose("Calls to make", "")
    expect(person.text("did not come to")).to_be_visible()
    person.unfold("Note what came of the call")


def steps(person: Person) -> None:
    """The form of the first child in a group of parents and children."""
    person.pick("Group", "kites")
    form = person.page.get_by_role("combobox", name="Form")
    for number in range(12):
        person.settled()
        if form.input_value().startswith("Steps"):
            return
        person.page.get_by_role("combobox", name="Person").click()
        person.page.get_by_role("option").nth(number).click()


def in_kites(person: Person) -> None:
    """The figures of a group of parents and children that is over."""
    person.pick("Group", "Pinwheels")


def _steps_view(person: Person, view: str) -> None:
    in_kites(person)
    person.settled()
    person.page.get_by_role("radio", name=view).click()


def one_childs_steps(person: Person) -> None:
    """A child with forms, notes from sessions and an event."""
    person.pick("Group", "kites")
    person.settled()
    person.page.get_by_role("radio", name="Each child").click()
    person.choose("Children", "")
    expect(person.heading("Steps over time")).to_be_visible()


def beside_the_parent(person: Person) -> None:
    """A child's path and its parent's own measure."""
    _steps_view(person, "Child and parent")
    expect(person.heading("The child’s strands")).to_be_visible()


def what_was_seen(person: Person) -> None:
    """A note of a child, in two taps."""
    person.choose("Sessions to mark", "kites")
    person.settled()
    person.unfold("What we saw of each child")
    person.page.get_by_role("radiogroup", name="Child").get_by_role("radio").first.click()
    person.settled()
    person.page.get_by_role("radio", name="Asking for help").click()
    person.settled()


def on_a_tablet(person: Person) -> None:
    """An address for one form, to be opened on a tablet."""
    person.pick("Group", "lanterns")
    person.pick("Form", "CORE-10")
    person.unfold("On a tablet, one question a screen")
    person.button("Make an address").click()
    expect(person.page.get_by_test_id("stCode").first).to_be_visible()


def own_goals(person: Person) -> None:
    """The goals of somebody in a group of adults, and how near she is."""
    person.pick("Group", "lanterns")
    person.pick("Person", "Cordelia")
    person.pick("Form", "Goals")


def safe_contact(person: Person) -> None:
    """The plan of the first person whose confirmation has lapsed, its form open."""
    waiting(person, "Safe-contact plans")
    person.choose("Plans to confirm", "")
    expect(person.page.get_by_role("heading", name="Safe contact")).to_be_visible()
    person.unfold("How she may be reached")


def dates(person: Person) -> None:
    person.unfold("Make a new group")
    person.box("Code name, safe to say aloud").fill("Winter robins")
    person.pick("Facilitators; the first one leads", "Mina")
    person.page.keyboard.press("Escape")
    person.button("Show the dates").click()
    expect(person.text("passed over")).to_be_visible()


def schedule(person: Person) -> None:
    """A session of a group that is still to begin, cancelled and added at the end."""
    person.choose("Groups", "maples")
    person.pick("What do you want to do?", "Change the schedule")
    person.pick("What is to change?", "Cancel a session")
    person.pick("Which session", "3: ")
    person.box("Why, in neutral words (kept encrypted)").fill("The heating is being mended")
    person.page.keyboard.press("Tab")
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
    person.choose("Groups", "Tall reeds")
    person.pick("What do you want to do?", "Change the schedule")
    person.pick("What is to change?", "Cancel a session")
    person.pick("Which session", "3: ")
    person.box("Why, in neutral words (kept encrypted)").fill("The heating is being mended")
    person.page.keyboard.press("Tab")
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
    person.page.get_by_role("option").nth(1).click()
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


def themes(person: Person) -> None:
    """What was written about a session, put to themes, with its quotes."""
    chosen("Sessions of your groups", "7 of 10")(person)
    person.unfold("Themes and quotes")


def plan(person: Person) -> None:
    """The plans of the family whose review has waited longest."""
    waiting(person, "Plans to review")
    person.choose("Plans to review", "IDVA")
    expect(person.heading("Plans with the family")).to_be_visible()


def consent(person: Person) -> None:
    """A child's consents, and the form for another given by her carer."""
    person.choose("Participants", "Child")
    person.part("Consent")
    person.unfold("Record an answer")
    person.pick("What for", "To use photos of her")
    person.pick("Who gave it", "Somebody with parental responsibility")
    expect(person.text("A person who harms")).to_be_visible()


def intervention(person: Person) -> None:
    person.choose("Interventions", "Other")
    expect(person.button("Save this line")).to_be_visible()


def risk_part(person: Person) -> None:
    person.choose("Participants", "Adult")
    person.page.get_by_role("radio", name="Risk").click()
    expect(person.heading("Risk")).to_be_visible()


def support(person: Person) -> None:
    """The support of somebody the coordinator supervises, with what her weeks held."""
    person.choose("Volunteers", "Araminta")
    person.part("Support")
    expect(person.heading("What the last eight weeks held")).to_be_visible()
    person.unfold("Check in with her")


def availability(person: Person) -> None:
    person.choose("Volunteers", "Shadowing")
    person.part("Availability")
    expect(person.heading("Wishes")).to_be_visible()
    person.unfold("Add hours")


def support_due(person: Person) -> None:
    person.unfold("Support due")
    person.unfold("When a supervisor is away")
    expect(person.table("Supervisors who are away")).to_be_visible()


def feed(person: Person) -> None:
    """Her calendar feed's address, which is shown this once."""
    person.unfold("Your calendar feed")
    make = person.button("Make an address").or_(person.button("Replace the address"))
    make.click()
    expect(person.text("it is shown this once")).to_be_visible()


def unsealed(person: Person) -> None:
    person.page.get_by_text("Looking through all of them").click()
    person.button("Open the list").click()
    expect(person.table("Pairs kept apart")).to_be_visible()


def board(person: Person) -> None:
    person.page.get_by_text("Board", exact=True).click()
    expect(person.page.get_by_role("heading", name="Shadowing")).to_be_visible()


def application(person: Person) -> None:
    """The application that has waited longest, beside what can be made of it."""
    person.page.get_by_text("Applications to check", exact=True).click()
    person.choose("Applications to check", "")
    expect(person.button("Accept it")).to_be_visible()


def reaching(person: Person) -> None:
    person.page.get_by_text("Application · ").click()
    person.choose("Volunteers", "Application")
    person.part("Reaching her")
    expect(person.page.get_by_role("heading", name="What she wrote")).to_be_visible()


def readiness(person: Person) -> None:
    """The sealed part of a volunteer's record, opened for a reason."""
    person.choose("Volunteers", "Active")
    person.part("Readiness")
    person.page.get_by_text("To see whether she is ready").click()
    person.button("Open it").click()
    expect(person.page.get_by_role("heading", name="What she said")).to_be_visible()


def filled_term(person: Person) -> None:
    """A term filled, and what it proposes."""
    person.unfold("Fill a term")
    person.page.get_by_role("button", name="Fill the term").click()
    expect(person.page.get_by_text("What stays open, and why")).to_be_visible(timeout=60_000)


def paper_register(person: Person) -> None:
    """A register of people down and days across, compared with what is here."""
    person.page.get_by_text("Past attendance", exact=True).click()
    person.settled()
    content = (
        "Name,Date of birth,Group,8/9/2026,15/9/2026,22/9/2026\n"
        "Maya Rowe,3/6/1988,Silver maples,P,DNA,late\n"
        "Ines Hale,1/1/1990,Silver maples,P,perhaps,P\n"
    )
    file = {"name": "register.csv", "mimeType": "text/csv", "buffer": content.encode()}
    person.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    person.button("Compare with what is here").click()
    expect(person.heading("What this file would do")).to_be_visible()


def part_of_volunteer(label: str) -> Act:
    """A part of an active volunteer's record."""

    def open_it(person: Person) -> None:
        person.choose("Volunteers", "Active")
        person.part(label)

    return open_it


def part_of_page(label: str) -> Act:
    return lambda person: person.part(label, of="page")


def a_report(person: Person) -> None:
    """A report as it opens once it is made, with two of its sections."""
    person.page.get_by_role("button", name="Make the report").click()
    expect(person.page.get_by_role("button", name="The report as a PDF")).to_be_visible()
    person.settled()
    person.unfold("People reached")
    person.unfold("Referrals and waits")


def one_course(person: Person) -> None:
    """A course with its form for a day."""
    person.choose("Courses", "Safeguarding children")
    person.unfold("Mark a day of this course")


def a_form(person: Person) -> None:
    """A form as participants see it, and the table it is changed in."""
    chosen("Forms", "Middle")(person)
    person.unfold("Change this form")


def public(page: str) -> Act:
    """The participants' side of a session's form."""

    def follow(person: Person) -> None:
        person.choose("Sessions of your groups", "7 of 10")
        address = person.page.get_by_test_id("stCode").inner_text().strip()
        person.page.goto(address + page)

    return follow


_WELLBEING = "/outcomes?outcomes_measure=SWEMWBS%2C+own+answers"
SCREENS = (
    Screen("first-run", None, house="none"),
    Screen("sign-in", None, "/today"),
    Screen("sign-in-wrong", None, "/today", with_wrong_password),
    Screen("today", "facilitator", "/today"),
    Screen("today-coordinator", "coordinator", "/today"),
    Screen("register-choice", "facilitator", "/register"),
    Screen("register", "facilitator", "/today", register),
    Screen("register-paper", "facilitator", "/today", on_paper),
    Screen("register-children", "facilitator", "/register", chosen("Sessions to mark", "kites")),
    Screen("participant-collecting", "coordinator", "/participants", who_collects),
    Screen("register-after", "facilitator", "/today", after_session),
    Screen("register-reflection", "facilitator", "/today", looking_back),
    Screen("participant-call", "facilitator", "/today", owed_call),
    Screen("feedback-choice", "facilitator", "/feedback"),
    Screen("feedback", "facilitator", "/feedback", chosen("Sessions of your groups", "7 of 10")),
    Screen("feedback-themes", "facilitator", "/feedback", themes),
    Screen("measures", "facilitator", "/measures"),
    Screen("measures-steps", "facilitator", "/measures", steps),
    Screen("steps-group", "facilitator", "/steps", in_kites),
    Screen("steps-child", "facilitator", "/steps", one_childs_steps),
    Screen("steps-pair", "facilitator", "/steps", beside_the_parent),
    Screen("steps-lead", "lead", "/steps", unfolded("Open one child’s steps")),
    Screen("register-seen", "facilitator", "/register", what_was_seen),
    Screen("measures-tablet", "facilitator", "/measures", on_a_tablet),
    Screen("measures-goals", "facilitator", "/measures", own_goals),
    Screen(
        "measures-risk",
        "facilitator",
        "/today",
        chosen("Forms that wait for action the same day", "CORE-10"),
    ),
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
    Screen("forms", "coordinator", "/forms"),
    Screen("forms-form", "coordinator", "/forms", a_form),
    Screen("forms-programmes", "lead", "/forms", unfolded("Which programme asks what")),
    Screen("participants", "coordinator", "/participants"),
    Screen("participants-new", "coordinator", "/participants", unfolded("Add a family")),
    Screen("participant", "coordinator", "/participants", chosen("Participants", "Adult")),
    Screen("participant-plan", "coordinator", "/today", plan),
    Screen("participant-consent", "coordinator", "/participants", consent),
    Screen("risk", "facilitator", "/participants", risk_part),
    Screen("kept-apart-sealed", "coordinator", "/conflicts"),
    Screen("kept-apart", "coordinator", "/conflicts", unsealed),
    Screen("kept-apart-new", "coordinator", "/conflicts", unfolded("Keep two people apart")),
    Screen("concerns-raise", "facilitator", "/concerns"),
    Screen("concerns", "lead", "/concerns"),
    Screen("concern", "lead", "/concerns", chosen("Concerns", "Overdue")),
    Screen("today-lead", "lead", "/today"),
    Screen("referrals", "coordinator", "/referrals"),
    Screen("referrals-new", "coordinator", "/referrals", unfolded("Take down a referral")),
    Screen("referral", "coordinator", "/referrals", chosen("Referrals", "Referred")),
    Screen("participant-contact", "facilitator", "/today", safe_contact),
    Screen("participants-search", "coordinator", "/participants", searched("Khadeeja")),
    Screen("duplicates", "coordinator", "/duplicates"),
    Screen("duplicates-pair", "coordinator", "/duplicates", chosen("Likely pairs", "same")),
    Screen("experience", "lead", "/experience"),
    Screen("waiting-times", "lead", "/waiting-times"),
    Screen("refer", None, "/refer"),
    Screen("refer-form", None, "/refer/form"),
    Screen("volunteers", "coordinator", "/volunteers"),
    Screen("volunteers-new", "coordinator", "/volunteers", unfolded("Add a volunteer")),
    Screen("volunteer", "coordinator", "/volunteers", chosen("Volunteers", "Shadowing")),
    Screen("volunteer-checks", "coordinator", "/volunteers", part_of_volunteer("Checks")),
    Screen("volunteer-training", "coordinator", "/volunteers", part_of_volunteer("Training")),
    Screen("supervision", "lead", "/supervision"),
    Screen("training", "coordinator", "/training"),
    Screen("course", "coordinator", "/training", one_course),
    Screen("volunteers-support-due", "coordinator", "/volunteers", support_due),
    Screen("volunteer-support", "coordinator", "/volunteers", support),
    Screen("volunteer-availability", "coordinator", "/volunteers", availability),
    Screen("settings-support", "administrator", "/settings", unfolded("How often support is due")),
    Screen("volunteers-board", "coordinator", "/volunteers", board),
    Screen("volunteers-application", "coordinator", "/volunteers", application),
    Screen("volunteer-readiness", "coordinator", "/volunteers", readiness),
    Screen("volunteer-reaching", "coordinator", "/volunteers", reaching),
    Screen("volunteer-form", None, "/volunteer/form"),
    Screen("volunteer-start", None, "/volunteer"),
    Screen("rota", "coordinator", "/rota"),
    Screen("rota-session", "coordinator", "/rota", chosen("Sessions and their cover", "asked")),
    Screen("rota-fill", "coordinator", "/rota", filled_term),
    Screen("rota-facilitator", "facilitator", "/rota"),
    Screen("my-volunteering", "volunteer", "/my-volunteering"),
    Screen("my-wellbeing", "volunteer", "/my-volunteering?part=wellbeing", after_hers),
    Screen("my-availability", "volunteer", "/my-volunteering?part=availability"),
    Screen("my-hours", "volunteer", "/my-volunteering?part=hours"),
    Screen("my-expenses", "volunteer", "/my-volunteering?part=expenses"),
    Screen("outcomes", "lead", "/outcomes"),
    Screen("outcomes-people", "lead", _WELLBEING, unfolded("Everybody’s start and end")),
    Screen("outcomes-spread", "lead", _WELLBEING, unfolded("Scores before and after")),
    Screen("outcomes-weeks", "lead", _WELLBEING, unfolded("Over the weeks")),
    Screen("outcomes-sessions", "lead", _WELLBEING, unfolded("By sessions and topics")),
    Screen("children", "lead", "/children"),
    Screen("attendance", "lead", "/attendance", unfolded("By when the groups began")),
    *(
        Screen(f"attendance-{name}", "lead", "/attendance", part_of_page(label))
        for name, label in (
            ("months", "Month by month"),
            ("staying", "Staying and leaving"),
            ("held", "Sessions held"),
            ("compare", "Compare"),
        )
    ),
    Screen("reach", "lead", "/reach"),
    *(
        Screen(f"workforce-{name}", "coordinator", "/workforce", part_of_page(label))
        for name, label in (
            ("way-in", "The way in"),
            ("staying", "Staying and leaving"),
            ("cover", "Cover and hours"),
            ("support", "Training and support"),
            ("standards", "Standards"),
        )
    ),
    Screen("workforce-lead", "lead", "/workforce"),
    Screen("reports", "lead", "/reports"),
    Screen("report", "lead", "/reports", a_report),
    Screen("accounts", "administrator", "/accounts"),
    Screen("settings", "administrator", "/settings"),
    Screen("settings-interventions", "administrator", "/settings", intervention),
    Screen("imports", "administrator", "/imports", unfolded("What may be in the file")),
    Screen("imports-attendance", "administrator", "/imports", paper_register),
    Screen("audit", "administrator", "/audit"),
    Screen("nothing-for-this-role", "engage"),
    Screen("form-welcome", "facilitator", "/feedback", public("")),
    Screen("form", "facilitator", "/feedback", public("/form")),
    Screen("form-arabic", "facilitator", "/feedback", public("/form?lang=ar")),
    Screen("form-one", "facilitator", "/feedback", public("/form?one=1")),
    Screen("form-thanks", "facilitator", "/feedback", public("/thanks")),
    *(
        Screen(f"new-{screen.address}-{role.value}", role.value, f"/{screen.address}", house="new")
        for role, permissions in ROLE_PERMISSIONS.items()
        for screen in navigation.SCREENS
        if screen.permission in permissions
    ),
)


# --- Taking them -----------------------------------------------------------------------------


def main(only: list[str]) -> None:
    """For each kind of house: fill a database, start the application, go through the screens."""
    wanted = [s for s in SCREENS if not only or any(word in s.name for word in only)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        for house, fill in HOUSES.items():
            shown = [screen for screen in wanted if screen.house == house]
            if shown:
                database = f"sqlite:///{folder}/{house}.sqlite3"
                manage(database, "init")
                fill(database)
                _show(browser, database, shown)


def _new_house(database: str) -> None:
    with environment(database), transaction() as db:
        organisation.start(db, OrganisationSettings(name="Juniper House"))
        for role in Role:
            draft = AccountDraft(
                username=role.value,
                display_name=words.label(role.value),
                password=PASSWORD,
                role=role,
            )
            accounts.create_from_console(db, draft)


HOUSES: dict[str, Callable[[str], None]] = {
    "demonstration": lambda database: manage(database, "demo", "--seed", "1"),
    "none": lambda _database: None,
    "new": _new_house,
}


def _show(browser: Browser, database: str, screens: list[Screen]) -> None:
    site = Site(database).start()
    whose = sorted({screen.username or "" for screen in screens})
    try:
        for (width, options), username in product(WIDTHS.items(), whose):
            context = browser.new_context(locale="en-GB", **options)
            context.set_default_timeout(PATIENCE)
            person = Person(context, site)
            if username:
                person.open().sign_in(username)
            for screen in screens:
                if (screen.username or "") == username:
                    _take(person, screen, width, options["viewport"])
            context.close()
    finally:
        site.stop()


def _take(person: Person, screen: Screen, width: str, size: dict[str, int]) -> None:
    person.page.set_viewport_size(size)
    person.open(screen.address).settled()
    if screen.act:
        screen.act(person)
        person.settled()
    _grow(person, size)
    for scheme, ending in SCHEMES:
        person.page.emulate_media(color_scheme=scheme)
        person.page.wait_for_timeout(_UNFOLDING)
        _keep(person.page.screenshot(), FOLDER / f"{screen.name}-{width}{ending}.png")
    person.page.emulate_media(color_scheme="light")


def _grow(person: Person, size: dict[str, int]) -> None:
    """Make the window as tall as the page, which scrolls inside it and may still unfold."""
    tall = 0
    while (wanted := min(person.page.evaluate(_HEIGHT), _TALLEST)) > tall:
        tall = wanted
        person.page.set_viewport_size(size | {"height": max(tall, size["height"])})
        person.page.wait_for_timeout(_UNFOLDING)
    person.settled()


def _keep(picture: bytes, file: Path) -> None:
    small = Image.open(BytesIO(picture)).convert("RGB").quantize(_COLOURS)
    small.save(file, optimize=True)


@contextmanager
def _browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        sys.exit("No Chromium was found. Install one, or name it in ALONGSIDE_CHROMIUM.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


if __name__ == "__main__":
    main(sys.argv[1:])
