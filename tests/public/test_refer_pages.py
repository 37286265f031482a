"""The referral form over plain HTTP: switched on and off, kept once, never read back."""

import logging
import re
from html import unescape

import pytest
from sqlalchemy import select, update

from models import Organisation, ReferralForm
from services.db import engine, transaction
from tests.public.server import Answer, Site, running
from ui import startup
from ui.public import refer
from ui.public.pace import Pace

MARKUP = "</textarea><script>alert('x')</script><b>“bold”</b> & ☕"
PRIVATE = {"first_name": "Zsofia", "last_name": "Quillfeather", "phone": "07700 900123"}
FIELDS = {
    "sender_name": "Wren Tull",
    "sender_agency": "Harbour Advice",
    "sender_contact": "01632 960111",
    "kind": "adult",
    "agrees": "yes",
    "reason": "Would like a group",
    **PRIVATE,
}
PAGES = ["/refer", "/refer/form", "/refer/thanks"]


def number_in(answer: Answer) -> str:
    found = re.search(r'name="number" value="([\w-]+)"', answer.text)
    assert found
    return found[1]


def send(site: Site, **fields: str) -> Answer:
    number = number_in(site.get("/refer/form"))
    return site.post("/refer", {"number": number, **FIELDS, **fields})


def kept() -> list[dict[str, object]]:
    with transaction() as db:
        return list(db.scalars(select(ReferralForm.answers)))


# --- Looking -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_whole_small_private_and_neutral(open_site: Site, path: str) -> None:
    answer = open_site.get(path)

    assert answer.status == 200
    assert len(answer.text.encode()) < 30_000
    # Nothing is fetched beside the page itself.
    assert re.findall(r'\b(?:src|srcset)="', answer.text) == []
    assert re.findall(r'<link [^>]*href="([^"]*)"', answer.text) == ["data:,"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    title = re.search("<title>(.*)</title>", answer.text)
    assert title
    assert title[1] in {"Before you start", "A form", "Thank you"}
    assert "Lantern House" not in answer.text
    assert "Set-Cookie" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", PAGES)
def test_the_way_out_comes_first_on_every_page(open_site: Site, path: str) -> None:
    body = open_site.get(path).text.split("<body>")[1]
    first = re.search(r"<(?:a|button|input)\b[^>]*>.*?</a>", body, re.DOTALL)
    assert first
    assert 'href="/exit"' in first[0]


def test_who_reads_it_is_said_before_the_first_question_and_at_the_end(open_site: Site) -> None:
    first = open_site.get("/refer").text
    assert "The coordinators who take referrals read it" in first
    assert "call 999" in first
    assert "does not clear your history" in first
    assert "<form" not in first
    assert "Our coordinators see what you wrote" in open_site.get("/refer/form").text


def test_nothing_is_chosen_beforehand_and_every_field_has_its_label(open_site: Site) -> None:
    text = open_site.get("/refer/form").text
    form = text[text.index("<form") : text.index("</form>")]
    assert 'autocomplete="off"' in form.split(">")[0]
    assert not re.findall(r"\b(?:checked|required|maxlength)\b", form)
    for key in re.findall(r'class="line" id="(\w+)"', form):
        assert f'for="{key}"' in form


def test_the_safe_ways_are_asked_for_one_by_one(open_site: Site) -> None:
    text = open_site.get("/refer/form").text
    for way in ("routes.call", "routes.text", "routes.email", "routes.worker", "voicemail"):
        assert f'name="{way}"' in text
    for question in ("Days and times that are safe", "Who else may see her phone"):
        assert question in text


def test_an_address_with_too_much_leads_to_the_start(open_site: Site) -> None:
    answer = open_site.get("/refer/Zsofia/else")
    assert (answer.status, answer.headers["Location"]) == (303, "/refer")
    assert "Zsofia" not in answer.text


# --- Off ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/refer", "/refer/form"])
def test_switched_off_the_page_says_so(site: Site, time_stands_still: object, path: str) -> None:
    answer = site.get(path)
    assert answer.status == 404
    assert "Referrals are not taken through this page at the moment" in answer.text
    assert "<form" not in answer.text


def test_switched_off_while_somebody_writes_nothing_is_kept_and_her_words_come_back(
    open_site: Site,
) -> None:
    number = number_in(open_site.get("/refer/form"))
    with transaction() as db:
        db.execute(update(Organisation).values(referrals_open=False))
    sent = open_site.post("/refer", {"number": number, **FIELDS, "reason": MARKUP})
    assert sent.status == 404
    assert MARKUP in unescape(sent.text)
    assert sent.text.count("<script>") == 1
    assert kept() == []


# --- Sending -----------------------------------------------------------------------------


def test_a_form_is_kept_and_nothing_of_it_is_shown_back(open_site: Site) -> None:
    sent = send(open_site, **{"routes.text": "yes"})

    assert (sent.status, sent.headers["Location"]) == (303, "/refer/thanks")
    (answers,) = kept()
    assert (answers["first_name"], answers["routes"]) == ("Zsofia", ["text"])
    for page in (sent, *(open_site.get(path) for path in PAGES)):
        everything = page.text + str(page.headers.items())
        assert not [private for private in PRIVATE.values() if private in everything]


def test_nobody_can_tell_whether_somebody_is_known(open_site: Site) -> None:
    first, again = send(open_site), send(open_site)
    assert (first.status, first.text) == (again.status, again.text)


def test_pressing_send_twice_counts_once(open_site: Site) -> None:
    fields = {"number": number_in(open_site.get("/refer/form")), **FIELDS}
    assert {open_site.post("/refer", fields).status for _ in range(3)} == {303}
    assert len(kept()) == 1


def test_what_is_missing_is_said_at_the_question_and_nothing_typed_is_lost(
    open_site: Site,
) -> None:
    sent = send(open_site, first_name="", date_of_birth="31 2 1985", reason=MARKUP)
    assert sent.status == 422
    assert 'href="#first_name"' in sent.text
    assert 'aria-describedby="date_of_birth-hint date_of_birth-wrong"' in sent.text
    assert 'value="Wren Tull"' in sent.text
    assert re.search(r'name="kind" value="adult" checked', sent.text)
    assert MARKUP not in sent.text
    assert MARKUP in unescape(sent.text)
    assert kept() == []


def test_a_name_stands_in_the_direction_it_is_read_in(open_site: Site) -> None:
    text = open_site.get("/refer/form").text
    fields = re.findall(r'<(?:textarea|input class="line")[^>]*>', text)
    assert len(fields) == 13
    assert all('dir="auto"' in field for field in fields)


def test_a_robot_is_asked_again_and_a_person_loses_nothing(open_site: Site) -> None:
    sent = send(open_site, website="http://example.org")
    assert sent.status == 422
    assert kept() == []
    again = {"number": number_in(sent), **FIELDS, "website": ""}
    assert open_site.post("/refer", again).status == 303


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"number=short", b"=&=&;", b'{"a": 1}'])
def test_a_malformed_form_gets_a_fresh_one(open_site: Site, body: bytes) -> None:
    sent = open_site.post("/refer", body)
    assert sent.status == 422
    assert len(number_in(sent)) >= 16


