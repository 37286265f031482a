"""The participants' form over plain HTTP: what is sent, what comes back, what is never lost."""

import re
from html import unescape

import pytest
from sqlalchemy import select, update

from models import FeedbackAnswer, Organisation
from services.db import engine, transaction
from services.forms.checking import NOT_TODAY
from services.forms.library import shipped
from tests.conftest import Clock
from tests.public.conftest import Link
from tests.public.server import Answer, Site, expect_light_and_private
from ui import startup
from ui.public import feedback as public_feedback
from ui.public.pace import Pace

MARKUP = "</textarea><script>alert('x')</script><b>“bold”</b> & ☕"
NEUTRAL = {"Before you start", "A few questions", "Thank you", "Looking at pages privately"}


def number_in(answer: Answer) -> str:
    found = re.search(r'name="number" value="([\w-]+)"', answer.text)
    assert found
    return found[1]


def opened(site: Site, link: Link, query: str = "") -> dict[str, str]:
    """What a blank form says about itself when it is sent."""
    text = site.get(f"{link.path}/form{query}").text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


def fill(site: Site, link: Link, **fields: str) -> Answer:
    return site.post(link.path, opened(site, link) | fields)


# --- Looking -----------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "/form", "/thanks", "/privately"])
def test_each_page_is_whole_small_private_and_neutral(site: Site, link: Link, page: str) -> None:
    answer = site.get(link.path + page)

    # Nothing is fetched beside the page itself.
    assert not re.findall(r'\b(?:src|srcset|action)="(?!/f/)', answer.text)
    expect_light_and_private(answer, NEUTRAL)


def test_only_our_own_style_and_script_may_run(site: Site, link: Link) -> None:
    answer = site.get(f"{link.path}/form")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.text.count("<script>") == answer.text.count("<style>") == 1


def test_the_way_out_comes_first_on_every_page(site: Site, link: Link) -> None:
    for page in ("", "/form", "/thanks", "/privately", "/nothing/here"):
        body = site.get(link.path + page).text.split("<body>")[1]
        first = re.search(r"<(?:a|button|input)\b[^>]*>.*?</a>", body, re.DOTALL)
        assert first
        assert 'href="/exit"' in first[0]
        assert '<span class="hidden">Emergency </span>Exit this page' in first[0]


def test_the_way_out_leads_to_the_weather_and_says_nothing_of_where_from(site: Site) -> None:
    answer = site.get("/exit")
    assert (answer.status, answer.headers["Location"]) == (303, "https://www.bbc.co.uk/weather")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    # What staff keep in this browser, in another tab, is not ours to throw away.
    assert "Clear-Site-Data" not in answer.headers


def test_the_first_page_explains_the_way_out_before_any_question(site: Site, link: Link) -> None:
    answer = site.get(link.path)
    assert "does not clear your history" in answer.text
    assert f'href="{link.path}/form"' in answer.text
    assert "<form" not in answer.text


def test_nothing_is_chosen_required_or_remembered_beforehand(site: Site, link: Link) -> None:
    text = site.get(f"{link.path}/form").text
    form = text[text.index("<form") : text.index("</form>")]
    assert 'autocomplete="off"' in form.split(">")[0]
    assert not re.findall(r"\b(?:checked|required|maxlength)\b", form)
    assert form.count("Not today") == len(shipped()["after_session"].questions)


@pytest.mark.parametrize(
    "path",
    ["/f/0000-0000-0000-0000-0000-0000-0000", "/f/unknown/form", "/f/%3Cscript%3E", "/f", "/f/",
     "/f/a/b/c", "/f/" + "x" * 3_000],
)  # fmt: skip
def test_a_wrong_address_gets_a_kind_sentence(site: Site, link: Link, path: str) -> None:
    answer = site.get(path)
    assert answer.status == 404
    assert "The people who run your group can give you the newest one." in answer.text
    assert "<script>alert" not in answer.text
    assert "%3C" not in answer.text


