"""The kept counts summed over programmes and quarters, unless some are asked for.

The sums are made in the database, so what comes back depends on how many different answers
there can be and never on how many people gave them.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import Tally
from services.errors import NotPermittedError
from services.permissions import Actor, Permission
from services.tallies.quarters import quarters_of
from services.tallies.shares import sees_small_numbers
from services.tallies.tallies import EVER, Kind


def totals(
    db: Session,
    actor: Actor,
    kind: Kind,
    *columns: str,
    key: str | None = None,
    keys: Collection[str] | None = None,
    begins: str | None = None,
    programme: str | None = None,
    period: str | None = None,
) -> list[tuple[Any, ...]]:
    """The given columns of one kind (key, first, second) and after them how many, in order.

    Of one key, of several, or of those that begin with some letters, if any of these is given.
    Plain rows and no data frame: making one takes longer than all the rest of a page.
    Raises NotPermittedError when this reader may not see one programme or period by itself.
    """
    actor.require(Permission.READ_OUTCOMES)
    refuse_parts(actor, programme, period)
    chosen = [Tally.__table__.c[name] for name in columns]
    summed = func.sum(Tally.count)
    query = (
        select(*chosen, summed)
        .where(Tally.kind == _kept_as(kind, programme, period, columns))
        .group_by(*chosen)
        .having(summed > 0)
        .order_by(*chosen)
    )
    if key is not None:
        query = query.where(Tally.key == key)
    if keys is not None:
        query = query.where(Tally.key.in_(keys))
    query = query.where(*_of(programme, period))
    if begins is not None:
        query = query.where(Tally.key.startswith(begins, autoescape=True))
    # PostgreSQL gives the sum of large whole numbers as a decimal.
    return [(*row[:-1], int(row[-1])) for row in db.execute(query)]


def several(
    db: Session,
    actor: Actor,
    kinds: Collection[Kind],
    keys: Collection[str],
    *,
    programme: str | None = None,
    period: str | None = None,
) -> dict[Kind, list[tuple[str, int, int, int]]]:
    """Several kinds at once, each as rows of key, first, second and how many, in that order.

    Every kind asked for is there, if only as an empty list. Raises what `totals` raises.
    """
    actor.require(Permission.READ_OUTCOMES)
    refuse_parts(actor, programme, period)
    columns = (Tally.kind, Tally.key, Tally.first, Tally.second)
    summed = func.sum(Tally.count)
    called = {_kept_as(kind, programme, period): kind for kind in kinds}
    query = (
        select(*columns, summed)
        .where(
            Tally.kind.in_(called),
            Tally.key.in_(keys),
            *_of(programme, period),
        )
        .group_by(*columns)
        .having(summed > 0)
        .order_by(*columns)
    )
    found: dict[Kind, list[tuple[str, int, int, int]]] = {kind: [] for kind in kinds}
    for kind, key, first, second, count in db.execute(query):
        found[called[kind]].append((key, first, second, int(count)))
    return found


def by_cohort(
    db: Session,
    actor: Actor,
    kind: Kind,
    key: str,
    seconds: Collection[int],
    *,
    programme: str | None = None,
    period: str | None = None,
) -> list[tuple[str, str, int, int, int]]:
    """Of one key, as programme, quarter, first, second and how many: each row as it is kept.

    Raises what `totals` raises.
    """
    actor.require(Permission.READ_OUTCOMES)
    refuse_parts(actor, programme, period)
    query = select(Tally.programme, Tally.period, Tally.first, Tally.second, Tally.count).where(
        Tally.kind == kind.value,
        Tally.key == key,
        Tally.second.in_(seconds),
        Tally.count > 0,
        *_of(programme, period),
    )
    return [
        (where, quarter, first, second, count)
        for where, quarter, first, second, count in db.execute(query)
    ]


def _kept_as(
    kind: Kind, programme: str | None, period: str | None, columns: Collection[str] = ()
) -> str:
    """The kind whose rows say it: those over all programmes and quarters where they do."""
    in_parts = programme is not None or period is not None or {"programme", "period"} & {*columns}
    return kind.value if in_parts else EVER.get(kind, kind.value)


def refuse_parts(actor: Actor, programme: str | None, period: str | None) -> None:
    """Raise NotPermittedError where this reader may not see one programme or period by itself."""
    if sees_small_numbers(actor):
        return
    if programme is not None:
        raise NotPermittedError("see one programme by itself")
    if period is not None:
        raise NotPermittedError("see one period by itself")


def _of(programme: str | None, period: str | None) -> Iterator[ColumnElement[bool]]:
    if programme is not None:
        yield Tally.programme == programme
    if period is not None:
        yield Tally.period.in_(quarters_of(period))
