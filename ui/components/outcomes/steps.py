"""How far places and people came, as a table of steps."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from services.attendance import reached
from services.attendance.reached import Step
from services.db import reading
from services.permissions import Actor
from services.tallies.shares import WITHHELD
from ui.components.choose import show_rows


def show_steps(steps: Sequence[Step], enrolled: str, *, alt: str) -> None:
    """Each step with what it is a share of; `enrolled` heads the first of these."""
    rows = {
        "step": [step.label for step in steps],
        "enrolled": [step.of_enrolled.words for step in steps],
        "started": [step.of_started.words if step.of_started else "" for step in steps],
    }
    columns = {"step": "Step", "enrolled": enrolled, "started": "Of those started"}
    show_rows(pd.DataFrame(rows), columns, alt=alt)


def people(actor: Actor, programme: str | None) -> None:
    """The steps in people: somebody in two groups is one person."""
    with reading() as db:
        steps = reached.people_steps(db, actor, programme=programme)
    if not steps:
        st.info(WITHHELD)
        return
    show_steps(steps, "Of people enrolled", alt="Started, engaged and completed, in people")
    st.caption(reached.PEOPLE_RULE)
