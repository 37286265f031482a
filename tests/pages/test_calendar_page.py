"""The calendar's page for each role, what the browser may send it, and the feed's part of it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models import SessionState
from services import clock
from services.calendar import calendar_feeds
from services.calendar.calendar_days import View
from services.calendar.calendar_feeds import NoFeedError
from services.db import reading, transaction
from tests.make import make_group, session_of
from tests.pages.conftest import OpenPage, Somebody, press
from ui.components.calendar import calendar as component
from ui.components.calendar.calendar import Look

TODAY = date(2026, 9, 16)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, Any]]:
    """`shown()`: what the browser was last given to draw."""
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(component, "_mount", lambda **more: given.append(more["data"]))
    return lambda: given[-1]


@pytest.fixture
def craft(somebody: Somebody) -> str:
    """A group of Ben's on five Wednesdays of September's page, the third cancelled; its ref."""
    with transaction() as db:
        group = make_group(db, somebody("amina"), [somebody("ben")], first_day=date(2026, 9, 2))
        session_of(db, group, 3).state = SessionState.CANCELLED
        return group.ref


def sessions(data: dict[str, Any]) -> list[dict[str, str]]:
    return [session for day in data["days"] for session in day["sessions"]]


# --- Who sees what ------------------------------------------------------------------------


@pytest.mark.parametrize(("username", "seen"), [("ben", 5), ("amina", 5), ("leila", 5)])
def test_each_role_sees_the_sessions_it_may(
    open_page: OpenPage, craft: str, shown: Callable[[], dict[str, Any]], username: str, seen: int
) -> None:
    page = open_page("calendar", username)

    assert not page.exception
    assert page.title[0].value == "Calendar"
    assert len(sessions(shown())) == seen
    assert (shown()["view"], shown()["chosen"]) == ("month", False)
    assert shown()["title"] == "September 2026"


def test_the_stranger_sees_no_session_and_no_name(
    open_page: OpenPage, craft: str, shown: Callable[[], dict[str, Any]]
) -> None:
    page = open_page("calendar", "chloe", calendar_group=craft)

    assert not page.exception
    assert sessions(shown()) == []
    assert "Tuesday craft" not in str(shown())
    assert page.selectbox("calendar_group").options == []
    assert shown()["nothing"] == "No sessions: September 2026."


@pytest.mark.parametrize("username", ["ada", "vik", "erin"])
def test_who_sees_no_groups_has_no_calendar(open_page: OpenPage, username: str) -> None:
    with pytest.raises(ValueError, match="calendar"):
        open_page("calendar", username)


# --- What is on it ------------------------------------------------------------------------


def test_a_session_leads_to_its_register_or_its_group(
    open_page: OpenPage, craft: str, shown: Callable[[], dict[str, Any]]
) -> None:
    open_page("calendar", "ben")
    planned, cancelled = sessions(shown())[0], sessions(shown())[2]
    assert planned["href"] == f"/register?session={planned['ref']}"
    assert cancelled["href"] == f"/groups?group={craft}"
    open_page("calendar", "amina")
    assert {session["href"] for session in sessions(shown())} == {f"/groups?group={craft}"}


def test_a_cancelled_session_is_told_apart_by_a_word(
    open_page: OpenPage, craft: str, shown: Callable[[], dict[str, Any]]
) -> None:
    open_page("calendar", "ben")
    assert [session["said"] for session in sessions(shown())] == ["", "", "Cancelled", "", ""]
    assert sessions(shown())[0]["detail"].startswith("Session 1 of 12: ")
    assert (sessions(shown())[0]["time"], sessions(shown())[0]["until"]) == ("10am", "to 12pm")


@pytest.mark.parametrize(
    ("view", "title", "days"),
    [
        ("month", "October 2026", 35),
        ("week", "Week of 12 October 2026", 7),
        ("list", "October 2026", 31),
        ("day", "Wednesday 14 October 2026", 1),
    ],
)
def test_a_page_of_the_calendar_opens_from_its_address(
    open_page: OpenPage,
    craft: str,
    shown: Callable[[], dict[str, Any]],
    view: str,
    title: str,
    days: int,
) -> None:
    open_page("calendar", "ben", view=view, day="2026-10-14")
    assert (shown()["view"], shown()["title"], shown()["chosen"]) == (view, title, True)
    assert len(shown()["days"]) == days


@pytest.mark.parametrize("day", ["nothing", "2026-02-30", "0001-01-01", "9999-12-31", "x" * 3000])
@pytest.mark.parametrize("view", ["year", "<script>"])
def test_an_address_that_cannot_be_shows_today(
    open_page: OpenPage, craft: str, shown: Callable[[], dict[str, Any]], view: str, day: str
) -> None:
    page = open_page("calendar", "ben", view=view, day=day)
    assert not page.exception
    assert (shown()["view"], shown()["title"]) == ("month", "September 2026")


def test_a_filter_shows_one_group_or_one_facilitator(
    open_page: OpenPage, somebody: Somebody, craft: str, shown: Callable[[], dict[str, Any]]
) -> None:
    with transaction() as db:
        make_group(db, somebody("amina"), [somebody("chloe")], code_name="Garden")
    page = open_page("calendar", "amina")
    assert {session["group"] for session in sessions(shown())} == {"Tuesday craft", "Garden"}

    page.selectbox("calendar_facilitator").select(somebody("chloe").ref).run()
    assert {session["group"] for session in sessions(shown())} == {"Garden"}
    page.selectbox("calendar_group").select(craft).run()
    assert sessions(shown()) == []


def test_a_page_costs_as_much_with_many_groups_as_with_one(
    open_page: OpenPage,
    somebody: Somebody,
    craft: str,
    shown: Callable[[], dict[str, Any]],
    count_queries: Callable[[], Any],
) -> None:
    def cost() -> int:
        page = open_page("calendar", "amina")
        with count_queries() as statements:
            page.run()
        return len(statements)

    few, amina, ben = cost(), somebody("amina"), somebody("ben")
    with transaction() as db:
        for number in range(12):
            make_group(db, amina, [ben], code_name=f"Group {number}")

    assert cost() == few
    assert max(len(day["sessions"]) for day in shown()["days"]) == 4
    assert max(day["more"] for day in shown()["days"]) == 8


# --- What the browser sends ---------------------------------------------------------------

LOOK = Look(None, TODAY)


@pytest.mark.parametrize(
    ("sent", "there"),
    [
        ({"view": None, "day": "2026-09-16", "pages": 1}, Look(None, date(2026, 10, 16))),
        ({"view": None, "day": "2026-09-16", "pages": -1}, Look(None, date(2026, 8, 16))),
        ({"view": "week", "day": "2026-09-30", "pages": 1}, Look(View.WEEK, date(2026, 10, 7))),
        ({"view": "week", "day": "2030-01-01", "pages": 0}, Look(View.WEEK, TODAY)),
        ({"view": "day", "day": "2026-10-01", "pages": None}, Look(View.DAY, date(2026, 10, 1))),
    ],
)
def test_turning_pages_leads_where_it_should(sent: dict[str, Any], there: Look) -> None:
    assert component._look(sent, LOOK, TODAY) == there


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"view": "year", "day": "2026-09-16", "pages": 1},
        {"view": [], "day": "2026-09-16", "pages": 1},
        {"view": "week", "day": "2026-02-30", "pages": 1},
        {"view": "week", "day": 20260916, "pages": 1},
        {"view": "week", "day": "2026-09-16", "pages": 500},
        {"view": "week", "day": "2026-09-16", "pages": "1"},
        {"view": "week", "day": "0001-01-01", "pages": None},
        {"view": "week", "day": "9999-12-31", "pages": 1},
    ],
)
def test_what_only_a_tampered_browser_sends_turns_nothing(sent: dict[str, Any]) -> None:
    assert component._look(sent, LOOK, TODAY) is None


# --- The feed -----------------------------------------------------------------------------


def feed_part(open_page: OpenPage, username: str) -> AppTest:
    page = open_page("calendar", username)
    page.session_state["folded_calendar_feed"] = True
    return page.run()


def token(page: AppTest) -> str:
    """The address shown, without what is around its secret."""
    shown = re.search(r"/calendar/([\w-]+)\.ics", page.code[0].value)
    assert shown
    return shown[1]


def titles(token: str) -> set[str]:
    with reading() as db:
        return {event.title for event in calendar_feeds.for_token(db, token).events}


def test_an_address_works_and_is_shown_for_as_long_as_copying_it_takes(
    open_page: OpenPage, craft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = feed_part(open_page, "ben")

    press(page, "Make an address")

    assert titles(token(page)) == {"Session", "Cancelled: Session"}
    page.run()
    assert len(page.code) == 1
    over = clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: over)
    page.run()
    assert len(page.code) == 0
    assert "It is not shown again" in page.markdown[-1].value


def test_what_it_says_can_be_changed_without_a_new_address(open_page: OpenPage, craft: str) -> None:
    page = feed_part(open_page, "amina")
    press(page, "Make an address")
    address = token(page)
    assert titles(address) == {"Session", "Cancelled: Session"}

    page.radio("calendar_feed_named").set_value(True)
    press(page, "Save")

    assert titles(address) == {"Tuesday craft", "Cancelled: Tuesday craft"}


def test_an_address_is_replaced_and_taken_back_at_once(open_page: OpenPage, craft: str) -> None:
    page = feed_part(open_page, "ben")
    press(page, "Make an address")
    first = token(page)
    press(page, "Replace the address")
    second = token(page)
    with pytest.raises(NoFeedError):
        titles(first)
    assert titles(second)

    press(page, "Take the address back")

    with pytest.raises(NoFeedError):
        titles(second)
    assert not page.exception
    assert "Make an address" in [button.label for button in page.button]


def test_a_form_that_was_open_when_the_address_was_taken_back_elsewhere_says_so(
    open_page: OpenPage, somebody: Somebody, craft: str
) -> None:
    page = feed_part(open_page, "ben")
    press(page, "Make an address")
    ben = somebody("ben")
    with transaction() as db:
        calendar_feeds.take_back(db, ben)

    press(page, "Save")

    assert not page.exception
    assert "Make an address" in [button.label for button in page.button]


def test_whether_feeds_say_where_is_the_administrators_to_decide(
    open_page: OpenPage, craft: str
) -> None:
    assert "It does not say where." in feed_part(open_page, "ben").markdown[-1].value
    page = open_page("settings", "ada")
    where = next(box for box in page.checkbox if "where a session is" in box.label)
    assert not where.value
    where.check()
    press(page, "Save")

    assert "It says where" in feed_part(open_page, "ben").markdown[-1].value
