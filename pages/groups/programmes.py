"""The programmes groups are runs of: what each is, its versions, and changing it."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Permission
from services.programmes import programmes
from ui.auth import require
from ui.components.choose import back_to_list, choose_row
from ui.components.folded import folded
from ui.components.groups.programme_form import add_programme, change_programme, offer_programme
from ui.components.groups.programme_view import (
    AUDIENCES,
    KINDS,
    programme_facts,
    programme_versions,
)
from ui.components.measures.measure_facts import all_measures
from ui.components.words import literal
from ui.navigation import file_of

actor = require(Permission.READ_GROUPS)
key = st.query_params.get("programme", "")

with reading() as db:
    frame = programmes.directory(db, actor)
    found = programmes.find(db, key) if key else None

# --- The list ----------------------------------------------------------------------------
if found is None:
    st.title("Programmes")
    if key:
        st.error("This programme could not be found. Choose one from the list.")
    st.write("What a group can be a run of. A change makes a new version; groups keep theirs.")
    shown = frame.assign(
        audience=frame["audience"].map(AUDIENCES),
        kind=frame["kind"].map(KINDS),
        offered=frame["offered"].map({True: "Yes", False: "No longer"}),
    )
    columns = {
        "title": "Programme",
        "audience": "For",
        "kind": "Kind",
        "sessions": "Sessions",
        "minutes": "Minutes",
        "groups": "Groups so far",
        "offered": "Offered",
    }
    chosen = choose_row(shown, columns, key="programmes_list", alt="Programmes")
    if chosen is not None:
        st.switch_page(file_of("programmes"), query_params={"programme": chosen["key"]})
    if actor.may(Permission.EDIT_PROGRAMMES):
        folded("Add a programme", partial(add_programme, actor), key="new_programme")
    folded("Measures", all_measures, key="measures_known")
    st.stop()

# --- One programme -----------------------------------------------------------------------
back_to_list("All programmes")
st.title(literal(found.title), anchor=False)
programme_facts(found)
programme_versions(actor, key)
if actor.may(Permission.EDIT_PROGRAMMES):
    folded(
        "Change this programme",
        partial(change_programme, actor, found),
        key=f"programme_{key}",
        icon=":material/edit:",
    )
    offer_programme(actor, found, is_offered=bool(frame.set_index("key").loc[key, "offered"]))
