"""What happens when something goes wrong that nobody foresaw: logged, and said kindly."""

import logging
import secrets
import traceback
from pathlib import Path

import streamlit as st
import structlog

from services.config import ROOT
from services.errors import AppError
from ui.messages import show_error

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
)
_log = structlog.get_logger()


def report(error: Exception) -> bool:
    """Streamlit's handler for what a page did not catch: True, since it has been shown here.

    The log gets the kind of error and where it came from, never its message: a message may
    quote what somebody typed.
    """
    if isinstance(error, AppError):
        show_error(error)
        return True
    st.error(
        "Something went wrong that should not have. Nothing was left half-saved. Please try "
        f"again; if it happens twice, tell your administrator this number: {note(error)}."
    )
    return True


def note(error: Exception) -> str:
    """Log what nobody foresaw, and give back the number it is found by."""
    number = secrets.token_hex(4)
    _log.error(
        "unexpected error", number=number, kind=type(error).__name__, where=_our_frames(error)
    )
    return number


def say(event: str, **what: object) -> None:
    """Log what happened, with nothing in it that anybody typed."""
    _log.info(event, **what)


def _our_frames(error: Exception) -> list[str]:
    """The lines of this programme that led to it, outermost first."""
    return [
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT) and ".venv" not in frame.filename
    ]
