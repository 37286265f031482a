"""A participant's risk: the level now, the reviews before it, and making the next one."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from models import RiskLevel
from services import clock
from services.concerns import risk
from services.concerns.happenings import of_person
from services.concerns.risk import RiskDraft
from services.db import reading, transaction
from services.errors import AppError
from services.people.people import PersonSummary
from services.permissions import Actor
from ui.components import words
from ui.components.choose import date_column, show_rows
from ui.components.concerns.risk_words import ICONS, LEVELS
from ui.components.folded import folded
from ui.components.form_fields import (
    Room,
    area,
    choice,
    date_field,
    done,
    explain,
    fresh,
    needed,
    number_field,
)
from ui.components.person import happenings
from ui.components.words import literal


def draw(actor: Actor, person: PersonSummary) -> None:
    """The level in words with its icon, what is to be done, and every review."""
    with reading() as db:
        reviews = risk.of_person(db, actor, person.ref)
        happened = of_person(db, actor, person.ref)
    st.header("Risk", anchor=False)
    if waiting := [one for one in happened if one.is_waiting]:
        happenings.waiting(waiting)
    if reviews.empty:
        st.info("No review yet. Make the first one at the pre-group meeting.")
    else:
        _current(reviews.iloc[0])
    folded(
        "Review her risk",
        partial(_review, actor, person),
        key=f"risk_{person.ref}",
        expanded=reviews.empty or bool(waiting),
    )
    folded(
        "Something happened",
        partial(happenings.incident_form, actor, person.ref),
        key=f"incident_{person.ref}",
    )
    happenings.past(actor, person.ref, happened)
    if len(reviews):
        _history(reviews)


def _current(now: "pd.Series[Any]") -> None:
    level, due = now["level"], now["review_on"]
    show = {"high": st.error, "medium": st.warning, "standard": st.info}[level]
    show(f"**{LEVELS[level]}**", icon=ICONS[level])
    if level == RiskLevel.HIGH.value:
        st.write(
            "High risk goes to the MARAC. The MARAC is not child protection: refer children "
            "separately."
        )
    is_due = due <= clock.today()
    st.caption(
        f"Review {'due since' if is_due else 'again by'} {words.day(due)}, and after any incident."
    )
    for label, text in (
        ("Higher than the score", now["raised_because"]),
        ("Action", now["action"]),
    ):
        if text:
            st.text(f"{label}: {text}")


def _review(actor: Actor, person: PersonSummary) -> None:
    """The score first: the levels to choose from begin with what it says."""
    today, ref, room = clock.today(), person.ref, Room()
    label = "DASH: questions answered with yes"
    score: int | None = number_field(
        st, room, "score", label, ref, value=None, key="risk_score", step=1
    )
    if score is None:
        st.caption("Enter the score, from 0 to 24. The level follows from it; you may raise it.")
        return
    if not risk.is_score(score):
        room["score"].error(risk.NO_SCORE)
        return
    levels = {level.value: LEVELS[level.value] for level in risk.allowed(score)}
    with st.form(fresh("risk", ref), border=False):
        level = choice(room, "level", "Level", levels, f"{ref}_{len(levels)}", index=0)
        because = area(room, "raised_because", "Why it is higher than the score, if it is", ref)
        action = area(room, "action", "What is done about it", ref)
        left, right = st.columns(2)
        on = date_field(left, room, "assessed_on", "Assessed on", ref, value=today)
        again = date_field(
            right, room, "review_on", "Review again by", ref, value=risk.next_review(today)
        )
        pressed = st.form_submit_button("Keep this review", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            draft = RiskDraft(
                assessed_on=on,
                score=score,
                level=RiskLevel(needed(level, "level", "Choose the level.")),
                review_on=again,
                raised_because=because,
                action=action,
            )
            risk.review(db, actor, ref, draft)
    except AppError as error:
        explain(error, room)
    else:
        done(f"{literal(person.first_name)}: {LEVELS[draft.level.value]}.")
        st.rerun()


def _history(reviews: pd.DataFrame) -> None:
    columns = {
        "assessed": date_column("Assessed"),
        "score": "Score",
        "level": "Level",
        "review_on": date_column("Review by"),
        "by": "By",
        "raised_because": "Why higher than the score",
        "action": "Action",
    }
    shown = reviews.assign(level=reviews["level"].map(LEVELS))
    show_rows(shown, columns, alt="Reviews of her risk")
