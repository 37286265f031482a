"""One participant's page, in parts."""

import streamlit as st

from services.people.people import PersonSummary
from services.permissions import Actor, Permission
from ui.components.concerns.concern_view import raise_concern_link
from ui.components.parts import Part, address_of, draw_parts
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

PARTS: tuple[Part[PersonSummary], ...] = (
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


def open_part(person_ref: str, part: str) -> None:
    """Go to one part of somebody's page, from another page or from this one."""
    query = {"participant": person_ref} | address_of(part)
    st.switch_page(file_of("participants"), query_params=query)


def draw_person(actor: Actor, person: PersonSummary) -> None:
    """The heading, and the part she chose."""
    overview.heading(person)
    if actor.may(Permission.RAISE_CONCERNS):
        raise_concern_link(participant=person.ref)
    draw_parts(actor, person, PARTS)
