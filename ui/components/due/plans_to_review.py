"""Plans whose review is due: a part of Today that leads to the family's plans."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.plans import plan_view
from ui.components.choose import choose_row, date_column
from ui.components.person import open_part


def plans_to_review(actor: Actor) -> None:
    """Nothing at all while no review is due."""
    with reading() as db:
        due = plan_view.to_review(db, actor)
    if due.empty:
        return
    many = f"{plan_view.MOST} or more" if len(due) == plan_view.MOST else len(due)
    st.header(f"Plans to review ({many})")
    st.write("Talk the plan over with the family, then give it the day of its next review.")
    columns = {
        "people": "For whom",
        "intervention": "Plan",
        "review_on": date_column("Due since"),
        "worker": "Worker",
    }
    chosen = choose_row(due, columns, key="today_plans", alt="Plans to review")
    if chosen is not None:
        open_part(chosen["person_ref"], "plan")
