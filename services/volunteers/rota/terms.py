"""A whole term at once: what is put to the solver, what it proposes, and a person's yes to it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    CURRENT_SHIFTS,
    OPEN_STATES,
    Group,
    GroupSession,
    PlacementRole,
    SessionState,
    Shift,
    Stage,
    Volunteer,
)
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.visibility import visible_sessions, visible_volunteers
from services.volunteers.finding import find_volunteer
from services.volunteers.rota import allowed, check, facts, solve
from services.volunteers.rota.problem import Problem, Stint
from services.volunteers.rota.search import Progress
from services.volunteers.rota.shifts import free_slots, new_shift
from services.volunteers.rota.solve import Filled
from services.volunteers.rota.why import unfilled

MOST_SESSIONS = 400
MOST_WEEKS = 20


@dataclass(frozen=True, slots=True)
class Labels:
    """What a number of the problem is called: a session's reference, group and time, a name."""

    sessions: dict[int, tuple[str, str, str, datetime]]  # ref, group's ref, its name, wall time
    volunteers: dict[int, tuple[str, str]]  # ref, name


@dataclass(frozen=True, slots=True)
class Term:
    """Everything the solver needs, read once: nothing of the database is held while it works."""

    problem: Problem
    labels: Labels


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One volunteer proposed for one session."""

    starts: datetime
    group: str
    role: str
    name: str
    session_ref: str
    group_ref: str
    volunteer_ref: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What nobody could be found for, and how many volunteers each rule keeps from it."""

    starts: datetime
    group: str
    role: str
    missing: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A filled term to look through: nothing of it counts before a person has said yes."""

    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    filled: Filled


def gather(db: Session, actor: Actor, *, until: date) -> Term:
    """The sessions from now to a day with all that is known, to be filled without the database."""
    actor.require(Permission.PLAN_ROTA)
    _check(until)
    rows = _coming(db, actor, until)
    if not rows:
        raise InvalidInputError({"until": "There are no sessions until then. Choose a later day."})
    if len(rows) > MOST_SESSIONS:
        raise InvalidInputError(
            {"until": f"There are more than {MOST_SESSIONS} sessions until then. Choose an earlier "
                      "day."}
        )  # fmt: skip
    query = select(Volunteer).where(Volunteer.stage == Stage.ACTIVE, visible_volunteers(actor))
    volunteers = db.scalars(query.order_by(Volunteer.id)).all()
    found = facts.gather(db, [session for session, _group in rows], volunteers)
    labels = Labels(
        {
            one.id: (
                one.ref, group.ref, group.code_name,
                clock.wall(one.starts_at, one.zone),
            )
            for one, group in rows
        },
        {one.id: (one.ref, f"{one.first_name} {one.last_name}") for one in volunteers},
    )  # fmt: skip
    return Term(found.problem, labels)


def propose(
    term: Term,
    *,
    seconds: float = solve.SECONDS,
    told: Callable[[Progress], None] = lambda _progress: None,
    stop: Callable[[], bool] = lambda: False,
) -> Proposal:
    """The best rota for a term, in words. Touches nothing, and needs no database."""
    filled = solve.fill(term.problem, seconds=seconds, told=told, stop=stop)
    gaps = unfilled(term.problem, term.problem.fixed | filled.rota)
    return Proposal(
        tuple(sorted(_line(term.labels, stint) for stint in filled.rota)),
        tuple(
            Gap(
                term.labels.sessions[gap.meeting][3],
                term.labels.sessions[gap.meeting][2],
                gap.role,
                gap.missing,
                tuple(sorted(gap.reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
            )
            for gap in gaps
        ),
        filled,
    )


def confirm(db: Session, actor: Actor, lines: Collection[Line]) -> int:
    """Ask everybody proposed, all or nobody: gives back how many sessions were offered.

    Everything is checked anew. Raises ConflictError, and changes nothing, when one of them fits no
    longer: somebody else was faster, or something has changed since.
    """
    actor.require(Permission.PLAN_ROTA)
    if not lines:
        raise InvalidInputError({"groups": "Choose at least one group to ask volunteers for."})
    volunteers = {
        ref: find_volunteer(db, actor, ref, lock=True)
        for ref in sorted({one.volunteer_ref for one in lines})
    }
    sessions = _held_sessions(db, actor, {one.session_ref for one in lines})
    wanted = {
        Stint(sessions[one.session_ref].id, one.role, volunteers[one.volunteer_ref].id)
        for one in lines
    }
    found = facts.gather(db, list(sessions.values()), list(volunteers.values()))
    _refuse_stale(found.problem, wanted)
    _offer_all(db, actor, list(sessions.values()), volunteers.values(), wanted)
    audit.record(db, actor, "rota.confirmed", "", offered=len(wanted), sessions=len(sessions))
    return len(wanted)


def _offer_all(
    db: Session,
    actor: Actor,
    sessions: Sequence[GroupSession],
    volunteers: Collection[Volunteer],
    wanted: Collection[Stint],
) -> None:
    by_session = {one.id: one for one in sessions}
    people = {one.id: one for one in volunteers}
    taken: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    query = select(Shift.session_id, Shift.role, Shift.slot).where(
        Shift.session_id.in_(by_session), Shift.state.in_(CURRENT_SHIFTS)
    )
    for session, role, slot in db.execute(query):
        taken[session, role.value].add(slot)
    for stint in sorted(wanted):
        slots = taken[stint.meeting, stint.role]
        slot = free_slots(slots, len(slots) + 1)[0]
        slots.add(slot)
        role = PlacementRole(stint.role)
        db.add(new_shift(actor, by_session[stint.meeting], people[stint.helper], role, slot))


def _refuse_stale(problem: Problem, wanted: Collection[Stint]) -> None:
    broken = check.broken(problem, problem.fixed | set(wanted))
    if not broken and not problem.fixed & set(wanted):
        return
    sessions = len({one.meeting for one in broken} or wanted)
    raise ConflictError(
        "Since this rota was worked out something has changed: "
        f"{'one session' if sessions == 1 else f'{sessions} sessions'} in it would break a rule or "
        "are covered by now. Nobody was asked. Fill the term again and look through it once more."
    )


def _held_sessions(db: Session, actor: Actor, refs: Collection[str]) -> dict[str, GroupSession]:
    """The sessions to come among these, their groups held in one order."""
    query = select(GroupSession).where(
        GroupSession.ref.in_(refs),
        GroupSession.starts_at > clock.now(),
        GroupSession.state != SessionState.CANCELLED,
        visible_sessions(actor),
    )
    found = {one.ref: one for one in db.scalars(query)}
    if len(found) != len(refs):
        raise ConflictError(
            "Since this rota was worked out a session has begun or was cancelled. Nobody was "
            "asked. Fill the term again and look through it once more."
        )
    for group_id in sorted({one.group_id for one in found.values()}):
        allowed.hold_group(db, group_id)
    return found


def _coming(db: Session, actor: Actor, until: date) -> list[tuple[GroupSession, Group]]:
    query = (
        select(GroupSession, Group)
        .join(Group, Group.id == GroupSession.group_id)
        .where(
            visible_sessions(actor),
            GroupSession.starts_at > clock.now(),
            GroupSession.starts_at < clock.start_of_day(until + timedelta(days=1)),
            GroupSession.state != SessionState.CANCELLED,
            Group.state.in_(OPEN_STATES),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
        .limit(MOST_SESSIONS + 1)
    )
    return [(session, group) for session, group in db.execute(query)]


def _check(until: date) -> None:
    if not clock.today() <= until <= clock.today() + timedelta(weeks=MOST_WEEKS):
        raise InvalidInputError(
            {"until": f"Choose a last day from today up to {MOST_WEEKS} weeks ahead."}
        )


def _line(labels: Labels, stint: Stint) -> Line:
    session_ref, group_ref, group, starts = labels.sessions[stint.meeting]
    volunteer_ref, name = labels.volunteers[stint.helper]
    return Line(starts, group, stint.role, name, session_ref, group_ref, volunteer_ref)
