"""A note that saves itself as it is typed, and is never replaced behind the writer's back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import streamlit as st

from ui.components.answers import (
    Answer,
    answer,
    answers_given,
    is_count,
    is_name,
    mounted,
    sent_by,
)
from ui.components.scripts import loader

LONGEST: Final = 10_000  # characters


@dataclass(frozen=True, slots=True)
class Edit:
    """The whole text as she left it; `version` is the one she started from."""

    id: str
    text: str
    version: int


_mount = st.components.v2.component("alongside.autosave_note", js=loader("autosave_note"))


def autosave_note(
    label: str,
    text: str,
    version: int,
    *,
    key: str,
    writer: str,
    on_edit: Callable[[Edit], Answer | None],
    by: str | None = None,
    rows: int = 6,
    longest: int = LONGEST,
) -> None:
    """Show a note of at most `longest` characters and hand each edit to `on_edit`.

    `on_edit` runs before the page does, so the text and version read afterwards are the new
    ones; the version counts up by one with every change. It returns SAVED, CONFLICT or
    refused("…"), or None for an edit that is to be sent again later; and it must not call
    Streamlit, which could interrupt it half-way.

    `key` names the note: put the record's reference into it. `writer` is an opaque reference
    to who is writing. Text not yet saved is kept under both while the page stays open, in
    memory only. `by` names who wrote `text` when that was somebody else.
    """
    key = mounted(key)
    data = {
        "note": f"{key} {writer}",
        "label": label,
        "text": text,
        "version": version,
        "by": by,
        "rows": rows,
        "longest": longest,
        "answers": answers_given(key),
    }
    _mount(key=key, data=data, on_edits_change=partial(_receive, key, on_edit))


def _receive(key: str, on_edit: Callable[[Edit], Answer | None]) -> None:
    def save(edits: Sequence[Edit]) -> dict[str, Answer]:
        given = {edit.id: on_edit(edit) for edit in edits}
        return {name: told for name, told in given.items() if told is not None}

    answer(key, [edit for sent in sent_by(key, "edits")[:1] if (edit := _edit(sent))], save)


def _edit(sent: Mapping[str, Any]) -> Edit | None:
    """The edit as sent, or None where only a tampered browser could have sent it."""
    name, text, version = sent.get("id"), sent.get("text"), sent.get("version")
    if not (is_name(name) and isinstance(text, str) and is_count(version)):
        return None
    return Edit(id=name, text=text, version=version) if len(text) <= LONGEST else None
