"""What a volunteer says of a session she helped at, for her supervisor alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import VolunteerDebrief
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.forms import stored
from services.forms.checking import Answer, checked
from services.forms.definition import FormDefinition
from services.permissions import Actor, Permission
from services.volunteers.herself.record import find
from services.volunteers.herself.sessions import OwnSession, helped, own

FORM: Final = "volunteer"
MAX_WORDS = 4_000
ASKED_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OwnDebriefDraft:
    """How a session was for her, as she filled it in; `seen` is the version of the form whose
    questions she answered."""

    heard_hard: bool = False
    words: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    seen: int = 1

    def checked(self) -> "OwnDebriefDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        words = self.words.strip()
        if len(words) > MAX_WORDS:
            raise InvalidInputError(
                {"words": f"Shorten this to {MAX_WORDS:,} letters; it has {len(words):,}."}
            )
        return replace(self, words=words)


def to_talk_about(db: Session, actor: Actor) -> list[OwnSession]:
    """Sessions of the last two weeks she helped at and has said nothing of, the latest first."""
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor)
    said = set(
        db.scalars(
            select(VolunteerDebrief.session_id).where(
                VolunteerDebrief.volunteer_id == volunteer.id,
                VolunteerDebrief.at > clock.now() - 2 * ASKED_FOR,
            )
        )
    )
    rows = helped(db, volunteer, clock.today() - ASKED_FOR, clock.today())
    found = [
        own(session, group, room)
        for session, group, room in rows
        if session.id not in said and session.starts_at <= clock.now()
    ]
    return found[::-1]


def form(db: Session, actor: Actor) -> FormDefinition:
    """What a volunteer is asked after a session she helped at."""
    actor.require(Permission.OWN_VOLUNTEERING)
    newest = stored.find(db, FORM)
    if newest is None:
        raise NotFoundError("form")
    return newest


def debrief(db: Session, actor: Actor, session_ref: str, draft: OwnDebriefDraft) -> None:
    """Keep how a session was for her: that she heard something hard, her own words, her answers.

    Her supervisor alone reads it. It is kept once, and a hard session is asked about.
    """
    actor.require(Permission.OWN_VOLUNTEERING)
    draft = draft.checked()
    volunteer = find(db, actor, lock=True)
    rows = helped(db, volunteer, clock.today() - ASKED_FOR, clock.today())
    session = next((one for one, _group, _room in rows if one.ref == session_ref), None)
    if session is None:
        raise NotFoundError("session")
    if session.starts_at > clock.now():
        raise ConflictError("This session has not started yet. Come back to this after it.")
    twin = select(VolunteerDebrief.id).where(
        VolunteerDebrief.volunteer_id == volunteer.id, VolunteerDebrief.session_id == session.id
    )
    if db.scalar(twin) is not None:
        raise ConflictError("You have told us of this session. For more, use “How are you?”.")
    given = checked(stored.version_of(db, FORM, draft.seen), draft.answers)
    kept = VolunteerDebrief(
        volunteer_id=volunteer.id,
        session_id=session.id,
        at=clock.now(),
        heard_hard=draft.heard_hard,
        words=draft.words or None,
        form_version=draft.seen if given else None,
        answers=given or None,
    )
    db.add(kept)
    audit.record(
        db, actor, "debrief.own_recorded", f"volunteer:{volunteer.ref}", session=session.ref
    )
