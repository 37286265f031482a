"""May we contact her now, and how: the first thing seen; numbers and code words on request."""

import streamlit as st

from services.db import reading
from services.people.people import PersonSummary
from services.permissions import Actor
from services.safe_contact import Answer, wording
from services.safe_contact.facts import FOR_ALL_ROUTES, WRITTEN, Why
from services.safe_contact.view import PlanView, plan_of
from ui.components.people.contact_words import ICONS, NO_ICON, way
from ui.components.person.contact_log import log_section
from ui.components.person.contact_plan import plan_section
from ui.components.person.contact_reveal import reveal_section
from ui.components.person.contact_stop import confirm_button, stop_section
from ui.components.person.owed_calls import owed_calls
from ui.components.words import literal

_LOUD = {Why.SUSPENDED, Why.NO_PLAN, Why.NOT_SAID_SAFE}


def draw(actor: Actor, person: PersonSummary) -> None:
    """How she may be reached, what to mind, and keeping it right."""
    with reading() as db:
        plan = plan_of(db, actor, person.ref)
    st.header("Safe contact", anchor=False)
    _standing(plan)
    owed_calls(actor, person.ref)
    _what_she_said(plan)
    _what_to_mind(plan)
    confirm_button(actor, person.ref, plan)
    reveal_section(actor, person.ref, plan)
    stop_section(actor, person.ref, plan)
    plan_section(actor, person.ref, plan)
    log_section(actor, person.ref)


def _standing(plan: PlanView) -> None:
    """In one box: whether, how, and until when."""
    reach = plan.reach
    icon = ICONS.get(reach.why, NO_ICON)
    if reach.now:
        ways = ", ".join(way(answer) for answer in reach.now)
        st.success(f"**You may contact her now:** {ways}.", icon=icon)
    elif reach.to_check:
        st.warning("**Check first, then you may contact her:** see what she asked.", icon=icon)
    elif reach.why in _LOUD:
        since = _suspended(plan)
        st.error(f"**{reach.reason}**{since}", icon=icon)
    else:
        st.warning(f"**{reach.reason}**", icon=icon)


def _suspended(plan: PlanView) -> str:
    if plan.suspended_at is None or plan.suspended_reason is None:
        return ""
    return f" Since {wording.day(plan.suspended_at.date())}: {literal(plan.suspended_reason)}"


def _what_she_said(plan: PlanView) -> None:
    """A line for each route she was asked about; one for all the others.

    A number that was brought in without a plan is no word of hers.
    """
    asked = plan.rules if plan.version else {}
    lines = [_route_line(plan, answer) for answer in plan.reach.answers if answer.route in asked]
    if lines and plan.reach.why in FOR_ALL_ROUTES:
        st.caption("What she said before:")
    others = "All other ways" if lines else "All ways"
    st.markdown("  \n".join([*lines, f"{NO_ICON} {others}: no."]))


def _route_line(plan: PlanView, answer: Answer) -> str:
    rule = plan.rules[answer.route]
    said = literal(wording.rule(rule))
    icon = NO_ICON if answer.why in FOR_ALL_ROUTES else ICONS.get(answer.why, NO_ICON)
    parts = [f"**{wording.ROUTES[answer.route]}**: {said}"]
    if said != "no" and answer.route not in WRITTEN:
        parts.append("may leave a message" if rule.may_leave_message else "leave no message")
    if said != "no":
        parts.append("may say who we are" if rule.may_say_who else "do not say who we are")
    return f"{icon} {' · '.join(parts)}"


def _what_to_mind(plan: PlanView) -> None:
    told = {
        "Say you are": plan.name_to_use,
        "If she does not give her code word": plan.without_code_word,
        "Who else sees her phone or email": plan.who_else_sees,
        "Note": plan.note,
    }
    lines = [f"**{label}:** {literal(text)}" for label, text in told.items() if text]
    if plan.has_code_word:
        lines.insert(0, "**Ask for her code word** before you say anything else.")
    if plan.version and plan.withhold_number:
        lines.append("**Withhold our number.**")
    st.markdown("  \n".join(lines))
    if plan.confirmed_on and plan.last_day:
        st.caption(
            f"Confirmed with her on {wording.day(plan.confirmed_on)} by "
            f"{literal(plan.confirmed_by or '')}. That holds until {wording.day(plan.last_day)}."
        )
