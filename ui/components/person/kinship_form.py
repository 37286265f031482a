"""The forms that say what two people are to each other, and that change or take it back."""

from typing import Any, TypeAlias

import pandas as pd
import streamlit as st

from models import Relation
from services import kinships
from services.db import transaction
from services.errors import AppError
from services.kinships import KinshipDraft
from services.people import PersonSummary
from services.permissions import Actor
from ui.components.form_fields import (
    Room,
    choice,
    done,
    explain,
    fresh,
    keep,
    line,
    needed,
    seen,
)
from ui.components.person.kinship_words import RELATIONS
from ui.components.words import literal

_Fields: TypeAlias = tuple[str | None, bool, str]
# The other is hers, or she is the other's; what reads the same both ways is offered once.
_THEIRS = {f"theirs {value}": words for value, (words, _) in RELATIONS.items()}
_HERS = {f"hers {value}": words for value, (_, words) in RELATIONS.items()}
_EITHER = _THEIRS | {key: words for key, words in _HERS.items() if words not in _THEIRS.values()}
_NOTE = "Note, such as a court order"


def add_kinship(actor: Actor, person: PersonSummary, members: pd.DataFrame) -> None:
    """With somebody of the family, or of another by the reference in her heading."""
    room: Room = {}
    with st.form(fresh("kinship", person.ref), border=False):
        names = dict(zip(members["ref"], members["name"], strict=True))
        relative = choice(room, "relative", "Who, in this family", names, person.ref, index=None)
        code = line(st, room, "code", "Or somebody of another family, by reference", person.ref)
        label = f"What they are to {literal(person.first_name)}"
        fields = _fields(room, person.ref, label, _EITHER)
        pressed = st.form_submit_button("Save", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            other = kinships.by_code(db, actor, code) if code.strip() else relative
            other = needed(other, "relative", "Choose somebody, or type a reference below.")
            kinships.add(db, actor, _draft(person.ref, other, fields))
    except AppError as error:
        explain(error, room)
    else:
        done("It is recorded.")
        st.rerun()


def change_kinship(actor: Actor, person: PersonSummary, kin: pd.DataFrame) -> None:
    """One of those recorded: what it is, or that it was a mistake."""
    names = dict(zip(kin["other_ref"], kin["name"], strict=True))
    other = st.selectbox(
        "With whom",
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="Please choose",
        key=fresh("kin", person.ref),
    )
    if other is None:
        return
    now = next(row for _, row in kin.iterrows() if row["other_ref"] == other)
    _change(actor, person, now)


def _change(actor: Actor, person: PersonSummary, now: "pd.Series[Any]") -> None:
    room: Room = {}
    version, other = int(now["version"]), now["other_ref"]
    offered = _THEIRS if now["is_relation_of_her"] else _HERS
    with st.form(fresh("kinship_change", other), border=False):
        label = f"What they are to {literal(person.first_name)}"
        fields = _fields(room, f"{person.ref}{other}", label, offered, now)
        saved = st.form_submit_button("Save", type="primary", on_click=keep, args=(version,))
        taken_back = st.form_submit_button("Take it back", on_click=keep, args=(version,))
    if not saved and not taken_back:
        return
    try:
        with transaction() as db:
            draft = _draft(person.ref, other, fields)
            if taken_back:
                kinships.remove(db, actor, draft.person_ref, draft.relative_ref, version=seen())
            else:
                kinships.change(db, actor, draft, version=seen())
    except AppError as error:
        explain(error, room)
    else:
        done("It is taken back." if taken_back else "It is changed.")
        st.rerun()


def _fields(
    room: Room,
    ref: str,
    label: str,
    offered: dict[str, str],
    now: "pd.Series[Any] | None" = None,
) -> _Fields:
    index = None
    if now is not None:
        index = [key.partition(" ")[2] for key in offered].index(now["relation"])
    relation = choice(room, "relation", label, offered, ref, index=index)
    is_responsible = st.checkbox(
        "The elder has parental responsibility for the child",
        value=now is not None and bool(now["has_responsibility"]),
        key=fresh("has_responsibility", ref),
    )
    room["has_responsibility"] = st.empty()
    note = "" if now is None else now["note"] or ""
    return relation, is_responsible, line(st, room, "note", _NOTE, ref, value=note)


def _draft(ref: str, other: str, fields: _Fields) -> KinshipDraft:
    chosen, is_responsible, note = fields
    whose, _, relation = needed(
        chosen, "relation", "Choose what they are to each other."
    ).partition(" ")
    person, relative = (other, ref) if whose == "theirs" else (ref, other)
    return KinshipDraft(
        person_ref=person,
        relative_ref=relative,
        relation=Relation(relation),
        has_responsibility=is_responsible,
        note=note,
    )
