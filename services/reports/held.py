"""Sessions held and cancelled by the service: what is counted, and the chart of it."""

from collections import Counter
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Group, GroupSession, SessionState
from services import clock
from services.attendance import sessions_held
from services.disclosure.tables import TOTAL, Population
from services.releases import Counts
from services.reports.parts import Asked, Chart, Wanted, counted, labels, rows_of, sessions_in
from services.tallies import tallies

HELD, CANCELLED = "Held", "Cancelled by the service"
_WORDS = {SessionState.HELD: HELD, SessionState.CANCELLED: CANCELLED}


def sessions(db: Session, first: date, last: date) -> Population:
    """Sessions that were held or cancelled, by the day they were to be."""
    query = (
        select(GroupSession.starts_at, GroupSession.state, Group.programme, func.count())
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.state.in_(_WORDS), *sessions_in(first, last))
        .group_by(GroupSession.starts_at, GroupSession.state, Group.programme)
    )
    found: Counter[tuple[object, ...]] = Counter()
    for starts, state, programme, count in db.execute(query):
        day = clock.local(starts).date()
        found[day, clock.quarter(day), programme, f"{day:%Y-%m}", _WORDS[state]] += count
    months = range(tallies.month(first), tallies.month(last) + 1)
    known = labels(
        db, first, last,
        month=tuple(f"{number // 12}-{number % 12 + 1:02}" for number in months),
        what=(HELD, CANCELLED),
    )  # fmt: skip
    return counted(found, known)


def by_month(asked: Asked) -> Wanted:
    """How many took place, month by month."""
    return Wanted(
        "Sessions held",
        asked.table("held", "month", "what"),
        "Month",
        draws=_chart,
        about="A session planned and not held yet counts neither way.",
        of_people=False,
    )


def _chart(counts: Counts, _: Population) -> Chart | None:
    sums: Counter[tuple[int, str]] = Counter()
    for month in rows_of(counts):
        number = tallies.month(date.fromisoformat(f"{month}-01"))
        sums[number, "held"] = counts[month, HELD] or 0
        sums[number, "cancelled"] = counts[month, CANCELLED] or 0
    frame = sessions_held.by_month(sums)
    if frame.empty:
        return None
    held, of = counts[TOTAL, HELD] or 0, counts[TOTAL, TOTAL] or 0
    return Chart("sessions_by_month", frame, f"Sessions by month: {held:,} of {of:,} held.")
