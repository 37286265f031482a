"""The steps that tests of checks share."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CheckLevel, DbsCheck, RefereeContext, Volunteer, Workforce
from services.errors import InvalidInputError
from services.permissions import Actor
from services.volunteers.vetting import dbs
from services.volunteers.vetting.dbs import Certificate, Request
from services.volunteers.vetting.referees import RefereeDraft

TODAY = date(2026, 9, 16)
TOMORROW = TODAY + timedelta(days=1)
NUMBER = "001234567890"


def referee(**changes: object) -> RefereeDraft:
    values: dict[str, object] = {
        "name": "Pat Example",
        "contact": "pat@example.org",
        "context": RefereeContext.WORK,
        "known_years": 4,
        "is_related": False,
    }
    return RefereeDraft(**values | changes)  # type: ignore[arg-type]


def request(**changes: object) -> Request:
    values: dict[str, object] = {
        "role": "children_alongside",
        "level": CheckLevel.ENHANCED,
        "workforce": Workforce.BOTH,
    }
    return Request(**values | changes)  # type: ignore[arg-type]


def asked(db: Session, actor: Actor, maya: Volunteer) -> DbsCheck:
    ref = dbs.ask(db, actor, maya.ref, request())
    return db.scalars(select(DbsCheck).where(DbsCheck.ref == ref)).one()


def seen(db: Session, actor: Actor, maya: Volunteer, **changes: object) -> DbsCheck:
    one = asked(db, actor, maya)
    values: dict[str, object] = {"number": NUMBER, "issued_on": TODAY}
    certificate = Certificate(**values | changes)  # type: ignore[arg-type]
    dbs.see(db, actor, one.ref, certificate, version=one.version)
    return one


def problems(refused: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return list(refused.value.problems)
