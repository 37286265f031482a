"""Schools and workers around a family: who they are, and the forms that keep them."""

from typing import Any

import pandas as pd
import streamlit as st

from models import ProfessionalKind
from services import professionals
from services.db import reading, transaction
from services.errors import AppError, InvalidInputError
from services.people import PersonSummary
from services.permissions import Actor, Permission
from services.professionals import ProfessionalDraft
from ui.components.choose import show_rows
from ui.components.form_fields import Room, choice, done, explain, fresh, keep, line, seen
from ui.components.person.kinship_words import PROFESSIONALS

_LINES = {
    "organisation": "School or organisation",
    "name": "Name of the worker",
    "phone": "Phone",
    "email": "Email",
    "note": "Note",
}


def draw_professionals(actor: Actor, person: PersonSummary) -> None:
    """The list; for who may change it, a form to add one and a form to change one."""
    with reading() as db:
        around = professionals.around(db, actor, person.family_ref)
    st.header("Schools and workers", anchor=False)
    st.caption("Speaking to one of them is not a safe way to reach the family by itself.")
    if around.empty:
        st.info("None yet. A coordinator adds a school, social worker or others here.")
    else:
        columns = {"kind": "What", **_LINES}
        shown = around.assign(kind=around["kind"].map(PROFESSIONALS))
        show_rows(shown, columns, alt="Schools and workers around the family")
    if actor.may(Permission.EDIT_PEOPLE):
        with st.expander("Add a school or worker", icon=":material/school:"):
            _add(actor, person.family_ref)
        if not around.empty:
            with st.expander("Change one of them, or remove it", icon=":material/edit:"):
                _choose_and_change(actor, person.family_ref, around)


def _add(actor: Actor, family_ref: str) -> None:
    room: Room = {}
    with st.form(fresh("professional", family_ref), border=False):
        fields = _fields(room, family_ref, None)
        pressed = st.form_submit_button("Add", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            professionals.add(db, actor, family_ref, _draft(fields))
    except AppError as error:
        explain(error, room)
    else:
        done("Added.")
        st.rerun()


def _choose_and_change(actor: Actor, family_ref: str, around: pd.DataFrame) -> None:
    rows = {row["ref"]: row for _, row in around.iterrows()}
    chosen = st.selectbox(
        "Which one",
        list(rows),
        index=None,
        format_func=lambda ref: _called(rows[ref]),
        placeholder="Please choose",
        key=fresh("professional_choice", family_ref),
    )
    if chosen is not None:
        _change(actor, chosen, rows[chosen])


def _change(actor: Actor, ref: str, now: "pd.Series[Any]") -> None:
    room: Room = {}
    version = int(now["version"])
    with st.form(fresh("professional_change", ref), border=False):
        fields = _fields(room, ref, now)
        saved = st.form_submit_button("Save", type="primary", on_click=keep, args=(version,))
        removed = st.form_submit_button("Remove", on_click=keep, args=(version,))
    if not saved and not removed:
        return
    try:
        with transaction() as db:
            if removed:
                professionals.remove(db, actor, ref, version=seen())
            else:
                professionals.change(db, actor, ref, _draft(fields), version=seen())
    except AppError as error:
        explain(error, room)
    else:
        done("Removed." if removed else "Changed.")
        st.rerun()


def _fields(room: Room, ref: str, now: "pd.Series[Any] | None") -> dict[str, str | None]:
    index = None if now is None else list(PROFESSIONALS).index(now["kind"])
    fields: dict[str, str | None] = {
        "kind": choice(room, "professional_kind", "What", PROFESSIONALS, ref, index=index)
    }
    for field, label in _LINES.items():
        value = "" if now is None else now[field] or ""
        fields[field] = line(st, room, field, label, ref, value=value)
    return fields


def _draft(fields: dict[str, str | None]) -> ProfessionalDraft:
    kind, *texts = fields.values()
    if kind is None:
        raise InvalidInputError({"professional_kind": "Choose what this is."})
    named = {field: text or "" for field, text in zip(_LINES, texts, strict=True)}
    return ProfessionalDraft(kind=ProfessionalKind(kind), **named)


def _called(one: "pd.Series[Any]") -> str:
    return ", ".join(filter(None, (one["organisation"], one["name"])))
