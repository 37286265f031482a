"""Applications as they come in through the public page, until a coordinator has checked them.

Nothing is shown back to whoever sends one, and nothing becomes a record by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FormState, Stage, Volunteer, VolunteerApplication, new_ref
from services import audit, clock
from services.errors import FormClosedError, NotFoundError
from services.permissions import Actor, Permission
from services.public_forms import sent_forms
from services.search import VOLUNTEERS, rebuild
from services.visibility import visible_volunteers
from services.volunteers import stages, volunteers
from services.volunteers.applications import contact, form
from services.volunteers.finding import find_volunteer
from services.volunteers.pipeline.rules import current

CLOSED = (
    "Applications are not taken through this page at the moment. Please get in touch with the "
    "service that gave you this address another way, if that is safe for you."
)
_BEFORE = (Stage.INTEREST, Stage.CONVERSATION)


class ApplicationsClosedError(FormClosedError):
    """No applications are taken through the form."""


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application to check. Whom she would find it hard to meet is not in it: that is sealed."""

    ref: str
    name: str
    received_on: date
    answers: Mapping[str, str]  # question → answer in words
    state: str
    version: int


def require_open(db: Session) -> None:
    """Raise ApplicationsClosedError unless the form is switched on."""
    if not current(db).applications_open:
        raise ApplicationsClosedError(CLOSED)


def submit(db: Session, form_number: str, fields: Mapping[str, str]) -> None:
    """Keep one application to be checked; sent again under the same number it counts once.

    Raises ApplicationsClosedError, and InvalidInputError with a sentence a question.
    """
    require_open(db)
    sent_forms.require_number(form_number)
    answers = form.checked(fields, today=clock.today())
    number = sent_forms.number_kept(form_number)
    if sent_forms.is_known(db, VolunteerApplication, number):
        return
    if sent_forms.too_many_wait(db, VolunteerApplication):
        raise ApplicationsClosedError(CLOSED)
    sealed = answers.pop(form.HARD_TO_MEET, None)
    sent = VolunteerApplication(
        ref=new_ref(),
        received_at=clock.now(),
        form_number=number,
        answers=answers,
        hard_to_meet=None if sealed is None else str(sealed),
    )
    db.add(sent)
    audit.record(db, None, "application.received", f"application:{sent.ref}")


def to_check_count(db: Session, actor: Actor) -> int:
    """How many applications wait to be checked."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    return sent_forms.waiting(db, VolunteerApplication)


def to_check(db: Session, actor: Actor, *, after: int | None = None) -> pd.DataFrame:
    """A page of applications to check, the one that has waited longest first.

    Columns: number (give the last one as `after`), ref, received, name.
    """
    actor.require(Permission.EDIT_VOLUNTEERS)
    rows = [
        (sent.id, sent.ref, clock.local(sent.received_at).date(), _name(sent))
        for sent in sent_forms.longest_waiting(db, VolunteerApplication, after)
    ]
    return pd.DataFrame(rows, columns=["number", "ref", "received", "name"])


def view(db: Session, actor: Actor, ref: str) -> ApplicationView:
    """One application; the look is written in the audit log."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    sent = db.scalar(select(VolunteerApplication).where(VolunteerApplication.ref == ref))
    if sent is None:
        raise NotFoundError("application")
    audit.viewed(db, actor, f"application:{ref}")
    return _view(sent)


def of_volunteer(db: Session, actor: Actor, volunteer_ref: str) -> ApplicationView | None:
    """What a volunteer applied with last, if she came through the form."""
    actor.require(Permission.READ_VOLUNTEERS)
    query = (
        select(VolunteerApplication)
        .join(Volunteer, Volunteer.id == VolunteerApplication.volunteer_id)
        .where(Volunteer.ref == volunteer_ref, visible_volunteers(actor))
        .order_by(VolunteerApplication.id.desc())
        .limit(1)
    )
    sent = db.scalar(query)
    return None if sent is None else _view(sent)


def take_up(
    db: Session, actor: Actor, ref: str, volunteer_ref: str | None = None, *, version: int
) -> str:
    """Make an application a new volunteer's, or that of one who is here; gives back her reference.

    She is at "application" then, unless she had come further, and what she said is her plan.
    """
    actor.require(Permission.EDIT_VOLUNTEERS)
    sent = _held(db, ref, version)
    if volunteer_ref is None:
        volunteer_ref = volunteers.add(db, actor, form.as_draft(sent.answers))
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    if volunteer.stage in _BEFORE:
        stages.move(db, actor, volunteer_ref, Stage.APPLICATION, version=volunteer.version)
    received_on = clock.local(sent.received_at).date()
    contact.keep_answers(db, volunteer.id, sent.answers, received_on, by=actor)
    _reach(db, volunteer, sent)
    sent.volunteer_id = volunteer.id
    _check(db, actor, sent, FormState.TAKEN_UP)
    return volunteer_ref


def set_aside(db: Session, actor: Actor, ref: str, *, reason: str, version: int) -> None:
    """Put an application aside, with the reason. Raises ConflictError when it was checked."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    sent_forms.require_reason(reason)
    sent = _held(db, ref, version)
    sent.reason = reason.strip()
    _check(db, actor, sent, FormState.SET_ASIDE)


def _reach(db: Session, volunteer: Volunteer, sent: VolunteerApplication) -> None:
    """The number and address she gave as safe are the ones to use."""
    draft = form.as_draft(sent.answers)
    volunteer.phone = draft.phone or volunteer.phone
    volunteer.email = draft.email or volunteer.email
    db.flush()
    rebuild(db, VOLUNTEERS, [volunteer.id])


def _check(db: Session, actor: Actor, sent: VolunteerApplication, state: FormState) -> None:
    sent_forms.mark(sent, actor.account_id, state)
    audit.record(db, actor, "application.checked", f"application:{sent.ref}", state=state.value)


def _held(db: Session, ref: str, version: int) -> VolunteerApplication:
    checked = (
        "Somebody else has checked this application meanwhile. Go back to the list: if it was "
        "taken up, she is among the volunteers."
    )
    return sent_forms.held(
        db, VolunteerApplication, ref, version, what="application", checked=checked
    )


def _name(sent: VolunteerApplication) -> str:
    return f"{sent.answers['first_name']} {sent.answers['last_name']}"


def _view(sent: VolunteerApplication) -> ApplicationView:
    return ApplicationView(
        ref=sent.ref,
        name=_name(sent),
        received_on=clock.local(sent.received_at).date(),
        answers=form.in_words(sent.answers),
        state=sent.state.value,
        version=sent.version,
    )
