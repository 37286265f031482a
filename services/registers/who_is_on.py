"""A session as she may see it, and whose places stand on its register."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Row,
    Select,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from models import NEVER_TAKEN_UP, Group, GroupSession, Mark, Place
from services import clock
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.short_lists import once
from services.visibility import visible_places, visible_sessions

DAY: BindParameter[date] = bindparam("day", type_=Date())


def find_session(
    db: Session, actor: Actor, ref: str, *, lock: bool = False
) -> tuple[GroupSession, Group]:
    """A session this reader may see, with its group; locked against other writers if asked."""
    found = db.execute(_session(actor, lock), {"session": ref}).one_or_none()
    if found is None:
        raise NotFoundError("session")
    return found


@once
def _session(actor: Actor, lock: bool) -> Select[GroupSession, Group]:
    query = (
        select(GroupSession, Group)
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.ref == bindparam("session"), visible_sessions(actor))
    )
    if not lock:
        return query
    # The group as well: read beside a lock that was waited for, it would be out of date.
    return query.with_for_update().execution_options(populate_existing=True)


def on_register(actor: Actor, held: GroupSession) -> ColumnElement[bool]:
    """The places on a session's register that this reader may see."""
    return and_(expected(held), visible_places(actor))


def with_marks(
    db: Session, actor: Actor, held: GroupSession, place_refs: Collection[str]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Of these places those on a session's register that she may see, each with its mark there."""
    actor.require(Permission.TAKE_REGISTER)
    which = {
        "session": held.id,
        "group": held.group_id,
        "day": clock.local(held.starts_at, held.zone).date(),
        "places": place_refs,
    }
    return db.execute(_with_marks(actor), which).all()


@once
def _with_marks(actor: Actor) -> Select[*tuple[Any, ...]]:
    of_session = and_(Mark.place_id == Place.id, Mark.session_id == bindparam("session"))
    return (
        select(Place, Mark)
        .outerjoin(Mark, of_session)
        .where(
            Place.ref.in_(bindparam("places", expanding=True)),
            Place.group_id == bindparam("group"),
            on_day(DAY),
            visible_places(actor),
        )
    )


def expected(held: GroupSession) -> ColumnElement[bool]:
    """The places that stand on a session's register: joined by then, and not yet gone."""
    return and_(
        Place.group_id == held.group_id, on_day(clock.local(held.starts_at, held.zone).date())
    )


def on_day(day: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(
        Place.state.not_in(NEVER_TAKEN_UP),
        Place.joined_on <= day,
        or_(Place.left_on.is_(None), Place.left_on >= day),
    )


def unseen(db: Session, actor: Actor, held: GroupSession) -> int:
    """How many more are expected whose records she is kept out of."""
    query = select(func.count()).where(expected(held), not_(visible_places(actor)))
    return db.scalar(query) or 0
