"""One person by her reference, as far as this reader may see her: a step of other services."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Person
from services.errors import NotFoundError
from services.permissions import Actor
from services.visibility import visible_people


def find(db: Session, actor: Actor, ref: str, *, lock: bool = False) -> Person:
    """The person, held until the transaction ends if asked. Raises NotFoundError."""
    query = select(Person).where(Person.ref == ref, visible_people(actor))
    person = db.scalar(query.with_for_update() if lock else query)
    if person is None:
        raise NotFoundError("person")
    return person


def number_of(db: Session, actor: Actor, ref: str) -> int:
    """Her number alone, with nothing of hers decrypted. Raises NotFoundError."""
    number = db.scalar(select(Person.id).where(Person.ref == ref, visible_people(actor)))
    if number is None:
        raise NotFoundError("person")
    return number
