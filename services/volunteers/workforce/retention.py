"""How long active volunteers stay: from the day each became active until she moved on.

Stepping back is not leaving, and neither is having moved on and come back since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Stage, StageChange, Volunteer
from services import clock
from services.permissions import Actor, Permission
from services.statistics import SurvivalCurve, SurvivalStep, kaplan_meier, still_there
from services.volunteers.workforce.small import SHOWN_FROM

YEARS = 5
A_MONTH = 365.25 / 12
COUNTED_EVERY = 6  # months between the numbers at risk
_COLUMNS = ["month", "share", "low", "high", "left", "at_risk", "label", "at_risk_label"]


@dataclass(frozen=True, slots=True)
class Retention:
    """Of `people` who became active in the last five years, `left` have moved on.

    `curve` has the columns month, share, low, high (0 to 1), left, at_risk, label, at_risk_label
    (empty but every six months). It ends where fewer than five are counted still, and is empty
    where there were never so many. `median` is in months; None while more than half stay.
    """

    people: int
    left: int
    median: float | None
    curve: pd.DataFrame


def retention(db: Session, actor: Actor) -> Retention:
    """The Kaplan-Meier curve of everybody who became active in the last five years."""
    actor.require(Permission.READ_WORKFORCE)
    today = clock.today()
    followed = stays(db, today - relativedelta(years=YEARS), today)
    if len(followed) < SHOWN_FROM:
        return Retention(len(followed), 0, None, pd.DataFrame(columns=_COLUMNS))
    found, curve = curve_of([(days, gone, 1) for _began, days, gone in followed], SHOWN_FROM)
    last = curve["month"].iloc[-1] * A_MONTH
    median = found.median if found.median is not None and found.median <= last else None
    return Retention(
        people=found.n,
        left=found.left,
        median=None if median is None else median / A_MONTH,
        curve=curve,
    )


def stays(db: Session, since: date, today: date) -> list[tuple[date, int, bool]]:
    """The day each first became active, how many days she has been with us, and whether she left.

    A step of services that have asked.
    """
    began = func.min(StageChange.changed_on, type_=StageChange.changed_on.type)
    query = (
        select(began, Volunteer.stage, Volunteer.stage_since)
        .join(Volunteer, Volunteer.id == StageChange.volunteer_id)
        .where(StageChange.to_stage == Stage.ACTIVE)
        .group_by(Volunteer.id, Volunteer.stage, Volunteer.stage_since)
        .having(began >= since)
    )
    return [
        (
            on,
            max(((left if stage is Stage.MOVED_ON else today) - on).days, 0),
            stage is Stage.MOVED_ON,
        )
        for on, stage, left in db.execute(query)
    ]


def curve_of(
    followed: Sequence[tuple[int, bool, int]], least: int
) -> tuple[SurvivalCurve, pd.DataFrame]:
    """The curve of how many days, whether they left, and how many people each stands for.

    It ends at the last day up to which at least so many have been followed.
    """
    days, gone, people = (list(column) for column in zip(*followed, strict=True))
    found = kaplan_meier(days, gone, people=people)
    there = [day for day in days if still_there(days, day, people) >= least]
    last = max(there, default=0)
    counted = [month * A_MONTH for month in range(0, int(last / A_MONTH) + 1, COUNTED_EVERY)]
    drops = {step.time for step in found.steps if step.time <= last}
    rows = [
        _row(time, found.at(time), still_there(days, time, people), time in counted)
        for time in sorted({0.0, float(last), *counted, *drops})
    ]
    return found, pd.DataFrame(rows, columns=_COLUMNS)


def _row(time: float, step: SurvivalStep | None, at_risk: int, is_counted: bool) -> tuple[
    float, float, float | None, float | None, int, int, str, str
]:  # fmt: skip
    share, low, high = (step.share, step.low, step.high) if step else (1.0, 1.0, 1.0)
    sure = "" if low is None or step is None else f" ({low:.0%} to {high:.0%})"
    left = step.left if step and step.time == time else 0
    label = f"{share:.0%}{sure}, {at_risk} counted"
    return time / A_MONTH, share, low, high, left, at_risk, label, f"{at_risk}" * is_counted
