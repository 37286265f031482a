"""What holds for both forms anybody may send: switched on and off, kept once, never read back."""

import re
from html import unescape

import pytest

from services.db import engine
from tests.public.light_forms import MARKUP, Form, application, number_in, referral
from tests.public.server import expect_light_and_private
from ui import startup
from ui.public.pace import Pace

FORMS = {"open_site": referral, "welcoming_site": application}
EITHER = pytest.mark.parametrize("page", range(3), ids=["start", "form", "thanks"])


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> Form:
    """Either of the two, on a site that takes it."""
    return FORMS[request.param](request.getfixturevalue(request.param))


# --- Looking -----------------------------------------------------------------------------


@EITHER
def test_each_page_is_whole_small_private_and_neutral(form: Form, page: int) -> None:
    answer = form.site.get(form.pages[page])

    # Nothing is fetched beside the page itself.
    assert re.findall(r'\b(?:src|srcset)="', answer.text) == []
    expect_light_and_private(answer, {"Before you start", "A form", "Thank you"})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@EITHER
def test_the_way_out_comes_first_on_every_page(form: Form, page: int) -> None:
    body = form.site.get(form.pages[page]).text.split("<body>")[1]
    first = re.search(r"<(?:a|button|input)\b[^>]*>.*?</a>", body, re.DOTALL)
    assert first
    assert 'href="/exit"' in first[0]


def test_nothing_is_chosen_beforehand_and_every_field_has_its_label(form: Form) -> None:
    text = form.blank()
    inside = text[text.index("<form") : text.index("</form>")]
    assert 'autocomplete="off"' in inside.split(">")[0]
    assert not re.findall(r"\b(?:checked|required|maxlength)\b", inside)
    for key in re.findall(r'class="line" id="(\w+)"', inside):
        assert f'for="{key}"' in inside


def test_a_name_stands_in_the_direction_it_is_read_in(form: Form) -> None:
    fields = re.findall(r'<(?:textarea|input class="line")[^>]*>', form.blank())
    assert len(fields) > 8
    assert all('dir="auto"' in field for field in fields)


def test_an_address_with_too_much_leads_to_the_start(form: Form) -> None:
    answer = form.site.get(f"{form.path}/Zsofia/else")
    assert (answer.status, answer.headers["Location"]) == (303, form.path)
    assert "Zsofia" not in answer.text


# --- Off ---------------------------------------------------------------------------------


def test_switched_off_the_page_says_so(form: Form) -> None:
    form.close()
    for page in form.pages[:2]:
        answer = form.site.get(page)
        assert answer.status == 404
        assert "are not taken through this page at the moment" in answer.text
        assert "<form" not in answer.text


def test_switched_off_while_somebody_writes_nothing_is_kept_and_her_words_come_back(
    form: Form,
) -> None:
    number = number_in(form.blank())
    form.close()
    sent = form.post(number=number, **{form.words: MARKUP})
    assert sent.status == 404
    assert MARKUP in unescape(sent.text)
    assert sent.text.count("<script>") == 1
    assert form.kept() == []


# --- Sending -----------------------------------------------------------------------------


def test_a_form_is_kept_and_nothing_of_it_is_shown_back(form: Form) -> None:
    sent = form.send()

    assert (sent.status, sent.headers["Location"]) == (303, form.pages[2])
    (answers,) = form.kept()
    assert (answers["first_name"], answers["routes"]) == ("Zsofia", ["text"])
    for page in (sent, *map(form.site.get, form.pages)):
        everything = page.text + str(page.headers.items())
        assert not [private for private in form.private if private in everything]


def test_nobody_can_tell_whether_somebody_is_known(form: Form) -> None:
    first, again = form.send(), form.send()
    assert (first.status, first.text) == (again.status, again.text)


def test_pressing_send_twice_counts_once(form: Form) -> None:
    number = number_in(form.blank())
    assert {form.post(number=number).status for _ in range(3)} == {303}
    assert len(form.kept()) == 1


def test_what_is_missing_is_said_at_the_question_and_nothing_typed_is_lost(form: Form) -> None:
    sent = form.send(first_name="", **{form.words: MARKUP})
    assert sent.status == 422
    assert 'href="#first_name"' in sent.text
    assert 'value="Quillfeather"' in sent.text
    assert re.search(r'name="routes.text" value="yes" checked', sent.text)
    assert MARKUP not in sent.text
    assert MARKUP in unescape(sent.text)
    assert form.kept() == []


def test_a_robot_is_asked_again_and_a_person_loses_nothing(form: Form) -> None:
    sent = form.send(website="http://example.org")
    assert sent.status == 422
    assert form.kept() == []
    assert form.post(number=number_in(sent.text), website="").status == 303


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"number=short", b"=&=&;", b'{"a": 1}'])
def test_a_malformed_form_gets_a_fresh_one(form: Form, body: bytes) -> None:
    sent = form.site.post(form.path, body)
    assert sent.status == 422
    assert len(number_in(sent.text)) >= 16


def test_far_too_much_is_not_even_read(form: Form) -> None:
    assert form.site.post(form.path, b"words=" + b"x" * 300_000).status == 413


@pytest.mark.parametrize(("whose", "at_once"), [("_pace", 2), ("_pace_of_all", 1)])
def test_machines_that_send_without_end_have_to_wait(
    form: Form, whose: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form.module, whose, Pace(at_once=at_once, per_second=0.001))
    assert [form.send().status for _ in range(at_once + 1)] == [303] * at_once + [429]
    assert form.typed in form.send().text


# --- When something is broken ------------------------------------------------------------


def test_a_database_that_is_behind_gets_a_plain_page(form: Form) -> None:
    startup.prepare.cache_clear()
    with engine().begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert form.site.get(form.path).status == 503
    sent = form.post(number="x" * 24)
    assert sent.status == 503
    assert form.typed in sent.text


def test_a_fault_while_saving_costs_nobody_the_form_and_says_nothing_in_the_log(
    form: Form, caplog: pytest.LogCaptureFixture
) -> None:
    with engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_head")
    sent = form.send()
    assert sent.status in {500, 503}
    assert form.typed in sent.text
    assert "Zsofia" not in caplog.text
    assert "could not be saved" in caplog.text
