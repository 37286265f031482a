"""The participants' form in other languages, with every kind of question, and passed round."""

import re

import pytest
from sqlalchemy import update

from models import FeedbackLink, Role
from services.db import transaction
from services.forms import editing, lines
from services.forms.checking import NOT_TODAY
from services.forms.library import shipped
from services.forms.rows import Row
from services.permissions import Actor
from tests.make import make_actor
from tests.public.conftest import Link
from tests.public.server import Site
from tests.public.test_feedback_pages import fill, opened

CODES = list(lines.catalogues())
OTHERS = [code for code in CODES if code != "en"]


def ask(form: str, version: int = 1) -> None:
    """Let the session's link lead to another form."""
    with transaction() as db:
        db.execute(update(FeedbackLink).values(form=form, form_version=version))


@pytest.fixture
def leila(link: Link) -> Actor:
    with transaction() as db:
        return make_actor(db, "leila", Role.LEAD)


# --- Languages -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("page", ["", "/form", "/thanks", "/privately", "/kiosk"])
def test_each_page_is_small_and_says_its_language(
    site: Site, link: Link, code: str, page: str
) -> None:
    answer = site.get(f"{link.path}{page}?lang={code}")

    assert answer.status == 200
    assert len(answer.text.encode()) < 30_000
    html = re.search("<html[^>]*>", answer.text)
    assert html
    assert f'lang="{"en-GB" if code == "en" else code}"' in html[0]
    assert ('dir="rtl"' in html[0]) == (code == "ar")
    assert "{" not in re.sub("<(style|script)>.*?</\\1>", "", answer.text, flags=re.DOTALL)


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_is_kept_from_the_first_page_to_the_last(
    site: Site, link: Link, code: str
) -> None:
    said = lines.Lines(lines.catalogues()[code])
    first = site.get(link.path)
    assert f'href="{link.path}?lang={code}"' in first.text
    assert f'href="{link.path}/form?lang={code}"' in site.get(f"{link.path}?lang={code}").text

    fields = opened(site, link, f"?lang={code}")
    refused = site.post(link.path, fields | {"felt_safe": "99"})
    sent = site.post(link.path, fields | {"felt_safe": "3"})

    assert said.say("choose_one") in refused.text
    assert said.say("send") in refused.text
    assert said.say("thanks_heading") in site.get(sent.headers["Location"]).text
    assert link.kept() == [{"felt_safe": 3}]


@pytest.mark.parametrize("code", ["xx", "../../etc/passwd", "<script>", "%00", "en-GB"])
def test_a_language_nobody_has_is_english(site: Site, link: Link, code: str) -> None:
    answer = site.get(f"{link.path}/form?lang={code}")
    assert answer.status == 200
    assert 'lang="en-GB"' in answer.text
    assert "<script>alert" not in answer.text


def test_a_closed_address_says_so_in_her_language(site: Site, link: Link) -> None:
    answer = site.get("/f/unknown/form?lang=uk")
    assert answer.status == 404
    assert "Зараз тут немає запитань" in answer.text


@pytest.mark.parametrize("code", CODES)
def test_far_too_much_is_refused_in_her_language(site: Site, link: Link, code: str) -> None:
    fields = opened(site, link, f"?lang={code}")

    sent = site.post(link.path, fields | {"one_change": "x" * 300_000})

    assert sent.status == 413
    assert lines.Lines(lines.catalogues()[code]).say("too_much") in sent.text
    assert ('dir="rtl"' in sent.text) == (code == "ar")


# --- Kinds of questions ----------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(shipped()))
def test_every_form_that_ships_is_small_and_can_be_put_off_throughout(
    site: Site, link: Link, key: str
) -> None:
    ask(key)
    for code in CODES:
        answer = site.get(f"{link.path}/form?lang={code}")
        assert answer.status == 200
        assert len(answer.text.encode()) < 30_000
        not_today = lines.Lines(lines.catalogues()[code]).say("not_today")
        assert answer.text.count(f">{not_today}<") == len(shipped()[key].questions)


