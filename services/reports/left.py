"""How long people stay in groups and why places end early: whom it counts, and charts of it."""

from collections import Counter
from datetime import date

from sqlalchemy.orm import Session

from services.attendance.staying import NOT_SAID, curve_of
from services.disclosure.tables import TOTAL, Population
from services.places.leaving_reasons import leaving_reasons
from services.releases import Counts
from services.reports import session_rows
from services.reports.parts import (
    Asked,
    Chart,
    Wanted,
    begins,
    counted,
    kept_counts,
    labels,
    reasons_chart,
    rows_of,
)
from services.tallies.shares import MEANS_FROM
from services.tallies.tallies import Kind

_LEFT, _STAYED = "Left then", "Followed so far"


def stays(db: Session, first: date, last: date) -> Population:
    """Places in which somebody started, by how many sessions she was expected at so far."""
    found: Counter[tuple[object, ...]] = Counter()
    for row in kept_counts(db, Kind.STAY, first, last):
        where = begins(row.period), row.period, row.programme
        ended = _LEFT if row.key == "left" else _STAYED
        found[*where, session_rows.of(row.first), ended] += row.count
    return counted(
        found, labels(db, first, last, sessions=session_rows.ROWS, stayed=(_LEFT, _STAYED))
    )


def reasons(db: Session, first: date, last: date) -> Population:
    """Places that ended early, by why."""
    words = leaving_reasons()
    found: Counter[tuple[object, ...]] = Counter()
    for row in kept_counts(db, Kind.LEFT, first, last):
        why = words.get(row.key, NOT_SAID)
        found[begins(row.period), row.period, row.programme, why] += row.count
    return counted(found, labels(db, first, last, why=(*dict.fromkeys(words.values()), NOT_SAID)))


def staying(asked: Asked) -> Wanted:
    """The share still in the group after so many sessions."""
    return Wanted(
        "How long people stay",
        asked.table("stays", "sessions", "stayed"),
        "Sessions expected at",
        draws=_curve,
        about=f"Of those who started (Kaplan-Meier, every {session_rows.WIDTH} sessions, 95% "
        "intervals by Greenwood, log-log). Who is there still, has completed or moved to "
        "another group counts as long as she was followed. It ends where numbers are hidden.",
    )


def why_left(asked: Asked) -> Wanted:
    """Why places ended early."""
    title = "Why places ended early"
    table = asked.table("reasons", "why")
    return Wanted(title, table, "Reason", draws=reasons_chart(title))


def _curve(counts: Counts, _: Population) -> Chart | None:
    everybody = counts.get((TOTAL, TOTAL))
    if everybody is None or everybody < MEANS_FROM:
        return None
    followed: list[tuple[int, bool, int]] = []
    for number, row in enumerate(rows_of(counts)):
        left, still = counts[row, _LEFT], counts[row, _STAYED]
        if left is None or still is None:
            break
        sessions = (number + 1) * session_rows.WIDTH
        followed += [(sessions, True, left), (sessions, False, still)]
    # Whoever was followed beyond the rows that are shown has stayed up to there.
    beyond = everybody - sum(people for *_, people in followed)
    followed.append(((len(session_rows.ROWS) + 1) * session_rows.WIDTH, False, beyond))
    curve = curve_of([one for one in followed if one[2]], MEANS_FROM)
    curve = curve[curve["session"] <= max((n for n, *_ in followed[:-1]), default=0)]
    if len(curve) <= 1:
        return None
    return Chart("staying_in_group", curve, "The share still in their group, by sessions.")
