"""The form for what a volunteer would like: as she fills it in, and as her coordinator does."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from models import PlacementRole
from services.people.languages import languages
from services.volunteers.availability.wishes import WishesDraft, WishesView
from ui.components.form_fields import (
    Room,
    area,
    first_seen,
    fresh,
    number_field,
    saving,
)
from ui.components.volunteer.words import ROLES

_WISHED = [role for role in ROLES if role != PlacementRole.SHADOWING.value]
_NUMBERS = {
    "groups_at_once": "Groups at once",
    "weeks_between": "Weeks between groups",
    "most_a_month": "Most sessions a month; empty if it does not matter",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """What the fields are called for whoever fills them in, and which numbers she may set."""

    roles: str
    languages: str
    skills: str
    avoids: str
    rooms: str
    save: str
    saved: str
    numbers: tuple[str, ...]


HERS = Voice(
    roles="What she would like to do",
    languages="Languages she speaks besides English",
    skills="What she is good at",
    avoids="Places, streets or districts to avoid, in her words",
    rooms="Rooms she does not want to be in",
    save="Save her wishes",
    saved="Her wishes are kept.",
    numbers=("groups_at_once", "weeks_between", "most_a_month"),
)
MINE = Voice(
    roles="What I would like to do",
    languages="Languages I speak besides English",
    skills="What I am good at",
    avoids="Places I would rather not be",
    rooms="Rooms I do not want to be in",
    save="Save my wishes",
    saved="Your wishes are kept.",
    numbers=("most_a_month",),
)


def change_wishes(ref: str, seen: WishesView, voice: Voice, save: Callable[..., object]) -> None:
    """Everything she would like, in one form; `save` keeps it, given the version she read."""
    room: Room = {}
    key = fresh("wished_roles", ref)
    version = first_seen(fresh("wishes_seen", ref), seen.version, drawn=key)
    with st.form(fresh("wishes", ref), border=False):
        draft = _fields(room, ref, seen, voice, key)
        pressed = st.form_submit_button(voice.save, type="primary")
    if not pressed:
        return
    with saving(voice.saved, room) as db:
        save(db, draft, version)


def _fields(room: Room, ref: str, seen: WishesView, voice: Voice, key: str) -> WishesDraft:
    kept = seen.kept
    roles = st.pills(
        voice.roles,
        _WISHED,
        selection_mode="multi",
        default=[role.value for role in kept.roles],
        format_func=ROLES.__getitem__,
        key=key,
    )
    room["roles"] = st.empty()
    numbers: dict[str, Any] = {
        field: number_field(
            st, room, field, _NUMBERS[field], ref, value=getattr(kept, field), step=1
        )
        for field in voice.numbers
    }
    return replace(
        kept,
        **numbers,
        roles=[PlacementRole(role) for role in roles],
        languages=_languages(room, kept, voice.languages, ref),
        skills=area(room, "skills", voice.skills, ref, value=kept.skills),
        avoids=area(room, "avoids", voice.avoids, ref, value=kept.avoids),
        avoided_rooms=_rooms(room, seen, voice.rooms, ref),
    )


def _languages(room: Room, kept: WishesDraft, label: str, ref: str) -> list[str]:
    found: list[str] = st.multiselect(
        label,
        sorted({*languages(), *kept.languages}),
        default=list(kept.languages),
        accept_new_options=True,
        placeholder="Choose or type",
        key=fresh("languages", ref),
    )
    room["languages"] = st.empty()
    return found


def _rooms(room: Room, seen: WishesView, label: str, ref: str) -> list[str]:
    found: list[str] = []
    if seen.rooms:
        found = st.multiselect(
            label,
            list(seen.rooms),
            default=sorted(seen.kept.avoided_rooms),
            format_func=seen.rooms.__getitem__,
            placeholder="Choose",
            key=fresh("avoided_rooms", ref),
        )
    room["avoided_rooms"] = st.empty()
    return found
