"""The first day: set up the organisation, or look around a demonstration first."""

import streamlit as st

from models import Role
from services import demo
from services.accounts import accounts
from services.accounts.accounts import AccountDraft
from services.clock import today
from services.db import transaction
from services.errors import AppError, ConflictError
from services.organisation import OrganisationSettings
from ui import auth
from ui.components.choose import show_rows
from ui.components.form_fields import Room, explain, line
from ui.components.settings.account_form import SECRET, USERNAME_HELP
from ui.messages import show_error

PASSWORD_HELP = f"At least {accounts.MIN_PASSWORD} characters; four plain words do well."


def screen() -> None:
    """Two choices, and nothing else until one is made."""
    st.title("Welcome to Alongside")
    st.write(
        "Alongside keeps your recovery groups, registers, survivor volunteers and outcomes "
        "together. Nothing has been set up on this computer yet."
    )
    begin, explore = st.columns(2, gap="large")
    with begin:
        _set_up()
    with explore:
        _look_around()


def _set_up() -> None:
    st.header("Set up your service", anchor=False)
    room: Room = {}
    with st.form("first_run"):
        name = line(st, room, "name", "Organisation's name", max_chars=200)
        display_name = line(st, room, "display_name", "Your name, as colleagues know you")
        username = line(st, room, "username", "User name", help=USERNAME_HELP)
        password = line(st, room, "password", "Password", help=PASSWORD_HELP, **SECRET)
        pressed = st.form_submit_button("Set up", type="primary")
    if not pressed:
        return
    draft = AccountDraft(
        username=username, display_name=display_name, password=password, role=Role.ADMINISTRATOR
    )
    try:
        with transaction() as db:
            accounts.set_up(db, OrganisationSettings(name=name), draft)
    except ConflictError:
        st.rerun()  # pressed twice, or by two: it is set up, and the sign-in screen follows
    except AppError as error:
        explain(error, room)
    else:
        auth.begun()
        st.rerun()


def _look_around() -> None:
    st.header("Explore a demonstration", anchor=False)
    st.write(
        "Fills this database with an invented programme: groups, people and volunteers at every "
        "stage. You can clear it later, under Settings, and set up your own."
    )
    if not st.button("Fill with invented people"):
        return
    try:
        with st.spinner("Inventing a programme. This takes a few seconds."), transaction() as db:
            filled = demo.fill(db, people=None, marks=None, today=today())
    except AppError as error:
        show_error(error)
    else:
        st.success("The demonstration is ready. These are the people you can sign in as:")
        columns = {str(name): str(name) for name in filled.accounts}
        show_rows(filled.accounts, columns, alt="Demonstration accounts")
        st.button("Go to the sign-in screen", type="primary")
