"""The colleagues who run some groups, and what is on record about each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from models import Account, Facilitation, Group, StaffAbsence, StaffCheck, StaffTraining
from services import clock
from services.groups.safe_to_run.verdict import Adult
from services.groups.staff.in_force import runs_now
from services.short_lists import NUMBERS, each_time


@dataclass(frozen=True, slots=True)
class _Run:
    account_id: int
    name: str
    starts_on: date | None
    ends_on: date | None

    def holds(self, day: date) -> bool:
        return (self.starts_on or day) <= day <= (self.ends_on or day)


@dataclass(frozen=True, slots=True)
class Team:
    """Who runs which group, with training by colleague and programme, checks and days away."""

    runs: dict[int, list[_Run]]
    trained: dict[tuple[int, str], date]
    checked: dict[int, date]
    away: dict[int, list[tuple[date, date]]]

    def on(self, group_id: int, programme: str, day: date) -> list[Adult]:
        """Those who are to run a session of a group, itself a run of a programme, on a day."""
        return [
            Adult(
                name=one.name,
                is_facilitator=True,
                is_away=any(first <= day <= last for first, last in self.away[one.account_id]),
                trained_until=self.trained.get((one.account_id, programme)),
                checked_until=self.checked.get(one.account_id),
            )
            for one in self.runs[group_id]
            if one.holds(day)
        ]


def of_groups(db: Session, group_ids: Collection[int]) -> Team:
    """The teams of these groups, a query for each kind of record."""
    runs: defaultdict[int, list[_Run]] = defaultdict(list)
    trained: dict[tuple[int, str], date] = {}
    checked: dict[int, date] = {}
    for row in db.execute(_runs(), {NUMBERS.key: group_ids}):
        one = _Run(row.id, row.display_name, row.starts_on, row.ends_on)
        runs[row.group_id].append(one)
        if row.trained_on is not None:
            trained[one.account_id, row.programme] = row.valid_until or date.max
        if row.check_again_on is not None:
            checked[one.account_id] = row.check_again_on
    who = {one.account_id for several in runs.values() for one in several}
    return Team(runs, trained, checked, _away(db, who))


@cache
def _runs() -> Select[*tuple[Any, ...]]:
    """Who runs which of the groups, with her check and her training for its programme."""
    trained = and_(
        StaffTraining.account_id == Account.id, StaffTraining.programme == Group.programme
    )
    return (
        select(
            Facilitation.group_id, Account.id, Account.display_name,
            Facilitation.starts_on, Facilitation.ends_on,
            Group.programme, StaffTraining.trained_on, StaffTraining.valid_until,
            StaffCheck.check_again_on,
        )
        .join(Account, Account.id == Facilitation.account_id)
        .join(Group, Group.id == Facilitation.group_id)
        .outerjoin(StaffTraining, trained)
        .outerjoin(StaffCheck, StaffCheck.account_id == Account.id)
        .where(Facilitation.group_id.in_(NUMBERS), Account.is_active, runs_now())
        .order_by(Facilitation.is_lead.desc(), Facilitation.id)
    )  # fmt: skip


def _away(db: Session, who: Collection[int]) -> defaultdict[int, list[tuple[date, date]]]:
    found: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    for account_id, first, last in db.execute(_absences(), {NUMBERS.key: who}):
        found[account_id].append((first, last))
    return found


@cache
def _absences() -> Select[int, date, date]:
    one = StaffAbsence
    return select(one.account_id, one.first_on, one.last_on).where(
        one.account_id.in_(NUMBERS), one.last_on >= each_time(one.last_on, clock.today)
    )
