"""Who could cover a session, the likeliest first, each with the reason why."""

from collections import Counter
from datetime import timedelta

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import PlacementRole, Stage, Volunteer
from services.permissions import Actor, Permission
from services.visibility import visible_volunteers
from services.volunteers.availability.facts import wishes_of
from services.volunteers.rota import allowed, check, facts
from services.volunteers.rota.problem import Problem, Rule, Stint
from services.volunteers.rota.stored import day_of

MOST = 10
_LATELY = timedelta(weeks=4)
_COLUMNS = ["volunteer", "name", "knows_group", "speaks", "wishes_it", "is_new", "load", "weigh"]


def substitutes(db: Session, actor: Actor, session_ref: str, role: PlacementRole) -> pd.DataFrame:
    """Those who may cover a role of a session: volunteer, name, knows_group, speaks (languages of
    people in the group that are hers too), wishes_it, is_new, load (her sessions in the four weeks
    around it), weigh (whether a coordinator weighs it first).

    Who knows the group comes first, then who speaks a language that is needed, then who carries
    least. Nobody else is named, nor why not.
    """
    actor.require(Permission.PLAN_ROTA)
    session = allowed.session_of(db, actor, session_ref)
    query = select(Volunteer).where(Volunteer.stage == Stage.ACTIVE, visible_volunteers(actor))
    volunteers = {one.id: one for one in db.scalars(query)}
    known = facts.gather(db, [session], list(volunteers.values()))
    found, spoken = known.problem, known.spoken.get(session.group_id, {})
    languages = wishes_of(db, volunteers) if spoken else {}
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
        hers = languages[helper.number].languages if spoken else ()
        speaks = tuple(one for one in hers if one.casefold() in spoken)
        rows.append(
            (
                who.ref, f"{who.first_name} {who.last_name}", knows, speaks,
                role.value in helper.wishes, helper.is_new, load[helper.number], rule == Rule.WEIGH,
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (row[7], not row[2], not row[3], row[6], not row[4], row[1]))
    return pd.DataFrame(rows[:MOST], columns=_COLUMNS)


def _load(problem: Problem, around: int) -> Counter[int]:
    """How many sessions each has within four weeks of one."""
    days = {one.number: one.day for one in problem.meetings}
    middle = days[around]
    return Counter(
        one.helper for one in problem.fixed if abs(days[one.meeting] - middle) <= _LATELY
    )
