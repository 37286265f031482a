"""A survivor volunteer's own page, in parts."""

import streamlit as st

from services.permissions import Actor, Permission
from services.volunteers.herself.record import Herself
from ui.components.herself import availability, expenses, hours, rota, training, wellbeing
from ui.components.herself.words import WELCOME
from ui.components.parts import Part, draw_parts
from ui.components.words import day, literal

_OWN = Permission.OWN_VOLUNTEERING
PARTS: tuple[Part[Herself], ...] = (
    Part("rota", "My sessions", _OWN, rota.draw),
    Part("wellbeing", "How I am", _OWN, wellbeing.draw),
    Part("availability", "When I can come", _OWN, availability.draw),
    Part("training", "Training", _OWN, training.draw),
    Part("hours", "Hours", _OWN, hours.draw),
    Part("expenses", "Expenses", _OWN, expenses.draw),
)


def draw_herself(actor: Actor, me: Herself) -> None:
    """Whom to ring, and the part she chose."""
    st.write(WELCOME.get(me.stage, f"Hello {literal(me.first_name)}."))
    st.markdown(f":material/call: {_whom_to_ring(me)}")
    draw_parts(actor, me, PARTS)


def _whom_to_ring(me: Herself) -> str:
    if me.supervisor is None:
        return "If anything weighs on you, ring the office and ask for your coordinator."
    if me.stand_in and me.stand_in_until:
        return (
            f"If anything weighs on you, ring **{literal(me.stand_in)}**, who is here for you "
            f"while {literal(me.supervisor)} is away until {day(me.stand_in_until)}."
        )
    return f"If anything weighs on you, ring **{literal(me.supervisor)}**."
