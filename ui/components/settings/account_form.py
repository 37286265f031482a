"""The forms about accounts: adding one, a new password, closing it, opening it again."""

import streamlit as st

from models import Role
from services.accounts import accounts
from services.accounts.accounts import AccountDraft
from services.db import reading
from services.permissions import Actor
from ui.components import words
from ui.components.form_fields import Room, fresh, line, saving

USERNAME_HELP = "Small letters, digits, dots or hyphens."
SECRET = {"type": "password", "autocomplete": "new-password"}


def add_account(actor: Actor) -> None:
    """A new account, ready to sign in."""
    room: Room = {}
    with st.form(fresh("account")):
        display_name = line(st, room, "display_name", "Name, as colleagues know her")
        username = line(st, room, "username", "User name", help=USERNAME_HELP)
        role = st.selectbox(
            "Role", [one.value for one in Role], format_func=words.label, key=fresh("role")
        )
        password = line(st, room, "password", "First password", **SECRET)
        pressed = st.form_submit_button("Add", type="primary")
    if not pressed:
        return
    draft = AccountDraft(
        username=username, display_name=display_name, password=password, role=Role(role)
    )
    with saving(f"{words.literal(display_name)} can sign in now.", room) as db:
        accounts.create(db, actor, draft)


def change_account(actor: Actor, ref: str) -> None:
    """What an administrator can do about one account."""
    with reading() as db:
        account = accounts.summary(db, actor, ref)
    st.header(words.literal(account.name), anchor=False)
    room: Room = {}
    with st.form(fresh("password", ref)):
        password = line(st, room, "password", "New password", ref, **SECRET)
        wants_password = st.form_submit_button("Set the password")
    wants_switch = st.button("Close the account" if account.is_active else "Open it again")
    if not (wants_password or wants_switch):
        return
    with saving("The account is changed. Any old sessions of hers have ended.", room) as db:
        if wants_password:
            accounts.set_password(db, actor, ref, password)
        elif account.is_active:
            accounts.close(db, actor, ref)
        else:
            accounts.reopen(db, actor, ref)
