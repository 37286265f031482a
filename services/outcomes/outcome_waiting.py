"""Change while people waited beside change in the groups: where forms allow it, else why not.

Somebody waited who filled in a form for a place in which she then came to no session, and the same
form again for the next place she was given: in between there was no group.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Group, Place
from services import clock
from services.measures.measure_definition import Measure
from services.outcomes.outcome_change import Change, change
from services.permissions import Actor, Permission
from services.tallies.quarters import days_of
from services.tallies.shares import MEANS_FROM, sees_small_numbers
from services.tallies.tally_totals import refuse_parts

_DAYS = 7
NOT_ASKED = (
    "Change in the groups cannot be set beside change without one: that takes "
    f"{MEANS_FROM} people with this form at the start of a place they could not take up, and again "
    "at the start of the next. Ask for it again whenever somebody has waited for another group."
)
NOT_ALIKE = (
    "Nobody was put into one or the other by lot: those who waited may differ in other ways, and "
    "waited for another length of time than a group lasts. Whoever waited and came to a group "
    "later is in both."
)
# Means over weeks on a list for NHS Talking Therapies (domain §2.7).
PUBLISHED = {
    "phq9": (
        "Elsewhere PHQ-9 fell without help: people on a waiting list for NHS Talking Therapies "
        "scored 13.6, 11.9, 11.4, 8.0 and 7.0 on average after 0, 4, 8, 12 and 16 weeks."
    ),
}
COLUMNS = ["what", "order", "mean", "low", "high", "label"]


WAITING, IN_GROUPS = "While waiting", "From start to end of a group"


@dataclass(frozen=True, slots=True)
class Waited:
    """Scores at the start of a place nobody came to and of the next place, days between, and the
    quarter and programme of the group she waited for."""

    start: int
    end: int
    days: int
    quarter: str
    programme: str


@dataclass(frozen=True, slots=True)
class WhileWaiting:
    """Both changes (`COLUMNS`, positive = better), or no rows; `words` says what they are, or why
    there are none."""

    changes: pd.DataFrame
    words: str


def while_waiting(
    db: Session,
    actor: Actor,
    key: str,
    form: Measure,
    in_groups: Change | None,
    *,
    programme: str | None = None,
    period: str | None = None,
) -> WhileWaiting:
    """The change of those who waited beside `in_groups`, by the group they waited for."""
    actor.require(Permission.READ_OUTCOMES)
    refuse_parts(actor, programme, period)
    found = waited(db, key, programme=programme, begins_in=_days(period))
    waiting = change([(one.start, one.end, 1) for one in found], form)
    published = PUBLISHED.get(form.key, "")
    if waiting is None or in_groups is None:
        few = f"{len(found)} so far. " if found and sees_small_numbers(actor) else ""
        return WhileWaiting(pd.DataFrame(columns=COLUMNS), f"{NOT_ASKED} {few}{published}".strip())
    weeks = sorted(one.days for one in found)[len(found) // 2] / _DAYS
    changes = beside(waiting, in_groups)
    said = ". ".join(f"{one.what}: {one.label}" for one in changes.itertuples())
    words = f"{said}. Half waited {weeks:.0f} weeks or less. {NOT_ALIKE} {published}"
    return WhileWaiting(changes, words.strip())


def beside(waiting: Change, in_groups: Change) -> pd.DataFrame:
    """The two changes as rows (`COLUMNS`)."""
    rows = [
        (what, order, one.mean_change, one.ci_low, one.ci_high, one.words)
        for order, (what, one) in enumerate(((WAITING, waiting), (IN_GROUPS, in_groups)))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def waited(
    db: Session,
    key: str,
    *,
    programme: str | None = None,
    begins_in: tuple[date, date] | None = None,
) -> list[Waited]:
    """Everybody who waited for a group, of one programme or of those that began on these days.

    A step of services that have asked.
    """
    first, later, group = aliased(Place), aliased(Place), aliased(Group)
    query = (
        select(
            first.id, first.measured, later.measured, first.joined_on, later.joined_on,
            group.starts_on, group.programme,
        )
        .join(later, (later.person_id == first.person_id) & (later.joined_on > first.joined_on))
        .join(group, group.id == later.group_id)
        .where(first.attended == 0, first.measured.is_not(None), later.measured.is_not(None))
        # By the first place besides, SQLite would go through all places instead of the few waited.
        .order_by(later.joined_on)
    )  # fmt: skip
    if programme is not None:
        query = query.where(group.programme == programme)
    if begins_in is not None:
        query = query.where(group.starts_on.between(*begins_in))
    found: dict[int, Waited] = {}
    for place, before, after, asked, again, begins, of in db.execute(query):
        start, end = ((scores or {}).get(key, [None])[0] for scores in (before, after))
        if start is not None and end is not None and place not in found:
            quarter = clock.quarter(begins)
            found[place] = Waited(start, end, (again - asked).days, quarter, of)
    return list(found.values())


def _days(period: str | None) -> tuple[date, date] | None:
    if period is None:
        return None
    begins, after_it = days_of(period)
    return begins, after_it - timedelta(days=1)
