"""Feedback on screen: the code of a session's form, and what was said."""

from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from services import clock, printing
from services.db import reading
from services.feedback import FeedbackLinkView
from services.feedback.results import SHOWN_FROM, QuestionResult, Results
from services.forms.lines import catalogues, english
from services.forms.words import spoken
from services.permissions import Actor
from services.printing import feedback_forms
from ui.components import words
from ui.components.arrow import of_rows
from ui.components.folded import folded
from ui.public.sheet import code, sheet

_ONLY_HERE = {"localhost", "127.0.0.1", "::1"}


def form_code(actor: Actor, session_ref: str, link: FeedbackLinkView) -> None:
    """The code to scan, the address to type, and a sheet with both to print."""
    last_day = words.day(link.last_day)
    if link.expires_at <= clock.now():
        st.info(f"The form was open until the end of {last_day}.")
        return
    here = urlsplit(st.context.url or "")
    address = f"{here.scheme}://{here.netloc}{link.path}"
    picture, about = st.columns([1, 2], gap="large")
    picture.image(code(address), width="stretch", alt="QR code that leads to the form")
    with about:
        begun = "Open now," if link.opens_at <= clock.now() else "Opens when the session starts,"
        st.write(f"{begun} until the end of {last_day}.")
        st.write("Participants scan the code, or type this address:")
        st.code(address, language=None, wrap_lines=True)
        st.download_button(
            "Sheet to print",
            data=partial(sheet, link.form, address, last_day),
            file_name="questions.html",
            mime="text/html",
            icon=":material/print:",
            on_click="ignore",
        )
        st.link_button(
            "Open on a tablet to pass round", f"{address}/kiosk", icon=":material/tablet_android:"
        )
        st.caption(
            "Each person begins with an empty form. Use a browser in which nobody is signed in."
        )
    folded("The form on paper", partial(_on_paper, actor, session_ref), key="feedback_on_paper")
    if here.hostname in _ONLY_HERE:
        st.warning(
            "This address works on this computer only. For phones, open Alongside under the "
            "address it has on your network; your administrator knows it."
        )


def _on_paper(actor: Actor, session_ref: str) -> None:
    tongues = {code: one.english_name for code, one in catalogues().items()}
    language = st.selectbox(
        "Language", list(tongues), format_func=tongues.__getitem__, key="feedback_paper_language"
    )

    def made() -> bytes:
        with reading() as db:
            return feedback_forms.of_session(db, actor, session_ref, language)

    st.download_button(
        "Form to print",
        data=made,
        file_name=printing.file_name(),
        mime="application/pdf",
        icon=":material/edit_document:",
        on_click="ignore",
    )
    st.caption("Nothing on it says whose group it is. Put filled ones where nobody reads them.")


def what_was_said(said: Results) -> None:
    """How many have answered and, from three on, what."""
    people = "1 person has" if said.answered == 1 else f"{said.answered} people have"
    if not said.answered:
        st.info("Nobody has answered yet.")
    elif not said.questions:
        st.info(
            f"{people} answered. Answers show once {SHOWN_FROM} people have, so that nobody "
            "can be picked out."
        )
    else:
        st.write(f"{people} answered.")
    if said.questions and said.waiting:
        st.info(
            f"{said.waiting} of them {'waits' if said.waiting == 1 else 'wait'} to be shown until "
            f"{SHOWN_FROM} new answers are in, so that nobody can be picked out."
        )
    for result in said.questions:
        st.subheader(words.literal(spoken(result.question.text)), anchor=False)
        if result.counts:
            _counts(result)
        else:
            _words(result)


def _counts(result: QuestionResult) -> None:
    rows = [*result.counts, (english().say("not_today"), result.not_today)]
    # Not told so, Streamlit would make a frame of each table to see whether it has an index.
    st.table(of_rows(rows, ["Answer", "People"]), width="content", hide_index=True)


def _words(result: QuestionResult) -> None:
    st.caption("In no particular order." if result.words else "Nobody wrote anything.")
    for typed in result.words:
        # As plain text: what somebody typed must never become part of the page.
        st.container(border=True).text(typed)
