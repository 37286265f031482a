"""The calendar in a browser: table or list, a word for what is cancelled, a feed that works."""

import re
from collections.abc import Callable
from urllib.request import urlopen

import icalendar
import pytest
from playwright.sync_api import expect

from models import GroupSession, SessionState
from services.db import transaction
from tests.browser.conftest import ON_PHONE, Meeting
from tests.browser.site import Person, Site
from tests.browser.test_accessibility import faults
from tests.conftest import environment

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture
def cancelled(site: Site, meeting: Meeting) -> Meeting:
    """The meeting, cancelled by the service."""
    with environment(site.database), transaction() as db:
        held = db.query(GroupSession).filter_by(ref=meeting.session).one()
        held.state = SessionState.CANCELLED
    return meeting


def test_a_laptop_begins_with_a_month_and_a_phone_with_a_list(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open("/calendar").sign_in("facilitator")
    expect(mina.page.get_by_role("table", name="Sessions, ")).to_be_visible()
    expect(mina.button("Month")).to_have_attribute("aria-pressed", "true")

    phone = visitor(**ON_PHONE).open("/calendar").sign_in("facilitator")
    expect(phone.button("List")).to_have_attribute("aria-pressed", "true")
    expect(phone.page.get_by_role("table")).to_have_count(0)
    expect(phone.heading("(today)", exact=False)).to_be_visible()
    width = phone.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= ON_PHONE["viewport"]["width"]

    phone.page.get_by_role("link", name=meeting.code_name).first.click()
    expect(phone.heading(meeting.code_name)).to_be_visible()


def test_a_phone_counts_a_month_s_sessions_and_leads_to_a_day(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    phone = visitor(**ON_PHONE).open("/calendar?view=month").sign_in("facilitator")
    today = phone.page.get_by_role("cell", name="Today")
    today.get_by_role("button", name=re.compile("sessions? on")).click()

    expect(phone.page.get_by_role("link", name=meeting.code_name)).to_be_visible()
    expect(phone.page).to_have_url(re.compile("view=day"))
    assert faults(phone.page) == []


def test_cancelled_is_a_word_and_leads_to_the_group(
    visitor: Callable[..., Person], cancelled: Meeting
) -> None:
    mina = visitor().open("/calendar?view=list").sign_in("facilitator")
    link = mina.page.get_by_role("link", name=cancelled.code_name).first
    expect(link).to_contain_text("Cancelled")
    link.click()
    expect(mina.page).to_have_url(re.compile(f"/groups.group={cancelled.group}"))
    expect(mina.heading(cancelled.code_name)).to_be_visible()


def test_the_page_of_the_calendar_outlives_a_reload_and_the_menu_leads_back_to_today(
    visitor: Callable[..., Person],
) -> None:
    orla = visitor().open("/calendar?view=week&day=2026-09-16").sign_in("coordinator")
    expect(orla.heading("Week of 14 September 2026")).to_be_visible()
    orla.page.get_by_role("button", name="Later: ").click()
    expect(orla.heading("Week of 21 September 2026")).to_be_visible()
    orla.page.reload()
    expect(orla.heading("Week of 21 September 2026")).to_be_visible()
    orla.settled()

    orla.page.get_by_role("link", name="Calendar", exact=True).click()
    expect(orla.button("Month")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("view", ["week", "list"])
def test_no_view_has_a_fault(visitor: Callable[..., Person], cancelled: Meeting, view: str) -> None:
    mina = visitor().open(f"/calendar?view={view}").sign_in("facilitator")
    expect(mina.page.get_by_role("link", name=cancelled.code_name).first).to_be_visible()
    mina.unfold("Your calendar feed")
    expect(mina.text("Your own calendar can follow")).to_be_visible()
    mina.settled()
    assert faults(mina.page) == []


def test_a_calendar_reads_the_address_that_was_shown_until_it_is_taken_back(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open("/calendar").sign_in("facilitator2")
    mina.unfold("Your calendar feed")
    mina.button("Make an address").click()
    expect(mina.text("it is shown this once")).to_be_visible()
    address = mina.page.get_by_test_id("stCode").inner_text().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/calendar/[\w-]{32}\.ics", address)
    with urlopen(address) as answer:  # noqa: S310 - our own server
        titles = {
            str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(answer.read()).events
        }
    assert "Session" in titles
    assert titles <= {"Session", "Cancelled: Session"}

    mina.button("Take the address back").click()
    expect(mina.button("Make an address")).to_be_visible()
    mina.open(address.removeprefix(mina.site.url))
    expect(mina.heading("No calendar here now")).to_be_visible()
