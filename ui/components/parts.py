"""A record's page in parts: only the part that is open reads from the database."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import streamlit as st

from services.permissions import Actor, Permission

_PART, _ASKED = "part", "part_asked"


class Record(Protocol):
    """What a page is about: it has a reference."""

    @property
    def ref(self) -> str: ...


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Part(Generic[R]):
    """One part of the page: what it is called, who may open it, and what draws it."""

    key: str
    label: str
    permission: Permission
    draw: Callable[[Actor, R], None]


def draw_parts(actor: Actor, record: R, offered: Sequence[Part[R]]) -> None:
    """The part she chose of those she may open; it stands in the address. The first is the
    one that opens by itself."""
    parts = {part.key: part for part in offered if actor.may(part.permission)}
    first = next(iter(parts))
    _follow_the_address(record.ref, parts, first)
    chosen = st.segmented_control(
        "Part of the record",
        list(parts),
        required=True,
        format_func=lambda key: parts[key].label,
        label_visibility="collapsed",
        key=_PART,
        on_change=_write_the_address,
        args=(record.ref,),
    )
    parts[chosen or first].draw(actor, record)


def address_of(part: str) -> dict[str, str]:
    """The piece of an address that opens one part."""
    return {_PART: part}


def _follow_the_address(ref: str, parts: Collection[str], first: str) -> None:
    """Open the part the address names, each time it names another record or part.

    The widget is not bound to the address: Streamlit then refuses to change it for a link to
    another part, and to clear it for the way back to the list.
    """
    asked = (ref, st.query_params.get(_PART, first))
    if _PART not in st.session_state or st.session_state.get(_ASKED) != asked:
        st.session_state[_PART] = asked[1] if asked[1] in parts else first
        st.session_state[_ASKED] = asked


def _write_the_address(ref: str) -> None:
    st.query_params[_PART] = st.session_state[_PART]
    st.session_state[_ASKED] = (ref, st.session_state[_PART])
