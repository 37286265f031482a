"""Whose safe-contact plan has to be confirmed again while she is in a group that is running."""

from datetime import timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from models import (
    SEATED_PLACES,
    ContactPlan,
    Group,
    GroupState,
    Organisation,
    Person,
    PersonKind,
    Place,
)
from services import clock
from services.people import full_name
from services.permissions import Actor, Permission, visible_people, visible_places

MOST = 50


def count_to_confirm(db: Session, actor: Actor) -> int:
    """How many people of running groups cannot be contacted until they are asked again."""
    actor.require(Permission.RECORD_CONTACT)
    return db.scalar(_due(db, actor, func.count())) or 0


def to_confirm(db: Session, actor: Actor) -> pd.DataFrame:
    """Who they are, those waiting longest first, up to 50 of them: ref, name, confirmed (a day,
    or None where she was never asked or something has changed since)."""
    actor.require(Permission.RECORD_CONTACT)
    query = _due(
        db, actor, Person.ref, Person.first_name, Person.last_name, Person.known_as,
        ContactPlan.confirmed_on,
    )  # fmt: skip
    first = ContactPlan.confirmed_on.is_not(None), ContactPlan.confirmed_on, Person.id
    rows = [
        (row.ref, full_name(row), row.confirmed_on)
        for row in db.execute(query.order_by(*first).limit(MOST))
    ]
    return pd.DataFrame(rows, columns=["ref", "name", "confirmed"])


def _due(db: Session, actor: Actor, *columns: Any) -> Select[Any]:
    """From the few running groups to their people, so it costs the same whatever lies behind."""
    seated = (
        select(Place.person_id)
        .join(Group, Group.id == Place.group_id)
        .where(
            Group.state == GroupState.RUNNING,
            Place.state.in_(SEATED_PLACES),
            visible_places(actor),
        )
    )
    return (
        select(*columns)
        .select_from(Person)
        .outerjoin(ContactPlan, ContactPlan.person_id == Person.id)
        .where(Person.id.in_(seated), visible_people(actor), _to_be_asked(db))
    )


def _to_be_asked(db: Session) -> ColumnElement[bool]:
    """Lapsed or never confirmed. A child without a plan is reached through her carer; whoever is
    suspended must not be asked at all."""
    days = db.scalar(select(Organisation.contact_days)) or 0
    oldest = clock.today() - timedelta(days=days)
    never = and_(ContactPlan.id.is_(None), Person.kind == PersonKind.ADULT)
    lapsed = or_(ContactPlan.confirmed_on.is_(None), ContactPlan.confirmed_on < oldest)
    kept = and_(ContactPlan.id.is_not(None), ContactPlan.suspended_at.is_(None), lapsed)
    return or_(never, kept)
