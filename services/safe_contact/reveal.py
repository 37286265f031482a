"""Showing a number, an address or a code word: one at a time, on request, each look audited."""

import enum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ContactPlan, ContactRoute, Person, Route
from services import audit
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.safe_contact.asking import may_we
from services.safe_contact.facts import Why
from services.visibility import visible_people


class CodeWord(enum.Enum):
    """Hers is how we know her; ours is how she knows us."""

    HERS = "code_word"
    OURS = "our_code_word"


def reveal(db: Session, actor: Actor, person_ref: str, what: Route | CodeWord) -> str:
    """The number or address of a route, or a code word. The look is written in the audit log,
    with whether the route was safe at that moment.

    Raises NotFoundError when there is none, or nobody this reader may see.
    """
    actor.require(Permission.RECORD_CONTACT)
    if isinstance(what, Route):
        safe = may_we(db, actor, person_ref, what).why in (Why.SAFE, Why.CHECK_FIRST)
        found = _address(db, actor, person_ref, what)
        details = {"safe": safe}
    else:
        found, details = _code_word(db, actor, person_ref, what), {}
    if found is None:
        raise NotFoundError("entry")
    audit.record(db, actor, "contact.revealed", f"person:{person_ref}", field=what.value, **details)
    return found


def _address(db: Session, actor: Actor, person_ref: str, route: Route) -> str | None:
    query = (
        select(ContactRoute.address)
        .join(Person, Person.id == ContactRoute.person_id)
        .where(Person.ref == person_ref, ContactRoute.route == route, visible_people(actor))
    )
    return db.scalar(query)


def _code_word(db: Session, actor: Actor, person_ref: str, which: CodeWord) -> str | None:
    column = {CodeWord.HERS: ContactPlan.code_word, CodeWord.OURS: ContactPlan.our_code_word}
    query = (
        select(column[which])
        .join(Person, Person.id == ContactPlan.person_id)
        .where(Person.ref == person_ref, visible_people(actor))
    )
    return db.scalar(query)
