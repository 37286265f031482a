"""One volunteer on screen: who she is, the next step, her placements and her history."""

from functools import partial

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.placing import placements
from services.volunteers import stages
from services.volunteers.volunteers import VolunteerSummary
from ui.components.choose import back_to_list, date_column, said_of_any, show_rows
from ui.components.folded import folded
from ui.components.volunteer.forms import move_volunteer
from ui.components.volunteer.next_step import agree_next_step, come_back
from ui.components.volunteer.placing import end_placement, place_volunteer
from ui.components.volunteer.words import NEXT_STEPS, ROLES, STAGES, days_late
from ui.components.words import day, literal


def heading(one: VolunteerSummary) -> None:
    """Her name, where she stands, how to reach her, and what to do next."""
    back_to_list("All volunteers")
    # Without an anchor: it would carry her name into the address.
    st.title(literal(one.name), anchor=False)
    parts = [f"{STAGES[one.stage]} since {one.stage_since.day} {one.stage_since:%B %Y}"]
    if one.days_waiting is not None:
        parts.append(f"waiting {_days(one.days_waiting)}")
    if one.overdue:
        parts.append(days_late(one.overdue).lower())
    if one.owner:
        parts.append(f"looked after by {literal(one.owner)}")
    st.caption(" · ".join(parts))
    st.info(f"**Next:** {_next(one)}", icon=":material/arrow_forward:")
    reach = [("Phone", one.phone), ("Email", one.email), ("Note", one.note)]
    st.text("\n".join(f"{label}: {text}" for label, text in reach if text) or "No contact yet.")


def draw(actor: Actor, one: VolunteerSummary) -> None:
    """Her stage with its history, and where she is placed."""
    with reading() as db:
        placed = placements.of_volunteer(db, actor, one.ref)
        moves = stages.history(db, actor, one.ref)
    along, beside = st.columns(2, gap="large")
    with along:
        st.header("Stage", anchor=False)
        if one.stage == "stepped_back":
            come_back(actor, one)
        move_volunteer(actor, one)
        folded("Agree the next step", partial(agree_next_step, actor, one), key="next_step")
        history_table(moves)
    with beside:
        placements_table(placed)
        place_volunteer(actor, one, placed)
        end_placement(actor, one, placed)


def placements_table(placed: pd.DataFrame) -> None:
    """Her placements; a word on those that her stage no longer allows."""
    st.header("Placements", anchor=False)
    if placed.empty:
        st.caption("No placement yet.")
        return
    open_questions = placed.loc[~placed["fits"], "group"]
    if not open_questions.empty:
        st.info(
            f"She is still placed with {literal(', '.join(open_questions))}. Nothing ends by "
            "itself: ask her what she would like, and end a placement below if that is her wish."
        )
    columns = {
        "group": "Group",
        "role": "Role",
        "starts": date_column("From"),
        "ends": date_column("Until"),
    }
    shown = placed.assign(role=placed["role"].map(ROLES))
    show_rows(shown, columns, alt="Her placements")


def history_table(moves: pd.DataFrame) -> None:
    """Every move, the latest first."""
    st.header("History", anchor=False)
    columns = {"on": date_column("On"), "after": "Moved to", "reason": "Reason", "by": "By"}
    said = zip(moves["because"], moves["reason"].fillna(""), strict=True)
    because = [". ".join(filter(None, words)) for words in said]
    shown = moves.assign(after=[STAGES[stage] for stage in moves["after"]], reason=because)
    show_rows(shown, said_of_any(shown, columns), alt="Her moves from stage to stage")


def _next(one: VolunteerSummary) -> str:
    if not one.next_step:
        return NEXT_STEPS[one.stage]
    return literal(one.next_step) + (f", by {day(one.next_step_by)}" if one.next_step_by else "")


def _days(count: int) -> str:
    return {0: "since today", 1: "1 day"}.get(count, f"{count} days")
