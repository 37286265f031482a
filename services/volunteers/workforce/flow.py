"""How volunteers move along the pipeline: what became of each stage entered, and how long it took.

Whoever is in a stage still is counted and said: leaving her out would make the way look shorter.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import Stage, StageChange
from services import clock
from services.disclosure import TOTAL
from services.frames import typed
from services.permissions import Actor, Permission
from services.statistics import waits
from services.unchanged import while_unchanged
from services.volunteers.volunteers import WAITING_STAGES
from services.volunteers.workforce.small import shown, threshold

MONTHS = 24
WENT_ON, THERE_STILL, STEPPED_BACK, MOVED_ON = OUTCOMES = (
    "Went on", "There still", "Stepped back", "Moved on",
)  # fmt: skip
# Where small numbers are hidden, stages stand together: one by one, hardly any could be shown.
PHASES = {
    Stage.INTEREST: "applying",
    Stage.CONVERSATION: "applying",
    Stage.APPLICATION: "applying",
    Stage.INTERVIEW: "applying",
    Stage.CHECKS: "preparing",
    Stage.TRAINING: "preparing",
    Stage.SHADOWING: "shadowing",
}
AWAY = {None: THERE_STILL, Stage.STEPPED_BACK: STEPPED_BACK, Stage.MOVED_ON: MOVED_ON}


@dataclass(frozen=True, slots=True)
class Flow:
    """The stages entered in the last two years, one by one or as `PHASES`.

    `became` has a row for each stage and outcome: stage, order, what, place, people (NA where
    hidden), label. `times` has a row for each stage: stage, order, entered, reached (n of median
    and ninetieth, in days), waiting, longest, label; NA where hidden or nobody was.
    """

    entered: int
    became: pd.DataFrame
    times: pd.DataFrame


def first_day(today: date) -> date:
    """The first day of what is looked at."""
    return today - relativedelta(months=MONTHS)


@while_unchanged
def flow(db: Session, actor: Actor) -> Flow:
    """What became of each stage on the way that was entered in the last two years."""
    actor.require(Permission.READ_WORKFORCE)
    today, least = clock.today(), threshold(actor)
    days: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for stage, entered, following, until in db.execute(stays(first_day(today))):
        line = stage.value if least == 1 else PHASES[stage]
        took = max(((until or today) - entered).days, 0)
        days[line, AWAY.get(following, WENT_ON)].append(took)
    lines = [stage.value for stage in WAITING_STAGES] if least == 1 else list(PHASES.values())
    lines = list(dict.fromkeys(lines))
    counts = [[len(days[line, what]) for what in OUTCOMES] for line in lines]
    seen = shown(actor, pd.DataFrame(counts, index=lines, columns=list(OUTCOMES)))
    return Flow(sum(map(sum, counts)), _became(seen, lines), _times(seen, lines, days, least))


def stays(since: date) -> Select[Stage, date, Stage | None, date | None]:
    """Each stage entered since a day: with what came next and when, empty while she is there."""
    one = StageChange
    whose, in_order = one.volunteer_id, one.id
    following = func.lead(one.to_stage, type_=one.to_stage.type)
    until = func.lead(one.changed_on, type_=one.changed_on.type)
    moves = (
        select(
            one.to_stage,
            one.changed_on,
            following.over(partition_by=whose, order_by=in_order).label("next"),
            until.over(partition_by=whose, order_by=in_order).label("until"),
        )
        .where(one.changed_on >= since)
        .subquery()
    )
    return select(moves).where(moves.c.to_stage.in_(WAITING_STAGES))


def _became(seen: pd.DataFrame, lines: list[str]) -> pd.DataFrame:
    rows = [
        (stage, order, what, place, people, _count(people))
        for order, stage in enumerate(lines)
        for place, what in enumerate(OUTCOMES)
        for people in [seen.at[stage, what]]
    ]
    columns = ["stage", "order", "what", "place", "people", "label"]
    return typed(rows, columns, {"people": "Int64"})


def _times(
    seen: pd.DataFrame, lines: list[str], days: Mapping[tuple[str, str], list[int]], least: int
) -> pd.DataFrame:
    rows = []
    for order, stage in enumerate(lines):
        reached, waiting, entered = (seen.at[stage, what] for what in (WENT_ON, THERE_STILL, TOTAL))
        found = waits(days[stage, WENT_ON] if _may_be_told(reached, least) else [])
        longest = max(days[stage, THERE_STILL]) if _may_be_told(waiting, least) else None
        label = f"{_count(reached)} of {_count(entered)}"
        rows.append(
            (stage, order, entered, reached, found.median, found.ninetieth, waiting, longest,
             label)
        )  # fmt: skip
    columns = ["stage", "order", "entered", "reached", "median", "ninetieth", "waiting", "longest",
               "label"]  # fmt: skip
    kinds = dict.fromkeys(("entered", "reached", "waiting", "longest"), "Int64")
    kinds |= dict.fromkeys(("median", "ninetieth"), "Float64")
    return pd.DataFrame(rows, columns=columns).astype(kinds)


def _may_be_told(people: Any, least: int) -> bool:
    return bool(pd.notna(people) and people >= least)


def _count(people: Any) -> str:
    return "*" if pd.isna(people) else f"{people}"
