"""The one place that knows what time it is."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from services.config import settings

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """This instant, in UTC. With ALONGSIDE_TODAY set (tests only): that day, at this time."""
    moment = datetime.now(UTC)
    fixed = settings().today
    if fixed is None:
        return moment
    return datetime.combine(fixed, moment.time(), tzinfo=UTC)


def today() -> date:
    """Today's date where the service is."""
    return now().astimezone(LONDON).date()


def local(instant: datetime, zone: str = "Europe/London") -> datetime:
    """The instant as a clock on the wall shows it."""
    return instant.astimezone(_zone(zone))


def wall(instant: datetime, zone: str = "Europe/London") -> datetime:
    """The same without its zone, for tables and sentences."""
    return local(instant, zone).replace(tzinfo=None)


def start_of_day(day: date) -> datetime:
    """The instant at which a day begins where the service is."""
    return datetime.combine(day, time(), tzinfo=LONDON)


def spoken(moment: time) -> str:
    """A time as people say it: 10am, 1:30pm."""
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes}{'am' if moment.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon


def spoken_day(day: date) -> str:
    """A day as people say it: Wednesday 3 June 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def quarter(day: date) -> str:
    """The calendar quarter of a day, as in 2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
