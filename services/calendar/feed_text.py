"""A calendar feed as calendars read it (RFC 5545). Pure: events in, text out."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

REFRESHED = timedelta(hours=1)
# Changes with what is written for the same events: what a calendar has kept is then out of date.
_EDITION = 1
_PRODUCT = "-//Alongside//Sessions//EN"
_YEARS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One session as it leaves the building. Its UID stays, its sequence only ever rises."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    status: str  # CONFIRMED, TENTATIVE or CANCELLED
    changed_at: datetime
    place: str | None = None


def edition(events: tuple[FeedEvent, ...]) -> str:
    """What tells one state of a feed from another, without writing it."""
    return sha256(repr((_EDITION, events)).encode()).hexdigest()[:32]


@lru_cache(maxsize=64)
def written(events: tuple[FeedEvent, ...]) -> bytes:
    """The whole calendar. Many calendars ask every hour and keep nothing: it is often the same."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Sessions")
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESHED)
    for zone in sorted({event.zone for event in events}):
        calendar.add_component(_zone(zone, min(event.starts_at for event in events).year))
    for event in events:
        calendar.add_component(_component(event))
    text: bytes = calendar.to_ical()
    return text


def _component(event: FeedEvent) -> Event:
    """Instants become wall time with their zone: ten o'clock stays ten over a clock change."""
    zone = ZoneInfo(event.zone)
    made = Event()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("summary", event.title)
    made.add("dtstart", event.starts_at.astimezone(zone))
    made.add("dtend", event.ends_at.astimezone(zone))
    # In a feed nobody replies to, both say when the session was last changed.
    made.add("dtstamp", event.changed_at.astimezone(UTC))
    made.add("last-modified", event.changed_at.astimezone(UTC))
    made.add("status", event.status)
    made.add("transp", "TRANSPARENT" if event.status == "CANCELLED" else "OPAQUE")
    made.add("class", "PRIVATE")
    if event.place:
        made.add("location", event.place)
    return made


@cache
def _zone(name: str, year: int) -> Timezone:
    """The clock changes of a zone, as far as a feed that begins in this year can reach."""
    last = date(year + _YEARS_AHEAD, 1, 1)
    return Timezone.from_tzid(name, first_date=date(year, 1, 1), last_date=last)
