"""Reading what is known of volunteers' own time, many at once, in the same statements always."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from models import (
    HELD_PLACES,
    NEVER_TAKEN_UP,
    OPEN_STATES,
    Group,
    GroupState,
    OwnTime,
    Place,
    PlaceState,
    Plan,
    PlanMember,
    Referral,
    Volunteer,
)
from services import clock
from services.referrals.referral_states import ON_THE_WAY, WITH_A_PLACE
from services.volunteers.own_time.meeting import selves
from services.volunteers.own_time.readiness import Fact, History, facts
from services.volunteers.pipeline.rules import current


def standing(db: Session, volunteers: Sequence[Volunteer], on: date) -> dict[int, tuple[Fact, ...]]:
    """How each of these volunteers stands against the rules on a day, by her number."""
    months = current(db).own_group_months
    known = histories(db, [one.id for one in volunteers])
    return {one.id: facts(known[one.id], on=on, months=months) for one in volunteers}


def histories(db: Session, numbers: Collection[int]) -> dict[int, History]:
    """What is known of each of these volunteers, by her number."""
    query = select(
        OwnTime.volunteer_id,
        OwnTime.was_participant,
        OwnTime.person_id.is_not(None),
        OwnTime.has_own_support,
    ).where(OwnTime.volunteer_id.in_(numbers))
    found = dict.fromkeys(numbers, History())
    for number, was, is_linked, support in db.execute(query):
        found[number] = History(was_participant=was, is_linked=is_linked, has_own_support=support)
    for number, place_state, group_state, last in db.execute(_places(numbers)):
        found[number] = _with_place(found[number], place_state, group_state, last)
    for number in db.scalars(_live_cases(numbers)):
        found[number] = replace(found[number], has_live_case=True)
    return found


def _places(numbers: Collection[int]) -> Select[*tuple[Any, ...]]:
    own = selves()
    last = func.coalesce(Place.left_on, Group.ends_on)
    return (
        select(own.c.volunteer_id, Place.state, Group.state, last)
        .join(Place, Place.person_id == own.c.person_id)
        .join(Group, Group.id == Place.group_id)
        .where(own.c.volunteer_id.in_(numbers), Place.state != PlaceState.DECLINED)
    )


def _with_place(
    history: History, state: PlaceState, group_state: GroupState, last: date
) -> History:
    """What one of her places adds: she is in a group, waits for one, or was in one."""
    is_open = group_state in OPEN_STATES
    if state in NEVER_TAKEN_UP:
        return replace(history, has_live_case=history.has_live_case or is_open)
    if state in HELD_PLACES and is_open:
        return replace(history, is_in_group=True)
    latest = max(min(last, clock.today()), history.in_group_until or date.min)
    return replace(history, in_group_until=latest)


def _live_cases(numbers: Collection[int]) -> Select[int]:
    """Those with a referral on its way or a plan that has not ended."""
    own = selves()
    referred = select(Referral.person_id).where(Referral.state.in_((*ON_THE_WAY, *WITH_A_PLACE)))
    planned = (
        select(PlanMember.person_id)
        .join(Plan, Plan.id == PlanMember.plan_id)
        .where(Plan.ends_on.is_(None))
    )
    return select(own.c.volunteer_id).where(
        own.c.volunteer_id.in_(numbers),
        or_(own.c.person_id.in_(referred), own.c.person_id.in_(planned)),
    )
