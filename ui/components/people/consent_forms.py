"""The forms that record a consent and withdraw one."""

from typing import Any

import pandas as pd
import streamlit as st

from models import Basis, Purpose
from services import clock
from services.consents import consent_view, consents
from services.consents.consent_draft import MAX_TEXT
from services.consents.consent_view import GIVEN, Asking
from services.consents.consents import ConsentDraft
from services.db import reading
from services.permissions import Actor
from ui.components.form_fields import (
    Room,
    choice,
    date_field,
    fresh,
    keep,
    line,
    needed,
    saving,
    seen,
)
from ui.components.people.consent_words import ANSWERS, BASES, OTHER_PARENT, PURPOSES, SAID_NO, what

_RECORDED = {
    False: "The consent is recorded. It can be withdrawn at any time.",
    True: "Her no is recorded. Nothing that leaves here uses this.",
}


def record_consent(actor: Actor, ref: str, past: pd.DataFrame) -> None:
    """One purpose at a time; what else is asked depends on it, on the answer and who gave it."""
    with reading() as db:
        asking = consent_view.asking(db, actor, ref)
    room: Room = {}
    purpose = choice(room, "purpose", "What for", PURPOSES, ref, index=None)
    is_refusal = choice(room, "answer", "The answer", ANSWERS, ref, index=0) == "no"
    bases = _bases(asking, is_refusal=is_refusal)
    only_one = 0 if len(bases) == 1 else None
    basis = choice(room, "basis", "Who gave it", bases, ref, index=only_one)
    if purpose is None or basis is None:
        st.caption("Choose first. What else is needed then appears here.")
        return
    with st.form(fresh("consent", ref), border=False):
        fields = _agency(room, asking, ref) if purpose == Purpose.SHARE.value else {}
        fields |= _footing(room, asking, Basis(basis), ref)
        fields["given_on"] = _day(room, "given_on", "Answered on", ref)
        pressed = st.form_submit_button(
            "Record the answer", type="primary", on_click=keep, args=(_latest(past),)
        )
    if not pressed:
        return
    after = seen().get((purpose, fields.get("agency_ref")))
    draft = ConsentDraft(
        purpose=Purpose(purpose), basis=Basis(basis), is_refusal=is_refusal, after=after,
        **fields,
    )  # fmt: skip
    with saving(_RECORDED[draft.is_refusal], room) as db:
        consents.record(db, actor, ref, draft)


def _bases(asking: Asking, *, is_refusal: bool) -> dict[str, str]:
    """On what footing the answer may have been given; a no may come from the child herself."""
    if not is_refusal:
        return {basis.value: BASES[basis.value] for basis in asking.bases}
    return SAID_NO if asking.is_under_age else {Basis.SELF.value: SAID_NO[Basis.SELF.value]}


def withdraw_consent(actor: Actor, ref: str, past: pd.DataFrame) -> None:
    """One that stands; no reason is needed."""
    standing = past[past["state"] == GIVEN]
    if standing.empty:
        st.caption("Nothing stands that could be withdrawn.")
        return
    named = [f"{what(row)}, since {row.given_on:%d/%m/%Y}" for row in standing.itertuples()]
    names = dict(zip(standing["consent"], named, strict=True))
    versions = dict(zip(standing["consent"], standing["version"], strict=True))
    room: Room = {}
    with st.form(fresh("withdraw", ref), border=False):
        # None chosen beforehand: one that was withdrawn meanwhile must not turn into another.
        chosen = choice(room, "which", "Which consent", names, ref, index=None)
        on = _day(room, "withdrawn_on", "Withdrawn on", ref)
        reason = line(st, room, "reason", "Reason, only if she would like it kept", ref)
        pressed = st.form_submit_button("Withdraw it", on_click=keep, args=(versions,))
    if not pressed:
        return
    with saving("It is withdrawn. Nothing that leaves here uses it any more.", room) as db:
        which = needed(chosen, "which", "Choose the consent she takes back.")
        version = seen()[which]
        consents.withdraw(db, actor, which, on=on, reason=reason, version=version)


def _agency(room: Room, asking: Asking, ref: str) -> dict[str, Any]:
    if not asking.agencies:
        st.info("There is no agency to choose yet. A coordinator adds one first.")
    return {"agency_ref": choice(room, "agency", "Agency", asking.agencies, ref, index=None)}


def _footing(room: Room, asking: Asking, basis: Basis, ref: str) -> dict[str, Any]:
    """Who is responsible, or who judged that she can decide, and why."""
    if basis is Basis.RESPONSIBILITY:
        st.warning(OTHER_PARENT, icon=":material/family_restroom:")
        if not asking.carers:
            st.info(
                "Nobody you may see is recorded with parental responsibility for her. "
                "A coordinator records that under Family."
            )
        return {
            "given_by_ref": choice(room, "given_by", "Given by", asking.carers, ref, index=None)
        }
    if basis is Basis.GILLICK:
        why = st.text_area(
            "Why she can decide this, for this purpose",
            max_chars=MAX_TEXT,
            help="What she understood, what you asked her, and why it is in her interest.",
            key=fresh("judgement", ref),
        )
        room["judgement"] = st.empty()
        judge = choice(room, "judged_by", "Judged by", asking.judges, ref, index=None)
        judged_on = _day(room, "judged_on", "Judged on", ref)
        return {"judgement": why, "judged_by_ref": judge, "judged_on": judged_on}
    return {}


def _day(room: Room, field: str, label: str, ref: str) -> Any:
    return date_field(st, room, field, label, ref, value=clock.today(), max_value=clock.today())


def _latest(past: pd.DataFrame) -> dict[tuple[str, str | None], str]:
    """The row she sees last for each purpose and agency."""
    oldest_first = past[::-1]
    things = zip(oldest_first["purpose"], oldest_first["agency_ref"], strict=True)
    return dict(zip(things, oldest_first["consent"], strict=True))
