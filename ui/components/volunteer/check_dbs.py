"""DBS checks on screen: asked for, seen, decided on; and what the Update Service says."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from models import CheckDecision, CheckLevel, Workforce
from services.permissions import Actor
from services.volunteers.vetting import dbs, roles
from services.volunteers.vetting.dbs import EARLIEST, Certificate, Request
from services.volunteers.vetting.view import DbsView
from services.volunteers.volunteers import VolunteerSummary
from ui.components.choose import date_column, said_of_any, show_rows
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    fresh,
    keep,
    line,
    needed,
    only,
    saving,
    seen,
    versions_seen,
)
from ui.components.volunteer import check_update
from ui.components.volunteer.check_words import DECISIONS, LEVELS, WORKFORCES, day, state
from ui.components.volunteer.deciding import decide


def section(actor: Actor, one: VolunteerSummary, found: tuple[DbsView, ...]) -> None:
    """The table, and what can be done next."""
    st.header("DBS checks", anchor=False)
    st.caption(
        "Never write down what a certificate says, and keep no copy. Its number and the reason "
        "for a decision are removed after six months."
    )
    if found:
        _table(found)
    folded("Ask for a check", partial(_ask, actor, one), key=f"dbs_ask_{one.ref}")
    if asked := [each for each in found if each.seen_on is None]:
        label = "Note that you have seen a certificate"
        folded(label, partial(_see, actor, one, asked), key=f"dbs_see_{one.ref}")
    if there := [each for each in found if each.seen_on is not None]:
        folded("Decide on a check", partial(_decide, actor, one, there), key=f"dbs_{one.ref}")
        label = "Update Service"
        folded(label, partial(check_update.forms, actor, one, there), key=f"update_{one.ref}")


def called(one: DbsView) -> str:
    """A check in a few words."""
    return f"{LEVELS[one.level]}, {WORKFORCES[one.workforce].lower()}, asked {day(one.asked_on)}"


def _table(found: tuple[DbsView, ...]) -> None:
    columns = {
        "what": "Check",
        "until": date_column("Counts until"),
        "state": "State",
        "decision": "Decision",
        "decided_by": "By",
        "update": "Update Service",
        "issued_on": date_column("Issued"),
        "seen_by": "Original seen by",
        "number": "Number",
        "reason": "Why",
        "asked_on": date_column("Asked"),
        "role": "Asked for",
    }
    frame = pd.DataFrame([_row(each) for each in found])
    show_rows(frame, said_of_any(frame, columns), alt="Her DBS checks")


def _row(one: DbsView) -> dict[str, object]:
    barred = " with the barred list" if one.with_barred_list else ""
    gone = f"Removed {day(one.details_removed_on)}" if one.details_removed_on else ""
    return {
        "what": f"{LEVELS[one.level]}{barred}, {WORKFORCES[one.workforce].lower()}",
        "role": roles.titles().get(one.role, one.role),
        "asked_on": one.asked_on,
        "issued_on": one.issued_on,
        "number": one.number or gone,
        "seen_by": one.seen_by or "",
        "update": _update(one),
        "decision": DECISIONS[one.decision] if one.decision else "",
        "decided_by": one.decided_by or "",
        "reason": one.reason or (gone if one.decision else ""),
        "until": one.counts_until,
        "state": state(one.counts_until) if one.is_current else "",
    }


def _update(one: DbsView) -> str:
    if one.changed_on is not None:
        return f"Something new, {day(one.changed_on)}"
    if one.update_service_on is None:
        return ""
    asked = f", last asked {day(one.status_on)}" if one.status_on else ""
    return f"Since {day(one.update_service_on)}{asked}"


def _ask(actor: Actor, one: VolunteerSummary) -> None:
    room: Room = {}
    own = f"{one.ref}_ask"
    with st.form(fresh("dbs_ask", one.ref), border=False):
        role = choice(room, "role", "What she will do", roles.titles(), own, index=None)
        level = choice(room, "level", "Level", LEVELS, own, index=None)
        workforce = choice(room, "workforce", "With whom", WORKFORCES, own, index=None)
        barred = st.checkbox(
            "Ask for the children's barred list as well",
            help="Only where her role entitles to it: asking for more is an offence.",
            key=fresh("with_barred_list", own),
        )
        room["with_barred_list"] = st.empty()
        pressed = st.form_submit_button("Note that it was asked for today", type="primary")
    if not pressed:
        return
    with saving("It is noted. She pays nothing for it.", room) as db:
        request = Request(
            role=needed(role, "role", "Choose what she will do."),
            level=CheckLevel(needed(level, "level", "Choose the level.")),
            workforce=Workforce(needed(workforce, "workforce", "Choose with whom.")),
            with_barred_list=barred,
        )
        dbs.ask(db, actor, one.ref, request)


def _see(actor: Actor, one: VolunteerSummary, found: list[DbsView]) -> None:
    room: Room = {}
    own = f"{one.ref}_see"
    with st.form(fresh("dbs_see", one.ref), border=False):
        which = choice(room, "check", "Check", _names(found), own, index=only(found))
        number = line(st, room, "number", "Number on the certificate", own)
        issued = date_field(st, room, "issued_on", "Issued on", own, value=None, min_value=EARLIEST)
        joined = date_field(
            st,
            room,
            "update_service_on",
            "Joined the Update Service on, if she has",
            own,
            value=None,
            min_value=EARLIEST,
        )
        label = "I have seen the original"
        pressed = st.form_submit_button(label, on_click=keep, args=(versions_seen(found),))
    if not pressed:
        return
    with saving("It is noted, with your name. Decide on it next.", room) as db:
        ref = needed(which, "check", "Choose the check.")
        certificate = Certificate(
            number=number,
            issued_on=needed(issued, "issued_on", "Enter the day it was issued."),
            update_service_on=joined,
        )
        dbs.see(db, actor, ref, certificate, version=seen()[ref])


def _decide(actor: Actor, one: VolunteerSummary, found: list[DbsView]) -> None:
    def act(db: Any, check: str, what: str, **more: Any) -> None:
        dbs.decide(db, actor, check, CheckDecision(what), **more)

    decide(
        "check",
        one.ref,
        found,
        called=_names(found),
        options=DECISIONS,
        why="Why, without what the certificate says",
        act=act,
    )


def _names(found: list[DbsView]) -> dict[str, str]:
    return {each.ref: called(each) for each in found}
