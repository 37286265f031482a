"""Calendar feeds: what is in them, in which words, and how changes reach a calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Account, Group, GroupSession, GroupState, Organisation, SessionState
from services import clock
from services.calendar import calendar_feeds, feed_text
from services.calendar.feed_text import FeedEvent
from services.groups import groups
from services.groups.schedules import changing
from services.groups.schedules.parts import Cancel, Change, Move
from services.permissions import Actor
from tests.conftest import NOW, Clock
from tests.make import make_group, session_of
from tests.services.calendar.feeds import Reader, token_of

# --- What is in it -----------------------------------------------------------------------


def test_two_readers_find_the_same_sessions_at_the_same_wall_time(
    reader: Callable[..., Reader], craft: Group, ben: Actor
) -> None:
    feed = reader(ben)
    ours, theirs = feed.events(), feed.second_opinion()

    starts = [event["DTSTART"].dt for event in ours]
    assert len(starts) == 12
    assert {(start.hour, start.minute) for start in starts} == {(10, 0)}
    assert [start.astimezone(UTC).hour for start in starts[:2]] == [9, 10]
    assert [event.dtstart.value.astimezone(UTC) for event in theirs] == [
        start.astimezone(UTC) for start in starts
    ]
    assert [event.dtend.value.astimezone(UTC) for event in theirs] == [
        event["DTEND"].dt.astimezone(UTC) for event in ours
    ]


def test_the_zone_says_when_the_clocks_change(
    reader: Callable[..., Reader], craft: Group, ben: Actor
) -> None:
    text = reader(ben).text().decode()
    (zone,) = icalendar.Calendar.from_ical(text).walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/London"
    changes = zone.to_ical().decode()
    assert "DTSTART:20261025T020000" in changes  # back to winter time
    assert "20270328T010000" in changes or "20270328T020000" in changes
    second = vobject.readOne(text).vtimezone.gettzinfo()
    saturday, monday = (datetime(2026, 10, day, 12, tzinfo=second) for day in (24, 26))
    assert (saturday.utcoffset(), monday.utcoffset()) == (timedelta(hours=1), timedelta())


@given(
    begins=st.lists(
        st.datetimes(
            min_value=datetime.fromisoformat("2026-01-01"),
            max_value=datetime.fromisoformat("2028-06-30"),
        ).filter(lambda wall: wall.hour >= 3),  # before that, one hour a year comes twice
        min_size=1,
        max_size=5,
    ),
    title=st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable()),
)
def test_two_readers_agree_on_any_moment_and_any_title(begins: list[datetime], title: str) -> None:
    starts = [wall.replace(microsecond=0, tzinfo=clock.LONDON) for wall in sorted(begins)]
    events = tuple(
        FeedEvent(
            uid=f"{number}@alongside",
            sequence=number,
            title=title,
            starts_at=start.astimezone(UTC),
            ends_at=start.astimezone(UTC) + timedelta(hours=2),
            zone="Europe/London",
            status="CONFIRMED",
            changed_at=NOW,
        )
        for number, start in enumerate(starts)
    )
    text = feed_text.written(events)

    ours = icalendar.Calendar.from_ical(text).walk("VEVENT")
    theirs = vobject.readOne(text.decode()).vevent_list

    instants = [start.astimezone(UTC) for start in starts]
    assert [event["DTSTART"].dt.astimezone(UTC) for event in ours] == instants
    assert [event.dtstart.value.astimezone(UTC) for event in theirs] == instants
    assert {str(event["SUMMARY"]) for event in ours} == {title}
    assert {event.summary.value for event in theirs} == {title}


def test_nothing_in_it_says_who_what_or_where(
    reader: Callable[..., Reader], db: Session, craft: Group, amina: Actor, ben: Actor
) -> None:
    db.execute(update(Account).values(display_name="Benedikta Marrowfield"))
    text = b"".join(
        (reader(ben).text(), reader(ben, shows_code_names=True).text(), reader(amina).text())
    ).decode()
    unfolded = text.replace("\r\n ", "").casefold()
    topics = db.scalars(select(GroupSession.topic)).all()
    secrets = [
        "Zsofia", "Quillfeather", "Weaver", "meet.example", "Steps Forward", "steps_forward",
        "Lantern House", "Benedikta", "Marrowfield", *topics,
    ]  # fmt: skip
    assert [word for word in secrets if word.casefold() in unfolded] == []


def test_a_title_is_neutral_unless_she_chooses_the_code_name(
    reader: Callable[..., Reader], craft: Group, ben: Actor
) -> None:
    assert {str(event["SUMMARY"]) for event in reader(ben).events()} == {"Session"}
    assert {str(event["SUMMARY"]) for event in reader(ben, shows_code_names=True).events()} == {
        "Tuesday craft"
    }


def test_the_place_is_in_it_only_once_the_organisation_allows_it(
    reader: Callable[..., Reader], db: Session, craft: Group, ben: Actor
) -> None:
    feed = reader(ben)
    assert not any("LOCATION" in event for event in feed.events())

    db.execute(update(Organisation).values(feeds_show_place=True))
    assert {str(event["LOCATION"]) for event in feed.events()} == {"Weaver Hall"}

    craft.venue = None
    assert {event.location.value for event in feed.second_opinion()} == {"https://meet.example/abc"}


def test_it_reaches_a_month_back_and_four_hundred_days_ahead(
    reader: Callable[..., Reader], db: Session, amina: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben])
    days = [date(2026, 8, 16), date(2026, 8, 17), date(2027, 10, 20), date(2027, 10, 21)]
    for number, day in enumerate(days, 1):
        moved = session_of(db, group, number)
        moved.starts_at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        moved.ends_at = moved.starts_at + timedelta(hours=1)
    for number in range(5, 13):
        db.delete(session_of(db, group, number))

    found = [event["DTSTART"].dt.date() for event in reader(ben).events()]

    assert found == [date(2026, 8, 17), date(2027, 10, 20)]


def test_there_is_an_end_to_it(
    reader: Callable[..., Reader],
    craft: Group,
    ben: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calendar_feeds, "MOST_EVENTS", 5)
    feed = reader(ben).events()
    assert [event["DTSTART"].dt.date() for event in feed][:2] == [
        date(2026, 10, 20),
        date(2026, 10, 27),
    ]
    assert len(feed) == 5


def test_without_sessions_it_is_an_empty_calendar(
    reader: Callable[..., Reader], chloe: Actor
) -> None:
    feed = reader(chloe)
    assert feed.events() == []
    assert feed.second_opinion() == []


def change(db: Session, actor: Actor, group: Group, what: Change) -> None:
    seen = changing.preview(db, actor, group.ref, what)
    changing.apply(db, actor, group.ref, what, version=seen.version)
    db.flush()


# --- Changes -----------------------------------------------------------------------------


def test_a_cancelled_session_reaches_the_calendar_under_the_same_name_and_a_higher_number(
    reader: Callable[..., Reader],
    db: Session,
    craft: Group,
    amina: Actor,
    ben: Actor,
    time_stands_still: Clock,
) -> None:
    feed = reader(ben)
    before = {str(event["UID"]): event for event in feed.events()}
    time_stands_still.go_on(hours=1)
    held = session_of(db, craft, 3)
    change(db, amina, craft, Cancel(held.ref, "Snow", keeps_length=False))

    after = {str(event["UID"]): event for event in feed.events()}
    told = after[f"{held.ref}@alongside"]

    assert before.keys() == after.keys()
    assert told["STATUS"] == "CANCELLED"
    assert told["SUMMARY"] == "Cancelled: Session"
    assert told["SEQUENCE"] > before[f"{held.ref}@alongside"]["SEQUENCE"]
    assert told["LAST-MODIFIED"].dt == time_stands_still.now()
    assert {event.status.value for event in feed.second_opinion()} == {"CONFIRMED", "CANCELLED"}


def test_a_moved_session_keeps_its_name_and_says_its_new_time(
    reader: Callable[..., Reader], db: Session, craft: Group, amina: Actor, ben: Actor
) -> None:
    feed = reader(ben)
    held = session_of(db, craft, 2)
    earlier = feed.events()[1]["SEQUENCE"]
    change(db, amina, craft, Move(held.ref, held.local_start + timedelta(days=1)))

    told = feed.events()[1]

    assert told["UID"] == f"{held.ref}@alongside"
    assert told["DTSTART"].dt.date() == date(2026, 10, 28)
    assert (told["SUMMARY"], told["STATUS"]) == ("Moved: Session", "CONFIRMED")
    assert told["SEQUENCE"] > earlier


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (GroupState.CANCELLED, "CANCELLED"),
        (GroupState.PAUSED, "TENTATIVE"),
        (GroupState.DRAFT, "TENTATIVE"),
        (GroupState.RUNNING, "CONFIRMED"),
    ],
)
def test_what_becomes_of_a_group_becomes_of_its_sessions(
    reader: Callable[..., Reader],
    db: Session,
    amina: Actor,
    ben: Actor,
    craft: Group,
    state: GroupState,
    status: str,
    time_stands_still: Clock,
) -> None:
    feed = reader(ben)
    earlier = feed.events()[0]["SEQUENCE"]
    time_stands_still.go_on(days=1)
    groups.change_state(db, amina, craft.ref, state, version=craft.version)

    told = feed.events()

    assert {event["STATUS"] for event in told} == {status}
    assert told[0]["SEQUENCE"] > earlier
    assert told[0]["LAST-MODIFIED"].dt == time_stands_still.now()


def test_what_was_held_stays_held_when_the_group_is_cancelled(
    reader: Callable[..., Reader], db: Session, craft: Group, ben: Actor
) -> None:
    session_of(db, craft, 1).state = SessionState.HELD
    craft.state = GroupState.CANCELLED
    statuses = [str(event["STATUS"]) for event in reader(ben).events()]
    assert statuses == ["CONFIRMED", *["CANCELLED"] * 11]


def test_an_edition_changes_with_what_is_in_it_and_with_nothing_else(
    reader: Callable[..., Reader],
    db: Session,
    craft: Group,
    amina: Actor,
    ben: Actor,
    time_stands_still: Clock,
) -> None:
    feed = reader(ben)

    def edition() -> str:
        db.flush()
        return feed_text.edition(calendar_feeds.for_token(db, feed.token).events)

    first, text = edition(), feed.text()
    time_stands_still.go_on(hours=3)
    assert (edition(), feed.text()) == (first, text)
    change(db, amina, craft, Cancel(session_of(db, craft, 1).ref, "Snow", keeps_length=False))
    assert edition() != first


# --- Cost --------------------------------------------------------------------------------


def test_a_feed_costs_two_queries_however_many_groups_there_are(
    db: Session, amina: Actor, ben: Actor, count_queries: Callable[[], Any]
) -> None:
    for number in range(6):
        make_group(db, amina, [ben], code_name=f"Group {number}")
    token = token_of(calendar_feeds.make(db, ben))
    db.flush()
    db.expire_all()

    with count_queries() as statements:
        feed = calendar_feeds.for_token(db, token)

    assert len(feed.events) == 72
    assert len(statements) == 2
