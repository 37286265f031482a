"""Keeping a named colleague out of this record, and letting her in again."""

import streamlit as st

from services.db import reading
from services.people import record_locks
from services.people.people import PersonSummary
from services.permissions import Actor
from ui.components.choose import show_rows, time_column
from ui.components.form_fields import Room, choice, fresh, line, needed, saving


def draw_locks(actor: Actor, person: PersonSummary) -> None:
    """Who is kept out and why, and the two forms; folded, since it is seldom needed."""
    with reading() as db:
        kept_out = record_locks.kept_out(db, actor, person.ref)
        others = record_locks.others(db, actor, person.ref)
    title = "Keep a colleague out of this record"
    if len(kept_out):
        title += f" · {len(kept_out)} kept out"
    with st.expander(title, icon=":material/lock:"):
        st.caption(
            "For her this record does not exist then: not in lists, searches or registers. Use it "
            "when somebody on the staff knows this person, or somebody who has harmed her."
        )
        if not kept_out.empty:
            columns = {
                "name": "Kept out",
                "reason": "Why",
                "by": "By",
                "since": time_column("Since"),
            }
            show_rows(kept_out, columns, alt="Who is kept out of this record")
            _let_in(
                actor, person.ref, dict(zip(kept_out["account_ref"], kept_out["name"], strict=True))
            )
        _keep_out(actor, person.ref, others)


def _keep_out(actor: Actor, ref: str, others: dict[str, str]) -> None:
    room: Room = {}
    with st.form(fresh("keep_out", ref)):
        who = choice(room, "colleague", "Colleague to keep out", others, ref, index=None)
        reason = line(st, room, "reason", "Why, in neutral words", ref)
        pressed = st.form_submit_button("Keep her out")
    if not pressed:
        return
    with saving("She is kept out of this record from now on.", room) as db:
        account = needed(who, "colleague", "Choose the colleague.")
        record_locks.keep_out(db, actor, ref, account, reason=reason)


def _let_in(actor: Actor, ref: str, kept_out: dict[str, str]) -> None:
    room: Room = {}
    with st.form(fresh("let_in", ref)):
        who = choice(room, "kept_out", "Colleague to let in again", kept_out, ref, index=None)
        pressed = st.form_submit_button("Let her in")
    if not pressed:
        return
    with saving("She may open this record again.", room) as db:
        account = needed(who, "kept_out", "Choose the colleague.")
        record_locks.let_in(db, actor, ref, account)
