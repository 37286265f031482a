"""Opening a same-day action, and closing it together with the form that asks for it."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import MeasureForm, Person, Place, RiskAction
from services import audit, clock, scoring
from services.concerns import concerns
from services.concerns.concern_draft import ConcernDraft
from services.errors import NotFoundError
from services.measures.immediate_risk.response import RiskResponse
from services.measures.measure_definition import Measure, RiskItem
from services.measures.measure_draft import MeasureDraft, raised_by
from services.measures.measure_library import measure
from services.permissions import Actor, Permission
from services.unchanged import while_unchanged
from services.visibility import visible_places


def needs_action(draft: MeasureDraft, kept: Mapping[int, float | None] | None = None) -> bool:
    """Whether an answer asks for action the same day.

    Not again where the form as `kept` has the same answer or a graver one: that was acted on.
    """
    return bool(_new_risks(draft, kept or {}))


def open_action(db: Session, actor: Actor, place_ref: str, draft: MeasureDraft) -> None:
    """Let it wait on Today from now on, whatever becomes of the form. Once for each form."""
    actor.require(Permission.RECORD_MEASURES)
    place = db.scalar(
        select(Place).where(Place.ref == place_ref, visible_places(actor)).with_for_update()
    )
    if place is None:
        raise NotFoundError("place")
    open_at(db, place, draft, by=actor)


def open_at(db: Session, place: Place, draft: MeasureDraft, *, by: Actor) -> None:
    """The same at a place that is at hand. A step of services, which have asked."""
    if raised_by(draft) and open_of(db, place.id, draft) is None:
        db.add(_opened(by, place, draft))
        audit.record(db, by, "risk_action.opened", f"place:{place.ref}")


@while_unchanged
def is_open(db: Session, actor: Actor, place_ref: str, draft: MeasureDraft) -> bool:
    """Whether an action waits for this form; of the draft only what it is for is looked at."""
    actor.require(Permission.RECORD_MEASURES)
    query = (
        select(RiskAction.id)
        .join(Place, Place.id == RiskAction.place_id)
        .where(Place.ref == place_ref, visible_places(actor), *_for_form(draft))
    )
    return db.scalar(query) is not None


def close_with(
    db: Session, actor: Actor, place: Place, draft: MeasureDraft, form: MeasureForm | None
) -> None:
    """Keep what was done, with the form. A step of recording a measure, which has asked.

    Raises InvalidInputError, and so keeps no form, until everything is answered.
    """
    actor.require(Permission.RECORD_MEASURES)
    waiting = open_of(db, place.id, draft)
    new = _new_risks(draft, answers_of(form))
    response = draft.response or RiskResponse()
    if new or (waiting is not None and raised_by(draft)):
        done = response.checked()
        action = waiting or _opened(actor, place, draft)
        db.add(action)
        _fill(action, done)
        if done.raise_concern:
            action.concern_id = _concern(db, actor, place, draft, done)
        what = "risk_action.done"
    elif waiting is not None:
        action, what = waiting, "risk_action.mistaken"
        action.mistake = response.checked_mistake()
    else:
        return
    action.done_at, action.done_by_id = clock.now(), actor.account_id
    audit.record(db, actor, what, f"place:{place.ref}")


def open_of(db: Session, place_id: int, draft: MeasureDraft) -> RiskAction | None:
    """The action that waits for this form. A step of services, which have asked."""
    return db.scalar(select(RiskAction).where(RiskAction.place_id == place_id, *_for_form(draft)))


def _for_form(draft: MeasureDraft) -> tuple[ColumnElement[bool], ...]:
    return (
        RiskAction.measure == draft.measure,
        RiskAction.respondent == draft.respondent,
        RiskAction.point == draft.point,
        RiskAction.done_at.is_(None),
    )


def answers_of(form: MeasureForm | None) -> dict[int, float | None]:
    """The answers of a form as it stands, by item; nothing of one that has a total alone."""
    kept = (form.answers or {}) if form else {}
    return {int(number): value for number, value in kept.items() if number.isdecimal()}


def _new_risks(draft: MeasureDraft, kept: Mapping[int, float | None]) -> tuple[RiskItem, ...]:
    given = draft.answers or {}
    acted_on = {
        risk.number
        for risk in scoring.risks_raised(draft.measure, kept)
        if (given.get(risk.number) or 0) <= (kept.get(risk.number) or 0)
    }
    return tuple(risk for risk in raised_by(draft) if risk.number not in acted_on)


def _opened(actor: Actor, place: Place, draft: MeasureDraft) -> RiskAction:
    return RiskAction(
        place_id=place.id,
        measure=draft.measure,
        respondent=draft.respondent,
        point=draft.point,
        opened_at=clock.now(),
        opened_by_id=actor.account_id,
    )


def _fill(action: RiskAction, done: RiskResponse) -> None:
    action.safe_now = done.safe_now.value if done.safe_now else None
    action.told = done.told
    action.what_was_done = done.what_was_done


def _concern(
    db: Session, actor: Actor, place: Place, draft: MeasureDraft, done: RiskResponse
) -> int:
    """A concern for whoever decides: what was answered, and what was done about it."""
    now = clock.local(clock.now())
    ref = concerns.raise_concern(
        db,
        actor,
        ConcernDraft(
            person_ref=db.scalars(select(Person.ref).where(Person.id == place.person_id)).one(),
            noticed_on=now.date(),
            noticed_time=now.time(),
            facts=f"{_answered(measure(draft.measure), draft)} {done.what_was_done}",
            safe_now=done.safe_now,
            told=done.told,
        ),
    )
    return concerns.found(db, actor, ref).id


def _answered(form: Measure, draft: MeasureDraft) -> str:
    given = draft.answers or {}
    answers = "; ".join(
        f"item {risk.number} ({risk.meaning.lower()}) answered {given[risk.number]:g}"
        for risk in raised_by(draft)
    )
    return f"{form.short_title} of {draft.taken_on:%d/%m/%Y}: {answers}. What was done:"
