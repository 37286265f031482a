"""Places and attendance: whom a report counts, its sections on them, and charts taken out."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    NEVER_TAKEN_UP,
    Group,
    GroupSession,
    Mark,
    MeasureForm,
    Outcome,
    Person,
    PersonKind,
    Place,
    PlaceState,
    Point,
)
from services import clock
from services.attendance import CODES
from services.attendance.staying import ABSENT
from services.disclosure.tables import TOTAL, Population
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
from services.reports.referrals_counted import ADULT, CHILD
from services.tallies import session_counts, tallies
from services.tallies.shares import MEANS_FROM, share

COMPLETED, CAME, NEVER = "Completed", "Started, not completed", "Not started"
BOTH_FORMS, START_ONLY, NO_FORMS = "Start and end", "Start only", "None yet"
THERE, CAUGHT_UP, AWAY = "There", "Caught up", "Not there"
WHY_AWAY = (THERE, *ABSENT.values())
MOST_SESSIONS = 60


def places(db: Session, first: date, last: date) -> Population:
    """Places taken up, by the day they were joined."""
    forms = (
        select(
            MeasureForm.place_id,
            func.count().filter(MeasureForm.point == Point.START).label("start"),
            func.count().filter(MeasureForm.point == Point.END).label("end"),
        )
        .where(MeasureForm.outcome == Outcome.ANSWERED)
        .group_by(MeasureForm.place_id)
        .subquery()
    )
    query = (
        select(
            Place.joined_on, Place.state, Place.attended, Person.kind, Group.programme,
            func.coalesce(forms.c.start, 0), func.coalesce(forms.c.end, 0),
        )
        .join(Person, Person.id == Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .outerjoin(forms, forms.c.place_id == Place.id)
        .where(Place.joined_on.between(first, last), Place.state.not_in(NEVER_TAKEN_UP))
    )  # fmt: skip
    found: Counter[tuple[object, ...]] = Counter()
    for day, state, attended, kind, programme, start, end in db.execute(query):
        came = COMPLETED if state is PlaceState.COMPLETED else CAME if attended else NEVER
        filled = (BOTH_FORMS if end else START_ONLY) if start else NO_FORMS
        who = ADULT if kind is PersonKind.ADULT else CHILD
        found[day, clock.quarter(day), programme, who, came, filled] += 1
    known = labels(
        db, first, last,
        who=(ADULT, CHILD),
        came=(COMPLETED, CAME, NEVER),
        forms=(BOTH_FORMS, START_ONLY, NO_FORMS),
    )  # fmt: skip
    return counted(found, known)


def attendance(db: Session, first: date, last: date) -> Population:
    """Marks of people who were expected at sessions that were held, by the day of the session."""
    query = (
        select(
            GroupSession.starts_at, GroupSession.number, Group.programme, Mark.code, func.count()
        )
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(Mark.code.is_not(None), session_counts.IS_HELD, *sessions_in(first, last))
        .group_by(GroupSession.id, Group.id, Mark.code)
    )
    found: Counter[tuple[object, ...]] = Counter()
    for starts, number, programme, letter, count in db.execute(query):
        code = CODES[str(letter)]
        if code.expected:
            how = THERE if code.attended else CAUGHT_UP if code.covers_content else AWAY
            day = clock.local(starts).date()
            why = ABSENT.get(code, THERE)
            found[day, clock.quarter(day), programme, str(number), f"{day:%Y-%m}", how, why] += (
                count
            )
    most = max((int(str(key[3])) for key in found), default=1)
    known = labels(
        db, first, last,
        session=tuple(str(n + 1) for n in range(max(most, MOST_SESSIONS))),
        month=tuple(map(_month, range(tallies.month(first), tallies.month(last) + 1))),
        how=(THERE, CAUGHT_UP, AWAY),
        why=WHY_AWAY,
    )  # fmt: skip
    return counted(found, known)


def _month(number: int) -> str:
    """A month as a label that sorts: "2026-03"."""
    return f"{number // 12}-{number % 12 + 1:02}"


def coming(asked: Asked) -> Section:
    """How far places came, and attendance by session."""
    came = (
        asked.table("places", "came")
        if asked.programme
        else asked.table("places", "programme", "came")
    )
    return Section(
        "attendance",
        TITLES["attendance"],
        "A person with places in two groups counts in each. Attendances count everybody expected "
        "at every session; sessions the service cancelled are left out.",
        (
            Wanted("How far places came", came, "Places begun in the period"),
            by_session(asked),
        ),
    )


def by_session(asked: Asked) -> Wanted:
    """Live attendance and content covered, session by session."""
    return Wanted(
        "Attendances by session",
        asked.table("attendance", "session", "how"),
        "Session",
        says=_rates,
        draws=_attendance_chart,
        about="Live: came, in the room or online. Covered: came, or caught up later. Of everybody "
        "expected.",
    )


def missing(asked: Asked) -> Section:
    """Who is in no figure on change."""
    return Section(
        "missing",
        TITLES["missing"],
        "Who is not in the figures on change: places begun in the period by the forms there are. "
        "Some groups are running still.",
        (Wanted("Forms filled in", asked.table("places", "forms"), "Forms of a place"),),
    )


def _rates(counts: Counts, _: Population) -> Sequence[str]:
    there, caught, of = (counts.get((TOTAL, how)) for how in (THERE, CAUGHT_UP, TOTAL))
    if there is None or of is None or of < MEANS_FROM:
        return ()
    lines = [f"Live attendance: {share(there, of).words}."]
    if caught is not None:
        lines.append(f"Content covered: {share(there + caught, of).words}.")
    return lines


def _attendance_chart(counts: Counts, _: Population) -> Chart | None:
    rows = []
    for number in rows_of(counts):
        there, caught, of = (counts[number, how] for how in (THERE, CAUGHT_UP, TOTAL))
        if there is None or caught is None or of is None or of < MEANS_FROM:
            continue
        live, content = share(there, of), share(there + caught, of)
        rows.append(
            (int(number), there, there + caught, of, live.share, live.low, live.high,
             content.share, live.words, f"{of:,}")
        )  # fmt: skip
    columns = [
        "session", "attended", "covered", "expected", "live", "low", "high", "content", "label",
        "expected_label",
    ]  # fmt: skip
    if not rows:
        return None
    return Chart(
        "attendance_by_session",
        pd.DataFrame(rows, columns=columns),
        f"Live attendance and content covered at {len(rows)} sessions.",
    )
