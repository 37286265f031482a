"""Whose safe-contact plan has to be confirmed again while she is in a group that is running."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import BindParameter, Date, Select, and_, bindparam, or_, select
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
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.short_lists import once
from services.visibility import visible_people, visible_places

MOST = 50
_OLDEST: BindParameter[date] = bindparam("oldest", type_=Date)
# Lapsed or never confirmed. A child without a plan is reached through her carer; whoever is
# suspended must not be asked at all.
_NEVER = and_(ContactPlan.id.is_(None), Person.kind == PersonKind.ADULT)
_LAPSED = or_(ContactPlan.confirmed_on.is_(None), ContactPlan.confirmed_on < _OLDEST)
_TO_BE_ASKED = or_(
    _NEVER, and_(ContactPlan.id.is_not(None), ContactPlan.suspended_at.is_(None), _LAPSED)
)


def to_confirm(db: Session, actor: Actor) -> pd.DataFrame:
    """Who they are, those waiting longest first, up to 50 of them: ref, name, confirmed (a day,
    or None where she was never asked or something has changed since)."""
    actor.require(Permission.RECORD_CONTACT)
    rows = [
        (row.person_ref, full_name(row), row.confirmed_on)
        for row in db.execute(to_confirm_select(actor), oldest(db))
    ]
    return pd.DataFrame(rows, columns=["ref", "name", "confirmed"])


def oldest(db: Session) -> dict[str, date]:
    """The first day on which a confirmation that still holds can have been given, as
    `to_confirm_select` has to be told. A step of other services, which have asked."""
    days = db.scalar(select(Organisation.contact_days)) or 0
    return {_OLDEST.key: clock.today() - timedelta(days=days)}


@once
def to_confirm_select(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The select behind `to_confirm`, for what only counts them.

    From the few running groups to their people, so it costs the same whatever lies behind.
    """
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
        select(*NAMED, ContactPlan.confirmed_on)
        .select_from(Person)
        .outerjoin(ContactPlan, ContactPlan.person_id == Person.id)
        .where(Person.id.in_(seated), visible_people(actor), _TO_BE_ASKED)
        .order_by(ContactPlan.confirmed_on.is_not(None), ContactPlan.confirmed_on, Person.id)
        .limit(MOST)
    )
