"""Who belongs to a participant, and adding somebody."""

import streamlit as st

from services import people
from services.db import reading
from services.people import PersonSummary
from services.permissions import Actor, Permission
from ui.components import words
from ui.components.choose import show_rows
from ui.components.family_form import add_member


def draw(actor: Actor, person: PersonSummary) -> None:
    """The family members the reader may see."""
    with reading() as db:
        family = people.family_members(db, actor, person.ref)
    st.header("Family", anchor=False)
    if family.empty:
        st.info("Nobody else of this family that you may see.")
    else:
        columns = {"name": "Name", "kind": "Adult or child", "age_band": "Age"}
        shown = family.assign(kind=family["kind"].map(words.label))
        show_rows(shown, columns, alt="Family members")
    if actor.may(Permission.EDIT_PEOPLE):
        with st.expander("Add somebody to this family"):
            add_member(actor, person.family_ref)
