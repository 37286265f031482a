"""Answers put into a measure's fields all at once: typed from paper, or given on a tablet."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from services.errors import InvalidInputError
from services.measures.measure_definition import Measure
from services.measures.measure_draft import blank_word, can_be_typed, typed

BLANK: Final = "blank"  # what stands in a field for an item without an answer


def typing(form: Measure, key: str, printing: str | None) -> None:
    """One line for a whole paper form: what is typed fills in the fields below, to be looked at."""
    if not can_be_typed(form):
        return
    line, name = f"{key}_typed", f"{key}_item_"
    low, high = form.options.low, form.options.high
    st.text_input(
        f"From paper: type the {len(form.items)} answers one after the other, then Enter",
        placeholder=f"{low} to {high} each, - for “{blank_word(form)}”",
        autocomplete="off",
        key=line,
        on_change=_fill_in,
        args=(form, line, name, printing),
        width=400,
    )
    if problem := st.session_state.pop(f"{line}_problem", None):
        st.error(problem)


def _fill_in(form: Measure, line: str, name: str, printing: str | None) -> None:
    """Callback: put the typed answers into the fields, or say why that cannot be done."""
    text = st.session_state[line]
    if not text.strip():
        return
    try:
        answers = typed(form, text, printing)
    except InvalidInputError as error:
        st.session_state[f"{line}_problem"] = error.problems["typed"]
        return
    put_in(name, answers)
    st.session_state[line] = ""


def put_in(name: str, answers: Mapping[int, float | None]) -> None:
    """Let these answers stand in the fields of that name, to be looked at before they are saved."""
    for number, value in answers.items():
        st.session_state[f"{name}{number}"] = BLANK if value is None else str(int(value))
