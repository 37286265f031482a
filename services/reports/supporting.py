"""Cover, training and support of volunteers, and how heavy it felt: whom it counts, and charts."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import fmean

import pandas as pd
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import CheckIn, Group, GroupSession, SessionState, Stage, Training, Volunteer
from services import clock
from services.disclosure.tables import QUARTER, TOTAL, Population
from services.releases import Counts
from services.reports.parts import (
    Asked,
    Chart,
    Draws,
    Wanted,
    counted,
    labels,
    rows_of,
    sessions_in,
)
from services.tallies.shares import MEANS_FROM, share
from services.volunteers.training.standing import needed
from services.volunteers.workforce import ahead
from services.volunteers.workforce.carried import in_halves
from services.volunteers.workforce.kept import COLUMNS, KINDS, due_now, in_date, row_of

IN_TIME, DUE = "In date or in time", "Not"
KEPT = ("training", "support")
_STILL = "Volunteers who became active in the period and are active now; each counts once a line."


def places_needed(db: Session, first: date, last: date) -> Population:
    """Places that sessions needed filled by volunteers, by the day of the session."""
    query = (
        select(*ahead.SESSION)
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.state != SessionState.CANCELLED, *sessions_in(first, last))
    )
    found: Counter[tuple[object, ...]] = Counter()
    for starts, programme, parts in ahead.standing(db, query):
        day = starts.date()
        for part in parts:
            found[day, clock.quarter(day), programme, part] += 1
    return counted(found, labels(db, first, last, part=ahead.PARTS))


def trained(db: Session, first: date, last: date) -> Population:
    """Active volunteers by the day they became it, once for each course that some role needs."""
    here = _active(first, last)
    query = select(Training.volunteer_id, Training.course_id).where(
        in_date(), Training.volunteer_id.in_(here.with_only_columns(Volunteer.id))
    )
    holds = {(volunteer, course) for volunteer, course in db.execute(query)}
    courses = {course.id: course.name for course in needed(db)}
    found: Counter[tuple[object, ...]] = Counter()
    for one in db.execute(here):
        where = one.stage_since, clock.quarter(one.stage_since), ""
        for course, name in courses.items():
            found[*where, name, IN_TIME if (one.id, course) in holds else DUE] += 1
    return _kept(db, first, last, tuple(dict.fromkeys(courses.values())), found)


def supported(db: Session, first: date, last: date) -> Population:
    """The same, once for each kind of support that is owed to her."""
    rows = db.execute(_active(first, last)).all()
    due = {(volunteer, kind) for volunteer, kind, _state in due_now(db, rows)}
    found: Counter[tuple[object, ...]] = Counter()
    for one in rows:
        where = one.stage_since, clock.quarter(one.stage_since), ""
        for kind, name in KINDS.items():
            found[*where, name, DUE if (one.id, kind) in due else IN_TIME] += 1
    return _kept(db, first, last, tuple(KINDS.values()), found)


def weighed(db: Session, first: date, last: date) -> Population:
    """Volunteers who said how heavy it felt, once a quarter, with the mean of what each said."""
    query = select(CheckIn.volunteer_id, CheckIn.at, CheckIn.heaviness).where(
        CheckIn.at >= clock.start_of_day(first),
        CheckIn.at < clock.start_of_day(last + timedelta(days=1)),
    )
    said: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    days: dict[tuple[int, str], date] = {}
    for volunteer, at, heaviness in db.execute(query.order_by(CheckIn.at)):
        day = clock.local(at).date()
        who = volunteer, clock.quarter(day)
        days.setdefault(who, day)
        said[who].append(heaviness)
    rows = [(days[who], 1, who[1], "", fmean(own)) for who, own in said.items()]
    columns = ["day", "count", "quarter", "programme", "heaviness"]
    return Population(pd.DataFrame(rows, columns=columns), labels(db, first, last))


def cover(asked: Asked) -> Wanted:
    """How many of the places that were needed were covered, by quarter."""
    return Wanted(
        "Cover of sessions by volunteers",
        asked.table("cover", QUARTER, "part"),
        "Quarter",
        draws=_cover_chart,
        about="Places that sessions needed. Covered: somebody had said yes; asked: she was asked "
        "and had not answered; open: nobody was asked. Days to come never leave.",
    )


def kept(asked: Asked, name: str) -> Wanted:
    """Training in date, or support in time."""
    title, of = {
        "training": ("Training of volunteers in date", "trained"),
        "support": ("Support of volunteers in time", "supported"),
    }[name]
    return Wanted(
        title,
        asked.table(of, "what", "stands"),
        "What",
        draws=_kept_chart(title),
        about=f"{_STILL} The line is the 95% interval.",
    )


def weight(asked: Asked) -> Wanted:
    """How heavy it felt, by quarter."""
    return Wanted(
        "How heavy it felt to volunteers",
        asked.table("weighed", QUARTER),
        "Quarter",
        draws=_weight_chart,
        about="The mean of what each said in her check-ins, 1 light to 5 heavy, in halves. Whoever "
        "was not asked, or did not answer, is missing.",
    )


def _active(first: date, last: date) -> Select[int, Stage, date]:
    return select(Volunteer.id, Volunteer.stage, Volunteer.stage_since).where(
        Volunteer.stage == Stage.ACTIVE, Volunteer.stage_since.between(first, last)
    )


def _kept(
    db: Session, first: date, last: date, what: tuple[str, ...], found: Counter[tuple[object, ...]]
) -> Population:
    return counted(found, labels(db, first, last, what=what, stands=(IN_TIME, DUE)))


def _cover_chart(counts: Counts, _: Population) -> Chart | None:
    rows = [
        row
        for order, quarter in enumerate(rows_of(counts))
        for known in [{part: counts[quarter, part] for part in ahead.PARTS}]
        for parts in [{part: n for part, n in known.items() if n is not None}]
        if len(parts) == len(known) and any(parts.values())
        for row in ahead.rows_of(quarter, order, parts)
    ]
    if not rows:
        return None
    said = ", ".join(f"{quarter} {part.lower()} {label}" for quarter, _, part, *_, label in rows)
    frame = pd.DataFrame(rows, columns=ahead.COLUMNS)
    return Chart("cover_ahead", frame, f"Cover by quarter: {said}.", {"Week from": "Quarter"})


def _kept_chart(title: str) -> Draws:
    def draws(counts: Counts, _: Population) -> Chart | None:
        rows = []
        for order, what in enumerate(rows_of(counts)):
            in_time, of = counts[what, IN_TIME], counts[what, TOTAL]
            if in_time is not None and of is not None and of >= MEANS_FROM:
                rows.append(row_of(what, order, share(in_time, of)))
        if not rows:
            return None
        frame = pd.DataFrame(rows, columns=COLUMNS)
        said = "; ".join(f"{one.what}: {one.label}" for one in frame.itertuples())
        return Chart("share_kept", frame, f"{title}. {said}.")

    return draws


def _weight_chart(counts: Counts, people: Population) -> Chart | None:
    heavy = people.units.groupby("quarter")["heaviness"].mean()
    rows = [
        (quarter, order, n, in_halves(float(heavy[quarter])), f"of {n}")
        for order, quarter in enumerate(rows_of(counts))
        for n in [counts[quarter,]]
        if n is not None and n >= MEANS_FROM
    ]
    if not rows:
        return None
    frame = pd.DataFrame(rows, columns=["period", "order", "people", "heaviness", "label"])
    said = ", ".join(f"{one.period} {one.heaviness:g} {one.label}" for one in frame.itertuples())
    return Chart("weight_over_time", frame, f"How heavy it felt, 1 to 5: {said}.",
                 {"Four weeks from": "Quarter"})  # fmt: skip
