"""The form that raises a concern, and whom it is about."""

from datetime import date, time

import streamlit as st

from models import SafeNow
from services import clock
from services.concerns import concerns
from services.concerns.concern_draft import ConcernDraft
from services.db import reading, transaction
from services.errors import AppError
from services.people import people
from services.permissions import Actor, Permission
from services.places import places
from ui.components.concerns.concern_words import SAFE_NOW
from ui.components.form_fields import Room, area, date_field, done, explain, fresh, line
from ui.components.people.find_participant import choose_named, find_participant
from ui.components.words import literal
from ui.navigation import file_of


def raise_concern(actor: Actor, *, person_ref: str, group_ref: str) -> None:
    """What was noticed, by whom and about whom; then the concern as it was sent opens."""
    st.warning(
        "If anybody is in danger now, call 999 first. Then tell your manager, then write it here.",
        icon=":material/emergency:",
    )
    chosen = _about(actor, person_ref, group_ref)
    room: Room = {}
    with st.form(fresh("concern"), border=False):
        about = "" if chosen else line(st, room, "about", _whom(actor))
        on, at = _when(room)
        facts = area(room, "facts", "What you saw or heard: the facts")
        exact = area(room, "exact_words", "Her exact words, if she said something")
        opinion = area(room, "opinion", "What you think about it, kept apart from the facts")
        safe = _safe_now(room)
        told = area(room, "told", "Who has been told, and when")
        happened = bool(chosen) and st.checkbox(
            "Something happened to her: whoever runs her groups is to review her risk",
            key=fresh("is_incident"),
            help="They are told the day and nothing of what you write here.",
        )
        pressed = st.form_submit_button("Raise the concern", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            draft = ConcernDraft(
                person_ref=chosen,
                about=about,
                noticed_on=on,
                noticed_time=at,
                facts=facts,
                exact_words=exact,
                opinion=opinion,
                safe_now=SafeNow(safe) if safe else None,
                told=told,
                is_incident=happened,
            )
            ref = concerns.raise_concern(db, actor, draft)
    except AppError as error:
        explain(error, room)
    else:
        done("The concern is raised. What you wrote stands here for you to read.")
        st.switch_page(file_of("concerns"), query_params={"concern": ref})


def _whom(actor: Actor) -> str:
    finds = actor.may(Permission.READ_PEOPLE)
    return "About whom, if not a participant here" if finds else "About whom"


def _about(actor: Actor, person_ref: str, group_ref: str) -> str | None:
    """The participant it is about, if it is one this person may see."""
    if not actor.may(Permission.READ_PEOPLE):
        return None
    if person_ref:
        with reading() as db:
            person = people.summary(db, actor, person_ref)
        st.write(f"About **{literal(person.name)}**")
        st.button("About somebody else", type="tertiary", on_click=st.query_params.clear)
        return person.ref
    if group_ref:
        with reading() as db:
            here = places.in_group(db, actor, group_ref)
        names = dict(zip(here["person_ref"], here["name"], strict=True))
        return choose_named(names, "About whom in this group", "concern_group")
    return find_participant(actor, "About whom: find a participant by name", "concern")


def _when(room: Room) -> tuple[date, time]:
    day, hour = st.columns(2)
    now = clock.local(clock.now())
    on = date_field(day, room, "noticed_on", "Noticed on", value=now.date(), max_value=now.date())
    at: time = hour.time_input(
        "At", value=now.time().replace(second=0, microsecond=0), key=fresh("noticed_time")
    )
    return on, at


def _safe_now(room: Room) -> str | None:
    value: str | None = st.radio(
        "Is everybody safe now?",
        list(SAFE_NOW),
        index=None,
        format_func=SAFE_NOW.__getitem__,
        horizontal=True,
        key=fresh("safe_now"),
    )
    room["safe_now"] = st.empty()
    return value
