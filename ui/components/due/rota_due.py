"""On Today: who asks to be relieved of a session, and where a place has opened."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.rota import loose_ends
from ui.components.choose import choose_row, time_column
from ui.components.volunteer.words import ROLES
from ui.navigation import file_of


def rota_due(actor: Actor) -> None:
    """The next first; choosing one opens the session in the rota."""
    with reading() as db:
        frame = loose_ends.all_of_them(db, actor)
    if frame.empty:
        return
    many = f"{loose_ends.MOST} or more" if len(frame) == loose_ends.MOST else len(frame)
    st.header(f"Places in the rota ({many})", anchor=False)
    columns = {
        "starts": time_column("When"),
        "what": "What",
        "group": "Group",
        "role": "Role",
    }
    what = [f"{name} asks for a swap" if name else "Open again" for name in frame["name"]]
    shown = frame.assign(role=frame["role"].map(ROLES), what=what)
    chosen = choose_row(shown, columns, key="today_rota", alt="Places in the rota to look to")
    if chosen is not None:
        st.switch_page(file_of("rota"), query_params={"session": chosen["session"]})
