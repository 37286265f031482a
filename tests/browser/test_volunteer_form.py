"""The application form in a real browser: accessible, without scripts, and left quickly."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_feedback_form import PHONE, _open, shift
from tests.public import conftest as public
from tests.public.light_forms import applications_kept
from tests.public.server import Site
from ui.public import feedback

pytestmark = pytest.mark.browser

served, site, welcoming_site = public.served, public.site, public.welcoming_site


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone whose browser runs no scripts."""
    yield from _open(browser, scripts=False)


@pytest.fixture(params=["light", "dark"])
def either(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone in its light or dark colours."""
    yield from _open(browser, scripts=True, scheme=request.param)


def fill_in(page: Page) -> None:
    page.get_by_label("A text message").check()
    page.get_by_label("Your phone number, if it is safe").fill("07700 900123")
    page.get_by_label("Your first name (needed)").fill("Maya")
    page.get_by_label("Your last name (needed)").fill("Rowe")
    page.get_by_role("group", name="Are you 18 or over?").get_by_label("Yes").check()


def test_the_whole_form_works_without_scripts(plain: Page, welcoming_site: Site) -> None:
    plain.goto(f"{welcoming_site.address}/volunteer")
    plain.get_by_role("link", name="Go on to the questions").click()
    fill_in(plain)
    plain.get_by_role("button", name="Send").click()

    expect(plain.get_by_role("heading", name="Thank you")).to_be_visible()
    plain.reload()
    (answers,) = applications_kept()
    assert (answers["first_name"], answers["routes"]) == ("Maya", ["text"])


def test_leaving_empties_every_line_at_once(
    browser: Browser, welcoming_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "ELSEWHERE", f"{welcoming_site.address}/healthz")
    for phone in _open(browser, scripts=True):
        phone.route("**/exit", lambda route: route.abort("aborted"))
        phone.goto(f"{welcoming_site.address}/volunteer/form")
        fill_in(phone)
        phone.get_by_role("heading", name="About you").click()
        shift(phone, 3)
        expect(phone.locator(".cover")).to_have_text("Loading.")
        expect(phone.get_by_label("Your first name (needed)")).to_have_value("")


@pytest.mark.parametrize("path", ["/volunteer", "/volunteer/form", "/volunteer/thanks"])
def test_no_page_breaks_a_rule_of_accessibility(
    either: Page, welcoming_site: Site, path: str
) -> None:
    either.goto(welcoming_site.address + path)
    found = Axe().run(either)
    assert found.violations_count == 0, found.generate_report()
    assert either.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_form_with_problems_breaks_no_rule_either(either: Page, welcoming_site: Site) -> None:
    either.goto(f"{welcoming_site.address}/volunteer/form")
    either.get_by_role("button", name="Send").click()
    expect(either.get_by_role("alert")).to_be_visible()
    found = Axe().run(either)
    assert found.violations_count == 0, found.generate_report()
