"""Figures and reports."""

from playwright.sync_api import expect

from tests.browser.screens.recipe import Screen, part_of_page, unfolded
from tests.browser.site import Person


def a_report(person: Person) -> None:
    """A report as it opens once it is made, with two of its sections."""
    person.page.get_by_role("button", name="Make the report").click()
    expect(person.page.get_by_role("button", name="The report as a PDF")).to_be_visible()
    person.settled()
    person.unfold("People reached")
    person.unfold("Referrals and waits")


_WELLBEING = "/outcomes?outcomes_measure=SWEMWBS%2C+own+answers"
SCREENS = (
    Screen("waiting-times", "lead", "/waiting-times"),
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
)
