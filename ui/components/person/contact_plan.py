"""Changing a safe-contact plan: one route at a time, and what holds for all of them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from models import Route, RouteAnswer
from services.db import transaction
from services.errors import AppError, ConflictError
from services.permissions import Actor
from services.safe_contact import plans, wording
from services.safe_contact.drafts import PlanDraft, RouteDraft
from services.safe_contact.facts import EVERY_DAY, WRITTEN, Rule
from services.safe_contact.view import PlanView
from ui.components.contact_words import ADDRESSES, ANSWERS, DAYS, ROUTES
from ui.components.folded import folded
from ui.components.form_fields import Room, done, explain, first_seen, fresh, line
from ui.messages import show_error

_NEVER_ASKED = Rule(answer=RouteAnswer.NO, has_address=False)
_SAVED = "Saved. Once you have been through it all with her, confirm it above."


def plan_section(actor: Actor, ref: str, plan: PlanView) -> None:
    """Both forms, folded away until somebody has her in front of them."""
    st.subheader("Change the plan", anchor=False)
    st.caption(
        "Talk it through with her, then fill it in. What she takes away counts at once; what she "
        "adds counts once you confirm it with her."
    )
    folded(
        "How she may be reached",
        partial(_route, actor, ref, plan),
        key=f"contact_route_{ref}",
        expanded=not plan.rules,
        icon=":material/call:",
    )
    folded(
        "Name, code words and what to mind",
        partial(_details, actor, ref, plan),
        key=f"contact_details_{ref}",
        icon=":material/key:",
    )


def _route(actor: Actor, ref: str, plan: PlanView) -> None:
    chosen = st.pills(
        "Which way?",
        list(ROUTES),
        default="call",
        required=True,
        format_func=lambda value: f"{ROUTES[value]}: {_short(plan.rules.get(Route(value)))}",
        key=f"contact_which_{ref}",
    )
    route = Route(chosen)
    rule, name = plan.rules.get(route, _NEVER_ASKED), f"{ref}_{chosen}"
    answer_key = fresh("answer", name)
    seen = fresh("route_seen", name)
    version = first_seen(seen, plan.version, drawn=answer_key)
    answers = list(ANSWERS)
    answer = st.radio(
        f"{ROUTES[chosen]}: is it safe?",
        answers,
        index=answers.index(rule.answer.value),
        format_func=ANSWERS.__getitem__,
        horizontal=True,
        key=answer_key,
    )
    room: Room = {}
    with st.form(fresh("route", name), border=False):
        fields: dict[str, Any] = {"address": _address(room, rule, route, name)}
        if answer == "only_when":
            fields |= _when(room, rule, name)
        if answer != "no":
            fields |= _what_may_be_said(rule, route, name)
        pressed = st.form_submit_button(f"Save: {ROUTES[chosen]}", type="primary")
    if pressed:
        draft = RouteDraft(route=route, answer=RouteAnswer(answer), **fields)
        _keep(
            room,
            seen,
            plan,
            lambda db: plans.save_route(db, actor, ref, draft, version=version),
        )


def _details(actor: Actor, ref: str, plan: PlanView) -> None:
    room: Room = {}
    seen = fresh("plan_seen", ref)
    version = first_seen(seen, plan.version, drawn=fresh("name_to_use", ref))
    with st.form(fresh("plan", ref), border=False):
        fields: dict[str, Any] = {
            "name_to_use": line(
                st, room, "name_to_use", "Who to say you are: Sarah from the craft group", ref,
                value=plan.name_to_use or "",
            ),
            "code_word": _secret(room, "code_word", "Code word she gives", plan.has_code_word, ref),
            "our_code_word": _secret(
                room, "our_code_word", "Code word we give", plan.has_our_code_word, ref
            ),
        }  # fmt: skip
        for field, label in (
            ("without_code_word", "What to do if she does not give it"),
            ("who_else_sees", "Who else sees her phone or email"),
            ("note", "Anything else to mind"),
        ):
            fields[field] = line(st, room, field, label, ref, value=getattr(plan, field) or "")
        for field, label in (
            ("withhold_number", "Withhold our number when we call"),
            ("she_contacts_us", "She contacts us: nobody contacts her"),
        ):
            fields[field] = st.checkbox(label, value=getattr(plan, field), key=fresh(field, ref))
        pressed = st.form_submit_button("Save", type="primary")
    if pressed:
        draft = PlanDraft(**fields)
        _keep(room, seen, plan, lambda db: plans.save(db, actor, ref, draft, version=version))


def _keep(room: Room, seen: str, plan: PlanView, save: Callable[[Any], None]) -> None:
    try:
        with transaction() as db:
            save(db)
    except ConflictError as error:
        show_error(error)
        # What somebody else made of it stands above; saving again is over that.
        st.session_state[seen] = plan.version
    except AppError as error:
        explain(error, room)
    else:
        done(_SAVED)
        st.rerun()


def _address(room: Room, rule: Rule, route: Route, name: str) -> str | None:
    label = ADDRESSES[route.value]
    hint = "Kept already. Type here only to change it." if rule.has_address else ""
    typed = line(st, room, "address", label, name, placeholder=hint)
    if rule.has_address and st.checkbox("Forget what is kept", key=fresh("forget", name)):
        return ""
    return typed or None


def _secret(room: Room, field: str, label: str, is_kept: bool, ref: str) -> str | None:
    hint = "Kept already. Type here only to change it." if is_kept else ""
    typed = line(st, room, field, label, ref, placeholder=hint)
    if is_kept and st.checkbox(f"Do without: {label.lower()}", key=fresh(f"no_{field}", ref)):
        return ""
    return typed or None


def _when(room: Room, rule: Rule, name: str) -> dict[str, Any]:
    days = [] if rule.weekdays == EVERY_DAY else [str(day) for day in sorted(rule.weekdays)]
    chosen = st.pills(
        "Days (none chosen: every day)",
        list(DAYS),
        selection_mode="multi",
        default=days,
        format_func=DAYS.__getitem__,
        key=fresh("weekdays", name),
    )
    room["weekdays"] = st.empty()
    begins, ends = st.columns(2)
    fields: dict[str, Any] = {"weekdays": [int(day) for day in chosen]}
    for place, field, label in ((begins, "from_time", "From"), (ends, "until_time", "Until")):
        fields[field] = place.time_input(
            label, value=getattr(rule, field), step=900, key=fresh(field, name)
        )
        room[field] = place.empty()
    fields["condition"] = line(
        st, room, "condition", "Only if this is so, in words", name, value=rule.condition or ""
    )
    return fields


def _what_may_be_said(rule: Rule, route: Route, name: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if route not in WRITTEN:
        fields["may_leave_message"] = st.checkbox(
            "May leave a message", value=rule.may_leave_message, key=fresh("leave", name)
        )
    fields["may_say_who"] = st.checkbox(
        "May say who we are", value=rule.may_say_who, key=fresh("say_who", name)
    )
    return fields


def _short(rule: Rule | None) -> str:
    return wording.rule(rule).split(":")[0]
