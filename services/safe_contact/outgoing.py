"""The only door out: whatever goes to a person in writing asks here for where it may go.

Messages, prints, mail merges, reminders and calendar lines get a number or an address from here
and from nowhere else, and only where the decision of safe contact allows it (design §4.5).
A test about the code keeps it so.
"""

import enum
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ContactRoute, Person, Route
from services import audit, clock
from services.permissions import Actor, Permission
from services.safe_contact.decision import decide
from services.safe_contact.facts import BY_PHONE
from services.safe_contact.stored import kept
from services.visibility import visible_people


class Kind(enum.Enum):
    """What goes out; all of them leave something behind for others to read."""

    MESSAGE = "message"
    PRINT = "print"
    MERGE = "merge"
    REMINDER = "reminder"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Cleared:
    """Where something may go to one person, and who it may say it is from."""

    person_ref: str
    address: str
    name_to_use: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Who gets nothing, and why, in words."""

    person_ref: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clearance:
    """Everybody asked about, in one of two lists."""

    cleared: tuple[Cleared, ...]
    refused: tuple[Refused, ...]


def clear(
    db: Session,
    actor: Actor,
    person_refs: Collection[str],
    route: Route,
    kind: Kind,
    *,
    says_who: bool = False,
) -> Clearance:
    """Where something may go to each of these people now, by one route.

    A condition she set cannot be judged by a programme, so it refuses. Whoever this reader may
    not see reads like somebody nothing is known of. Each address handed out is audited.
    """
    actor.require(Permission.RECORD_CONTACT)
    known = kept(db, actor, person_refs)
    answers = {
        ref: decide(
            *known.get(ref, (None, {})), route, clock.now(), message=True, says_who=says_who
        )
        for ref in person_refs
    }
    addresses = _addresses(db, actor, [ref for ref in answers if answers[ref].allowed], route)
    for ref in addresses:
        audit.record(
            db, actor, "contact.cleared", f"person:{ref}", kind=kind.value, route=route.value
        )
    return Clearance(
        tuple(Cleared(ref, to, answers[ref].name_to_use) for ref, to in addresses.items()),
        tuple(Refused(ref, one.reason) for ref, one in answers.items() if not one.allowed),
    )


def _addresses(
    db: Session, actor: Actor, person_refs: Collection[str], route: Route
) -> dict[str, str]:
    """Her own for this route, or the number kept for calls where that serves."""
    routes = (Route.CALL, route) if route in BY_PHONE else (route,)
    query = (
        select(Person.ref, ContactRoute.route, ContactRoute.address)
        .join(ContactRoute, ContactRoute.person_id == Person.id)
        .where(
            Person.ref.in_(person_refs),
            ContactRoute.route.in_(routes),
            ContactRoute.address.is_not(None),
            visible_people(actor),
        )
    )
    rows = db.execute(query).all()
    shared = {ref: address for ref, _by, address in rows if address}
    own = {ref: address for ref, by, address in rows if address and by is route}
    return {ref: own.get(ref, shared[ref]) for ref in person_refs}
