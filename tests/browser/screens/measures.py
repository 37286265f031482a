"""Measures, goals and children’s steps."""

from playwright.sync_api import expect

from tests.browser.screens.recipe import Screen, chosen, unfolded
from tests.browser.site import Person


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


def on_a_tablet(person: Person) -> None:
    """An address for one form, to be opened on a tablet."""
    steps(person)
    person.unfold("On a tablet, one question a screen")
    person.settled()
    person.button("Make an address").click()
    expect(person.page.get_by_test_id("stCode").first).to_be_visible()


def first_question(person: Person) -> None:
    """What she finds at that address."""
    on_a_tablet(person)
    person.page.goto(person.page.get_by_test_id("stCode").first.inner_text().strip())
    expect(person.text("Question 1 of 8")).to_be_visible()


def own_goals(person: Person) -> None:
    """The goals of somebody in a group of adults, and how near she is."""
    person.pick("Group", "lanterns")
    person.pick("Form", "Goals")


SCREENS = (
    Screen("measures", "facilitator", "/measures"),
    Screen("measures-steps", "facilitator", "/measures", steps),
    Screen("steps-group", "facilitator", "/steps", in_kites),
    Screen("steps-child", "facilitator", "/steps", one_childs_steps),
    Screen("steps-pair", "facilitator", "/steps", beside_the_parent),
    Screen("steps-lead", "lead", "/steps", unfolded("Open one child’s steps")),
    Screen("measures-tablet", "facilitator", "/measures", on_a_tablet),
    Screen("measures-question", "facilitator", "/measures", first_question),
    Screen("measures-goals", "facilitator", "/measures", own_goals),
    Screen(
        "measures-risk",
        "facilitator",
        "/today",
        chosen("Forms that wait for action the same day", "CORE-10"),
    ),
)
