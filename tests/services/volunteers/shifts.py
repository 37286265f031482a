"""Volunteers who may be asked, and the steps that tests of the rota share."""

from datetime import date

from hypothesis import HealthCheck, settings
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, PlacementRole, Shift, Stage, StageChange, Volunteer, VolunteerWishes
from services.permissions import Actor
from services.volunteers.rota import listing, needs, shifts
from tests.make import make_volunteer, session_of

WELCOME, CRECHE = PlacementRole.WELCOME, PlacementRole.CRECHE
FIRST = date(2026, 9, 22)  # a Tuesday to come
MONDAYS = date(2026, 9, 21)
# Of steps in whatever order: each makes whole groups, so there are few.
A_FEW_STORIES = settings(
    max_examples=12,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def seasoned(db: Session, actor: Actor, first: str, last: str) -> Volunteer:
    one = make_volunteer(db, actor, first, last, stage=Stage.ACTIVE)
    for change in db.scalars(select(StageChange).where(StageChange.volunteer_id == one.id)):
        change.changed_on = date(2026, 1, 5)
    db.flush()
    return one


def need(db: Session, actor: Actor, group: Group, **counts: int) -> None:
    wanted = {PlacementRole(role): count for role, count in counts.items()}
    needs.change(db, actor, group.ref, wanted, version=needs.of_group(db, actor, group.ref).version)


def offer(db: Session, actor: Actor, who: Volunteer, group: Group, number: int = 1, **more: str):
    role = PlacementRole(more.pop("role", "welcome"))
    return shifts.offer(db, actor, session_of(db, group, number).ref, who.ref, role, **more)


def accepted(db: Session, actor: Actor, who: Volunteer, group: Group, number: int = 1) -> str:
    ref = offer(db, actor, who, group, number)
    shifts.answer(db, actor, ref, accepts=True, version=1)
    return ref


def shift(db: Session, ref: str) -> Shift:
    return db.scalars(select(Shift).where(Shift.ref == ref)).one()


def wish(db: Session, who: Volunteer, **more: int) -> None:
    db.add(VolunteerWishes(volunteer_id=who.id, roles=[], languages=[], **more))
    db.flush()


def rows(db: Session, actor: Actor) -> list[listing.SessionCover]:
    return listing.coming(db, actor)
