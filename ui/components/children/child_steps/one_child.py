"""One child's steps over time, with what was noted, what happened, and the child's goals."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from models import Respondent
from services.children import child_over_time
from services.children.child_over_time import ChildPath, Why
from services.children.child_steps import PRACTICE_TOOL
from services.db import reading
from services.errors import AppError
from services.measures import goals
from services.permissions import Actor
from ui import charts
from ui.components import chart
from ui.components.children.child_steps.life_events import life_event_form
from ui.components.choose import back_to_list, date_column, show_rows
from ui.components.folded import folded
from ui.components.form_fields import Room, choice, explain, line, needed
from ui.components.measures.goals import goals_chart
from ui.components.outcomes.take_out import Own
from ui.components.words import literal
from ui.navigation import file_of

_OPENED = "steps_opened"
_WHY = {
    Why.CONCERN.value: "A safeguarding concern",
    Why.COMPLAINT.value: "A complaint or a question from the family",
    Why.SUPERVISION.value: "Supervision of the work with this child",
    Why.REVIEW.value: "A review of the case",
}
_CAPTION = (
    "Each mark is a form on its day; a line joins one view in one group, and lines on one step "
    "stand a little apart. Diamonds are notes from sessions, dotted lines are events by number. "
)
_SEVERAL, _ALL = 2, "all"
_MOST_GOALS = 3  # groups whose goals are shown: the latest


def one_child(actor: Actor, person_ref: str) -> None:
    """The whole page of a child in one of her groups."""
    with reading() as db:
        found = child_over_time.of_child(db, actor, person_ref)
    back_to_list("All children")
    _heading(found)
    chosen = _chosen_group(found)
    if chosen is not None:
        with reading() as db:
            found = child_over_time.of_child(db, actor, person_ref, place=chosen)
    st.page_link(
        file_of("participants"),
        label="The child’s record",
        icon=":material/person:",
        query_params={"participant": person_ref},
    )
    _drawn(found, own=Own(person_ref, "Talking and Feelings Steps", PRACTICE_TOOL,
                          charts.child_over_time_whole()))  # fmt: skip
    folded(
        "Add an event, or take one back",
        partial(life_event_form, actor, found),
        key=f"life_events_{person_ref}",
        icon=":material/event:",
    )
    places = found.places if chosen is None else {chosen: found.places[chosen]}
    _goals(actor, person_ref, places)


def opened_by_lead(actor: Actor) -> bool:
    """The child a lead has opened in this visit; whether there is one."""
    opened = st.session_state.get(_OPENED)
    if opened is None:
        return False
    if st.button("Close this child", icon=":material/arrow_back:", type="tertiary"):
        del st.session_state[_OPENED]
        st.rerun()
    code, why = opened
    with reading() as db:
        found = child_over_time.opened(db, actor, code, Why(why))
    _heading(found)
    st.info(
        f"Opened for this reason: {_WHY[why].lower()}. That is in the audit log. The words beside "
        "notes and events and the child’s goals stay with the facilitators of the group."
    )
    _drawn(found)
    return True


def open_one(actor: Actor) -> None:
    """Where a lead says which child and why; no name is shown before."""
    folded("Open one child’s steps", partial(_ask, actor), key="open_child")


def _ask(actor: Actor) -> None:
    st.write("Single children are not open to you, except for a reason that is kept in the log.")
    room: Room = {}
    with st.form("open_child_form", border=False):
        code = line(st, room, "code", "The child’s reference, such as ABC-1234")
        why = choice(room, "why", "Why do you open it?", _WHY, index=None)
        pressed = st.form_submit_button("Open the child’s steps")
    if not pressed:
        return
    try:
        chosen = needed(why, "why", "Choose why you open this child’s steps.")
        with reading() as db:
            child_over_time.opened(db, actor, code, Why(chosen))
    except AppError as error:
        explain(error, room)
    else:
        st.session_state[_OPENED] = (code, chosen)
        st.rerun()


def _heading(found: ChildPath) -> None:
    st.title(literal(found.name), anchor=False)
    groups = ", ".join(literal(name) for name in dict.fromkeys(found.places.values()))
    in_groups = f" · {groups}" if groups else ""
    st.caption(f"Child · {found.band} · reference {found.code}{in_groups}")


def _drawn(found: ChildPath, *, own: Own | None = None) -> None:
    for sentence in found.said:
        st.info(sentence)
    if not found.chart.empty:
        st.header("Steps over time", anchor=False)
        table = {"on": "Day", "strand": "Strand", "view": "View", "point": "When", "label": "Step"}
        chart.show_halves(
            charts.child_over_time(),
            found.chart,
            alt=found.in_words,
            caption=_CAPTION + PRACTICE_TOOL,
            table=table,
            behind=found.forms,
            own=own,
        )
    if not found.events.empty:
        st.subheader("Events", anchor=False)
        columns = {"number": "No.", "on": date_column("Day"), "what": "What", "words": "Words"}
        show_rows(found.events, _shown(columns, found), alt="Events in the child’s life")
    if not found.notes.empty:
        st.subheader("Noted in sessions", anchor=False)
        columns = {
            "on": date_column("Session of"),
            "strand": "About",
            "step": "Seen",
            "words": "Words",
            "by": "By",
        }
        show_rows(found.notes, _shown(columns, found), alt="Notes from sessions, oldest first")


def _chosen_group(found: ChildPath) -> str | None:
    """Where there are several, the latest alone: years on one axis would press it together."""
    if len(found.places) < _SEVERAL:
        return None
    chosen = st.selectbox(
        "Group",
        [*reversed(found.places), _ALL],
        format_func=lambda ref: "All groups" if ref == _ALL else found.places[ref],
        key=f"steps_of_{found.person_ref}",
    )
    return None if chosen == _ALL else chosen


def _shown(columns: dict[str, object], found: ChildPath) -> dict[str, object]:
    return columns if found.is_whole else {k: v for k, v in columns.items() if k != "words"}


def _goals(actor: Actor, person_ref: str, places: Mapping[str, str]) -> None:
    """In the child's own words, beneath the steps; nothing where none was ever rated."""
    for place, group in list(places.items())[-_MOST_GOALS:]:
        with reading() as db:
            ratings = goals.path(db, actor, place, Respondent.SELF)
        if ratings.empty:
            continue
        st.header("Goals", anchor=False)
        st.caption(f"In {literal(group)}.")
        goals_chart(ratings, person_ref, key=place)
