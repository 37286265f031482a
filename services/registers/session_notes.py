"""Facilitators' notes on a session: each writes her own, saved as it is typed."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, GroupSession, SessionNote
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session
from services.unchanged import while_unchanged

MAX_NOTE = 10_000


@dataclass(frozen=True, slots=True)
class Note:
    """A facilitator's own note on a session; version 0 before the first word."""

    body: str
    version: int


def own_note(db: Session, actor: Actor, session_ref: str) -> Note:
    """What this facilitator has written about the session so far."""
    actor.require(Permission.TAKE_REGISTER)
    held, _group = find_session(db, actor, session_ref)
    note = _note(db, actor, held)
    return Note(note.body, note.version) if note else Note("", 0)


def save_note(db: Session, actor: Actor, session_ref: str, body: str, *, version: int) -> int:
    """Keep her note as it stands now; gives back its new version.

    The same text again changes nothing. A newer version of her own, written in another window,
    raises ConflictError holding that text.
    """
    actor.require(Permission.TAKE_REGISTER)
    if len(body) > MAX_NOTE:
        raise InvalidInputError({"note": f"Keep the note under {MAX_NOTE} characters."})
    held, _group = find_session(db, actor, session_ref, lock=True)
    note = _note(db, actor, held)
    if note is None:
        note = SessionNote(session_id=held.id, account_id=actor.account_id, body="", version=0)
        db.add(note)
    if note.body == body and note.version:
        return note.version
    if note.version > version:
        raise ConflictError("This note was changed in another window.", theirs=note.body)
    note.body, note.version, note.updated_at = body, note.version + 1, clock.now()
    audit.record(db, actor, "note.saved", f"session:{held.ref}")
    return note.version


@while_unchanged
def others_notes(db: Session, actor: Actor, session_ref: str) -> list[tuple[str, str]]:
    """The other facilitators' notes on the session: (whose, text)."""
    actor.require(Permission.TAKE_REGISTER)
    held, _group = find_session(db, actor, session_ref)
    query = (
        select(Account.display_name, SessionNote.body)
        .join(Account, Account.id == SessionNote.account_id)
        .where(SessionNote.session_id == held.id, SessionNote.account_id != actor.account_id)
        .order_by(SessionNote.id)
    )
    return list(db.execute(query))


def _note(db: Session, actor: Actor, held: GroupSession) -> SessionNote | None:
    return db.scalar(
        select(SessionNote).where(
            SessionNote.session_id == held.id, SessionNote.account_id == actor.account_id
        )
    )
