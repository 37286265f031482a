"""The professionals' form in a real browser: accessible, without scripts, and left quickly."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_feedback_form import PHONE, _open, shift
from tests.public import conftest as public
from tests.public.light_forms import referrals_kept
from tests.public.server import Site
from ui.public import feedback

pytestmark = pytest.mark.browser

served, site, open_site = public.served, public.site, public.open_site


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone whose browser runs no scripts."""
    yield from _open(browser, scripts=False)


@pytest.fixture(params=["light", "dark"])
def either(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone in its light or dark colours."""
    yield from _open(browser, scripts=True, scheme=request.param)


def fill_in(page: Page) -> None:
    for label, text in {
        "Your name (needed)": "Wren Tull",
        "Where you work (needed)": "Harbour Advice",
        "Your work phone or email (needed)": "01632 960111",
        "First name (needed)": "Dana",
        "Last name (needed)": "Okoro",
        "What would help, and why now? (needed)": "Would like a group",
    }.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("An adult").check()
    page.get_by_role("group", name="Does she know").get_by_label("Yes").check()
    page.get_by_label("A text message").check()


def test_the_whole_form_works_without_scripts(plain: Page, open_site: Site) -> None:
    plain.goto(f"{open_site.address}/refer")
    plain.get_by_role("link", name="Go on to the questions").click()
    fill_in(plain)
    plain.get_by_role("button", name="Send").click()

    expect(plain.get_by_role("heading", name="Thank you")).to_be_visible()
    plain.reload()
    (answers,) = referrals_kept()
    assert (answers["first_name"], answers["routes"]) == ("Dana", ["text"])


def test_leaving_empties_every_line_at_once(
    browser: Browser, open_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "ELSEWHERE", f"{open_site.address}/healthz")
    for phone in _open(browser, scripts=True):
        phone.route("**/exit", lambda route: route.abort("aborted"))
        phone.goto(f"{open_site.address}/refer/form")
        fill_in(phone)
        phone.get_by_role("heading", name="About you").click()
        shift(phone, 3)
        expect(phone.locator(".cover")).to_have_text("Loading.")
        expect(phone.get_by_label("First name (needed)")).to_have_value("")
        expect(phone.get_by_label("An adult")).not_to_be_checked()


@pytest.mark.parametrize("path", ["/refer", "/refer/form", "/refer/thanks"])
def test_no_page_breaks_a_rule_of_accessibility(either: Page, open_site: Site, path: str) -> None:
    either.goto(open_site.address + path)
    found = Axe().run(either)
    assert found.violations_count == 0, found.generate_report()
    assert either.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_form_with_problems_breaks_no_rule_either(either: Page, open_site: Site) -> None:
    either.goto(f"{open_site.address}/refer/form")
    either.get_by_role("button", name="Send").click()
    expect(either.get_by_role("alert")).to_be_visible()
    found = Axe().run(either)
    assert found.violations_count == 0, found.generate_report()


def test_every_target_is_large_enough_for_a_thumb(either: Page, open_site: Site) -> None:
    either.goto(f"{open_site.address}/refer/form")
    for target in either.locator(".choice, .line, .send, .bar .exit").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 44