def test_children_choose_a_face_that_has_words_as_well(site: Site, link: Link) -> None:
    ask("children_5_7")
    text = site.get(f"{link.path}/form").text
    assert text.count('<svg class="face" viewBox="0 0 40 40" aria-hidden="true">') == 20
    assert fill(site, link, young_felt="4", young_safe="not_today").status == 303
    assert link.kept() == [{"young_felt": 4, "young_safe": NOT_TODAY}]


def test_several_answers_are_ticked_and_come_back_ticked(site: Site, link: Link) -> None:
    ask("middle")
    ticked = {"middle_hard.1": "1", "middle_hard.3": "3"}

    refused = fill(site, link, middle_safe="99", **ticked)
    assert re.search('name="middle_hard.3" value="3" checked', refused.text)
    both = fill(site, link, **ticked, **{"middle_hard.not_today": "yes"})
    assert both.status == 422
    assert "You chose something and also" in both.text

    assert fill(site, link, **ticked).status == 303
    assert link.kept() == [{"middle_hard": [1, 3]}]


def test_a_question_for_some_says_for_whom_and_can_be_answered_by_all(
    site: Site, link: Link
) -> None:
    ask("end")
    text = site.get(f"{link.path}/form").text
    assert "Only if you chose above: Perhaps / No" in text
    assert 'data-after="end_recommend" data-answers="2 3"' in text
    fill(site, link, end_recommend="1", end_why="It was good")
    assert link.kept() == [{"end_recommend": 1, "end_why": "It was good"}]


def test_the_largest_form_there_may_be_still_is_small(site: Site, link: Link, leila: Actor) -> None:
    answers = "; ".join(f"An answer of some length, number {n}" for n in range(4))
    table = [
        Row("", n, f"Question {n:02d} is as long as this one", "choice", answers, "A hint")
        for n in range(1, 21)
    ]
    with transaction() as db:
        key = editing.add(db, leila, "The largest", "As much as there is room for.", table)
    ask(key)
    assert len(site.get(f"{link.path}/form").text.encode()) < 30_000


def test_an_edit_while_somebody_answers_costs_her_nothing(
    site: Site, link: Link, leila: Actor
) -> None:
    fields = opened(site, link)
    with transaction() as db:
        table = [Row("", 1, "Another question?", "text")]
        editing.change(db, leila, "after_session", "New", "New.", table, version=1)
    ask("after_session", 2)

    sent = site.post(link.path, fields | {"felt_safe": "3", "one_change": "More tea"})

    assert sent.status == 303
    assert link.kept() == [{"felt_safe": 3, "one_change": "More tea"}]


def test_what_staff_wrote_into_a_form_never_becomes_markup(
    site: Site, link: Link, leila: Actor
) -> None:
    nasty = "<script>alert(1)</script>"
    with transaction() as db:
        table = [Row("", 1, nasty, "choice", f"{nasty}; Other", nasty, nasty)]
        key = editing.add(db, leila, f"A{nasty}", nasty, table)
    ask(key)
    text = site.get(f"{link.path}/form").text
    assert nasty not in text
    assert text.count("<script>") == 1


# --- A tablet that is passed round -------------------------------------------------------------


def test_a_tablet_begins_and_ends_at_the_same_empty_page(site: Site, link: Link) -> None:
    start = site.get(f"{link.path}/kiosk")
    assert f'href="{link.path}/form?kiosk=1"' in start.text
    fields = opened(site, link, "?kiosk=1")
    assert fields["kiosk"] == "1"

    sent = site.post(link.path, fields | {"one_change": "More tea"})
    thanks = site.get(sent.headers["Location"])

    assert f'href="{link.path}/kiosk"' in thanks.text
    assert "stays in your history" not in thanks.text
    assert "More tea" not in site.get(f"{link.path}/form?kiosk=1").text


def test_what_came_in_is_not_shown_again_to_whoever_goes_back(site: Site, link: Link) -> None:
    fields = opened(site, link, "?kiosk=1")
    refused = site.post(link.path, fields | {"one_change": "Private", "felt_safe": "99"})
    assert "Private" in refused.text
    assert site.post(link.path, fields | {"one_change": "Private"}).status == 303

    again = site.post(link.path, fields | {"one_change": "Private", "felt_safe": "99"})

    assert again.status == 303
    assert link.kept() == [{"one_change": "Private"}]
