"""An address for one person's form, handed over only where it may go to her now."""

from functools import partial
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from models import Route
from services.db import reading, transaction
from services.errors import AppError
from services.feedback import invitations
from services.feedback.invitations import Invitation
from services.permissions import Actor
from ui.components.for_a_while import TO_COPY, shown_for_a_while
from ui.components.people.contact_words import ROUTES
from ui.components.words import literal
from ui.messages import show_error

_BY: Final = (Route.TEXT, Route.WHATSAPP, Route.EMAIL)


def send_one(actor: Actor, session_ref: str) -> None:
    """Whom, and by which way; the address is shown this once."""
    with reading() as db:
        people = invitations.people(db, actor, session_ref)
    if not people:
        st.info("Nobody has a place in this group yet.")
        return
    st.write(
        "For somebody who could not fill it in here. The address works once, is open as long as "
        "the code, and nobody can see from it whose form it was."
    )
    who = st.selectbox(
        "For whom",
        list(people),
        index=None,
        format_func=people.__getitem__,
        placeholder="Please choose",
        key=f"invite_who_{session_ref}",
    )
    route = st.radio(
        "By",
        [route.value for route in _BY],
        format_func=ROUTES.__getitem__,
        horizontal=True,
        key=f"invite_by_{session_ref}",
    )
    if not st.button("Make an address", disabled=who is None, key=f"invite_{session_ref}"):
        return
    try:
        with transaction() as db:
            made = invitations.invite(db, actor, session_ref, str(who), Route(route))
    except AppError as error:
        show_error(error)
        return
    shown_for_a_while(partial(_show, made), TO_COPY)


def _show(made: Invitation) -> None:
    here = urlsplit(st.context.url or "")
    called = f" Say it is from {literal(made.name_to_use)}." if made.name_to_use else ""
    st.success(f"It may go to her now.{called} It is shown this once, for five minutes.")
    st.code(made.to, language=None)
    st.code(
        f"A few questions, if you like: {here.scheme}://{here.netloc}{made.path}",
        language=None,
        wrap_lines=True,
    )