def test_nobody_can_tell_an_unknown_from_an_expired_address(
    site: Site, link: Link, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=30)
    expired, unknown = site.get(link.path), site.get(f"/f/{'0000-' * 6}0000")
    assert (expired.status, expired.text) == (unknown.status, unknown.text)
    assert {name for name, _ in expired.headers.items()} == {
        name for name, _ in unknown.headers.items()
    }


# --- Sending -----------------------------------------------------------------------------


def test_answers_are_kept_and_a_thank_you_follows(site: Site, link: Link) -> None:
    sent = fill(site, link, felt_safe="3", pace="not_today", one_change="More tea\r\nplease")

    assert sent.status == 303
    thanks = site.get(sent.headers["Location"])
    assert "Thank you" in thanks.text
    assert link.kept() == [{"felt_safe": 3, "pace": NOT_TODAY, "one_change": "More tea\nplease"}]


def test_pressing_send_twice_counts_once(site: Site, link: Link) -> None:
    fields = {"number": number_in(site.get(f"{link.path}/form")), "felt_safe": "1"}
    assert {site.post(link.path, fields).status for _ in range(3)} == {303}
    assert link.kept() == [{"felt_safe": 1}]


def test_an_empty_form_is_thanked_for_too(site: Site, link: Link) -> None:
    assert fill(site, link).status == 303
    assert link.kept() == []


def test_the_thank_you_page_says_where_support_is(site: Site, link: Link) -> None:
    with transaction() as db:
        db.execute(update(Organisation).values(support_text="Ring <us> on 01632 960123.\nAny day."))
    text = site.get(f"{link.path}/thanks").text
    assert "<p>Ring &lt;us&gt; on 01632 960123.</p>" in text
    assert "<p>Any day.</p>" in text


def test_too_many_words_come_back_with_a_sentence_and_nothing_lost(site: Site, link: Link) -> None:
    words = "ten chars " * 1_000
    sent = fill(site, link, felt_safe="3", one_change=words)

    assert sent.status == 422
    assert "This is 9\u00a0999 characters long" in sent.text
    assert words.strip() in sent.text
    assert re.search(r'name="felt_safe" value="3" checked', sent.text)
    assert 'href="#one_change"' in sent.text
    assert link.kept() == []


def test_what_comes_back_can_be_shortened_and_sent(site: Site, link: Link) -> None:
    refused = fill(site, link, one_change="x" * 9_000)
    fields = {"number": number_in(refused), "one_change": "Shorter"}
    assert site.post(link.path, fields).status == 303
    assert link.kept() == [{"one_change": "Shorter"}]


def test_markup_is_shown_as_it_was_typed(site: Site, link: Link) -> None:
    sent = fill(site, link, felt_safe="99", one_change=MARKUP)
    assert sent.status == 422
    assert MARKUP not in sent.text
    assert MARKUP in unescape(sent.text)
    assert sent.text.count("<script>") == 1


def test_an_answer_that_is_not_on_the_form_is_refused_at_the_question(
    site: Site, link: Link
) -> None:
    for wrong in ("5", "-1", "9" * 400, "٣", "x"):
        sent = fill(site, link, felt_safe=wrong)
        assert sent.status == 422
        assert 'id="felt_safe-wrong"' in sent.text
    assert link.kept() == []


def test_words_and_not_today_together_are_asked_about(site: Site, link: Link) -> None:
    fields = {"one_change": "More tea", "one_change.not_today": "yes"}
    sent = fill(site, link, **fields)
    assert sent.status == 422
    assert "More tea</textarea>" in sent.text
    assert 'name="one_change.not_today" value="yes" checked' in sent.text


def test_a_robot_is_asked_again_and_a_person_loses_nothing(site: Site, link: Link) -> None:
    sent = fill(site, link, one_change="More tea", website="http://example.org")
    assert sent.status == 422
    assert link.kept() == []
    again = {"number": number_in(sent), "one_change": "More tea", "website": ""}
    assert site.post(link.path, again).status == 303


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"number=short", b"=&=&;", b'{"a": 1}'])
def test_a_malformed_form_gets_a_fresh_one(site: Site, link: Link, body: bytes) -> None:
    sent = site.post(link.path, body)
    assert sent.status == 422
    assert len(number_in(sent)) >= 16


