"""What has been with a participant, newest first, as far as the reader may see it."""

import streamlit as st

from services import clock, timeline
from services.db import reading
from services.people import PersonSummary
from services.permissions import Actor
from ui.components.choose import page_buttons, position, show_rows
from ui.components.person.timeline_words import sentence


def draw_timeline(actor: Actor, person: PersonSummary) -> None:
    """One page of the timeline, with a way to what was before."""
    key = f"timeline_{person.ref}"
    with reading() as db:
        events = timeline.events(db, actor, person.ref, after=position(key))
    st.header("What has been", anchor=False)
    if events.empty:
        st.info("Nothing yet. What happens from now on appears here.")
    shown = events.assign(
        on=events["at"].map(lambda at: clock.local(at).date()),
        what=[sentence(event) for event in events.itertuples(index=False)],
    )
    columns = {
        "on": st.column_config.DateColumn("On", format="DD/MM/YYYY", width="small"),
        "what": st.column_config.TextColumn("What", width="large"),
    }
    show_rows(shown[list(columns)], columns, alt="What has been, newest first")
    page_buttons(key, page=timeline.PAGE, shown=len(events), last=timeline.position_of(events))
