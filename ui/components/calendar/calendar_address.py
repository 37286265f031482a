"""The calendar in the address: which page of it is open, and where a session leads."""

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from services import clock
from services.calendar.calendar import Entry, Standing
from services.calendar.calendar_days import View, within_reach
from services.permissions import Actor, Permission
from ui.components.calendar.calendar import Look

_VIEWS = {view.value: view for view in View}


def asked() -> Look:
    """The page of the calendar in the address; what cannot be one is today's."""
    chosen = _VIEWS.get(st.query_params.get("view", ""))
    try:
        day = date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        day = clock.today()
    return Look(chosen, day if within_reach(day) else clock.today())


def turn_to(look: Look) -> None:
    """Keep the page in the address: a reload, or a link sent on, shows the same days."""
    st.query_params["day"] = look.day.isoformat()
    if look.chosen:
        st.query_params["view"] = look.chosen.value


def leads_to(actor: Actor, entry: Entry) -> tuple[str, dict[str, str]]:
    """A session's register for whoever takes it; its group for others, and once cancelled."""
    if actor.may(Permission.TAKE_REGISTER) and entry.standing is not Standing.CANCELLED:
        return "register", {"session": entry.ref}
    return "groups", {"group": entry.group_ref}


def href(actor: Actor, entry: Entry) -> str:
    """The same as a link, for another tab."""
    address, query = leads_to(actor, entry)
    return f"/{address}?{urlencode(query)}"
