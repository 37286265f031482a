"""Changing a plan; and, when somebody else was faster, both versions side by side."""

from functools import partial

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.plans import plan_view, plans
from services.plans.plans import as_members, members_of
from services.versions import Value, Values
from ui.components import versions
from ui.components.form_fields import Room, choice, fresh
from ui.components.people.plan_forms import choices, note_field, people_field
from ui.components.versions import Record

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
    one = Record(
        name=plan,
        what="plan",
        labels=LABELS,
        standing=standing,
        drawn=fresh("note", plan),
        written=partial(_written, workers, family),
        button="Save the plan",
        saved="The plan is changed.",
    )
    versions.change(
        one,
        partial(_fields, plan, workers, family),
        lambda db, mine, seen: plans.change(db, actor, plan, mine, seen=seen),
    )


def _fields(
    ref: str, workers: dict[str, str], family: dict[str, str], room: Room, values: Values
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


def _written(workers: dict[str, str], family: dict[str, str], field: str, value: Value) -> str:
    if field == "worker":
        return workers.get(str(value), "somebody whose account is closed")
    if field == "members":
        return ", ".join(family[one] for one in members_of(value) if one in family)
    return versions.in_words(field, value)
