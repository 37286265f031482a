"""Finding referrals: those on the way, paused, with a place or ended, page by page."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Actor, Permission
from services.referrals import referrals
from ui.components.choose import choose_row, date_column, page_buttons, position, start_again
from ui.components.folded import folded
from ui.components.referrals.referral_form import referral_of_somebody
from ui.components.referrals.referral_words import PARTS, STATES, origins
from ui.navigation import file_of

_PART, _LIST = "referrals_state", "referrals"


def referral_list(actor: Actor) -> None:
    """The list, and beneath it for a coordinator the form that takes one down."""
    part = st.pills(
        "How far they have come",
        list(PARTS),
        default="way",
        format_func=lambda key: PARTS[key][0],
        key=_PART,
        on_change=start_again,
        args=(_LIST,),
        persist_state="session",
    )
    with reading() as db:
        states = PARTS[part][1] if part else ()
        frame = referrals.directory(db, actor, states=states, after=position(_LIST))
    if frame.empty:
        st.info(_nothing(actor, part))
    else:
        st.caption("The newest first. Choose a row to open a referral.")
        columns = {
            "name": "Name",
            "state": "Step",
            "days": st.column_config.NumberColumn("Days in this step"),
            "received": date_column("Came in"),
            "origin": "From",
        }
        shown = frame.assign(state=frame["state"].map(STATES), origin=origins(frame))
        chosen = choose_row(shown, columns, key="referrals_list", alt="Referrals")
        if chosen is not None:
            st.switch_page(file_of("referrals"), query_params={"referral": chosen["ref"]})
    last = (frame.iloc[-1]["received"], int(frame.iloc[-1]["number"])) if len(frame) else None
    page_buttons(_LIST, page=referrals.PAGE, shown=len(frame), last=last)
    if actor.may(Permission.EDIT_REFERRALS):
        folded(
            "Add a referral",
            partial(referral_of_somebody, actor),
            key="new_referral",
            expanded=frame.empty,
            icon=":material/person_add:",
        )


def _nothing(actor: Actor, part: str | None) -> str:
    if not actor.may(Permission.EDIT_REFERRALS):
        return "No referrals here. Those of the people in your groups show as they come."
    if part is None:
        return "No referrals yet. Add the first one below."
    return f"None under “{PARTS[part][0]}”. Choose another heading, or add one below."
