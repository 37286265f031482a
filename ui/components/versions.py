"""Two people changed one record: she sees both versions field by field, and chooses."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import streamlit as st

from services.versions import Difference, Value, Values, differences
from ui.components.form_fields import keep
from ui.components.words import literal

Written: TypeAlias = Callable[[str, Value], str]  # how a field's value is shown
_MINE, _THEIRS = "mine", "theirs"


def hold(name: str, seen: Values, mine: Values) -> None:
    """Keep what she typed, and what she had seen, until she has chosen."""
    st.session_state[_key(name)] = (dict(seen), dict(mine))


def let_go(name: str) -> None:
    """The choice has been made."""
    st.session_state.pop(_key(name), None)


def held(name: str) -> tuple[Values, Values] | None:
    """What she had seen and what she typed, while she has still to choose."""
    kept: tuple[Values, Values] | None = st.session_state.get(_key(name))
    return kept


def settle(
    name: str,
    what: str,
    labels: Mapping[str, str],
    written: Written,
    *,
    theirs: Values,
    version: object,
) -> dict[str, Value] | None:
    """A choice for each field in which the two differ; every field once she has pressed.

    `what` is the record in a word. `version` is what the choice is made from;
    `form_fields.seen` gives it back.
    """
    st.warning(
        f"Somebody else changed this {what} while you had it open. Nothing of yours is lost: "
        "choose for each field which of the two should stand.",
        icon=":material/call_split:",
    )
    chosen = _choose(name, labels, written, theirs=theirs, version=version)
    if st.button(f"Leave the {what} as it is there now", key=f"leave_{name}"):
        let_go(name)
        st.rerun()
    return chosen


def _choose(
    name: str, labels: Mapping[str, str], written: Written, *, theirs: Values, version: object
) -> dict[str, Value] | None:
    seen, mine = st.session_state[_key(name)]
    differing = differences(seen, mine, theirs)
    with st.form(f"choose_{name}"):
        chosen = {one.field: _choice(name, one, labels[one.field], written) for one in differing}
        pressed = st.form_submit_button(
            "Save what I chose", type="primary", on_click=keep, args=(version,)
        )
    if not pressed:
        return None
    if None in chosen.values():
        st.error("Choose one of the two for each field.")
        return None
    return {**theirs, **{one.field: _taken(one, chosen[one.field]) for one in differing}}


def _choice(name: str, one: Difference, label: str, written: Written) -> str | None:
    sides = {
        _MINE: f"Yours: {literal(written(one.field, one.mine))}",
        _THEIRS: f"There now: {literal(written(one.field, one.theirs))}",
    }
    likely = None if one.is_open else list(sides).index(_MINE if one.changed_by_me else _THEIRS)
    side: str | None = st.radio(
        label,
        list(sides),
        index=likely,
        format_func=sides.__getitem__,
        key=f"choose_{name}_{one.field}",
    )
    return side


def _taken(one: Difference, side: str | None) -> Value:
    return one.mine if side == _MINE else one.theirs


def _key(name: str) -> str:
    return f"unsettled_{name}"
