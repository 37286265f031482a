"""Her hours and milestones, and the sheet she may take along."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from services import printing
from services.db import reading, transaction
from services.permissions import Actor
from services.volunteers.contribution import hours, letters
from services.volunteers.herself.record import Herself
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
    _paper("My volunteering record", partial(letters.my_reference_sheet, actor=actor))
    if has_letter:
        _paper("My letter of thanks", partial(letters.my_thank_you, actor=actor))


def _paper(label: str, make: Callable[[Any], bytes]) -> None:
    def made() -> bytes:
        with transaction() as db:
            return make(db)

    st.download_button(
        label,
        data=made,
        file_name=printing.file_name(),
        mime="application/pdf",
        icon=":material/download:",
        on_click="ignore",
        key=f"paper_{label}",
    )
