"""One referral on screen: who, from whom, how far, what next, and what has been."""

from datetime import date
from functools import partial

import streamlit as st

from models import ReferralState
from services import clock
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.referrals import referral_forms, referral_steps
from services.referrals.referral_states import ENDED, STEPS
from services.referrals.referrals import ReferralSummary
from ui.components.choose import back_to_list, date_column, show_rows
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    done,
    explain,
    fresh,
    keep,
    line,
    needed,
    seen,
)
from ui.components.referrals.referral_words import STATES, day, days, sender
from ui.components.sent_forms import sent_answers
from ui.components.side_by_side import side_by_side
from ui.components.words import literal
from ui.navigation import file_of

_STEP = 160  # pixels: the longest of them


def referral_heading(one: ReferralSummary) -> None:
    """Who it is about, where it stands, what was asked for, and its clocks."""
    back_to_list("All referrals")
    st.title(literal(one.name), anchor=False)
    told = [f"Referred on {day(one.received_on)} {sender(one.source, one.agency, one.worker)}"]
    if one.state != ReferralState.REFERRED.value:
        told.append(f"{STATES[one.state]} since {day(one.state_since)}")
    st.caption(" · ".join(told))
    if st.button("Open her record", icon=":material/person:", key="open_record"):
        st.switch_page(file_of("participants"), query_params={"participant": one.person_ref})
    if one.wishes:
        st.markdown(f"**Asked for:** {literal(', '.join(one.wishes))}")
    if one.reason:
        st.text(one.reason)
    _clocks(one)


def _clocks(one: ReferralSummary) -> None:
    clocks = {
        "First contact": one.first_contact_on,
        "Offer of a place": one.offered_on,
        "First session": one.first_session_on,
    }
    still_on = ReferralState(one.state) not in ENDED
    side_by_side(
        {label: _after(one.received_on, on, still_on=still_on) for label, on in clocks.items()}
    )
    reached = [f"{label} on {day(on)}" for label, on in clocks.items() if on]
    st.caption(". ".join(["Counted from the day it came in", *reached]) + ".")


def _after(received_on: date, on: date | None, *, still_on: bool) -> str:
    if on is not None:
        return f"after {days((on - received_on).days)}"
    return f"{days((clock.today() - received_on).days)} so far" if still_on else "did not come"


def next_step(actor: Actor, one: ReferralSummary) -> None:
    """The steps that may follow, with the day and the reason."""
    st.header("Next step", anchor=False)
    if one.follows_place:
        st.info(
            "Her place in a group moves this along: what the register and the group's page say "
            "of it shows here by itself."
        )
        return
    room: Room = {}
    allowed = {to.value: STATES[to.value] for to in STEPS[ReferralState(one.state)]}
    with st.form(fresh("step", one.ref)):
        to = choice(room, "state", "What happened", allowed, one.ref, index=None)
        on = date_field(st, room, "on", "On", one.ref, key="step_on", value=clock.today())
        reason = line(
            st, room, "reason", "Reason: needed if it is not now, not suitable, declined or unsafe",
            one.ref,
        )  # fmt: skip
        pressed = st.form_submit_button(
            "Save the step", type="primary", on_click=keep, args=(one.version,)
        )
    if not pressed:
        return
    try:
        with transaction() as db:
            state = ReferralState(needed(to, "state", "Choose what happened."))
            referral_steps.move(db, actor, one.ref, state, on=on, version=seen(), reason=reason)
    except AppError as error:
        explain(error, room)
    else:
        done(f"{STATES[state.value]}, from {day(on)}.")
        st.rerun()


def what_was_sent(actor: Actor, one: ReferralSummary) -> None:
    """The answers of the public form it came through, if it did."""
    with reading() as db:
        answers = referral_forms.behind(db, actor, one.ref)
    if answers:
        st.header("What was sent", anchor=False)
        folded("The form as it came in", partial(sent_answers, answers), key=f"sent_{one.ref}")


def steps_table(actor: Actor, one: ReferralSummary) -> None:
    """Every step, the latest first."""
    st.header("What has been", anchor=False)
    with reading() as db:
        steps = referral_steps.history(db, actor, one.ref)
    # By itself the table keeps the width of the steps there were when it was drawn first.
    step = st.column_config.TextColumn("Step", width=_STEP)
    columns = {"on": date_column("On"), "after": step, "by": "By", "reason": "Reason"}
    shown = steps.assign(after=steps["after"].map(STATES))
    show_rows(shown, columns, alt="The referral's steps")
