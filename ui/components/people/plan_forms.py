"""The forms that make a plan for a family, and end one."""

import pandas as pd
import streamlit as st

from services import clock
from services.db import reading
from services.permissions import Actor
from services.plans import interventions, plan_view, plans
from services.plans.plan_draft import MAX_TEXT, REVIEW_AFTER, PlanDraft
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    fresh,
    keep,
    line,
    needed,
    saving,
    seen,
)


def make_plan(actor: Actor, person_ref: str) -> None:
    """One intervention, for some or all of the family."""
    with reading() as db:
        offered = interventions.choices(db)
        workers = plan_view.workers(db, actor)
        family = plan_view.family(db, actor, person_ref)
    room: Room = {}
    with st.form(fresh("plan", person_ref), border=False):
        intervention = choice(room, "intervention", "Intervention", offered, person_ref, index=None)
        members = people_field(room, family, list(family), person_ref)
        worker = choice(room, "worker", "Worker", workers, person_ref, index=None)
        left, right = st.columns(2)
        starts_on = date_field(
            left, room, "starts_on", "First day", person_ref, key="starts", value=clock.today()
        )
        review_on = date_field(
            right,
            room,
            "review_on",
            "Review, if one is agreed",
            person_ref,
            key="review",
            value=clock.today() + REVIEW_AFTER,
        )
        note = note_field(room, "", person_ref)
        pressed = st.form_submit_button("Make the plan", type="primary")
    if not pressed:
        return
    with saving("The plan is made. Its review comes up under Today on the day.", room) as db:
        draft = PlanDraft(
            intervention_ref=needed(intervention, "intervention", "Choose an intervention."),
            worker_ref=needed(worker, "worker", "Choose who looks after the plan."),
            member_refs=members,
            starts_on=starts_on,
            review_on=review_on,
            note=note,
        )
        plans.make(db, actor, person_ref, draft)


def end_plan(actor: Actor, person_ref: str, still_open: pd.DataFrame) -> None:
    """The last day of one of the open plans, and how it ended."""
    names = choices(still_open)
    versions = dict(zip(still_open["plan"], still_open["version"], strict=True))
    room: Room = {}
    with st.form(fresh("end_plan", person_ref), border=False):
        # None chosen beforehand: one that has ended meanwhile must not turn into another.
        chosen = choice(room, "plan", "Which plan", names, person_ref, index=None)
        on = date_field(
            st, room, "ends_on", "Last day", person_ref, key="ends", value=clock.today()
        )
        reason = line(st, room, "ending", "How it ended, in a few words", person_ref)
        pressed = st.form_submit_button("End the plan", on_click=keep, args=(versions,))
    if not pressed:
        return
    with saving("The plan has ended. It stays in the list.", room) as db:
        plan = needed(chosen, "plan", "Choose the plan to end.")
        plans.end(db, actor, plan, on=on, reason=reason, version=seen()[plan])


def choices(still_open: pd.DataFrame) -> dict[str, str]:
    """Open plans to choose from: reference to what and for whom."""
    named = still_open["intervention"] + ": " + still_open["people"]
    return dict(zip(still_open["plan"], named, strict=True))


def people_field(room: Room, family: dict[str, str], now: list[str], ref: str) -> list[str]:
    """Whom a plan is for."""
    members: list[str] = st.multiselect(
        "For whom",
        list(family),
        default=now,
        format_func=family.__getitem__,
        placeholder="Choose at least one",
        key=fresh("members", ref),
    )
    room["members"] = st.empty()
    return members


def note_field(room: Room, now: str, ref: str) -> str:
    """What was agreed."""
    note: str = st.text_area(
        "What was agreed, for staff", value=now, max_chars=MAX_TEXT, key=fresh("note", ref)
    )
    room["note"] = st.empty()
    return note
