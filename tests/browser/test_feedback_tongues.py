"""The form in a real browser: from right to left, with conditions, and on a tablet passed round."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from models import FeedbackLink
from services.db import transaction
from services.forms import lines
from tests.browser import test_feedback_form as phones
from tests.public import conftest as public
from tests.public.conftest import Link
from tests.public.server import Site

pytestmark = pytest.mark.browser

served, site, link = public.served, public.site, public.link
plain, phone, either, PHONE = phones.plain, phones.phone, phones.either, phones.PHONE


def ask(form: str) -> None:
    """Let the session's link lead to another form."""
    with transaction() as db:
        db.execute(update(FeedbackLink).values(form=form, form_version=1))


@pytest.mark.parametrize("code", ["pl", "ar", "uk"])
def test_the_form_works_without_scripts_in_her_language(
    plain: Page, site: Site, link: Link, code: str
) -> None:
    said = lines.Lines(lines.catalogues()[code])
    plain.goto(site.address + link.path)
    plain.get_by_role("link", name=said.catalogue.name).click()
    plain.get_by_role("link", name=said.say("go_on")).click()
    plain.locator("input[name=felt_safe]").nth(4).check()
    plain.get_by_role("button", name=said.say("send")).click()
    expect(plain.get_by_role("heading", name=said.say("thanks_heading"))).to_be_visible()
    assert link.kept() == [{"felt_safe": 4}]


@pytest.mark.parametrize("form", ["middle", "end", "children_5_7"])
@pytest.mark.parametrize("code", ["en", "ar", "lt"])
def test_no_kind_of_question_breaks_a_rule_of_accessibility_in_any_direction(
    either: Page, site: Site, link: Link, form: str, code: str
) -> None:
    ask(form)
    either.goto(f"{site.address}{link.path}/form?lang={code}")
    found = Axe().run(either)
    assert found.violations_count == 0, found.generate_report()
    assert either.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_pages_of_a_tablet_break_no_rule_either(either: Page, site: Site, link: Link) -> None:
    for page in ("/kiosk", "/form?kiosk=1", "/thanks?kiosk=1", "/kiosk?lang=ar"):
        either.goto(site.address + link.path + page)
        found = Axe().run(either)
        assert found.violations_count == 0, found.generate_report()


def test_leaving_is_counted_in_her_language(phone: Page, site: Site, link: Link) -> None:
    phone.goto(f"{site.address}{link.path}?lang=ar")
    phone.keyboard.press("Shift")
    said = lines.Lines(lines.catalogues()["ar"])
    expect(phone.get_by_role("status")).to_have_text(said.say("exit_two"))


def test_a_question_for_some_appears_with_its_answer_and_is_not_sent_without(
    phone: Page, site: Site, link: Link
) -> None:
    ask("end")
    phone.goto(f"{site.address}{link.path}/form")
    why = phone.locator("textarea[name=end_why]")
    expect(why).to_be_hidden()
    friend = phone.get_by_role("group", name="Would you tell a friend")
    friend.get_by_label("No", exact=True).check()
    why.fill("A nearer room")
    friend.get_by_label("Yes", exact=True).check()
    expect(why).to_be_hidden()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    assert link.kept() == [{"end_recommend": 1}]


def test_without_scripts_a_question_for_some_is_there_for_all(
    plain: Page, site: Site, link: Link
) -> None:
    ask("end")
    plain.goto(f"{site.address}{link.path}/form")
    expect(plain.locator("textarea[name=end_why]")).to_be_visible()
    expect(plain.get_by_text("Only if you chose above: Perhaps / No")).to_be_visible()


def answer_on_the_tablet(page: Page, words: str) -> None:
    page.get_by_role("link", name="Start").click()
    page.get_by_role("textbox").fill(words)
    page.get_by_label("Very safe").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("You can pass the tablet on now.")).to_be_visible()


