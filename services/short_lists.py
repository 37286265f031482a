"""Conditions for lists that have a short index of their own, whatever the programme's size."""

from collections.abc import Sequence
from enum import Enum
from typing import TypeVar

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.orm import InstrumentedAttribute

S = TypeVar("S", bound=Enum)


def stated_in(column: InstrumentedAttribute[S], states: Sequence[S]) -> ColumnElement[bool]:
    """That the state is one of these, in the order in which the index names them.

    They stand in the statement itself: SQLite uses the index only when it can see that they are
    the index's own.
    """
    named = bindparam(
        "states", states, type_=column.type, expanding=True, literal_execute=True, unique=True
    )
    return column.in_(named)
