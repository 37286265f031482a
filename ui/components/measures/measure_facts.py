"""The measures Alongside knows, and what is known of each: to be read before one is used."""

from functools import partial

import streamlit as st

from services.measures import measure_facts
from services.measures.measure_definition import Measure
from services.measures.measure_library import measures
from ui.components.choose import choose_entry, show_rows
from ui.components.folded import folded
from ui.components.words import literal


def all_measures() -> None:
    """A line a measure, and beneath them all about one."""
    frame = measure_facts.directory()
    columns = {"name": "Measure", "title": "Title", "who": "For", "words": "Words"}
    show_rows(frame, columns, alt="The measures Alongside knows")
    names = dict(zip(frame["ref"], frame["name"], strict=True))
    chosen = choose_entry("All about", names, key="measure_about")
    if chosen is not None:
        _about(measures()[chosen])


def about_form(form: Measure) -> None:
    """All about the form on the screen, folded away."""
    folded("About this form", partial(_about, form), key=f"about_{form.key}")


def _about(form: Measure) -> None:
    st.markdown(f"**{literal(form.title)}**")
    st.markdown(
        "\n".join(f"- {fact.about}: {literal(fact.said)}" for fact in measure_facts.facts(form))
    )
    if not form.text_included:
        st.download_button(
            "A wording file to fill in",
            partial(measure_facts.blank_wording, form),
            file_name=f"{form.key}.yaml",
            mime="application/yaml",
            icon=":material/edit_document:",
            key=f"blank_wording_{form.key}",
            on_click="ignore",
        )