def test_the_next_person_cannot_see_the_last_however_she_goes_back(
    phone: Page, site: Site, link: Link
) -> None:
    phone.goto(f"{site.address}{link.path}/kiosk")
    answer_on_the_tablet(phone, "Something private")
    for _ in range(4):
        phone.go_back()
        assert "Something private" not in phone.content()
        for box in phone.get_by_role("textbox").all():
            expect(box).to_have_value("")
        for choice in phone.get_by_role("radio").all():
            expect(choice).not_to_be_checked()

    phone.goto(f"{site.address}{link.path}/kiosk")
    answer_on_the_tablet(phone, "Something else")
    phone.get_by_role("link", name="For the next person").click()
    expect(phone.get_by_role("link", name="Start")).to_be_visible()
    assert [given["one_change"] for given in link.kept()] in (
        ["Something private", "Something else"], ["Something else", "Something private"],
    )  # fmt: skip


def test_on_a_tablet_a_screen_for_each_question_leaves_nothing_to_go_back_to(
    phone: Page, site: Site, link: Link
) -> None:
    phone.goto(f"{site.address}/healthz")
    phone.goto(f"{site.address}{link.path}/kiosk")
    phone.get_by_role("link", name="One question at a time").click()
    phone.get_by_label("Very safe").check()
    turn = [("Next", 2), ("Next", 3), ("Next", 4), ("Next", 5), ("Back", 4), ("Next", 5)]
    for button, number in turn:
        phone.get_by_role("button", name=button, exact=True).click()
        expect(phone.get_by_text(f"Question {number} of 6")).to_be_visible()
    phone.get_by_role("textbox").fill("Something private")
    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_text("Question 6 of 6")).to_be_visible()
    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_role("heading", name="When you press Send")).to_be_visible()
    assert Axe().run(phone).violations_count == 0
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("You can pass the tablet on now.")).to_be_visible()

    phone.go_back()

    assert phone.url == f"{site.address}/healthz"
    assert link.kept() == [{"felt_safe": 4, "one_change": "Something private"}]


def test_a_tablet_whose_line_fails_says_so_and_keeps_what_was_typed(
    phone: Page, site: Site, link: Link
) -> None:
    phone.goto(f"{site.address}{link.path}/form?kiosk=1")
    phone.get_by_role("textbox").fill("Something private")
    phone.route(f"**{link.path}", lambda route: route.fulfill(body="A page of somebody else's."))
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#unsent")).to_be_visible()
    expect(phone.get_by_role("textbox")).to_have_value("Something private")


def test_what_she_agreed_to_keep_is_kept_as_she_chooses(
    phone: Page, site: Site, link: Link
) -> None:
    phone.goto(f"{site.address}{link.path}/form")
    phone.get_by_role("button", name="Keep it for later").click()
    word = phone.locator(".word").inner_text()
    with phone.expect_response(lambda answer: answer.status == 204):
        phone.get_by_label("Very safe").check()
    phone.goto(f"{site.address}{link.path}/again")
    phone.get_by_role("textbox").fill(word)
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_label("Very safe")).to_be_checked()


def test_a_tablet_nobody_touches_is_emptied_after_a_warning(
    phone: Page, site: Site, link: Link
) -> None:
    phone.clock.install(time=0)
    phone.goto(f"{site.address}{link.path}/form?kiosk=1")
    phone.get_by_role("textbox").fill("Something private")
    still = phone.locator("#still")
    phone.clock.run_for(61_000)
    expect(still).to_be_visible()
    phone.get_by_role("textbox").press("a")
    expect(still).to_be_hidden()  # touched in time, nothing is lost
    expect(phone.get_by_role("textbox")).to_have_value("Something privatea")
    phone.clock.run_for(61_000)
    phone.clock.run_for(21_000)
    expect(phone.get_by_role("link", name="Start")).to_be_visible()
    phone.go_back()
    assert "Something private" not in phone.content()
