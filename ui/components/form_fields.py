"""What all forms share: fields with room beneath for what is wrong with them."""

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol, TypeAlias, TypeVar, overload

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from services.db import transaction
from services.errors import AppError, InvalidInputError
from ui.messages import flash, show_error

Room: TypeAlias = dict[str, DeltaGenerator]  # field → the place beneath it
T = TypeVar("T")
Number = TypeVar("Number", int, float, int | None, float | None)
_ROUND, _SEEN = "form_round", "form_seen"


class Kept(Protocol):
    """A record on the screen that somebody else may change meanwhile."""

    @property
    def ref(self) -> str: ...
    @property
    def version(self) -> int: ...


def line(place: Any, room: Room, field: str, label: str, ref: str = "", **more: Any) -> str:
    """One line to fill in; the browser is asked not to remember it."""
    more = {"autocomplete": "off", **more}
    text: str = place.text_input(label, key=fresh(field, ref), **more)
    room[field] = place.empty()
    return text


def area(room: Room, field: str, label: str, ref: str = "", **more: Any) -> str:
    """Several lines to fill in."""
    text: str = st.text_area(label, key=fresh(field, ref), **more)
    room[field] = st.empty()
    return text


@overload
def date_field(
    place: Any, room: Room, field: str, label: str, ref: str = "", *, value: date, **more: Any
) -> date: ...
@overload
def date_field(
    place: Any,
    room: Room,
    field: str,
    label: str,
    ref: str = "",
    *,
    value: date | None,
    **more: Any,
) -> date | None: ...
def date_field(
    place: Any,
    room: Room,
    field: str,
    label: str,
    ref: str = "",
    *,
    value: date | None,
    key: str = "",
    **more: Any,
) -> date | None:
    """A day, empty where none is suggested; `key` is its name where that is not the field's."""
    chosen: date | None = place.date_input(
        label, value=value, format="DD/MM/YYYY", key=fresh(key or field, ref), **more
    )
    room[field] = place.empty()
    return chosen


def number_field(
    place: Any,
    room: Room,
    field: str,
    label: str,
    ref: str = "",
    *,
    value: Number,
    key: str = "",
    **more: Any,
) -> Number:
    """A number as it was typed: the service says when it is too small or too large.

    Bounds of the field itself would make the browser send the last number that was within them.
    """
    entered: Number = place.number_input(label, value=value, key=fresh(key or field, ref), **more)
    room[field] = place.empty()
    return entered


def choice(
    room: Room, field: str, label: str, options: dict[str, str], ref: str = "", *, index: int | None
) -> str | None:
    """One of some values, shown by their labels."""
    value: str | None = st.selectbox(
        label,
        list(options),
        index=index,
        format_func=options.__getitem__,
        placeholder="Please choose",
        key=fresh(field, ref),
    )
    room[field] = st.empty()
    return value


def needed(value: T | None, field: str, sentence: str) -> T:
    """The value, or the sentence at its field when nothing was chosen."""
    if value is None:
        raise InvalidInputError({field: sentence})
    return value


def explain(error: AppError, room: Room) -> None:
    """Each fault at its field; whatever has no field here beneath the form."""
    if isinstance(error, InvalidInputError) and error.problems.keys() <= room.keys():
        for field, sentence in error.problems.items():
            room[field].error(sentence)
    else:
        show_error(error)


@contextmanager
def saving(
    said: str,
    room: Room | None = None,
    *,
    refused: Callable[[AppError, Room], None] | None = None,
) -> Iterator[Any]:
    """The change of one click: what was done is said in the next run, a fault at its field.

    `refused` says faults where a form has more to say of them than `explain`. Whatever follows the
    block is reached after a refusal alone.
    """
    try:
        with transaction() as db:
            yield db
    except AppError as error:
        (refused or explain)(error, room or {})
    else:
        done(said)
        st.rerun()


def keep(versions: object) -> None:
    """Callback of a form: keep the versions that were on her screen.

    The run that follows reads the record anew; with the versions it finds, nobody would ever
    be told that somebody else was faster.
    """
    st.session_state[_SEEN] = versions


def versions_seen(found: Iterable[Kept]) -> dict[str, int]:
    """The version of each record on the screen, by its reference: what `keep` keeps."""
    return {each.ref: each.version for each in found}


def only(found: Sized) -> int | None:
    """What is chosen beforehand: the one there is, and nothing where there are more."""
    return 0 if len(found) == 1 else None


def seen() -> Any:
    """The versions kept."""
    return st.session_state[_SEEN]


def first_seen(key: str, now: Any, *, drawn: str) -> Any:
    """The record as it was when its form came on the screen, whatever it has become since.

    `drawn` is the key of one of the form's fields: as long as that field lives, what she typed
    was typed over this record, and a later one would make her overwrite somebody unseen.
    """
    if drawn not in st.session_state:
        st.session_state[key] = now
    return st.session_state[key]


def fresh(name: str, ref: str = "") -> str:
    """A key that changes once a form is done: what was typed stays after a fault only."""
    return f"form_{name}_{ref}_{st.session_state.get(_ROUND, 0)}"


def done(message: str, *, to_read: bool = False) -> None:
    """Empty the forms in the next run, and say what was done (`flash`)."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    flash(message, to_read=to_read)
