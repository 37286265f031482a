"""A measure handed over on a tablet: answered without an account, kept by whoever handed it over.

The tablet shows this one form and nothing of anybody. What was answered waits, encrypted, until a
member of staff has looked at it and saved the form; an answer about immediate risk waits on Today
from the moment it is given (domain §2.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from models import Account, MeasureHandover, Place
from services import audit, clock
from services.accounts.sign_ins import actor_of
from services.errors import ConflictError, NotFoundError
from services.feedback.addresses import NO_FORM, FormClosedError, grouped, new_token, token_digest
from services.measures.immediate_risk import actions
from services.measures.measure_definition import Measure
from services.measures.measure_draft import MeasureDraft, can_be_handed_over
from services.measures.measure_library import measure
from services.permissions import Actor, Permission
from services.visibility import visible_places

OPEN_FOR = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Handed:
    """What a tablet shows: the form, and whether it has been answered."""

    form: Measure
    is_given: bool


def hand_over(db: Session, actor: Actor, place_ref: str, draft: MeasureDraft) -> str:
    """An address for this one form, for two hours; of the draft only what it is for counts.

    An earlier address of the same form is over with it. Raises ConflictError where there are
    answers that nobody has looked at, and for a form without its words.
    """
    actor.require(Permission.RECORD_MEASURES)
    form = measure(draft.measure)
    if not can_be_handed_over(form):
        raise ConflictError(
            f"The words of {form.short_title} are not here, only its topics, which nobody can "
            "answer by herself. It is answered on paper and entered in the form below."
        )
    place = _place(db, actor, place_ref)
    earlier = db.scalar(select(MeasureHandover).where(*_for_form(place, draft)))
    if earlier is not None and earlier.answers is not None:
        raise ConflictError(
            "This form was answered on a tablet already. Look at the answers first."
        )
    unused = MeasureHandover.answers.is_(None) & (MeasureHandover.expires_at <= clock.now())
    db.execute(delete(MeasureHandover).where(unused))
    settle(db, place, draft)
    token = new_token()
    db.add(
        MeasureHandover(
            place_id=place.id,
            measure=draft.measure,
            respondent=draft.respondent,
            point=draft.point,
            token_hash=token_digest(token),
            handed_by_id=actor.account_id,
            expires_at=clock.now() + OPEN_FOR,
        )
    )
    audit.record(db, actor, "measure.handed_over", f"place:{place.ref}")
    return f"/m/{grouped(token)}"


def given(
    db: Session, actor: Actor, place_ref: str, draft: MeasureDraft
) -> dict[int, float | None] | None:
    """What was answered on the tablet, None while nothing was. The look is in the audit log."""
    actor.require(Permission.RECORD_MEASURES)
    place = _place(db, actor, place_ref)
    kept = db.scalar(select(MeasureHandover.answers).where(*_for_form(place, draft)))
    if kept is None:
        return None
    audit.viewed(db, actor, f"measures:{place_ref}")
    return {int(number): value for number, value in kept.items()}


def handed(db: Session, token: str) -> Handed:
    """The form behind an address. No permission: whoever holds it may. Raises FormClosedError."""
    row = _open(db, token)
    return Handed(measure(row.measure), row.answers is not None)


def give(db: Session, token: str, answers: Mapping[int, float | None]) -> None:
    """Keep what she answered, once; an immediate risk waits on Today from now.

    No permission: whoever holds the address may. Raises FormClosedError.
    """
    row = _open(db, token, lock=True)
    if row.answers is not None:
        return
    row.answers = {str(number): answers[number] for number in sorted(answers)}
    place, account = db.get_one(Place, row.place_id), db.get_one(Account, row.handed_by_id)
    draft = MeasureDraft(
        measure=row.measure,
        respondent=row.respondent,
        point=row.point,
        taken_on=clock.today(),
        answers=answers,
    )
    actions.open_at(db, place, draft, by=actor_of(account))
    audit.record(db, None, "measure.answered_on_tablet", f"place:{place.ref}")


def settle(db: Session, place: Place, draft: MeasureDraft) -> None:
    """The form is kept, or handed over anew: what waited for it is gone. A step of services."""
    db.execute(delete(MeasureHandover).where(*_for_form(place, draft)))


def _open(db: Session, token: str, *, lock: bool = False) -> MeasureHandover:
    query = select(MeasureHandover).where(MeasureHandover.token_hash == token_digest(token))
    row = db.scalar(query.with_for_update() if lock else query)
    if row is None or row.expires_at <= clock.now():
        raise FormClosedError(NO_FORM)
    return row


def _place(db: Session, actor: Actor, ref: str) -> Place:
    query = select(Place).where(Place.ref == ref, visible_places(actor)).with_for_update()
    place = db.scalar(query)
    if place is None:
        raise NotFoundError("place")
    return place


def _for_form(place: Place, draft: MeasureDraft) -> tuple[ColumnElement[bool], ...]:
    return (
        MeasureHandover.place_id == place.id,
        MeasureHandover.measure == draft.measure,
        MeasureHandover.respondent == draft.respondent,
        MeasureHandover.point == draft.point,
    )
