"""Two facilitators, two browsers, one register: each sees the other, and nobody is overwritten."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Meeting
from tests.browser.site import Person

pytestmark = pytest.mark.browser

# The register looks again every five seconds; the rest is for a busy machine.
SOON = 15_000


@pytest.fixture
def both(visitor: Callable[..., Person], meeting: Meeting) -> tuple[Person, Person]:
    """Mina and Joss, with the same register open."""
    mina = visitor().open(meeting.register).sign_in("facilitator")
    joss = visitor().open(meeting.register).sign_in("facilitator2")
    for person in (mina, joss):
        expect(person.text("0 of 6 marked")).to_be_visible()
    return mina, joss


def test_each_sees_the_others_marks_and_who_made_them(
    both: tuple[Person, Person], meeting: Meeting
) -> None:
    mina, joss = both
    ada, bea, *_ = meeting.names
    mina.mark(ada, "Attended").click()
    joss.mark(bea, "Apologies").click()

    expect(joss.mark(ada, "Attended")).to_be_checked(timeout=SOON)
    expect(joss.line(ada)).to_contain_text("marked by Mina Fennelcroft")
    expect(mina.mark(bea, "Apologies")).to_be_checked(timeout=SOON)
    expect(mina.line(bea)).to_contain_text("marked by Joss Copperthwaite")
    for person in both:
        expect(person.text("2 of 6 marked")).to_be_visible()


@pytest.mark.parametrize(
    ("choice", "stands"), [("Keep theirs", "Attended"), ("Use mine", "Did not attend")]
)
def test_when_both_mark_one_person_the_later_is_asked_and_nobody_is_overwritten(
    both: tuple[Person, Person], meeting: Meeting, choice: str, stands: str
) -> None:
    mina, joss = both
    ada = meeting.names[0]
    joss.context.set_offline(True)
    joss.mark(ada, "Did not attend").click()
    expect(joss.line(ada)).to_contain_text("Not saved yet – no connection")
    mina.mark(ada, "Attended").click()
    expect(mina.line(ada).get_by_text("Saved", exact=True)).to_be_visible()
    joss.context.set_offline(False)

    expect(joss.line(ada)).to_contain_text(
        "Mina Fennelcroft marked Attended at the same time. Your mark: Did not attend."
    )
    expect(mina.mark(ada, "Attended")).to_be_checked()
    joss.button(choice).click()
    for person in both:
        expect(person.mark(ada, stands)).to_be_checked(timeout=SOON)
        expect(person.line(ada)).to_contain_text("Saved")


def test_marks_made_without_a_connection_are_delivered_beside_the_others(
    both: tuple[Person, Person], meeting: Meeting
) -> None:
    mina, joss = both
    ada, bea, cora, dilys, *_ = meeting.names
    joss.context.set_offline(True)
    for name, mark in ((ada, "Attended"), (bea, "Apologies"), (ada, "Arrived late")):
        joss.mark(name, mark).click()
    expect(joss.text("2 marks are kept here")).to_be_visible()
    for name in (cora, dilys):
        mina.mark(name, "Attended").click()
    expect(mina.line(dilys).get_by_text("Saved", exact=True)).to_be_visible()
    expect(mina.text("2 of 6 marked")).to_be_visible()
    joss.context.set_offline(False)

    for person in both:
        expect(person.text("4 of 6 marked")).to_be_visible(timeout=SOON)
        expect(person.mark(ada, "Arrived late")).to_be_checked()
        expect(person.mark(bea, "Apologies")).to_be_checked()
        expect(person.mark(cora, "Attended")).to_be_checked()
    expect(joss.text("All saved")).to_be_visible()


def test_a_register_finished_by_one_can_only_be_read_by_the_other(
    both: tuple[Person, Person], meeting: Meeting
) -> None:
    mina, joss = both
    mina.button("Everyone attended").click()
    expect(mina.text("All saved")).to_be_visible()
    mina.button("Finish the register").click()
    expect(mina.button("Reopen the register")).to_be_visible()

    expect(joss.text("Finished by Mina Fennelcroft")).to_be_visible(timeout=SOON)
    joss.page.reload()
    expect(joss.text("Finished by Mina Fennelcroft")).to_be_visible()
    expect(joss.line(meeting.names[0])).to_contain_text("Attended")
