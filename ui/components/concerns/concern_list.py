"""Lists of concerns: for those who decide all of them, for everybody else her own."""

from typing import Any

import pandas as pd
import streamlit as st

from services.concerns import concern_decisions, concerns
from services.concerns.concern_decisions import Which
from services.db import reading
from services.permissions import Actor
from ui.components.choose import (
    choose_row,
    page_buttons,
    position,
    start_again,
    time_column,
)
from ui.components.concerns.concern_words import DECISIONS
from ui.navigation import file_of

_LABELS = {"overdue": "Overdue", "open": "Open", "closed": "Closed"}
_EMPTY = {
    "overdue": "No concern waits beyond its day. New ones stand under “Open”.",
    "open": "No concern is open. Raise one below whenever something worries you.",
    "closed": "No concern has been closed yet.",
}
_ALL, _OWN = "concerns", "own_concerns"


def all_concerns(actor: Actor) -> None:
    """Open, overdue or closed ones, page by page, without saying whom they are about."""
    with reading() as db:
        overdue = concern_decisions.overdue_count(db, actor)
    which = st.segmented_control(
        "Which concerns",
        list(_LABELS),
        default="overdue" if overdue else "open",
        required=True,
        format_func=lambda key: f"Overdue ({overdue})" if key == "overdue" else _LABELS[key],
        label_visibility="collapsed",
        key="concerns_which",
        on_change=start_again,
        args=(_ALL,),
    )
    with reading() as db:
        frame = concern_decisions.listed(db, actor, Which(which), after=position(_ALL))
    if frame.empty:
        st.info(_EMPTY[which])
    else:
        st.caption("Whom it is about shows once you open it. Each opening is recorded.")
        columns = {
            "raised": time_column("Raised"),
            "by": "Raised by",
            "decision": "Decision",
        }
        shown = frame.assign(decision=frame["decision"].map(DECISIONS))
        _open(choose_row(shown, columns, key=f"concerns_{which}", alt="Concerns"))
    _pages(_ALL, frame)


def overdue_concerns(actor: Actor) -> None:
    """Those nobody decided on in time, for Today; nothing when there are none."""
    with reading() as db:
        frame = concern_decisions.listed(db, actor, Which.OVERDUE)
        count = len(frame)
        if count == concerns.PAGE:
            count = concern_decisions.overdue_count(db, actor)
    if frame.empty:
        return
    st.header(f"Concerns without a decision ({count})", anchor=False)
    st.write("A decision was due by the end of the day on which each was raised.")
    columns = {"raised": time_column("Raised"), "by": "Raised by"}
    _open(choose_row(frame, columns, key="today_concerns", alt="Concerns without a decision"))


def own_concerns(actor: Actor) -> None:
    """Those she raised herself, and whether there is a decision."""
    with reading() as db:
        frame = concerns.own(db, actor, before=position(_OWN))
    st.header("Concerns you raised", anchor=False)
    if frame.empty:
        st.info("None yet. What you raise stands here, with whether a decision was made.")
    else:
        st.caption("Choose one to read what you wrote.")
        columns = {"raised": time_column("Raised"), "decision": "Decision"}
        answers = frame["decided"].map({True: "Made", False: "Not yet"})
        shown = frame.assign(decision=answers)
        _open(choose_row(shown, columns, key="concerns_own", alt="Concerns you raised"))
    _pages(_OWN, frame)


def _open(chosen: "pd.Series[Any] | None") -> None:
    if chosen is not None:
        st.switch_page(file_of("concerns"), query_params={"concern": str(chosen["ref"])})


def _pages(key: str, frame: pd.DataFrame) -> None:
    last = int(frame["number"].iloc[-1]) if len(frame) else None
    page_buttons(key, page=concerns.PAGE, shown=len(frame), last=last)
