"""Words that may mean danger: today where they are, on the session's page what they say."""

import streamlit as st

from services.db import reading
from services.feedback import alerts
from services.permissions import Actor
from ui.components import words
from ui.components.choose import choose_row, date_column
from ui.components.concerns.concern_view import raise_concern_link
from ui.components.form_fields import saving
from ui.navigation import file_of


def words_due(actor: Actor) -> None:
    """The sessions somebody wrote about in a way that has to be read today; nothing if none."""
    with reading() as db:
        due = alerts.due(db, actor)
    if not due:
        return
    st.header("Read today: words that may mean danger")
    for row in due:
        # A link is one line and cut where a phone ends: it only says where.
        st.page_link(
            file_of("feedback"),
            label=f"{words.literal(row.code_name)}, session {row.number}",
            icon=":material/priority_high:",
            query_params={"session": row.session_ref},
        )
        named = f"For {words.literal(row.named)}, since" if row.named else "Since"
        st.caption(f"{named} {words.day(row.since)}.")


def words_unheard(actor: Actor) -> None:
    """On a lead's Today: where nobody has read them, without what was written."""
    with reading() as db:
        frame = alerts.unheard(db, actor)
    if frame.empty:
        return
    st.header("Words that may mean danger, and nobody has read them", anchor=False)
    st.write("Ask the facilitators to read them today. Where there are none, give the group one.")
    columns = {
        "since": date_column("Written on"),
        "group": "Group",
        "session": "Session",
        "facilitators": "Facilitators",
    }
    chosen = choose_row(frame, columns, key="today_unread", alt="Words that nobody has read")
    if chosen is not None:
        st.switch_page(file_of("groups"), query_params={"group": chosen["group_ref"]})


def words_to_read(actor: Actor, session_ref: str, group_ref: str) -> None:
    """What was written, and a button for whoever has read it."""
    with reading() as db:
        found = alerts.unread(db, actor, session_ref)
    if not found:
        return
    st.header("Read today: words that may mean danger")
    st.write(
        "Somebody wrote this on the form. Nobody knows who. Think of everybody who was there, and "
        "if you are worried about one person, raise a concern."
    )
    raise_concern_link(group=group_ref)
    for one in found:
        box = st.container(border=True)
        for typed in one.words:
            # As plain text: what somebody typed must never become part of the page.
            box.text(typed)
        named = f"For {words.literal(one.named)}. " if one.named else ""
        box.caption(f"{named}Written on {words.day(one.raised_on)}.")
        if box.button("I have read this", key=f"danger_{one.ref}"):
            _mark(actor, session_ref, one.ref)


def _mark(actor: Actor, session_ref: str, alert_ref: str) -> None:
    with saving("Thank you. It is noted that you have read it.") as db:
        alerts.mark_read(db, actor, session_ref, alert_ref)
