"""Forms that professionals have sent in: which wait, and taking one up or setting it aside."""

import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.people.people import PersonDraft
from services.permissions import Actor
from services.public_forms import sent_forms
from services.referrals import referral_forms
from services.referrals.referral_forms import FormView
from ui.components.choose import (
    back_to_list,
    choose_row,
    date_column,
    page_buttons,
    position,
)
from ui.components.form_fields import Room, done, explain, fresh, keep, seen
from ui.components.people.perhaps_here import ELSE, perhaps_here
from ui.components.referrals.referral_form import Filled, choices, fields, name_fields
from ui.components.referrals.referral_words import day
from ui.components.sent_forms import many_wait, sent_answers, set_aside
from ui.components.words import literal
from ui.navigation import file_of

_LIST = "referral_forms"
_NARROW = 100  # pixels
_TAKEN_UP = "The referral is here now, with what was sent. "
_PLAN_FILLED = (
    "How she may be reached is in her contact plan: confirm it with her before it is used."
)
_PLAN_AS_IT_WAS = "Nothing of it was put into her contact plan: ask her how she may be reached."


def forms_to_check(actor: Actor) -> None:
    """The forms nobody has checked yet, the oldest first."""
    with reading() as db:
        frame = referral_forms.to_check(db, actor, after=position(_LIST))
    if frame.empty:
        st.info(
            "No forms to check. They come in through the public form, which an administrator "
            "switches on under Settings."
        )
        return
    st.caption("The one that has waited longest first. Choose a row to check it.")
    columns = {
        "about": "About",
        # Of a high one nobody should learn beyond the edge of a phone.
        "risk": st.column_config.TextColumn("Risk, as sent", width=_NARROW),
        "received": date_column("Came in"),
        "sent_by": "Sent by",
        "agrees": st.column_config.CheckboxColumn("She agrees"),
    }
    chosen = choose_row(frame, columns, key="forms_list", alt="Forms to check")
    if chosen is not None:
        st.switch_page(file_of("referrals"), query_params={"form": chosen["ref"]})
    last = int(frame["number"].iloc[-1])
    page_buttons(_LIST, page=sent_forms.PAGE, shown=len(frame), last=last)


def check_form(actor: Actor, ref: str) -> None:
    """One form as it came in, beside what can be made of it."""
    with reading() as db:
        form = referral_forms.view(db, actor, ref)
    back_to_list("All forms")
    st.title("A form to check", anchor=False)
    st.caption(f"Came in on {day(form.received_on)} from {literal(form.sent_by)}")
    if form.state != "to_check":
        st.info("This form has been checked already.")
    if form.is_high_risk:
        st.warning("The sender says that her risk is high. Speak with the sender today.",
                   icon=":material/priority_high:")  # fmt: skip
    if not form.agrees:
        st.warning("She has not agreed, or does not know. Speak with the sender before anything "
                   "else.", icon=":material/warning:")  # fmt: skip
    if not form.has_safe_route:
        st.warning("No safe way to reach her was named. Speak with the sender first.",
                   icon=":material/phone_disabled:")  # fmt: skip
    sent, made = st.columns(2, gap="large")
    with sent:
        st.header("What was sent", anchor=False)
        sent_answers(form.answers)
    if form.state == "to_check":
        with made:
            st.header("Take it up", anchor=False)
            _take_up(actor, form)
            st.header("Set it aside", anchor=False)
            set_aside(
                actor,
                form.ref,
                form.version,
                referral_forms.set_aside,
                said="The form is set aside.",
            )


def _take_up(actor: Actor, form: FormView) -> None:
    room: Room = {}
    asked = f"form_asked_{form.ref}"
    offered = choices(actor)
    with st.form(fresh("take_up", form.ref), border=False):
        person = name_fields(room, form.ref, suggested=form.person)
        filled = fields(
            room,
            offered,
            form.ref,
            received_on=form.received_on,
            reason=form.reason,
            wishes=form.wishes,
        )
        pressed = st.form_submit_button(
            "Take it up", type="primary", on_click=keep, args=(form.version,)
        )
    if pressed:
        st.session_state[asked] = True
    if not st.session_state.get(asked):
        return
    record = perhaps_here(actor, person, form.ref, phone=form.phone)
    if record is not None:
        st.session_state.pop(asked)
        _save(actor, form, room, filled, person if record == ELSE else record)


def _save(
    actor: Actor, form: FormView, room: Room, filled: Filled, person: PersonDraft | str
) -> None:
    try:
        with transaction() as db:
            taken_up = referral_forms.take_up(
                db, actor, form.ref, filled.draft(), person, version=seen()
            )
    except AppError as error:
        explain(error, room)
    else:
        done(_TAKEN_UP + (_PLAN_FILLED if taken_up.fills_plan else _PLAN_AS_IT_WAS))
        query = {"referral": taken_up.referral_ref}
        st.switch_page(file_of("referrals"), query_params=query)


def forms_due(actor: Actor) -> None:
    """On the first page: how many forms wait, and the way to them; nothing when there is none."""
    with reading() as db:
        waiting = referral_forms.to_check_count(db, actor)
    told = "Sent in by professionals. Nobody has been told of a place yet."
    if many_wait("Referral forms to check", waiting, told, "Open the forms", key="open_forms"):
        st.session_state["show"] = "forms"
        st.switch_page(file_of("referrals"))
