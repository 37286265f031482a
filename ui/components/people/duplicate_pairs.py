"""Records that may be of one person: the list of pairs, and what was joined before."""

import pandas as pd
import streamlit as st

from services import merging
from services.db import reading, transaction
from services.errors import AppError
from services.merging import two_people
from services.merging.likely_pairs import PairPage, Position, likely_pairs
from services.permissions import Actor
from ui.components.choose import choose_row, page_buttons, position, time_column
from ui.components.form_fields import done
from ui.components.words import literal
from ui.messages import show_error
from ui.navigation import file_of

_LIST, _CHOSEN, _NOTED = "duplicates", "duplicates_chosen", "duplicates_noted"


def choose_pair(actor: Actor) -> None:
    """The next pairs, the likeliest first; a row opens the two side by side."""
    behind: Position | None = position(_LIST)
    with reading() as db:
        page = likely_pairs(db, actor, after=behind)
    if page.pairs:
        st.caption("The likeliest of these first. Choose a row to see the two side by side.")
        columns = {
            "one": "One record",
            "other": "The other",
            "why": "What they have in common",
        }
        chosen = choose_row(_as_frame(page), columns, key="pairs", alt="Likely pairs")
        if chosen is not None:
            query = {"one": chosen["one_ref"], "other": chosen["other_ref"]}
            st.switch_page(file_of("duplicates"), query_params=query)
    elif behind is None and page.after is None:
        st.success(
            "No two records look like one person's. New ones are checked as they are added.",
            icon=":material/check_circle:",
        )
    else:
        st.info("No likely pair among these. Go on to the next.")
    page_buttons(_LIST, page=1, shown=int(page.after is not None), last=page.after)


def joined_before(actor: Actor) -> None:
    """What was joined, and taking it apart again."""
    with reading() as db:
        frame = merging.merges(db, actor)
    if frame.empty:
        st.info("Nothing has been joined yet. Whatever you join can be undone from here.")
        return
    shown = frame.assign(undone=frame["undone"].map({True: "Undone", False: "Joined"}))
    columns = {"name": "Name", "undone": "State", "at": time_column("When"), "by": "By"}
    chosen = choose_row(shown, columns, key="merges", alt="Records joined")
    if chosen is not None:
        st.session_state[_CHOSEN] = chosen["merge"]
    standing = frame[frame["merge"].eq(st.session_state.get(_CHOSEN, "")) & ~frame["undone"]]
    for merge, name in zip(standing["merge"], standing["name"], strict=True):
        st.write(f"{literal(name)}: everything that moved goes back to the record it came from.")
        if st.button("Undo this", key="undo_merge"):
            _undo(actor, merge)


def told_apart(actor: Actor) -> None:
    """The pairs noted as two people, and taking a note back."""
    with reading() as db:
        frame = two_people.noted(db, actor)
    if frame.empty:
        st.info("No pair has been noted as two people yet.")
        return
    columns = {
        "one": "One record",
        "other": "The other",
        "at": time_column("Noted"),
        "by": "By",
    }
    chosen = choose_row(frame, columns, key="told_apart", alt="Noted as two people")
    if chosen is not None:
        st.session_state[_NOTED] = (chosen["one_ref"], chosen["other_ref"])
    pairs = zip(frame["one_ref"], frame["other_ref"], frame["one"], frame["other"], strict=True)
    for one_ref, other_ref, one, other in pairs:
        if (one_ref, other_ref) == st.session_state.get(_NOTED):
            st.write(f"{literal(one)} and {literal(other)} are offered again if you do.")
            if st.button("Take the note back", key="take_back_note"):
                _take_back(actor, one_ref, other_ref)


def _take_back(actor: Actor, one: str, other: str) -> None:
    try:
        with transaction() as db:
            two_people.take_back(db, actor, one, other)
    except AppError as error:
        show_error(error)
    else:
        del st.session_state[_NOTED]
        done("The note is taken back: the two are offered again.")
        st.rerun()


def _undo(actor: Actor, merge: str) -> None:
    try:
        with transaction() as db:
            merging.undo(db, actor, merge)
    except AppError as error:
        show_error(error)
    else:
        del st.session_state[_CHOSEN]
        done("The two records are apart again.")
        st.rerun()


def _as_frame(page: PairPage) -> pd.DataFrame:
    rows = [
        (
            pair.one.ref,
            pair.other.ref,
            pair.one.name,
            pair.other.name,
            ", ".join(pair.likeness.reasons).capitalize(),
        )
        for pair in page.pairs
    ]
    return pd.DataFrame(rows, columns=["one_ref", "other_ref", "one", "other", "why"])
