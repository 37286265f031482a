"""Handing a measure over on a tablet, and taking up what was answered there."""

from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from models import Respondent
from services.db import reading, transaction
from services.errors import AppError
from services.forms.lines import catalogues
from services.forms.words import ENGLISH
from services.measures import handovers
from services.measures.measure_draft import MeasureDraft, can_be_handed_over
from services.measures.measure_library import measure
from services.permissions import Actor
from ui.components.folded import folded
from ui.components.measures.measure_typing import put_in
from ui.messages import show_error
from ui.public.sheet import code

_HOURS: Final = int(handovers.OPEN_FOR.total_seconds() // 3600)


def tablet_part(actor: Actor, row: "pd.Series[Any]", draft: MeasureDraft, key: str) -> None:
    """Folded away; not for what staff answer themselves, nor what is here without its words."""
    asks_in_words = can_be_handed_over(measure(draft.measure))
    if draft.respondent is not Respondent.PRACTITIONER and asks_in_words:
        folded(
            "On a tablet, one question a screen",
            partial(_tablet, actor, str(row["place"]), draft, key),
            key=f"{key}_tablet",
            icon=":material/tablet_android:",
        )


def _tablet(actor: Actor, place: str, draft: MeasureDraft, key: str) -> None:
    with reading() as db:
        answers = handovers.given(db, actor, place, draft)
    if answers is not None:
        st.success("The answers are here. Look at them in the form below, then save it.")
        st.button(
            "Put them into the form",
            type="primary",
            key=f"{key}_put_in",
            on_click=put_in,
            args=(f"{key}_item_", answers),
        )
        return
    st.write(
        f"The address opens this one form for {_HOURS} hours, without a name and without anything "
        "of anybody. Stay near, and read the answers today: whoever answers is told that you do."
    )
    tongues = {name: one.english_name for name, one in catalogues().items()}
    language = st.selectbox(
        "Language of the page",
        list(tongues),
        format_func=tongues.__getitem__,
        key=f"{key}_tongue",
    )
    if st.button("Make an address", key=f"{key}_hand_over"):
        _hand_over(actor, place, draft, language)
    st.button("Have the answers come?", icon=":material/refresh:", key=f"{key}_come")


def _hand_over(actor: Actor, place: str, draft: MeasureDraft, language: str) -> None:
    try:
        with transaction() as db:
            path = handovers.hand_over(db, actor, place, draft)
    except AppError as error:
        show_error(error)
        return
    here = urlsplit(st.context.url or "")
    query = "" if language == ENGLISH else f"?lang={language}"
    address = f"{here.scheme}://{here.netloc}{path}{query}"
    st.image(code(address), width=220, alt="QR code that leads to the form")
    st.code(address, language=None, wrap_lines=True)
    st.caption("It is shown this once. Open it in a browser in which nobody is signed in.")
