"""Who runs a group: the list, and the forms that change it."""

from datetime import date

import pandas as pd
import streamlit as st

from services import clock
from services.accounts import colleagues
from services.db import reading
from services.groups.staff import facilitators
from services.permissions import Actor, Permission
from ui.components.choose import date_column, show_rows
from ui.components.form_fields import (
    Room,
    area,
    choice,
    date_field,
    fresh,
    needed,
    saving,
)
from ui.components.groups.schedule_clashes import show_clashes

_WAYS = {
    "add": "Add a colleague who runs it from now on",
    "stand_in": "Let a colleague stand in for some days",
    "lead": "Say who leads",
    "end": "Somebody no longer runs it",
}


def who_runs_it(actor: Actor, group_ref: str) -> None:
    """Who runs the group now, and one form at a time to change that."""
    with reading() as db:
        running = facilitators.of_group(db, actor, group_ref)
        others = colleagues.who_may(db, Permission.TAKE_REGISTER)
    _table(running)
    way = st.segmented_control(
        "Who runs it",
        list(_WAYS),
        format_func=_WAYS.__getitem__,
        label_visibility="collapsed",
        key=f"team_way_{group_ref}",
    )
    staying = running[running["ends"].isna()]
    if way in ("add", "stand_in"):
        known = set(running["account"])
        free = {ref: name for ref, name in others.items() if ref not in known}
        _add(actor, group_ref, free, for_days=way == "stand_in")
    elif way == "lead":
        _lead(actor, group_ref, _names(staying))
    elif way == "end":
        _end(actor, group_ref, _names(running))


def _table(running: pd.DataFrame) -> None:
    columns = {"name": "Name", "leads": st.column_config.CheckboxColumn("Leads")}
    if running["ends"].notna().any():
        columns |= {"starts": date_column("Stands in from"), "ends": date_column("Until")}
    show_rows(running, columns, alt="Who runs this group")


def _names(frame: pd.DataFrame) -> dict[str, str]:
    return dict(zip(frame["account"], frame["name"], strict=True))


def _add(actor: Actor, group_ref: str, free: dict[str, str], *, for_days: bool) -> None:
    room: Room = {}
    ref = choice(room, "account", "Colleague", free, group_ref, index=None)
    days: list[date | None] = [None, None]
    if for_days:
        today = clock.today()
        for at, (field, label, place) in enumerate(
            zip(("starts_on", "ends_on"), ("From", "Until"), st.columns(2), strict=True)
        ):
            days[at] = date_field(place, room, field, label, group_ref, value=today)
    starts_on, ends_on = days
    if ref is not None:
        with reading() as db:
            show_clashes(
                facilitators.clashing(
                    db, actor, group_ref, ref, starts_on=starts_on, ends_on=ends_on
                )
            )
    despite = area(room, "despite", "If she is needed elsewhere: why is it right?", group_ref)
    if not st.button("Let her run it", key=fresh("team_add", group_ref), type="primary"):
        return
    with saving("She sees the group from now on.", room) as db:
        facilitators.add(
            db, actor, group_ref, needed(ref, "account", "Choose a colleague."),
            starts_on=starts_on, ends_on=ends_on, despite=despite,
        )  # fmt: skip


def _lead(actor: Actor, group_ref: str, names: dict[str, str]) -> None:
    room: Room = {}
    with st.form(fresh("team_lead", group_ref), border=False):
        ref = choice(room, "account", "Who leads", names, group_ref, index=None)
        pressed = st.form_submit_button("She leads")
    if not pressed:
        return
    with saving("She leads the group now.", room) as db:
        facilitators.lead(
            db, actor, group_ref, needed(ref, "account", "Choose who leads the group.")
        )


def _end(actor: Actor, group_ref: str, names: dict[str, str]) -> None:
    room: Room = {}
    with st.form(fresh("team_end", group_ref), border=False):
        ref = choice(room, "account", "Who no longer runs it", names, group_ref, index=None)
        on = date_field(st, room, "ends_on", "Her last day", group_ref, value=clock.today())
        pressed = st.form_submit_button("End it")
    if not pressed:
        return
    with saving(
        "Her last day is noted. For a week after it she can finish what she began.", room
    ) as db:
        facilitators.end(db, actor, group_ref, needed(ref, "account", "Choose who it is."), on=on)
