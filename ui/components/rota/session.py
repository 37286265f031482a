"""One session of the rota: who covers it, and for a coordinator what can be done about it."""

from functools import partial

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor, Permission
from services.volunteers.rota import listing
from services.volunteers.rota.listing import SessionCover
from ui.components.choose import back_to_list, show_rows
from ui.components.folded import folded
from ui.components.rota import words
from ui.components.rota.asking import ask_volunteer
from ui.components.rota.forms import answer_offer, let_go, swap_shift
from ui.components.rota.relief import find_relief, note_wish
from ui.components.volunteer.words import ROLES
from ui.components.words import clock_time, day, literal


def draw_session(actor: Actor, ref: str) -> None:
    """The session, who is in it, and the forms of whoever plans."""
    with reading() as db:
        one = listing.session(db, actor, ref)
    back_to_list("The whole rota")
    st.title(f"{literal(one.group)}, session {one.number}", anchor=False)
    st.caption(f"{day(one.starts)}, {clock_time(one.starts)} · {literal(one.topic)}")
    _cover(one)
    if actor.may(Permission.PLAN_ROTA):
        _plan(actor, one)


def _plan(actor: Actor, one: SessionCover) -> None:
    if one.missing:
        ask_volunteer(actor, one)
    for who in one.people:
        if who.asks_relief:
            find_relief(actor, one, who)
    asked = [who for who in one.people if who.state == "offered"]
    sure = [who for who in one.people if who.state == "accepted"]
    if asked:
        folded("Record an answer", partial(answer_offer, actor, asked), key=f"answer_{one.ref}",
               expanded=True)  # fmt: skip
    may_ask = [who for who in sure if not who.asks_relief]
    if may_ask:
        folded("Note that she asks for a swap", partial(note_wish, actor, may_ask),
               key=f"wish_{one.ref}")  # fmt: skip
    if sure:
        folded("Swap", partial(swap_shift, actor, one, sure), key=f"swap_{one.ref}")
    if one.people:
        folded("Let somebody go", partial(let_go, actor, one.people), key=f"let_go_{one.ref}")


def _cover(one: SessionCover) -> None:
    if not one.people:
        st.info("Nobody has been asked for this session yet.")
    else:
        frame = pd.DataFrame(
            [(ROLES[who.role], who.name, words.answer(who)) for who in one.people],
            columns=["role", "name", "answer"],
        )
        columns = {"role": "Role", "name": "Name", "answer": "Answer"}
        show_rows(frame, columns, alt="Who covers this session")
    if one.missing:
        st.warning(f"Open: {words.missing(one)}.", icon=":material/person_search:")
    for who in one.people:
        if who.against is not None:
            st.warning(words.look_again(who), icon=":material/balance:")
