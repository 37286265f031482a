"""Entering a register that was taken on paper: who wrote it, and a mark for each who has none."""

from functools import partial
from secrets import token_hex

import streamlit as st

from services.attendance import AttendanceCode
from services.db import reading
from services.permissions import Actor
from services.registers import paper_entry
from services.registers.paper_entry import Sheet
from services.registers.registers import Line, Register
from ui.components.folded import folded
from ui.components.form_fields import Room, first_seen, fresh, line, saving
from ui.components.words import literal

# A session is cancelled as a whole, and a catch-up recorded with its day and who held it.
_ELSEWHERE = (AttendanceCode.CANCELLED, AttendanceCode.CATCH_UP)
_CODES = [code for code in AttendanceCode if code not in _ELSEWHERE]


def paper_part(actor: Actor, seen: Register) -> None:
    """Only while the register is open and somebody on it has no mark."""
    if seen.finished_at is None and not seen.is_cancelled and seen.unmarked:
        folded(
            "Enter marks from paper",
            partial(_sheet, actor, seen),
            key=f"paper_{seen.session_ref}",
            icon=":material/description:",
        )


def _sheet(actor: Actor, seen: Register) -> None:
    ref = seen.session_ref
    with reading() as db:
        is_late = paper_entry.needs_reason(db, actor, ref)
    room: Room = {}
    writer_key = fresh("written_by", ref)
    lines: tuple[Line, ...] = first_seen(fresh("paper_seen", ref), seen.unmarked, drawn=writer_key)
    entry: str = first_seen(fresh("paper_entry", ref), token_hex(8), drawn=writer_key)
    with st.form(fresh("paper", ref), border=False):
        writer = line(st, room, "written_by", "Who wrote the marks on paper", ref, max_chars=100)
        on_sheet = {one.place_ref: _mark(ref, one) for one in lines}
        room["marks"] = st.empty()
        reason = ""
        if is_late:
            reason = line(st, room, "reason", "Why it is entered so late", ref, max_chars=200)
        st.caption(
            "Minutes are for whoever came late or left early. "
            "The history of this register will say that these marks are from paper."
        )
        pressed = st.form_submit_button("Save the marks from paper")
    if not pressed:
        return
    sheet = Sheet(
        entry=entry,
        written_by=writer,
        marks={place: code for place, (code, _) in on_sheet.items() if code is not None},
        minutes={place: minutes for place, (_, minutes) in on_sheet.items() if minutes is not None},
        versions={one.place_ref: one.version for one in lines},
        reason=reason,
    )
    with saving("The marks are saved. Please shred the sheet.", room) as db:
        paper_entry.enter(db, actor, ref, sheet)


def _mark(session_ref: str, one: Line) -> tuple[AttendanceCode | None, int | None]:
    """Her mark, and by how many minutes she came late or left early if the sheet says."""
    mark, by = st.columns([3, 1], vertical_alignment="bottom")
    letter = mark.selectbox(
        literal(one.name),
        [code.value for code in _CODES],
        index=None,
        format_func=lambda value: AttendanceCode(value).label,
        placeholder="Not on the sheet",
        key=fresh(f"paper_{one.place_ref}", session_ref),
    )
    minutes: int | None = by.number_input(
        f"Minutes late or early, {literal(one.name)}",
        value=None,
        step=5,
        placeholder="Minutes",
        label_visibility="collapsed",
        key=fresh(f"paper_minutes_{one.place_ref}", session_ref),
    )
    return AttendanceCode(letter) if letter else None, minutes
