"""What a spreadsheet of past attendance may hold: a row a mark, or people down and days across."""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date

from models import ImportKind
from services import clock
from services.attendance import AttendanceCode
from services.imports import understanding as read
from services.imports.find_names import full_name, is_named, take_apart
from services.imports.group_layout import plain_code
from services.imports.layout import Field, Layout, Rule, Values
from services.imports.person_layout import PARTICIPANTS, name_and_birth

MARKS = "marks"  # the value in which every mark of a row is put together
_PERSON = (
    "earlier_reference", "code", "first_name", "last_name", "whole_name", "date_of_birth",
)  # fmt: skip
_DAY, _NUMBER = "day:", "session:"
_NUMBERED = re.compile(r"(?:(?:session|week|wk|s|w)\W*)?(\d{1,3})", re.IGNORECASE)
_WHO = (
    frozenset({"earlier_reference"}),
    frozenset({"code"}),
    frozenset({"first_name", "last_name"}),
    frozenset({"whole_name"}),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One mark of a row: where it stands, and for which session, by its day or its number."""

    field: str
    code: AttendanceCode
    day: date | None = None
    number: int | None = None
    minutes: int | None = None


def across(heading: str) -> Field | None:
    """A column of marks under the day of a session, or its number."""
    if numbered := _NUMBERED.fullmatch(heading.strip()):
        number = int(numbered[1])
        return _column(f"{_NUMBER}{number}", f"Session {number}", heading) if number else None
    try:
        day = read.day(heading)
    except ValueError:
        return None
    return _column(f"{_DAY}{day.isoformat()}", f"{day.day} {day:%B %Y}", heading)


def settle(values: Values) -> Values:
    """A whole name taken apart, and every mark of the row put together."""
    take_apart(values)
    values[MARKS] = tuple(_marks(values))
    return values


def identities(values: Values) -> list[Hashable]:
    """What a row is known by: group, person and session."""
    group = plain_code(values["group"])
    return [
        (group, who, one.day or one.number) for who in _known_by(values) for one in values[MARKS]
    ]


def about(values: Values) -> str:
    """Who, by name or reference, and which group."""
    who = full_name(values) or values.get("earlier_reference") or values.get("code") or ""
    return " · ".join(part for part in (str(who), str(values.get("group", ""))) if part)


def _known_by(values: Values) -> Iterator[Hashable]:
    for field in ("earlier_reference", "code"):
        if field in values:
            yield (field, values[field].casefold())
    if is_named(values) and ("date_of_birth" in values or not values.keys() & set(_PERSON[:2])):
        yield name_and_birth(values)


def _marks(values: Values) -> Iterator[Wanted]:
    if "mark" in values:
        yield Wanted(
            "mark", values["mark"], values.get("day"), values.get("number"), values.get("minutes")
        )
    for field, value in values.items():
        if field.startswith(_DAY):
            yield Wanted(field, value, day=date.fromisoformat(field.removeprefix(_DAY)))
        elif field.startswith(_NUMBER):
            yield Wanted(field, value, number=int(field.removeprefix(_NUMBER)))


def _column(key: str, label: str, heading: str) -> Field:
    about = "The mark of each person in this session."
    return Field(key=key, label=label, about=about, example="P", read=read.mark, also=(heading,))


ATTENDANCE = Layout(
    kind=ImportKind.ATTENDANCE,
    title="Past attendance",
    fields=(
        Field(
            key="group",
            label="Group",
            about="The code name of a group that is here. Bring groups in first.",
            example="Tuesday craft",
            read=read.line,
            also=("Code name", "Group name", "Cohort", "Group code name"),
        ),
        *(PARTICIPANTS.field(key) for key in _PERSON),
        Field(
            key="day",
            label="Day of the session",
            about="Day first: 8/9/2026. Or head a column of marks with each day, one row a person.",
            example="8/9/2026",
            read=read.day,
            also=("Date", "Session date", "Day", "When", "Date of session", "Attended on"),
        ),
        Field(
            key="number",
            label="Session number",
            about="Instead of the day. Or head columns of marks “Session 1”, “Session 2”.",
            example="1",
            read=read.whole_number,
            also=("Session", "Week", "Session no", "Week number", "No"),
        ),
        Field(
            key="mark",
            label="Attendance",
            about="Present, late, apologies, DNA, or the letters of the register: P, L, A, D.",
            example="Present",
            read=read.mark,
            also=("Mark", "Attended", "Attendance code", "Status", "Present"),
        ),
        Field(
            key="minutes",
            label="Minutes",
            about="How late she came, or how early she left.",
            example="",
            read=read.whole_number,
            also=("Minutes late", "Minutes missed", "Late by"),
        ),
        Field(
            key="joined",
            label="Joined on",
            about="Her first day, if she has no place here yet. Empty: her first day in the list.",
            example="",
            read=read.day,
            also=("Joined", "Date joined", "Enrolled on", "Joining date"),
        ),
        Field(
            key="left",
            label="Left on",
            about="Her last day, if she left early and has no place here yet.",
            example="",
            read=read.day,
            also=("Left", "Date left", "Leaving date", "Left early on"),
        ),
    ),
    columns=tuple(
        who | {"group", "mark", session} for who in _WHO for session in ("day", "number")
    ),
    columns_missing="Match a column to “Group”, to who it is (a reference, or her names), to "
    "“Attendance”, and to the day or the number of the session.",
    needed={"group": "There is no group in this row."},
    rules=(
        Rule(
            field="left",
            sentence="Check the days: she cannot leave before she joins.",
            of=("joined", "left"),
            holds=lambda joined, left: joined <= left,
        ),
        Rule(
            field="left",
            sentence="Check the day: it is still to come.",
            of=("left",),
            holds=lambda left: left <= clock.today(),
        ),
    ),
    settle=settle,
    identities=identities,
    about=about,
    across=across,
    columns_across=tuple(who | {"group"} for who in _WHO),
    replacing="Put the marks of this file in the place of those in the registers that differ",
)
