"""Who could cover a session, the likeliest first, each with the reason why."""

from collections import Counter
from datetime import timedelta

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import PlacementRole, Stage, Volunteer
from services.permissions import Actor, Permission, visible_volunteers
from services.rota import allowed, check, facts
from services.rota.problem import Problem, Rule, Stint
from services.rota.stored import day_of

MOST = 10
_LATELY = timedelta(weeks=4)
_COLUMNS = ["volunteer", "name", "knows_group", "wishes_it", "is_new", "load", "weigh"]


def substitutes(db: Session, actor: Actor, session_ref: str, role: PlacementRole) -> pd.DataFrame:
    """Those who may cover a role of a session: volunteer, name, knows_group, wishes_it, is_new,
    load (her sessions in the four weeks around it), weigh (whether a coordinator weighs it first).

    Who knows the group comes first, then who carries least. Nobody else is named, nor why not.
    """
    actor.require(Permission.PLAN_ROTA)
    session = allowed.session_of(db, actor, session_ref)
    query = select(Volunteer).where(Volunteer.stage == Stage.ACTIVE, visible_volunteers(actor))
    volunteers = {one.id: one for one in db.scalars(query)}
    found = facts.gather(db, [session], list(volunteers.values())).problem
    load = _load(found, session.id)
    rows = []
    for helper in found.helpers:
        stint = Stint(session.id, role.value, helper.number)
        rule = check.stops(found, found.fixed, stint)
        if helper.number not in volunteers or rule not in (None, Rule.WEIGH):
            continue
        knows = any(
            one.group == session.group_id and one.first <= day_of(session)
            for one in found.commitments
            if one.helper == helper.number
        )
        who = volunteers[helper.number]
        rows.append(
            (
                who.ref, f"{who.first_name} {who.last_name}", knows, role.value in helper.wishes,
                helper.is_new, load[helper.number], rule == Rule.WEIGH,
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (row[6], not row[2], row[5], not row[3], row[1]))
    return pd.DataFrame(rows[:MOST], columns=_COLUMNS)


def _load(problem: Problem, around: int) -> Counter[int]:
    """How many sessions each has within four weeks of one."""
    days = {one.number: one.day for one in problem.meetings}
    middle = days[around]
    return Counter(
        one.helper for one in problem.fixed if abs(days[one.meeting] - middle) <= _LATELY
    )
