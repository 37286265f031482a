"""Risk that is due for review: a part of Today that leads to the participant."""

import streamlit as st

from services.concerns import risk
from services.db import reading
from services.permissions import Actor
from ui.components.choose import choose_row, date_column
from ui.components.concerns.risk_words import LEVELS
from ui.navigation import file_of


def risks_to_review(actor: Actor) -> None:
    """Nothing at all while no review is due."""
    with reading() as db:
        due = risk.to_review(db, actor)
    if due.empty:
        return
    many = f"{risk.MOST} or more" if len(due) == risk.MOST else len(due)
    st.header(f"Risk to review ({many})", anchor=False)
    columns = {
        "name": "Name",
        "level": "Level",
        "due": date_column("Due since"),
        "why": "Because",
    }
    shown = due.assign(
        level=due["level"].map(LEVELS).fillna("Not reviewed yet"),
        why=due["after_incident"].map({True: "Something happened", False: "The day has come"}),
    )
    chosen = choose_row(shown, columns, key="today_risk", alt="Risk to review")
    if chosen is not None:
        st.switch_page(
            file_of("participants"),
            query_params={"participant": chosen["person_ref"], "part": "risk"},
        )
