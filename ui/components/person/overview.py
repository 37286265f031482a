"""Who somebody is, and what has been: the first thing seen of a participant."""

import streamlit as st

from services import people
from services.db import reading
from services.people import PersonSummary
from services.permissions import Actor
from ui.components import words
from ui.components.choose import back_to_list, date_column, show_rows
from ui.components.words import literal


def heading(person: PersonSummary) -> None:
    """Name, age band, needs and alerts, in words as well as by icon."""
    back_to_list("All participants")
    st.title(literal(person.name), anchor=False)
    st.caption(f"{words.label(person.kind)} · age {person.age_band or 'not recorded'}")
    if person.alert:
        st.warning(f"Alert: {literal(person.alert)}", icon=":material/warning:")
    if person.access_needs:
        st.info(f"Needs: {literal(person.access_needs)}", icon=":material/accessibility_new:")


def draw(actor: Actor, person: PersonSummary) -> None:
    """Her places, present and past."""
    with reading() as db:
        places = people.places_of(db, actor, person.ref)
    st.header("Groups", anchor=False)
    if places.empty:
        st.info("No place in a group yet. Open a group to give her one.")
        return
    columns = {
        "group": "Group",
        "state": "Place",
        "joined": date_column("From"),
        "left": date_column("Until"),
        "attended": "Sessions attended",
    }
    shown = places.assign(state=places["state"].map(words.label))
    show_rows(shown, columns, alt="Places in groups")
