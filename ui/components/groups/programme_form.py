"""The forms that add a programme, make a new version of one, and stop offering it."""

from collections import defaultdict
from typing import Any, Final

import streamlit as st

from models import Point
from services.db import transaction
from services.errors import AppError
from services.measures.measure_library import measures
from services.measures.measure_words import POINTS
from services.permissions import Actor
from services.programmes import programmes
from services.programmes.programme_library import ProgrammeTemplate
from ui.components.form_fields import (
    Room,
    area,
    choice,
    done,
    explain,
    fresh,
    keep,
    line,
    saving,
    seen,
)
from ui.components.groups.pairs.shapes import shapes_fields
from ui.components.groups.programme_view import AUDIENCES, KINDS, called
from ui.components.words import literal
from ui.navigation import file_of

_COUNTS: Final = {"people": "People", "families": "Families"}
_NEW: Final[dict[str, Any]] = {
    "sessions": 10, "minutes": 120, "capacity": 12, "minimum": 4, "staff": 2, "age_min": 18,
    "completion_share": 0.75, "cutoff_week": 2,
}  # fmt: skip


def add_programme(actor: Actor) -> None:
    """A programme of the charity's own."""
    room: Room = {}
    with st.form(fresh("programme", "new"), border=False):
        draft = _fields(room, "new", _NEW)
        pressed = st.form_submit_button("Add the programme", type="primary")
    if not pressed:
        return
    try:
        with transaction() as db:
            key = programmes.add(db, actor, draft)
    except AppError as error:
        explain(error, room)
    else:
        done(f"{literal(draft['title'])} can be chosen for new groups now.")
        st.switch_page(file_of("programmes"), query_params={"programme": key})


def change_programme(actor: Actor, found: ProgrammeTemplate) -> None:
    """A new version; groups that have begun keep theirs."""
    room: Room = {}
    with st.form(fresh("programme", found.key), border=False):
        draft = _fields(room, found.key, found.model_dump())
        pressed = st.form_submit_button(
            "Make a new version", type="primary", on_click=keep, args=(found.version,)
        )
    if not pressed:
        return
    try:
        with transaction() as db:
            version = programmes.change(db, actor, found.key, draft, version=seen())
    except AppError as error:
        explain(error, room)
    else:
        done(f"New groups are runs of version {version} now. Groups made before keep theirs.")
        st.rerun()


def offer_programme(actor: Actor, found: ProgrammeTemplate, *, is_offered: bool) -> None:
    """Stop offering it for new groups, or begin again."""
    label = "Stop offering it for new groups" if is_offered else "Offer it for new groups again"
    if not st.button(label, key=f"offer_{found.key}"):
        return
    with saving("Groups that have begun go on as they are.") as db:
        programmes.offer(db, actor, found.key, is_offered=not is_offered, version=found.version)


def _fields(room: Room, ref: str, now: dict[str, Any]) -> dict[str, Any]:
    """Every field, filled in with what holds now."""
    draft: dict[str, Any] = {
        "title": line(st, room, "title", "Title", ref, value=now.get("title", "")),
        "summary": area(room, "summary", "What it is", ref, value=now.get("summary", "")),
        "modelled_on": line(
            st, room, "modelled_on", "Where the facts come from", ref,
            value=now.get("modelled_on", ""),
        ),
    }  # fmt: skip
    draft |= _who(room, ref, now)
    draft |= _numbers(room, ref, now)
    topics = area(
        room, "topics", "Topics, one a line, as many as sessions", ref,
        value="\n".join(now.get("topics", ())), height=260,
    )  # fmt: skip
    draft["topics"] = [topic.strip() for topic in topics.splitlines() if topic.strip()]
    draft["shapes"] = shapes_fields(room, ref, now.get("shapes", ()), len(draft["topics"]))
    draft["measures"] = _measures(room, ref, now.get("measures", ()))
    room["programme"] = st.empty()
    return draft


def _who(room: Room, ref: str, now: dict[str, Any]) -> dict[str, Any]:
    def of(field: str, label: str, options: dict[str, str]) -> str | None:
        chosen = list(options).index(now.get(field, next(iter(options))))
        return choice(room, field, label, options, ref, index=chosen)

    return {
        "audience": of("audience", "For", AUDIENCES),
        "kind": of("kind", "Kind", KINDS),
        "capacity_counts": of("capacity_counts", "Places are counted in", _COUNTS),
    }


def _numbers(room: Room, ref: str, now: dict[str, Any]) -> dict[str, Any]:
    labels = {
        "sessions": "Sessions",
        "minutes": "Minutes a session",
        "capacity": "Places at most",
        "minimum": "It begins with at least",
        "staff": "Adults in charge",
        "children_per_adult": "Children to an adult, if there are any",
        "age_min": "Youngest",
        "age_max": "Oldest, if there is a limit",
        "cutoff_week": "Last week to join, of a closed group",
        "follow_up_weeks": "Meets again after so many weeks, if it does",
    }
    draft: dict[str, Any] = {}
    for index, (field, label) in enumerate(labels.items()):
        # A row at a time: on a phone, and with the keyboard, they come in this order.
        if index % 2 == 0:
            columns = st.columns(2)
        place = columns[index % 2]
        draft[field] = place.number_input(
            label, value=now.get(field), step=1, key=fresh(field, ref)
        )
        room[field] = place.empty()
    percent = st.number_input(
        "Completed by covering so many of the sessions, in %",
        value=round(100 * now["completion_share"]),
        key=fresh("completion_share", ref),
        help="In a rolling group this is not asked: each topic is covered once.",
    )  # fmt: skip
    room["completion_share"] = st.empty()
    return draft | {"completion_share": percent / 100}


def _measures(room: Room, ref: str, now: Any) -> list[dict[str, Any]]:
    """What is measured, one choice for each time a form is taken."""
    chosen = st.multiselect(
        "Measures, and when each is taken",
        _choices(),
        default=[
            (one["measure"], one["about"], one["respondent"], point)
            for one in now
            for point in one["points"]
        ],
        format_func=_called,
        placeholder="Nothing is measured",
        key=fresh("measures", ref),
    )
    room["measures"] = st.empty()
    points: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for *form, point in chosen:
        points[form[0], form[1], form[2]].append(point)
    return [
        {
            "measure": name, "about": about, "respondent": respondent,
            "points": [point.value for point in POINTS if point.value in taken],
        }
        for (name, about, respondent), taken in points.items()
    ]  # fmt: skip


def _choices() -> list[tuple[str, str, str, str]]:
    return [
        (key, about, respondent, point.value)
        for key, found in measures().items()
        for about in ("adult", "child")
        for respondent in found.respondents
        for point in POINTS
        if about == "child" or found.age_max is None
    ]


def _called(form: tuple[str, str, str, str]) -> str:
    key, about, respondent, point = form
    return f"{called(key, about, respondent)}: {POINTS[Point(point)].lower()}"
