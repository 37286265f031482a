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
from services.volunteers.workforce.small import may_see

MONTHS = 12
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Given:
    """Hours of the months that may be shown of the last twelve, and of how many volunteers.

    `months` has a row for each month, also for those without any: month, order, hours, volunteers,
    sessions (NA where they rest on too few to be shown to this reader), label.
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
    # A hidden month is in no total: it would be what the others leave of it.
    told = {month for month in months if may_see(actor, len(who[month]))}
    rows = [
        (f"{month:%b %Y}", order, round(hours[month], 1), len(who[month]), len(held[month]),
         f"{round(hours[month], 1):g} hours of {len(who[month])}")
        if month in told
        else (f"{month:%b %Y}", order, None, None, None, "*")
        for order, month in enumerate(months)
    ]  # fmt: skip
    columns = ["month", "order", "hours", "volunteers", "sessions", "label"]
    frame = pd.DataFrame(rows, columns=columns)
    kinds = {"hours": "Float64", "volunteers": "Int64", "sessions": "Int64"}
    everybody = {one for month in told for one in who[month]}
    total = round(sum(hours[month] for month in told), 1)
    return Given(total, len(everybody), frame.astype(kinds))


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
