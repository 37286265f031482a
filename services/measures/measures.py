"""Recording measures: a form scored, kept, corrected, and counted in the same transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Account,
    Group,
    GroupState,
    MeasureForm,
    MeasureVersion,
    Outcome,
    Person,
    Place,
    Point,
    Respondent,
)
from services import audit, clock
from services.children import child_stamps
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.measures import handovers
from services.measures.immediate_risk import actions
from services.measures.measure_counts import STEPS, cells, measured_of
from services.measures.measure_draft import PAPER_TOTAL, MeasureDraft, Scored
from services.measures.measure_forms import those_of
from services.measures.measure_library import measure
from services.measures.measure_sums import dose_cells
from services.measures.measure_words import OUTCOMES
from services.people.people import age_from
from services.permissions import Actor, Permission
from services.places.milestones import milestones
from services.programmes import programmes
from services.tallies import tallies
from services.tallies.tallies import Cell
from services.unchanged import while_unchanged
from services.visibility import visible_places

EARLIEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class RecordedForm:
    """A form as it stands, ready to be looked at and corrected."""

    outcome: Outcome
    taken_on: date
    answers: dict[int, float | None]
    paper_total: float | None
    version: int
    recorded_by: str


def record(db: Session, actor: Actor, place_ref: str, draft: MeasureDraft) -> None:
    """Keep a form for a place, or correct the one there is.

    There is one form for each place, measure, respondent and point. Raises ConflictError when
    somebody has recorded or corrected it since the version in the draft; the same form sent
    twice counts once.

    An answer about immediate risk (PHQ-9, CORE-10, YP-CORE) is kept only together with what was
    done about it the same day: `draft.response` (domain §2.3). A form that is corrected leaves
    the version before it to be read.
    """
    actor.require(Permission.RECORD_MEASURES)
    scored = draft.scored(today=clock.today())
    place, group = _locked(db, actor, place_ref)
    forms = list(db.scalars(select(MeasureForm).where(MeasureForm.place_id == place.id)))
    form = next((kept for kept in forms if _same(kept, draft)), None)
    if form is not None and _is_repeat(form, actor, draft, scored):
        return
    _refuse_stale(draft, form)
    _refuse_closed(draft, group)
    if form is None:
        _refuse_unasked(db, draft, place, group)
    actions.close_with(db, actor, place, draft, form)
    before = _counted(group, place, forms)
    action = "measure.corrected" if form else "measure.recorded"
    if form is None:
        born = db.scalars(select(Person.date_of_birth).where(Person.id == place.person_id)).one()
        form = MeasureForm(place_id=place.id, age_from=age_from(born, on=draft.taken_on))
        forms.append(form)
        db.add(form)
        _fill(form, actor, draft, scored)
    else:
        _correct(db, form, actor, draft, scored)
    handovers.settle(db, place, draft)
    if draft.measure == STEPS:
        child_stamps.stamp(db, place, group)
    place.measured = measured_of(forms)
    changes = _counted(group, place, forms)
    changes.subtract(before)
    tallies.add(db, changes)
    audit.record(
        db,
        actor,
        action,
        f"place:{place.ref}",
        measure=draft.measure,
        respondent=draft.respondent.value,
        point=draft.point.value,
    )


def recorded(
    db: Session, actor: Actor, place_ref: str, key: str, respondent: Respondent, point: Point
) -> RecordedForm | None:
    """The form as it stands, None when there is none yet. The look is written in the audit log."""
    actor.require(Permission.RECORD_MEASURES)
    form = _as_it_stands(db, actor, place_ref, key, respondent, point)
    if form is not None:
        audit.viewed(db, actor, f"measures:{place_ref}")
    return form


@while_unchanged
def _as_it_stands(
    db: Session, actor: Actor, place_ref: str, key: str, respondent: Respondent, point: Point
) -> RecordedForm | None:
    row = db.execute(
        select(MeasureForm, Account.display_name)
        .join(Place, Place.id == MeasureForm.place_id)
        .join(Account, Account.id == MeasureForm.recorded_by_id)
        .where(*those_of(actor, place_ref, key, respondent), MeasureForm.point == point)
    ).one_or_none()
    if row is None:
        return None
    form, recorded_by = row
    kept = dict(form.answers or {})
    paper_total = kept.pop(PAPER_TOTAL, None)
    return RecordedForm(
        outcome=form.outcome,
        taken_on=form.taken_on,
        answers={int(number): value for number, value in kept.items()},
        paper_total=paper_total,
        version=form.version,
        recorded_by=recorded_by,
    )


def _counted(group: Group, place: Place, forms: Sequence[MeasureForm]) -> Counter[Cell]:
    """What the place counts for with these forms and the sessions it has come to."""
    where = (group.programme, clock.quarter(group.starts_on))
    dose = dose_cells(*where, place.measured, place.attended, place.covered)
    return cells(*where, forms) + dose


def _locked(db: Session, actor: Actor, ref: str) -> tuple[Place, Group]:
    """The place, held until the transaction ends, so that its counts change one form at a time."""
    query = select(Place).where(Place.ref == ref, visible_places(actor)).with_for_update()
    place = db.scalar(query)
    if place is None:
        raise NotFoundError("place")
    return place, db.get_one(Group, place.group_id)


def _same(form: MeasureForm, draft: MeasureDraft) -> bool:
    return (form.measure, form.respondent, form.point) == (
        draft.measure,
        draft.respondent,
        draft.point,
    )


def _is_repeat(form: MeasureForm, actor: Actor, draft: MeasureDraft, scored: Scored) -> bool:
    """Whether this is what she has just saved: a second press of the button changes nothing."""
    as_kept = (form.recorded_by_id, form.version, form.taken_on, form.outcome, form.answers)
    as_sent = (
        actor.account_id, draft.version + 1, draft.taken_on, draft.outcome, scored.answers
    )  # fmt: skip
    return as_kept == as_sent


def _refuse_stale(draft: MeasureDraft, form: MeasureForm | None) -> None:
    if draft.version == (form.version if form else 0):
        return
    raise ConflictError(
        "This form was recorded or changed while you had it open, so yours was not saved. "
        "What stands there now is shown below: save again if yours should replace it.",
        theirs=f"{OUTCOMES[form.outcome]}, {form.taken_on:%d/%m/%Y}" if form else None,
    )


def _refuse_closed(draft: MeasureDraft, group: Group) -> None:
    if group.state in (GroupState.CLOSED, GroupState.CANCELLED):
        raise ConflictError("This group is closed. Ask the programme lead to open it again.")
    if draft.taken_on < group.starts_on - EARLIEST:
        raise InvalidInputError(
            {"taken_on": "Check the date: it is more than a year before the group began."}
        )


def _refuse_unasked(db: Session, draft: MeasureDraft, place: Place, group: Group) -> None:
    """A first form: only what the programme asks for, and only of somebody with a place."""
    about = db.scalars(select(Person.kind).where(Person.id == place.person_id)).one().value
    wanted = (draft.measure, draft.respondent.value, about)
    asked = any(
        (entry.measure, entry.respondent, entry.about) == wanted
        and draft.point.value in entry.points
        for entry in programmes.of_group(db, group).measures
    )
    if not asked:
        raise InvalidInputError(
            {"measure": "This programme does not ask for this form. Choose one from the list."}
        )
    if not milestones(place, group):
        raise ConflictError(
            "This person has no place in the group yet. Ask your coordinator to give them one."
        )


def _correct(
    db: Session, form: MeasureForm, actor: Actor, draft: MeasureDraft, scored: Scored
) -> None:
    """The new version in place of the old one, which stays to be read if anything changes."""
    old = _version(form)
    _fill(form, actor, draft, scored)
    if db.is_modified(form):
        db.add(old)


def _version(form: MeasureForm) -> MeasureVersion:
    """The form as it stands, to be kept beside what replaces it."""
    return MeasureVersion(
        form_id=form.id,
        number=form.version,
        outcome=form.outcome,
        taken_on=form.taken_on,
        answers=form.answers,
        total=form.total,
        recorded_by_id=form.recorded_by_id,
        recorded_at=form.recorded_at,
    )


def _fill(form: MeasureForm, actor: Actor, draft: MeasureDraft, scored: Scored) -> None:
    form.measure = draft.measure
    form.measure_version = measure(draft.measure).version
    form.respondent = draft.respondent
    form.point = draft.point
    form.outcome = draft.outcome
    form.taken_on = draft.taken_on
    form.answers = scored.answers
    form.total = scored.total
    form.band = scored.band
    form.recorded_by_id = actor.account_id
    form.recorded_at = clock.now()


__all__ = ["MeasureDraft", "RecordedForm", "cells", "record", "recorded"]
