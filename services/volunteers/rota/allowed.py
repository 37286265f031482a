"""Whether one volunteer may cover one session: asked anew at every offer, answer and swap."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupSession, PlacementRole, SessionState, Shift, Volunteer
from services import clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor
from services.placing import placing
from services.visibility import visible_sessions, visible_volunteers
from services.volunteers.finding import find_volunteer
from services.volunteers.rota import check, facts
from services.volunteers.rota.problem import Rule, Stint

REFUSALS = {
    Rule.BUSY: "She helps at another session at that time. Choose somebody else.",
    Rule.ROLE: "This is not among what she does. Choose another role or somebody else.",
    Rule.AWAY: "She is not free then. Choose somebody else, or add the hours to her availability "
    "once she has said yes.",
    Rule.MONTH: "This would be more sessions that month than she wishes. Choose somebody else.",
    Rule.GROUPS: "She has as many groups as she may have at once, or one has ended too lately. "
    "Choose somebody else, or change how much she takes on with her.",
}
_GONE = "This session has begun, was cancelled or its group has ended. Choose one that is to come."


def require(
    db: Session,
    actor: Actor,
    volunteer: Volunteer,
    session: GroupSession,
    role: PlacementRole,
    *,
    despite: str = "",
    without: Collection[int] = (),
) -> str | None:
    """The reason to keep with her shift, if one is needed; raises where she may not cover it.

    A conflict is answered as everywhere: not this group, and nothing about whom or why.
    """
    if session.state is SessionState.CANCELLED or session.starts_at <= clock.now():
        raise ConflictError(_GONE)
    pair = (volunteer.id, session.group_id)
    stint = Stint(session.id, role.value, volunteer.id)
    found = facts.gather(db, [session], [volunteer], without=without)
    kept, rule = None, check.stops(found.problem, found.problem.fixed, stint)
    if rule == Rule.WEIGH:
        kept = placing.weigh(actor, placing.Answer.SOFT, despite)
        found = facts.gather(db, [session], [volunteer], without=without, weighed=[pair])
        rule = check.stops(found.problem, found.problem.fixed, stint)
    if rule is None:
        return kept
    if rule == Rule.CONFLICT:
        raise ConflictError(placing.NOT_HERE)
    says = found.says.get((*pair, role.value)) or REFUSALS[Rule(rule)]
    raise InvalidInputError({"volunteer": says})


def session_of(db: Session, actor: Actor, ref: str) -> GroupSession:
    """A session of a group she may see."""
    session = db.scalar(
        select(GroupSession).where(GroupSession.ref == ref, visible_sessions(actor))
    )
    if session is None:
        raise NotFoundError("session")
    return session


def held_session(db: Session, actor: Actor, ref: str) -> GroupSession:
    """The session, its group held: who must not meet cannot both come in at the same time."""
    session = session_of(db, actor, ref)
    hold_group(db, session.group_id)
    return session


def has_begun(db: Session, shift: Shift) -> bool:
    """Whether the session of a held shift has begun."""
    starts = db.scalar(select(GroupSession.starts_at).where(GroupSession.id == shift.session_id))
    return starts is None or starts <= clock.now()


def hold_group(db: Session, group_id: int) -> None:
    """Hold a group until the transaction ends."""
    db.execute(select(Group.id).where(Group.id == group_id).with_for_update())


def held_shift(db: Session, actor: Actor, ref: str) -> Shift:
    """The shift as it is once its volunteer and group are held."""
    query = (
        select(Shift, Volunteer.ref, GroupSession.ref)
        .join(Volunteer, Volunteer.id == Shift.volunteer_id)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(Shift.ref == ref, visible_volunteers(actor), visible_sessions(actor))
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("shift")
    shift, volunteer_ref, session_ref = row
    find_volunteer(db, actor, volunteer_ref, lock=True)
    held_session(db, actor, session_ref)
    db.refresh(shift)
    return shift
