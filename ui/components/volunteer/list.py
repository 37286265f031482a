"""Finding volunteers: how many are in each stage, by stage or by name, page by page."""

import pandas as pd
import streamlit as st

from models import Stage
from services.db import reading
from services.permissions import Actor
from services.volunteers import stages, volunteers
from ui.components.choose import choose_row, found_by, page_buttons, position, start_again
from ui.components.volunteer.words import NEXT_STEPS_SHORT, STAGES
from ui.navigation import file_of

_STAGE, _SEARCH, _LIST = "volunteers_stage", "volunteers_search", "volunteers"


def find_volunteer(actor: Actor) -> bool:
    """The stages with their counts, the list, and her record once chosen; False when empty."""
    with reading() as db:
        counts = stages.pipeline(db, actor).set_index("stage")["volunteers"]
    if not counts.sum():
        st.info("No volunteers yet. Add the first one below, as soon as she shows interest.")
        return False
    stage = st.pills(
        "Stage",
        list(STAGES),
        format_func=lambda value: f"{STAGES[value]} · {counts[value]}",
        key=_STAGE,
        on_change=start_again,
        args=(_LIST,),
        persist_state="session",
    )
    search = st.text_input(
        "Find a volunteer",
        placeholder="Name, part of it, or telephone",
        autocomplete="off",
        key=_SEARCH,
        on_change=start_again,
        args=(_LIST,),
        persist_state="session",
    )
    with reading() as db:
        frame = volunteers.directory(
            db,
            actor,
            search=search,
            stage=Stage(stage) if stage else None,
            after=position(_LIST),
        )
    _show(frame, _order(search, stage))
    return True


def _show(frame: pd.DataFrame, order: str) -> None:
    if frame.empty:
        st.info("Nobody fits. Check the spelling, type at least two letters, or choose no stage.")
    else:
        st.caption(f"{order} Choose a row to open her record.")
        columns = {
            "name": "Name",
            **found_by(frame),
            "stage": "Stage",
            "days_waiting": st.column_config.NumberColumn("Days waiting"),
            "overdue": st.column_config.NumberColumn("Days overdue"),
            "next_step": "Next step",
            "owner": "Looked after by",
        }
        late = frame["overdue"].astype("Int64").where(frame["overdue"] > 0)
        next_step = frame["next_step"].fillna(frame["stage"].map(NEXT_STEPS_SHORT))
        shown = frame.assign(stage=frame["stage"].map(STAGES), overdue=late, next_step=next_step)
        chosen = choose_row(shown, columns, key="volunteers_list", alt="Volunteers")
        if chosen is not None:
            st.switch_page(file_of("volunteers"), query_params={"volunteer": chosen["ref"]})
    last = frame["position"].iloc[-1] if len(frame) else None
    page_buttons(_LIST, page=volunteers.PAGE, shown=len(frame), last=last)


def _order(search: str, stage: str | None) -> str:
    if search.strip():
        return "The closest first."
    return "Longest in this stage first." if stage else "Newest first."
