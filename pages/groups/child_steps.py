"""Children's steps: one child over time, a group of them, and a child beside its parent."""

import streamlit as st

from services.children import group_steps
from services.db import reading
from services.permissions import Permission
from ui.auth import require
from ui.components.children.child_steps.of_group import each_child, group_together
from ui.components.children.child_steps.one_child import one_child, open_one, opened_by_lead
from ui.components.children.child_steps.pair import child_and_parent

actor = require(Permission.READ_CHILD_STEPS)
works_with_them = actor.may(Permission.RECORD_MEASURES)
child = st.query_params.get("child", "")

# --- One child ---------------------------------------------------------------------------
if child and works_with_them:
    one_child(actor, child)
    st.stop()
may_open = actor.may(Permission.OPEN_CHILD_STEPS)
if may_open and opened_by_lead(actor):
    st.stop()

# --- A group of them ---------------------------------------------------------------------
st.title("Children’s steps")
if may_open:
    open_one(actor)
with reading() as db:
    groups = group_steps.groups(db, actor)
if not groups:
    st.info("No group has steps yet. Facilitators record them under Measures.")
    st.stop()
asked = st.query_params.get("group", "")
group = st.selectbox(
    "Group",
    list(groups),
    index=list(groups).index(asked) if asked in groups else 0,
    format_func=groups.__getitem__,
    key=f"steps_group_{asked}",
)
if not works_with_them:
    group_together(actor, group)
    st.stop()
views = {
    "group": "The group together",
    "children": "Each child",
    "pair": "Child and parent",
}
view = st.segmented_control(
    "What to look at",
    list(views),
    default="group",
    required=True,
    format_func=views.__getitem__,
    label_visibility="collapsed",
    key="steps_view",
)
if view == "children":
    each_child(actor, group)
elif view == "pair":
    child_and_parent(actor, group)
else:
    group_together(actor, group)
