"""How the cover of a session stood when it was held: kept as its register is first finished.

Nobody is named in it. Finished some days late, it says what was known on that later day.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupSession, SessionCover
from services import clock
from services.groups.safe_to_run import coming
from services.groups.safe_to_run.verdict import Light
from services.permissions import Actor, Permission
from services.visibility import visible_sessions

PAGE = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """How one session stood; `rules` are the keys of what stood against it."""

    light: Light
    adults: int
    needed: int
    rules: tuple[str, ...]
    judged_at: datetime  # by the clock on the wall


@dataclass(frozen=True, slots=True)
class Short:
    """A session that was held although something was missing."""

    number: int  # of the row: ask for those before it by (day, number)
    group_ref: str
    group: str
    session: int
    day: date
    kept: Kept


def keep(db: Session, held: GroupSession) -> None:
    """Write down how a session stood, once. A step of the service that finishes registers."""
    if db.scalar(select(SessionCover.id).where(SessionCover.session_id == held.id)) is not None:
        return
    verdict = coming.of_session(db, held)
    db.add(
        SessionCover(
            session_id=held.id,
            day=clock.local(held.starts_at, held.zone).date(),
            judged_at=clock.now(),
            light=int(verdict.light),
            adults=verdict.adults,
            needed=verdict.needed,
            rules=list(dict.fromkeys(one.rule for one in verdict.findings)),
        )
    )


def of_session(db: Session, actor: Actor, session_ref: str) -> Kept | None:
    """How a session of hers stood; None before its register was first finished."""
    actor.require(Permission.TAKE_REGISTER)
    query = (
        select(SessionCover)
        .join(GroupSession, GroupSession.id == SessionCover.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(GroupSession.ref == session_ref, visible_sessions(actor))
    )
    row = db.scalar(query)
    return None if row is None else _kept(row)


def ran_short(
    db: Session, actor: Actor, *, before: tuple[date, int] | None = None
) -> tuple[Short, ...]:
    """Sessions held although something was missing, the newest first, a page of them.

    Give the last one's (day, number) as `before` for the next page.
    """
    actor.require(Permission.KEEP_COVER)
    query = (
        select(SessionCover, Group.ref, Group.code_name, GroupSession.number)
        .join(GroupSession, GroupSession.id == SessionCover.session_id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(SessionCover.light > 0, visible_sessions(actor))
        .order_by(SessionCover.day.desc(), SessionCover.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        day, number = before
        query = query.where(
            (SessionCover.day < day) | ((SessionCover.day == day) & (SessionCover.id < number))
        )
    return tuple(
        Short(row.id, ref, group, session, row.day, _kept(row))
        for row, ref, group, session in db.execute(query)
    )


def _kept(row: SessionCover) -> Kept:
    return Kept(
        Light(row.light), row.adults, row.needed, tuple(row.rules), clock.wall(row.judged_at)
    )
