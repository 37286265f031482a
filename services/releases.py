"""The ledger: what has left the house, so that what leaves next is checked beside it.

Counts of two releases can be taken from one another. So each new table is protected together
with every earlier one of the same people whose days it shares, directly or through others; and
a table that left before leaves again with the numbers it had then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Account, AuditHead, Release, ReleaseKind, new_ref
from services import clock
from services.disclosure.linked import CannotHideError, Released, protect
from services.disclosure.tables import Cell, Population, Table
from services.errors import ConflictError
from services.permissions import Actor, Permission

# Domain §3.6: five for a funder's own tables, ten for whatever anybody may read.
FUNDER, PUBLIC = 5, 10
PAGE = 50
# How often tables are tried together. Each can take seconds beside many earlier releases; one that
# has to stay is found among fifteen in nine.
MOST_ATTEMPTS = 12

Counts: TypeAlias = Mapping[Cell, int | None]  # None where hidden


@dataclass(frozen=True, slots=True)
class Kept:
    """A table that left before: what was shown and said of it, from which number on, and when."""

    table: Table
    counts: Counts
    threshold: int
    day: date
    said: dict[str, Any] | None

    @property
    def pattern(self) -> Released:
        """The same as far as the next release has to know it."""
        hidden = (cell for cell, count in self.counts.items() if count is None)
        return Released(self.table, frozenset(hidden))


@dataclass(frozen=True, slots=True)
class Cleared:
    """A table that may leave: its counts, and since when they are these."""

    table: Table
    counts: Counts
    since: date | None = None  # the day it left before, if it did
    said: dict[str, Any] | None = None  # sentences and a chart that left with it


def newest(db: Session) -> int:
    """The number of the last line in the ledger: what is made now is checked beside it, and all
    before it."""
    return db.scalar(select(func.max(Release.id))) or 0


def hold(db: Session, *, since: int) -> None:
    """Nobody else releases anything until the transaction ends: two at once would not see each
    other in the ledger. Raises ConflictError where anything has left since that line."""
    db.execute(select(AuditHead.last_id).with_for_update())
    if newest(db) != since:
        raise ConflictError(
            "Something else left the house while this was being made. Make it once more: it will "
            "be checked beside that as well."
        )


def earlier(db: Session, first: date, last: date) -> list[Kept]:
    """Every table that left before and shares days with these, directly or through others."""
    spans = db.execute(select(Release.id, Release.first_day, Release.last_day)).all()
    chosen: set[int] = set()
    grown = True
    while grown:
        near = {n for n, begins, ends in spans if begins <= last and ends >= first} - chosen
        first = min([first, *(begins for n, begins, _ in spans if n in near)])
        last = max([last, *(ends for n, _, ends in spans if n in near)])
        chosen |= near
        grown = bool(near)
    query = select(Release).where(Release.id.in_(chosen)).order_by(Release.id)
    return [_read(kept, release) for release in db.scalars(query) for kept in release.tables]


def clear(
    population: Population, tables: Sequence[Table], threshold: int, before: Sequence[Kept]
) -> tuple[list[Cleared], list[Table]]:
    """What may leave of these tables of one population, and the tables that may not leave at all.

    `before` are the earlier tables of the same population.
    """
    same = {kept.table: kept for kept in before if kept.threshold >= threshold}
    again = [
        Cleared(one, same[one].counts, same[one].day, same[one].said)
        for one in tables
        if one in same
    ]
    wanted = [one for one in tables if one not in same]
    patterns = [kept.pattern for kept in before]
    together: list[Table] = []
    hidden: list[frozenset[Cell]] = []
    refused: list[Table] = []
    # All at once; where that cannot be, half by half, down to those that have to stay.
    waiting = [wanted] if wanted else []
    for _attempt in range(MOST_ATTEMPTS):
        if not waiting:
            break
        some = waiting.pop(0)
        try:
            hidden = protect(population, [*together, *some], threshold, earlier=patterns)
        except CannotHideError:
            if len(some) == 1:
                refused += some
            else:
                half = len(some) // 2
                waiting = [some[:half], some[half:], *waiting]
        else:
            together += some
    refused += [one for some in waiting for one in some]
    fresh = [_without(population, *pair) for pair in zip(together, hidden, strict=True)]
    return [*again, *fresh], refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What is written down about a release."""

    kind: ReleaseKind
    title: str
    first: date
    last: date
    audience: str
    threshold: int
    programme: str | None = None
    is_rounded: bool = False
    document: dict[str, Any] | None = None


def write_down(
    db: Session, by: Actor | None, leaving: Leaving, tables: Iterable[Cleared]
) -> Release:
    """One line in the ledger; whoever calls audits what it was for."""
    tables = list(tables)
    counts = [count for one in tables for count in one.counts.values()]
    release = Release(
        ref=new_ref(),
        kind=leaving.kind,
        title=leaving.title,
        programme=leaving.programme,
        first_day=leaving.first,
        last_day=leaving.last,
        threshold=leaving.threshold,
        is_rounded=leaving.is_rounded,
        shown=sum(count is not None for count in counts),
        hidden=sum(count is None for count in counts),
        audience=leaving.audience,
        made_at=clock.now(),
        made_by_id=by.account_id if by else None,
        tables=[_stored(one, leaving.threshold) for one in tables],
        document=leaving.document,
    )
    db.add(release)
    db.flush()
    return release


def listing(db: Session, actor: Actor, *, before: int | None = None) -> pd.DataFrame:
    """What left, newest first: number, ref, kind, title, audience, first, last, threshold, shown,
    hidden, made (wall time), by."""
    actor.require(Permission.MAKE_REPORTS)
    query = (
        select(
            Release.id, Release.ref, Release.kind, Release.title, Release.audience,
            Release.first_day, Release.last_day, Release.threshold, Release.shown, Release.hidden,
            Release.made_at, Account.display_name,
        )
        .outerjoin(Account, Account.id == Release.made_by_id)
        .order_by(Release.id.desc())
        .limit(PAGE)
    )  # fmt: skip
    if before is not None:
        query = query.where(Release.id < before)
    rows = [
        (number, ref, kind.value, *rest, clock.wall(made), by or "the command line")
        for number, ref, kind, *rest, made, by in db.execute(query)
    ]
    columns = [
        "number", "ref", "kind", "title", "audience", "first", "last", "threshold", "shown",
        "hidden", "made", "by",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _without(population: Population, table: Table, hidden: frozenset[Cell]) -> Cleared:
    counts = population.counts(table)
    return Cleared(table, {c: None if c in hidden else n for c, n in counts.items()})


def _stored(one: Cleared, threshold: int) -> dict[str, Any]:
    table = one.table
    return {
        "of": table.of,
        "by": list(table.by),
        "first": table.first.isoformat(),
        "last": table.last.isoformat(),
        "where": [list(pair) for pair in table.where],
        "threshold": threshold,
        "since": one.since.isoformat() if one.since else None,
        "said": one.said,
        "cells": [[list(cell), count] for cell, count in one.counts.items()],
    }


def _read(kept: Mapping[str, Any], release: Release) -> Kept:
    table = Table(
        kept["of"],
        tuple(kept["by"]),
        date.fromisoformat(kept["first"]),
        date.fromisoformat(kept["last"]),
        tuple((name, value) for name, value in kept["where"]),
    )
    day = clock.local(release.made_at).date()
    since = date.fromisoformat(kept["since"]) if kept["since"] else day
    counts = {tuple(cell): count for cell, count in kept["cells"]}
    return Kept(table, counts, kept["threshold"], since, kept["said"])
