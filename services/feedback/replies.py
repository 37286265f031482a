"""You said, we did: what came up in a group by theme, and what came of it.

Written in the staff's own words, and read by the group's participants before their next form:
so nobody is quoted, and nobody is named.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FeedbackReply
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session

MOST, SHOWN = 50, 3  # kept on the screen of staff; before participants, the newest
_LONGEST = {"theme": 60, "said": 300, "did": 300}


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing that came up; `did` is empty until something came of it."""

    ref: str
    theme: str
    said: str
    did: str
    noted_on: date
    version: int


def listing(db: Session, actor: Actor, session_ref: str) -> tuple[Reply, ...]:
    """What came up in a session's group, the newest first."""
    actor.require(Permission.READ_FEEDBACK)
    _held, group = find_session(db, actor, session_ref)
    query = select(FeedbackReply).where(FeedbackReply.group_id == group.id)
    newest = query.order_by(FeedbackReply.noted_on.desc(), FeedbackReply.id.desc()).limit(MOST)
    return tuple(
        Reply(row.ref, row.theme, row.said, row.did or "", row.noted_on, row.version)
        for row in db.scalars(newest)
    )


def add(
    db: Session, actor: Actor, session_ref: str, *, theme: str, said: str, did: str = ""
) -> None:
    """Note what came up, and what came of it if something has."""
    actor.require(Permission.READ_FEEDBACK)
    held, group = find_session(db, actor, session_ref)
    given = _checked(theme=theme, said=said, did=did)
    db.add(
        FeedbackReply(
            group_id=group.id,
            theme=given["theme"],
            said=given["said"],
            did=given["did"] or None,
            noted_on=clock.today(),
            noted_by_id=actor.account_id,
        )
    )
    db.flush()
    audit.record(db, actor, "feedback.reply_noted", f"session:{held.ref}")


def answer(
    db: Session, actor: Actor, session_ref: str, reply_ref: str, did: str, *, version: int
) -> None:
    """Say what came of it; an empty answer takes it back from the participants' page.

    Raises ConflictError when somebody else has answered since `version`.
    """
    actor.require(Permission.READ_FEEDBACK)
    held, group = find_session(db, actor, session_ref)
    query = select(FeedbackReply).where(
        FeedbackReply.ref == reply_ref, FeedbackReply.group_id == group.id
    )
    row = db.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError("note")
    if row.version != version:
        raise ConflictError(
            "Somebody else answered this while you had it open. Look at it, then decide.",
            theirs=row.did,
        )
    given = _checked(theme=row.theme, said=row.said, did=did)
    if (row.did or "") == given["did"]:
        return
    row.did = given["did"] or None
    db.flush()
    audit.record(db, actor, "feedback.reply_answered", f"session:{held.ref}")


def told(db: Session, group_id: int) -> tuple[tuple[str, str], ...]:
    """What participants read before their next form: what was said, and what came of it.

    No permission of its own: a step of opening a form, which needs none.
    """
    query = (
        select(FeedbackReply.said, FeedbackReply.did)
        .where(FeedbackReply.group_id == group_id, FeedbackReply.did.is_not(None))
        .order_by(FeedbackReply.noted_on.desc(), FeedbackReply.id.desc())
        .limit(SHOWN)
    )
    return tuple((said, did) for said, did in db.execute(query) if did)


def _checked(**typed: str) -> dict[str, str]:
    given = {field: " ".join(text.split()) for field, text in typed.items()}
    problems = {
        field: f"Keep this to {_LONGEST[field]} characters."
        for field, text in given.items()
        if len(text) > _LONGEST[field]
    }
    for field in ("theme", "said"):
        if not given[field]:
            problems[field] = "Write a few words."
    if problems:
        raise InvalidInputError(problems)
    return given
