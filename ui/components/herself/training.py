"""Her training: what she has, until when it counts, and what a role still needs."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.herself import training
from services.volunteers.herself.record import Herself
from ui.components.training.taken import courses_taken, hours_lately, still_needed


def draw(actor: Actor, _me: Herself) -> None:
    """The courses taken, and what is missing."""
    with reading() as db:
        taken = training.mine(db, actor)
    hours_lately(taken)
    courses_taken(taken, alt="My training")
    if taken.missing:
        still_needed(taken)
    st.caption("Ask your coordinator for a place on a course, or for a certificate.")
