"""What has been with a participant, newest first, as far as the reader may see it."""

import pandas as pd
import streamlit as st

from services import clock
from services.people import timeline
from services.people.people import PersonSummary
from services.people.timeline import Position
from ui.components.choose import page_buttons, position, show_rows
from ui.components.person.timeline_words import sentence


def reached(person: PersonSummary) -> Position | None:
    """How far back she has gone."""
    found: Position | None = position(_key(person))
    return found


def draw_timeline(person: PersonSummary, events: pd.DataFrame) -> None:
    """One page of the timeline, with a way to what was before."""
    st.header("What has been", anchor=False)
    if events.empty:
        st.info("Nothing yet. What happens from now on appears here.")
    shown = pd.DataFrame(
        {
            "on": [clock.local(at).date() for at in events["at"]],
            "what": [sentence(event) for event in events.itertuples(index=False)],
        }
    )
    columns = {
        "on": st.column_config.DateColumn("On", format="DD/MM/YYYY", width="small"),
        "what": st.column_config.TextColumn("What", width="large"),
    }
    show_rows(shown, columns, alt="What has been, newest first")
    page_buttons(
        _key(person),
        page=timeline.PAGE,
        shown=len(events),
        last=timeline.position_of(events),
    )


def _key(person: PersonSummary) -> str:
    return f"timeline_{person.ref}"
