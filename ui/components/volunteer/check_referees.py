"""Referees on screen: who they are, what has been done, and the forms that go on from there."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from models import RefereeContext
from services.permissions import Actor
from services.volunteers.vetting import referees
from services.volunteers.vetting.referees import RefereeDraft, Step
from services.volunteers.vetting.view import RefereeView
from services.volunteers.volunteers import VolunteerSummary
from ui.components.choose import date_column, said_of_any, show_rows
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    choice,
    fresh,
    keep,
    line,
    needed,
    number_field,
    only,
    saving,
    seen,
    versions_seen,
)
from ui.components.volunteer.check_words import CONTEXTS, STEPS
from ui.components.volunteer.deciding import decide

_ENOUGH = {"yes": "It is enough", "no": "It is not enough: ask for another referee"}


def section(actor: Actor, one: VolunteerSummary, found: tuple[RefereeView, ...]) -> None:
    """The table, and what can be done next."""
    st.header("References", anchor=False)
    st.caption(
        "Two people who have known her for two years or more, are not related to her, and know "
        "her from different parts of her life."
    )
    if found:
        _table(found)
    folded("Add a referee", partial(_add, actor, one), key=f"referee_{one.ref}")
    open_ones = [each for each in found if each.is_enough is None]
    if open_ones:
        folded(
            "Note what a referee was asked or answered",
            partial(_note, actor, one, open_ones),
            key=f"referee_note_{one.ref}",
        )
    if came := [each for each in found if each.received_on is not None]:
        folded(
            "Decide on a reference",
            partial(_decide, actor, one, came),
            key=f"referee_decide_{one.ref}",
        )


def _table(found: tuple[RefereeView, ...]) -> None:
    frame = pd.DataFrame([_row(each) for each in found])
    columns = {
        "name": "Referee",
        "context": "Knows her from",
        "decision": "Decision",
        "decided_by": "By",
        "asked_on": date_column("Asked"),
        "chased_on": date_column("Reminded"),
        "received_on": date_column("Came"),
        "contact": "Contact",
        "known_years": "For years",
        "reason": "Why",
    }
    show_rows(frame, said_of_any(frame, columns), alt="Her referees")


def _row(one: RefereeView) -> dict[str, object]:
    decision = {None: "", True: "Enough", False: "Not enough"}[one.is_enough]
    return {
        "name": one.name,
        "contact": one.contact,
        "context": CONTEXTS[one.context],
        "known_years": one.known_years,
        "asked_on": one.asked_on,
        "chased_on": one.chased_on,
        "received_on": one.received_on,
        "decision": decision,
        "decided_by": one.decided_by or "",
        "reason": one.reason or "",
    }


def _add(actor: Actor, one: VolunteerSummary) -> None:
    room: Room = {}
    own = f"{one.ref}_referee"
    with st.form(fresh("referee", one.ref), border=False):
        name = line(st, room, "name", "Referee's name", own)
        contact = line(st, room, "contact", "How to reach the referee", own)
        context = choice(room, "context", "Knows her from", CONTEXTS, own, index=None)
        label = "Has known her for how many years"
        years = number_field(st, room, "known_years", label, own, value=2)
        is_related = st.checkbox("Is related to her", key=fresh("is_related", own))
        room["is_related"] = st.empty()
        pressed = st.form_submit_button("Add the referee", type="primary")
    if not pressed:
        return
    with saving("The referee is noted. Ask for the reference next.", room) as db:
        chosen = needed(context, "context", "Choose where the referee knows her from.")
        draft = RefereeDraft(
            name=name,
            contact=contact,
            context=RefereeContext(chosen),
            known_years=years,
            is_related=is_related,
        )
        referees.add(db, actor, one.ref, draft)


def _note(actor: Actor, one: VolunteerSummary, found: list[RefereeView]) -> None:
    room: Room = {}
    own = f"{one.ref}_note"
    with st.form(fresh("referee_note", one.ref), border=False):
        who = choice(room, "referee", "Referee", _names(found), own, index=only(found))
        step = choice(room, "step", "What was done", STEPS, own, index=None)
        pressed = st.form_submit_button("Note it", on_click=keep, args=(versions_seen(found),))
    if not pressed:
        return
    with saving("It is noted.", room) as db:
        ref = needed(who, "referee", "Choose the referee.")
        what = Step(needed(step, "step", "Choose what was done."))
        referees.note(db, actor, ref, what, version=seen()[ref])


def _decide(actor: Actor, one: VolunteerSummary, found: list[RefereeView]) -> None:
    def act(db: Any, referee: str, what: str, **more: Any) -> None:
        referees.decide(db, actor, referee, is_enough=what == "yes", **more)

    decide("referee", one.ref, found, called=_names(found), options=_ENOUGH, why="Why", act=act)


def _names(found: list[RefereeView]) -> dict[str, str]:
    return {each.ref: each.name for each in found}
