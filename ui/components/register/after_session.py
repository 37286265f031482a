"""What is kept of a session beside its register: what was covered, and the debrief."""

from collections.abc import Collection
from functools import partial

import streamlit as st

from models import Covering
from services.db import reading
from services.permissions import Actor, Permission
from services.registers import covered_topics, debriefs
from services.registers.covered_topics import Covered
from services.registers.debriefs import DebriefDraft, DebriefView
from ui.components import words
from ui.components.choose import choose_row, date_column
from ui.components.folded import folded
from ui.components.form_fields import Room, area, first_seen, fresh, line, saving
from ui.components.words import literal
from ui.navigation import file_of

_NOTHING = "None: it was not covered"
_ELSE = "Something else"
_COVERINGS = {_NOTHING: Covering.NOTHING, _ELSE: Covering.SOMETHING_ELSE}


def covered_part(actor: Actor, session_ref: str) -> None:
    """What was planned, and what it came to."""
    with reading() as db:
        seen = covered_topics.of_session(db, actor, session_ref)
    said = covered_topics.in_words(seen.covering, seen.topic)
    if seen.note:
        said = f"{said}: {seen.note}"
    st.caption(f"Covered: {literal(said)}." if said else "Nobody has said yet what was covered.")
    folded(
        "What was covered",
        partial(_covered, actor, session_ref, seen),
        key=f"covered_{session_ref}",
        icon=":material/menu_book:",
    )


def debrief_part(actor: Actor, session_ref: str) -> None:
    """Whether there was a debrief, and the form to record it."""
    with reading() as db:
        seen = debriefs.of_session(db, actor, session_ref)
    taken = f"Debrief of {seen.minutes} minutes, recorded by {literal(seen.by or '')}."
    st.caption(taken if seen.version else "No debrief is recorded yet.")
    folded(
        "Debrief",
        partial(_debrief, actor, session_ref, seen),
        key=f"debrief_{session_ref}",
        icon=":material/forum:",
    )


def debriefs_undone(actor: Actor) -> None:
    """On Today; nothing at all where every session had its debrief."""
    with reading() as db:
        frame = debriefs.undone(db, actor)
    if frame.empty:
        return
    many = f"{debriefs.MOST} or more" if len(frame) == debriefs.MOST else len(frame)
    st.header(f"Debriefs to record ({many})", anchor=False)
    st.write("Ten to twenty minutes with everybody who ran the session, volunteers first of all.")
    columns = {
        "ended": date_column("Session of"),
        "group": "Group",
        "session": "Session",
        "facilitators": "Facilitators",
    }
    chosen = choose_row(frame, columns, key="today_debriefs", alt="Debriefs to record")
    if chosen is not None:
        _open(actor, chosen["ref"], chosen["group_ref"])


def _open(actor: Actor, session_ref: str, group_ref: str) -> None:
    if actor.may(Permission.TAKE_REGISTER):
        st.switch_page(file_of("register"), query_params={"session": session_ref})
    st.switch_page(file_of("groups"), query_params={"group": group_ref})


def _covered(actor: Actor, session_ref: str, seen: Covered) -> None:
    room: Room = {}
    options = [seen.planned, *seen.others, _ELSE, _NOTHING]
    key = fresh("covered", session_ref)
    version = first_seen(fresh("covered_seen", session_ref), seen.version, drawn=key)
    with st.form(fresh("covered_form", session_ref), border=False):
        chosen = st.selectbox("Topic", options, index=_index(seen, options), key=key)
        st.caption("The first is the one that was planned.")
        room["topic"] = st.empty()
        note = line(
            st, room, "note", f"What it was, if you choose “{_ELSE}”", f"covered_{session_ref}",
            value=seen.note or "", max_chars=covered_topics.MAX_NOTE,
        )  # fmt: skip
        pressed = st.form_submit_button("Save")
    if not pressed:
        return
    covering = {seen.planned: Covering.PLANNED, **_COVERINGS}.get(chosen, Covering.ANOTHER)
    with saving("What was covered is kept.", room) as db:
        covered_topics.cover(db, actor, session_ref, covering, chosen, version=version, note=note)


def _index(seen: Covered, options: list[str]) -> int:
    if seen.covering is Covering.ANOTHER and seen.topic in options:
        return options.index(seen.topic)
    kept = {covering: option for option, covering in _COVERINGS.items()}
    return options.index(kept[seen.covering]) if seen.covering in kept else 0


def _debrief(actor: Actor, session_ref: str, seen: DebriefView) -> None:
    if seen.at:
        st.caption(f"Recorded on {words.day(seen.at)} by {literal(seen.by or '')}.")
    room: Room = {}
    key = fresh("minutes", session_ref)
    version = first_seen(fresh("debrief_seen", session_ref), seen.version, drawn=key)
    with st.form(fresh("debrief_form", session_ref), border=False):
        minutes = st.number_input("How many minutes it took", value=seen.minutes or 15, key=key)
        room["minutes"] = st.empty()
        present, heard_hard = _present(room, session_ref, seen)
        note = area(room, "note", "Note, if any", session_ref, value=seen.note, max_chars=2000)
        pressed = st.form_submit_button("Save the debrief", type="primary")
    if not pressed:
        return
    draft = DebriefDraft(minutes=int(minutes), note=note, present=present, heard_hard=heard_hard)
    with saving("The debrief is recorded.", room) as db:
        debriefs.save(db, actor, session_ref, draft, version=version)


def _present(room: Room, session_ref: str, seen: DebriefView) -> tuple[list[str], list[str]]:
    """Which of the volunteers placed with the group were there, and who heard something hard."""
    if not seen.volunteers:
        room["present"] = room["heard_hard"] = st.empty()
        st.caption("No survivor volunteer was placed with this group that day.")
        return [], []
    present = _who(
        room, "present", "Survivor volunteers who were there", session_ref, seen, seen.present
    )
    heard_hard = _who(
        room, "heard_hard", "Who of them heard something hard?", session_ref, seen, seen.heard_hard
    )
    st.caption("Only that it was so, never what: her supervisor then asks how she is.")
    return present, heard_hard


def _who(
    room: Room,
    field: str,
    label: str,
    session_ref: str,
    seen: DebriefView,
    chosen: Collection[str],
) -> list[str]:
    found = st.pills(
        label,
        list(seen.volunteers),
        selection_mode="multi",
        default=sorted(chosen),
        format_func=seen.volunteers.__getitem__,
        key=fresh(field, session_ref),
    )
    room[field] = st.empty()
    return found
