"""Words somebody said to us and lets us quote, under her consent."""

import streamlit as st

from services.db import reading
from services.feedback import quotes, quoting
from services.permissions import Actor
from ui.components.feedback.quote_box import quote_box
from ui.components.form_fields import Room, area, fresh, saving


def told_quotes(actor: Actor, person_ref: str) -> None:
    """What is there, each to take back, and room for more."""
    with reading() as db:
        found = quotes.of_person(db, actor, person_ref)
    st.write(
        "Quoted without a name, and only while her consent to being quoted stands. Write what she "
        "said as she said it, and leave out whatever tells who she is."
    )
    for quote in found:
        quote_box(actor, person_ref, quote, quoting.take_back)
    room: Room = {}
    with st.form(fresh("told", person_ref), border=False):
        said = area(room, "words", "What she said", person_ref)
        pressed = st.form_submit_button("Add to the quotes")
    if not pressed:
        return
    with saving("Added to the quotes.", room) as db:
        quoting.told(db, actor, person_ref, said)
