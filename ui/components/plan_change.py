"""Changing a plan; and, when somebody else was faster, both versions side by side."""

from datetime import date

import pandas as pd
import streamlit as st

from services import plan_view, plans
from services.db import reading, transaction
from services.errors import AppError, ConflictError
from services.permissions import Actor
from services.plans import PlanDetails, as_members, members_of
from services.versions import Value, Values
from ui.components import versions
from ui.components.form_fields import Room, choice, done, explain, first_seen, fresh, seen
from ui.components.plan_forms import choices, note_field, people_field

LABELS = {
    "worker": "Worker",
    "members": "For whom",
    "review_on": "Next review",
    "note": "What was agreed",
}


def change_plan(actor: Actor, person_ref: str, still_open: pd.DataFrame) -> None:
    """Its worker, people, next review or note: a review is done by giving the next day."""
    names = choices(still_open)
    only_one = 0 if len(names) == 1 else None
    plan = choice({}, "which_plan", "Which plan", names, person_ref, index=only_one)
    if plan is None:
        return
    with reading() as db:
        standing = plans.details(db, actor, plan)
        workers = plan_view.workers(db, actor)
        family = plan_view.family(db, actor, person_ref)
    if versions.held(plan):
        _settle(actor, plan, standing, workers, family)
    else:
        _edit(actor, plan, standing, workers, family)


def _edit(
    actor: Actor, ref: str, standing: PlanDetails, workers: dict[str, str], family: dict[str, str]
) -> None:
    room: Room = {}
    opened: PlanDetails = first_seen(fresh("opened", ref), standing, drawn=fresh("note", ref))
    with st.form(fresh("change_plan", ref), border=False):
        mine = _fields(room, opened.values, ref, workers, family)
        pressed = st.form_submit_button("Save the plan", type="primary")
    if pressed:
        _save(actor, ref, mine, opened, room)


def _fields(
    room: Room, values: Values, ref: str, workers: dict[str, str], family: dict[str, str]
) -> dict[str, Value]:
    now = [member for member in members_of(values["members"]) if member in family]
    members = people_field(room, family, now, ref)
    place = list(workers).index(str(values["worker"])) if values["worker"] in workers else None
    worker = choice(room, "worker", LABELS["worker"], workers, ref, index=place)
    review_on = st.date_input(
        LABELS["review_on"],
        value=values["review_on"],  # type: ignore[arg-type] # the field of a date
        format="DD/MM/YYYY",
        key=fresh("review_on", ref),
    )
    room["review_on"] = st.empty()
    note = note_field(room, str(values["note"]), ref)
    return {
        "worker": worker,
        "members": as_members(members),
        "review_on": review_on,
        "note": note,
    }


def _settle(
    actor: Actor, ref: str, standing: PlanDetails, workers: dict[str, str], family: dict[str, str]
) -> None:
    def written(field: str, value: Value) -> str:
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        if field == "worker":
            return workers.get(str(value), "somebody whose account is closed")
        if field == "members":
            return ", ".join(family[one] for one in members_of(value) if one in family)
        return str(value or "nothing")

    chosen = versions.settle(ref, "plan", LABELS, written, theirs=standing.values, version=standing)
    if chosen is not None:
        _save(actor, ref, chosen, seen(), {})


def _save(actor: Actor, ref: str, mine: Values, opened: PlanDetails, room: Room) -> None:
    try:
        with transaction() as db:
            plans.change(db, actor, ref, mine, seen=opened)
    except ConflictError:
        versions.hold(ref, opened.values, mine)
        st.rerun()
    except AppError as error:
        explain(error, room)
    else:
        versions.let_go(ref)
        done("The plan is changed.")
        st.rerun()
