"""Changing a group's schedule on screen: what to do, what would change, and doing it."""

import pandas as pd
import streamlit as st

from services.db import reading
from services.errors import AppError
from services.groups.pairs import changing as both
from services.groups.schedules import changing
from services.groups.schedules.changes import is_paired
from services.groups.schedules.changing import Preview
from services.groups.schedules.clashes import MAX_REASON
from services.groups.schedules.parts import Change, Schedule
from services.permissions import Actor
from ui.components.form_fields import Room, fresh, keep, line, saving, seen
from ui.components.groups import schedule_fields, schedule_words
from ui.components.groups.pairs.change import OtherAsked, ask_other_half
from ui.components.groups.schedule_clashes import show_clashes
from ui.components.words import literal
from ui.messages import show_error

KINDS = {
    "move": "Move one session",
    "move_all": "Move a session and all to come",
    "cancel": "Cancel a session",
    "restore": "Hold a cancelled session after all",
    "add": "Add an extra session",
    "swap": "Swap two topics",
    "break": "Put in a break",
    "room": "Choose a room",
}
_ROUNDS_ONLY = {"round": "Go through all its topics again"}
_PAIRS_ONLY = {"shape": "Parents and children together or apart"}
_ANOTHER_ROUND = (
    "For another round make a new group of the same programme, and move people there: what they "
    "have covered here counts there too."
)


def change_schedule(actor: Actor, group_ref: str) -> None:
    """Choose what to do, look at what would change, and confirm it."""
    with reading() as db:
        found = changing.outline(db, actor, group_ref)
    if found.has_ended:
        st.info(f"{changing.ENDED} {_ANOTHER_ROUND if found.schedule.round else ''}")
        return
    if not any(one.is_planned for one in found.schedule.meetings):
        st.info("Every session was held or cancelled. Add an extra session to go on.")
    kinds = KINDS | _besides(found.schedule)
    kind = st.selectbox(
        "What is to change?",
        list(kinds),
        index=None,
        format_func=kinds.__getitem__,
        placeholder="Please choose",
        key=fresh("schedule_kind", group_ref),
    )
    if kind is None:
        return
    change = schedule_fields.ask(kind, found, group_ref)
    if change is None:
        st.caption("Once everything is filled in, you see here what would change.")
        return
    try:
        other = ask_other_half(actor, group_ref, change)
        with reading() as db:
            preview = both.preview(db, actor, group_ref, change, other.changes)
    except AppError as error:
        show_error(error)
        return
    _show(preview)
    if other.preview is not None:
        st.subheader(f"And in {literal(other.name)}", anchor=False)
        _show_changes(other.preview)
    if other.is_decided:
        _confirm(actor, group_ref, change, preview, other)
    else:
        st.caption("Say above whether the other half changes too. Then you can make the change.")


def _besides(schedule: Schedule) -> dict[str, str]:
    """What only groups of some kinds can do."""
    rounds = _ROUNDS_ONLY if schedule.round else {}
    return rounds | (_PAIRS_ONLY if is_paired(schedule) else {})


def _show(preview: Preview) -> None:
    st.subheader("What would change", anchor=False)
    _show_changes(preview)


def _show_changes(preview: Preview) -> None:
    if preview.lines:
        rows = [schedule_words.row(one, preview.rooms) for one in preview.lines]
        st.table(pd.DataFrame(rows, columns=["Session", "Before", "After"]), hide_index=True)
    else:
        st.write("No session changes. What is added later keeps to it.")
    st.write(" ".join(schedule_words.consequences(preview)))
    st.markdown(f"**To be told:** {schedule_words.told(preview)}.")
    for sentence in preview.warnings:
        st.warning(sentence, icon=":material/event_busy:")
    show_clashes(preview.clashes)


def _confirm(
    actor: Actor, group_ref: str, change: Change, preview: Preview, other: OtherAsked
) -> None:
    looked_at = repr((change, other.change))
    room: Room = {}
    despite = ""
    with st.form(fresh("schedule_confirm", group_ref), border=False):
        if preview.clashes or (other.preview is not None and other.preview.clashes):
            despite = line(
                st, room, "despite", "Why it is right all the same (kept encrypted)", group_ref,
                max_chars=MAX_REASON,
            )  # fmt: skip
        pressed = st.form_submit_button(
            "Make this change",
            type="primary",
            on_click=keep,
            args=((preview.version, other.version, looked_at),),
        )
    if not pressed:
        return
    version, others_version, then = seen()
    if then != looked_at:
        st.warning("You changed something since you looked. Look again, then confirm.")
        return
    with saving("The schedule is changed. Tell those who are concerned.", room) as db:
        both.apply(
            db, actor, group_ref, change, version=version, despite=despite,
            other=other.confirmed(others_version),
        )  # fmt: skip
