"""The forms that say what two people are to each other, and that change or take it back."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from models import Relation
from services.people import kinships
from services.people.kinships import KinshipDraft
from services.people.people import PersonSummary
from services.permissions import Actor
from services.versions import Standing, Value, Values
from ui.components import versions
from ui.components.choose import choose_entry
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
from ui.components.person.kinship_words import RELATIONS
from ui.components.versions import Record
from ui.components.words import literal

# The other is hers, or she is the other's; what reads the same both ways is offered once.
_THEIRS = {f"theirs {value}": words for value, (words, _) in RELATIONS.items()}
_HERS = {f"hers {value}": words for value, (_, words) in RELATIONS.items()}
_EITHER = _THEIRS | {key: words for key, words in _HERS.items() if words not in _THEIRS.values()}
_SIDES = {"theirs": _THEIRS, "hers": _HERS}
_NOTE = "Note, such as a court order"
_RESPONSIBLE = "The elder has parental responsibility for the child"


def add_kinship(actor: Actor, person: PersonSummary, members: pd.DataFrame) -> None:
    """With somebody of the family, or of another by the reference in her heading."""
    room: Room = {}
    with st.form(fresh("kinship", person.ref), border=False):
        names = dict(zip(members["ref"], members["name"], strict=True))
        relative = choice(room, "relative", "Who, in this family", names, person.ref, index=None)
        code = line(st, room, "code", "Or somebody of another family, by reference", person.ref)
        label = f"What they are to {literal(person.first_name)}"
        fields = _fields(person.ref, label, _EITHER, room, {})
        pressed = st.form_submit_button("Save", type="primary")
    if not pressed:
        return
    with saving("It is recorded.", room) as db:
        other = kinships.by_code(db, actor, code) if code.strip() else relative
        other = needed(other, "relative", "Choose somebody, or type a reference below.")
        kinships.add(db, actor, _draft(person.ref, other, fields))


def change_kinship(actor: Actor, person: PersonSummary, kin: pd.DataFrame) -> None:
    """One of those recorded: what it is, or that it was a mistake."""
    names = dict(zip(kin["other_ref"], kin["name"], strict=True))
    other = choose_entry("With whom", names, key=fresh("kin", person.ref))
    if other is not None:
        now = next(row for _, row in kin.iterrows() if row["other_ref"] == other)
        _change(actor, person, now)


def _change(actor: Actor, person: PersonSummary, now: "pd.Series[Any]") -> None:
    other, version = now["other_ref"], int(now["version"])
    name = f"{person.ref}{other}"
    side = "theirs" if now["is_relation_of_her"] else "hers"
    values: dict[str, Value] = {
        "relation": f"{side} {now['relation']}",
        "has_responsibility": bool(now["has_responsibility"]),
        "note": now["note"] or "",
    }
    labels = {
        "relation": f"What they are to {literal(person.first_name)}",
        "has_responsibility": _RESPONSIBLE,
        "note": _NOTE,
    }
    versions.change(
        Record(
            name=name,
            what="relation",
            labels=labels,
            standing=Standing(version, values),
            drawn=fresh("note", name),
            written=_written,
            saved="It is changed.",
        ),
        partial(_fields, name, labels["relation"], _SIDES[side]),
        lambda db, mine, seen: kinships.change(
            db, actor, _draft(person.ref, other, mine), version=seen.version
        ),
    )
    label = "Take it back"
    if st.button(label, on_click=keep, args=(version,), key=fresh("kinship_back", other)):
        _take_back(actor, _draft(person.ref, other, values))


def _take_back(actor: Actor, draft: KinshipDraft) -> None:
    with saving("It is taken back.") as db:
        kinships.remove(db, actor, draft.person_ref, draft.relative_ref, version=seen())


def _written(field: str, value: Value) -> str:
    return _EITHER[str(value)] if field == "relation" else versions.in_words(field, value)


def _fields(
    ref: str, label: str, offered: dict[str, str], room: Room, values: Values
) -> dict[str, Value]:
    now = values.get("relation")
    index = list(offered).index(str(now)) if now else None
    relation = choice(room, "relation", label, offered, ref, index=index)
    is_responsible = st.checkbox(
        _RESPONSIBLE,
        value=bool(values.get("has_responsibility")),
        key=fresh("has_responsibility", ref),
    )
    room["has_responsibility"] = st.empty()
    note = line(st, room, "note", _NOTE, ref, value=str(values.get("note") or ""))
    return {"relation": relation, "has_responsibility": is_responsible, "note": note}


def _draft(ref: str, other: str, fields: Values) -> KinshipDraft:
    whose, _, relation = str(
        needed(fields["relation"], "relation", "Choose what they are to each other.")
    ).partition(" ")
    person, relative = (other, ref) if whose == "theirs" else (ref, other)
    return KinshipDraft(
        person_ref=person,
        relative_ref=relative,
        relation=Relation(relation),
        has_responsibility=bool(fields["has_responsibility"]),
        note=str(fields["note"]),
    )
