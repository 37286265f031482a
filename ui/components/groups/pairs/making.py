"""The children's half in the form that makes a group, and making one group or both."""

from dataclasses import replace
from typing import TypeAlias

import pandas as pd
import streamlit as st

from services.db import reading, transaction
from services.groups import new_groups
from services.groups.group_draft import GroupDraft
from services.groups.pairs import making
from services.groups.pairs.making import PairDraft
from services.groups.schedules.clashes import Clash
from services.groups.where_it_meets import MAX_CODE_NAME
from services.permissions import Actor
from services.programmes.programme_library import ProgrammeTemplate
from ui.components import words
from ui.components.form_fields import Room
from ui.components.groups.pairs.words import SHAPES

Draft: TypeAlias = GroupDraft | PairDraft


def with_children(
    draft: GroupDraft,
    chosen: ProgrammeTemplate,
    facilitators: dict[str, str],
    places: dict[str, str],
    room: Room,
) -> Draft:
    """The draft, with the children's half where the programme has one and it is wanted."""
    if not chosen.is_for_a_pair:
        return draft
    is_pair = st.toggle(
        "Two linked groups: the parents' and the children's",
        value=True,
        key="new_group_pair",
        help="They meet at the same times, with a register each. What is above is the parents'.",
    )
    return _children_fields(draft, chosen, facilitators, places, room) if is_pair else draft


def _children_fields(
    draft: GroupDraft,
    chosen: ProgrammeTemplate,
    facilitators: dict[str, str],
    places: dict[str, str],
    room: Room,
) -> PairDraft:
    st.subheader("The children's half", anchor=False)
    name = st.text_input(
        "Code name of the children's group", max_chars=MAX_CODE_NAME, key="new_pair_name"
    )
    room["children_code_name"] = st.empty()
    left, right = st.columns(2)
    capacity = left.number_input(
        "Places for children",
        value=chosen.capacity,
        key=f"new_pair_capacity_{chosen.key}",
    )
    where = right.selectbox(
        "Room of the children",
        list(places),
        index=None,
        format_func=places.__getitem__,
        placeholder="No room yet",
        key="new_pair_room",
    )
    room["children_capacity"], room["children_room"] = left.empty(), right.empty()
    who = st.multiselect(
        "Facilitators of the children; the first one leads",
        list(facilitators),
        format_func=facilitators.__getitem__,
        key="new_pair_facilitators",
    )
    room["children_facilitators"] = st.empty()
    return PairDraft(
        parents=draft,
        children_code_name=name,
        children_capacity=int(capacity),
        children_facilitator_refs=who,
        children_room_ref=where,
    )


def with_reason(draft: Draft, despite: str) -> Draft:
    """The same, with why it is right although something is needed twice."""
    if isinstance(draft, PairDraft):
        return replace(draft, parents=replace(draft.parents, despite=despite))
    return replace(draft, despite=despite)


def clashing(actor: Actor, draft: Draft) -> tuple[Clash, ...]:
    """What would be needed twice."""
    with reading() as db:
        if isinstance(draft, PairDraft):
            return making.clashing(db, actor, draft)
        return new_groups.clashing(db, actor, draft)


def create(actor: Actor, draft: Draft) -> tuple[str, str]:
    """Make the group or both: the reference of the one to open, and what to say."""
    with transaction() as db:
        if isinstance(draft, PairDraft):
            parents, _children = making.create(db, actor, draft)
            names = f"{draft.parents.code_name} and {draft.children_code_name}"
            return parents, f"{words.literal(names)} are ready."
        ref = new_groups.create(db, actor, draft)
    return ref, f"{words.literal(draft.code_name)} is ready."


def show_dates(draft: Draft) -> None:
    """The sessions there would be, and whether parents and children are together."""
    with reading() as db:
        if isinstance(draft, PairDraft):
            planned = [(one, SHAPES[shape.value]) for one, shape in making.plan(db, draft)]
        else:
            planned = [(one, "") for one in new_groups.plan(db, draft)]
    rows = [
        (one.number, words.day(one.starts_at), words.span(one.starts_at, one.ends_at), shape)
        for one, shape in planned
    ]
    frame = pd.DataFrame(rows, columns=["Session", "Day", "Time", "Parents and children"])
    if not isinstance(draft, PairDraft):
        frame = frame.drop(columns="Parents and children")
    st.caption("Bank holidays and breaks are passed over; the numbering is unbroken.")
    st.table(frame, hide_index=True)
