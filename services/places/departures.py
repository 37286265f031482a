"""Ending a place: its last day, and the marks made ahead for sessions after it."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupSession, Mark, Place, PlaceState
from services import clock
from services.attendance import CODES, AttendanceCode
from services.errors import InvalidInputError
from services.permissions import Actor
from services.registers import marking
from services.registers.counting import Counting
from services.tallies.tallies import Cell


def end(
    db: Session,
    group: Group,
    place: Place,
    state: PlaceState,
    on: date,
    *,
    counts: Counter[Cell],
    by: Actor,
) -> None:
    """End a held place on its last day; a step of leaving and of moving to another group.

    Ended before its first day it was never taken up, and stands on no register. Told-ahead
    apologies for sessions after that day become "not expected"; what that changes is added to
    `counts`. Raises InvalidInputError where she took part after it, so that no attendance is lost.
    """
    for held, mark in _marks_after(db, place, on):
        if mark.code is not None and CODES[mark.code].covers_content:
            day = clock.local(held.starts_at, held.zone).date()
            raise InvalidInputError(
                {
                    "left_on": f"She took part in session {held.number}, on {day.day} {day:%B %Y}. "
                    "Choose that day or a later one."
                }
            )
        if mark.code is not None and CODES[mark.code].expected:
            counted = Counting(held, group, counts)
            marking.replace(db, counted, place, AttendanceCode.NOT_EXPECTED, by=by)
    place.state = state if place.joined_on <= on else PlaceState.DECLINED
    place.left_on = max(on, place.joined_on)
    place.offered_until = None


def _marks_after(db: Session, place: Place, last: date) -> list[tuple[GroupSession, Mark]]:
    query = (
        select(GroupSession, Mark)
        .join(Mark, Mark.session_id == GroupSession.id)
        .where(
            Mark.place_id == place.id,
            GroupSession.local_start >= datetime.combine(last + timedelta(days=1), time()),
        )
        .order_by(GroupSession.number)
    )
    return list(db.execute(query))
