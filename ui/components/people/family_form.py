"""The forms that add a family, or one more person to it."""

from datetime import date

import streamlit as st

from models import PersonKind
from services import clock
from services.db import transaction
from services.errors import AppError
from services.people import people
from services.people.people import PersonDraft
from services.permissions import Actor
from ui.components import words
from ui.components.form_fields import Room, date_field, done, explain, fresh, line
from ui.components.words import literal
from ui.navigation import file_of

OLDEST_BIRTHDAY = date(1920, 1, 1)


def add_family(actor: Actor) -> None:
    """A family begins with one person; the others are added from her page."""
    room: Room = {}
    draft = _form(room, "family", "Add")
    if draft is None:
        return
    try:
        with transaction() as db:
            ref = people.add_family(db, actor, [draft])[0]
    except AppError as error:
        explain(error, room)
    else:
        _ask_her_next(draft, ref)


def add_member(actor: Actor, family_ref: str) -> None:
    """One more person in a family."""
    room: Room = {}
    draft = _form(room, family_ref, "Add to the family")
    if draft is None:
        return
    try:
        with transaction() as db:
            ref = people.add_to_family(db, actor, family_ref, draft)
    except AppError as error:
        explain(error, room)
    else:
        _ask_her_next(draft, ref)


def _ask_her_next(draft: PersonDraft, ref: str) -> None:
    """On to her record, where the first thing to ask is how she may be reached safely."""
    done(f"{literal(draft.first_name)} was added. Ask her next how she may be reached safely.")
    st.switch_page(file_of("participants"), query_params={"participant": ref, "part": "contact"})


def _form(room: Room, ref: str, action: str) -> PersonDraft | None:
    """The fields; a draft once the button is pressed."""
    with st.form(fresh("person", ref), border=False):
        kind = st.radio(
            "Adult or child",
            [kind.value for kind in PersonKind],
            format_func=words.label,
            horizontal=True,
            key=fresh("kind", ref),
        )
        left, right = st.columns(2)
        first = line(left, room, "first_name", "First name", ref)
        last = line(right, room, "last_name", "Last name", ref)
        below, _ = st.columns(2)  # of their own: on a phone columns stand beneath each other
        born = date_field(
            below,
            room,
            "date_of_birth",
            "Date of birth, if known",
            ref,
            value=None,
            min_value=OLDEST_BIRTHDAY,
            max_value=clock.today(),
        )
        needs = line(st, room, "access_needs", "Access needs, shown at every session", ref)
        alert = line(st, room, "alert", "Alert for her facilitators, such as a court date", ref)
        pressed = st.form_submit_button(action, type="primary")
    if not pressed:
        return None
    return PersonDraft(
        kind=PersonKind(kind),
        first_name=first,
        last_name=last,
        date_of_birth=born,
        access_needs=needs or None,
        alert=alert or None,
    )
