"""For a programme lead: high-risk calls that nobody has got through on, without saying to whom."""

from collections import defaultdict
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import Account, Facilitation, Group, GroupSession, WelfareCall
from services.groups.staff.in_force import runs_now
from services.permissions import Actor, Permission
from services.registers.welfare.listing import MOST, escalates
from services.short_lists import once
from services.visibility import visible_sessions


def unheard(db: Session, actor: Actor) -> pd.DataFrame:
    """By session, the longest due first: group_ref, group, session, due, calls, facilitators.

    Who is owed the call stays with those who may see her; the lead learns whom to ask.
    """
    actor.require(Permission.DECIDE_CONCERNS)
    rows = db.execute(_unheard(actor)).all()
    names = facilitators_of(db, {row[0] for row in rows})
    columns = ["group_ref", "group", "session", "due", "calls", "facilitators"]
    return pd.DataFrame([(*row[1:], names[row[0]]) for row in rows], columns=columns)


@once
def _unheard(actor: Actor) -> Select[*tuple[Any, ...]]:
    due = func.min(WelfareCall.due_on).label("due")
    return (
        select(Group.id, Group.ref, Group.code_name, GroupSession.number, due, func.count())
        .select_from(WelfareCall)
        .join(GroupSession, GroupSession.id == WelfareCall.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(
            WelfareCall.closed_at.is_(None),
            WelfareCall.is_urgent,
            escalates(),
            visible_sessions(actor),
        )
        .group_by(Group.id, Group.ref, Group.code_name, GroupSession.id, GroupSession.number)
        .order_by(due, GroupSession.id)
        .limit(MOST)
    )


def facilitators_of(db: Session, group_ids: set[int]) -> dict[int, str]:
    """Who runs each of these groups, in one line; nothing is asked about no group."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    if not group_ids:
        return {}
    query = (
        select(Facilitation.group_id, Account.display_name)
        .join(Account, Account.id == Facilitation.account_id)
        .where(Facilitation.group_id.in_(group_ids), runs_now())
        .order_by(Facilitation.is_lead.desc(), Account.display_name)
    )
    for group_id, name in db.execute(query):
        names[group_id].append(name)
    return {group_id: ", ".join(names[group_id]) for group_id in group_ids}
