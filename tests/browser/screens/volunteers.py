"""Survivor volunteers: the way in, their support, the rota, and what each sees herself."""

from playwright.sync_api import expect

from tests.browser.screens.recipe import Act, Screen, chosen, part_of_record, unfolded
from tests.browser.site import Person


def part_of_volunteer(label: str) -> Act:
    return part_of_record("Volunteers", "Active", label)


def support(person: Person) -> None:
    """The support of somebody the coordinator supervises, with what her weeks held."""
    person.choose("Volunteers", "Fern")
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


def one_course(person: Person) -> None:
    """A course with its form for a day."""
    person.choose("Courses", "Safeguarding children")
    person.unfold("Add a day of this course")


def after_hers(person: Person) -> None:
    """What a volunteer is asked after a session she helped at."""
    asked = person.page.get_by_role("group").filter(has_text="How was ").first
    asked.locator("summary").click()
    expect(person.text("How ready did you feel for today?")).to_be_visible()


SCREENS = (
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
)
