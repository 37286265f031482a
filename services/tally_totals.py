"""The kept counts summed over quarters, and over programmes unless one is asked for.

The sums are made in the database, so what comes back depends on how many different answers
there can be and never on how many people gave them.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Tally
from services.errors import NotPermittedError
from services.permissions import Actor, Permission
from services.shares import sees_small_numbers
from services.tallies import Kind


def totals(
    db: Session,
    actor: Actor,
    kind: Kind,
    *columns: str,
    key: str | None = None,
    begins: str | None = None,
    programme: str | None = None,
) -> list[tuple[Any, ...]]:
    """The given columns of one kind (key, first, second) and after them how many, in order.

    Of one key, or of those that begin with some letters, if either is given.
    Plain rows and no data frame: making one takes longer than all the rest of a page.
    Raises NotPermittedError when this reader may not see one programme by itself.
    """
    actor.require(Permission.READ_OUTCOMES)
    if programme is not None and not sees_small_numbers(actor):
        raise NotPermittedError("see one programme by itself")
    chosen = [Tally.__table__.c[name] for name in columns]
    summed = func.sum(Tally.count)
    query = (
        select(*chosen, summed)
        .where(Tally.kind == kind.value)
        .group_by(*chosen)
        .having(summed > 0)
        .order_by(*chosen)
    )
    if key is not None:
        query = query.where(Tally.key == key)
    if begins is not None:
        query = query.where(Tally.key.startswith(begins, autoescape=True))
    if programme is not None:
        query = query.where(Tally.programme == programme)
    # PostgreSQL gives the sum of large whole numbers as a decimal.
    return [(*row[:-1], int(row[-1])) for row in db.execute(query)]
