"""Somebody's own goals: in her own words, and how near she was over time."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from models import Respondent
from services.db import reading
from services.measures import goals
from services.measures.goals import GoalView
from services.permissions import Actor
from ui import charts
from ui.components import chart
from ui.components.folded import folded
from ui.components.form_fields import Room, first_seen, fresh, saving
from ui.components.outcomes.take_out import Own

_NUMBERS = {1: "First goal", 2: "Second goal", 3: "Third goal"}


def own_goals(actor: Actor, row: "pd.Series[Any]") -> dict[int, str]:
    """Where her goals are set, over the form that rates them, and their words; over others none."""
    if row["measure"] != goals.GBO:
        return {}
    with reading() as db:
        kept = goals.of_place(db, actor, row["place"])
    set_goals = {goal.number: goal.words for goal in kept if goal.words}
    if not set_goals:
        st.info("No goal is set yet. Write down what they want to reach, in their own words.")
    folded(
        "Set a goal, or put it in other words",
        partial(_set, actor, row["place"], kept),
        key=f"goals_{row['place']}",
        icon=":material/flag:",
    )
    return set_goals


def goals_so_far(actor: Actor, row: "pd.Series[Any]") -> None:
    """The chart of her ratings, beneath the form."""
    if row["measure"] != goals.GBO:
        return
    with reading() as db:
        ratings = goals.path(db, actor, row["place"], Respondent(row["respondent"]))
    if ratings.empty:
        return
    st.header("Goals so far", anchor=False)
    goals_chart(ratings, row["person_ref"])


def goals_chart(ratings: pd.DataFrame, person_ref: str, *, key: str = "") -> None:
    """How near somebody was to each goal of hers, for her own file too."""
    chart.show(
        charts.goal_ratings(),
        ratings,
        alt=goals.in_words(ratings),
        caption="0 is not reached at all, 10 is reached. A rise does not show what caused it.",
        table={"words": "Goal", "point": "When", "rating": "How near"},
        key=key,
        own=Own(person_ref, "Own goals, rated from 0 to 10"),
    )


def _set(actor: Actor, place: str, kept: tuple[GoalView, ...]) -> None:
    number: int = st.radio(
        "Which goal",
        list(_NUMBERS),
        format_func=_NUMBERS.__getitem__,
        horizontal=True,
        key=f"goal_number_{place}",
    )
    room: Room = {}
    key = fresh("goal", f"{place}_{number}")
    goal = first_seen(f"{key}_seen", kept[number - 1], drawn=key)
    with st.form(f"goal_form_{place}_{number}", border=False):
        words: str = st.text_area("In their own words", value=goal.words, height=80, key=key)
        room["words"] = st.empty()
        pressed = st.form_submit_button("Keep the goal")
    if not pressed:
        return
    with saving("The goal is kept.", room) as db:
        goals.keep(db, actor, place, number, words, version=goal.version)
