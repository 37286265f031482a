"""When she can come and what she would like, as she keeps it herself."""

import streamlit as st

from models import PlacementRole
from services.db import reading, transaction
from services.errors import AppError
from services.people.languages import languages
from services.permissions import Actor
from services.volunteers.availability.wishes import LIMITS, WishesDraft, WishesView
from services.volunteers.herself import availability
from services.volunteers.herself.record import Herself
from ui.components.form_fields import Room, area, done, explain, first_seen, fresh
from ui.components.volunteer.availability import hours_and_exceptions
from ui.components.volunteer.hours_forms import Doors
from ui.components.volunteer.words import ROLES

_WISHED = [role for role in ROLES if role != PlacementRole.SHADOWING.value]


def draw(actor: Actor, me: Herself) -> None:
    """Her hours, her days away, and her wishes."""
    with reading() as db:
        seen = availability.mine(db, actor)
        wished = availability.my_wishes(db, actor)
    along, beside = st.columns(2, gap="large")
    with along:
        nobody = "Say here when you can usually come. Until then no rota asks you."
        hours_and_exceptions(_doors(actor, me.ref), seen, nobody=nobody, away="I am away")
    with beside:
        st.header("Wishes", anchor=False)
        _wishes(actor, me, wished)


def _doors(actor: Actor, ref: str) -> Doors:
    return Doors(
        ref,
        add_hours=lambda db, **new: availability.add_hours(db, actor, **new),
        remove_hours=lambda db, gone: availability.remove_hours(db, actor, gone),
        add_away=lambda db, **new: availability.add_away(db, actor, **new),
        add_extra=lambda db, **new: availability.add_extra(db, actor, **new),
        remove_exception=lambda db, gone: availability.remove_exception(db, actor, gone),
    )


def _wishes(actor: Actor, me: Herself, seen: WishesView) -> None:
    kept, room = seen.kept, Room()
    key = fresh("own_roles", me.ref)
    version = first_seen(fresh("own_wishes_seen", me.ref), seen.version, drawn=key)
    groups = "one group" if kept.groups_at_once == 1 else f"{kept.groups_at_once} groups"
    st.caption(
        f"Agreed with your coordinator: {groups} at a time, and {kept.weeks_between} weeks "
        "between groups. Talk to her if that does not fit."
    )
    with st.form(fresh("own_wishes", me.ref), border=False):
        roles = st.pills(
            "What I would like to do",
            _WISHED,
            selection_mode="multi",
            default=[role.value for role in kept.roles],
            format_func=ROLES.__getitem__,
            key=key,
        )
        room["roles"] = st.empty()
        least, most = LIMITS["most_a_month"]
        a_month = st.number_input(
            "Most sessions a month; empty if it does not matter", least, most,
            value=kept.most_a_month, step=1, key=fresh("own_most", me.ref),
        )  # fmt: skip
        room["most_a_month"] = st.empty()
        spoken = st.multiselect(
            "Languages I speak beside English",
            sorted({*languages(), *kept.languages}),
            default=list(kept.languages),
            accept_new_options=True,
            placeholder="Choose or type",
            key=fresh("own_languages", me.ref),
        )
        room["languages"] = st.empty()
        skills = area(room, "skills", "What I am good at", me.ref, value=kept.skills)
        avoids = area(room, "avoids", "Places I would rather not be", me.ref, value=kept.avoids)
        avoided = st.multiselect(
            "Rooms I do not want to be in",
            list(seen.rooms),
            default=sorted(kept.avoided_rooms),
            format_func=seen.rooms.__getitem__,
            placeholder="Choose",
            key=fresh("own_rooms", me.ref),
        )
        room["avoided_rooms"] = st.empty()
        pressed = st.form_submit_button("Save my wishes", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            draft = WishesDraft(
                most_a_month=a_month,
                roles=[PlacementRole(role) for role in roles],
                languages=spoken,
                skills=skills,
                avoids=avoids,
                avoided_rooms=avoided,
            )
            availability.save_wishes(db, actor, draft, version=version)
    except AppError as error:
        explain(error, room)
    else:
        done("Your wishes are kept.")
        st.rerun()
