"""Who of a group came to which session, for those who may see its people."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.registers import group_marks
from ui import charts
from ui.components import chart
from ui.components.folded import folded


def marks_of_group(actor: Actor, group_ref: str) -> None:
    """Folded away: read, and the look noted, once it is opened."""
    folded("Who came to which session", lambda: _marks(actor, group_ref), key=f"marks_{group_ref}")


def _marks(actor: Actor, group_ref: str) -> None:
    with reading() as db:
        found = group_marks.marks(db, actor, group_ref)
    if found.frame.empty:
        st.info(
            "There is nothing to show yet: nobody has a place, or no session has begun. Marks "
            "appear as registers are taken."
        )
        return
    left_out = f" {found.left_out} earlier sessions are left out." if found.left_out else ""
    chart.show(
        charts.people_by_session(),
        found.frame,
        alt=(
            f"Marks of {found.people} people at {found.sessions} sessions. Live attendance "
            f"{found.live.words}."
        ),
        table={"person": "Who", "session": "Session", "label": "Mark"},
        key=group_ref,
        caption=(
            f"Live attendance {found.live.count:,} of {found.live.of:,} expected, "
            f"{found.live.percent}. P attended, L late, E left early, O online, C caught up, A "
            "apologies, D no word, B was not brought, N not expected, ? not marked yet, – not "
            f"expected.{left_out} Courts, childcare and abuse itself cause much absence."
        ),
    )
