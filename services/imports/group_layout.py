"""What a spreadsheet of groups may hold."""

import re
from collections.abc import Hashable, Mapping
from functools import partial

from rapidfuzz import process

from models import GroupState, ImportKind
from services.imports import understanding as read
from services.imports.layout import Field, Layout, Values
from services.imports.reading import Cell
from services.programmes.programme_library import ProgrammeTemplate

# A group that was cancelled, or is only a draft, is no list's business.
_STATES = {
    "recruiting": GroupState.RECRUITING,
    "confirmed": GroupState.CONFIRMED,
    "running": GroupState.RUNNING,
    "current": GroupState.RUNNING,
    "paused": GroupState.PAUSED,
    "finished": GroupState.FINISHED,
    "ended": GroupState.FINISHED,
    "complete": GroupState.FINISHED,
    "completed": GroupState.FINISHED,
    "closed": GroupState.CLOSED,
}
_NEAREST = 3
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BETWEEN = re.compile(r"[,;/&+\n]|\band\b", re.IGNORECASE)


def programme(words: str, known: Mapping[str, ProgrammeTemplate]) -> str:
    """The key of a programme, by its key or its title. Raises ValueError naming the nearest."""
    wanted = _plain(words)
    for key, one in known.items():
        if wanted in (_plain(key), _plain(one.title)):
            return key
    titles = [one.title for one in known.values()]
    near = ", ".join(title for title, *_ in process.extract(wanted, titles, limit=_NEAREST))
    raise ValueError(f"There is no programme of this name. The nearest ones are: {near}.")


def weekdays(cell: Cell) -> tuple[int, ...]:
    """Days of the week, counted from 0, Monday: “Tuesday”, or “Tue and Thu”."""
    days = [_weekday(word) for word in _listed(cell)]
    return tuple(sorted(set(days)))


def user_names(cell: Cell) -> tuple[str, ...]:
    """The names colleagues sign in with, each once, in the order given."""
    return tuple(dict.fromkeys(word.casefold() for word in _listed(cell)))


def settle(values: Values) -> Values:
    """Without a weekday, the one of the first day."""
    if "first_day" in values and "weekdays" not in values:
        values["weekdays"] = (values["first_day"].weekday(),)
    return values


def identities(values: Values) -> list[Hashable]:
    """What a row is known by: the group's name and its first day."""
    return [(plain_code(values["code_name"]), values["first_day"])]


def plain_code(code_name: str) -> str:
    """A code name as it is compared: capitals and spaces do not count."""
    return _plain(code_name)


def _listed(cell: Cell) -> list[str]:
    return [word.strip() for word in _BETWEEN.split(read.text(cell)) if word.strip()]


def _weekday(word: str) -> int:
    begins = word.casefold()[:3]
    if begins not in _WEEKDAYS:
        raise ValueError("Write the day of the week, such as Tuesday, or Tuesday and Thursday.")
    return _WEEKDAYS.index(begins)


def _plain(words: str) -> str:
    return " ".join(re.split(r"[\W_]+", words.casefold())).strip()


GROUPS = Layout(
    kind=ImportKind.GROUPS,
    title="Groups",
    fields=(
        Field(
            key="code_name",
            label="Code name",
            about="What the group is called, safe to say aloud.",
            example="Tuesday craft",
            read=read.line,
            also=("Group", "Group name", "Name", "Cohort"),
        ),
        Field(
            key="programme",
            label="Programme",
            about="Its title or key, as the programme library has it.",
            example="Steps Forward",
            read=read.line,
            also=("Course", "Program", "Programme key", "Group type"),
        ),
        Field(
            key="first_day",
            label="First day",
            about="The day of the first session, day first: 8/9/2026.",
            example="8/9/2026",
            read=read.day,
            also=("Start date", "Starts", "Starts on", "First session", "Began"),
        ),
        Field(
            key="weekdays",
            label="Weekday",
            about="Tuesday, or Tuesday and Thursday. Empty: the weekday of the first day.",
            example="Tuesday",
            read=weekdays,
            also=("Weekdays", "Day", "Days", "Day of the week"),
        ),
        Field(
            key="start",
            label="Start time",
            about="When a session begins: 10:00 or 1.30pm.",
            example="10:00",
            read=read.clock_time,
            also=("Time", "Begins at", "Session time"),
        ),
        Field(
            key="sessions",
            label="Number of sessions",
            about="Empty: as many as the programme has. Fewer, if the group was shorter.",
            example="",
            read=read.whole_number,
            also=("Sessions", "Weeks", "Number of weeks"),
        ),
        Field(
            key="capacity",
            label="Capacity",
            about="How many places there are. Empty: as many as the programme has.",
            example="8",
            read=read.whole_number,
            also=("Places", "Group size", "Maximum", "Number of places"),
        ),
        Field(
            key="facilitators",
            label="Facilitators",
            about="The names they sign in with, parted by commas; the first one leads.",
            example="ben",
            read=user_names,
            also=("Facilitator", "Led by", "Run by", "Worker", "Workers"),
        ),
        Field(
            key="state",
            label="State",
            about="Recruiting, confirmed, running, paused, finished or closed. Empty: by its days.",
            example="Running",
            read=read.one_of(
                _STATES,
                "Write recruiting, confirmed, running, paused, finished or closed. Leave out a "
                "group that was cancelled.",
            ),
            also=("Status", "Stage"),
        ),
        Field(
            key="venue",
            label="Venue",
            about="Where it meets. Seen by those who may see the group.",
            example="",
            read=partial(read.text, most=read.LONGEST_LINE),
            also=("Where", "Room", "Location"),
        ),
    ),
    columns=(frozenset({"code_name", "programme", "first_day", "start", "facilitators"}),),
    columns_missing="Match a column to each of “Code name”, “Programme”, “First day”, "
    "“Start time” and “Facilitators”.",
    needed={
        "code_name": "There is no code name in this row.",
        "programme": "There is no programme in this row.",
        "first_day": "There is no first day in this row.",
        "start": "There is no start time in this row.",
        "facilitators": "Write the user name of whoever facilitates; the first one leads.",
    },
    rules=(),
    settle=settle,
    identities=identities,
    about=lambda values: str(values.get("code_name", "")),
)
