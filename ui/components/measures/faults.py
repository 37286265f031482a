"""What is wrong with a long form, beneath each field: only where there is something to say.

Other forms keep an empty place beneath every field (ui.components.form_fields) and fill it in the
run that found the fault: nothing else on the page runs twice, and what is folded or typed beside
stays. Those places are sent with every click, though; on a form of ten items they would be a
fifth of what travels. So here the fault is kept for the run that follows.
"""

from collections.abc import Mapping

import streamlit as st

from services.errors import InvalidInputError
from ui.messages import show_error


class Faults:
    """The sentences by field, found when the form was sent in the run before."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self._left = dict(problems)

    def show(self, field: str) -> None:
        """What is wrong with the field drawn just now, if anything."""
        if sentence := self._left.pop(field, None):
            st.error(sentence)

    def show_others(self) -> None:
        """What has no field here."""
        if self._left:
            show_error(InvalidInputError(self._left))
