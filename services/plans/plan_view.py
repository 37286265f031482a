"""What a reader sees of plans: a family's on one page, and those due for review."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import Account, Intervention, Person, Plan, PlanMember
from services import clock
from services.accounts import colleagues
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.short_lists import each_time, once
from services.visibility import visible_people, visible_plans

MOST = 50
_COLUMNS = [
    "plan", "intervention", "people", "worker", "starts_on", "review_on", "ends_on", "note",
    "ending", "is_due", "version",
]  # fmt: skip


def of_family(db: Session, actor: Actor, person_ref: str) -> pd.DataFrame:
    """The plans of a person's family as far as this reader may see it, the open ones first.

    A plan for nobody she may see is not there at all. Of the others she reads the names she may
    see, and note and ending only where nobody it is for is hidden from her: words name people.

    Columns: plan (reference), intervention, people (their names), worker, starts_on, review_on,
    ends_on, note, ending, is_due, version.
    """
    actor.require(Permission.READ_PLANS)
    family = select(Person.family_id).where(Person.ref == person_ref, visible_people(actor))
    query = _plans(actor).where(Plan.family_id.in_(family))
    in_order = query.order_by(
        Plan.ends_on.is_not(None), Plan.ends_on.desc(), Intervention.position, Plan.id
    )
    found = db.execute(in_order).all()
    names = _names(db, actor, [plan.id for plan, *_rest in found])
    rows = [
        (
            plan.ref,
            intervention,
            ", ".join(name for _ref, name in names[plan.id]),
            worker,
            plan.starts_on,
            plan.review_on,
            plan.ends_on,
            plan.note if len(names[plan.id]) == people else None,
            plan.ending if len(names[plan.id]) == people else None,
            _is_due(plan, clock.today()),
            plan.version,
        )
        for plan, intervention, worker, people in found
    ]
    return pd.DataFrame(rows, columns=_COLUMNS, dtype=object)


def to_review(db: Session, actor: Actor) -> pd.DataFrame:
    """Open plans whose review is due by today, the longest due first.

    Those of the worker herself; for a coordinator everybody's, so that none waits for somebody
    who is away. Columns: plan, person_ref (somebody it is for), people, intervention, worker,
    review_on.
    """
    actor.require(Permission.READ_PLANS)
    found = db.execute(to_review_select(actor)).all()
    names = _names(db, actor, [plan.id for plan, *_rest in found])
    rows = [
        (
            plan.ref,
            names[plan.id][0][0],
            ", ".join(name for _ref, name in names[plan.id]),
            intervention,
            worker,
            plan.review_on,
        )
        for plan, intervention, worker, _people in found
    ]
    columns = ["plan", "person_ref", "people", "intervention", "worker", "review_on"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


@once
def to_review_select(actor: Actor) -> Select[Plan, str, str, int]:
    """The select behind `to_review`, for what only counts them."""
    query = (
        _plans(actor)
        .where(Plan.ends_on.is_(None), Plan.review_on <= each_time(Plan.review_on, clock.today))
        .order_by(Plan.review_on, Plan.id)
        .limit(MOST)
    )
    hers_alone = Plan.worker_id == actor.account_id
    return query if actor.may(Permission.EDIT_PLANS) else query.where(hers_alone)


def workers(db: Session, actor: Actor) -> dict[str, str]:
    """The colleagues who may hold a plan: reference to name."""
    actor.require(Permission.EDIT_PLANS)
    return colleagues.who_may(db, Permission.READ_PLANS)


def family(db: Session, actor: Actor, person_ref: str) -> dict[str, str]:
    """The people of a person's family whom this reader may see, herself first."""
    actor.require(Permission.READ_PLANS)
    hers = select(Person.family_id).where(Person.ref == person_ref, visible_people(actor))
    query = select(Person).where(Person.family_id.in_(hers), visible_people(actor))
    in_order = query.order_by(Person.ref != person_ref, Person.id)
    return {person.ref: full_name(person) for person in db.scalars(in_order)}


@once
def _plans(actor: Actor) -> Select[Plan, str, str, int]:
    """The plans she may see: plan, intervention, worker's name, how many people it is for."""
    people: Any = (
        select(func.count()).where(PlanMember.plan_id == Plan.id).correlate(Plan).scalar_subquery()
    )
    return (
        select(Plan, Intervention.name, Account.display_name, people)
        .join(Intervention, Intervention.id == Plan.intervention_id)
        .join(Account, Account.id == Plan.worker_id)
        .where(visible_plans(actor))
    )


def _names(
    db: Session, actor: Actor, plan_ids: Collection[int]
) -> defaultdict[int, list[tuple[str, str]]]:
    """For each plan the people she may see, by reference and name."""
    query = (
        select(PlanMember.plan_id, *NAMED)
        .join(Person, Person.id == PlanMember.person_id)
        .where(PlanMember.plan_id.in_(plan_ids), visible_people(actor))
        .order_by(Person.id)
    )
    names: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    if plan_ids:
        for row in db.execute(query):
            names[row.plan_id].append((row.person_ref, full_name(row)))
    return names


def _is_due(plan: Plan, today: date) -> bool:
    return plan.ends_on is None and plan.review_on is not None and plan.review_on <= today
