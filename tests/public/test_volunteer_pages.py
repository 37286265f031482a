"""The application form over plain HTTP: what is asked of somebody who would like to volunteer."""

import logging
import re
from html import unescape

import pytest

from tests.public.light_forms import application
from tests.public.server import Site, running


def test_no_page_says_what_the_service_is_for(welcoming_site: Site) -> None:
    for page in application(welcoming_site).pages:
        assert "abuse" not in welcoming_site.get(page).text.lower()


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


def test_whom_she_must_not_meet_is_sealed_and_given_back_to_her_alone(
    welcoming_site: Site,
) -> None:
    form = application(welcoming_site)
    form.send()
    assert "hard_to_meet" not in form.kept()[0]

    again = form.send(first_name="", phone="")
    assert form.fields["hard_to_meet"] in unescape(again.text)
    assert 'href="#phone"' in again.text


def test_nobody_who_applies_is_in_the_access_log_and_the_staff_screen_stays_in_it(
    welcoming_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    access = logging.getLogger("uvicorn.access")
    with running() as logging_site:
        access.addHandler(caplog.handler)
        try:
            for path in (*application(welcoming_site).pages, "/volunteer?a=b", "/volunteers"):
                logging_site.get(path)
        finally:
            access.removeHandler(caplog.handler)
    assert "/volunteers" in caplog.text
    assert "/volunteer " not in caplog.text
    assert "/volunteer/" not in caplog.text
