"""Calendar feeds over plain HTTP: read, asked about again, refused in one sentence."""

import logging
from html import unescape
from time import perf_counter

import icalendar
import pytest
import vobject
from sqlalchemy import update

from models import CalendarFeed, GroupSession, Role, SessionState
from services.accounts import accounts
from services.calendar import calendar_feeds
from services.calendar.calendar_feeds import MOST_EVENTS, NO_FEED
from services.db import transaction
from services.permissions import Actor
from tests.conftest import Clock
from tests.make import make_actor, make_group
from tests.public.server import Answer, Site
from ui.public import calendar_feed
from ui.public.pace import Pace


@pytest.fixture
def ben(site: Site, time_stands_still: Clock) -> Actor:
    """A facilitator with twelve sessions."""
    with transaction() as db:
        ben = make_actor(db, "ben", Role.FACILITATOR)
        make_group(db, make_actor(db, "amina", Role.COORDINATOR), [ben])
        return ben


@pytest.fixture
def path(ben: Actor) -> str:
    """The address of his feed."""
    with transaction() as db:
        return calendar_feeds.make(db, ben)


def refused(answer: Answer) -> bool:
    return answer.status == 404 and NO_FEED in unescape(answer.text)


def test_a_calendar_reads_it_whole_and_tells_nobody(site: Site, path: str) -> None:
    answer = site.get(path)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(icalendar.Calendar.from_ical(answer.text).walk("VEVENT")) == 12
    assert len(vobject.readOne(answer.text).vevent_list) == 12
    assert "\r\n" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_a_calendar_that_has_it_already_is_told_so(site: Site, path: str) -> None:
    tag = site.get(path).headers["ETag"]

    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = site.get(path, If_None_Match=known)
        assert (again.status, again.text, again.headers["ETag"]) == (304, "", tag)


def test_a_cancellation_reaches_a_calendar_that_asks_again(site: Site, path: str) -> None:
    tag = site.get(path).headers["ETag"]
    with transaction() as db:
        db.execute(update(GroupSession).values(state=SessionState.CANCELLED, sequence=1))

    again = site.get(path, If_None_Match=tag)

    assert again.status == 200
    assert again.text.count("STATUS:CANCELLED") == 12


@pytest.mark.parametrize(
    "guess", ["guess", "%00", "%2e%2e", "x" * 3000, "%F0%9F%98%80", "' OR 1=1 --".replace(" ", "+")]
)
def test_a_guess_is_refused_in_one_sentence(site: Site, path: str, guess: str) -> None:
    assert refused(site.get(f"/calendar/{guess}.ics"))


def test_an_address_taken_back_is_refused_at_once_and_reads_like_a_guess(
    site: Site, path: str, ben: Actor
) -> None:
    tag = site.get(path).headers["ETag"]
    with transaction() as db:
        calendar_feeds.take_back(db, ben)

    answer = site.get(path, If_None_Match=tag)

    assert refused(answer)
    assert answer.text == site.get("/calendar/guess.ics").text


def test_a_closed_account_s_address_is_refused(site: Site, path: str, ben: Actor) -> None:
    with transaction() as db:
        accounts.close(db, make_actor(db, "ada", Role.ADMINISTRATOR), ben.ref)
    assert refused(site.get(path))


def test_who_asks_without_pause_has_to_wait(
    site: Site, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_feed, "_pace", Pace(at_once=2, per_second=1 / 1000))
    answers = [
        site.get(address) for address in (path, "/calendar/guess.ics", path, "/calendar/g.ics")
    ]

    assert [answer.status for answer in answers] == [200, 404, 429, 429]
    assert answers[-1].headers["Retry-After"] == "300"


def test_no_address_is_in_the_server_s_log(
    site: Site, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("uvicorn.access").addHandler(caplog.handler)
    try:
        site.get(path)
        site.get("/calendar/guess.ics")
        site.get("/healthz")
    finally:
        logging.getLogger("uvicorn.access").removeHandler(caplog.handler)
    assert "/calendar" not in caplog.text
    assert "/healthz" in caplog.text


def test_a_feed_follows_the_newest_key_by_itself(
    site: Site, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = calendar_feeds._hashes
    monkeypatch.setattr(calendar_feeds, "_hashes", lambda token: ("f" * 24, *hashes(token)))

    assert site.get(path).status == 200

    with transaction() as db:
        assert db.query(CalendarFeed.token_hash).scalar() == "f" * 24


def test_an_address_only_read_is_only_asked_for(site: Site, path: str) -> None:
    assert site.ask("POST", path).status == 405
    assert site.ask("HEAD", path).text == ""


def test_the_fullest_feed_is_written_in_a_tenth_of_a_second(site: Site, ben: Actor) -> None:
    with transaction() as db:
        amina = make_actor(db, "zora", Role.COORDINATOR)
        for number in range(MOST_EVENTS // 12 + 1):
            make_group(db, amina, [ben], code_name=f"Group {number}")
        path = calendar_feeds.make(db, ben)
    times = []
    for _ in range(4):
        began = perf_counter()
        answer = site.get(path)
        times.append(perf_counter() - began)

    assert answer.text.count("BEGIN:VEVENT") == MOST_EVENTS
    # On a machine with nothing else to do 0.1 s; the rest is for the others on this one.
    assert min(times) < 0.5
