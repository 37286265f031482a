"""When she can come and what she would like, as she keeps it herself."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.availability.wishes import WishesView
from services.volunteers.herself import availability
from services.volunteers.herself.record import Herself
from ui.components.volunteer.availability import hours_and_exceptions
from ui.components.volunteer.hours_forms import Doors
from ui.components.volunteer.wishes_form import MINE, change_wishes


def draw(actor: Actor, me: Herself) -> None:
    """Her hours, her days away, and her wishes."""
    with reading() as db:
        seen = availability.mine(db, actor)
        wished = availability.my_wishes(db, actor)
    along, beside = st.columns(2, gap="large")
    with along:
        nobody = "Say here when you can usually come. Until then you may be asked for any time."
        hours_and_exceptions(_doors(actor, me.ref), seen, nobody=nobody, away="I am away")
    with beside:
        st.header("Wishes", anchor=False)
        _wishes(actor, me.ref, wished)


def _doors(actor: Actor, ref: str) -> Doors:
    return Doors(
        ref,
        add_hours=lambda db, **new: availability.add_hours(db, actor, **new),
        remove_hours=lambda db, gone: availability.remove_hours(db, actor, gone),
        add_away=lambda db, **new: availability.add_away(db, actor, **new),
        add_extra=lambda db, **new: availability.add_extra(db, actor, **new),
        remove_exception=lambda db, gone: availability.remove_exception(db, actor, gone),
    )


def _wishes(actor: Actor, ref: str, seen: WishesView) -> None:
    kept = seen.kept
    groups = "one group" if kept.groups_at_once == 1 else f"{kept.groups_at_once} groups"
    weeks = "a week" if kept.weeks_between == 1 else f"{kept.weeks_between} weeks"
    st.caption(
        f"Agreed with your coordinator: {groups} at a time, and {weeks} between groups. Talk to "
        "her if that does not fit."
    )
    change_wishes(
        ref,
        seen,
        MINE,
        lambda db, draft, version: availability.save_wishes(db, actor, draft, version=version),
    )
