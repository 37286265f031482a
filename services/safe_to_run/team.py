"""The colleagues who run some groups, and what is on record about each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Facilitation, Group, StaffAbsence, StaffCheck, StaffTraining
from services import clock
from services.safe_to_run.verdict import Adult
from services.staff.in_force import runs_now


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

    def on(self, group: Group, day: date) -> list[Adult]:
        """Those who are to run a group's session on a day."""
        return [
            Adult(
                name=one.name,
                is_facilitator=True,
                is_away=any(first <= day <= last for first, last in self.away[one.account_id]),
                trained_until=self.trained.get((one.account_id, group.programme)),
                checked_until=self.checked.get(one.account_id),
            )
            for one in self.runs[group.id]
            if one.holds(day)
        ]


def of_groups(db: Session, group_ids: Collection[int]) -> Team:
    """The teams of these groups, a query for each kind of record."""
    runs: defaultdict[int, list[_Run]] = defaultdict(list)
    query = (
        select(
            Facilitation.group_id, Account.id, Account.display_name,
            Facilitation.starts_on, Facilitation.ends_on,
        )
        .join(Account, Account.id == Facilitation.account_id)
        .where(Facilitation.group_id.in_(group_ids), Account.is_active, runs_now())
        .order_by(Facilitation.is_lead.desc(), Facilitation.id)
    )  # fmt: skip
    for group_id, account_id, name, starts_on, ends_on in db.execute(query):
        runs[group_id].append(_Run(account_id, name, starts_on, ends_on))
    who = {one.account_id for several in runs.values() for one in several}
    return Team(runs, _trained(db, who), _checked(db, who), _away(db, who))


def _trained(db: Session, who: Collection[int]) -> dict[tuple[int, str], date]:
    query = select(
        StaffTraining.account_id, StaffTraining.programme, StaffTraining.valid_until
    ).where(StaffTraining.account_id.in_(who))
    return {
        (account, programme): until or date.max for account, programme, until in db.execute(query)
    }


def _checked(db: Session, who: Collection[int]) -> dict[int, date]:
    query = select(StaffCheck.account_id, StaffCheck.check_again_on)
    return dict(db.execute(query.where(StaffCheck.account_id.in_(who))).all())


def _away(db: Session, who: Collection[int]) -> defaultdict[int, list[tuple[date, date]]]:
    query = select(StaffAbsence.account_id, StaffAbsence.first_on, StaffAbsence.last_on).where(
        StaffAbsence.account_id.in_(who), StaffAbsence.last_on >= clock.today()
    )
    found: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    for account_id, first, last in db.execute(query):
        found[account_id].append((first, last))
    return found
