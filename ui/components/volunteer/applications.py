"""Applications that came in: which wait, and making one a volunteer's or setting it aside."""

import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.public_forms import sent_forms
from services.volunteers import volunteers
from services.volunteers.applications import inbox
from services.volunteers.applications.inbox import ApplicationView
from ui.components.choose import back_to_list, choose_row, date_column, page_buttons, position
from ui.components.form_fields import Room, choice, done, explain, fresh, keep, needed, seen
from ui.components.sent_forms import many_wait, sent_answers, set_aside
from ui.components.words import day
from ui.navigation import file_of

SHOW = "volunteers_show"
_LIST, _NEW = "applications", "new"


def applications(actor: Actor) -> None:
    """Those nobody has checked yet, the oldest first."""
    with reading() as db:
        frame = inbox.to_check(db, actor, after=position(_LIST))
    if frame.empty:
        st.info(
            "No applications to check. They come in through the public form at /volunteer, which "
            "an administrator switches on under Settings."
        )
        return
    st.caption("The one that has waited longest first. Choose a row to check it.")
    columns = {"received": date_column("Came in"), "name": "Name"}
    chosen = choose_row(frame, columns, key="applications_list", alt="Applications to check")
    if chosen is not None:
        st.switch_page(file_of("volunteers"), query_params={"application": chosen["ref"]})
    last = int(frame["number"].iloc[-1])
    page_buttons(_LIST, page=sent_forms.PAGE, shown=len(frame), last=last)


def check_application(actor: Actor, ref: str) -> None:
    """One application as it came in, beside what can be made of it."""
    with reading() as db:
        one = inbox.view(db, actor, ref)
    back_to_list("All applications")
    st.title("An application to check", anchor=False)
    st.caption(f"Came in on {day(one.received_on)}")
    waits = one.state == "to_check"
    if not waits:
        st.info("This application has been checked already.")
    sent, made = st.columns(2, gap="large")
    with sent:
        st.header("What she wrote", anchor=False)
        sent_answers(one.answers)
        st.caption("Whom she would find it hard to meet is sealed: see “Readiness” on her record.")
    if waits:
        with made:
            st.header("Accept it", anchor=False)
            _take_up(actor, one)
            st.header("Set it aside", anchor=False)
            set_aside(
                actor,
                one.ref,
                one.version,
                inbox.set_aside,
                said="The application is set aside.",
            )


def what_she_wrote(actor: Actor, volunteer_ref: str) -> None:
    """On her record: the application she came with, if she did."""
    with reading() as db:
        one = inbox.of_volunteer(db, actor, volunteer_ref)
    if one is None:
        st.caption("She did not come through the form.")
        return
    st.caption(f"Came in on {day(one.received_on)}")
    sent_answers(one.answers)


def applications_due(actor: Actor) -> None:
    """On the first page: how many wait, and the way to them; nothing when there is none."""
    with reading() as db:
        waiting = inbox.to_check_count(db, actor)
    told = "Sent in through the public form. Each of them waits for an answer."
    if many_wait(
        "Applications to volunteer", waiting, told, "Open the applications", key="open_applications"
    ):
        st.session_state[SHOW] = "applications"
        st.switch_page(file_of("volunteers"))


def _take_up(actor: Actor, one: ApplicationView) -> None:
    with reading() as db:
        like = volunteers.directory(db, actor, search=one.name).head(5)
    whose = {_NEW: "A new volunteer"}
    names = "Already here: " + like["name"] + " (" + like["stage"].str.replace("_", " ") + ")"
    whose |= dict(zip(like["ref"], names, strict=True))
    room: Room = {}
    with st.form(fresh("take_up", one.ref), border=False):
        # A name that is here already is for a person to judge: nothing is chosen beforehand then.
        index = 0 if len(whose) == 1 else None
        chosen = choice(room, "whose", "Whose is it?", whose, one.ref, index=index)
        pressed = st.form_submit_button(
            "Accept it", type="primary", on_click=keep, args=(one.version,)
        )
    if not pressed:
        return
    try:
        with transaction() as db:
            whom = needed(chosen, "whose", "Choose whose application it is.")
            volunteer = None if whom == _NEW else whom
            ref = inbox.take_up(db, actor, one.ref, volunteer, version=seen())
    except AppError as error:
        explain(error, room)
    else:
        done("She is among the volunteers, with what she said of reaching her as her plan.")
        st.switch_page(file_of("volunteers"), query_params={"volunteer": ref})
