"""The plans made with a participant's family, as far as the reader may see them."""

from functools import partial

import pandas as pd
import streamlit as st

from services.db import reading
from services.people.people import PersonSummary
from services.permissions import Actor, Permission
from services.plans import plan_view
from ui.components.choose import date_column, show_rows
from ui.components.folded import folded
from ui.components.people.plan_change import change_plan
from ui.components.people.plan_forms import end_plan, make_plan

_NARROW = 100  # pixels


def draw(actor: Actor, person: PersonSummary) -> None:
    """The family's plans, the open ones first, and what can be done about them."""
    with reading() as db:
        found = plan_view.of_family(db, actor, person.ref)
    st.header("Plans with the family", anchor=False)
    may_edit = actor.may(Permission.EDIT_PLANS)
    if found.empty:
        asks = "Make one below." if may_edit else "A coordinator makes one here."
        st.info(f"No plan yet. {asks}")
    else:
        _table(found)
    if not may_edit:
        return
    still_open = found[found["ends_on"].isna()]
    folded(
        "Make a plan",
        partial(make_plan, actor, person.ref),
        key=f"make_plan_{person.ref}",
        icon=":material/add:",
        expanded=found.empty,
    )
    if still_open.empty:
        return
    folded(
        "Change or review a plan",
        partial(change_plan, actor, person.ref, still_open),
        key=f"change_plan_{person.ref}",
        icon=":material/edit:",
    )
    folded(
        "End a plan",
        partial(end_plan, actor, person.ref, still_open),
        key=f"end_plan_{person.ref}",
        icon=":material/event_available:",
    )


def _table(found: pd.DataFrame) -> None:
    stands = found["ends_on"].notna().map({True: "Ended", False: "Open"})
    shown = found.assign(state=stands.mask(found["is_due"].astype(bool), "Review due"))
    # What is to do and when first: beyond the edge of a laptop nobody would look for it.
    columns = {
        "state": st.column_config.TextColumn("Plan", width=_NARROW),
        "review_on": date_column("Review", width=_NARROW),
        "intervention": "Intervention",
        "people": "For whom",
        "worker": "Worker",
        "starts_on": date_column("From", width=_NARROW),
        "ends_on": date_column("Until", width=_NARROW),
        "note": "What was agreed",
        "ending": "How it ended",
    }
    filled = {name: heading for name, heading in columns.items() if shown[name].notna().any()}
    show_rows(shown[list(filled)], filled, alt="Plans with the family")
