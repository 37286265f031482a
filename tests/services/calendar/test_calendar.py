"""The calendar: which days, which sessions of them, for whom, and at what cost."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Facilitation, GroupState, Room, SessionState
from services.calendar import calendar
from services.calendar.calendar import Day, Filters, Standing, standing
from services.calendar.calendar_days import Span, View, span, turned, within_reach
from services.errors import NotPermittedError
from services.groups import rooms
from services.permissions import Actor
from tests.make import make_group, session_of

SEPTEMBER = span(View.MONTH, date(2026, 9, 16))
REACHED = st.dates(min_value=date(2001, 1, 1), max_value=date(2099, 12, 31))


def days(db: Session, actor: Actor, shown: Span = SEPTEMBER, **more: Any) -> tuple[Day, ...]:
    return calendar.days(db, actor, shown, **{"most_a_day": 4, **more})


# --- Days ---------------------------------------------------------------------------------


def test_a_month_is_shown_in_whole_weeks_from_monday() -> None:
    assert span(View.MONTH, date(2026, 9, 16)) == Span(date(2026, 8, 31), date(2026, 10, 5))


def test_a_list_is_the_month_itself() -> None:
    assert span(View.LIST, date(2026, 2, 28)) == Span(date(2026, 2, 1), date(2026, 3, 1))


@given(view=st.sampled_from(View), day=REACHED)
def test_every_view_shows_the_day_it_was_asked_for(view: View, day: date) -> None:
    shown = span(view, day).days
    assert day in shown
    if view in {View.MONTH, View.WEEK}:
        assert shown[0].weekday() == 0
        assert len(shown) % 7 == 0
    assert len(shown) <= 42


@given(view=st.sampled_from(View), day=REACHED)
def test_the_next_page_begins_where_this_one_ends(view: View, day: date) -> None:
    there = turned(view, day, 1)
    if there == day:  # the calendar's last page
        return
    this, following = span(view, day), span(view, there)
    assert following.first <= this.after  # nothing between two pages is left out
    assert following.after > this.after


@pytest.mark.parametrize("view", View)
def test_the_calendar_ends_somewhere(view: View) -> None:
    assert turned(view, date(2099, 12, 31), 1).year == 2099
    assert turned(view, date(2001, 1, 1), -1).year == 2001
    assert not within_reach(date(1, 1, 1))
    assert not within_reach(date(9999, 12, 31))


def test_a_month_after_the_thirty_first_is_the_next_month() -> None:
    assert turned(View.MONTH, date(2026, 8, 31), 1) == date(2026, 9, 30)


# --- Sessions -----------------------------------------------------------------------------


def test_a_month_has_the_sessions_of_its_days(db: Session, amina: Actor, ben: Actor) -> None:
    group = make_group(db, amina, [ben])

    shown = days(db, ben)

    assert [day.day for day in shown] == [date(2026, 9, 8) + timedelta(weeks=n) for n in range(4)]
    first = shown[0].entries[0]
    assert (first.group_ref, first.code_name) == (group.ref, "Tuesday craft")
    assert (first.number, first.sessions) == (1, 12)
    assert f"{first.starts} {first.ends}" == "2026-09-08 10:00:00 2026-09-08 12:00:00"
    assert first.standing is Standing.PLANNED
    assert shown[0].more == 0


def test_ten_o_clock_is_ten_o_clock_on_both_sides_of_a_clock_change(
    db: Session, amina: Actor, ben: Actor
) -> None:
    make_group(db, amina, [ben], first_day=date(2026, 10, 20))
    shown = days(db, ben, span(View.LIST, date(2026, 10, 20)))
    assert [day.entries[0].starts.hour for day in shown] == [10, 10]
    assert [day.entries[0].ends.hour for day in shown] == [12, 12]


def test_a_full_day_brings_the_first_and_the_number_of_the_others(
    db: Session, amina: Actor, ben: Actor
) -> None:
    for number in range(6):
        last = make_group(db, amina, [ben], code_name=f"Group {number}")
    last.state = GroupState.CANCELLED
    db.flush()

    first = days(db, amina)[0]

    assert [entry.code_name for entry in first.entries] == [f"Group {n}" for n in range(4)]
    assert (first.more, first.taking_place) == (2, 5)


@pytest.mark.parametrize(
    ("state", "group_state", "is_moved", "said"),
    [
        (SessionState.PLANNED, GroupState.RUNNING, False, Standing.PLANNED),
        (SessionState.PLANNED, GroupState.RUNNING, True, Standing.MOVED),
        (SessionState.PLANNED, GroupState.CANCELLED, True, Standing.CANCELLED),
        (SessionState.PLANNED, GroupState.PAUSED, True, Standing.PAUSED),
        (SessionState.PLANNED, GroupState.DRAFT, False, Standing.DRAFT),
        (SessionState.HELD, GroupState.CANCELLED, False, Standing.HELD),
        (SessionState.HELD, GroupState.RUNNING, True, Standing.HELD),
        (SessionState.CANCELLED, GroupState.RUNNING, True, Standing.CANCELLED),
        (SessionState.CANCELLED, GroupState.PAUSED, False, Standing.CANCELLED),
    ],
)
def test_a_session_is_called_what_it_is(
    state: SessionState, group_state: GroupState, is_moved: bool, said: Standing
) -> None:
    assert standing(state, group_state, is_moved=is_moved) is said


def test_a_moved_session_says_so(db: Session, amina: Actor, ben: Actor) -> None:
    held = session_of(db, make_group(db, amina, [ben]))
    held.moved_from = held.starts_at
    db.flush()
    assert days(db, ben)[0].entries[0].standing is Standing.MOVED


def test_a_cancelled_session_stays_in_sight(db: Session, amina: Actor, ben: Actor) -> None:
    group = make_group(db, amina, [ben])
    session_of(db, group).state = SessionState.CANCELLED
    db.flush()
    assert days(db, ben)[0].entries[0].standing is Standing.CANCELLED


# --- Whose --------------------------------------------------------------------------------


def test_a_facilitator_sees_her_own_groups_and_others_see_all(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, leila: Actor
) -> None:
    make_group(db, amina, [ben])
    assert days(db, chloe) == ()
    assert len(days(db, ben)) == len(days(db, amina)) == len(days(db, leila)) == 4


def test_no_filter_opens_what_is_not_hers(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    group = make_group(db, amina, [ben])
    assert days(db, chloe, only=Filters(group=group.ref)) == ()
    assert days(db, chloe, only=Filters(facilitator=ben.ref)) == ()


def test_the_administrator_the_evaluator_and_the_engage_worker_are_refused(
    db: Session, ada: Actor, vik: Actor, erin: Actor
) -> None:
    for actor in (ada, vik, erin):
        with pytest.raises(NotPermittedError):
            days(db, actor)


def test_one_group_facilitator_or_room_can_be_looked_at_alone(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    craft = make_group(db, amina, [ben])
    garden = make_group(db, amina, [chloe], code_name="Garden")
    db.add(Facilitation(group_id=garden.id, account_id=ben.account_id))
    attic = rooms.add(db, amina, "Attic")
    session_of(db, garden, 2).room_id = db.scalar(select(Room.id).where(Room.ref == attic))
    db.flush()

    def names(only: Filters) -> set[str]:
        return {entry.code_name for day in days(db, amina, only=only) for entry in day.entries}

    assert names(Filters(group=craft.ref)) == {"Tuesday craft"}
    assert names(Filters(facilitator=chloe.ref)) == {"Garden"}
    assert names(Filters(facilitator=ben.ref)) == {"Tuesday craft", "Garden"}
    assert names(Filters(group=craft.ref, facilitator=chloe.ref)) == set()
    assert names(Filters(room=attic)) == {"Garden"}
    assert names(Filters(group="nobody's")) == names(Filters(room="none's")) == set()


# --- Cost ---------------------------------------------------------------------------------


def test_a_calendar_costs_one_query_and_brings_no_more_than_it_shows(
    db: Session, amina: Actor, ben: Actor, count_queries: Callable[[], Any]
) -> None:
    for number in range(8):
        make_group(db, amina, [ben], code_name=f"Group {number}")
    db.expire_all()

    with count_queries() as statements:
        shown = days(db, ben, most_a_day=3)

    assert len(statements) == 1
    assert sum(len(day.entries) for day in shown) == 12
    assert [day.more for day in shown] == [5] * 4
