"""What is to be read and must not stay: it goes from the screen by itself, without a click."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from services import clock

A_MINUTE: Final = timedelta(minutes=1)
TO_COPY: Final = timedelta(minutes=5)  # an address, into wherever it is used
_LOOK_AGAIN: Final = timedelta(seconds=20)


def shown_for_a_while(show: Callable[[], None], shown_for: timedelta = A_MINUTE) -> None:
    """Whatever `show` draws, until the time is over, the next click, or the screen locks."""
    shown_until(show, clock.now() + shown_for)


@st.fragment(run_every=_LOOK_AGAIN)
def shown_until(show: Callable[[], None], over: datetime) -> None:
    """Whatever `show` draws, until `over`: what a page keeps, and shows again at its clicks."""
    if clock.now() < over:
        show()
    else:
        st.caption("Hidden again.")
