"""One person by her reference, as far as this reader may see her: a step of other services."""

from typing import TypeVarTuple

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from models import Person
from services.errors import NotFoundError
from services.permissions import Actor
from services.visibility import visible_people

Columns = TypeVarTuple("Columns")


def row(db: Session, actor: Actor, ref: str, query: Select[*Columns]) -> Row[*Columns]:
    """Her row of a query from people, whatever it joins to them. Raises NotFoundError."""
    found = db.execute(query.where(Person.ref == ref, visible_people(actor))).one_or_none()
    if found is None:
        raise NotFoundError("person")
    return found


def find(db: Session, actor: Actor, ref: str, *, lock: bool = False) -> Person:
    """The person; if asked as she stands now, held until the transaction ends.

    Raises NotFoundError.
    """
    query = select(Person)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    (person,) = row(db, actor, ref, query)
    return person


def number_of(db: Session, actor: Actor, ref: str, *, lock: bool = False) -> int:
    """Her number alone, with nothing of hers decrypted; her record held if asked.

    Raises NotFoundError.
    """
    query = select(Person.id)
    (number,) = row(db, actor, ref, query.with_for_update() if lock else query)
    return number
