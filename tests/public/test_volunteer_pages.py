"""The application form over plain HTTP: switched on and off, kept once, never read back."""

import logging
import re
from html import unescape

import pytest
from sqlalchemy import select, update

from models import PipelineRules, VolunteerApplication
from services.db import engine, transaction
from tests.public.server import Answer, Site, running
from ui.public import volunteer
from ui.public.pace import Pace

MARKUP = "</textarea><script>alert('x')</script><b>“bold”</b> & ☕"
PRIVATE = {
    "first_name": "Zsofia",
    "last_name": "Quillfeather",
    "phone": "07700 900123",
    "code_word": "marmalade",
    "hard_to_meet": "Somebody called Perpetua",
}
FIELDS = {"routes.text": "yes", "adult": "yes", "why": "I like tea", **PRIVATE}
PAGES = ["/volunteer", "/volunteer/form", "/volunteer/thanks"]


def number_in(answer: Answer) -> str:
    found = re.search(r'name="number" value="([\w-]+)"', answer.text)
    assert found
    return found[1]


def send(site: Site, **fields: str) -> Answer:
    number = number_in(site.get("/volunteer/form"))
    return site.post("/volunteer", {"number": number, **FIELDS, **fields})


def kept() -> list[dict[str, object]]:
    with transaction() as db:
        return list(db.scalars(select(VolunteerApplication.answers)))


# --- Looking -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_whole_small_private_and_neutral(welcoming_site: Site, path: str) -> None:
    answer = welcoming_site.get(path)

    assert answer.status == 200
    assert len(answer.text.encode()) < 30_000
    # Nothing is fetched beside the page itself.
    assert re.findall(r'\b(?:src|srcset)="', answer.text) == []
    assert re.findall(r'<link [^>]*href="([^"]*)"', answer.text) == ["data:,"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    title = re.search("<title>(.*)</title>", answer.text)
    assert title
    assert title[1] in {"Before you start", "A form", "Thank you"}
    assert "Lantern House" not in answer.text
    assert "abuse" not in answer.text.lower()
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", PAGES)
def test_the_way_out_comes_first_on_every_page(welcoming_site: Site, path: str) -> None:
    body = welcoming_site.get(path).text.split("<body>")[1]
    first = re.search(r"<(?:a|button|input)\b[^>]*>.*?</a>", body, re.DOTALL)
    assert first
    assert 'href="/exit"' in first[0]


def test_how_to_reach_her_safely_is_asked_before_her_name(welcoming_site: Site) -> None:
    text = welcoming_site.get("/volunteer/form").text
    asked = re.findall(
        r'<(?:fieldset|input class="line"|textarea) ?(?:class="line" )?id="(\w+)"', text
    )
    assert asked[:8] == [
        "routes", "phone", "email", "voicemail", "when", "say", "code_word", "seen_by",
    ]  # fmt: skip
    assert asked[8] == "first_name"
    assert asked[-1] == "hard_to_meet"


def test_nothing_is_chosen_beforehand_and_every_field_has_its_label(welcoming_site: Site) -> None:
    text = welcoming_site.get("/volunteer/form").text
    form = text[text.index("<form") : text.index("</form>")]
    assert 'autocomplete="off"' in form.split(">")[0]
    assert not re.findall(r"\b(?:checked|required|maxlength)\b", form)
    for key in re.findall(r'class="line" id="(\w+)"', form):
        assert f'for="{key}"' in form


def test_an_address_with_too_much_leads_to_the_start(welcoming_site: Site) -> None:
    answer = welcoming_site.get("/volunteer/Zsofia/else")
    assert (answer.status, answer.headers["Location"]) == (303, "/volunteer")
    assert "Zsofia" not in answer.text


# --- Off ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/volunteer", "/volunteer/form"])
def test_switched_off_the_page_says_so(site: Site, time_stands_still: object, path: str) -> None:
    answer = site.get(path)
    assert answer.status == 404
    assert "Applications are not taken through this page at the moment" in answer.text
    assert "<form" not in answer.text


def test_switched_off_while_somebody_writes_nothing_is_kept_and_her_words_come_back(
    welcoming_site: Site,
) -> None:
    number = number_in(welcoming_site.get("/volunteer/form"))
    with transaction() as db:
        db.execute(update(PipelineRules).values(applications_open=False))
    sent = welcoming_site.post("/volunteer", {"number": number, **FIELDS, "why": MARKUP})
    assert sent.status == 404
    assert MARKUP in unescape(sent.text)
    assert PRIVATE["hard_to_meet"] in sent.text
    assert sent.text.count("<script>") == 1
    assert kept() == []


# --- Sending -----------------------------------------------------------------------------


def test_a_form_is_kept_and_nothing_of_it_is_shown_back(welcoming_site: Site) -> None:
    sent = send(welcoming_site)

    assert (sent.status, sent.headers["Location"]) == (303, "/volunteer/thanks")
    (answers,) = kept()
    assert (answers["first_name"], answers["routes"]) == ("Zsofia", ["text"])
    assert "hard_to_meet" not in answers
    for page in (sent, *(welcoming_site.get(path) for path in PAGES)):
        everything = page.text + str(page.headers.items())
        assert not [private for private in PRIVATE.values() if private in everything]


def test_nobody_can_tell_whether_somebody_is_known(welcoming_site: Site) -> None:
    first, again = send(welcoming_site), send(welcoming_site)
    assert (first.status, first.text) == (again.status, again.text)


def test_pressing_send_twice_counts_once(welcoming_site: Site) -> None:
    fields = {"number": number_in(welcoming_site.get("/volunteer/form")), **FIELDS}
    assert {welcoming_site.post("/volunteer", fields).status for _ in range(3)} == {303}
    assert len(kept()) == 1


def test_what_is_missing_is_said_at_the_question_and_nothing_typed_is_lost(
    welcoming_site: Site,
) -> None:
    sent = send(welcoming_site, first_name="", phone="", why=MARKUP)
    assert sent.status == 422
    for key in ("first_name", "phone"):
        assert f'href="#{key}"' in sent.text
    assert 'value="Quillfeather"' in sent.text
    assert re.search(r'name="routes.text" value="yes" checked', sent.text)
    assert MARKUP not in sent.text
    assert MARKUP in unescape(sent.text)
    assert kept() == []


def test_a_robot_is_asked_again(welcoming_site: Site) -> None:
    assert send(welcoming_site, website="http://example.org").status == 422
    assert kept() == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"number=short", b"=&=&;", b'{"a": 1}'])
