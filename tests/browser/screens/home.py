"""What people meet first: signing in, and the day before them."""

from playwright.sync_api import expect

from tests.browser.screens.recipe import Screen
from tests.browser.site import Person


def with_wrong_password(person: Person) -> None:
    person.box("User name").fill("facilitator")
    person.box("Password").fill("not the password")
    person.button("Sign in").click()
    expect(person.text("do not fit")).to_be_visible()


SCREENS = (
    Screen("first-run", None, house="none"),
    Screen("sign-in", None, "/today"),
    Screen("sign-in-wrong", None, "/today", with_wrong_password),
    Screen("today", "facilitator", "/today"),
    Screen("today-coordinator", "coordinator", "/today"),
    Screen("today-lead", "lead", "/today"),
    Screen("concerns-engage", "engage"),
)
