"""Changing a safe-contact plan: one route at a time, and what holds for all of them."""

from datetime import time
from functools import partial

import streamlit as st

from models import Route
from services.db import reading
from services.permissions import Actor
from services.safe_contact import plans, standing, wording
from services.safe_contact.drafts import RouteDraft
from services.safe_contact.facts import WRITTEN, Rule
from services.safe_contact.view import PlanView
from services.versions import Value, Values
from ui.components import versions
from ui.components.folded import folded
from ui.components.form_fields import Room, fresh, line
from ui.components.people.contact_words import ADDRESSES, ANSWERS, DAYS, ROUTES
from ui.components.versions import Record

_SAVED = "Saved. Once you have been through it all with her, confirm it above."
_LEAVE, _SAY_WHO = "May leave a message", "May say who we are"
_FORGET, _NOT_SHOWN = "Forget what is kept", "what is kept and not shown"
_LINES = {
    "name_to_use": "Who to say you are: Sarah from the craft group",
    "without_code_word": "What to do if she does not give it",
    "who_else_sees": "Who else sees her phone or email",
    "note": "Anything else to mind",
}
_SECRETS = {"code_word": "Code word she gives", "our_code_word": "Code word we give"}
_MARKS = {
    "withhold_number": "Withhold our number when we call",
    "she_contacts_us": "She contacts us: nobody contacts her",
}


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
        expanded=not (plan.version and plan.rules),
        icon=":material/call:",
    )
    folded(
        "Name, code words and what to mind",
        partial(_details, actor, ref),
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
    route, name = Route(chosen), f"{ref}_{chosen}"
    with reading() as db:
        stands = standing.of_route(db, actor, ref, route)
    one = Record(
        name=name,
        what="plan",
        labels={
            "rule": f"{ROUTES[chosen]}: is it safe?",
            "address": ADDRESSES[chosen],
            "may_leave_message": _LEAVE,
            "may_say_who": _SAY_WHO,
        },
        standing=stands,
        drawn=fresh("answer", name),
        written=partial(_written, route),
        button=f"Save: {ROUTES[chosen]}",
        saved=_SAVED,
    )
    answer = None if versions.is_open(one) else _answer(one, chosen)
    versions.change(
        one,
        partial(_route_fields, name, route, answer),
        lambda db, mine, seen: plans.save_route(
            db, actor, ref, standing.route_draft(route, mine), version=seen.version
        ),
    )


def _answer(one: Record, chosen: str) -> str:
    """Asked above the form: what the form asks for hangs on it."""
    before = standing.route_draft(Route(chosen), versions.opened(one).values)
    answers = list(ANSWERS)
    answer: str = st.radio(
        one.labels["rule"],
        answers,
        index=answers.index(before.answer.value),
        format_func=ANSWERS.__getitem__,
        horizontal=True,
        key=one.drawn,
    )
    return answer


def _route_fields(
    name: str, route: Route, answer: str | None, room: Room, now: Values
) -> dict[str, Value]:
    before = standing.route_draft(route, now)
    kept = standing.is_secret(now["address"])
    fields = _secret(room, "address", ADDRESSES[route.value], _FORGET, name, is_kept=kept)
    when = _when(room, before, name) if answer == "only_when" else ("", None, None, "")
    fields["rule"] = (answer, *when)
    fields |= {"may_leave_message": False, "may_say_who": False}
    if answer != "no":
        fields |= _what_may_be_said(before, route, name)
    return fields


def _details(actor: Actor, ref: str) -> None:
    with reading() as db:
        stands = standing.of_plan(db, actor, ref)
    one = Record(
        name=f"{ref}_plan",
        what="plan",
        labels={**_LINES, **_SECRETS, **_MARKS},
        standing=stands,
        drawn=fresh("name_to_use", ref),
        written=_words,
        saved=_SAVED,
    )
    versions.change(
        one,
        partial(_plan_fields, ref),
        lambda db, mine, seen: plans.save(
            db, actor, ref, standing.plan_draft(mine), version=seen.version
        ),
    )


def _plan_fields(ref: str, room: Room, now: Values) -> dict[str, Value]:
    (first, label), *others = _LINES.items()
    fields: dict[str, Value] = {first: line(st, room, first, label, ref, value=str(now[first]))}
    for field, label in _SECRETS.items():
        kept = standing.is_secret(now[field])
        without = f"Do without: {label.lower()}"
        fields |= _secret(room, field, label, without, ref, is_kept=kept)
    for field, label in others:
        fields[field] = line(st, room, field, label, ref, value=str(now[field]))
    for field, label in _MARKS.items():
        fields[field] = st.checkbox(label, value=bool(now[field]), key=fresh(field, ref))
    return fields


def _secret(
    room: Room, field: str, label: str, without: str, ref: str, *, is_kept: bool
) -> dict[str, Value]:
    """What is not shown: nothing when she leaves it alone, so that it stays as it is."""
    hint = "Kept already. Type here only to change it." if is_kept else ""
    typed = line(st, room, field, label, ref, placeholder=hint)
    if is_kept and st.checkbox(without, key=fresh(f"no_{field}", ref)):
        return {field: ""}
    return {field: typed} if typed else {}


def _when(room: Room, before: RouteDraft, name: str) -> tuple[str | time | None, ...]:
    chosen = st.pills(
        "Days (none chosen: every day)",
        list(DAYS),
        selection_mode="multi",
        default=[str(day) for day in before.weekdays],
        format_func=DAYS.__getitem__,
        key=fresh("weekdays", name),
    )
    room["weekdays"] = st.empty()
    begins, ends = st.columns(2)
    times = []
    for place, field, label in ((begins, "from_time", "From"), (ends, "until_time", "Until")):
        times.append(
            place.time_input(label, value=getattr(before, field), step=900, key=fresh(field, name))
        )
        room[field] = place.empty()
    condition = line(
        st, room, "condition", "Only if this is so, in words", name, value=before.condition
    )
    return "".join(sorted(chosen)), *times, condition


def _what_may_be_said(before: RouteDraft, route: Route, name: str) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    if route not in WRITTEN:
        fields["may_leave_message"] = st.checkbox(
            _LEAVE, value=before.may_leave_message, key=fresh("leave", name)
        )
    fields["may_say_who"] = st.checkbox(
        _SAY_WHO, value=before.may_say_who, key=fresh("say_who", name)
    )
    return fields


def _written(route: Route, field: str, value: Value) -> str:
    if field != "rule":
        return _words(field, value)
    return wording.rule(standing.route_draft(route, {"rule": value}).rule(has_address=True))


def _words(field: str, value: Value) -> str:
    return _NOT_SHOWN if standing.is_secret(value) else versions.in_words(field, value)


def _short(rule: Rule | None) -> str:
    return wording.rule(rule).split(":")[0]
