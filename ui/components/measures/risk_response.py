"""What was done the same day about an answer on a form: asked before the form is kept."""

import streamlit as st

from models import SafeNow
from services.measures.immediate_risk.response import RiskResponse
from ui.components.concerns.concern_words import SAFE_NOW
from ui.components.measures.faults import Faults

_RAISE = {"yes": "Yes, raise it now", "no": "No, there is nothing to decide"}


def response_fields(key: str, faults: Faults) -> RiskResponse:
    """The fields within a form, and what stands in them; the answer is not said again."""
    st.warning(
        "**Before they leave:** an answer on this form asks for something to be done today. If "
        "anybody is in danger now, call 999 first. The form is kept together with what you write "
        "here. Until then it waits on Today, for you and for the programme lead.",
        icon=":material/emergency:",
    )
    safe = _choice(faults, "safe_now", "Are they safe now?", SAFE_NOW, key)
    told = _area(faults, "told", "Who was told, and when", key)
    done = _area(faults, "what_was_done", "What was done", key)
    concern = _choice(
        faults, "raise_concern", "Raise a concern with what you wrote here?", _RAISE, key
    )
    mistake = _area(
        faults, "mistake", "Only if the answer was not meant: correct it above, and say why", key
    )
    return RiskResponse(
        safe_now=SafeNow(safe) if safe else None,
        told=told,
        what_was_done=done,
        raise_concern=None if concern is None else concern == "yes",
        mistake=mistake,
    )


def _choice(
    faults: Faults,
    field: str,
    label: str,
    options: dict[str, str],
    key: str,
) -> str | None:
    value: str | None = st.radio(
        label,
        list(options),
        index=None,
        format_func=options.__getitem__,
        horizontal=True,
        key=f"{key}_{field}",
    )
    faults.show(field)
    return value


def _area(faults: Faults, field: str, label: str, key: str) -> str:
    text: str = st.text_area(label, height=80, key=f"{key}_{field}")
    faults.show(field)
    return text
