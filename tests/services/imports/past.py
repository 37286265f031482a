"""Lists of past attendance, and what becomes of them."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Place
from services.imports import checking, importing, matching, reading
from services.imports.attendance_layout import ATTENDANCE
from services.imports.plan import Plan
from services.permissions import Actor
from tests.spreadsheets import as_csv

LONG = [
    "Group",
    "First name",
    "Last name",
    "DOB",
    "Date",
    "Attendance",
    "Minutes late",
    "Joined",
    "Left",
]
BORN = date(1988, 6, 3)
FIRST, SECOND, THIRD = "1/9/2026", "8/9/2026", "15/9/2026"


def line(
    name: str = "Dana Okoro", day: str = FIRST, mark: str = "P", *, born: str = "3/6/1988",
    group: str = "Tuesday craft", minutes: str = "", joined: str = "", left: str = "",
) -> list[str]:  # fmt: skip
    first, last = name.split()
    return [group, first, last, born, day, mark, minutes, joined, left]


def planned(
    db: Session, actor: Actor, *rows: list[str], headings: list[str] = LONG, replaces: bool = False
) -> Plan:
    sheet = reading.read("list.csv", as_csv([headings, *rows]))
    layout = ATTENDANCE.fitted(sheet.headings)
    match = matching.guess(layout, sheet.headings)
    checked = checking.check(layout, sheet, match, replaces=replaces)
    return importing.plan(db, actor, checked)


def bring_in(db: Session, actor: Actor, *rows: list[str], **more: object) -> str:
    return importing.apply(db, actor, planned(db, actor, *rows, **more))  # type: ignore[arg-type]


def states(plan: Plan) -> list[str]:
    return [row.state.value for row in plan.rows]


def why(plan: Plan, number: int = 0) -> str:
    return " ".join(plan.rows[number].problems.values())


def place_of(db: Session) -> Place:
    db.expire_all()
    return db.scalars(select(Place)).one()
