"""Asking for a report: which template, which days, which sections, for whom."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from services import clock
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Actor
from services.programmes import programmes
from services.releases import FUNDER, PUBLIC
from services.reports import making
from services.reports.making import MAX_READER, MAX_TITLE, ReportDraft
from services.reports.parts import TITLES
from services.reports.templates import Template, templates
from ui import charts
from ui.components.form_fields import Room, choice, date_field, done, explain, fresh, line

_DRAWN = {chart.__name__: chart for chart in charts.CHARTS}


def ask(actor: Actor) -> None:
    """The form, filled in as the template says; a report that was made opens beneath."""
    known = templates()
    key = st.selectbox(
        "Template",
        list(known),
        format_func=lambda name: known[name].title,
        key="reports_template",
    )
    draft, room, where = _form(known[key])
    if draft is None:
        return
    try:
        ref = _made(actor, draft, where)
    except AppError as error:
        explain(error, room)
    else:
        st.query_params["report"] = ref
        done("The report is made, and written down in the list of what left.")
        st.rerun()


def _form(
    template: Template,
) -> tuple[ReportDraft | None, Room, DeltaGenerator]:
    begins, ends = template.last_period(clock.today())
    with reading() as db:
        titles = programmes.titles(db)
    room: Room = {}
    ref = template.key
    with st.form("reports_form"):
        title = line(st, room, "title", "Title", ref, value=template.title, max_chars=MAX_TITLE)
        reader = line(
            st, room, "reader", "Who will read it", ref, value=template.reader, max_chars=MAX_READER
        )
        left, right = st.columns(2)
        first = date_field(left, room, "first", "First day", ref, value=begins)
        last = date_field(right, room, "last", "Last day", ref, value=ends)
        sections = st.multiselect(
            "Sections",
            list(TITLES),
            default=list(template.sections),
            format_func=TITLES.__getitem__,
            key=fresh("sections", ref),
        )
        room["sections"] = st.empty()
        programme = choice(
            room, "programme", "Programme", {"": "All programmes", **titles}, ref, index=0
        )
        is_public = st.checkbox(
            f"Anybody may read it: hide numbers below {PUBLIC} instead of {FUNDER}",
            value=template.threshold >= PUBLIC,
            key=fresh("public", ref),
        )
        is_rounded = st.checkbox("Round numbers to the nearest five", key=fresh("rounded", ref))
        sent = st.form_submit_button("Make the report", type="primary")
        where = st.empty()
    draft = ReportDraft(
        title=title,
        reader=reader,
        first=first,
        last=last,
        sections=tuple(sections),
        programme=programme or None,
        is_public=is_public,
        is_rounded=is_rounded,
    )
    return (draft if sent else None), room, where


def _made(actor: Actor, draft: ReportDraft, where: DeltaGenerator) -> str:
    bar = where.progress(0.0, "Beginning.")
    try:
        with reading() as db:
            prepared = making.prepare(
                db,
                actor,
                draft,
                draw=_draw,
                tell=lambda what, share: _tell(bar, what, share),
            )
        with transaction() as db:
            return making.keep(db, actor, prepared)
    finally:
        where.empty()


def _tell(bar: DeltaGenerator, what: str, share: float) -> None:
    bar.progress(share, f"{what} …")


def _draw(name: str, frame: pd.DataFrame) -> str:
    return charts.picture(_DRAWN[name](), frame, "svg").decode()
