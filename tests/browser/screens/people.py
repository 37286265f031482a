"""Participants and their families, from a referral on."""

import re

from playwright.sync_api import expect

from tests.browser.screens.recipe import (
    Act,
    Screen,
    chosen,
    part_of_page,
    part_of_record,
    unfolded,
    waiting,
)
from tests.browser.site import Person

# In a column of its own, or on a phone behind its heading, which holds both words.
ADULT, CHILD = re.compile(r"(^|: )Adult\b"), re.compile(r"(^|: )Child\b")


def searched_with_a_slip(person: Person) -> None:
    """A search for the newest participant, with the last letter of her name wrong."""
    name = person.cell("Participants", "", 1).inner_text()
    box = person.box("Find a participant")
    box.fill(f"{name[:-1]}q")
    box.press("Enter")
    expect(person.cell("Participants", name, 1)).to_be_attached()


def who_collects(person: Person) -> None:
    """The list of the first child among the participants, and the form for one more."""
    person.choose("Participants", CHILD)
    person.part("Family")
    person.unfold("Add somebody who may, or must not, collect")
    expect(person.button("Add to the list")).to_be_visible()


def safe_contact(person: Person) -> None:
    """The plan of the first person whose confirmation has lapsed, its form open."""
    waiting(person, "Safe-contact plans")
    person.choose("Plans to confirm", "")
    expect(person.page.get_by_role("heading", name="Safe contact")).to_be_visible()
    person.unfold("How she may be reached")


def part_of_participant(label: str) -> Act:
    return part_of_record("Participants", ADULT, label)


def form_to_check(person: Person) -> None:
    """A form that a professional sent in, beside what can be made of it."""
    person.part("Forms to check", of="page")
    person.choose("Forms to check", "")
    expect(person.button("Take it up")).to_be_visible()


def plan(person: Person) -> None:
    """The plans of the family whose review has waited longest."""
    waiting(person, "Plans to review")
    person.choose("Plans to review", "")
    expect(person.heading("Plans with the family")).to_be_visible()


def consent(person: Person) -> None:
    """A child's consents, and the form for another given by her carer."""
    person.choose("Participants", CHILD)
    person.part("Consent")
    person.unfold("Record an answer")
    person.pick("What for", "To use photos of her")
    person.pick("Who gave it", "Somebody with parental responsibility")
    expect(person.text("A person who harms")).to_be_visible()


def risk_part(person: Person) -> None:
    part_of_participant("Risk")(person)
    expect(person.heading("Risk")).to_be_visible()


def unsealed(person: Person) -> None:
    person.page.get_by_text("Looking through all of them").click()
    person.button("Open the list").click()
    expect(person.table("Pairs kept apart")).to_be_visible()


SCREENS = (
    Screen("participant-collecting", "coordinator", "/participants", who_collects),
    Screen("participants", "coordinator", "/participants"),
    Screen("participants-new", "coordinator", "/participants", unfolded("Add a family")),
    Screen("participant", "coordinator", "/participants", chosen("Participants", ADULT)),
    *(
        Screen(f"participant-{name}", "coordinator", "/participants", part_of_participant(label))
        for name, label in (
            ("details", "Details"),
            ("family", "Family"),
            ("equality", "Equality"),
            ("referrals", "Referrals"),
        )
    ),
    Screen("participant-plan", "coordinator", "/today", plan),
    Screen("participant-consent", "coordinator", "/participants", consent),
    Screen("risk", "facilitator", "/participants", risk_part),
    Screen("kept-apart-sealed", "coordinator", "/conflicts"),
    Screen("kept-apart", "coordinator", "/conflicts", unsealed),
    Screen("kept-apart-new", "coordinator", "/conflicts", unfolded("Keep two people apart")),
    Screen("concerns-raise", "facilitator", "/concerns"),
    Screen("concerns", "lead", "/concerns"),
    Screen("concern", "lead", "/concerns", chosen("Concerns", "Overdue")),
    Screen("concern-own", "facilitator", "/concerns", chosen("Concerns you raised", "Made")),
    Screen("referrals", "coordinator", "/referrals"),
    Screen("referrals-new", "coordinator", "/referrals", unfolded("Add a referral")),
    Screen("referral", "coordinator", "/referrals", chosen("Referrals", "Referred")),
    Screen("referrals-waiting", "coordinator", "/referrals", part_of_page("Waiting list")),
    Screen("referrals-partners", "coordinator", "/referrals", part_of_page("Partners")),
    Screen("referrals-form", "coordinator", "/referrals", form_to_check),
    Screen("participant-contact", "facilitator", "/today", safe_contact),
    Screen("participants-search", "coordinator", "/participants", searched_with_a_slip),
    Screen("duplicates", "coordinator", "/duplicates"),
    Screen("duplicates-pair", "coordinator", "/duplicates", chosen("Likely pairs", "same")),
    Screen("refer", None, "/refer"),
    Screen("refer-form", None, "/refer/form"),
)
