"""When a supervisor is away and who stands in for her: on the volunteers' page."""

import streamlit as st

from services import clock
from services.db import reading
from services.permissions import Actor
from services.volunteers.support import absences, supervisors
from services.volunteers.support.absences import AbsenceDraft
from ui.components.choose import date_column, show_rows
from ui.components.form_fields import Room, choice, fresh, keep, needed, saving, seen
from ui.components.words import literal


def supervisors_away(actor: Actor) -> None:
    """The absences from today on, a form to note one, and to end one."""
    with reading() as db:
        frame = absences.listed(db, actor)
        able = supervisors.choices(db, actor)
    if frame.empty:
        st.caption("Nobody is away.")
    else:
        columns = {
            "supervisor": "Away",
            "stand_in": "Stands in",
            "starts": date_column("From"),
            "ends": date_column("Until"),
        }
        show_rows(frame, columns, alt="Supervisors who are away")
    if len(able) > 1:
        _add(actor, able)
    else:
        st.caption("There is only one colleague who can supervise, so nobody can stand in yet.")
    if len(frame):
        names = {
            ref: f"{literal(away)}, {literal(stand_in)} stands in"
            for ref, away, stand_in in zip(
                frame["ref"], frame["supervisor"], frame["stand_in"], strict=True
            )
        }
        _end(actor, names, dict(zip(frame["ref"], frame["version"].map(int), strict=True)))


def _add(actor: Actor, able: dict[str, str]) -> None:
    room: Room = {}
    with st.form(fresh("absence"), border=False):
        away = choice(room, "supervisor", "Who is away", able, "away", index=None)
        stand_in = choice(room, "stand_in", "Who stands in", able, "away", index=None)
        one, other = st.columns(2)
        starts_on = one.date_input(
            "First day", value=clock.today(), format="DD/MM/YYYY", key=fresh("absence_from")
        )
        ends_on = other.date_input(
            "Last day", value=clock.today(), format="DD/MM/YYYY", key=fresh("absence_until")
        )
        room["ends_on"] = st.empty()
        st.caption("In these days the one who stands in reads and keeps what the other would.")
        pressed = st.form_submit_button("Note the absence", type="primary")
    if not pressed:
        return
    with saving("It is noted who stands in.", room) as db:
        draft = AbsenceDraft(
            supervisor_ref=needed(away, "supervisor", "Choose who is away."),
            stand_in_ref=needed(stand_in, "stand_in", "Choose who stands in."),
            starts_on=starts_on,
            ends_on=ends_on,
        )
        absences.add(db, actor, draft)


def _end(actor: Actor, names: dict[str, str], versions: dict[str, int]) -> None:
    room: Room = {}
    with st.form(fresh("back"), border=False):
        chosen = choice(room, "absence", "Back again", names, index=None)
        pressed = st.form_submit_button("She is back", on_click=keep, args=(versions,))
    if not pressed:
        return
    with saving("She answers for her volunteers again.", room) as db:
        ref = needed(chosen, "absence", "Choose the absence that is over.")
        absences.end(db, actor, ref, version=seen()[ref])
