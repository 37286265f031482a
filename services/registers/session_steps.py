"""The checklist that keeps a session safe: its steps, and who ticked which when."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pydantic import Field
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Account, GroupSession, SessionState, SessionTick
from services import audit, clock
from services.config import DATA
from services.definitions import Definition, read_definition
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.places.fitting import takes_children
from services.registers.who_is_on import find_session
from services.unchanged import while_unchanged

FILE = DATA / "reference" / "session_steps.yaml"


class Step(Definition):
    """One step: its key is kept with every tick."""

    key: str = Field(max_length=40)
    text: str
    of_children: bool = False  # for groups that children come to alone


class Phase(Definition):
    """The steps of one part of the session."""

    title: str
    is_ahead: bool = False
    steps: tuple[Step, ...] = Field(min_length=1)


class Steps(Definition):
    """What the file holds."""

    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Ticked:
    """A step of one session, with when it was ticked (on the wall) and by whom."""

    key: str
    text: str
    at: datetime | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the session with its steps; `is_open` once they can be ticked."""

    title: str
    is_open: bool
    steps: tuple[Ticked, ...]


@cache
def phases() -> tuple[Phase, ...]:
    """The parts of a session in order, with their steps."""
    return read_definition(FILE, Steps).phases


@while_unchanged
def checklist(db: Session, actor: Actor, session_ref: str) -> tuple[Part, ...]:
    """A session's steps with what has been ticked."""
    actor.require(Permission.TAKE_REGISTER)
    held, group = find_session(db, actor, session_ref)
    has_children = takes_children(db, group)
    query = (
        select(SessionTick.step, SessionTick.at, Account.display_name)
        .join(Account, Account.id == SessionTick.account_id)
        .where(SessionTick.session_id == held.id)
    )
    ticks = {step: (clock.local(at, held.zone), by) for step, at, by in db.execute(query)}
    return tuple(
        Part(
            phase.title,
            _refusal(held, phase) is None,
            tuple(
                Ticked(one.key, one.text, *ticks.get(one.key, (None, None)))
                for one in phase.steps
                if has_children or not one.of_children or one.key in ticks
            ),
        )
        for phase in phases()
    )


def tick(db: Session, actor: Actor, session_ref: str, step: str, *, done: bool) -> None:
    """Tick a step, or take the tick back. The first tick stands, with who made it."""
    actor.require(Permission.TAKE_REGISTER)
    phase = next((one for one in phases() if step in {each.key for each in one.steps}), None)
    if phase is None:
        raise InvalidInputError({"step": "This step is not on the list. Open the page again."})
    held, _group = find_session(db, actor, session_ref, lock=True)
    if refusal := _refusal(held, phase):
        raise ConflictError(refusal)
    theirs = SessionTick.session_id == held.id, SessionTick.step == step
    if (db.scalar(select(SessionTick.id).where(*theirs)) is not None) == done:
        return
    if done:
        tick = SessionTick(
            session_id=held.id, step=step, at=clock.now(), account_id=actor.account_id
        )
        db.add(tick)
    else:
        db.execute(delete(SessionTick).where(*theirs))
    audit.record(db, actor, "step.ticked", f"session:{held.ref}", step=step, done=done)


def _refusal(held: GroupSession, phase: Phase) -> str | None:
    """Why no step of this part can be ticked now; None when it can."""
    if held.state is SessionState.CANCELLED:
        return "This session was cancelled, so there is nothing to tick."
    if held.starts_at > clock.now() and not phase.is_ahead:
        return "This session has not started yet. Tick this step once it is done."
    return None
