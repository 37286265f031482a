"""On a child's page: who may collect her, each with a word to show on request; who must not."""

from functools import partial

import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.people.people import PersonSummary
from services.permissions import Actor
from services.registers.collecting import lists
from services.registers.collecting.lists import ChildsList, CollectorDraft, OnList
from services.registers.collecting.on_register import in_words
from ui.components.folded import folded
from ui.components.form_fields import Room, fresh, line, saving
from ui.components.words import literal
from ui.messages import flash, show_error

_MAY, _MUST_NOT = "May collect", "Must not collect"


def draw_collectors(actor: Actor, person: PersonSummary) -> None:
    """The list, a button for each word, and the form for one more."""
    with reading() as db:
        kept = lists.of_child(db, actor, person.ref)
    st.subheader(f"Who collects {literal(person.first_name)}", anchor=False)
    if not kept.may:
        st.info("Nobody may collect yet. Ask the carer, and note each person below.")
    for one in kept.may:
        _row(actor, one, ":material/how_to_reg:")
    _barred(actor, kept)
    folded(
        "Add somebody who may, or must not, collect",
        partial(_add, actor, person.ref),
        key=f"collector_add_{person.ref}",
        icon=":material/person_add:",
    )


def _barred(actor: Actor, kept: ChildsList) -> None:
    if kept.must_not:
        st.markdown("**Must not collect**")
    for one in kept.must_not:
        _row(actor, one, ":material/block:")
    if kept.barred_unseen:
        who = "Somebody is" if kept.barred_unseen == 1 else f"{kept.barred_unseen} people are"
        st.caption(f"{who} noted who must not. The facilitators of the child's groups see who.")


def _row(actor: Actor, one: OnList, icon: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{icon} {literal(in_words(one.name, one.relation))}")
        asked = one.has_word and st.button(
            "Show the word", icon=":material/visibility:", key=f"collector_word_{one.ref}"
        )
        ended = st.button("Take off", icon=":material/person_remove:", key=f"collector_{one.ref}")
    if asked:
        _show(actor, one)
    if ended:
        _take_off(actor, one)


def _show(actor: Actor, one: OnList) -> None:
    try:
        with transaction() as db:
            word = lists.reveal_word(db, actor, one.ref)
    except AppError as error:
        show_error(error)
        return
    st.info(f"**{literal(word)}**", icon=":material/visibility:")
    st.caption("Hidden again at your next click. The look is written in the log.")


def _take_off(actor: Actor, one: OnList) -> None:
    try:
        with transaction() as db:
            lists.take_off(db, actor, one.ref, version=one.version)
    except AppError as error:
        show_error(error)
    else:
        flash("Taken off the list.")
        st.rerun()


def _add(actor: Actor, ref: str) -> None:
    room: Room = {}
    about = f"collector_{ref}"  # other forms of this page ask for a name as well
    with st.form(fresh("collector", ref), border=False):
        kind = st.radio(
            "On which list", [_MAY, _MUST_NOT], horizontal=True, key=fresh("kind", about)
        )
        name = line(st, room, "name", "Name", about, max_chars=lists.MAX_NAME)
        relation = line(
            st, room, "relation", "What they are to the child", about, max_chars=lists.MAX_RELATION
        )
        word = line(
            st, room, "agreed_word", "Word they give when they come, if one is agreed", about,
            max_chars=lists.MAX_WORD,
        )  # fmt: skip
        pressed = st.form_submit_button("Add to the list")
    if not pressed:
        return
    draft = CollectorDraft(name=name, relation=relation, may_collect=kind == _MAY, agreed_word=word)
    with saving("The list is up to date.", room) as db:
        lists.add(db, actor, ref, draft)
