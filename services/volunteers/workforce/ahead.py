"""Cover for the weeks to come: how many volunteers are needed, who has said yes, what is open."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import OPEN_STATES, Group, GroupSession, SessionState, Shift, ShiftState
from services import clock
from services.permissions import Actor, Permission
from services.visibility import visible_sessions
from services.volunteers.rota import needs, takeovers
from services.volunteers.rota.problem import Need

SESSION = (GroupSession.id, GroupSession.group_id, GroupSession.local_start, Group.programme)
WEEKS = 6
COLUMNS = ["week", "order", "part", "place", "people", "needed", "label"]
COVERED, ASKED, OPEN = PARTS = ("Covered", "Asked", "Open")


@dataclass(frozen=True, slots=True)
class Ahead:
    """The sessions of the next weeks, and what they need: covered, asked and open add up to it.

    `weeks` has a row for each week and part: week, order, part, place, people, needed, label.
    """

    sessions: int
    needed: int
    covered: int
    weeks: pd.DataFrame


def ahead(db: Session, actor: Actor) -> Ahead:
    """Needed, covered, asked and open by week, over the next six weeks."""
    actor.require(Permission.READ_WORKFORCE)
    wanted = _sessions(actor)
    monday = clock.today() - timedelta(days=clock.today().weekday())
    weeks: defaultdict[date, Counter[str]] = defaultdict(Counter)
    sessions = 0
    for starts, _programme, parts in standing(db, wanted):
        sessions += 1
        day = starts.date()
        weeks[day - timedelta(days=day.weekday())].update(parts)
    rows = [
        row
        for order in range(WEEKS + 1)
        for week in [monday + timedelta(weeks=order)]
        for row in rows_of(f"{week.day} {week:%b}", order, weeks[week])
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    totals = sum(weeks.values(), Counter[str]())
    return Ahead(sessions, totals.total(), totals[COVERED], frame)


def standing(
    db: Session, wanted: Select[int, int, datetime, str]
) -> Iterator[tuple[datetime, str, list[str]]]:
    """When each of these sessions begins, its programme, and how each place stands that it needs.

    `wanted` selects `SESSION`. A step of services that have asked.
    """
    sessions = db.execute(wanted).all()
    needed = needs.of_groups(db, {group for _number, group, *_ in sessions})
    there = _there(db, wanted)
    for number, group, starts, programme in sessions:
        yield (
            starts,
            programme,
            [part for need in needed[group] for part in _places(need, there[number, need.role])],
        )


def _sessions(actor: Actor) -> Select[int, int, datetime, str]:
    now = clock.now()
    return (
        select(*SESSION)
        .join(Group, Group.id == GroupSession.group_id)
        .where(
            visible_sessions(actor),
            GroupSession.starts_at > now,
            GroupSession.starts_at <= now + timedelta(weeks=WEEKS),
            GroupSession.state != SessionState.CANCELLED,
            Group.state.in_(OPEN_STATES),
        )
    )


def _there(
    db: Session, wanted: Select[int, int, datetime, str]
) -> defaultdict[tuple[int, str], Counter[ShiftState]]:
    """By session and role: how many have said yes, and how many are asked."""
    query = (
        select(Shift.session_id, Shift.role, Shift.state, func.count())
        .where(
            Shift.session_id.in_(wanted.with_only_columns(GroupSession.id)),
            takeovers.in_a_place(),
        )
        .group_by(Shift.session_id, Shift.role, Shift.state)
    )
    there: defaultdict[tuple[int, str], Counter[ShiftState]] = defaultdict(Counter)
    for session, role, state, count in db.execute(query):
        there[session, role.value][state] += count
    return there


def _places(need: Need, there: Counter[ShiftState]) -> Iterator[str]:
    """How each place that is needed stands; whoever comes beyond what is needed fills none."""
    covered = min(there[ShiftState.ACCEPTED], need.count)
    asked = min(there[ShiftState.OFFERED], need.count - covered)
    yield from (COVERED,) * covered
    yield from (ASKED,) * asked
    yield from (OPEN,) * (need.count - covered - asked)


def rows_of(when: str, order: int, counts: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    """The rows of `COLUMNS` for one week, or another time: how many places stand in each way."""
    needed = sum(counts[part] for part in PARTS)
    for place, part in enumerate(PARTS):
        yield when, order, part, place, counts[part], needed, f"{counts[part]} of {needed}"
