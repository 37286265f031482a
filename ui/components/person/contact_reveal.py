"""Showing one number, address or code word: on request, and gone again after a minute."""

from functools import partial

import streamlit as st

from models import Route
from services.db import transaction
from services.errors import AppError
from services.permissions import Actor
from services.safe_contact import Answer
from services.safe_contact.reveal import CodeWord, reveal
from services.safe_contact.view import PlanView
from ui.components.for_a_while import shown_for_a_while
from ui.components.people.contact_words import HIDDEN
from ui.components.words import literal
from ui.messages import show_error


def reveal_section(actor: Actor, ref: str, plan: PlanView) -> None:
    """A button for each thing that is kept; the answer lives for a minute, and one run only."""
    kept = _kept(plan)
    if not kept:
        return
    st.write("Numbers, addresses and code words are hidden. Each look is written in the log.")
    asked: Route | CodeWord | None = None
    with st.container(horizontal=True):
        for what in kept:
            if st.button(
                f"Show: {HIDDEN[what.value]}",
                icon=":material/visibility:",
                key=f"contact_show_{what.value}_{ref}",
            ):
                asked = what
    if asked is not None:
        _show(actor, ref, plan, asked)


def _show(actor: Actor, ref: str, plan: PlanView, what: Route | CodeWord) -> None:
    try:
        with transaction() as db:
            found = reveal(db, actor, ref, what)
    except AppError as error:
        show_error(error)
        return
    answer = next((one for one in plan.reach.answers if one.route is what), None)
    shown_for_a_while(partial(_found, found, answer))


def _found(found: str, answer: Answer | None) -> None:
    if answer is None or answer.allowed:
        st.info(f"**{literal(found)}**", icon=":material/visibility:")
    else:
        st.error(
            f"**{literal(found)}**  \n{literal(answer.reason)}", icon=":material/do_not_disturb_on:"
        )
    st.caption("Hidden again at your next click, after a minute, and when the screen locks.")


def _kept(plan: PlanView) -> list[Route | CodeWord]:
    found: list[Route | CodeWord] = [
        route for route in Route if route in plan.rules and plan.rules[route].has_address
    ]
    if plan.has_code_word:
        found.append(CodeWord.HERS)
    if plan.has_our_code_word:
        found.append(CodeWord.OURS)
    return found
