"""What is due now, in order of harm if missed."""

import streamlit as st

from services import today
from services.clock import now
from services.db import reading
from services.permissions import Permission
from ui.auth import require
from ui.components import words
from ui.components.after_session import debriefs_undone
from ui.components.concern_list import overdue_concerns
from ui.components.conflict_list import pairs_to_act_on
from ui.components.contact_due import contact_due
from ui.components.cover.sessions import sessions_not_safe
from ui.components.offers_due import offers_due
from ui.components.plans_to_review import plans_to_review
from ui.components.referral_checking import forms_due
from ui.components.renewals_due import checks_due, training_due
from ui.components.risk_actions_due import risk_actions_due
from ui.components.risks_to_review import risks_to_review
from ui.components.session_table import session_table
from ui.components.support_due import support_on_today
from ui.components.volunteer.applications import applications_due
from ui.components.welfare_calls import calls_due, calls_passed_on, calls_unheard
from ui.navigation import file_of

actor = require(Permission.SEE_TODAY)

st.title("Today")
st.caption(words.day(now()))

with reading() as db:
    week = today.week(db, actor)
    unfinished = today.unfinished_registers(db, actor)
    still_open = len(unfinished)
    if still_open == today.MOST:
        still_open = today.unfinished_count(db, actor)
sessions, coming = week.today, week.coming

picked = []

# --- Concerns that nobody decided on in time ----------------------------------------------
if actor.may(Permission.DECIDE_CONCERNS):
    overdue_concerns(actor)

# --- Answers about immediate risk --------------------------------------------------------
risk_actions_due(actor)

# --- Calls owed to people who did not come --------------------------------------------------
if actor.may(Permission.DECIDE_CONCERNS):
    calls_unheard(actor)
if actor.may(Permission.TAKE_REGISTER):
    calls_due(actor)
if actor.may(Permission.EDIT_PEOPLE):
    calls_passed_on(actor)

# --- Risk to look at again ------------------------------------------------------------------
if actor.may(Permission.RECORD_RISK):
    risks_to_review(actor)

# --- Forms of professionals ----------------------------------------------------------------
if actor.may(Permission.EDIT_REFERRALS):
    forms_due(actor)

# --- Applications to volunteer -------------------------------------------------------------
if actor.may(Permission.EDIT_VOLUNTEERS):
    applications_due(actor)

# --- Seats held for somebody ---------------------------------------------------------------
if actor.may(Permission.EDIT_PEOPLE):
    offers_due(actor)

# --- Two who must not meet and are in one group --------------------------------------------
if actor.may(Permission.KEEP_CONFLICTS):
    pairs_to_act_on(actor, link=True)

# --- Sessions with too few adults, nobody trained or nowhere to meet ------------------------
if actor.may(Permission.KEEP_COVER):
    sessions_not_safe(actor)

# --- Support owed to volunteers -------------------------------------------------------------
if actor.may(Permission.SUPERVISE):
    support_on_today(actor)

# --- Registers nobody finished: an absence without word is only called about once it is marked --
if still_open:
    st.header(f"Registers to finish ({still_open})")
    st.write("Someone may have missed a session and not been called yet.")
    picked.append(session_table(unfinished, key="today_unfinished", alt="Registers to finish"))

# --- Sessions without a debrief --------------------------------------------------------------
if actor.may(Permission.READ_PEOPLE):
    debriefs_undone(actor)

# --- Whom nobody may contact until she has been asked again -----------------------------------
contact_due(actor)

# --- Today -------------------------------------------------------------------------------
st.header("Sessions today")
if sessions.empty:
    st.info(f"No sessions today.{'' if coming.empty else ' The next ones are below.'}")
else:
    picked.append(session_table(sessions, key="today_sessions", alt="Sessions today"))

# --- Reviews -----------------------------------------------------------------------------
if actor.may(Permission.READ_PLANS):
    plans_to_review(actor)

# --- Checks and training of volunteers that run out ----------------------------------------
if actor.may(Permission.KEEP_CHECKS):
    checks_due(actor)
if actor.may(Permission.KEEP_TRAINING):
    training_due(actor)

# --- The days ahead ----------------------------------------------------------------------
st.header("The next seven days")
if coming.empty and actor.may(Permission.EDIT_GROUPS):
    st.info("Nothing is planned. Make a group under Groups, and its sessions appear here.")
elif coming.empty:
    st.info("Nothing is planned. Once a coordinator gives you a group, its sessions appear here.")
else:
    picked.append(session_table(coming, key="today_coming", alt="Sessions to come"))

chosen = next((row for row in picked if row is not None), None)
if chosen is not None and actor.may(Permission.TAKE_REGISTER):
    st.switch_page(file_of("register"), query_params={"session": chosen["ref"]})
elif chosen is not None:
    st.switch_page(file_of("groups"), query_params={"group": chosen["group_ref"]})
