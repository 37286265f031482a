"""From which day to which the figures are."""

import streamlit as st

from services.errors import InvalidInputError
from services.tallies import periods
from services.tallies.periods import Period
from ui.messages import show_error


def period_filter(*, key: str) -> Period | None:
    """The period chosen, the last two years to begin with; None, with the reason, where it cannot
    be used."""
    usual = periods.usual()
    from_box, to_box = st.columns(2)
    first = from_box.date_input("From", usual.first, format="DD/MM/YYYY", key=f"{key}_from")
    last = to_box.date_input("Up to", usual.last, format="DD/MM/YYYY", key=f"{key}_to")
    try:
        return Period(first, last).checked()
    except InvalidInputError as error:
        show_error(error)
        return None
