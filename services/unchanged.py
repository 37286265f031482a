"""Answers kept for as long as nothing they were read from has changed, since a page asks again at
every click on it.

What this process has changed, and when, is known by table and column (services/changes). Every
change of another process moves the audit log on: where its end is not one of ours, nothing kept
stands. And time alone makes things due: no answer outlives its minute. See docs/decisions/0034,
0035 and 0038.
"""

import pickle
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from io import BytesIO
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
from cachetools import TTLCache
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditHead
from services import changes, clock
from services.changes import Names
from services.db import SINCE
from services.permissions import Actor

P = ParamSpec("P")
R = TypeVar("R")

_MOST = 500
_LONGEST = 60  # seconds: what was read lies here no longer than it can be used
_kept: TTLCache[Hashable, "_Kept"] = TTLCache(_MOST, _LONGEST)
# The end of the log is looked up once for all the parts of a page, not once for each of them.
_ONE_RUN = 0.2  # seconds, by which the change of another process may be seen late
_heard: TTLCache[Hashable, None] = TTLCache(_MOST, _ONE_RUN)
_one_at_a_time = Lock()
_END = select(AuditHead.last_id)


def while_unchanged(
    read: Callable[Concatenate[Session, Actor, P], R],
) -> Callable[Concatenate[Session, Actor, P], R]:
    """Keep what a service function found, for the one who asked and the words she asked with.

    For functions that only read, with arguments that can be hashed. Everybody is handed a copy
    of her own of whatever in it can be changed. Only what is read in `reading()` is kept:
    whoever is changing something must see her own change.
    """

    @wraps(read)
    def ask(db: Session, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if SINCE not in db.info:
            return read(db, actor, *args, **kwargs)
        _listen(db)
        key = read, actor, args, tuple(kwargs.items()), db.get_bind()
        with _one_at_a_time:
            kept = _kept.get(key)
        if kept is not None and kept.stands():
            changes.has_read(kept.names)
            found: R = _Copier(kept).load()
            return found
        with changes.watched() as touched:
            found = read(db, actor, *args, **kwargs)
        kept = _kept_of(found, frozenset(touched.read), db.info[SINCE])
        with _one_at_a_time:
            _kept[key] = kept
        return found

    return ask


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer as it is kept: what can be shared as it is, everything else written down."""

    written: bytes
    aside: tuple[Any, ...]
    names: Names  # of what it was read from
    since: int  # so many changes had been seen
    minute: datetime

    def stands(self) -> bool:
        """Whether it would be the same now."""
        return self.minute == _minute() and changes.stands(self.names, self.since)


class _Writer(pickle.Pickler):
    """Writes an answer down but for frames and records, which are left aside in `aside`."""

    def __init__(self, file: BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.aside: list[Any] = []

    def persistent_id(self, part: Any) -> int | None:
        """Where a frame or a record is left; None for anything else."""
        if not isinstance(part, pd.DataFrame) and not _cannot_change(part):
            return None
        self.aside.append(_shared(part))
        return len(self.aside) - 1


class _Copier(pickle.Unpickler):
    """Makes one reader's copy of an answer."""

    def __init__(self, kept: _Kept) -> None:
        super().__init__(BytesIO(kept.written))
        self._aside = kept.aside

    def persistent_load(self, number: int) -> Any:
        """A frame of her own, or the record."""
        return _shared(self._aside[number])


def _kept_of(found: object, names: Names, since: int) -> _Kept:
    written = BytesIO()
    writer = _Writer(written)
    writer.dump(found)
    return _Kept(written.getvalue(), tuple(writer.aside), names, since, _minute())


def _shared(part: Any) -> Any:
    """Of a frame another one of the same values: pandas copies them before either is changed."""
    return part.copy(deep=False) if isinstance(part, pd.DataFrame) else part


def _cannot_change(part: Any) -> bool:
    """Whether this is a record in which nothing can be changed, so that one does for everybody."""
    how = getattr(type(part), "__dataclass_params__", None)
    if how is None or not (how.frozen and how.eq):
        return False
    try:
        hash(part)
    except TypeError:
        return False
    return True


def forget() -> None:
    """Drop everything that is kept."""
    changes.forget()
    with _one_at_a_time:
        _kept.clear()
        _heard.clear()


def _listen(db: Session) -> None:
    """Hear where the log ends, but not as part of what an answer is read from."""
    if changes.is_watching():
        return
    with _one_at_a_time:
        if db.get_bind() in _heard:
            return
        _heard[db.get_bind()] = None
    changes.hear(db.scalar(_END) or 0)


def _minute() -> datetime:
    return clock.now().replace(second=0, microsecond=0)
