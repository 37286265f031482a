"""Recording measures: who is due, the form, and a child's path so far."""

import streamlit as st

from services.children import child_steps
from services.db import reading
from services.measures import measure_schedule
from services.measures.measure_counts import STEPS
from services.measures.measure_library import measure
from services.permissions import Permission
from ui import charts
from ui.auth import require
from ui.components import chart
from ui.components.children.step_pictures import show_step_pictures
from ui.components.folded import folded
from ui.components.measures.goals import goals_so_far, own_goals
from ui.components.measures.measure_choice import choose_form
from ui.components.measures.measure_due import due_everywhere, remind
from ui.components.measures.measure_facts import about_form
from ui.components.measures.measure_form import measure_form
from ui.components.measures.measure_result import earlier_versions, last_result, saved
from ui.components.outcomes.take_out import Own
from ui.navigation import file_of

actor = require(Permission.RECORD_MEASURES)

st.title("Measures")

# --- Whose form --------------------------------------------------------------------------
with reading() as db:
    groups = measure_schedule.groups(db, actor)
if not groups:
    st.info("You have no groups yet. When a coordinator gives you one, its measures are here.")
    st.stop()
asked = st.query_params.get("group", "")
if asked not in groups:
    due_everywhere(actor)
group = st.selectbox(
    "Group",
    list(groups),
    index=list(groups).index(asked) if asked in groups else 0,
    format_func=lambda ref: groups[ref],
    key=f"measures_group_{asked}",
)
with reading() as db:
    schedule = measure_schedule.schedule(db, actor, group)
if schedule.empty:
    st.info("Nobody has a place in this group yet. Forms appear here as people join.")
    st.stop()
last_result(schedule["place"])
row = choose_form(schedule, group)
remind(actor, row)
called = own_goals(actor, row)
if row["measure"] == STEPS and row["respondent"] == "self":
    folded("Pictures of the steps, for the youngest", show_step_pictures, key="step_pictures")

# --- The form ----------------------------------------------------------------------------
if measure_form(actor, row, called):
    saved(actor, row)
    st.session_state["measures_saved"] = True
    st.rerun()
about_form(measure(row["measure"]))
earlier_versions(actor, row)
goals_so_far(actor, row)

# --- A child's path ----------------------------------------------------------------------
if row["kind"] == "child":
    with reading() as db:
        steps = child_steps.of_child(db, actor, row["person_ref"])
    path = child_steps.path(steps[steps["place"] == row["place"]])
    if not path.empty:
        st.header("Steps so far")
        chart.show_halves(
            charts.child_path(),
            path,
            alt=child_steps.in_words(path),
            caption=child_steps.PRACTICE_TOOL,
            table={"strand": "Strand", "view": "View", "point": "When", "label": "Step"},
            own=Own(
                row["person_ref"],
                "Talking and Feelings Steps",
                child_steps.PRACTICE_TOOL,
                charts.child_path_whole(),
            ),
        )
    st.page_link(
        file_of("steps"),
        label="This child over time",
        icon=":material/stairs:",
        query_params={"child": row["person_ref"]},
    )
