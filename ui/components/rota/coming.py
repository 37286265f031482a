"""The sessions to come, with who covers each and what is open: choosing one opens it."""

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.rota import listing
from services.volunteers.rota.listing import SessionCover
from ui.components.choose import choose_row, page_buttons, position, time_column
from ui.components.rota import words
from ui.navigation import file_of

_LIST = "rota"


def coming_sessions(actor: Actor) -> None:
    """A page of them, the next first."""
    with reading() as db:
        covers = listing.coming(db, actor, after=position(_LIST))
    if not covers:
        st.info("No session is planned. Once a group has sessions to come, they appear here.")
        return
    is_open = sum(bool(one.missing) for one in covers)
    st.caption(
        f"{is_open} of these {len(covers)} sessions still need somebody. Choose one to see it."
        if is_open
        else "Every session here is covered. Choose one to see it."
    )
    columns = {
        "starts": time_column("When"),
        "group": "Group",
        "missing": "Open",
        "people": "Covered by",
        "number": "Session",
    }
    chosen = choose_row(_frame(covers), columns, key="rota_list", alt="Sessions and their cover")
    if chosen is not None:
        st.switch_page(file_of("rota"), query_params={"session": chosen["ref"]})
    page_buttons(_LIST, page=listing.PAGE, shown=len(covers), last=covers[-1].position)


def _frame(covers: list[SessionCover]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (one.ref, one.starts, one.group, words.sought(one), words.people(one), one.number)
            for one in covers
        ],
        columns=["ref", "starts", "group", "missing", "people", "number"],
    )
