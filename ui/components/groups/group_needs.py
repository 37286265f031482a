"""What a group asks for on its page: how many it takes to run, and how old its children are."""

import streamlit as st

from services import clock
from services.permissions import Actor
from services.places import fitting
from services.places.fitting import Standing
from ui.components.form_fields import Room, fresh, keep, saving, seen


def group_needs(found: Standing) -> None:
    """How the group stands to its minimum, and whom it is for."""
    if found.below:
        st.badge(below_in_words(found), icon=":material/group_add:", color="orange")
    if found.limits.ages:
        st.caption(f"For children aged {found.limits.ages} on the first day.")


def below_in_words(found: Standing) -> str:
    """2 below the minimum of 5, starts in 9 days."""
    days = (found.starts_on - clock.today()).days
    when = "tomorrow" if days == 1 else f"in {days} days"
    return f"{found.below} below the minimum of {found.limits.minimum}, starts {when}"


def change_needs(actor: Actor, group_ref: str, found: Standing) -> None:
    """How many it takes at least, and how old its children are."""
    room: Room = {}
    has_children = bool(found.limits.ages)
    with st.form(fresh("needs", group_ref), border=False):
        minimum = st.number_input(
            "It takes at least so many people",
            value=found.limits.minimum,
            step=1,
            key=fresh("needs_minimum", group_ref),
        )
        room["minimum"] = st.empty()
        age_min, age_max = _ages(found, group_ref, room) if has_children else (None, None)
        pressed = st.form_submit_button("Change this", on_click=keep, args=(found.version,))
    if not pressed:
        return
    with saving("What this group asks for is changed. Places given before stay.", room) as db:
        fitting.change_limits(
            db, actor, group_ref, minimum=int(minimum), age_min=age_min, age_max=age_max,
            version=seen(),
        )  # fmt: skip


def _ages(found: Standing, group_ref: str, room: Room) -> tuple[int | None, int | None]:
    left, right = st.columns(2)
    ages = [
        place.number_input(label, value=value, step=1, key=fresh(field, group_ref))
        for place, label, value, field in (
            (left, "Youngest on the first day", found.limits.age_min, "needs_age_min"),
            (right, "Oldest, if there is a limit", found.limits.age_max, "needs_age_max"),
        )
    ]
    room["age_max"] = st.empty()
    return ages[0], ages[1]
