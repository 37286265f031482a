"""The children of a group together: medians, who moved up, who is missing; and each by name."""

import streamlit as st

from services.children import group_steps
from services.db import reading
from services.permissions import Actor
from ui.components.children.strands_together import strands_together
from ui.components.choose import choose_row, show_rows
from ui.navigation import file_of


def group_together(actor: Actor, group: str) -> None:
    """Small multiples of the strands, with how many they rest on."""
    with reading() as db:
        found = group_steps.of_group(db, actor, group)
    strands_together(found)
    if not found.missing.empty:
        st.header("Who is missing", anchor=False)
        columns = {
            "view": "View",
            "children": "Children",
            "Start": "With a start",
            "Middle": "With a middle",
            "End": "With an end",
            "Follow-up": "With a follow-up",
            "both": "With start and end",
        }
        show_rows(found.missing, columns, alt="How many children have which form, by view")
    for note in found.notes:
        st.caption(note)


def each_child(actor: Actor, group: str) -> None:
    """The children by name; choosing one opens it."""
    with reading() as db:
        children = group_steps.children(db, actor, group)
    if children.empty:
        st.info(group_steps.NOBODY)
        return
    st.write("Choose a child.")
    columns = {"name": "Child", "forms": "Steps forms so far"}
    chosen = choose_row(children, columns, key=f"steps_children_{group}", alt="Children")
    if chosen is not None:
        st.switch_page(file_of("steps"), query_params={"child": chosen["ref"]})
