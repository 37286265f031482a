"""Hours volunteers gave with groups, by month: the length of sessions held that they were at."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Debrief, GroupSession, SessionState, VolunteerPresence
from services import clock
from services.permissions import Actor, Permission

MONTHS = 12
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Given:
    """Hours of the last twelve months, and of how many volunteers.

    `months` has a row for each month, also for those without any: month, order, hours, volunteers,
    sessions, label.
    """

    hours: float
    volunteers: int
    months: pd.DataFrame


def given(db: Session, actor: Actor) -> Given:
    """By month over the last twelve, this one among them."""
    actor.require(Permission.READ_WORKFORCE)
    today = clock.today()
    first = today.replace(day=1) - relativedelta(months=MONTHS - 1)
    hours: defaultdict[date, float] = defaultdict(float)
    who: defaultdict[date, set[int]] = defaultdict(set)
    held: defaultdict[date, set[int]] = defaultdict(set)
    for volunteer, session, starts, ends in db.execute(_presences(first)):
        month = clock.local(starts).date().replace(day=1)
        hours[month] += (ends - starts) / _HOUR
        who[month].add(volunteer)
        held[month].add(session)
    months = [first + relativedelta(months=order) for order in range(MONTHS)]
    rows = [
        (f"{month:%b %Y}", order, round(hours[month], 1), len(who[month]), len(held[month]),
         f"{round(hours[month], 1):g} hours of {len(who[month])}")
        for order, month in enumerate(months)
    ]  # fmt: skip
    columns = ["month", "order", "hours", "volunteers", "sessions", "label"]
    everybody = {one for several in who.values() for one in several}
    total = round(sum(hours.values()), 1)
    return Given(total, len(everybody), pd.DataFrame(rows, columns=columns))


def _presences(first: date) -> Select[int, int, datetime, datetime]:
    return (
        select(
            VolunteerPresence.volunteer_id,
            GroupSession.id,
            GroupSession.starts_at,
            GroupSession.ends_at,
        )
        .select_from(GroupSession)
        .join(Debrief, Debrief.session_id == GroupSession.id)
        .join(VolunteerPresence, VolunteerPresence.debrief_id == Debrief.id)
        .where(
            GroupSession.starts_at >= clock.start_of_day(first),
            GroupSession.starts_at <= clock.now(),
            GroupSession.state == SessionState.HELD,
        )
    )
