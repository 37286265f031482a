"""Lists that are asked for on many clicks: conditions with a short index of their own, whatever
the programme's size, and selects that are made once, since making one takes longer than many an
answer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, bindparam
from sqlalchemy.orm import InstrumentedAttribute

from services import clock

S = TypeVar("S", bound=Enum)

# For a function that says nothing but who is asking. Days and times go in by `each_time`.
once = lru_cache(maxsize=500)

# The records a statement is about, given by `{NUMBERS.key: numbers}` as it is sent.
NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)


def each_time(column: InstrumentedAttribute[Any], ask: Callable[[], object]) -> BindParameter[Any]:
    """A value to compare a column with, asked for each time the statement is sent."""
    return bindparam(None, callable_=ask, type_=column.type)


def stated_in(column: InstrumentedAttribute[S], states: Sequence[S]) -> ColumnElement[bool]:
    """That the state is one of these, in the order in which the index names them.

    They stand in the statement itself: SQLite uses the index only when it can see that they are
    the index's own.
    """
    named = bindparam(
        "states", states, type_=column.type, expanding=True, literal_execute=True, unique=True
    )
    return column.in_(named)


def instant() -> datetime:
    """This very moment, for `each_time`: which clock is asked is seen as the statement is sent."""
    return clock.now()
