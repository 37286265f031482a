"""Her hours and milestones, and the sheet she may take along."""

from functools import partial

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.contribution import hours, letters
from services.volunteers.herself.record import Herself
from ui.components import paper
from ui.components.contribution import hours as shown


def draw(actor: Actor, me: Herself) -> None:
    """What she has given, and what it amounts to on paper."""
    with reading() as db:
        given = hours.mine(db, actor)
        has_letter = letters.was_thanked(db, actor)
    shown.figures(given)
    shown.others(
        given,
        me.ref,
        add=lambda db, draft: hours.add_mine(db, actor, draft),
        remove=lambda db, entry: hours.remove_mine(db, actor, entry),
        only_own=True,
    )
    st.header("To take along", anchor=False)
    st.caption("Your name, hours, roles and training, for an employer or another service.")
    record = partial(letters.my_reference_sheet, actor=actor)
    paper.sheet_button("My volunteering record", record, key="my_record")
    if has_letter:
        letter = partial(letters.my_thank_you, actor=actor)
        paper.sheet_button("My letter of thanks", letter, key="my_letter")
