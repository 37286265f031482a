"""How parents and children meet, session by session, in the form of a programme."""

from collections.abc import Sequence

import streamlit as st

from ui.components.form_fields import Room, fresh
from ui.components.groups.pairs.words import SHAPES

_MOST = 200


def shapes_fields(room: Room, ref: str, now: Sequence[str], sessions: int) -> list[str]:
    """One shape for each session, or none where the programme has one group."""
    is_pair = st.checkbox(
        "Parents and children have a group each, linked with the other",
        value=bool(now),
        key=fresh("is_pair", ref),
    )
    together = _numbers("Sessions in which they are together", "together", ref, now)
    apart = _numbers("Sessions in which they are apart", "apart", ref, now)
    st.caption(f"In all others: {SHAPES['in_turns'].lower()}. Only where there are two groups.")
    room["shapes"] = st.empty()
    if not is_pair:
        return []
    return [_shape(number in together, number in apart) for number in range(1, sessions + 1)]


def _shape(is_together: bool, is_apart: bool) -> str:
    """What she chose; a session in both lists is none of these, and is refused."""
    if is_together and is_apart:
        return "both"
    if is_together:
        return "together"
    return "apart" if is_apart else "in_turns"


def _numbers(label: str, shape: str, ref: str, now: Sequence[str]) -> list[int]:
    chosen: list[int] = st.multiselect(
        label,
        range(1, _MOST + 1),
        default=[number for number, one in enumerate(now, 1) if one == shape],
        placeholder="None",
        key=fresh(f"shape_{shape}", ref),
    )
    return chosen
