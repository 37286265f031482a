"""Two people changed one record: she sees both versions field by field, and chooses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import streamlit as st

from services.db import transaction
from services.errors import AppError, ConflictError
from services.versions import Difference, Standing, Value, Values, differences
from ui.components.form_fields import Room, done, explain, first_seen, fresh, keep, seen
from ui.components.words import literal

Written: TypeAlias = Callable[[str, Value], str]  # how a field's value is shown
Fields: TypeAlias = Callable[[Room, Values], dict[str, Value]]  # the form: what is put into it
Save: TypeAlias = Callable[[Any, Values, Standing], None]  # database, hers, and what she saw
_MINE, _THEIRS = "mine", "theirs"


def in_words(_field: str, value: Value) -> str:
    """A value as people read it, where nothing about its field is peculiar."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value or "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record in a form, which somebody else may change while the form is open."""

    name: str  # its own on the page
    what: str  # the record in a word
    labels: Mapping[str, str]
    standing: Standing
    drawn: str  # the key of one of the form's fields
    written: Written = in_words
    button: str = "Save"
    saved: str = "Saved."


def change(one: Record, fields: Fields, save: Save) -> None:
    """The form of a record; or, when somebody else was faster, both versions side by side.

    `save` raises ConflictError when the record is not what she saw. A field that `fields` leaves
    out stays as it is.
    """
    if not is_open(one):
        _edit(one, fields, save)
    elif _overtaken(one):
        _settle(one, save)
    else:  # what the other changed is none of this form's fields
        _, mine = st.session_state[_key(one.name)]
        _save(one, {**one.standing.values, **mine}, one.standing, {}, save)


def is_open(one: Record) -> bool:
    """Whether she has still to choose between two versions of it."""
    return _key(one.name) in st.session_state


def opened(one: Record) -> Standing:
    """The record as it was when its form came on the screen."""
    before: Standing = first_seen(fresh("opened", one.name), one.standing, drawn=one.drawn)
    return before


def _edit(one: Record, fields: Fields, save: Save) -> None:
    room: Room = {}
    before = opened(one)
    with st.form(fresh("change", one.name), border=False):
        mine = fields(room, before.values)
        pressed = st.form_submit_button(one.button, type="primary")
    if pressed:
        _save(one, mine, before, room, save)


def _overtaken(one: Record) -> bool:
    before, mine = st.session_state[_key(one.name)]
    return any(each.changed_by_them for each in differences(before, mine, one.standing.values))


def _settle(one: Record, save: Save) -> None:
    st.warning(
        f"Somebody else changed this {one.what} while you had it open. Nothing of yours is lost: "
        "choose for each field which of the two should stand.",
        icon=":material/call_split:",
    )
    room: Room = {}
    chosen = _choose(one, room)
    if st.button(f"Leave the {one.what} as it is there now", key=f"leave_{one.name}"):
        _let_go(one.name)
        st.rerun()
    if chosen is not None:
        _save(one, chosen, seen(), room, save)


def _save(one: Record, mine: Values, before: Standing, room: Room, save: Save) -> None:
    try:
        with transaction() as db:
            save(db, mine, before)
    except ConflictError:
        st.session_state[_key(one.name)] = (dict(before.values), dict(mine))
        st.rerun()
    except AppError as error:
        explain(error, room)
    else:
        _let_go(one.name)
        done(one.saved)
        st.rerun()


def _choose(one: Record, room: Room) -> dict[str, Value] | None:
    before, mine = st.session_state[_key(one.name)]
    theirs = one.standing.values
    differing = differences(before, mine, theirs)
    with st.form(f"choose_{one.name}"):
        chosen = {each.field: _choice(one, each, room) for each in differing}
        # `seen` gives back what the choice is made from.
        pressed = st.form_submit_button(
            "Save what I chose", type="primary", on_click=keep, args=(one.standing,)
        )
    if not pressed:
        return None
    if None in chosen.values():
        st.error("Choose one of the two for each field.")
        return None
    return {**theirs, **{each.field: _taken(each, chosen[each.field]) for each in differing}}


def _choice(one: Record, each: Difference, room: Room) -> str | None:
    sides = {
        _MINE: f"Yours: {literal(one.written(each.field, each.mine))}",
        _THEIRS: f"There now: {literal(one.written(each.field, each.theirs))}",
    }
    likely = None if each.is_open else list(sides).index(_MINE if each.changed_by_me else _THEIRS)
    side: str | None = st.radio(
        one.labels[each.field],
        list(sides),
        index=likely,
        format_func=sides.__getitem__,
        key=f"choose_{one.name}_{each.field}",
    )
    room[each.field] = st.empty()
    return side


def _taken(each: Difference, side: str | None) -> Value:
    return each.mine if side == _MINE else each.theirs


def _let_go(name: str) -> None:
    st.session_state.pop(_key(name), None)


def _key(name: str) -> str:
    return f"unsettled_{name}"
