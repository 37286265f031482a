"""Lists of participants, and what becomes of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ContactRoute, Family, Person
from services.imports import checking, importing, matching, reading
from services.imports.checking import Checked
from services.imports.person_layout import PARTICIPANTS
from services.imports.plan import Plan
from services.permissions import Actor
from tests.spreadsheets import as_csv

HEADINGS = ["Ref", "First name", "Last name", "DOB", "Mobile", "Email", "Family"]
DANA = ["NC-1", "Dana", "Okoro", "3/6/1988", "07700 900123", "dana@example.org", "F1"]
IVY = ["NC-2", "Ivy", "Okoro", "1 May 2016", "", "", "F1"]


def checked(*rows: list[object], headings: list[str] = HEADINGS) -> Checked:
    sheet = reading.read("list.csv", as_csv([headings, *rows]))  # type: ignore[list-item]
    return checking.check(PARTICIPANTS, sheet, matching.guess(PARTICIPANTS, sheet.headings))


def planned(db: Session, actor: Actor, *rows: list[object], headings: list[str] = HEADINGS) -> Plan:
    return importing.plan(db, actor, checked(*rows, headings=headings))


def bring_in(db: Session, actor: Actor, *rows: list[object], headings: list[str] = HEADINGS) -> str:
    return importing.apply(db, actor, planned(db, actor, *rows, headings=headings))


def states(plan: Plan) -> list[str]:
    return [row.state.value for row in plan.rows]


def everybody(db: Session) -> list[Person]:
    return list(db.scalars(select(Person).order_by(Person.id)))


def snapshot(db: Session) -> dict[str, list[tuple[object, ...]]]:
    """Everything an import may touch, as it is read."""
    db.expire_all()
    return {
        model.__tablename__: [
            tuple(
                getattr(one, column.name)
                for column in model.__table__.columns
                if column.name != "version"
            )
            for one in db.scalars(select(model).order_by(model.id))
        ]
        for model in (Family, Person, ContactRoute)
    }
