"""Every staff page, light and dark: no fault of ours, nothing fetched from elsewhere."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from models import Role
from services.permissions import ROLE_PERMISSIONS
from tests.browser.conftest import ON_PHONE, Meeting, Visitors, running
from tests.browser.site import Person, Site
from ui.navigation import SCREENS

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

ROLES = {
    "coordinator": Role.COORDINATOR,
    "facilitator": Role.FACILITATOR,
    "lead": Role.LEAD,
    "administrator": Role.ADMINISTRATOR,
    "evaluator": Role.EVALUATOR,
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Theirs:
    """A fault that Streamlit makes by itself, and that no page can keep it from making."""

    rule: str
    inside: str  # a selector of the element, or of one around it
    why: str


STREAMLIT = (
    Theirs(
        "list",
        "[data-testid=stSidebarNavItems]",
        "a menu with sections puts its items in boxes between the list and them",
    ),
    Theirs("listitem", "[data-testid=stSidebarNavItems]", "the other side of the same boxes"),
    Theirs(
        "aria-allowed-attr",
        "[data-testid=stDateInputField]",
        "a required date says so on the group around its three numbers",
    ),
    Theirs(
        "presentation-role-conflict",
        "[data-testid=stFileUploaderDropzone]",
        "the place to drop a file has a name and no role",
    ),
    Theirs(
        "aria-dialog-name",
        "[data-testid=stToast]",
        "a short message is a dialog without a name; one may come while axe looks",
    ),
)


_IN_COLOUR = """(scheme) =>
  getComputedStyle(document.querySelector("[data-testid=stApp]")).colorScheme === scheme &&
  document.getAnimations().every((one) => one.playState !== "running")"""


def faults(page: Page) -> list[str]:
    """What axe finds on the page, in both colours, but for what Streamlit does by itself.

    Its short messages are dialogs without a name, and go while axe looks: they are waited out.
    """
    expect(page.get_by_test_id("stToast")).to_have_count(0)
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(_IN_COLOUR, arg=scheme)
        found += [
            f"{scheme}: {fault['id']} {node['html'][:300]}"
            for fault in Axe().run(page).response["violations"]
            for node in fault["nodes"]
            if not _is_theirs(page, fault["id"], node["target"])
        ]
    page.emulate_media(color_scheme="light")
    return found


def _is_theirs(page: Page, rule: str, target: list[Any]) -> bool:
    """Inside a component of ours, axe names a place by a list of selectors: never theirs."""
    looks = "([at, inside]) => Boolean(document.querySelector(at)?.closest(inside))"
    return isinstance(target[0], str) and any(
        page.evaluate(looks, [target[0], one.inside]) for one in STREAMLIT if one.rule == rule
    )


# --- By axe -------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ROLES)
def test_the_menu_of_a_role_leads_to_no_fault_and_to_no_other_machine(
    visitors: Visitors, site: Site, username: str
) -> None:
    somebody = visitors.come(site).open().sign_in(username)
    found, seen = [], 0
    for screen in SCREENS:
        if screen.permission in ROLE_PERMISSIONS[ROLES[username]]:
            somebody.go_to(screen.title)
            found += [f"{screen.address} in {fault}" for fault in faults(somebody.page)]
            seen += 1

    assert seen >= 3
    assert found == []
    assert visitors.hosts == {"127.0.0.1"}


def test_the_records_of_a_coordinator_have_no_faults(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    orla = visitor().open(f"/groups?group={meeting.group}").sign_in("coordinator")
    expect(orla.heading("Actions")).to_be_visible()
    for action, button in (
        ("Move somebody to another group", "Move her"),
        ("End a place early", "End the place"),
        ("Change the group's state", "Change"),
        ("Change its name, venue or link", "Change this"),
    ):
        orla.pick("What do you want to do?", action)
        expect(orla.button(button)).to_be_visible()
        assert faults(orla.page) == []

    orla.open("/participants").choose("Participants", "Adult")
    orla.part("Family")
    orla.unfold("Add somebody to this family")
    orla.button("Add to the family").click()
    expect(orla.page.get_by_role("alert").first).to_be_visible()
    assert faults(orla.page) == []

    orla.open("/volunteers").choose("Volunteers", "Shadowing")
    expect(orla.heading("Placements")).to_be_visible()
    assert faults(orla.page) == []


def test_the_records_of_a_facilitator_have_no_faults(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open(meeting.register).sign_in("facilitator")
    mina.button("Everyone attended").click()
    expect(mina.text("All saved")).to_be_visible()
    assert faults(mina.page) == []
    mina.button("Finish the register").click()
    expect(mina.button("Reopen the register")).to_be_visible()
    assert faults(mina.page) == []

    mina.page.get_by_role("link", name="Feedback code for this session").click()
    expect(mina.heading("What people said")).to_be_visible()
    assert faults(mina.page) == []


_BESIDE_THE_SCREEN = """(region) => {
  const seen = region.querySelector(".dvn-scroller");
  return seen.scrollWidth - seen.clientWidth;
}"""


def test_a_list_on_a_phone_fits_has_no_faults_and_opens_by_tap_and_by_keyboard(
    visitor: Callable[..., Person],
) -> None:
    orla = visitor(**ON_PHONE).open("/participants").sign_in("coordinator")
    orla.settled()
    shown = orla.table("Participants")
    assert shown.evaluate(_BESIDE_THE_SCREEN) <= 0
    assert faults(orla.page) == []

    orla.choose("Participants", re.compile(": Adult"))
    expect(orla.button("All participants")).to_be_visible()

    orla.open("/participants").settled()
    shown.locator("canvas").first.focus()
    orla.page.keyboard.press("ArrowDown")
    orla.page.keyboard.press("Shift+Space")
    expect(orla.button("All participants")).to_be_visible()


def test_the_charts_that_are_asked_for_have_no_faults(visitor: Callable[..., Person]) -> None:
    """Behind the first part of a page, and folded away: the menu alone does not lead there."""
    tess = visitor().open("/attendance").sign_in("lead")
    found = []
    for part in ("Month by month", "Staying and leaving", "Sessions held", "Compare"):
        tess.part(part, of="page")
        tess.settled()
        found += [f"{part} in {fault}" for fault in faults(tess.page)]

    tess.open("/outcomes?outcomes_measure=SWEMWBS%2C+own+answers")
    for folded in (
        "Everybody’s start and end", "Scores before and after", "Over the weeks",
        "By sessions and topics", "While waiting for a place",
    ):  # fmt: skip
        tess.settled()
        tess.unfold(folded)
    tess.settled()
    found += [f"outcomes in {fault}" for fault in faults(tess.page)]

    assert found == []


def test_on_paper_what_was_unfolded_stays_and_what_is_folded_goes(
    visitor: Callable[..., Person],
) -> None:
    """A part with something folded inside it went as well."""
    tess = visitor().open("/outcomes?outcomes_measure=SWEMWBS%2C+own+answers").sign_in("lead")
    tess.unfold("Everybody’s start and end")
    tess.settled()
    tess.page.emulate_media(media="print")

    expect(tess.page.get_by_text("Everybody’s start and end", exact=True)).to_be_visible()
    expect(tess.page.get_by_text("Over the weeks", exact=True)).to_be_hidden()
    assert tess.page.get_by_text("The same as a table", exact=True).all()
    for folded in tess.page.get_by_text("The same as a table", exact=True).all():
        expect(folded).to_be_hidden()


def test_the_sign_in_and_the_first_screen_of_all_have_no_faults(
    visitors: Visitors, visitor: Callable[..., Person], empty: Callable[[], str]
) -> None:
    stranger = visitor().open("/today")
    expect(stranger.button("Sign in")).to_be_visible()
    assert faults(stranger.page) == []
    with running(empty()) as fresh:
        first = visitors.come(fresh).open()
        expect(first.button("Set up")).to_be_visible()
        assert faults(first.page) == []
