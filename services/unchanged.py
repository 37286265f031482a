"""Answers kept for as long as nothing has changed, since a page asks again at every click on it.

Every change moves the audit log on, so the end of the log says whether an answer still stands,
whichever process made the change. What is changed without an entry, such as words that are still
being typed, counts by the commits of this process. And time alone makes things due: no answer
outlives its minute. See docs/decisions/0031.
"""

import pickle
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
from cachetools import TTLCache
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditHead
from services import clock
from services.db import SINCE
from services.permissions import Actor

P = ParamSpec("P")
R = TypeVar("R")

_MOST = 500
_LONGEST = 60  # seconds: what was read lies here no longer than it can be used
_kept: TTLCache[Hashable, "_Kept"] = TTLCache(_MOST, _LONGEST)
# The end of the log is looked up once for all the parts of a page, not once for each of them.
_ONE_RUN = 0.2  # seconds, by which the change of another process may be seen late
_ends: TTLCache[Hashable, int] = TTLCache(_MOST, _ONE_RUN)
_one_at_a_time = Lock()
_END = select(AuditHead.last_id)


def while_unchanged(
    read: Callable[Concatenate[Session, Actor, P], R],
) -> Callable[Concatenate[Session, Actor, P], R]:
    """Keep what a service function found, for the one who asked and the words she asked with.

    For functions that only read, with arguments that can be hashed. Everybody is handed a copy
    of her own. Only what is read in `reading()` is kept: whoever is changing something must see
    her own change.
    """

    @wraps(read)
    def ask(db: Session, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if SINCE not in db.info:
            return read(db, actor, *args, **kwargs)
        key = read, actor, args, tuple(kwargs.items()), _state(db)
        with _one_at_a_time:
            kept = _kept.get(key)
        if kept is not None:
            found: R = _Copier(kept).load()
            return found
        found = read(db, actor, *args, **kwargs)
        kept = _kept_of(found)
        with _one_at_a_time:
            _kept[key] = kept
        return found

    return ask


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer as it is kept: its frames as they are, everything else written down."""

    written: bytes
    frames: tuple[pd.DataFrame, ...]


class _Writer(pickle.Pickler):
    """Writes an answer down but for its frames, which are left aside in `frames`."""

    def __init__(self, file: BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.frames: list[pd.DataFrame] = []

    def persistent_id(self, part: Any) -> int | None:
        """Where a frame is left; None for anything else."""
        if not isinstance(part, pd.DataFrame):
            return None
        self.frames.append(_shared(part))
        return len(self.frames) - 1


class _Copier(pickle.Unpickler):
    """Makes one reader's copy of an answer."""

    def __init__(self, kept: _Kept) -> None:
        super().__init__(BytesIO(kept.written))
        self._frames = kept.frames

    def persistent_load(self, number: int) -> pd.DataFrame:
        """A frame of her own."""
        return _shared(self._frames[number])


def _kept_of(found: object) -> _Kept:
    written = BytesIO()
    writer = _Writer(written)
    writer.dump(found)
    return _Kept(written.getvalue(), tuple(writer.frames))


def _shared(frame: pd.DataFrame) -> pd.DataFrame:
    """Another frame of the same values: pandas copies them before either of them is changed."""
    return frame.copy(deep=False)


def forget() -> None:
    """Drop everything that is kept."""
    with _one_at_a_time:
        _kept.clear()
        _ends.clear()


def _state(db: Session) -> Hashable:
    """What an answer hangs on besides who asked for what."""
    before = db.get_bind(), db.info[SINCE]
    with _one_at_a_time:
        end = _ends.get(before)
    if end is None:
        end = db.scalar(_END) or 0
        with _one_at_a_time:
            _ends[before] = end
    return *before, end, clock.now().replace(second=0, microsecond=0)
