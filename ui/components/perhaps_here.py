"""The warning before a second record of one person is made, and the ways on from it."""

import streamlit as st

from services import people
from services.db import transaction
from services.people import PersonDraft
from services.permissions import Actor
from ui.components import words
from ui.components.form_fields import fresh
from ui.components.words import literal

ELSE = "somebody else"
MOST = 8


def perhaps_here(actor: Actor, person: PersonDraft, ref: str = "") -> str | None:
    """Whose record to use: a reference, ELSE for a new one, or None while she has to choose.

    Where nobody alike is found, nobody is asked.
    """
    found = _alike(actor, person)
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


def _alike(actor: Actor, person: PersonDraft) -> dict[str, str]:
    """Those who may be the same person: reference to what tells them apart."""
    name = f"{person.first_name} {person.last_name}"
    if not (person.first_name.strip() and person.last_name.strip()):
        return {}
    with transaction() as db:
        found = people.directory(db, actor, search=name).head(MOST)
    return {
        row["ref"]: " · ".join(
            (
                literal(row["name"]),
                words.label(row["kind"]),
                f"age {row['age_band'] or 'not known'}",
            )
        )
        for row in found.to_dict("records")
    }
