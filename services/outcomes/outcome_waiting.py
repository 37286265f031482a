"""Change while people waited beside change in the groups: where forms allow it, else why not.

Somebody waited who filled in a form for a place in which she then came to no session, and the same
form again for the next place she was given: in between there was no group.
"""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Group, Place
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
    waited = _waited(db, key, programme, period)
    counted = [(start, end, 1) for start, end, _days in waited]
    waiting = change(counted, form)
    published = PUBLISHED.get(form.key, "")
    if waiting is None or in_groups is None:
        few = f"{len(waited)} so far. " if waited and sees_small_numbers(actor) else ""
        return WhileWaiting(pd.DataFrame(columns=COLUMNS), f"{NOT_ASKED} {few}{published}".strip())
    weeks = sorted(days for *_, days in waited)[len(waited) // 2] / _DAYS
    rows = [
        ("While waiting", 0, *_numbers(waiting)),
        ("From start to end of a group", 1, *_numbers(in_groups)),
    ]
    said = ". ".join(f"{what}: {label}" for what, *_, label in rows)
    words = f"{said}. Half waited {weeks:.0f} weeks or less. {NOT_ALIKE} {published}"
    return WhileWaiting(pd.DataFrame(rows, columns=COLUMNS), words.strip())


def _numbers(one: Change) -> tuple[float, float, float, str]:
    return one.mean_change, one.ci_low, one.ci_high, one.words


def _waited(
    db: Session, key: str, programme: str | None, period: str | None
) -> list[tuple[int, int, int]]:
    """Scores at the start of a place nobody came to, and of the next place, and days between."""
    first, later, group = aliased(Place), aliased(Place), aliased(Group)
    query = (
        select(first.id, first.measured, later.measured, first.joined_on, later.joined_on)
        .join(later, (later.person_id == first.person_id) & (later.joined_on > first.joined_on))
        .join(group, group.id == later.group_id)
        .where(first.attended == 0, first.measured.is_not(None), later.measured.is_not(None))
        # By the first place besides, SQLite would go through all places instead of the few waited.
        .order_by(later.joined_on)
    )
    if programme is not None:
        query = query.where(group.programme == programme)
    if period is not None:
        begins, after_it = days_of(period)
        query = query.where(group.starts_on >= begins, group.starts_on < after_it)
    found: dict[int, tuple[int, int, int]] = {}
    for place, before, after, asked, again in db.execute(query):
        start, end = ((scores or {}).get(key, [None])[0] for scores in (before, after))
        if start is not None and end is not None and place not in found:
            found[place] = (start, end, (again - asked).days)
    return list(found.values())
