"""The people in a group: who has a place, who waits, and how each stands."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from models import PlaceState
from services.groups.group_overview import GroupPeople
from ui.components import words
from ui.components.choose import date_column, show_rows
from ui.components.groups.group_figures import prospect_in_words, say_who_needs_help
from ui.components.words import short_day

_TO_ASK = "Ask for consent to take part"


def places_table(people: GroupPeople) -> None:
    """Everybody with a place in the group, and who needs something."""
    st.header("People", anchor=False)
    frame, prospects = people.frame, people.prospects
    say_who_needs_help(prospects)
    if frame.empty:
        st.info("Nobody has a place yet.")
        return
    rows = frame.to_dict("records")
    to_do = st.column_config.TextColumn("To do", width="medium")
    shown = frame.assign(
        state=[in_words(row, people.moved.get(row["place"])) for row in rows],
        kind=[words.label(row["kind"]) for row in rows],
        completing=[prospect_in_words(prospects.get(row["place"])) for row in rows],
        to_do=[_TO_ASK if row["person_ref"] in people.to_ask else "" for row in rows],
    )
    columns = {
        "name": "Name",
        # Beside the name, so that a phone shows what the sentence above sends her to.
        **({"completing": "To complete"} if prospects else {}),
        "state": st.column_config.TextColumn("Place", width=270),
        **({"to_do": to_do} if people.to_ask else {}),
        "attended": "Attended",
        "kind": "Adult or child",
        "joined": date_column("From"),
        "left": date_column("Until"),
    }
    show_rows(shown, columns, alt="People in this group")


def in_words(row: Mapping[Any, Any], moved: str | None) -> str:
    """Where a place has got to: its state, and what there is to say of an offer or a leaving."""
    said = words.label(row["state"])
    if row["until"]:
        return f"{said} until {short_day(row['until'])}"
    if row["lapsed"] and row["state"] == PlaceState.WAITING.value:
        return f"{said}: no answer to an offer by {short_day(row['lapsed'])}"
    if moved:
        return f"{said}, moved {moved}" if moved.startswith("from") else f"Moved {moved}"
    return f"{said}: {row['because'].lower()}" if row["because"] else said
