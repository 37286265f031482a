"""Changing a group's schedule: previewed, then made once, with its calendar entry following."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import (
    Group,
    Mark,
    SessionState,
)
from services import audit
from services.errors import ConflictError, InvalidInputError, NotPermittedError
from services.groups import groups
from services.groups.schedules import changing
from services.groups.schedules.parts import (
    Add,
    AddRound,
    Cancel,
    Move,
    MoveAll,
    PutBreak,
    Restore,
    Swap,
)
from services.permissions import Actor
from services.tallies import recount
from tests.make import make_group, make_person, make_place, session_of
from tests.services.groups.craft import FIRST, at, change, ref_of, rows


def test_a_look_changes_nothing(db: Session, amina: Actor, craft: Group) -> None:
    before = groups.sessions(db, amina, craft.ref)

    changing.preview(db, amina, craft.ref, Cancel(ref_of(db, craft, 3), "Snow", keeps_length=True))

    assert groups.sessions(db, amina, craft.ref).equals(before)


def test_a_moved_session_is_moved_and_its_calendar_entry_follows(
    db: Session, amina: Actor, craft: Group
) -> None:
    session = session_of(db, craft, 3)
    was, day = session.starts_at, session.local_start.date()

    change(db, amina, craft, Move(session.ref, at(day + timedelta(1), 13, 30)))

    assert session.local_start == at(day + timedelta(1), 13, 30)
    assert session.starts_at == datetime(2026, 9, 30, 12, 30, tzinfo=UTC)
    assert (session.moved_from, session.sequence) == (was, 1)
    assert session_of(db, craft, 4).sequence == 0
    shown = groups.sessions(db, amina, craft.ref)
    assert shown["state"].tolist()[1:4] == ["planned", "moved", "planned"]
    assert audit.verify(db).faults == ()


def test_a_rolling_group_goes_round_again_once_and_asks_for_no_more_topics(
    db: Session, amina: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben], programme="open_door", first_day=FIRST)
    topics = groups.sessions(db, amina, group.ref)["topic"].tolist()
    seen = changing.preview(db, amina, group.ref, AddRound())

    changing.apply(db, amina, group.ref, AddRound(), version=seen.version)

    assert groups.sessions(db, amina, group.ref)["topic"].tolist() == topics * 2
    assert (group.sessions_offered, group.topics_to_complete) == (22, 11)
    assert group.ends_on == seen.ends[1]
    with pytest.raises(ConflictError):  # the same once more, over a bad line
        changing.apply(db, amina, group.ref, AddRound(), version=seen.version)
    with pytest.raises(NotPermittedError):
        changing.apply(db, ben, group.ref, AddRound(), version=group.version)


def test_a_closed_group_does_not_go_round_again(db: Session, amina: Actor, craft: Group) -> None:
    with pytest.raises(InvalidInputError) as refused:
        changing.preview(db, amina, craft.ref, AddRound())
    assert "ends with its topics" in refused.value.problems["change"]


def test_moved_back_it_was_never_moved(db: Session, amina: Actor, craft: Group) -> None:
    session = session_of(db, craft, 3)
    day = session.local_start.date()
    change(db, amina, craft, Move(session.ref, at(day + timedelta(1))))

    change(db, amina, craft, Move(session.ref, at(day)))

    assert (session.moved_from, session.sequence) == (None, 2)


def test_a_cancelled_session_keeps_the_series_whole_and_moves_its_end(
    db: Session, amina: Actor, craft: Group
) -> None:
    end, topics = craft.ends_on, groups.sessions(db, amina, craft.ref)["topic"].tolist()
    third = session_of(db, craft, 3)

    change(db, amina, craft, Cancel(third.ref, "The boiler broke", keeps_length=True))

    shown = groups.sessions(db, amina, craft.ref)
    live = shown[shown["state"] != "cancelled"]
    assert live["number"].tolist() == list(range(1, 13))
    assert live["topic"].tolist() == topics
    assert (craft.sessions_offered, craft.sessions_to_complete) == (12, 9)
    assert craft.ends_on == end + timedelta(weeks=1)
    assert (third.state, third.cancelled_reason) == (SessionState.CANCELLED, "The boiler broke")


def test_why_it_was_cancelled_is_not_to_be_read_in_the_database(
    db: Session, amina: Actor, craft: Group
) -> None:
    change(db, amina, craft, Cancel(ref_of(db, craft, 3), "The boiler broke", keeps_length=True))

    stored = db.execute(text("SELECT cancelled_reason FROM group_sessions")).scalars()
    assert not any("boiler" in (one or "") for one in stored)
    entries = db.execute(text("SELECT details FROM audit_entries")).scalars()
    assert not any("boiler" in one for one in entries)


def test_a_shorter_series_asks_for_fewer_sessions(db: Session, amina: Actor, craft: Group) -> None:
    for number in (3, 5, 7, 9):
        change(db, amina, craft, Cancel(ref_of(db, craft, number), "Strike", keeps_length=False))

    assert (craft.sessions_offered, craft.sessions_to_complete) == (8, 6)
    live = [one for one in rows(db, craft) if one.state is not SessionState.CANCELLED]
    assert [one.number for one in live] == list(range(1, 9))


def test_an_extra_session_never_asks_for_more_than_was_promised(
    db: Session, amina: Actor, craft: Group
) -> None:
    change(db, amina, craft, Add(at(date(2026, 9, 19)), 90, "A walk together"))

    assert (craft.sessions_offered, craft.sessions_to_complete) == (13, 9)
    assert session_of(db, craft, 2).topic == "A walk together"


def test_topics_are_swapped(db: Session, amina: Actor, craft: Group) -> None:
    second, third = session_of(db, craft, 2), session_of(db, craft, 3)
    topics = second.topic, third.topic

    change(db, amina, craft, Swap(second.ref, third.ref))

    assert (third.topic, second.topic) == topics


def test_all_to_come_follow_a_new_day_and_what_is_added_later_does_too(
    db: Session, amina: Actor, craft: Group
) -> None:
    second = ref_of(db, craft, 2)
    change(db, amina, craft, MoveAll(second, date(2026, 9, 24), (3,), time(14)))
    change(db, amina, craft, Cancel(second, "Flu", keeps_length=True))

    days = [one.local_start for one in rows(db, craft)]
    assert {moment.weekday() for moment in days[1:]} == {3}
    assert {moment.time() for moment in days[1:]} == {time(14)}
    assert (craft.weekdays, craft.meets_at) == ("3", time(14))


def test_a_break_put_in_later_is_kept_with_the_group(
    db: Session, amina: Actor, craft: Group
) -> None:
    change(db, amina, craft, PutBreak(date(2026, 10, 24), date(2026, 11, 1)))

    assert craft.breaks == [["2026-10-24", "2026-11-01"]]
    days = {one.local_start.date() for one in rows(db, craft)}
    assert date(2026, 10, 27) not in days
    assert craft.ends_on == max(days)


def test_a_group_from_before_rhythms_were_kept_goes_on_as_its_sessions_do(
    db: Session, amina: Actor, craft: Group
) -> None:
    craft.rhythm_from = craft.weekdays = craft.meets_at = craft.minutes = craft.breaks = None
    db.flush()

    change(db, amina, craft, Cancel(ref_of(db, craft, 12), "Snow", keeps_length=True))

    assert session_of(db, craft, 12).local_start == at(date(2026, 12, 8))
    assert craft.weekdays == "1"


def test_a_cancelled_session_held_after_all_is_to_be_marked_again(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    place = make_place(db, amina, craft, make_person(db, amina))
    third = session_of(db, craft, 3)
    change(db, amina, craft, Cancel(third.ref, "The boiler broke", keeps_length=True))
    assert len(groups.sessions(db, amina, craft.ref)) == 13

    change(db, amina, craft, Restore(third.ref, drops_last=True))

    mark = db.scalars(select(Mark).where(Mark.session_id == third.id)).one()
    assert (mark.code, mark.version, mark.place_id) == (None, 2, place.id)
    live = groups.sessions(db, amina, craft.ref).query("state != 'cancelled'")
    assert live["number"].tolist() == list(range(1, 13))
    assert (third.state, third.cancelled_reason) == (SessionState.PLANNED, None)
    assert recount.differences(db) == []


def test_what_calendars_follow_counts_up_when_a_session_is_held_after_all(
    db: Session, amina: Actor, craft: Group
) -> None:
    third = session_of(db, craft, 3)
    change(db, amina, craft, Cancel(third.ref, "The boiler broke", keeps_length=False))
    before = third.sequence

    change(db, amina, craft, Restore(third.ref, drops_last=False))

    assert third.sequence > before
