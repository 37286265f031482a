"""Schools and workers around a family: who they are, and the forms that keep them."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from models import ProfessionalKind
from services.db import reading
from services.people import professionals
from services.people.people import PersonSummary
from services.people.professionals import ProfessionalDraft
from services.permissions import Actor, Permission
from services.versions import Standing, Value, Values
from ui.components import versions
from ui.components.choose import choose_entry, show_rows
from ui.components.form_fields import (
    Room,
    choice,
    fresh,
    keep,
    line,
    needed,
    saving,
    seen,
)
from ui.components.person.kinship_words import PROFESSIONALS
from ui.components.versions import Record

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
    may_edit = actor.may(Permission.EDIT_PEOPLE)
    if around.empty:
        asks = (
            "Add a school, social worker or others below."
            if may_edit
            else "A coordinator adds them."
        )
        st.info(f"None yet. {asks}")
    else:
        columns = {"kind": "What", **_LINES}
        shown = around.assign(kind=around["kind"].map(PROFESSIONALS))
        show_rows(shown, columns, alt="Schools and workers around the family")
    if may_edit:
        with st.expander("Add a school or worker", icon=":material/school:"):
            _add(actor, person.family_ref)
        if not around.empty or fresh("professional_choice", person.family_ref) in st.session_state:
            with st.expander("Change one of them, or remove it", icon=":material/edit:"):
                _choose_and_change(actor, person.family_ref, around)


def _add(actor: Actor, family_ref: str) -> None:
    room: Room = {}
    with st.form(fresh("professional", family_ref), border=False):
        fields = _fields(family_ref, room, {})
        pressed = st.form_submit_button("Add", type="primary")
    if not pressed:
        return
    with saving("Added.", room) as db:
        professionals.add(db, actor, family_ref, _draft(fields))


def _choose_and_change(actor: Actor, family_ref: str, around: pd.DataFrame) -> None:
    rows = {row["ref"]: row for _, row in around.iterrows()}
    names = {ref: _called(row) for ref, row in rows.items()}
    chosen = choose_entry("Which one", names, key=fresh("professional_choice", family_ref))
    if chosen is not None:
        _change(actor, chosen, rows[chosen])


def _change(actor: Actor, ref: str, now: "pd.Series[Any]") -> None:
    version = int(now["version"])
    one = Record(
        name=ref,
        what="entry",
        labels={"kind": "What", **_LINES},
        standing=Standing(version, {field: now[field] or "" for field in ("kind", *_LINES)}),
        drawn=fresh("note", ref),
        written=_written,
        saved="Changed.",
    )
    versions.change(
        one,
        partial(_fields, ref),
        lambda db, mine, seen: professionals.change(
            db, actor, ref, _draft(mine), version=seen.version
        ),
    )
    if st.button("Remove", on_click=keep, args=(version,), key=fresh("professional_gone", ref)):
        _remove(actor, ref)


def _remove(actor: Actor, ref: str) -> None:
    with saving("Removed.") as db:
        professionals.remove(db, actor, ref, version=seen())


def _written(field: str, value: Value) -> str:
    return PROFESSIONALS[str(value)] if field == "kind" else versions.in_words(field, value)


def _fields(ref: str, room: Room, now: Values) -> dict[str, Value]:
    index = list(PROFESSIONALS).index(str(now["kind"])) if now else None
    kind = choice(room, "professional_kind", "What", PROFESSIONALS, ref, index=index)
    texts = {
        field: line(st, room, field, label, ref, value=str(now.get(field, "")))
        for field, label in _LINES.items()
    }
    return {"kind": kind, **texts}


def _draft(fields: Values) -> ProfessionalDraft:
    kind = needed(fields["kind"], "professional_kind", "Choose what this is.")
    texts = {field: str(fields[field]) for field in _LINES}
    return ProfessionalDraft(kind=ProfessionalKind(kind), **texts)


def _called(one: "pd.Series[Any]") -> str:
    return ", ".join(filter(None, (one["organisation"], one["name"])))
