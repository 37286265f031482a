"""The sessions she may see, by month, week or in a list, and her own calendar feed."""

from functools import partial

import streamlit as st

from services import clock
from services.calendar import calendar
from services.calendar.calendar_days import span
from services.db import reading
from services.permissions import Permission
from ui.auth import require
from ui.components.calendar.calendar import MOST_A_DAY, sessions_calendar
from ui.components.calendar.calendar_address import asked, href, leads_to, turn_to
from ui.components.calendar.calendar_feed import calendar_feed
from ui.components.calendar.calendar_filters import calendar_filters
from ui.components.folded import folded
from ui.navigation import file_of

actor = require(Permission.READ_GROUPS)

st.title("Calendar")
only = calendar_filters(actor)

# --- Sessions ----------------------------------------------------------------------------
look = asked()
with reading() as db:
    days = calendar.days(
        db,
        actor,
        span(look.view, look.day),
        most_a_day=MOST_A_DAY[look.view],
        only=only,
    )
chosen = sessions_calendar(
    look,
    days,
    key="calendar",
    today=clock.today(),
    href=partial(href, actor),
    on_look=turn_to,
)

# --- Her own calendar --------------------------------------------------------------------
folded(
    "Your calendar feed",
    partial(calendar_feed, actor),
    key="calendar_feed",
    icon=":material/rss_feed:",
)

if chosen is not None:
    address, query = leads_to(actor, chosen)
    st.switch_page(file_of(address), query_params=query)
