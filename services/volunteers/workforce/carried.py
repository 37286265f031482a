"""How heavy it feels over time, in totals that tell of no volunteer: never of fewer than five.

What one of them said is for her supervisor alone, and stays so: this is a figure about the weeks.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import (
    CheckIn,
    Debrief,
    GroupSession,
    Volunteer,
    VolunteerPresence,
)
from services import clock
from services.permissions import Actor, Permission
from services.volunteers.workforce.small import SHOWN_FROM, counted_stages

PERIODS, PERIOD = 6, timedelta(weeks=4)
_COLUMNS = [
    "period", "order", "people", "heaviness", "helped", "sessions", "hard", "label",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carried:
    """The last 24 weeks, four at a time, and how many volunteers are with groups now.

    `periods` has the columns period, order, people (who answered), heaviness (1 to 5: the mean of
    each one's own mean, in halves), helped (who were at sessions), sessions and hard (a volunteer
    each), label. What rests on fewer than five is NA.
    """

    with_groups: int
    periods: pd.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether no period may be shown."""
        return bool(
            self.periods["heaviness"].isna().all() and self.periods["sessions"].isna().all()
        )


def carried(db: Session, actor: Actor) -> Carried:
    """What volunteers said about the weight of it, and what they were at, by four weeks."""
    actor.require(Permission.READ_WORKFORCE)
    ends = clock.today()
    since = clock.start_of_day(ends + timedelta(days=1) - PERIODS * PERIOD)
    answers: defaultdict[int, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for volunteer, at, heaviness in db.execute(_answers(since)):
        answers[_period(at, ends)][volunteer].append(heaviness)
    at_sessions: defaultdict[int, Counter[int]] = defaultdict(Counter)
    hard: defaultdict[int, set[tuple[int, datetime]]] = defaultdict(set)
    for volunteer, at, heard_hard in db.execute(_presences(since)):
        period = _period(at, ends)
        at_sessions[period][volunteer] += 1
        if heard_hard:
            hard[period].add((volunteer, at))
    rows = [
        _row(order, ends, answers[order], at_sessions[order], hard[order])
        for order in range(PERIODS)
    ]
    here = select(func.count()).where(Volunteer.stage.in_(counted_stages(actor)))
    kinds = {"people": "Int64", "helped": "Int64"}
    kinds |= dict.fromkeys(("heaviness", "sessions", "hard"), "Float64")
    return Carried(db.scalar(here) or 0, pd.DataFrame(rows, columns=_COLUMNS).astype(kinds))


def _answers(since: datetime) -> Select[int, datetime, int]:
    return select(CheckIn.volunteer_id, CheckIn.at, CheckIn.heaviness).where(
        CheckIn.at >= since, CheckIn.at <= clock.now()
    )


def _presences(since: datetime) -> Select[int, datetime, bool]:
    return (
        select(VolunteerPresence.volunteer_id, GroupSession.starts_at, VolunteerPresence.heard_hard)
        .select_from(VolunteerPresence)
        .join(Debrief, Debrief.id == VolunteerPresence.debrief_id)
        .join(GroupSession, GroupSession.id == Debrief.session_id)
        .where(GroupSession.starts_at >= since, GroupSession.starts_at <= clock.now())
    )


def _period(at: datetime, ends: date) -> int:
    """Which of the periods it lies in, the earliest being 0."""
    return PERIODS - 1 - (ends - clock.local(at).date()) // PERIOD


def _row(
    order: int,
    ends: date,
    answers: dict[int, list[int]],
    sessions: Counter[int],
    hard: set[tuple[int, datetime]],
) -> tuple[str, int, int | None, float | None, int | None, float | None, float | None, str]:
    """What may be said of one period; of something hard only where it was not so few, or nobody."""
    begins = ends + timedelta(days=1) - (PERIODS - order) * PERIOD
    said, there = len(answers) >= SHOWN_FROM, len(sessions) >= SHOWN_FROM
    heard = len({volunteer for volunteer, _at in hard})
    tells = there and (heard == 0 or heard >= SHOWN_FROM)
    return (
        f"{begins.day} {begins:%b}",
        order,
        len(answers) if said else None,
        in_halves(fmean(fmean(own) for own in answers.values())) if said else None,
        len(sessions) if there else None,
        round(sessions.total() / len(sessions), 1) if there else None,
        round(len(hard) / len(sessions), 1) if tells else None,
        f"of {len(answers)}" if said else "too few",
    )


def in_halves(mean: float) -> float:
    """So coarse that whoever knows all answers but one cannot work out the last."""
    return round(2 * mean) / 2
