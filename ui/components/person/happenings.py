"""What happened to a participant: what waits for a review, what came before, and correcting it."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from services import clock
from services.concerns import incidents
from services.concerns.happenings import Happening, Said
from services.concerns.incidents import IncidentDraft
from services.permissions import Actor
from ui.components import words
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    area,
    date_field,
    fresh,
    keep,
    saving,
    seen,
)

_OTHERWISE, _TAKEN_BACK = "It was otherwise", "It did not happen, or not to her"
_SHORT = 60


def waiting(found: Sequence[Happening]) -> None:
    """In red what her risk is to be looked at again for, the first first."""
    st.error(
        f"**Review her risk now.** Something happened on {words.day(found[0].happened_on)}.",
        icon=":material/emergency:",
    )
    for one in found:
        _tell(one)


def incident_form(actor: Actor, ref: str) -> None:
    """Not the review itself: whoever hears of it first may have no time for that."""
    room, today = Room(), clock.today()
    with st.form(fresh("incident", ref), border=False):
        on = date_field(st, room, "happened_on", "When", ref, value=today, max_value=today)
        what = area(room, "words", "What happened, in a few words", ref)
        pressed = st.form_submit_button("Record it")
    if not pressed:
        return
    with saving("It is recorded. Her risk is due for review now.", room) as db:
        incidents.record(db, actor, ref, IncidentDraft(happened_on=on, words=what))


def past(actor: Actor, ref: str, found: Sequence[Happening]) -> None:
    """Everything that was said, and a form for what was wrong with it."""
    if before := [one for one in found if not one.is_waiting]:
        folded("What happened before", partial(_all, before), key=f"happened_{ref}")
    if wrong := {one.number: one for one in found if one.can_be_corrected}:
        folded(
            "Correct or take back what was recorded",
            partial(_correct, actor, ref, wrong),
            key=f"incident_wrong_{ref}",
        )


def _all(found: Sequence[Happening]) -> None:
    for one in reversed(found):
        _tell(one)


def _tell(one: Happening) -> None:
    """What was said first, and under it each correction."""
    first, *since = one.said
    told = f"{first.words} ({first.by})" if first.words else "Ask your manager what it was."
    lines = [f"{words.day(first.happened_on or first.on)}: {told}", *map(_correction, since)]
    st.text("\n".join(lines))


def _correction(said: Said) -> str:
    day = said.happened_on
    what = f"Corrected: {words.day(day)}" if day else "Taken back"
    return f"{what}: {said.words} ({said.by}, {words.day(said.on)})"


def _correct(actor: Actor, ref: str, wrong: dict[int, Happening]) -> None:
    """Which of them, and in what way; the form below asks for what that needs."""
    number = st.selectbox(
        "Which?",
        list(wrong)[::-1],
        format_func=lambda one: _short(wrong[one]),
        key=f"incident_which_{ref}",
    )
    name = f"{ref}_{number}"
    how = st.radio("What is wrong?", [_OTHERWISE, _TAKEN_BACK], key=f"incident_how_{name}")
    _correction_form(actor, ref, wrong[number], taken_back=how == _TAKEN_BACK)


def _correction_form(actor: Actor, ref: str, one: Happening, *, taken_back: bool) -> None:
    name, room = f"{ref}_{one.number}_{taken_back}", Room()
    on, what, label = one.happened_on, "", "Why it is taken back"
    with st.form(fresh("incident_wrong", name), border=False):
        st.caption("What was recorded stays, with this beside it for all who review her risk.")
        if not taken_back:
            on = date_field(st, room, "happened_on", "When", name, value=on)
            what, label = one.said[-1].words, "What happened, in a few words"
        what = area(room, "words", label, name, value=what)
        pressed = st.form_submit_button("Save", on_click=keep, args=(len(one.said) - 1,))
    if not pressed:
        return
    with saving("Saved beside what was recorded.", room) as db:
        if taken_back:
            incidents.take_back(db, actor, ref, one.number, what, seen=seen())
        else:
            draft = IncidentDraft(happened_on=on, words=what)
            incidents.correct(db, actor, ref, one.number, draft, seen=seen())


def _short(one: Happening) -> str:
    words_now = one.said[-1].words
    end = "…" if len(words_now) > _SHORT else ""
    return f"{one.happened_on:%d/%m/%Y}: {words_now[:_SHORT]}{end}"
