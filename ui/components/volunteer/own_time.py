"""The sealed part of a volunteer's record: whether she is ready, in facts, and her own time."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.safe_contact.wording import day
from services.volunteers.own_time import sealed
from services.volunteers.own_time.readiness import Fact
from services.volunteers.own_time.sealed import OwnTimeDraft, OwnTimeView, Why
from services.volunteers.volunteers import VolunteerSummary
from ui.components.form_fields import Room, choice, fresh, keep, needed, saving, seen
from ui.components.people.find_participant import participants_named
from ui.components.volunteer.words import FACTS, OWN_TIME_WHYS, RULES
from ui.components.words import literal

_ICONS = {
    "met": ":material/check_circle:",
    "not_yet": ":material/schedule:",
    "not_known": ":material/help:",
}
_NOT_ASKED, _YES, _NO = "not_asked", "yes", "no"
_WAS = {
    _NOT_ASKED: "Not asked yet",
    _NO: "No, she was not",
    _YES: "Yes, she was",
}
_SUPPORT = {
    _NOT_ASKED: "Not asked yet",
    _YES: "Yes, she has",
    _NO: "Not yet",
}
_STORED = {_NOT_ASKED: None, _YES: True, _NO: False}
_SHOWN = {value: key for key, value in _STORED.items()}


def draw(actor: Actor, one: VolunteerSummary) -> None:
    """Sealed until she says why she opens it, for this record and this visit."""
    why = _opened_because(one)
    if why is None:
        return
    with reading() as db:
        view = sealed.opened(db, actor, one.ref, why)
    st.button("Seal it again", icon=":material/lock:", on_click=_seal, args=(one.ref,))
    if view.meets_in:
        st.error(
            f"She is placed with {literal(', '.join(view.meets_in))} now, and the group is not "
            "right for her. Speak with her alone, and end that placement today.",
            icon=":material/group_off:",
        )
    along, beside = st.columns(2, gap="large")
    with along:
        st.header("Readiness", anchor=False)
        for fact in view.facts:
            _fact(fact)
        if view.support_asked_on:
            st.caption(f"Asked about support on {day(view.support_asked_on)}.")
    with beside:
        _hard_to_meet(view)
        _record(actor, one, view)


def _opened_because(one: VolunteerSummary) -> Why | None:
    if why := st.session_state.get(_key(one.ref)):
        return Why(why)
    st.info("This part is sealed. Say why you open it; that is written in the audit log.")
    with st.form(f"own_time_open_{one.ref}", border=False):
        chosen = st.radio(
            "Why do you open it?",
            list(OWN_TIME_WHYS),
            index=None,
            format_func=OWN_TIME_WHYS.__getitem__,
        )
        pressed = st.form_submit_button("Open it", icon=":material/lock_open:")
    if pressed and chosen is None:
        st.error("Choose why you open it.")
    elif pressed:
        st.session_state[_key(one.ref)] = chosen
        st.rerun()
    return None


def _fact(fact: Fact) -> None:
    state = fact.state.value
    st.write(f"{_ICONS[state]} **{RULES[fact.rule]}: {FACTS[state].lower()}.** {fact.says}")


def _hard_to_meet(view: OwnTimeView) -> None:
    st.header("Whom she would find it hard to meet", anchor=False)
    for said in view.hard_to_meet:
        st.text(said)
    if not view.hard_to_meet:
        st.caption("She has written nothing about it. Ask her, and keep a pair under “Kept apart”.")


def _record(actor: Actor, one: VolunteerSummary, view: OwnTimeView) -> None:
    st.header("What she said", anchor=False)
    people_found = participants_named(
        actor, "If she was: find her record by name or reference", "own_time", one.ref
    )
    if view.person_ref and view.person_name:
        people_found = {view.person_ref: view.person_name} | people_found
    room: Room = {}
    with st.form(fresh("own_time", one.ref), border=False):
        was = choice(
            room, "was", "Was she in a group here herself?", _WAS, one.ref,
            index=list(_WAS).index(_SHOWN[view.was_participant]),
        )  # fmt: skip
        person = choice(
            room, "person", "Her record as a participant, found above", people_found, one.ref,
            index=0 if view.person_ref else None,
        )  # fmt: skip
        support = choice(
            room, "support", "Has she support of her own, outside the role?", _SUPPORT, one.ref,
            index=list(_SUPPORT).index(_SHOWN[view.has_own_support]),
        )  # fmt: skip
        pressed = st.form_submit_button("Save", on_click=keep, args=(view.version,))
    if not pressed:
        return
    with saving("It is kept, and stays sealed.", room) as db:
        draft = OwnTimeDraft(
            was_participant=_STORED[needed(was, "was", "Choose an answer.")],
            person_ref=person,
            has_own_support=_STORED[needed(support, "support", "Choose an answer.")],
        )
        sealed.record(db, actor, one.ref, draft, version=seen())


def _key(ref: str) -> str:
    return f"own_time_why_{ref}"


def _seal(ref: str) -> None:
    st.session_state.pop(_key(ref), None)
