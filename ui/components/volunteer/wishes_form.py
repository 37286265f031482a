"""The form for what a volunteer would like, how much of it, and where she does not want to be."""

import streamlit as st

from models import PlacementRole
from services.db import transaction
from services.errors import AppError
from services.people.languages import languages
from services.permissions import Actor
from services.volunteers.availability import wishes
from services.volunteers.availability.wishes import LIMITS, WishesDraft, WishesView
from services.volunteers.volunteers import VolunteerSummary
from ui.components.form_fields import Room, area, done, explain, first_seen, fresh
from ui.components.volunteer.words import ROLES

_WISHED = [role for role in ROLES if role != PlacementRole.SHADOWING.value]


def change_wishes(actor: Actor, one: VolunteerSummary, seen: WishesView) -> None:
    """Everything she would like, in one form."""
    kept, room = seen.kept, Room()
    key = fresh("wished_roles", one.ref)
    version = first_seen(fresh("wishes_seen", one.ref), seen.version, drawn=key)
    with st.form(fresh("wishes", one.ref), border=False):
        roles = st.pills(
            "What she would like to do",
            _WISHED,
            selection_mode="multi",
            default=[role.value for role in kept.roles],
            format_func=ROLES.__getitem__,
            key=key,
        )
        room["roles"] = st.empty()
        at_once = _number(room, "groups_at_once", "Groups at once", kept.groups_at_once, one.ref)
        between = _number(
            room, "weeks_between", "Weeks between groups", kept.weeks_between, one.ref
        )
        most = _number(
            room, "most_a_month", "Most sessions a month, if she says", kept.most_a_month, one.ref
        )
        spoken = _languages(room, kept, one.ref)
        skills = area(room, "skills", "What she is good at", one.ref, value=kept.skills)
        avoids = area(
            room, "avoids", "Places, streets or districts to avoid, in her words", one.ref,
            value=kept.avoids,
        )  # fmt: skip
        rooms = _rooms(room, seen, one.ref)
        pressed = st.form_submit_button("Save her wishes", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            draft = WishesDraft(
                most_a_month=most,
                weeks_between=between or 0,
                groups_at_once=at_once or 1,
                roles=[PlacementRole(role) for role in roles],
                languages=spoken,
                skills=skills,
                avoids=avoids,
                avoided_rooms=rooms,
            )
            wishes.save(db, actor, one.ref, draft, version=version)
    except AppError as error:
        explain(error, room)
    else:
        done("Her wishes are kept.")
        st.rerun()


def _number(room: Room, field: str, label: str, value: int | None, ref: str) -> int | None:
    least, most = LIMITS[field]
    found: int | None = st.number_input(
        label, least, most, value=value, step=1, key=fresh(field, ref)
    )
    room[field] = st.empty()
    return found


def _languages(room: Room, kept: WishesDraft, ref: str) -> list[str]:
    found: list[str] = st.multiselect(
        "Languages she speaks beside English",
        sorted({*languages(), *kept.languages}),
        default=list(kept.languages),
        accept_new_options=True,
        placeholder="Choose or type",
        key=fresh("languages", ref),
    )
    room["languages"] = st.empty()
    return found


def _rooms(room: Room, seen: WishesView, ref: str) -> list[str]:
    found: list[str] = []
    if seen.rooms:
        found = st.multiselect(
            "Rooms she does not want to be in",
            list(seen.rooms),
            default=sorted(seen.kept.avoided_rooms),
            format_func=seen.rooms.__getitem__,
            placeholder="Choose",
            key=fresh("avoided_rooms", ref),
        )
    room["avoided_rooms"] = st.empty()
    return found
