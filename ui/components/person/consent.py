"""What a participant has agreed to, who gave it, and taking it back."""

from functools import partial

import pandas as pd
import streamlit as st

from services.consents import consent_view
from services.db import reading
from services.people.people import PersonSummary
from services.permissions import Actor
from ui.components.choose import date_column, show_rows
from ui.components.feedback.told_quotes import told_quotes
from ui.components.folded import folded
from ui.components.people.consent_forms import record_consent, withdraw_consent
from ui.components.people.consent_words import ASK_AGAIN, STATES, how, what
from ui.components.words import literal

_NARROW, _DAY, _WIDE = (
    110,
    100,
    340,
)  # pixels: by itself the table gives the last column what is left


def draw(actor: Actor, person: PersonSummary) -> None:
    """Every purpose as a row, then the forms, then what came before."""
    with reading() as db:
        past = consent_view.history(db, actor, person.ref)
    st.header("Consent", anchor=False)
    now = consent_view.by_purpose(past)
    for why, rows in now.groupby("ask_again"):
        which = literal("; ".join(map(what, rows.itertuples())))
        st.warning(f"To do: {ASK_AGAIN[str(why)]} ({which})", icon=":material/task_alt:")
    _table(now)
    folded(
        "Record an answer",
        partial(record_consent, actor, person.ref, past),
        key=f"record_answer_{person.ref}",
        icon=":material/add:",
        expanded=past.empty,
    )
    if past.empty:
        return
    folded(
        "Withdraw a consent",
        partial(withdraw_consent, actor, person.ref, past),
        key=f"withdraw_consent_{person.ref}",
        icon=":material/undo:",
    )
    folded(
        "Words of hers that may be quoted",
        partial(told_quotes, actor, person.ref),
        key=f"quotes_{person.ref}",
        icon=":material/format_quote:",
    )
    folded(
        "Everything recorded, the latest first",
        partial(_history, past),
        key=f"consents_{person.ref}",
        icon=":material/history:",
    )


def _table(now: pd.DataFrame) -> None:
    shown = now.assign(
        what=list(map(what, now.itertuples())),
        state=now["state"].map(STATES),
        since=now["withdrawn_on"].where(now["withdrawn_on"].notna(), now["given_on"]),
        how=list(map(how, now.itertuples())),
    )
    # Her answer first: on a phone what it is for takes all the room there is.
    columns = {
        "state": st.column_config.TextColumn("Consent", width=_NARROW),
        "what": "What for",
        "since": date_column("Since", width=_DAY),
        "how": st.column_config.TextColumn("Who gave it", width=_WIDE),
    }
    show_rows(shown, columns, alt="Consent for each purpose")


def _history(past: pd.DataFrame) -> None:
    shown = past.assign(
        what=list(map(what, past.itertuples())), how=list(map(how, past.itertuples()))
    )
    columns = {
        "what": "What for",
        "given_on": date_column("Answered"),
        "how": "Who gave it",
        "judgement": "Why she can decide",
        "recorded_by": "Recorded by",
        "withdrawn_on": date_column("Withdrawn"),
        "withdrawn_by": "Withdrawal recorded by",
        "reason": "Reason",
    }
    show_rows(shown, columns, alt="Every consent recorded")
