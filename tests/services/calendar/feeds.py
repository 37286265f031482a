"""A feed as its readers find it."""

from dataclasses import dataclass
from typing import Any

import icalendar
import vobject
from sqlalchemy.orm import Session

from services.calendar import calendar_feeds, feed_text


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
