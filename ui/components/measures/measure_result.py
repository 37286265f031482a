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
from ui.messages import flash

_SHOWN = "measures_result"


def saved(actor: Actor, row: "pd.Series[Any]") -> None:
    """Say in the next run what the form just saved comes to, wherever she is on the page.

    The button lies beneath the last question, and another form may be there by then.
    """
    place = str(row["place"])
    with reading() as db:
        said = measure_result.in_words(
            db,
            actor,
            place,
            row["measure"],
            Respondent(row["respondent"]),
            Point(row["point"]),
        )
    if said is None:  # taken away again meanwhile
        flash("Saved.")
        return
    name, result = literal(row["name"]), " ".join(said.sentences)
    st.session_state[_SHOWN] = place, f"**{name}** · {said.form}: {result}"
    flash(f"Saved. **{name}**: {result}", to_read=True)


def last_result(places: "pd.Series[Any]") -> None:
    """The result of the form saved last, while its group is the one on the screen."""
    place, text = st.session_state.get(_SHOWN, (None, ""))
    if places.eq(place).any():
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
