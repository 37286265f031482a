"""The standards on screen: what each area asks, the evidence, and the sheet to take along."""

import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.standards.evidence import AreaEvidence, Evidence, evidence
from services.volunteers.standards.sheet import sheet
from ui.components import paper
from ui.components.words import literal


def standards(actor: Actor) -> None:
    """Every area beneath the other, and the same as a PDF."""
    with reading() as db:
        found = evidence(db, actor)
    st.write(
        "Six areas of a standard for involving volunteers, in our own words, each with what "
        "Alongside already holds, as things stand today. What it cannot hold is named, for you to "
        "put beside it."
    )
    paper.sheet_button(
        "The evidence as a PDF",
        lambda db: sheet(db, actor),
        key="standards_pdf",
        about="Totals and nobody's name. Each one you take is written in the audit log.",
    )
    for area in found:
        _show(area)


def _show(area: AreaEvidence) -> None:
    st.header(area.title, anchor=False)
    st.caption(literal(area.asks))
    st.markdown("\n".join(_line(one) for one in area.evidence))
    if area.elsewhere:
        st.markdown(f"Held elsewhere: {literal('; '.join(area.elsewhere))}.")


def _line(one: Evidence) -> str:
    newest = f" (newest: {one.newest.day} {one.newest:%B %Y})" if one.newest else ""
    missing = f" **{literal(one.missing)}**" if one.missing else ""
    return f"- {literal(one.says)}{newest}.{missing}"
