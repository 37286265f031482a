"""One quote, and the button that takes it back: the same wherever the words came from."""

from collections.abc import Callable

import streamlit as st

from services.feedback.quotes import Quote
from services.permissions import Actor
from ui.components.form_fields import saving


def quote_box(actor: Actor, about: str, quote: Quote, take_back: Callable[..., None]) -> None:
    """Show it; `take_back` is the service for quotes of this kind, `about` whose or where it is."""
    box = st.container(border=True)
    box.text(f"“{quote.words}”")
    if not box.button("She does not want this quoted", key=f"take_back_{quote.ref}"):
        return
    with saving("The quote is gone from every list.") as db:
        take_back(db, actor, about, quote.ref, version=quote.version)
