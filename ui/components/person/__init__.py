"""One participant's page, in parts: only the part that is open reads from the database."""

from collections.abc import Callable
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


def draw_person(actor: Actor, person: PersonSummary) -> None:
    """The heading, and the part she chose of those she may open; it stands in the address."""
    overview.heading(person)
    if actor.may(Permission.RAISE_CONCERNS):
        raise_concern_link(participant=person.ref)
    parts = {part.key: part for part in PARTS if actor.may(part.permission)}
    chosen = st.segmented_control(
        "Part of the record",
        list(parts),
        default="overview",
        required=True,
        format_func=lambda key: parts[key].label,
        label_visibility="collapsed",
        key="part",
        bind="query-params",
    )
    parts[chosen].draw(actor, person)
