"""Survivor volunteers: whom a report counts, its section on them, and charts taken out."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Debrief,
    Group,
    GroupSession,
    SessionState,
    Stage,
    StageChange,
    VolunteerPresence,
)
from services import clock
from services.disclosure.tables import TOTAL, Population
from services.places.leaving_reasons import moving_on_reasons
from services.releases import Counts
from services.reports.parts import (
    TITLES,
    Asked,
    Chart,
    Section,
    Wanted,
    counted,
    labels,
    rows_of,
    sessions_in,
)
from services.tallies.shares import MEANS_FROM
from services.volunteers.workforce import flow as pipeline
from services.volunteers.workforce import leaving, retention

HELPED = "Volunteer at a session"
_PHASES = {
    "applying": "Up to the interview",
    "preparing": "Checks and training",
    "shadowing": "Shadowing",
}
WITH_US, LEFT = "With us still", "Moved on then"
MONTHS = 6  # of a row of the table on how long people stay
ROWS = 10


def helped(db: Session, first: date, last: date) -> Population:
    """Volunteers at sessions held, each time she was there, by the day of the session."""
    query = (
        select(GroupSession.starts_at, GroupSession.ends_at, Group.programme)
        .join(Debrief, Debrief.session_id == GroupSession.id)
        .join(VolunteerPresence, VolunteerPresence.debrief_id == Debrief.id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.state == SessionState.HELD, *sessions_in(first, last))
    )
    rows = []
    for starts, ends, programme in db.execute(query):
        day = clock.local(starts).date()
        hours = (ends - starts) / timedelta(hours=1)
        rows.append((day, 1, clock.quarter(day), programme, HELPED, hours))
    columns = ["day", "count", "quarter", "programme", "what", "hours"]
    known = labels(db, first, last, what=(HELPED,))
    return Population(pd.DataFrame(rows, columns=columns), known)


def stages(db: Session, first: date, last: date) -> Population:
    """Stages on the way in, by the day each was entered, with what became of it."""
    rows = []
    for stage, entered, following, until in db.execute(pipeline.stays(first)):
        if entered <= last:
            what = pipeline.AWAY.get(following, pipeline.WENT_ON)
            phase = _PHASES[pipeline.PHASES[stage]]
            took = max(((until or clock.today()) - entered).days, 0)
            rows.append((entered, 1, clock.quarter(entered), phase, what, took))
    columns = ["day", "count", "quarter", "stage", "what", "took"]
    known = labels(db, first, last, stage=tuple(_PHASES.values()), what=pipeline.OUTCOMES)
    return Population(pd.DataFrame(rows, columns=columns), known)


def moves_out(db: Session, first: date, last: date) -> Population:
    """Everybody who moved on, by the day she did: from where, and why."""
    words = moving_on_reasons()
    query = select(StageChange.changed_on, StageChange.from_stage, StageChange.because).where(
        StageChange.changed_on.between(first, last), StageChange.to_stage == Stage.MOVED_ON
    )
    found: Counter[tuple[object, ...]] = Counter()
    for day, stage, because in db.execute(query):
        once = stage in (Stage.ACTIVE, Stage.STEPPED_BACK)
        where = leaving.ONCE_ACTIVE if once else leaving.ON_THE_WAY
        why = words.get(because or "", leaving.NOT_SAID)
        found[day, clock.quarter(day), "", where, why] += 1
    known = labels(
        db, first, last,
        where=(leaving.ON_THE_WAY, leaving.ONCE_ACTIVE),
        why=(*dict.fromkeys(words.values()), leaving.NOT_SAID),
    )  # fmt: skip
    return counted(found, known)


def active(db: Session, first: date, last: date) -> Population:
    """Volunteers by the day they became active, with how long each has been with us."""
    found: Counter[tuple[object, ...]] = Counter()
    for began, days, has_left in retention.stays(db, first, clock.today()):
        if began <= last:
            row = min(int(days / retention.A_MONTH) // MONTHS, ROWS - 1)
            became = LEFT if has_left else WITH_US
            found[began, clock.quarter(began), "", _month_row(row), became] += 1
    known = labels(
        db, first, last,
        months=tuple(map(_month_row, range(ROWS))),
        stayed=(LEFT, WITH_US),
    )  # fmt: skip
    return counted(found, known)


def workforce(asked: Asked) -> Section:
    """How often volunteers were at sessions, and for how many hours."""
    return Section(
        "workforce",
        TITLES["workforce"],
        "How often a survivor volunteer was at a session held with a group; one person counts each "
        "time.",
        (hours(asked),),
    )


def hours(asked: Asked) -> Wanted:
    """Hours given with groups."""
    return Wanted(
        "Volunteers at sessions",
        asked.table("helped", "quarter"),
        "Quarter",
        says=_hours,
        draws=_hours_chart,
        about="The length of each session held that a volunteer was at, as its debrief says; hours "
        "besides sessions are missing.",
    )


def _month_row(number: int) -> str:
    last = number == ROWS - 1
    first = number * MONTHS
    return f"{first} or more" if last else f"{first} to {first + MONTHS - 1}"


def _hours(counts: Counts, people: Population) -> Sequence[str]:
    times = counts.get((TOTAL,))
    if times is None or times < MEANS_FROM:
        return ()
    return (f"{people.units['hours'].sum():,.0f} hours with groups, n = {times:,} times.",)


def _hours_chart(counts: Counts, people: Population) -> Chart | None:
    given = people.units.groupby("quarter")["hours"].sum()
    rows = [
        (
            quarter,
            order,
            round(float(given[quarter]), 1),
            f"{given[quarter]:,.0f} hours, {n:,} times",
        )
        for order, quarter in enumerate(rows_of(counts))
        for n in [counts[quarter,]]
        if n is not None and n >= MEANS_FROM
    ]
    if not rows:
        return None
    frame = pd.DataFrame(rows, columns=["month", "order", "hours", "label"])
    said = "; ".join(f"{row.month}: {row.label}" for row in frame.itertuples())
    return Chart("hours_by_month", frame, f"Hours of volunteers with groups. {said}.")
