"""What has been brought in so far, and taking one import back."""

import streamlit as st

from models import ImportKind
from services import clock
from services.db import reading, transaction
from services.errors import AppError
from services.imports import importing, undoing
from services.imports.kinds import KINDS
from services.permissions import Actor
from ui.components.choose import (
    back_to_list,
    choose_row,
    page_buttons,
    position,
    time_column,
)
from ui.components.form_fields import done
from ui.components.side_by_side import side_by_side
from ui.components.words import day, literal
from ui.messages import show_error
from ui.navigation import file_of

_LIST = "imports"


def draw_history(actor: Actor) -> None:
    """The imports, newest first; a chosen one opens."""
    st.header("Brought in so far")
    with reading() as db:
        frame = importing.history(db, actor, before=position(_LIST))
    if frame.empty:
        st.info("Nothing has been brought in yet. Choose a file above to begin.")
        return
    shown = frame.assign(
        kind=frame["kind"].map(lambda kind: KINDS[ImportKind(kind)].layout.title),
        imported_at=frame["imported_at"].map(clock.local),
        undone=frame["undone"].notna(),
    )
    columns = {
        "imported_at": time_column("When"),
        "kind": "What",
        "file_name": "File",
        "by": "By",
        "added": "New",
        "changed": "Changed",
        "failed": "Left out",
        "undone": st.column_config.CheckboxColumn("Undone"),
    }
    chosen = choose_row(shown, columns, key="imports_list", alt="Imports")
    if chosen is not None:
        st.switch_page(file_of("imports"), query_params={"import": chosen["ref"]})
    last = int(frame["number"].iloc[-1])
    page_buttons(_LIST, page=importing.PAGE, shown=len(frame), last=last)


def draw_import(actor: Actor, ref: str) -> None:
    """One import: what it did, and the way to take it back."""
    back_to_list("Back to imports")
    with reading() as db:
        one = importing.summary(db, actor, ref)
    st.title(literal(one.file_name))
    st.caption(f"{KINDS[one.kind].layout.title}, brought in on {day(clock.local(one.at).date())}")
    counts = {"New": one.added, "Changed": one.changed, "Left out": one.failed}
    side_by_side({words: f"{count:,}" for words, count in counts.items()})
    if one.is_undone:
        st.info("This import has been undone.")
        return
    st.write(
        "Undoing takes away what this import added, and puts back what it changed. It is possible "
        "until somebody has used or changed one of its records."
    )
    sure = st.checkbox("Yes, undo the whole import", key=f"imports_sure_{ref}")
    if not st.button("Undo it", disabled=not sure):
        return
    try:
        with st.spinner("Undoing."), transaction() as db:
            undoing.undo(db, actor, ref)
    except AppError as error:
        show_error(error)
    else:
        done("The import was undone. Everything is as it was before.")
        st.rerun()
