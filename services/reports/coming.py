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
from services import attendance_months, clock, programmes, tallies
from services.attendance import CODES
from services.disclosure.tables import TOTAL, Population
from services.outcome_flow import COLUMNS as FLOW
from services.releases import Counts
from services.reports.parts import (
    TITLES,
    Asked,
    Chart,
    Draws,
    Section,
    Wanted,
    counted,
    labels,
    reasons_chart,
    rows_of,
    sessions_in,
)
from services.reports.referred import ADULT, CHILD
from services.reports.sides import funnel_chart
from services.shares import MEANS_FROM, share
from services.staying import ABSENT

COMPLETED, CAME, NEVER = "Completed", "Started, not completed", "Not started"
BOTH_FORMS, START_ONLY, NO_FORMS = "Start and end", "Start only", "None yet"
THERE, CAUGHT_UP, AWAY = "There", "Caught up", "Not there"
WHY_AWAY = (THERE, *ABSENT.values())
MOST_SESSIONS = 60
RATES = {"live": "Live attendance by month", "content": "Content covered by month"}


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
    """Marks of people who were expected, by the day of the session."""
    query = (
        select(
            GroupSession.starts_at, GroupSession.number, Group.programme, Mark.code, func.count()
        )
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(Mark.code.is_not(None), *sessions_in(first, last))
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


def flow(asked: Asked) -> Wanted:
    """The way from a place to both forms."""
    return Wanted(
        "From a place to both forms",
        asked.table("places", "came", "forms"),
        "Places begun in the period",
        draws=_flow_chart,
        about="Any measure at the start and at the end. Some groups are running still.",
    )


def by_month(asked: Asked, rate: str) -> Wanted:
    """Live attendance, or content covered, month by month within the limits of chance."""
    title = RATES[rate]
    return Wanted(
        title,
        asked.table("attendance", "month", "how"),
        "Month of the session",
        draws=_months_chart(title, rate),
        about="The band is where a month lies by chance as long as nothing changes (p-chart, three "
        "standard deviations).",
    )


def away(asked: Asked) -> Wanted:
    """How people who were expected were away."""
    title = "When people were away"
    return Wanted(
        title,
        asked.table("attendance", "why"),
        "Of everybody expected",
        draws=reasons_chart(title, without=THERE),
    )


def completing(db: Session, asked: Asked, name: str) -> Wanted | None:
    """Completing by programme, as a funnel: never by group, which is a handful of families."""
    if name not in ("funnel", "shrunk_shares"):
        return None
    return Wanted(
        "Completed, by programme",
        asked.table("places", "programme", "came"),
        "Places begun in the period",
        draws=funnel_chart("Completed", COMPLETED, name, programmes.titles(db)),
        about="Lines: where 95% and 99.8% would lie if all were alike. Some groups run still.",
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


def _months_chart(title: str, rate: str) -> Draws:
    def draws(counts: Counts, _: Population) -> Chart | None:
        reached: Counter[int] = Counter()
        expected: Counter[int] = Counter()
        for month in rows_of(counts):
            number = tallies.month(date.fromisoformat(f"{month}-01"))
            there, caught, of = (counts[month, how] for how in (THERE, CAUGHT_UP, TOTAL))
            if there is not None and caught is not None and of is not None and of >= MEANS_FROM:
                reached[number], expected[number] = there + (rate == "content") * caught, of
        if len(expected) < 2:  # noqa: PLR2004 - one month alone does not show a change
            return None
        frame = attendance_months.rate(list(expected), reached, expected).months
        return Chart("attendance_by_month", frame, f"{title}, {len(frame)} months.")

    return draws


def _flow_chart(counts: Counts, _: Population) -> Chart | None:
    none_came, all_of = counts.get((NEVER, TOTAL)), counts.get((TOTAL, TOTAL))
    both, start = counts.get((TOTAL, BOTH_FORMS)), counts.get((TOTAL, START_ONLY))
    if all_of is None or all_of < MEANS_FROM or none_came is None or both is None or start is None:
        return None
    steps = {
        "Enrolled": all_of,
        "Started": all_of - none_came,
        "Start form": both + start,
        "Start and end form": both,
    }
    rows = []
    for step, people in steps.items():
        part = share(people, all_of)
        words = f"{step}: {part.words}"
        rows.append((step, people, all_of, part.share, part.low, part.high, words, ""))
    frame = pd.DataFrame(rows, columns=FLOW)
    return Chart("outcome_flow", frame, f"The way to both forms. {'. '.join(frame['label'])}.")
