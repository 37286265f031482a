"""The register on screen: the lines of one session, read again every few seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import streamlit as st

from services.attendance import AttendanceCode
from services.db import reading, transaction
from services.errors import AppError, ConflictError, SetupError
from services.permissions import Actor, Permission
from services.registers import marking, registers, session_notes
from services.registers.marking import NewMark, Taken
from services.registers.registers import Line, Register
from ui import auth
from ui.components import words
from ui.components.answers import CONFLICT, SAVED, Answer, refused
from ui.components.autosave_note import Edit, autosave_note
from ui.components.concerns.risk_words import LEVELS
from ui.components.register.register import RegisterRow, Tap, register

# Somebody else's marks appear within this time.
LOOK_AGAIN = "5s"
_WHOLE_EVERY = 12  # looks: a minute. Whoever looks for long is noted in the log anew


@dataclass(slots=True)
class Look:
    """The register as it was last read; kept with the panel from one run to the next."""

    seen: Register
    is_known: bool = True  # just read, or followed only by her own taps, whose marks are known
    looks: int = 0  # since it was read as a whole


@st.fragment(run_every=LOOK_AGAIN)
def register_panel(actor: Actor, session_ref: str, look: Look) -> None:
    """Everybody expected at the session, one tap a mark, saved at once.

    What the page has just read is not read again, nor what her own taps have just made of it.
    """
    seen = _now(actor, look)
    if seen is None:
        st.rerun()
    look.seen, look.is_known = seen, False
    if not seen.lines:
        if not seen.unseen:
            st.info("Nobody has a place in this group yet. A coordinator gives places.")
        return
    register(
        [_row(line, is_expected=not seen.is_cancelled) for line in seen.lines],
        key=f"register_{session_ref}",
        session=session_ref,
        marker=actor.ref,
        on_taps=partial(_save, actor, session_ref, look),
        locked=_why_locked(seen),
    )


def _now(actor: Actor, look: Look) -> Register | None:
    """The register as it is now; None where she who opened it is not here any more.

    Only the marks are read, unless more has changed.
    """
    if look.is_known:
        return look.seen
    is_here = auth.still_in(actor, Permission.TAKE_REGISTER)
    look.looks = (look.looks + 1) % _WHOLE_EVERY
    with reading() as db:
        if not is_here(db):
            return None
        marked = registers.with_marks_of_now(db, actor, look.seen) if look.looks else None
        return marked or registers.view(db, actor, look.seen.session_ref)


def note_panel(actor: Actor, session_ref: str) -> None:
    """Her own note, saved as it is typed, and what the other facilitators wrote."""
    with reading() as db:
        note = session_notes.own_note(db, actor, session_ref)
        others = session_notes.others_notes(db, actor, session_ref)
    autosave_note(
        "Your note on this session",
        note.body,
        note.version,
        key=f"note_{session_ref}",
        writer=actor.ref,
        on_edit=partial(_save_note, actor, session_ref),
    )
    for name, body in others:
        with st.expander(f"Note by {words.literal(name)}"):
            st.text(body)


def _row(line: Line, *, is_expected: bool) -> RegisterRow:
    return RegisterRow(
        place=line.place_ref,
        name=line.name,
        child=line.is_child,
        code=line.code.value if line.code else None,
        minutes=line.minutes,
        version=line.version,
        needs=line.needs,
        alerts=_alerts(line),
        collected_by=_collected_by(line),
        barred=line.collecting.must_not if line.collecting else (),
        by=line.by,
        expected=is_expected,
    )


def _alerts(line: Line) -> tuple[str, ...]:
    risk = (LEVELS["high"],) if line.is_high_risk else ()
    return (*risk, line.alert) if line.alert else risk


def _collected_by(line: Line) -> str | None:
    if line.collecting is None:
        return None
    return ", ".join(line.collecting.may) or "nobody is on the list yet"


def _why_locked(seen: Register) -> str | None:
    if seen.is_cancelled:
        return (
            "This session was cancelled by the service: it counts for nobody, and nobody is to be "
            "marked."
        )
    if seen.finished_at is None:
        return None
    when: datetime = seen.finished_at
    next_step = "It is locked." if seen.is_locked else "Reopen it to change a mark."
    return f"Finished by {seen.finished_by} on {words.day(when)}. {next_step}"


def _save(actor: Actor, session_ref: str, look: Look, taps: Sequence[Tap]) -> Mapping[str, Answer]:
    """Save taps before the page runs, so she is asked for again here."""
    is_here = auth.still_in(actor, Permission.TAKE_REGISTER)
    marks = [_new_mark(tap) for tap in taps]
    try:
        with transaction() as db:
            if not is_here(db):
                return {}  # unanswered marks wait in the browser until she has signed in again
            taken = marking.mark(db, actor, session_ref, marks)
    except SetupError:
        return {}  # the database is busy or away: they wait in the browser and are sent again
    except AppError as error:
        return {tap.id: refused(str(error)) for tap in taps}
    marked = marking.after(look.seen, marks, taken)
    look.seen, look.is_known = marked or look.seen, marked is not None
    return {one.tap: _answer(one) for one in taken}


def _new_mark(tap: Tap) -> NewMark:
    return NewMark(
        tap=tap.id,
        place_ref=tap.place,
        code=AttendanceCode(tap.code) if tap.code else None,
        minutes=tap.minutes,
        version=tap.version,
    )


def _answer(taken: Taken) -> Answer:
    if taken.refusal:
        return refused(taken.refusal)
    return CONFLICT if taken.conflict else SAVED


def _save_note(actor: Actor, session_ref: str, edit: Edit) -> Answer | None:
    if not auth.still(actor, Permission.TAKE_REGISTER):
        return None  # unanswered, it is sent again until she has signed in
    try:
        with transaction() as db:
            session_notes.save_note(db, actor, session_ref, edit.text, version=edit.version)
    except ConflictError:
        return CONFLICT
    except AppError as error:
        return refused(str(error))
    return SAVED
