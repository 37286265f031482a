"""How sessions stood when they were held: a line on the register, and those that ran short."""

import pandas as pd
import streamlit as st

from services.db import reading
from services.groups.safe_to_run import kept
from services.groups.safe_to_run.kept import Kept
from services.groups.safe_to_run.verdict import Light
from services.permissions import Actor
from ui.components.choose import choose_row, date_column
from ui.components.cover.sessions import LIGHTS
from ui.components.words import day, literal
from ui.navigation import file_of

# Nobody is named: what was kept is which rule was broken.
_RULES = {
    "ratio": "fewer adults than needed",
    "facilitator": "no facilitator there",
    "training": "no facilitator on record as trained",
    "away": "somebody was away",
    "check": "a check for work with children was not in date",
    "volunteer": "something to settle with a volunteer",
    "room": "no room and no link",
}
_OLDER = "cover_kept_before"


def how_it_stood(actor: Actor, session_ref: str) -> None:
    """On a finished register: what was missing when it was held, if something was."""
    with reading() as db:
        found = kept.of_session(db, actor, session_ref)
    if found is not None and found.light is not Light.GREEN:
        st.caption(
            f"How it stood, as known on {day(found.judged_at)}: {LIGHTS[found.light]}, "
            f"{_adults(found)} adults counted. {literal(_said(found))}."
        )


def sessions_that_ran_short(actor: Actor) -> None:
    """Those held although something was missing, a page at a time; choosing one opens its group."""
    before = st.session_state.get(_OLDER)
    with reading() as db:
        found = kept.ran_short(db, actor, before=before)
    if not found:
        st.caption(
            "No session is on record as held short-handed." if before is None else "No more."
        )
    else:
        rows = [
            (one.group_ref, one.day, one.group, one.session, LIGHTS[one.kept.light],
             _adults(one.kept), _said(one.kept))
            for one in found
        ]  # fmt: skip
        columns = {
            "day": date_column("Day"),
            "group": "Group",
            "session": "Session",
            "light": "Stood",
            "adults": "Adults",
            "said": "What was missing",
        }
        frame = pd.DataFrame(rows, columns=["ref", *columns])
        alt = "Sessions held although something was missing"
        chosen = choose_row(frame, columns, key="cover_kept_rows", alt=alt)
        if chosen is not None:
            st.switch_page(file_of("groups"), query_params={"group": chosen["ref"]})
    _turn(before is not None, found[-1] if len(found) == kept.PAGE else None)


def _turn(is_older: bool, last: kept.Short | None) -> None:
    if last is not None and st.button("Older ones", key="cover_kept_older"):
        st.session_state[_OLDER] = (last.day, last.number)
        st.rerun()
    if is_older and st.button("The newest ones", key="cover_kept_newest"):
        del st.session_state[_OLDER]
        st.rerun()


def _adults(found: Kept) -> str:
    return f"{found.adults} of {found.needed}"


def _said(found: Kept) -> str:
    return "; ".join(_RULES[rule] for rule in found.rules).capitalize()
