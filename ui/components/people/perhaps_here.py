"""The warning before a second record of one person is made, and the ways on from it."""

import streamlit as st

from services.db import reading
from services.merging import duplicates
from services.merging.duplicates import Candidate
from services.people.people import PersonDraft
from services.permissions import Actor
from ui.components.form_fields import fresh
from ui.components.referrals.referral_words import day
from ui.components.words import literal

ELSE = "somebody else"


def perhaps_here(
    actor: Actor, person: PersonDraft, ref: str = "", *, phone: str | None = None
) -> str | None:
    """Whose record to use: a reference, ELSE for a new one, or None while she has to choose.

    Where nobody alike is found, nobody is asked.
    """
    found = _alike(actor, person, phone)
    if not found:
        return ELSE
    st.warning(
        "Perhaps already here. Look before a second record is made.", icon=":material/group:"
    )
    with st.form(fresh("alike", ref)):
        options = {**found, ELSE: "None of these: make a new record"}
        chosen = st.radio(
            "Is she one of these?",
            list(options),
            index=None,
            format_func=options.__getitem__,
            key=fresh("record", ref),
        )
        pressed = st.form_submit_button("Go on", type="primary")
    if pressed and chosen is None:
        st.error("Choose one of the records, or that it is none of these.")
    return chosen if pressed else None


def _alike(actor: Actor, person: PersonDraft, phone: str | None) -> dict[str, str]:
    """Those who may be the same person: reference to what tells them apart."""
    with reading() as db:
        found = duplicates.candidates(
            db,
            actor,
            first_name=person.first_name,
            last_name=person.last_name,
            date_of_birth=person.date_of_birth,
            phone=phone,
        )
    return {one.ref: _words(one) for one in found}


def _words(one: Candidate) -> str:
    born = f"born {day(one.date_of_birth)}" if one.date_of_birth else "date of birth not known"
    return " · ".join((literal(one.name), born, ", ".join(one.reasons)))
