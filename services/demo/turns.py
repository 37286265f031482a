"""The demonstration's rota: the next weeks of the groups that volunteers are placed with."""

import json
from collections import Counter, defaultdict
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    GroupNeeds,
    GroupSession,
    Placement,
    PlacementRole,
    Relief,
    SessionState,
    Shift,
    ShiftState,
    Stage,
    Volunteer,
)
from services import clock
from services.demo.chance import Chance
from services.demo.sink import Sink
from services.volunteers.rota.needs import LEAST, ROLES

_AHEAD = timedelta(weeks=6)  # so that a group of every other week has one somebody is asked for
_ASKED = timedelta(days=6)
# How the coming sessions of one volunteer stand, the nearest first; then nobody is asked yet.
_STANDING = (
    ShiftState.ACCEPTED, ShiftState.ACCEPTED, ShiftState.OFFERED, ShiftState.DECLINED,
)  # fmt: skip
_GIVES_ON = 1  # which of her sessions somebody would like another to take


def write(db: Session, sink: Sink, chance: Chance, *, by: int, today: date) -> None:
    """What those groups need, and who has been asked so far.

    Reads what is in the database already, so the sink must have been emptied into it.
    """
    placed = _placed(db)
    sessions = _coming(db, list(placed), today)
    asks = _who_asks(placed)
    for group, people in placed.items():
        counted = Counter(role for _who, role in people)
        needs = {role: max(counted[role], LEAST.get(role, 1)) for role in counted}
        needs[PlacementRole.WELCOME] = max(needs.get(PlacementRole.WELCOME, 0), 1)
        wanted = {role.value: needs.get(role, 0) for role in ROLES}
        # Numbered like every other row, so that the same seed makes the same programme.
        sink.add(GroupNeeds, group_id=group, needs=json.dumps(wanted))
        slots: Counter[PlacementRole] = Counter()
        for who, role in people:
            slots[role] += 1
            _shifts(
                sink, chance, who, role, slots[role], sessions[group], by=by, today=today,
                asks=(who, group) == asks,
            )  # fmt: skip


def _shifts(
    sink: Sink,
    chance: Chance,
    who: int,
    role: PlacementRole,
    slot: int,
    sessions: list[int],
    *,
    by: int,
    today: date,
    asks: bool,
) -> None:
    asked = clock.start_of_day(today - _ASKED) + timedelta(hours=11)
    answered = asked + timedelta(days=2)
    for number, (session, state) in enumerate(zip(sessions, _STANDING, strict=False)):
        sink.add(
            Shift,
            ref=chance.ref(),
            session_id=session,
            volunteer_id=who,
            role=role,
            slot=slot,
            state=state,
            offered_at=asked,
            offered_by_id=by,
            answered_at=None if state is ShiftState.OFFERED else answered,
            ended_at=answered if state is ShiftState.DECLINED else None,
            relief=Relief.ASKED if asks and number == _GIVES_ON else None,
        )


def _who_asks(placed: dict[int, list[tuple[int, PlacementRole]]]) -> tuple[int, int] | None:
    """The last to have come, and her group; not the first, who is to have an account."""
    pairs = sorted((who, group) for group, people in placed.items() for who, _role in people)
    return pairs[-1] if pairs and pairs[0][0] != pairs[-1][0] else None


def _placed(db: Session) -> dict[int, list[tuple[int, PlacementRole]]]:
    """Who is placed with which group now, to do something there."""
    query = (
        select(Placement.group_id, Placement.volunteer_id, Placement.role)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .where(
            Placement.ends_on.is_(None),
            Placement.role.in_(ROLES),
            Volunteer.stage == Stage.ACTIVE,
        )
        .order_by(Placement.id)
    )
    found: defaultdict[int, list[tuple[int, PlacementRole]]] = defaultdict(list)
    for group, who, role in db.execute(query):
        found[group].append((who, role))
    return found


def _coming(db: Session, groups: list[int], today: date) -> defaultdict[int, list[int]]:
    """The sessions of the next weeks, from tomorrow on, by group."""
    tomorrow = today + timedelta(days=1)
    query = (
        select(GroupSession.group_id, GroupSession.id)
        .where(
            GroupSession.group_id.in_(groups),
            GroupSession.starts_at >= clock.start_of_day(tomorrow),
            GroupSession.starts_at < clock.start_of_day(tomorrow + _AHEAD),
            GroupSession.state != SessionState.CANCELLED,
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for group, session in db.execute(query):
        found[group].append(session)
    return found
