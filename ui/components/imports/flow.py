"""What is kept between two clicks while a file is brought in, and forgotten straight after."""

from dataclasses import dataclass

import streamlit as st

from models import ImportKind
from services.imports.layout import Layout
from services.imports.plan import Plan
from services.imports.reading import Sheet

_FLOW = "imports_flow"


@dataclass(slots=True)
class Flow:
    """One file on its way in: as it was read, and once compared, what it would do."""

    file_id: str
    layout: Layout
    sheet: Sheet
    plan: Plan | None = None


def begin(file_id: str, layout: Layout, sheet: Sheet) -> Flow:
    """A file has been read."""
    flow = Flow(file_id, layout, sheet)
    st.session_state[_FLOW] = flow
    return flow


def under_way(file_id: str, kind: ImportKind) -> Flow | None:
    """What is known of this file, if it is the one being brought in as this."""
    flow: Flow | None = st.session_state.get(_FLOW)
    if flow is None or (flow.file_id, flow.layout.kind) != (file_id, kind):
        return None
    return flow


def forget_upload() -> None:
    """Nothing of a file stays behind: once it is in, is put away, or the screen is left."""
    st.session_state.pop(_FLOW, None)
