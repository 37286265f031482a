"""Where volunteers move on from, and why, in the neutral words of the list of reasons.

Stepping back is no leaving, and is not counted here.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Stage, StageChange
from services import clock
from services.disclosure import TOTAL
from services.permissions import Actor, Permission
from services.places.leaving_reasons import moving_on_reasons
from services.volunteers.workforce.flow import first_day
from services.volunteers.workforce.small import shown, threshold

ON_THE_WAY = "On the way in"
WHILE_ACTIVE, WHILE_BACK = "While active", "While stepped back"
# Where small numbers are hidden: stepping back is private, and so few are in it.
ONCE_ACTIVE = "Once active"
NOT_SAID = "No reason written down"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Moves out in the last two years: how many in all (None where that is hidden), from where
    and why.

    `where` and `why` have the columns what, order, people (NA where hidden), label; `both` has a
    row for each reason that was given and a column for each place, with totals.
    """

    people: int | None
    where: pd.DataFrame
    why: pd.DataFrame
    both: pd.DataFrame


def leaving(db: Session, actor: Actor) -> Leaving:
    """Everybody who moved on in the last two years; who returned later is counted as well."""
    actor.require(Permission.READ_WORKFORCE)
    query = (
        select(StageChange.from_stage, StageChange.because, func.count())
        .where(
            StageChange.changed_on >= first_day(clock.today()),
            StageChange.to_stage == Stage.MOVED_ON,
        )
        .group_by(StageChange.from_stage, StageChange.because)
    )
    words, places = moving_on_reasons(), _places(actor)
    counts: Counter[tuple[str, str]] = Counter()
    for stage, because, count in db.execute(query):
        counts[words.get(because or "", NOT_SAID), places.get(stage, ON_THE_WAY)] += count
    columns = [ON_THE_WAY, *dict.fromkeys(places.values())]
    reasons = [one for one in (*words.values(), NOT_SAID) if any(counts[one, at] for at in columns)]
    table = pd.DataFrame(
        [[counts[reason, at] for at in columns] for reason in reasons],
        index=reasons,
        columns=columns,
    )
    seen = shown(actor, table)
    everybody: Any = seen.at[TOTAL, TOTAL]
    return Leaving(
        people=None if pd.isna(everybody) else int(everybody),
        where=_bars(seen[columns].T[TOTAL]),
        why=_bars(seen[TOTAL].drop(TOTAL)),
        both=seen.rename_axis("reason").reset_index(),
    )


def _places(actor: Actor) -> dict[Stage | None, str]:
    """Where somebody was who was on the way in no more."""
    if threshold(actor) == 1:
        return {Stage.ACTIVE: WHILE_ACTIVE, Stage.STEPPED_BACK: WHILE_BACK}
    return {Stage.ACTIVE: ONCE_ACTIVE, Stage.STEPPED_BACK: ONCE_ACTIVE}


def _bars(counts: "pd.Series[Any]") -> pd.DataFrame:
    people = pd.array(counts.to_numpy(), dtype="Int64")
    frame = pd.DataFrame({"what": counts.index, "people": people, "order": range(len(counts))})
    return frame.assign(label=frame["people"].astype("string").fillna("*"))
