"""A child's path and its parent's, side by side on a wide screen and one above the other."""

import streamlit as st

from services.children import group_steps, pair_steps
from services.children.child_steps import PRACTICE_TOOL
from services.children.pair_steps import PairPath, ParentPath
from services.db import reading
from services.permissions import Actor
from ui import charts
from ui.components import chart
from ui.components.outcomes.take_out import Own
from ui.components.words import literal

_STEPS = "Talking and Feelings Steps"


def child_and_parent(actor: Actor, group: str) -> None:
    """One family of a group, or of the two halves of a pair."""
    with reading() as db:
        children = pair_steps.children(db, actor, group)
    if not children:
        st.info(group_steps.NOBODY)
        return
    place = st.selectbox(
        "Child", list(children), format_func=children.__getitem__, key=f"steps_pair_{group}"
    )
    with reading() as db:
        found = pair_steps.of_child(db, actor, place)
    for note in found.notes:
        st.caption(note)
    # Above both, so that the two charts stand level.
    beside = _chosen(found, place)
    left, right = st.columns(2)
    with left:
        _child(found, place)
    with right:
        _parent(beside, place)
    if not found.strands.empty:
        st.header("The child’s strands", anchor=False)
        chart.show_halves(
            charts.child_path(),
            found.strands,
            alt=f"{found.whole_in_words} By strand.",
            caption="As the child, the parent or carer and the practitioner see it.",
            table={"strand": "Strand", "view": "View", "point": "When", "label": "Step"},
            own=Own(found.person_ref, _STEPS, PRACTICE_TOOL, charts.child_path_whole()),
        )


def _child(found: PairPath, place: str) -> None:
    st.header(literal(found.child), anchor=False)
    if found.whole.empty:
        st.info("No mean to show yet.")
        return
    chart.show(
        charts.whole_path(),
        found.whole,
        alt=found.whole_in_words,
        caption="Mean of the strands that were rated, six of eight at least, by view.",
        table={"view": "View", "point": "When", "label": "Mean step"},
        key=place,
        own=Own(found.person_ref, f"{_STEPS}, mean step from 0 to 4,", PRACTICE_TOOL),
    )


def _chosen(found: PairPath, place: str) -> ParentPath | None:
    """One measure of one parent, of those there are."""
    names = {f"{one.parent}: {one.measure}": one for one in found.parents}
    if not names:
        return None
    return names[
        st.selectbox("The parent’s or carer’s measure", list(names), key=f"steps_parent_{place}")
    ]


def _parent(one: ParentPath | None, place: str) -> None:
    if one is None:
        st.header("Parent or carer", anchor=False)
        st.info("Nothing to show beside the child.")
        return
    st.header(literal(one.parent), anchor=False)
    chart.show(
        charts.parent_path(),
        one.frame,
        alt=one.in_words,
        caption=f"{one.direction} The axis is the whole of the measure.".strip(),
        table={"point": "When", "label": "Score"},
        key=f"{place}_{one.measure}",
        own=Own(one.person_ref, one.measure, one.direction),
    )
