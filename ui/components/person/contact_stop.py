"""Confirming a safe-contact plan in one tap; stopping all contact, and lifting that again."""

import streamlit as st

from services.db import transaction
from services.errors import AppError
from services.permissions import Actor
from services.safe_contact import plans
from services.safe_contact.facts import Why
from services.safe_contact.view import PlanView
from ui.components.folded import folded
from ui.components.form_fields import Room, done, explain, fresh, keep, line, saving, seen

_ASKS = "contact_asks_to_stop"


def ask_to_stop(ref: str) -> None:
    """From the next run on, ask whether contact should stop, until it is answered."""
    st.session_state[_ASKS] = ref


def confirm_button(actor: Actor, ref: str, plan: PlanView) -> None:
    """One tap once she has said that all of it is still right."""
    if not plan.version or plan.suspended_at:
        return
    pressed = st.button(
        "She says it is all still right today",
        type="primary" if plan.reach.why in (Why.LAPSED, Why.NOT_CONFIRMED) else "secondary",
        icon=":material/event_available:",
        key=f"contact_confirm_{ref}",
        on_click=keep,
        args=(plan.version,),
    )
    if not pressed:
        return
    with saving(f"Confirmed today. That holds for {plan.holds_days} days.") as db:
        plans.confirm(db, actor, ref, version=seen())


def stop_section(actor: Actor, ref: str, plan: PlanView) -> None:
    """Stop all contact; or, while it is stopped, allow it again."""
    if plan.suspended_at:
        _lift(actor, ref, plan)
        return
    asked = st.session_state.get(_ASKS) == ref
    if asked:
        st.error(
            "**Somebody else may have her phone, or may have heard of us. Stop contact now?** "
            "Say why below and press the button. Do not try again until she has told you, by "
            "another way, that it is safe.",
            icon=":material/report:",
        )
        _stop(actor, ref)
        st.button("No, it is safe to go on", on_click=_answered, key=f"contact_go_on_{ref}")
    else:
        folded(
            "Stop all contact",
            lambda: _stop(actor, ref),
            key=f"contact_stop_{ref}",
            icon=":material/block:",
        )


def _stop(actor: Actor, ref: str) -> None:
    room: Room = {}
    with st.form(fresh("stop", ref), border=False):
        reason = line(st, room, "reason", "Why is it unsafe to contact her?", ref)
        pressed = st.form_submit_button("Stop all contact now", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            plans.suspend(db, actor, ref, reason)
    except AppError as error:
        explain(error, room)
    else:
        _answered()
        done("Contact is stopped. Nobody may contact her until this is lifted.")
        st.rerun()


def _lift(actor: Actor, ref: str, plan: PlanView) -> None:
    st.write(
        "Lift this only when she has told you, by a way that is safe, how she may be reached. "
        "Then go through the plan with her and confirm it."
    )
    pressed = st.button(
        "Lift the suspension",
        icon=":material/lock_open:",
        key=f"contact_lift_{ref}",
        on_click=keep,
        args=(plan.version,),
    )
    if not pressed:
        return
    with saving("Lifted. Confirm the plan with her before anybody contacts her.") as db:
        plans.lift(db, actor, ref, version=seen())


def _answered() -> None:
    st.session_state.pop(_ASKS, None)
