"""A participant's referrals, and taking down another."""

from functools import partial

import streamlit as st

from services.db import reading
from services.people.people import PersonSummary
from services.permissions import Actor, Permission
from services.referrals import referrals
from ui.components.choose import choose_row, date_column
from ui.components.folded import folded
from ui.components.referrals.referral_form import referral_of
from ui.components.referrals.referral_words import STATES, origins
from ui.navigation import file_of


def draw(actor: Actor, person: PersonSummary) -> None:
    """From whom, when, and how far each has come; choosing one opens it."""
    with reading() as db:
        frame = referrals.of_person(db, actor, person.ref)
    st.header("Referrals", anchor=False)
    if frame.empty:
        st.info("No referral is recorded. A coordinator can add one here.")
    else:
        columns = {
            "received": date_column("Came in"),
            "origin": "From",
            "state": "Step",
            "since": date_column("Since"),
        }
        shown = frame.assign(state=frame["state"].map(STATES), origin=origins(frame))
        chosen = choose_row(shown, columns, key=f"referrals_{person.ref}", alt="Her referrals")
        if chosen is not None:
            st.switch_page(file_of("referrals"), query_params={"referral": chosen["ref"]})
    if actor.may(Permission.EDIT_REFERRALS):
        folded(
            "Add a referral",
            partial(referral_of, actor, person.ref),
            key="new_referral_of_her",
            expanded=frame.empty,
        )
