"""The house rules an administrator sets: one form, saved whole."""

from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st

from services import organisation
from services.organisation import OrganisationSettings
from services.permissions import Actor
from services.scheduling import REGIONS
from ui.components.form_fields import Room, keep, line, number_field, saving, seen


class _Number(NamedTuple):
    field: str
    label: str
    help: str | None = None


_NUMBERS = (
    _Number("idle_minutes", "Lock the screen after this many minutes without use"),
    _Number("feedback_days", "Keep a session's feedback form open for this many days"),
    _Number(
        "contact_days",
        "A safe-contact plan counts for this many days after it was confirmed",
        "After that nobody may contact her until she has said again what is safe.",
    ),
    _Number(
        "register_days",
        "Lock a finished register this many days after its session",
        "After that only a coordinator or a programme lead opens it again. 0: never lock.",
    ),
    _Number(
        "offer_days",
        "A seat offered from a waiting list is held for this many working days",
        "After that it passes on to the next person who waits.",
    ),
)


def house_rules(actor: Actor, house: OrganisationSettings) -> None:
    """Name, logo, how long things last, and what is open to the outside."""
    room: Room = {}
    with st.form("settings"):
        changed = _fields(room, house)
        pressed = st.form_submit_button(
            "Save", type="primary", on_click=keep, args=(house.version,)
        )
    if not pressed:
        return
    with saving("The settings are saved.", room) as db:
        organisation.save(db, actor, replace(changed, version=seen()))


def _fields(room: Room, house: OrganisationSettings) -> OrganisationSettings:
    """The settings as they are filled in now."""
    face, numbers = _face(room, house), _numbers(room, house)
    return replace(house, **face, **numbers, **_region(house), **_outside(house))


def _face(room: Room, house: OrganisationSettings) -> dict[str, Any]:
    name = line(st, room, "name", "Organisation's name", value=house.name, max_chars=200)
    logo = st.file_uploader(
        "Logo (PNG or JPEG, under 300 kB)",
        type=["png", "jpg", "jpeg"],
        max_upload_size=1,  # the least there is, in MB; the style leaves out the line that says so
        key="house_logo",
    )
    room["logo"] = st.empty()
    return {"name": name, "logo": logo.getvalue() if logo else house.logo}


def _numbers(room: Room, house: OrganisationSettings) -> dict[str, Any]:
    return {
        one.field: number_field(
            st, room, one.field, one.label, value=getattr(house, one.field), help=one.help
        )
        for one in _NUMBERS
    }


def _region(house: OrganisationSettings) -> dict[str, Any]:
    nations = list(REGIONS)
    region = st.selectbox(
        "Bank holidays of",
        nations,
        index=nations.index(house.region),
        help="They are no working days for calls and offers, and new groups pass them over. Groups "
        "made before keep theirs.",
    )
    return {"region": region}


def _outside(house: OrganisationSettings) -> dict[str, Any]:
    """What people outside are shown, and may do."""
    support = st.text_area(
        "Shown to participants after they give feedback: where to find support",
        value=house.support_text,
        max_chars=2000,
    )
    referrals_open = st.checkbox(
        "Take referrals from professionals through the public form, at the address /refer",
        value=house.referrals_open,
    )
    places = st.checkbox(
        "Let colleagues' calendar feeds say where a session is",
        value=house.feeds_show_place,
        help="Calendars on telephones are often shared. The venue and the online link then stand "
        "in them for whoever looks.",
    )
    return {
        "support_text": support,
        "referrals_open": referrals_open,
        "feeds_show_place": places,
    }
