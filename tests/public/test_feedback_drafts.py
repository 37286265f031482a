"""A form kept for some hours because she asked: by a word that only she has, and no longer."""

import re

import pytest
from sqlalchemy import select, text

from models import FeedbackAnswer, FeedbackDraft
from services.db import transaction
from services.forms import lines
from tests.conftest import Clock
from tests.public.conftest import Link
from tests.public.server import Answer, Site
from tests.public.test_feedback_pages import MARKUP, fill, opened

WORDS = "The breaks could be longer"


def drafts() -> list[FeedbackDraft]:
    with transaction() as db:
        return list(db.scalars(select(FeedbackDraft)))


def word_in(answer: Answer) -> str:
    found = re.search(r'<strong class="word" dir="ltr">([\w-]+)</strong>', answer.text)
    assert found
    return found[1]


def keep(site: Site, link: Link, **fields: str) -> Answer:
    return fill(site, link, keep="1", **fields)


def again(site: Site, link: Link, word: str) -> Answer:
    return site.post(f"{link.path}/again", {"word": word})


def test_what_she_keeps_is_there_again_by_her_word(site: Site, link: Link) -> None:
    kept = keep(site, link, felt_safe="3", one_change=MARKUP)
    assert kept.status == 200
    assert link.kept() == []

    shown = again(site, link, f" {word_in(kept).upper()} ")

    assert shown.status == 200
    assert 'name="felt_safe" value="3" checked' in shown.text
    assert "&lt;script&gt;alert" in shown.text
    assert "<script>alert" not in shown.text
    assert len(shown.text.encode()) < 30_000


def test_nothing_is_kept_unless_she_asks(site: Site, link: Link) -> None:
    fill(site, link, felt_safe="99", one_change=WORDS)
    fill(site, link, felt_safe="3")
    assert drafts() == []


def test_the_word_alone_opens_it(site: Site, link: Link) -> None:
    word = word_in(keep(site, link, one_change=WORDS))
    with transaction() as db:
        rows = str(db.execute(text("SELECT * FROM feedback_drafts")).all())
    assert WORDS not in rows
    assert word not in rows
    assert word.replace("-", "") not in rows
    for wrong in ("", "0000-0000-0000-0000", word[:-1], MARKUP, "x" * 5_000):
        answer = again(site, link, wrong)
        assert answer.status == 404
        assert "nothing under this word" in answer.text
        assert "<script>alert" not in answer.text


def test_it_is_gone_after_four_hours(site: Site, link: Link, time_stands_still: Clock) -> None:
    word = word_in(keep(site, link, one_change=WORDS))
    time_stands_still.go_on(hours=4)
    assert again(site, link, word).status == 404
    keep(site, link, one_change="Another")
    assert len(drafts()) == 1


def test_it_is_gone_once_sent_and_counts_once(site: Site, link: Link) -> None:
    word = word_in(keep(site, link, felt_safe="3"))
    fields = dict(
        re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)"', again(site, link, word).text
        )
    )
    for _ in range(2):
        assert site.post(link.path, fields | {"felt_safe": "3"}).status == 303
    assert link.kept() == [{"felt_safe": 3}]
    assert drafts() == []
    assert again(site, link, word).status == 404


def test_the_quick_way_out_throws_it_away(site: Site, link: Link) -> None:
    kept = keep(site, link, one_change=WORDS)
    ways_out = set(re.findall(r'class="(?:skip )?exit" href="([^"]*)"', kept.text))
    assert len(ways_out) == 1
    answer = site.get(ways_out.pop())
    assert (answer.status, answer.headers["Location"]) == (303, "https://www.bbc.co.uk/weather")
    assert drafts() == []


@pytest.mark.parametrize("name", ["nothing", "%00", "x" * 3_000, "<script>"])
def test_the_way_out_is_open_whatever_stands_behind_it(site: Site, link: Link, name: str) -> None:
    keep(site, link, one_change=WORDS)
    assert site.get(f"/exit?kept={name}").status == 303
    assert len(drafts()) == 1


def test_keeping_it_again_replaces_it(site: Site, link: Link) -> None:
    first = keep(site, link, one_change="One")
    word = word_in(first)
    number = word.replace("-", "")
    fields = opened(site, link) | {"number": number, "keep": "1", "one_change": "Two"}
    assert word_in(site.post(link.path, fields)) == word
    assert len(drafts()) == 1
    assert ">\nTwo</textarea>" in again(site, link, word).text


def test_a_tablet_that_is_passed_round_keeps_nothing(site: Site, link: Link) -> None:
    assert "keep" not in re.findall(r'name="(\w+)"', site.get(f"{link.path}/form?kiosk=1").text)
    fields = opened(site, link, "?kiosk=1") | {"keep": "1", "felt_safe": "3"}
    site.post(link.path, fields)
    assert drafts() == []
    assert link.kept() == [{"felt_safe": 3}]


def test_a_number_nobody_could_type_is_changed_for_one_that_can_be(site: Site, link: Link) -> None:
    fields = opened(site, link) | {"number": "ABC_def-ghi_JKL-mno_PQR", "keep": "1"}
    word = word_in(site.post(link.path, fields | {"one_change": WORDS}))
    assert WORDS in again(site, link, word).text


def test_a_word_opens_nothing_behind_another_link(site: Site, link: Link) -> None:
    word = word_in(keep(site, link, one_change=WORDS))
    answer = site.post("/f/0000-0000-0000-0000-0000-0000-0000/again", {"word": word})
    assert answer.status == 404
    assert WORDS not in answer.text


@pytest.mark.parametrize("code", list(lines.catalogues()))
def test_it_goes_on_in_the_language_it_was_kept_in(site: Site, link: Link, code: str) -> None:
    query = "" if code == "en" else f"?lang={code}"
    said = lines.Lines(lines.catalogues()[code])
    page = site.get(f"{link.path}/again{query}")
    assert said.say("again_word") in page.text
    word = word_in(site.post(link.path, opened(site, link, query) | {"keep": "1", "pace": "2"}))
    assert said.say("send") in again(site, link, word).text


def test_no_answer_was_counted_by_keeping(site: Site, link: Link) -> None:
    keep(site, link, felt_safe="3")
    with transaction() as db:
        assert list(db.scalars(select(FeedbackAnswer.id))) == []
