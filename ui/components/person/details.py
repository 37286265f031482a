"""What stands in a participant's record, and changing it; what she needs is asked here once."""

from collections.abc import Iterable
from datetime import date
from functools import partial

import streamlit as st

from models import PersonKind
from services import clock
from services.db import reading
from services.people import person_changes
from services.people.languages import languages
from services.people.people import PersonSummary
from services.permissions import Actor, Permission
from services.versions import Value, Values
from ui.components import versions, words
from ui.components.form_fields import Room, fresh, line
from ui.components.person.locks import draw_locks
from ui.components.versions import Record

LABELS = {
    "first_name": "First name",
    "last_name": "Last name",
    "known_as": "Known as, if different",
    "kind": "Adult or child",
    "date_of_birth": "Date of birth, if known",
    "language": "Language she is most at ease in",
    "needs_interpreter": "Needs an interpreter (never family or friends)",
    "access_needs": "Access needs, shown at every session",
    "complex_needs": "Complex needs, for her facilitators",
    "alert": "Alert for her facilitators, such as a court date",
}
OLDEST_BIRTHDAY = date(1920, 1, 1)
SAVED = "The record is changed."


def draw(actor: Actor, person: PersonSummary) -> None:
    """The form; or, when somebody else was faster, both versions side by side."""
    with reading() as db:
        standing = person_changes.details(db, actor, person.ref)
    st.header("Details", anchor=False)
    one = Record(
        name=person.ref,
        what="record",
        labels=LABELS,
        standing=standing,
        drawn=fresh("language", person.ref),
        written=written,
        saved=SAVED,
    )
    versions.change(
        one,
        partial(_fields, person.ref),
        lambda db, mine, seen: person_changes.change(db, actor, person.ref, mine, seen=seen),
    )
    if actor.may(Permission.LOCK_RECORDS):
        draw_locks(actor, person)


def written(field: str, value: Value) -> str:
    """A field's value as people read it."""
    return words.label(str(value)) if field == "kind" else versions.in_words(field, value)


def _fields(ref: str, room: Room, values: Values) -> dict[str, Value]:
    """A field for each value she may change; what she has put into them."""
    given: dict[str, Value] = {}
    if "first_name" in values:
        names = ("first_name", "last_name", "known_as")
        for place, field in zip(st.columns(3), names, strict=True):
            given[field] = line(place, room, field, LABELS[field], ref, value=_text(values[field]))
        given["known_as"] = given["known_as"] or None
        given |= _kind_and_birthday(room, values, ref)
    given |= _language(room, values, ref)
    for field in ("access_needs", "complex_needs", "alert"):
        if field in values:
            typed = line(st, room, field, LABELS[field], ref, value=_text(values[field]))
            given[field] = typed or None
    return given


def _kind_and_birthday(room: Room, values: Values, ref: str) -> dict[str, Value]:
    left, right = st.columns(2)
    kinds = [kind.value for kind in PersonKind]
    kind = left.radio(
        LABELS["kind"],
        kinds,
        index=kinds.index(_text(values["kind"])),
        format_func=words.label,
        horizontal=True,
        key=fresh("kind", ref),
    )
    born = right.date_input(
        LABELS["date_of_birth"],
        value=values["date_of_birth"],  # type: ignore[arg-type] # the field of a date
        min_value=OLDEST_BIRTHDAY,
        max_value=clock.today(),
        format="DD/MM/YYYY",
        key=fresh("date_of_birth", ref),
    )
    room["date_of_birth"] = right.empty()
    return {"kind": kind, "date_of_birth": born}


def _language(room: Room, values: Values, ref: str) -> dict[str, Value]:
    now = _text(values["language"])
    offered = _with(languages(), now)
    language = st.selectbox(
        LABELS["language"],
        offered,
        index=offered.index(now) if now else None,
        accept_new_options=True,
        placeholder="Choose one, or type another",
        key=fresh("language", ref),
    )
    room["language"] = st.empty()
    needed = st.checkbox(
        LABELS["needs_interpreter"],
        value=bool(values["needs_interpreter"]),
        key=fresh("needs_interpreter", ref),
    )
    return {"language": language, "needs_interpreter": needed}


def _with(offered: Iterable[str], now: str) -> list[str]:
    return sorted({*offered, now} - {""})


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
