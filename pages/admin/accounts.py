"""Staff accounts: who may sign in, as what."""

import streamlit as st

from services.accounts import accounts
from services.db import reading
from services.permissions import Permission
from ui.auth import require
from ui.components import words
from ui.components.choose import choose_row
from ui.components.settings.account_form import add_account, change_account

actor = require(Permission.MANAGE_ACCOUNTS)

st.title("Accounts")

with reading() as db:
    frame = accounts.directory(db, actor)

columns = {
    "name": "Name",
    "username": "User name",
    "role": "Role",
    "active": st.column_config.CheckboxColumn("Open"),
}
shown = frame.assign(role=frame["role"].map(words.label))
if len(frame) == 1:
    st.info(
        "Next: add an account for each coordinator, facilitator and lead. A coordinator or a lead "
        "then makes the first group, under Groups."
    )
chosen = choose_row(shown, columns, key="accounts_list", alt="Accounts")
if chosen is not None:
    st.query_params["account"] = chosen["ref"]
if ref := st.query_params.get("account"):
    change_account(actor, ref)

# --- A new one ---------------------------------------------------------------------------
st.header("Add an account")
add_account(actor)
