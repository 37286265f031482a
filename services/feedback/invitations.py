"""A form for one person: an address that works once, handed out only where it is safe to.

Which person an address was made for is not kept: so nobody can tell from a form that it is hers,
nor from a person whether she answered.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FeedbackInvitation, Person, Place, Route
from services import audit
from services.errors import ConflictError, NotFoundError
from services.feedback.addresses import new_token, number_in_no_order, path_of, token_digest
from services.feedback.links import open_link
from services.measures.measure_schedule import IN_THE_GROUP
from services.people.people import NAMED, full_name
from services.permissions import Actor, Permission
from services.registers.who_is_on import find_session
from services.safe_contact import outgoing
from services.safe_contact.outgoing import Kind
from services.visibility import visible_places


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where one form is, and where its address may go now."""

    path: str
    to: str
    name_to_use: str | None


def people(db: Session, actor: Actor, session_ref: str) -> dict[str, str]:
    """Who is in the group of a session of hers: reference to name."""
    actor.require(Permission.READ_FEEDBACK)
    _held, group = find_session(db, actor, session_ref)
    query = (
        select(*NAMED)
        .join(Place, Place.person_id == Person.id)
        .where(Place.group_id == group.id, Place.state.in_(IN_THE_GROUP), visible_places(actor))
    )
    names = {row.person_ref: full_name(row) for row in db.execute(query)}
    return dict(sorted(names.items(), key=lambda one: one[1]))


def invite(
    db: Session, actor: Actor, session_ref: str, person_ref: str, route: Route
) -> Invitation:
    """An address for one form of one person, if it may go to her by this route now.

    Raises ConflictError with the reason where it may not, and where the form is closed.
    """
    actor.require(Permission.READ_FEEDBACK)
    held, _group = find_session(db, actor, session_ref)
    if person_ref not in people(db, actor, session_ref):
        raise NotFoundError("person")
    open_link(db, actor, session_ref)
    answer = outgoing.clear(db, actor, [person_ref], route, Kind.MESSAGE)
    if answer.refused:
        raise ConflictError(answer.refused[0].reason)
    token = new_token()
    number = number_in_no_order(db, FeedbackInvitation.id)
    db.add(FeedbackInvitation(id=number, session_id=held.id, token_hash=token_digest(token)))
    audit.record(db, actor, "feedback.invited", f"session:{held.ref}")
    cleared = answer.cleared[0]
    return Invitation(path_of(token), cleared.address, cleared.name_to_use)
