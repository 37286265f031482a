"""The partners directory: who refers to us, the people there, and keeping both up to date."""

from functools import partial

import pandas as pd
import streamlit as st

from services import agencies, agency_workers
from services.agencies import AgencyDraft, AgencySummary
from services.agency_workers import WorkerDraft
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor, Permission
from ui.components.choose import back_to_list, choose_row, show_rows
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    choice,
    done,
    explain,
    fresh,
    keep,
    line,
    needed,
    seen,
)
from ui.components.referral_words import AGENCY_KINDS
from ui.components.words import literal
from ui.navigation import file_of


def partner_list(actor: Actor) -> None:
    """Every partner by name; choosing one opens it."""
    with reading() as db:
        frame = agencies.directory(db, actor)
    if frame.empty:
        st.info("No partners yet. Add the first agency that refers to you below.")
    else:
        st.caption("By name, those closed at the end. Choose a row to open a partner.")
        columns = {
            "name": "Partner",
            "kind": "Kind",
            "workers": "People",
            "phone": "Phone",
            "email": "Email",
            "is_active": st.column_config.CheckboxColumn("Open"),
        }
        shown = frame.assign(kind=frame["kind"].map(AGENCY_KINDS))
        chosen = choose_row(shown, columns, key="partners_list", alt="Partners")
        if chosen is not None:
            st.switch_page(file_of("referrals"), query_params={"partner": chosen["ref"]})
    if actor.may(Permission.EDIT_REFERRALS):
        folded(
            "Add a partner",
            partial(_add_partner, actor),
            key="new_partner",
            expanded=frame.empty,
            icon=":material/add_business:",
        )


def partner(actor: Actor, ref: str) -> None:
    """One partner, and for a coordinator the forms that change it."""
    with reading() as db:
        one = agencies.summary(db, actor, ref)
        workers = agency_workers.of_agency(db, actor, ref)
    back_to_list("All partners")
    st.title(literal(one.name), anchor=False)
    state = "" if one.is_active else " · closed: nobody new can be referred by it"
    st.caption(f"{AGENCY_KINDS[one.kind]}{state}")
    reach = [("Phone", one.phone), ("Email", one.email)]
    st.text("\n".join(f"{label}: {text}" for label, text in reach if text) or "No contact yet.")
    st.header("People there", anchor=False)
    if workers.empty:
        st.info("Nobody yet. Add whoever refers to you from there, to find her again.")
    else:
        columns = {
            "name": "Name",
            "phone": "Phone",
            "email": "Email",
            "is_active": st.column_config.CheckboxColumn("Works there"),
        }
        show_rows(workers, columns, alt="People at this partner")
    if actor.may(Permission.EDIT_REFERRALS):
        folded(
            "Add somebody who works there",
            partial(_add_worker, actor, one),
            key="new_worker",
            expanded=workers.empty,
        )
        if not workers.empty:
            change = partial(_change_worker, actor, one, workers)
            folded("Change somebody who works there", change, key="change_worker")
        folded("Change this partner", partial(_change_partner, actor, one), key="change_partner")
        _switch(actor, one)


def _add_partner(actor: Actor) -> None:
    room: Room = {}
    with st.form(fresh("partner"), border=False):
        fields = _partner_fields(room)
        pressed = st.form_submit_button("Add", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            ref = agencies.add(db, actor, _draft(fields))
    except AppError as error:
        explain(error, room)
    else:
        done("The partner is in the directory. Add the people there next.")
        st.switch_page(file_of("referrals"), query_params={"partner": ref})


def _change_partner(actor: Actor, one: AgencySummary) -> None:
    room: Room = {}
    with st.form(fresh("partner", one.ref), border=False):
        fields = _partner_fields(room, one)
        pressed = st.form_submit_button("Save", on_click=keep, args=(one.version,))
    if not pressed:
        return
    try:
        with transaction() as db:
            agencies.change(db, actor, one.ref, _draft(fields), version=seen())
    except AppError as error:
        explain(error, room)
    else:
        done("The partner is changed.")
        st.rerun()


def _switch(actor: Actor, one: AgencySummary) -> None:
    label = "Close this partner" if one.is_active else "Open this partner again"
    if not st.button(label, on_click=keep, args=(one.version,), key=f"switch_{one.ref}"):
        return
    try:
        with transaction() as db:
            agencies.switch(db, actor, one.ref, active=not one.is_active, version=seen())
    except AppError as error:
        explain(error, {})
    else:
        done("The partner is closed." if one.is_active else "The partner is open again.")
        st.rerun()


def _add_worker(actor: Actor, one: AgencySummary) -> None:
    room: Room = {}
    with st.form(fresh("worker", one.ref), border=False):
        draft = _worker_fields(room, one.ref)
        pressed = st.form_submit_button("Add", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            agency_workers.add(db, actor, one.ref, draft)
    except AppError as error:
        explain(error, room)
    else:
        done("She is in the directory.")
        st.rerun()


def _change_worker(actor: Actor, one: AgencySummary, workers: pd.DataFrame) -> None:
    rows = {row["ref"]: row for row in workers.fillna("").to_dict("records")}
    ref = st.selectbox(
        "Who",
        list(rows),
        index=None,
        format_func=lambda key: rows[key]["name"],
        placeholder="Please choose",
        key=fresh("worker_choice", one.ref),
    )
    if ref is None:
        return
    room: Room = {}
    row = rows[ref]
    with st.form(fresh("worker", ref), border=False):
        draft = _worker_fields(room, ref, row["name"], row["phone"], row["email"])
        works = st.checkbox(
            "Works there now", value=bool(row["is_active"]), key=fresh("works", ref)
        )
        pressed = st.form_submit_button("Save", on_click=keep, args=(int(row["version"]),))
    if not pressed:
        return
    try:
        with transaction() as db:
            agency_workers.change(db, actor, ref, draft, active=works, version=seen())
    except AppError as error:
        explain(error, room)
    else:
        done("Her entry is changed.")
        st.rerun()


def _partner_fields(room: Room, one: AgencySummary | None = None) -> dict[str, str | None]:
    ref = one.ref if one else ""
    index = list(AGENCY_KINDS).index(one.kind) if one else None
    name = line(st, room, "name", "Partner's name", ref, value=one.name if one else "")
    kind = choice(room, "kind", "Kind", AGENCY_KINDS, ref, index=index)
    left, right = st.columns(2)
    phone = line(left, room, "phone", "Phone", ref, value=(one.phone if one else None) or "")
    email = line(right, room, "email", "Email", ref, value=(one.email if one else None) or "")
    return {"name": name, "kind": kind, "phone": phone, "email": email}


def _draft(fields: dict[str, str | None]) -> AgencyDraft:
    return AgencyDraft(
        name=fields["name"] or "",
        kind=needed(fields["kind"], "kind", "Choose what kind of partner this is."),
        phone=fields["phone"] or "",
        email=fields["email"] or "",
    )


def _worker_fields(
    room: Room, ref: str, name: str = "", phone: str = "", email: str = ""
) -> WorkerDraft:
    her_name = line(st, room, "name", "Name", f"worker{ref}", value=name)
    left, right = st.columns(2)
    her_phone = line(left, room, "phone", "Phone", f"worker{ref}", value=phone)
    her_email = line(right, room, "email", "Email", f"worker{ref}", value=email)
    return WorkerDraft(name=her_name, phone=her_phone, email=her_email)
