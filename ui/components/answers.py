"""What a page answers to each thing a component sends, so that nothing is lost or saved twice."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias, TypeGuard, TypeVar

import streamlit as st

# A component goes on sending what it has until it reads one of these back.
Answer: TypeAlias = str
SAVED: Answer = "saved"
CONFLICT: Answer = "conflict"
_REFUSED: Final = "refused: "
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Sent(Protocol):
    """One thing a person did in the browser, with the name the browser gave it."""

    @property
    def id(self) -> str: ...


SentT = TypeVar("SentT", bound=Sent)


def mounted(key: str) -> str:
    """The key as Streamlit takes it for a component: it refuses two underscores in a row.

    References hold letters, digits, "-" and "_", so no two keys become one.
    """
    return key.replace("_", ".")


def refused(sentence: str) -> Answer:
    """An answer that shows her why it was not saved and what to do next."""
    return _REFUSED + sentence


def answers_given(key: str) -> dict[str, Answer]:
    """The answers to what the component `key` sent last, by the names the browser gave."""
    answers: dict[str, Answer] = st.session_state.setdefault(f"{key}_answers", {})
    return answers


def sent_by(key: str, event: str) -> list[Mapping[str, Any]]:
    """What the component `key` sent with this event, unchecked: any browser may send anything."""
    state = st.session_state.get(key)
    batch = state.get(event) if isinstance(state, Mapping) else None
    return [one for one in batch if isinstance(one, dict)] if isinstance(batch, list) else []


def answer(
    key: str, sent: Sequence[SentT], save: Callable[[Sequence[SentT]], Mapping[str, Answer]]
) -> None:
    """Hand what is new to `save` and keep the answers for the browser.

    A batch repeats everything the browser has not yet read an answer to, so the answers to
    the latest batch are all that need remembering.
    """
    # Fetched before anything is saved: Streamlit may interrupt a callback at any access to
    # its state when the next message has come, and the answers would be lost.
    given = answers_given(key)
    fresh = [one for one in sent if one.id not in given]
    new = save(fresh) if fresh else {}
    for settled in given.keys() - {one.id for one in sent}:
        del given[settled]
    given.update(new)


def is_name(value: object) -> TypeGuard[str]:
    """Whether this can be an opaque reference or a name the browser gave."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def is_count(value: object, most: int = 2**31 - 1) -> TypeGuard[int]:
    """Whether this is a whole number from 0 to `most`."""
    return type(value) is int and 0 <= value <= most
