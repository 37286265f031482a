"""How long people waited after their referral, with who waits still."""

import streamlit as st

from services.db import reading
from services.permissions import Permission
from services.referrals import waiting_times
from ui.auth import require
from ui.components.referrals.waiting_figures import show_clock

actor = require(Permission.READ_WAITING_TIMES)

st.title("Waiting times")
st.caption(
    "By the quarter in which somebody was referred, over the last two years. Half waited no "
    "longer than the first figure, nine in ten no longer than the second."
)

with reading() as db:
    clocks = waiting_times.by_quarter(db, actor)

if not clocks:
    st.info("No referral in the last two years. Figures appear once there are referrals.")
    st.stop()

for clock, quarters in clocks.items():
    show_clock(quarters, clock)
