"""Forms filled in on paper: which one to print, and entering what is on it."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FeedbackLink, Group, GroupSession, SessionState
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.feedback import giving
from services.forms import choosing, stored
from services.forms.checking import Answer, checked
from services.forms.definition import FormDefinition
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session


def form_of(db: Session, actor: Actor, session_ref: str) -> FormDefinition:
    """The form a session asks, on paper as behind its link."""
    actor.require(Permission.READ_FEEDBACK)
    return _asked(db, *find_session(db, actor, session_ref))


def enter(
    db: Session,
    actor: Actor,
    session_ref: str,
    form_number: str,
    answers: Mapping[str, Answer],
    *,
    seen: int,
) -> None:
    """Keep one paper form; under the same number it counts once. `seen` is the form's version.

    Not before the session, and without a limit afterwards: paper turns up late. Raises
    InvalidInputError by question, and ConflictError when the form has become another.
    """
    actor.require(Permission.READ_FEEDBACK)
    held, group = find_session(db, actor, session_ref, lock=True)
    if held.state is SessionState.CANCELLED or held.starts_at > clock.now():
        raise ConflictError("This session was not held yet, so there is nothing to enter.")
    form = _asked(db, held, group)
    if form.version != seen:
        raise ConflictError("This form was changed meanwhile. Look at it, then enter it again.")
    given = checked(form, answers)
    if not given:
        raise InvalidInputError({"form": "Enter at least one answer from the paper."})
    if giving.keep(db, held, group, form, form_number, given, noted=True):
        audit.record(db, actor, "feedback.entered", f"session:{held.ref}")


def _asked(db: Session, held: GroupSession, group: Group) -> FormDefinition:
    """What its link is pinned to; without one, what would be asked now."""
    link = db.scalars(select(FeedbackLink).where(FeedbackLink.session_id == held.id)).first()
    pinned = (link.form, link.form_version) if link else choosing.form_for(db, held, group)
    return stored.version_of(db, *pinned)
