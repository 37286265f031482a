"""What was just recorded comes to, and what a form was before it was corrected."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from models import Point, Respondent
from services.db import reading
from services.measures import measure_result
from services.permissions import Actor
from ui.components.choose import date_column, show_rows, time_column
from ui.components.folded import folded
from ui.components.words import literal

_SHOWN = "measures_result"


def remember(row: "pd.Series[Any]") -> None:
    """Say in the next run what this form comes to."""
    st.session_state[_SHOWN] = {
        name: str(row[name]) for name in ("place", "name", "measure", "respondent", "point")
    }


def last_result(actor: Actor, places: "pd.Series[Any]") -> None:
    """The result of the form saved last, while its group is the one on the screen."""
    shown = st.session_state.get(_SHOWN)
    if shown is None or not places.eq(shown["place"]).any():
        return
    with reading() as db:
        said = measure_result.in_words(
            db,
            actor,
            shown["place"],
            shown["measure"],
            Respondent(shown["respondent"]),
            Point(shown["point"]),
        )
    if said:
        text = f"**{literal(shown['name'])}** · {' '.join(said)}"
        st.success(text, icon=":material/check_circle:")


def earlier_versions(actor: Actor, row: "pd.Series[Any]") -> None:
    """What stood here before it was corrected; read only once somebody asks."""
    if int(row["version"]) > 1:
        name = "_".join((row["place"], row["measure"], row["respondent"], row["point"]))
        folded(
            "What stood here before",
            partial(_versions, actor, row),
            key=f"versions_{name}",
            icon=":material/history:",
        )


def _versions(actor: Actor, row: "pd.Series[Any]") -> None:
    with reading() as db:
        old = measure_result.history(
            db,
            actor,
            row["place"],
            row["measure"],
            Respondent(row["respondent"]),
            Point(row["point"]),
        )
    columns = {
        "recorded": time_column("Recorded"),
        "by": "By",
        "outcome": "What came of it",
        "taken_on": date_column("Date"),
        "total": "Total",
        "answers": "Answers by item",
    }
    show_rows(old, columns, alt="What stood here before")
