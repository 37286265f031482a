"""A facilitator's own look back at a session: hers to write, and nobody else's to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import GroupSession, SessionReflection, SessionState
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.forms import stored
from services.forms.answered import in_words
from services.forms.checking import Answer, checked
from services.forms.definition import FormDefinition
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session

FORM: Final = "facilitator"
MOST = 20


@dataclass(frozen=True, slots=True)
class Reflection:
    """The form with what stands in it; version 0 before there was anything."""

    form: FormDefinition
    answers: Mapping[str, Answer]
    version: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """What she wrote of another session of the same group, in words."""

    number: int
    topic: str
    said: tuple[tuple[str, str], ...]


def own(db: Session, actor: Actor, session_ref: str) -> Reflection:
    """Her own look back at a session of hers, or the newest form, empty."""
    actor.require(Permission.TAKE_REGISTER)
    held, _group = find_session(db, actor, session_ref)
    kept = _kept(db, actor, held)
    if kept is not None:
        form = stored.version_of(db, FORM, kept.form_version)
        return Reflection(form, kept.answers, kept.version)
    newest = stored.find(db, FORM)
    if newest is None:
        raise NotFoundError("form")
    return Reflection(newest, {}, 0)


def earlier(db: Session, actor: Actor, session_ref: str) -> tuple[Earlier, ...]:
    """What she wrote of the group's other sessions, the latest first."""
    actor.require(Permission.TAKE_REGISTER)
    held, group = find_session(db, actor, session_ref)
    query = (
        select(GroupSession.number, GroupSession.topic, SessionReflection)
        .join(GroupSession, GroupSession.id == SessionReflection.session_id)
        .where(
            SessionReflection.account_id == actor.account_id,
            GroupSession.group_id == group.id,
            GroupSession.id != held.id,
        )
        .order_by(GroupSession.starts_at.desc(), GroupSession.id)
        .limit(MOST)
    )
    return tuple(
        Earlier(number, topic, in_words(stored.version_of(db, FORM, row.form_version), row.answers))
        for number, topic, row in db.execute(query)
    )


def keep(
    db: Session,
    actor: Actor,
    session_ref: str,
    answers: Mapping[str, Answer],
    *,
    seen: int,
    version: int,
) -> None:
    """Keep what she wrote, or change it; with nothing in it any more it is thrown away.

    `seen` is the version of the form before her, `version` that of what stood there. Raises
    InvalidInputError by question, and ConflictError where she has changed it elsewhere.
    """
    actor.require(Permission.TAKE_REGISTER)
    held, _group = find_session(db, actor, session_ref, lock=True)
    if held.state is SessionState.CANCELLED or held.starts_at > clock.now():
        raise ConflictError("This session was not held yet. Come back to this after it.")
    given = checked(stored.version_of(db, FORM, seen), answers)
    kept = _kept(db, actor, held)
    if (kept.version if kept else 0) != version:
        raise ConflictError(
            "You have written about this session in another window. Open the page again to see it."
        )
    if kept is None and not given:
        raise InvalidInputError({"form": "Answer at least one question, or leave it for today."})
    if kept is not None and not given:
        db.delete(kept)
    else:
        kept = kept or SessionReflection(session_id=held.id, account_id=actor.account_id)
        kept.form_version, kept.answers, kept.at = seen, given, clock.now()
        db.add(kept)
    db.flush()
    audit.record(db, actor, "reflection.kept", f"session:{held.ref}")


def _kept(db: Session, actor: Actor, held: GroupSession) -> SessionReflection | None:
    query = select(SessionReflection).where(
        SessionReflection.session_id == held.id, SessionReflection.account_id == actor.account_id
    )
    return db.scalars(query).one_or_none()
