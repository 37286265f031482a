"""Accounts, settings and what is brought in."""

from playwright.sync_api import expect

from tests.browser.screens.recipe import Screen, unfolded
from tests.browser.site import ROOT, Person


def intervention(person: Person) -> None:
    person.choose("Interventions", "Other")
    expect(person.button("Save this line")).to_be_visible()


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


def list_of_people(person: Person) -> None:
    """The sample of a list, compared with what is here."""
    person.page.locator("input[type=file]").set_input_files(ROOT / "data/import/participants.csv")
    person.button("Compare with what is here").click()
    expect(person.heading("What this file would do")).to_be_visible()


SCREENS = (
    Screen("accounts", "administrator", "/accounts"),
    Screen("settings", "administrator", "/settings"),
    Screen("settings-interventions", "administrator", "/settings", intervention),
    Screen("imports", "administrator", "/imports", unfolded("What may be in the file")),
    Screen("imports-participants", "administrator", "/imports", list_of_people),
    Screen("imports-attendance", "administrator", "/imports", paper_register),
    Screen("audit", "administrator", "/audit"),
)