def test_a_malformed_form_gets_a_fresh_one(welcoming_site: Site, body: bytes) -> None:
    sent = welcoming_site.post("/volunteer", body)
    assert sent.status == 422
    assert len(number_in(sent)) >= 16


def test_far_too_much_is_not_even_read(welcoming_site: Site) -> None:
    assert welcoming_site.post("/volunteer", b"why=" + b"x" * 300_000).status == 413


def test_a_machine_that_sends_without_end_has_to_wait(
    welcoming_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volunteer, "_pace", Pace(at_once=2, per_second=0.001))
    assert [send(welcoming_site).status for _ in range(3)] == [303, 303, 429]
    assert "I like tea</textarea>" in send(welcoming_site).text


# --- When something is broken ------------------------------------------------------------


def test_a_fault_while_saving_costs_nobody_the_form_and_says_nothing_in_the_log(
    welcoming_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_head")
    sent = send(welcoming_site)
    assert sent.status in {500, 503}
    assert "I like tea</textarea>" in sent.text
    assert "Zsofia" not in caplog.text
    assert "could not be saved" in caplog.text


def test_nobody_who_applies_is_in_the_access_log_and_the_staff_screen_stays_in_it(
    welcoming_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    access = logging.getLogger("uvicorn.access")
    with running() as logging_site:
        access.addHandler(caplog.handler)
        try:
            for path in (*PAGES, "/volunteer?a=b", "/volunteers"):
                logging_site.get(path)
        finally:
            access.removeHandler(caplog.handler)
    assert "/volunteers" in caplog.text
    assert "/volunteer " not in caplog.text
    assert "/volunteer/" not in caplog.text
