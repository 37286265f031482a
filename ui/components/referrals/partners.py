"""The partners directory: who refers to us, the people there, and keeping both up to date."""

from functools import partial

import pandas as pd
import streamlit as st

from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor, Permission
from services.referrals import agencies, agency_workers
from services.referrals.agencies import AgencyDraft, AgencySummary
from services.referrals.agency_workers import WorkerDraft
from services.versions import Standing, Value, Values
from ui.components import versions
from ui.components.choose import back_to_list, choose_entry, choose_row, show_rows
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
    saving,
    seen,
)
from ui.components.referrals.referral_words import AGENCY_KINDS
from ui.components.versions import Record
from ui.components.words import literal
from ui.navigation import file_of

_REACH = {"phone": "Phone", "email": "Email"}
_WORKS = "Works there now"


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
        fields = _partner_fields("", room, {})
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
    values: dict[str, Value] = {
        "name": one.name,
        "kind": one.kind,
        "phone": one.phone or "",
        "email": one.email or "",
    }
    versions.change(
        Record(
            name=one.ref,
            what="partner",
            labels={"name": "Partner's name", "kind": "Kind", **_REACH},
            standing=Standing(one.version, values),
            drawn=fresh("name", one.ref),
            written=_written,
            saved="The partner is changed.",
        ),
        partial(_partner_fields, one.ref),
        lambda db, mine, seen: agencies.change(
            db, actor, one.ref, _draft(mine), version=seen.version
        ),
    )


def _switch(actor: Actor, one: AgencySummary) -> None:
    label = "Close this partner" if one.is_active else "Open this partner again"
    if not st.button(label, on_click=keep, args=(one.version,), key=f"switch_{one.ref}"):
        return
    with saving("The partner is closed." if one.is_active else "The partner is open again.") as db:
        agencies.switch(db, actor, one.ref, active=not one.is_active, version=seen())


def _add_worker(actor: Actor, one: AgencySummary) -> None:
    room: Room = {}
    with st.form(fresh("worker", one.ref), border=False):
        fields = _worker_fields(one.ref, room, {})
        pressed = st.form_submit_button("Add", type="primary")
    if not pressed:
        return
    with saving("She is in the directory.", room) as db:
        agency_workers.add(db, actor, one.ref, _worker_draft(fields))


def _change_worker(actor: Actor, one: AgencySummary, workers: pd.DataFrame) -> None:
    rows = {row["ref"]: row for row in workers.fillna("").to_dict("records")}
    names = {ref: row["name"] for ref, row in rows.items()}
    ref = choose_entry("Who", names, key=fresh("worker_choice", one.ref))
    if ref is None:
        return
    row = rows[ref]
    values = {field: row[field] for field in ("name", *_REACH)}
    values["works"] = bool(row["is_active"])
    versions.change(
        Record(
            name=ref,
            what="entry",
            labels={"name": "Name", **_REACH, "works": _WORKS},
            standing=Standing(int(row["version"]), values),
            drawn=fresh("works", ref),
            saved="Her entry is changed.",
        ),
        partial(_changed_worker, ref),
        lambda db, mine, seen: agency_workers.change(
            db,
            actor,
            ref,
            _worker_draft(mine),
            active=bool(mine["works"]),
            version=seen.version,
        ),
    )


def _changed_worker(ref: str, room: Room, now: Values) -> dict[str, Value]:
    fields = _worker_fields(ref, room, now)
    works = st.checkbox(_WORKS, value=bool(now["works"]), key=fresh("works", ref))
    return {**fields, "works": works}


def _partner_fields(ref: str, room: Room, now: Values) -> dict[str, Value]:
    index = list(AGENCY_KINDS).index(str(now["kind"])) if now else None
    name = line(st, room, "name", "Partner's name", ref, value=str(now.get("name", "")))
    kind = choice(room, "kind", "Kind", AGENCY_KINDS, ref, index=index)
    return {"name": name, "kind": kind, **_reach_fields(ref, room, now)}


def _worker_fields(ref: str, room: Room, now: Values) -> dict[str, Value]:
    own = f"worker{ref}"
    name = line(st, room, "name", "Name", own, value=str(now.get("name", "")))
    return {"name": name, **_reach_fields(own, room, now)}


def _reach_fields(ref: str, room: Room, now: Values) -> dict[str, Value]:
    return {
        field: line(place, room, field, label, ref, value=str(now.get(field, "")))
        for place, (field, label) in zip(st.columns(2), _REACH.items(), strict=True)
    }


def _written(field: str, value: Value) -> str:
    return AGENCY_KINDS[str(value)] if field == "kind" else versions.in_words(field, value)


def _draft(fields: Values) -> AgencyDraft:
    kind = needed(fields["kind"], "kind", "Choose what kind of partner this is.")
    texts = {field: str(fields[field]) for field in ("name", *_REACH)}
    return AgencyDraft(kind=str(kind), **texts)


def _worker_draft(fields: Values) -> WorkerDraft:
    return WorkerDraft(**{field: str(fields[field]) for field in ("name", *_REACH)})
