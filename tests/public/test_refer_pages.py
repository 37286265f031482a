"""The referral form over plain HTTP: what is said and asked of professionals alone."""

import logging
import re
from html import unescape

import pytest

from tests.public.light_forms import MARKUP, referral
from tests.public.server import Site, running


def test_who_reads_it_is_said_before_the_first_question_and_at_the_end(open_site: Site) -> None:
    first = open_site.get("/refer").text
    assert "The coordinators who take referrals read it" in first
    assert "call 999" in first
    assert "does not clear your history" in first
    assert "<form" not in first
    assert "Our coordinators see what you wrote" in open_site.get("/refer/form").text


def test_the_safe_ways_are_asked_for_one_by_one(open_site: Site) -> None:
    text = open_site.get("/refer/form").text
    for way in ("routes.call", "routes.text", "routes.email", "routes.worker", "voicemail"):
        assert f'name="{way}"' in text
    for question in ("Days and times that are safe", "Who else may see her phone"):
        assert question in text


def test_a_day_that_is_none_is_said_at_its_field_and_the_rest_stays(open_site: Site) -> None:
    sent = referral(open_site).send(date_of_birth="31 2 1985", reason=MARKUP)
    assert sent.status == 422
    assert 'aria-describedby="date_of_birth-hint date_of_birth-wrong"' in sent.text
    assert 'value="Wren Tull"' in sent.text
    assert re.search(r'name="kind" value="adult" checked', sent.text)
    assert MARKUP in unescape(sent.text)


def test_nobody_who_refers_is_in_the_access_log(
    open_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    access = logging.getLogger("uvicorn.access")
    with running() as logging_site:
        access.addHandler(caplog.handler)
        try:
            for path in (*referral(open_site).pages, "/refer?a=b", "/healthz"):
                logging_site.get(path)
        finally:
            access.removeHandler(caplog.handler)
    assert "/healthz" in caplog.text
    assert "/refer" not in caplog.text
