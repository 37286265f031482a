"""Referrals: those on the way, one of them with its steps, and the partners who refer."""

import streamlit as st

from services.db import reading
from services.permissions import Permission
from services.referrals import referrals
from ui.auth import require
from ui.components.referrals.partners import partner, partner_list
from ui.components.referrals.referral_checking import check_form, forms_to_check
from ui.components.referrals.referral_list import referral_list
from ui.components.referrals.referral_view import (
    next_step,
    referral_heading,
    steps_table,
    what_was_sent,
)
from ui.components.referrals.waiting_list import show_waiting_list

actor = require(Permission.READ_REFERRALS)
ref = st.query_params.get("referral", "")
form_ref = st.query_params.get("form", "")
partner_ref = st.query_params.get("partner", "")

# --- The lists ---------------------------------------------------------------------------
if not (ref or form_ref or partner_ref):
    st.title("Referrals")
    parts = {
        "list": ("Referrals", referral_list),
        "waiting": ("Waiting list", show_waiting_list),
        "partners": ("Partners", partner_list),
    }
    if actor.may(Permission.EDIT_REFERRALS):
        parts["forms"] = ("Forms to check", forms_to_check)
    part = st.segmented_control(
        "Part of the page",
        list(parts),
        default="list",
        required=True,
        format_func=lambda key: parts[key][0],
        label_visibility="collapsed",
        key="show",
        persist_state="session",
    )
    parts[part][1](actor)
    st.stop()

# --- One form ----------------------------------------------------------------------------
if form_ref:
    check_form(actor, form_ref)
    st.stop()

# --- One partner -------------------------------------------------------------------------
if partner_ref:
    partner(actor, partner_ref)
    st.stop()

# --- One referral ------------------------------------------------------------------------
with reading() as db:
    one = referrals.summary(db, actor, ref)

referral_heading(one)
along, beside = st.columns(2, gap="large")
with along:
    steps_table(actor, one)
if actor.may(Permission.EDIT_REFERRALS):
    with beside:
        next_step(actor, one)
        what_was_sent(actor, one)
