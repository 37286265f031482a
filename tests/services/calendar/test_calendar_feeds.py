"""Calendar feeds: whose sessions, in which words, and an address that is only hers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Account,
    AuditEntry,
    CalendarFeed,
    Group,
    GroupSession,
    GroupState,
    Organisation,
    Role,
    SessionState,
)
from models.encryption import use_keys
from services import clock
from services.accounts import accounts
from services.calendar import calendar_feeds, feed_text
from services.calendar.calendar_feeds import NO_FEED, NoFeedError
from services.calendar.feed_text import FeedEvent
from services.errors import ConflictError, NotPermittedError
from services.groups import groups
from services.groups.schedules import changing
from services.groups.schedules.parts import Cancel, Change, Move
from services.permissions import Actor
from tests.conftest import DATA_KEY, NOW, Clock
from tests.make import make_actor, make_group, make_person, make_place, session_of


def token_of(path: str) -> str:
    return path.removeprefix("/calendar/").removesuffix(".ics")


@dataclass
class Reader:
    """A calendar that follows an address."""

    db: Session
    token: str

    def text(self) -> bytes:
        self.db.flush()
        return feed_text.written(calendar_feeds.for_token(self.db, self.token).events)

    def events(self) -> list[icalendar.Event]:
        return list(icalendar.Calendar.from_ical(self.text()).walk("VEVENT"))

    def second_opinion(self) -> list[Any]:
        calendar = vobject.readOne(self.text().decode())
        return list(getattr(calendar, "vevent_list", []))


@pytest.fixture
def reader(db: Session) -> Callable[..., Reader]:
    """`reader(ben)`: an address Ben has just made, read by a calendar."""

    def follow(actor: Actor, **choices: bool) -> Reader:
        return Reader(db, token_of(calendar_feeds.make(db, actor, **choices)))

    return follow


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's over the clock change, with a venue and a participant."""
    group = make_group(db, amina, [ben], first_day=date(2026, 10, 20))
    group.venue, group.online_link = "Weaver Hall", "https://meet.example/abc"
    make_place(db, amina, group, make_person(db, amina, "Zsofia", "Quillfeather"))
    db.flush()
    return group


# --- What is in it ------------------------------------------------------------------------


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


# --- Changes ------------------------------------------------------------------------------


def change(db: Session, actor: Actor, group: Group, what: Change) -> None:
    seen = changing.preview(db, actor, group.ref, what)
    changing.apply(db, actor, group.ref, what, version=seen.version)
    db.flush()


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


# --- Whose sessions -----------------------------------------------------------------------


def test_a_facilitator_reads_her_own_groups_only(
    reader: Callable[..., Reader], craft: Group, chloe: Actor
) -> None:
    assert reader(chloe).events() == []


def test_a_coordinator_and_a_lead_read_every_session_they_see(
    reader: Callable[..., Reader], craft: Group, amina: Actor, leila: Actor
) -> None:
    assert len(reader(amina).events()) == len(reader(leila).events()) == 12


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EVALUATOR, Role.ENGAGE_WORKER])
def test_who_sees_no_groups_has_no_feed(db: Session, role: Role) -> None:
    actor = make_actor(db, "somebody", role)
    for attempt in (
        lambda: calendar_feeds.make(db, actor),
        lambda: calendar_feeds.change(db, actor, shows_code_names=False),
        lambda: calendar_feeds.take_back(db, actor),
        lambda: calendar_feeds.own(db, actor),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


# --- The address --------------------------------------------------------------------------


def test_an_address_is_kept_as_a_keyed_hash_alone(db: Session, ben: Actor) -> None:
    token = token_of(calendar_feeds.make(db, ben))
    db.flush()
    kept = db.scalars(select(CalendarFeed.token_hash)).one()
    assert len(token) >= 32
    assert token not in kept
    assert calendar_feeds.for_token(db, token).events == ()


def test_a_replaced_address_leads_nowhere_at_once(db: Session, ben: Actor) -> None:
    old = token_of(calendar_feeds.make(db, ben))
    new = token_of(calendar_feeds.make(db, ben, shows_code_names=True))
    db.flush()

    with pytest.raises(NoFeedError):
        calendar_feeds.for_token(db, old)
    assert calendar_feeds.for_token(db, new)
    assert len(db.scalars(select(CalendarFeed.id)).all()) == 1


def test_an_address_taken_back_a_closed_account_and_a_guess_read_the_same(
    db: Session, ada: Actor, ben: Actor, chloe: Actor, leila: Actor
) -> None:
    taken_back, closed, changed = (
        token_of(calendar_feeds.make(db, actor)) for actor in (ben, chloe, leila)
    )
    calendar_feeds.take_back(db, ben)
    accounts.close(db, ada, chloe.ref)
    db.execute(update(Account).where(Account.ref == leila.ref).values(role=Role.EVALUATOR))
    db.expire_all()

    for token in (taken_back, closed, changed, "guessed", "", "x" * 5000, "ü%00"):
        with pytest.raises(NoFeedError, match=NO_FEED.split(".", maxsplit=1)[0]) as refusal:
            calendar_feeds.for_token(db, token)
        assert str(refusal.value) == NO_FEED


def test_taking_back_twice_is_taking_back_once(db: Session, ben: Actor) -> None:
    calendar_feeds.make(db, ben)
    calendar_feeds.take_back(db, ben)
    calendar_feeds.take_back(db, ben)
    assert calendar_feeds.own(db, ben) is None
    assert [action for action in actions(db) if action == "calendar_feed.taken_back"] == [
        "calendar_feed.taken_back"
    ]


def test_what_it_says_changes_at_the_same_address(
    reader: Callable[..., Reader], db: Session, craft: Group, ben: Actor
) -> None:
    feed = reader(ben)
    calendar_feeds.change(db, ben, shows_code_names=True)
    assert feed.events()[0]["SUMMARY"] == "Tuesday craft"
    own = calendar_feeds.own(db, ben)
    assert own
    assert own.shows_code_names


def test_a_change_to_an_address_taken_back_meanwhile_says_so(db: Session, ben: Actor) -> None:
    with pytest.raises(ConflictError, match="Make a new one"):
        calendar_feeds.change(db, ben, shows_code_names=True)


def test_every_step_is_in_the_audit_log_and_the_address_is_not(db: Session, ben: Actor) -> None:
    token = token_of(calendar_feeds.make(db, ben))
    calendar_feeds.change(db, ben, shows_code_names=True)
    calendar_feeds.take_back(db, ben)
    assert actions(db)[-3:] == [
        "calendar_feed.made",
        "calendar_feed.changed",
        "calendar_feed.taken_back",
    ]
    assert not any(token in details for details in db.scalars(select(AuditEntry.details)))


def test_an_address_outlives_the_key_it_was_made_under(db: Session, ben: Actor) -> None:
    token = token_of(calendar_feeds.make(db, ben))
    db.flush()
    newer = Fernet.generate_key().decode()
    use_keys([newer, DATA_KEY])
    try:
        assert calendar_feeds.for_token(db, token).under_old_key
        calendar_feeds.renew_hash(db, token)
        assert not calendar_feeds.for_token(db, token).under_old_key
    finally:
        use_keys([DATA_KEY])


def actions(db: Session) -> list[str]:
    return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


# --- Cost ---------------------------------------------------------------------------------


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
