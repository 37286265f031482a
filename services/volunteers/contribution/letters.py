"""Paper to thank her with and to take along: facts only, and nothing of which groups."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Account,
    Course,
    GroupSession,
    Milestone,
    Placement,
    PlacementRole,
    SessionState,
    Shift,
    ShiftState,
    Training,
    Volunteer,
)
from services import audit, clock, printing
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.volunteers.contribution.hours import Given, given_by
from services.volunteers.finding import find_volunteer
from services.volunteers.herself.record import find
from services.volunteers.training.hours import in_hours

_ROLES = {
    PlacementRole.CO_FACILITATOR: "Co-facilitator",
    PlacementRole.CRECHE: "Crèche helper",
    PlacementRole.WELCOME: "Welcoming people",
    PlacementRole.PEER_CONTACT: "Peer contact",
    PlacementRole.SHADOWING: "Shadowing",
}


def reference_sheet(db: Session, actor: Actor, volunteer_ref: str) -> bytes:
    """What she has done here, for a new employer or another service, as a PDF."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    return _sheet(db, find_volunteer(db, actor, volunteer_ref), actor)


def my_reference_sheet(db: Session, actor: Actor) -> bytes:
    """The same for herself."""
    actor.require(Permission.OWN_VOLUNTEERING)
    return _sheet(db, find(db, actor), actor)


def thank_you(db: Session, actor: Actor, volunteer_ref: str) -> bytes:
    """A letter of thanks, to be signed, as a PDF."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    return _letter(db, find_volunteer(db, actor, volunteer_ref), actor, by=actor.name)


def my_thank_you(db: Session, actor: Actor) -> bytes:
    """The letter to herself, by whoever thanked her last. Raises NotFoundError before that."""
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor)
    if (by := _thanked_by(db, volunteer)) is None:
        raise NotFoundError("letter")
    return _letter(db, volunteer, actor, by=by)


def was_thanked(db: Session, actor: Actor) -> bool:
    """Whether there is a letter to her."""
    actor.require(Permission.OWN_VOLUNTEERING)
    return _thanked_by(db, find(db, actor)) is not None


def _thanked_by(db: Session, volunteer: Volunteer) -> str | None:
    query = (
        select(Account.display_name)
        .join(Milestone, Milestone.thanked_by_id == Account.id)
        .where(Milestone.volunteer_id == volunteer.id)
        .order_by(Milestone.thanked_on.desc(), Milestone.id.desc())
        .limit(1)
    )
    return db.scalar(query)


def _sheet(db: Session, volunteer: Volunteer, actor: Actor) -> bytes:
    given = given_by(db, volunteer, actor)
    made = printing.pdf(
        "reference_sheet",
        {
            **_facts(db, volunteer, given),
            "roles": _roles(db, volunteer),
            "courses": _courses(db, volunteer),
        },
    )
    audit.record(db, actor, "volunteer.reference_sheet", f"volunteer:{volunteer.ref}")
    return made


def _letter(db: Session, volunteer: Volunteer, actor: Actor, *, by: str) -> bytes:
    given = given_by(db, volunteer, actor)
    values = {**_facts(db, volunteer, given), "by": by, "first_name": volunteer.first_name}
    made = printing.pdf("thank_you", values)
    audit.record(db, actor, "volunteer.thanked", f"volunteer:{volunteer.ref}")
    return made


def _facts(db: Session, volunteer: Volunteer, given: Given) -> dict[str, Any]:
    return {
        **printing.letterhead(db),
        "name": f"{volunteer.first_name} {volunteer.last_name}",
        "today": _day(clock.today()),
        "since": _day(given.since) if given.since else "",
        "hours": f"{in_hours(given.minutes):g}",
        "sessions": str(given.sessions),
    }


def _roles(db: Session, volunteer: Volunteer) -> list[str]:
    """What she did with groups, each once, in the order of the list of roles."""
    placed = select(Placement.role).where(
        Placement.volunteer_id == volunteer.id, Placement.starts_on <= clock.today()
    )
    covered = (
        select(Shift.role)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .where(
            Shift.volunteer_id == volunteer.id,
            Shift.state == ShiftState.ACCEPTED,
            GroupSession.state == SessionState.HELD,
        )
    )
    found = {*db.scalars(placed.distinct()), *db.scalars(covered.distinct())}
    return [words for role, words in _ROLES.items() if role in found]


def _courses(db: Session, volunteer: Volunteer) -> list[dict[str, str]]:
    query = (
        select(Course.name, Training.held_on, Training.minutes)
        .join(Training, Training.course_id == Course.id)
        .where(Training.volunteer_id == volunteer.id, Training.is_latest)
        .order_by(Training.held_on, Training.id)
    )
    return [
        {"name": name, "held": _day(held), "hours": f"{in_hours(minutes):g}"}
        for name, held, minutes in db.execute(query)
    ]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
