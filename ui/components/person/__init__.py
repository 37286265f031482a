"""One participant's page, in parts: only the part that is open reads from the database."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import streamlit as st

from services.people import PersonSummary
from services.permissions import Actor, Permission
from ui.components.concern_view import raise_concern_link
from ui.components.person import (
    characteristics,
    consent,
    contact,
    details,
    family,
    overview,
    plan,
    referrals,
    risk,
)
from ui.navigation import file_of


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: what it is called, who may open it, and what draws it."""

    key: str
    label: str
    permission: Permission
    draw: Callable[[Actor, PersonSummary], None]


PARTS = (
    Part("overview", "Overview", Permission.READ_PEOPLE, overview.draw),
    Part("contact", "Safe contact", Permission.RECORD_CONTACT, contact.draw),
    Part("details", "Details", Permission.RECORD_NEEDS, details.draw),
    Part("family", "Family", Permission.READ_PEOPLE, family.draw),
    Part("equality", "Equality", Permission.ASK_CHARACTERISTICS, characteristics.draw),
    Part("plan", "Plan", Permission.READ_PLANS, plan.draw),
    Part("consent", "Consent", Permission.RECORD_CONSENT, consent.draw),
    Part("risk", "Risk", Permission.RECORD_RISK, risk.draw),
    Part("referrals", "Referrals", Permission.READ_REFERRALS, referrals.draw),
)


_PART, _ASKED = "part", "part_asked"


def open_part(person_ref: str, part: str) -> None:
    """Go to one part of somebody's page, from another page or from this one."""
    st.switch_page(file_of("participants"), query_params={"participant": person_ref, _PART: part})


def draw_person(actor: Actor, person: PersonSummary) -> None:
    """The heading, and the part she chose of those she may open; it stands in the address."""
    overview.heading(person)
    if actor.may(Permission.RAISE_CONCERNS):
        raise_concern_link(participant=person.ref)
    parts = {part.key: part for part in PARTS if actor.may(part.permission)}
    _follow_the_address(person.ref, parts)
    chosen = st.segmented_control(
        "Part of the record",
        list(parts),
        required=True,
        format_func=lambda key: parts[key].label,
        label_visibility="collapsed",
        key=_PART,
        on_change=_write_the_address,
        args=(person.ref,),
    )
    parts[chosen or "overview"].draw(actor, person)


def _follow_the_address(person_ref: str, parts: Collection[str]) -> None:
    """Open the part the address names, each time it names another person or part.

    The widget is not bound to the address: Streamlit then refuses to change it for a link to
    another part, and to clear it for the way back to the list.
    """
    asked = (person_ref, st.query_params.get(_PART, "overview"))
    if _PART not in st.session_state or st.session_state.get(_ASKED) != asked:
        st.session_state[_PART] = asked[1] if asked[1] in parts else "overview"
        st.session_state[_ASKED] = asked


def _write_the_address(person_ref: str) -> None:
    st.query_params[_PART] = st.session_state[_PART]
    st.session_state[_ASKED] = (person_ref, st.session_state[_PART])
