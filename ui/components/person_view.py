"""One participant on screen, as far as the reader may see."""

import pandas as pd
import streamlit as st

from services.people import PersonSummary
from ui.components import words
from ui.components.choose import back_to_list, date_column, show_rows
from ui.components.words import literal


def person_heading(person: PersonSummary) -> None:
    """Name, age band, needs and alerts, in words as well as by icon."""
    back_to_list("All participants")
    st.title(literal(person.name), anchor=False)
    st.caption(f"{words.label(person.kind)} · age {person.age_band or 'not recorded'}")
    if person.alert:
        st.warning(f"Alert: {literal(person.alert)}", icon=":material/warning:")
    if person.access_needs:
        st.info(f"Needs: {literal(person.access_needs)}", icon=":material/accessibility_new:")


def person_places(places: pd.DataFrame, family: pd.DataFrame) -> None:
    """Her places, present and past, and the family members the reader may see."""
    st.header("Groups", anchor=False)
    if places.empty:
        st.info("No place in a group yet. Open a group to give her one.")
    else:
        columns = {
            "group": "Group",
            "state": "Place",
            "joined": date_column("From"),
            "left": date_column("Until"),
            "attended": "Sessions attended",
        }
        shown = places.assign(state=places["state"].map(words.label))
        show_rows(shown, columns, alt="Places in groups")
    if not family.empty:
        st.header("Family", anchor=False)
        columns = {"name": "Name", "kind": "Adult or child", "age_band": "Age"}
        shown = family.assign(kind=family["kind"].map(words.label))
        show_rows(shown, columns, alt="Family members")
