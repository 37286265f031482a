"""Lists of the calls people are owed: of a session, on Today, and for those they are passed to."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.registers.welfare import listing
from services.registers.welfare.listing import MOST, Call
from services.registers.welfare.unheard import unheard
from ui.components.choose import choose_row, date_column, said_of_any
from ui.components.people.contact_words import how
from ui.navigation import file_of

_HOW = "Each is called by a route that is safe for her. Choose a row to see how, and note the call."
_CLOSED = {"reached": "Reached", "settled": "Settled another way"}
_COLUMNS = {
    "name": "Name",
    "urgency": "Urgency",
    "how": "May we contact her now?",
    "due": date_column("Call by"),
    "so_far": "So far",
}


def calls_of_session(actor: Actor, session_ref: str) -> None:
    """On the register: whom its absences owe a call; nothing where there are none."""
    with reading() as db:
        calls = listing.of_session(db, actor, session_ref)
    if not calls:
        return
    still = sum(call.reach is not None for call in calls)
    st.header(f"Calls to make ({still})" if still else "Calls made", anchor=False)
    st.write(f"They did not come and sent no word. {_HOW}" if still else "Nobody waits any more.")
    _table(calls, key=f"calls_{session_ref}", alt="Calls owed after this session")


def calls_due(actor: Actor) -> None:
    """On a facilitator's Today: every call her groups are owed, the worst to miss first."""
    with reading() as db:
        calls = listing.due(db, actor)
    if calls:
        st.header(f"Calls to make ({_many(calls)})", anchor=False)
        st.write(f"They missed a session and sent no word. {_HOW}")
        _table(calls, key="today_calls", alt="Calls to make", with_group=True)


def calls_passed_on(actor: Actor) -> None:
    """On a coordinator's Today: calls not made in time, and those tried in vain."""
    with reading() as db:
        calls = listing.escalated(db, actor)
    if calls:
        st.header(f"Calls nobody has got through on ({_many(calls)})", anchor=False)
        st.write("Call, find another safe way, or decide what happens instead.")
        _table(calls, key="today_passed_on", alt="Calls passed on", with_group=True)


def calls_unheard(actor: Actor) -> None:
    """On a lead's Today: where somebody at high risk has not been reached, without her name."""
    with reading() as db:
        frame = unheard(db, actor)
    if frame.empty:
        return
    st.header("High risk, and nobody has got through", anchor=False)
    st.write("Ask the facilitator or the coordinator: they can see who it is.")
    columns = {
        "due": date_column("Call was due"),
        "group": "Group",
        "session": "Session",
        "calls": "People",
        "facilitators": "Facilitators",
    }
    chosen = choose_row(frame, columns, key="today_unheard", alt="High-risk calls not made")
    if chosen is not None:
        st.switch_page(file_of("groups"), query_params={"group": chosen["group_ref"]})


def tried(call: Call) -> str:
    """How far a call has got, in words."""
    if call.reach is None:
        return _CLOSED[call.state.value]
    if not call.tries:
        return "Not tried yet"
    return "Tried once" if call.tries == 1 else f"Tried {call.tries} times"


def _table(calls: Sequence[Call], *, key: str, alt: str, with_group: bool = False) -> None:
    rows = [
        (call.contact_ref or call.person_ref, call.name, _urgency(call), _how(call), call.missed_on,
         tried(call), f"{call.group} {call.number}")
        for call in calls
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["person_ref", *_COLUMNS, "group"])
    columns = said_of_any(frame, {**_COLUMNS, "group": "Missed"} if with_group else _COLUMNS)
    chosen = choose_row(frame, columns, key=key, alt=alt)
    if chosen is not None:
        st.switch_page(
            file_of("participants"),
            query_params={"participant": chosen["person_ref"], "part": "contact"},
        )


def _urgency(call: Call) -> str:
    if call.reach is None:
        return ""
    parts = ["High risk" if call.is_urgent else "", "overdue" if call.is_overdue else ""]
    return ", ".join(filter(None, parts)).capitalize()


def _how(call: Call) -> str:
    if call.reach is None:
        return ""
    return f"{call.carer}, carer: {how(call.reach)}" if call.carer else how(call.reach)


def _many(calls: Sequence[Call]) -> str:
    return f"{MOST} or more" if len(calls) == MOST else str(len(calls))
