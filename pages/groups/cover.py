"""Whether the sessions of the coming days are safe to run, and who is there to run them."""

from functools import partial

import streamlit as st

from services.permissions import Permission
from ui.auth import require
from ui.components.cover import records
from ui.components.cover.kept import sessions_that_ran_short
from ui.components.cover.sessions import sessions_with_lights
from ui.components.folded import folded

actor = require(Permission.KEEP_COVER)

st.title("Cover")
sessions_with_lights(actor)
folded("Sessions that ran short", partial(sessions_that_ran_short, actor), key="cover_kept")
folded("Colleagues away", partial(records.days_away, actor), key="cover_away")
folded("Training for programmes", partial(records.training, actor), key="cover_training")
folded("Checks for work with children", partial(records.checks, actor), key="cover_checks")
