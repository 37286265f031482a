"""A sheet of paper to take along: a PDF, made and written in the audit log once it is asked for."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from services import printing
from services.db import transaction


def sheet_button(label: str, make: Callable[[Any], bytes], *, key: str, about: str = "") -> None:
    """`make` is handed an open transaction. The file's name says nothing of what is in it."""

    def made() -> bytes:
        with transaction() as db:
            return make(db)

    st.download_button(
        label,
        data=made,
        file_name=printing.file_name(),
        mime="application/pdf",
        icon=":material/download:",
        on_click="ignore",
        key=key,
        help=about or None,
    )
