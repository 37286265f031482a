"""What is kept in versions, none of them ever changed: programmes, and the forms people answer."""

from functools import cache
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from models import FormVersion, ProgrammeVersion
from services.errors import ConflictError, NotFoundError

V = TypeVar("V", ProgrammeVersion, FormVersion)


@cache
def is_newest(model: type[V]) -> ColumnElement[bool]:
    """That no later version of the same thing is kept."""
    later = aliased(model)
    return ~(
        select(later.id)
        .where(later.key == model.key, later.version > model.version)
        .correlate(model)
        .exists()
    )


def newest(db: Session, model: type[V], *keys: str) -> dict[str, V]:
    """The newest versions of these, or of all, in order of title."""
    query = select(model).where(is_newest(model))
    if keys:
        query = query.where(model.key.in_(keys))
    in_order = query.order_by(model.title, model.key)
    return {row.key: row for row in db.scalars(in_order)}


def held(db: Session, model: type[V], key: str, version: int, what: str) -> V:
    """The newest version, held until the transaction ends, if it is the one she saw.

    Raises NotFoundError where there is none of it, `what` being what people call it, and
    ConflictError where somebody else has made a later one.
    """
    query = select(model).where(model.key == key)
    rows = db.scalars(query.order_by(model.version.desc()).with_for_update()).all()
    if not rows:
        raise NotFoundError(what)
    if rows[0].version != version:
        raise ConflictError(
            f"Somebody else made version {rows[0].version} while you had this open. "
            "Look at it, then make your change again.",
        )
    return rows[0]