def test_far_too_much_is_not_even_read(open_site: Site) -> None:
    sent = open_site.post("/refer", b"reason=" + b"x" * 300_000)
    assert sent.status == 413


def test_a_machine_that_sends_without_end_has_to_wait(
    open_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refer, "_pace", Pace(at_once=2, per_second=0.001))
    assert [send(open_site).status for _ in range(3)] == [303, 303, 429]
    assert "Would like a group</textarea>" in send(open_site).text


def test_many_machines_together_have_to_wait_as_well(
    open_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refer, "_pace_of_all", Pace(at_once=1, per_second=0.001))
    assert [send(open_site).status for _ in range(2)] == [303, 429]


# --- When something is broken ------------------------------------------------------------


def test_a_database_that_is_behind_gets_a_plain_page(open_site: Site) -> None:
    startup.prepare.cache_clear()
    with engine().begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert open_site.get("/refer").status == 503
    sent = open_site.post("/refer", {"number": "x" * 24, **FIELDS})
    assert sent.status == 503
    assert "Would like a group</textarea>" in sent.text


def test_a_fault_while_saving_costs_nobody_the_form_and_says_nothing_in_the_log(
    open_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_head")
    sent = send(open_site)
    assert sent.status in {500, 503}
    assert "Would like a group</textarea>" in sent.text
    assert "Zsofia" not in caplog.text
    assert "could not be saved" in caplog.text


def test_nobody_who_refers_is_in_the_access_log(
    open_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    access = logging.getLogger("uvicorn.access")
    with running() as logging_site:
        access.addHandler(caplog.handler)
        try:
            for path in (*PAGES, "/refer?a=b", "/healthz"):
                logging_site.get(path)
        finally:
            access.removeHandler(caplog.handler)
    assert "/healthz" in caplog.text
    assert "/refer" not in caplog.text