def test_far_too_much_is_not_even_read(site: Site, link: Link) -> None:
    sent = site.post(link.path, b"one_change=" + b"x" * 300_000)
    assert sent.status == 413
    assert "write a little less" in sent.text


def test_a_form_that_arrives_too_late_shows_the_words_again(
    site: Site, link: Link, time_stands_still: Clock
) -> None:
    number = number_in(site.get(f"{link.path}/form"))
    time_stands_still.go_on(days=30)
    sent = site.post(link.path, {"number": number, "one_change": MARKUP})
    assert sent.status == 404
    assert MARKUP in unescape(sent.text)
    assert sent.text.count("<script>") == 1


def test_a_machine_that_sends_without_end_has_to_wait(
    site: Site, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_feedback, "_pace", Pace(at_once=2, per_second=0.001))
    statuses = [fill(site, link, one_change="More tea").status for _ in range(3)]
    assert statuses == [303, 303, 429]
    # Writing the address another way is no way round it.
    other = Link(link.path.upper().replace("/F/", "/f/"), link.ben, link.session_ref)
    waiting = fill(site, other, one_change="More tea")
    assert waiting.status == 429
    assert "More tea</textarea>" in waiting.text


# --- When something is broken ------------------------------------------------------------


def test_a_database_that_is_behind_gets_a_plain_page(site: Site, link: Link) -> None:
    fields = opened(site, link) | {"one_change": "More tea"}
    startup.prepare.cache_clear()
    with engine().begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    answer = site.get(link.path)
    assert answer.status == 503
    assert "try again in a few minutes" in answer.text
    sent = site.post(link.path, fields)
    assert sent.status == 503
    assert "More tea</textarea>" in sent.text
    # Another server may never have drawn this form: the words come back all the same.
    unknown = site.post(link.path, fields | {"form": "unknown.1"})
    assert unknown.status == 503
    assert '<p class="kept" dir="auto">More tea</p>' in unknown.text


@pytest.mark.parametrize(
    "harm",
    [
        "ALTER TABLE feedback_answers RENAME TO elsewhere",
        "CREATE UNIQUE INDEX one_of_a_session ON feedback_answers (session_id)",
    ],
)
def test_a_fault_while_saving_costs_nobody_their_words(
    site: Site, link: Link, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert fill(site, link, felt_safe="3").status == 303
    with engine().begin() as connection:
        connection.exec_driver_sql(harm)
    sent = fill(site, link, one_change="Longer breaks")
    assert sent.status in {500, 503}
    assert "Longer breaks</textarea>" in sent.text
    assert "Longer breaks" not in caplog.text
    assert "could not be saved" in caplog.text


# --- A code of her own -------------------------------------------------------------------


def test_a_code_of_her_own_is_offered_folded_away_and_kept_as_a_hash(
    site: Site, link: Link
) -> None:
    assert "<details>" in site.get(f"{link.path}/form").text
    code = {"code.street": "High", "code.day": "14", "code.friend": "Zoë"}
    refused = fill(site, link, felt_safe="99", **code)
    assert 'name="code.street" value="High"' in refused.text
    assert "<details open>" in refused.text

    assert fill(site, link, felt_safe="3", **code).status == 303

    with transaction() as db:
        (kept,) = db.scalars(select(FeedbackAnswer.same_as))
    assert kept
    assert "h.14.z" not in kept


@pytest.mark.parametrize("day", ["", "99", MARKUP])
def test_half_a_code_holds_nothing_up(site: Site, link: Link, day: str) -> None:
    answer = fill(site, link, felt_safe="3", **{"code.street": "High", "code.day": day})
    assert answer.status == 303
    with transaction() as db:
        assert list(db.scalars(select(FeedbackAnswer.same_as))) == [None]


def test_a_code_without_an_answer_leaves_no_trace(site: Site, link: Link) -> None:
    code = {"code.street": "High", "code.day": "14", "code.friend": "Zoë"}
    assert fill(site, link, **code).status == 303
    assert link.kept() == []
