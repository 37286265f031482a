"""Choosing whose form to fill in: those due come first, and after saving the next one."""

from collections import Counter
from typing import Any

import pandas as pd
import streamlit as st

_STATUS = {
    "due": "due now",
    "recorded": "recorded",
    "later": "not due yet",
    "late": "its weeks are over",
}

_NAMED_BY = ("place", "measure", "respondent", "point")
_ASKED = "measures_asked"


def choose_form(schedule: pd.DataFrame, group: str) -> "pd.Series[Any]":
    """The row of a group's schedule to work on, by person and then by form."""
    person_key = f"measures_person_{group}"
    if st.session_state.pop("measures_saved", False):
        _go_on(schedule, person_key)
    _as_asked(schedule, person_key)
    columns = (schedule[column].tolist() for column in ("place", "form", "status"))
    forms: list[tuple[str, str, str]] = list(zip(*columns, strict=True))
    due = Counter(ref for ref, _form, kept in forms if kept == "due")
    names = dict(zip(schedule["place"].tolist(), schedule["name"].tolist(), strict=True))
    places: list[str] = sorted(names, key=lambda ref: (due[ref] == 0, names[ref]))
    who, what = st.columns(2)
    place = who.selectbox(
        "Person",
        places,
        format_func=lambda ref: f"{names[ref]} · {due[ref] or 'nothing'} due",
        key=person_key,
    )
    hers = [at for at, (ref, *_rest) in enumerate(forms) if ref == place]
    status = {forms[at][1]: _STATUS[forms[at][2]] for at in hers}
    chosen = what.selectbox(
        "Form",
        list(status),
        format_func=lambda form: f"{form} · {status[form]}",
        key=f"measures_form_{place}",
    )
    return schedule.iloc[hers[list(status).index(chosen)]]


def open_next(row: "pd.Series[Any]") -> None:
    """Begin with this form when the page is opened next: place, measure, respondent, point."""
    st.session_state[_ASKED] = {name: row[name] for name in _NAMED_BY}


def _as_asked(schedule: pd.DataFrame, person_key: str) -> None:
    asked = st.session_state.pop(_ASKED, None)
    if asked is None:
        return
    found = schedule[(schedule[list(asked)] == pd.Series(asked)).all(axis=1)]
    if len(found):
        st.session_state[person_key] = found.iloc[0]["place"]
        st.session_state[f"measures_form_{found.iloc[0]['place']}"] = found.iloc[0]["form"]


def _go_on(schedule: pd.DataFrame, person_key: str) -> None:
    """After saving: her next form that is due, else the next person's, else stay."""
    due = schedule[schedule["status"].eq("due")]
    here = due[due["place"].eq(str(st.session_state.get(person_key)))]
    following = here if len(here) else due
    if len(following):
        first = following.iloc[0]
        st.session_state[person_key] = first["place"]
        st.session_state[f"measures_form_{first['place']}"] = first["form"]
