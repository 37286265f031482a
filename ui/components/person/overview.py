"""Who somebody is, and what has been: the first thing seen of a participant."""

import pandas as pd
import streamlit as st

from models import PersonKind
from services.consents import consent_view
from services.db import reading
from services.people import people, timeline
from services.people.people import PersonSummary
from services.permissions import Actor, Permission
from ui.components import words
from ui.components.choose import back_to_list, date_column, show_rows
from ui.components.person.timeline import draw_timeline, reached
from ui.components.register.catch_ups import person_catch_ups
from ui.components.words import literal
from ui.navigation import file_of


def heading(person: PersonSummary) -> None:
    """Name, age band, needs and alerts, in words as well as by icon."""
    back_to_list("All participants")
    st.title(literal(person.name), anchor=False)
    st.caption(
        f"{words.label(person.kind)} · age {person.age_band or 'not recorded'} · "
        f"reference {person.code}"
    )
    if person.alert:
        st.warning(f"Alert: {literal(person.alert)}", icon=":material/warning:")
    if person.needs:
        needs = literal(" · ".join(person.needs))
        st.info(f"Keep in mind: {needs}", icon=":material/accessibility_new:")
    if person.complex_needs:
        complex_needs = literal(person.complex_needs)
        st.info(f"Complex needs: {complex_needs}", icon=":material/diversity_3:")


def draw(actor: Actor, person: PersonSummary) -> None:
    """What is to do for her, her places present and past, and what has been."""
    with reading() as db:
        places = people.places_of(db, actor, person.ref)
        may_ask = actor.may(Permission.RECORD_CONSENT)
        asks = may_ask and consent_view.to_ask(db, actor, person.ref)
        refused = may_ask and not asks and consent_view.said_no(db, actor, person.ref)
        events = timeline.events(db, actor, person.ref, after=reached(person))
    if asks:
        st.info(
            "To do: ask for consent to take part, and record it under Consent. "
            "She can come to sessions meanwhile.",
            icon=":material/task_alt:",
        )
    if refused:
        st.warning(
            "She said no to taking part, and has a place or waits for one. End it, or record her "
            "answer anew under Consent if she has changed her mind.",
            icon=":material/front_hand:",
        )
    _groups(places)
    if person.kind == PersonKind.CHILD.value and actor.may(Permission.RECORD_MEASURES):
        st.page_link(
            file_of("steps"),
            label="Talking and Feelings Steps over time",
            icon=":material/stairs:",
            query_params={"child": person.ref},
        )
    person_catch_ups(actor, person.ref, places)
    draw_timeline(person, events)


def _groups(places: pd.DataFrame) -> None:
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
    shown = places.assign(state=[words.label(state) for state in places["state"]])
    show_rows(shown, columns, alt="Places in groups")
