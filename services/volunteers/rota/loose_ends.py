"""Where the rota needs a coordinator: who asks to be relieved, and which places have opened."""

from collections import defaultdict
from typing import Any

import pandas as pd
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from models import (
    OPEN_STATES,
    Group,
    GroupSession,
    Relief,
    SessionState,
    Shift,
    ShiftState,
    Volunteer,
)
from services import clock
from services.permissions import Actor, Permission
from services.short_lists import each_time, instant, once
from services.visibility import visible_sessions
from services.volunteers.rota import needs
from services.volunteers.rota.takeovers import in_a_place

MOST = 50
_COLUMNS = ["session", "starts", "group", "role", "name"]


def all_of_them(db: Session, actor: Actor) -> pd.DataFrame:
    """The next first: session, starts (wall time), group, role, and the name of her who asks to be
    relieved; no name where somebody cancelled and nobody has been asked for the place since."""
    actor.require(Permission.PLAN_ROTA)
    return pd.DataFrame(_lines(db, actor), columns=_COLUMNS)


def count(db: Session, actor: Actor) -> int:
    """How many there are."""
    actor.require(Permission.PLAN_ROTA)
    return len(_lines(db, actor))


def _lines(db: Session, actor: Actor) -> list[tuple[Any, ...]]:
    found = db.execute(_select(actor)).all()
    asked = {row.group_id for row in found if row.state is ShiftState.CANCELLED}
    counts: defaultdict[tuple[int, str], int] = defaultdict(int)
    if asked:
        needed = needs.of_groups(db, asked).items()
        counts.update({(group, one.role): one.count for group, of in needed for one in of})
    lines: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in found:
        has_gone = row.state is ShiftState.CANCELLED
        if has_gone and row.there >= counts[row.group_id, row.role.value]:
            continue  # so many are not needed any more
        name = "" if has_gone else f"{row.first_name} {row.last_name}"
        line = row.ref, clock.wall(row.starts_at, row.zone), row.code_name, row.role.value, name
        # A place that two have had and left is open once.
        lines.setdefault((row.ref, row.role, row.slot, has_gone), line)
    return list(lines.values())


@once
def _select(actor: Actor) -> Select[*tuple[Any, ...]]:
    other = aliased(Shift)
    beside = and_(other.session_id == Shift.session_id, other.role == Shift.role, in_a_place(other))
    taken = select(other.id).where(beside, other.slot == Shift.slot).exists()
    there = select(func.count(other.id)).where(beside).scalar_subquery()
    begins = GroupSession.starts_at
    return (
        select(
            GroupSession.ref, GroupSession.group_id, begins, GroupSession.zone, Group.code_name,
            Shift.role, Shift.slot, Shift.state, Volunteer.first_name, Volunteer.last_name,
            there.label("there"),
        )
        .join(Group, Group.id == GroupSession.group_id)
        .join(Shift, Shift.session_id == GroupSession.id)
        .join(Volunteer, Volunteer.id == Shift.volunteer_id)
        .where(
            visible_sessions(actor),
            begins > each_time(begins, instant),
            GroupSession.state != SessionState.CANCELLED,
            Group.state.in_(OPEN_STATES),
            or_(
                Shift.relief == Relief.ASKED,
                and_(Shift.state == ShiftState.CANCELLED, ~taken),
            ),
        )
        .order_by(begins, Shift.id)
        .limit(MOST)
    )  # fmt: skip
