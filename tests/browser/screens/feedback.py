"""What participants say: the forms, giving them, and what comes of it."""

from playwright.sync_api import expect

from tests.browser.screens.recipe import Act, Screen, chosen, unfolded
from tests.browser.site import Person


def themes(person: Person) -> None:
    """What was written about a session, put to themes, with its quotes."""
    chosen("Sessions of your groups", "7 of 10")(person)
    person.unfold("Themes and quotes")


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


def tablet(person: Person) -> None:
    """The first page of a tablet that is passed round."""
    person.choose("Sessions of your groups", "7 of 10")
    link = person.page.get_by_role("link", name="Open on a tablet to pass round")
    person.page.goto(link.get_attribute("href") or "")
    expect(person.text("You can answer on this tablet")).to_be_visible()


SCREENS = (
    Screen("feedback-choice", "facilitator", "/feedback"),
    Screen("feedback", "facilitator", "/feedback", chosen("Sessions of your groups", "7 of 10")),
    Screen("feedback-themes", "facilitator", "/feedback", themes),
    Screen("forms", "coordinator", "/forms"),
    Screen("forms-form", "coordinator", "/forms", a_form),
    Screen("forms-programmes", "lead", "/forms", unfolded("Which programme asks what")),
    Screen("experience", "lead", "/experience"),
    Screen("form-welcome", "facilitator", "/feedback", public("")),
    Screen("form", "facilitator", "/feedback", public("/form")),
    Screen("form-arabic", "facilitator", "/feedback", public("/form?lang=ar")),
    Screen("form-one", "facilitator", "/feedback", public("/form?one=1")),
    Screen("form-tablet", "facilitator", "/feedback", tablet),
    Screen("form-thanks", "facilitator", "/feedback", public("/thanks")),
)
