"""Finding participants, seeing one as far as the reader may, and adding a family."""

from functools import partial

import streamlit as st

from services.db import reading, transaction
from services.people import people
from services.permissions import Permission
from ui.auth import require
from ui.components import words
from ui.components.choose import choose_row, found_by, page_buttons, position, start_again
from ui.components.folded import folded
from ui.components.people.family_form import add_family
from ui.components.people.find_participant import NOBODY
from ui.components.person import draw_person
from ui.navigation import file_of

actor = require(Permission.READ_PEOPLE)
person_ref = st.query_params.get("participant", "")

# --- Finding -----------------------------------------------------------------------------
if not person_ref:
    st.title("Participants")
    search = st.text_input(
        "Find a participant",
        placeholder="Name, reference or telephone",
        help="Part of a name is enough, and so is how it sounds. Names she is known as, her "
        "reference, and a telephone number or its last six digits are looked through as well.",
        autocomplete="off",
        key="people_search",
        on_change=start_again,
        args=("people",),
    )
    with transaction() as db:
        frame = people.directory(db, actor, search=search, after=position("people"))
    if frame.empty and search:
        st.info(NOBODY)
    elif frame.empty:
        st.info("Nobody here yet. Participants appear once they are added or join your group.")
    else:
        order = "The closest first." if search.strip() else "The newest first."
        st.caption(f"{order} Choose a row to open the record.")
        columns = {
            "name": "Name",
            **found_by(frame),
            "kind": "Adult or child",
            "age_band": "Age",
            "groups": "Groups now",
        }
        shown = frame.assign(kind=frame["kind"].map(words.label))
        chosen = choose_row(shown, columns, key="people_list", alt="Participants")
        if chosen is not None:
            st.switch_page(file_of("participants"), query_params={"participant": chosen["ref"]})
        last = frame["position"].iloc[-1]
        page_buttons("people", page=people.PAGE, shown=len(frame), last=last)
    if actor.may(Permission.EDIT_PEOPLE):
        folded(
            "Add a family",
            partial(add_family, actor),
            key="new_family",
            expanded=frame.empty and not search,
        )
    st.stop()

# --- One person --------------------------------------------------------------------------
with reading() as db:
    person = people.summary(db, actor, person_ref)
draw_person(actor, person)
