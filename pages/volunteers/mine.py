"""What a survivor volunteer with an account sees: her own part, and nobody else's."""

import streamlit as st

from services.db import reading
from services.permissions import Permission
from services.volunteers.herself import record
from ui.auth import require
from ui.components.herself import draw_herself

actor = require(Permission.OWN_VOLUNTEERING)

st.title("My volunteering")
with reading() as db:
    me = record.summary(db, actor)
if me is None:
    st.info(
        "Your account is not joined to your record yet. Ask your coordinator to do so, under "
        "“Support” on your record."
    )
    st.stop()
draw_herself(actor, me)
