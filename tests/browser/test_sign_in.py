"""Coming in and going out: what only a browser with its cookies, history and reloads can show."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from models import SignIn
from services.db import transaction
from services.demo import NAME
from tests.browser.conftest import Meeting, Visitors, running
from tests.browser.site import COOKIE, Person, Site
from tests.conftest import environment
from ui.auth import ENDED_NOTICE, LEFT_NOTICE, WRONG_NOTICE

pytestmark = pytest.mark.browser

# Every first heading a page has ever shown, kept over loading it again.
_WATCH = """new MutationObserver(() => {
  for (const heading of document.querySelectorAll("h1")) {
    const seen = new Set(JSON.parse(sessionStorage.getItem("seen") ?? "[]"));
    sessionStorage.setItem("seen", JSON.stringify([...seen.add(heading.innerText.trim())]));
  }
}).observe(document, { childList: true, subtree: true, characterData: true })"""


def headings_seen(page: Page) -> set[str]:
    """Every first heading since the profile was made, however briefly it stood there."""
    return set(page.evaluate("JSON.parse(sessionStorage.getItem('seen') ?? '[]')")) - {""}


# --- Signing in ---------------------------------------------------------------------------


def test_a_wrong_password_says_what_to_do_and_lets_her_try_again(
    visitor: Callable[..., Person],
) -> None:
    mina = visitor().open("/today")
    mina.box("User name").fill("facilitator")
    mina.box("Password").fill("not the password")
    mina.button("Sign in").click()

    expect(mina.text(WRONG_NOTICE)).to_be_visible()
    expect(mina.box("User name")).to_have_value("facilitator")
    expect(mina.box("Password")).to_have_value("")
    expect(mina.button("Sign out")).to_have_count(0)
    mina.sign_in("facilitator")
    expect(mina.heading("Today")).to_be_visible()


def test_a_reload_keeps_her_signed_in_and_where_she_was(visitor: Callable[..., Person]) -> None:
    mina = visitor().open().sign_in("facilitator")
    mina.page.get_by_role("link", name="Groups").click()
    expect(mina.heading("Groups")).to_be_visible()

    mina.page.reload()

    expect(mina.heading("Groups")).to_be_visible()
    mina.expect_to_be_in()


def test_a_second_tab_needs_no_password(visitor: Callable[..., Person]) -> None:
    mina = visitor().open().sign_in("facilitator")
    mina.page = mina.context.new_page()

    mina.open("/groups")

    expect(mina.heading("Groups")).to_be_visible()


def test_a_link_to_a_register_survives_signing_in(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open(meeting.register)
    mina.sign_in("facilitator")

    expect(mina.heading(meeting.code_name)).to_be_visible()
    assert mina.page.url.endswith(meeting.register)


def test_nothing_in_a_window_or_an_address_says_who_or_what(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open(meeting.register).sign_in("facilitator")
    expect(mina.line(meeting.names[0])).to_be_visible()

    assert mina.page.title() == "Alongside"
    said = mina.page.url.lower()
    assert not [part for name in meeting.names for part in name.split() if part.lower() in said]


def test_the_first_click_after_signing_in_leaves_the_page_as_it_was(
    visitor: Callable[..., Person],
) -> None:
    orla = visitor().open("/participants").sign_in("coordinator")
    orla.settled()
    orla.unfold("Add a family")
    orla.box("First name").fill("Petunia")
    orla.button("Add").click()

    expect(orla.text("Enter a last name")).to_be_visible()
    expect(orla.box("First name")).to_have_value("Petunia")


def test_a_note_refused_while_signed_out_is_saved_once_she_is_back(
    site: Site, visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open(meeting.register).sign_in("facilitator")
    note = mina.box("Your note on this session")
    expect(note).to_be_visible()
    mina.settled()
    with environment(site.database), transaction() as db:
        db.execute(delete(SignIn))
    note.fill("Ada spoke for the first time.")
    mina.sign_in("facilitator")

    expect(note).to_have_value("Ada spoke for the first time.")
    expect(mina.text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    mina.page.reload()
    expect(note).to_have_value("Ada spoke for the first time.")


# --- Signing out --------------------------------------------------------------------------


def test_after_signing_out_neither_going_back_nor_a_reload_shows_anything(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open("/groups").sign_in("facilitator")
    mina.open(meeting.register)
    expect(mina.line(meeting.names[0])).to_be_visible()
    mina.button("Sign out").click()
    expect(mina.text(LEFT_NOTICE)).to_be_visible()
    expect(mina.text(meeting.names[0])).to_have_count(0)

    mina.context.add_init_script(_WATCH)
    for go in (mina.page.reload, mina.page.go_back, mina.page.go_forward):
        go(wait_until="commit")
        expect(mina.heading("Sign in")).to_be_visible()
        expect(mina.text(meeting.names[0])).to_have_count(0)
    assert headings_seen(mina.page) == {"Sign in"}


def test_a_copied_cookie_is_worth_nothing_once_she_has_signed_out(
    visitor: Callable[..., Person],
) -> None:
    mina, thief = visitor().open("/today").sign_in("facilitator"), visitor()
    cookies = [one for one in mina.context.cookies() if one["name"] == COOKIE]
    thief.context.add_cookies(cookies)
    thief.open("/today")
    expect(thief.heading("Today")).to_be_visible()

    mina.button("Sign out").click()
    expect(mina.text(LEFT_NOTICE)).to_be_visible()
    thief.page.get_by_role("link", name="Groups").click()

    expect(thief.text(ENDED_NOTICE)).to_be_visible()
    thief.open("/participants")
    expect(thief.heading("Sign in")).to_be_visible()
    expect(thief.table("Participants")).to_have_count(0)


# --- The first visitor --------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/audit", "/participants", "/register?session=unknown"])
def test_the_first_visitor_after_a_restart_sees_the_sign_in_and_never_a_page(
    site: Site, visitor: Callable[..., Person], address: str
) -> None:
    stranger = visitor()
    stranger.context.add_init_script(_WATCH)
    site.stop()
    site.start()
    stranger.open(address)

    expect(stranger.heading("Sign in")).to_be_visible()
    expect(stranger.button("Sign in")).to_be_visible()
    assert headings_seen(stranger.page) == {"Sign in"}
    assert stranger.page.url == site.url + address


def test_a_restart_keeps_her_signed_in(site: Site, visitor: Callable[..., Person]) -> None:
    mina = visitor().open("/groups").sign_in("facilitator")
    expect(mina.heading("Groups")).to_be_visible()
    site.stop()
    site.start()
    mina.page.reload()
    expect(mina.heading("Groups")).to_be_visible()


def test_an_empty_database_is_set_up_by_its_first_visitor(
    visitors: Visitors, empty: Callable[[], str]
) -> None:
    with running(empty()) as fresh:
        ada = visitors.come(fresh).open("/groups")
        expect(ada.heading("Welcome to Alongside")).to_be_visible()
        ada.button("Set up").click()
        expect(ada.page.get_by_role("alert")).to_have_count(4)  # a sentence for each field
        ada.box("Organisation's name").fill("Juniper House")
        ada.box("Your name, as colleagues know you").fill("Ada Kettlemoss")
        ada.box("User name").fill("ada")
        ada.box("Password").fill("four plain words here")
        ada.button("Set up").click()

        expect(ada.heading("Sign in")).to_be_visible()
        ada.sign_in("ada", "four plain words here")
        expect(ada.text("Juniper House · Ada Kettlemoss")).to_be_visible()
        expect(ada.text("A demonstration")).to_have_count(0)


def test_an_empty_database_can_be_filled_to_look_round(
    visitors: Visitors, empty: Callable[[], str]
) -> None:
    with running(empty()) as fresh:
        guest = visitors.come(fresh).open()
        guest.button("Fill with invented people").click()
        expect(guest.row("Demonstration accounts", "facilitator2")).to_be_attached()
        guest.button("Go to the sign-in screen").click()
        guest.sign_in("facilitator")

        expect(guest.text(f"{NAME} · Mina Fennelcroft")).to_be_visible()
        expect(guest.heading("Sessions today")).to_be_visible()
