"""The steps that tests of supervision share."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from models import SupervisionKind, Volunteer
from services.permissions import Actor
from services.volunteers.support import absences, recording, supervisors
from services.volunteers.support.absences import AbsenceDraft
from services.volunteers.support.recording import MeetingDraft
from services.volunteers.support.rhythm import Kind, State

TODAY = date(2026, 9, 16)
ONE_TO_ONE = SupervisionKind.ONE_TO_ONE


def name(
    db: Session, actor: Actor, one: Volunteer, supervisor: Actor, own: Actor | None = None
) -> None:
    seen = supervisors.of_volunteer(db, actor, one.ref).version
    supervisors.name(
        db, actor, one.ref, supervisor_ref=supervisor.ref,
        own_account_ref=own.ref if own else None, version=seen,
    )  # fmt: skip


def away(
    db: Session, actor: Actor, who: Actor, stand_in: Actor, days: int = 3, start: int = 0
) -> str:
    first = TODAY + timedelta(start)
    draft = AbsenceDraft(
        supervisor_ref=who.ref, stand_in_ref=stand_in.ref, starts_on=first,
        ends_on=first + timedelta(days),
    )  # fmt: skip
    return absences.add(db, actor, draft)


def meet(
    db: Session, actor: Actor, one: Volunteer, on: date = TODAY, kind: SupervisionKind = ONE_TO_ONE
) -> str:
    return recording.record_meeting(db, actor, one.ref, MeetingDraft(held_on=on, kind=kind))


def states(db: Session, actor: Actor, one: Volunteer) -> dict[Kind, State]:
    return {each.kind: each.state for each in supervisors.of_volunteer(db, actor, one.ref).due}
