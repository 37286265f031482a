"""What a session covered, against what was planned."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CoveredTopic, Covering, Group, GroupSession, SessionState
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.places.milestones import topics_changed
from services.programmes import programmes
from services.registers.who_is_on import find_session
from services.unchanged import while_unchanged

MAX_NOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What is kept: `covering` None before anybody has said; version 0 then."""

    planned: str
    others: tuple[str, ...]  # the programme's other topics
    covering: Covering | None
    topic: str | None
    note: str | None  # what else it was
    version: int


@while_unchanged
def of_session(db: Session, actor: Actor, session_ref: str) -> Covered:
    """What was planned for a session and what it covered."""
    actor.require(Permission.TAKE_REGISTER)
    held, group = find_session(db, actor, session_ref)
    kept = _kept(db, held)
    return Covered(
        planned=held.topic,
        others=_others(db, held, group),
        covering=kept.covering if kept else None,
        topic=kept.topic if kept else None,
        note=kept.note if kept else None,
        version=kept.version if kept else 0,
    )


def cover(
    db: Session,
    actor: Actor,
    session_ref: str,
    covering: Covering,
    topic: str | None = None,
    *,
    version: int,
    note: str = "",
) -> None:
    """Keep what a session covered. Raises ConflictError when somebody else has said since."""
    actor.require(Permission.TAKE_REGISTER)
    held, group = find_session(db, actor, session_ref, lock=True)
    chosen = topic if covering is Covering.ANOTHER else None
    said = note.strip() if covering is Covering.SOMETHING_ELSE else None
    _check(db, held, group, covering, chosen)
    _check_note(said)
    kept = _kept(db, held)
    if (kept.version if kept else 0) != version:
        raise ConflictError(
            "A colleague has said meanwhile what was covered. Look at it, then change it if needed."
        )
    if kept is None:
        kept = CoveredTopic(session_id=held.id)
        db.add(kept)
    kept.covering, kept.topic, kept.note = covering, chosen, said
    kept.at, kept.account_id = clock.now(), actor.account_id
    topics_changed(db, group)
    audit.record(db, actor, "topic.covered", f"session:{held.ref}", covering=covering.value)


def in_words(covering: Covering | None, topic: str | None) -> str | None:
    """For a list of sessions: as planned, another topic, or none."""
    if covering is None:
        return None
    if covering is Covering.ANOTHER:
        return f"Instead: {topic}"
    if covering is Covering.SOMETHING_ELSE:
        return "Something else"
    return "As planned" if covering is Covering.PLANNED else "Not covered"


def _check(
    db: Session, held: GroupSession, group: Group, covering: Covering, topic: str | None
) -> None:
    if held.state is SessionState.CANCELLED:
        raise ConflictError("This session was cancelled, so nothing was covered.")
    if held.starts_at > clock.now():
        raise ConflictError("This session has not started yet. Say afterwards what was covered.")
    if covering is Covering.ANOTHER and topic not in _others(db, held, group):
        raise InvalidInputError({"topic": "Choose one of the programme's other topics."})


def _check_note(said: str | None) -> None:
    if said is None:
        return
    if not said:
        raise InvalidInputError({"note": "Say in a few words what it was."})
    if len(said) > MAX_NOTE:
        raise InvalidInputError({"note": f"Shorten this to {MAX_NOTE} letters."})


def _others(db: Session, held: GroupSession, group: Group) -> tuple[str, ...]:
    return tuple(topic for topic in programmes.of_group(db, group).topics if topic != held.topic)


def _kept(db: Session, held: GroupSession) -> CoveredTopic | None:
    return db.scalar(select(CoveredTopic).where(CoveredTopic.session_id == held.id))
