"""You said, we did: noting what came up in a group, and what came of it."""

import streamlit as st

from services.db import reading
from services.feedback import replies
from services.feedback.replies import Reply
from services.permissions import Actor
from ui.components import words
from ui.components.form_fields import Room, area, fresh, keep, line, saving, seen


def you_said(actor: Actor, session_ref: str) -> None:
    """What came up so far, each with what came of it, and room for more."""
    with reading() as db:
        noted = replies.listing(db, actor, session_ref)
    st.write(
        "In your own words, without names and without quoting anybody. What has an answer is "
        "read by the participants of this group before their next form."
    )
    for reply in noted:
        _answer(actor, session_ref, reply)
    _add(actor, session_ref)


def _answer(actor: Actor, session_ref: str, reply: Reply) -> None:
    room: Room = {}
    with st.form(fresh("reply", reply.ref)):
        st.markdown(f"**{words.literal(reply.theme)}**: {words.literal(reply.said)}")
        did = area(room, "did", "What we did", reply.ref, value=reply.did)
        pressed = st.form_submit_button("Save what we did", on_click=keep, args=(reply.version,))
    if not pressed:
        return
    with saving("Saved. Participants read it before their next form.", room) as db:
        replies.answer(db, actor, session_ref, reply.ref, did, version=seen())


def _add(actor: Actor, session_ref: str) -> None:
    room: Room = {}
    with st.form(fresh("reply", "new"), border=False):
        theme = line(st, room, "theme", "Theme, such as the room or the breaks", "new")
        said = area(room, "said", "What came up", "new")
        did = area(room, "did", "What we did, if something has been done", "new")
        pressed = st.form_submit_button("Note it", type="primary")
    if not pressed:
        return
    with saving("Noted for this group.", room) as db:
        replies.add(db, actor, session_ref, theme=theme, said=said, did=did)
