"""A programme as it is read: its facts, topics, measures and versions."""

import streamlit as st

from models import PersonKind, Point, Respondent
from services import clock
from services.db import reading
from services.measures.measure_library import measure
from services.measures.measure_words import POINTS, answered_by
from services.permissions import Actor
from services.programmes import programmes
from services.programmes.programme_library import ProgrammeTemplate
from ui.components.choose import show_rows, time_column
from ui.components.folded import folded
from ui.components.groups.pairs.words import SHAPES
from ui.components.words import literal, to_complete

AUDIENCES = {
    "adults": "Adults",
    "children": "Children and young people",
    "parents and children": "Parents and children",
}
KINDS = {
    "closed": "Closed: nobody joins later",
    "rolling": "Rolling: join in any week",
    "open": "Open: come as you like",
}


def programme_facts(found: ProgrammeTemplate) -> None:
    """What it is, in words, with its topics and what is measured when."""
    st.write(literal(found.summary))
    st.markdown("\n".join(f"- {literal(line)}" for line in _lines(found)))
    left, right = st.columns(2)
    left.header("Topics", anchor=False)
    left.markdown("\n".join(f"{n}. {literal(one)}" for n, one in enumerate(_topics(found), 1)))
    right.header("Measures", anchor=False)
    if found.measures:
        right.markdown("\n".join(f"- {literal(one)}" for one in _measured(found)))
    else:
        right.write("Nothing is measured.")
    st.caption(f"Where the facts come from: {literal(found.modelled_on)}")


def programme_versions(actor: Actor, key: str) -> None:
    """Every version there has been, and how many groups are runs of it."""
    folded("Versions", lambda: _versions(actor, key), key=f"versions_{key}")


def _versions(actor: Actor, key: str) -> None:
    with reading() as db:
        past = programmes.history(db, actor, key)
    shown = past.assign(
        by=past["by"].fillna("Came with Alongside"),
        made_at=[clock.wall(at) for at in past["made_at"]],
    )
    columns = {
        "version": "Version",
        "title": "Title",
        "made_at": time_column("Since"),
        "by": "By",
        "groups": "Groups",
    }
    show_rows(shown, columns, alt="Versions of this programme")


def _lines(found: ProgrammeTemplate) -> list[str]:
    ages = (
        f"from {found.age_min}" if found.age_max is None else f"{found.age_min} to {found.age_max}"
    )
    lines = [
        f"{AUDIENCES[found.audience]}, ages {ages}",
        f"Closed: nobody joins after week {found.cutoff_week}"
        if found.cutoff_week
        else KINDS[found.kind],
        f"{found.sessions} sessions of {found.minutes} minutes",
        f"{found.minimum} to {found.capacity} {found.capacity_counts}, with {found.staff} adults",
        "Nobody completes it: people come as they like"
        if found.kind == "open"
        else f"Completed by covering {to_complete(found.to_complete)}",
    ]
    if found.children_per_adult:
        lines.append(f"At most {found.children_per_adult} children to an adult")
    if found.follow_up_weeks:
        lines.append(f"Meets once more {found.follow_up_weeks} weeks after the end")
    return lines


def _topics(found: ProgrammeTemplate) -> list[str]:
    """The topics; where there are two groups, with whether parents and children are together."""
    if not found.is_for_a_pair:
        return list(found.topics)
    return [
        f"{topic}: {SHAPES[shape].lower()}"
        for topic, shape in zip(found.topics, found.shapes, strict=True)
    ]


def _measured(found: ProgrammeTemplate) -> list[str]:
    return [
        f"{called(entry.measure, entry.about, entry.respondent)}: "
        + ", ".join(POINTS[Point(point)].lower() for point in entry.points)
        for entry in found.measures
    ]


def called(key: str, about: str, respondent: str) -> str:
    """A form in words: the measure, and whose answers it holds about whom."""
    answers = answered_by(Respondent(respondent), PersonKind(about))
    return f"{measure(key).short_title}, {answers} about the {about}"
