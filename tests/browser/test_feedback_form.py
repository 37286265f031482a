"""The participants' form in a real browser: on a phone, without scripts, and leaving quickly."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from services.forms.library import shipped
from tests.public import conftest as public
from tests.public.conftest import Link
from tests.public.server import Site
from ui.public import feedback

pytestmark = pytest.mark.browser

served, site, link = public.served, public.site, public.link
PHONE = {"width": 390, "height": 844}


def _open(browser: Browser, *, scripts: bool, scheme: str = "light") -> Iterator[Page]:
    context = browser.new_context(
        viewport=PHONE,
        java_script_enabled=scripts,
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="en-GB",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [said for said in complaints if "404" not in said and "422" not in said] == []


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone whose browser runs no scripts."""
    yield from _open(browser, scripts=False)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    yield from _open(browser, scripts=True)


@pytest.fixture(params=["light", "dark"])
def either(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone in its light or dark colours."""
    yield from _open(browser, scripts=True, scheme=request.param)


@pytest.fixture
def weather(site: Site, monkeypatch: pytest.MonkeyPatch) -> str:
    """Another page of this machine in place of the weather, which is somebody else's."""
    monkeypatch.setattr(feedback, "ELSEWHERE", f"{site.address}/healthz")
    return f"{site.address}/healthz"


def shift(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


# --- Without scripts ---------------------------------------------------------------------


def test_the_whole_form_works_without_scripts(plain: Page, site: Site, link: Link) -> None:
    plain.goto(site.address + link.path)
    expect(plain.get_by_text("press the Shift key")).to_be_hidden()
    plain.get_by_role("link", name="Go on to the questions").click()
    plain.get_by_role("group", name="How safe did you feel today?").get_by_label(
        "Very safe"
    ).check()
    plain.get_by_role("group", name="How fast").get_by_label("Not today").check()
    plain.get_by_role("textbox").fill("More tea")
    plain.get_by_role("button", name="Send").click()

    expect(plain.get_by_role("heading", name="Thank you")).to_be_visible()
    plain.reload()
    assert link.kept() == [{"felt_safe": 4, "pace": -1, "one_change": "More tea"}]


def test_a_long_text_comes_back_whole_without_scripts(plain: Page, site: Site, link: Link) -> None:
    words = "line\n" * 2_000
    plain.goto(f"{site.address}{link.path}/form")
    plain.get_by_label("Very safe").check()
    plain.get_by_role("textbox").fill(words)
    plain.get_by_role("button", name="Send").click()

    expect(plain.get_by_role("alert")).to_contain_text("Nothing is lost")
    expect(plain.get_by_role("textbox")).to_have_value(words)
    expect(plain.get_by_label("Very safe")).to_be_checked()


def test_the_way_out_works_without_scripts_from_anywhere_on_the_page(
    plain: Page, site: Site, link: Link, weather: str
) -> None:
    plain.goto(f"{site.address}{link.path}/form")
    plain.get_by_role("button", name="Send").scroll_into_view_if_needed()
    out = plain.get_by_role("link", name="Emergency Exit this page")
    expect(out).to_be_in_viewport()
    out.click()
    assert plain.url == weather


def test_back_after_leaving_shows_an_empty_form(
    plain: Page, site: Site, link: Link, weather: str
) -> None:
    plain.goto(f"{site.address}{link.path}/form")
    plain.get_by_role("textbox").fill("Something private")
    plain.get_by_role("link", name="Emergency Exit this page").click()
    plain.go_back()
    expect(plain.get_by_role("textbox")).to_have_value("")


# --- Leaving with scripts ----------------------------------------------------------------


def test_a_click_leaves_without_the_form_in_the_history(
    phone: Page, site: Site, link: Link, weather: str
) -> None:
    phone.goto(site.address + link.path)
    phone.get_by_role("link", name="Go on to the questions").click()
    phone.get_by_role("link", name="Emergency Exit this page").click()
    phone.wait_for_url(weather)
    phone.go_back()
    expect(phone.get_by_role("heading", name="Before you start")).to_be_visible()


def test_shift_three_times_leaves(phone: Page, site: Site, link: Link, weather: str) -> None:
    phone.goto(site.address + link.path)
    status, dots = phone.get_by_role("status"), phone.locator(".dots .on")
    expect(phone.locator(".dots")).to_be_hidden()

    shift(phone, 1)
    expect(status).to_have_text("To leave this page, press Shift 2 more times.")
    expect(dots).to_have_count(1)
    expect(phone.locator(".dots")).to_be_visible()
    shift(phone, 1)
    expect(status).to_have_text("To leave this page, press Shift 1 more time.")
    expect(dots).to_have_count(2)
    shift(phone, 1)

    phone.wait_for_url(weather)


def test_shift_as_part_of_a_capital_letter_does_not_count(
    phone: Page, site: Site, link: Link
) -> None:
    phone.goto(f"{site.address}{link.path}/form")
    phone.get_by_role("textbox").focus()
    for _ in range(4):
        phone.keyboard.press("Shift+A")
        assert not phone.locator(".dots").is_visible()
    phone.keyboard.down("Shift")
    phone.keyboard.down("B")
    phone.keyboard.up("Shift")
    assert not phone.locator(".dots").is_visible()
    phone.keyboard.up("B")
    expect(phone.get_by_role("textbox")).to_have_value("AAAAB")


def test_another_key_starts_the_count_again(phone: Page, site: Site, link: Link) -> None:
    phone.goto(site.address + link.path)
    shift(phone, 2)
    phone.keyboard.press("ArrowDown")
    # At once, not after the five seconds.
    assert "Stopped." in phone.get_by_role("status").inner_text()
    shift(phone, 2)
    assert phone.locator(".dots .on").count() == 2
    assert phone.url == site.address + link.path


def test_five_seconds_without_a_press_start_the_count_again(
    phone: Page, site: Site, link: Link
) -> None:
    phone.clock.install(time=0)
    phone.goto(site.address + link.path)
    phone.clock.pause_at(3_600)
    shift(phone, 1)
    phone.clock.run_for(4_900)
    shift(phone, 1)  # each press waits five seconds more
    phone.clock.run_for(4_900)
    expect(phone.locator(".dots .on")).to_have_count(2)
    phone.clock.run_for(200)
    expect(phone.get_by_role("status")).to_have_text(
        "Stopped. To leave this page, press Shift 3 times."
    )
    expect(phone.locator(".dots")).to_be_hidden()


def test_everything_is_covered_and_emptied_at_once_until_the_page_is_shown_again(
    phone: Page, site: Site, link: Link
) -> None:
    # A line so slow that nothing comes: she stays where she is.
    phone.route("**/exit", lambda route: route.abort("aborted"))
    phone.goto(f"{site.address}{link.path}/form")
    phone.get_by_label("Very safe").check()
    phone.get_by_role("textbox").fill("Something private")
    shift(phone, 3)

    cover = phone.locator(".cover")
    expect(cover).to_have_text("Loading.")
    assert cover.bounding_box() == {"x": 0, "y": 0, **PHONE}
    assert phone.title() == "Loading"
    expect(phone.get_by_role("textbox")).to_have_value("")
    expect(phone.get_by_label("Very safe")).not_to_be_checked()

    phone.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")

    expect(cover).to_have_count(0)
    assert phone.title() == "A few questions"


# --- For everybody -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/form", "/thanks", "/privately", "/nowhere/at/all"])
def test_no_page_breaks_a_rule_of_accessibility(
    either: Page, site: Site, link: Link, path: str
) -> None:
    either.goto(site.address + link.path + path)
    found = Axe().run(either)
    assert found.violations_count == 0, found.generate_report()
    width = "document.documentElement.scrollWidth"
    assert either.evaluate(width) == PHONE["width"]


def test_a_form_with_problems_breaks_no_rule_either(either: Page, site: Site, link: Link) -> None:
    either.goto(f"{site.address}{link.path}/form")
    either.get_by_role("textbox").fill("x" * 9_000)
    either.get_by_role("button", name="Send").click()
    expect(either.get_by_role("alert")).to_be_visible()
    found = Axe().run(either)
    assert found.violations_count == 0, found.generate_report()
    assert either.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_form_can_be_filled_in_by_keyboard_alone(phone: Page, site: Site, link: Link) -> None:
    phone.goto(f"{site.address}{link.path}/form")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Emergency Exit this page")).to_be_focused()
    for question in shipped()["after_session"].questions:
        phone.keyboard.press("Tab")
        if question.kind == "text":
            phone.keyboard.type("Tea")
            phone.keyboard.press("Tab")  # its own "not today"
        else:
            phone.keyboard.press("Space")
    phone.keyboard.press("Tab")  # the code of her own, folded away
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("button", name="Send")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    assert len(link.kept()[0]) == len(shipped()["after_session"].questions)


def test_every_target_is_large_enough_for_a_thumb(phone: Page, site: Site, link: Link) -> None:
    phone.goto(f"{site.address}{link.path}/form")
    for target in phone.locator(".choice, .send, .bar .exit").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 44
