"""The children of a group together: medians, who moved up, who is missing; and each by name."""

import streamlit as st

from services import group_steps
from services.db import reading, transaction
from services.permissions import Actor
from ui import charts
from ui.components import chart
from ui.components.choose import choose_row, show_rows
from ui.navigation import file_of


def group_together(actor: Actor, group: str) -> None:
    """Small multiples of the strands, with how many they rest on."""
    with transaction() as db:
        found = group_steps.of_group(db, actor, group)
    if not found.levels.empty:
        st.header("Each strand from start to end", anchor=False)
        chart.show_halves(
            charts.strand_paths(),
            found.levels,
            alt=found.levels_in_words,
            caption="The middle child’s step (median) at each point. Not all children are in each.",
            table={
                "strand": "Strand",
                "view": "View",
                "point": "When",
                "median": "Median step",
                "people": "Children",
            },
        )
    if not found.moves.empty:
        st.header("Up a step or more from start to end", anchor=False)
        chart.show_halves(
            charts.strand_moves(),
            found.moves,
            alt=found.moves_in_words,
            caption="The share of children with both forms, with its 95% interval.",
            table={"strand": "Strand", "view": "View", "label": "Up a step or more"},
        )
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
