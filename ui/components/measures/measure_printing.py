"""Which printing of a form lies on the table, and how its answers are read from it.

Two things go wrong unseen when a form is copied from paper: its items stand in another order, and
what is printed beside a box is turned round already (domain §2.3).
"""

import streamlit as st

from services.measures.measure_definition import Measure
from services.measures.measure_draft import turned_round
from ui.components.words import listed


def choose_printing(form: Measure, key: str) -> tuple[str | None, bool]:
    """The printing, and whether its items may be asked about: not before it is chosen.

    What was chosen for one form stands for the next of its kind, where it can be seen.
    """
    if not form.orders:
        return None, True
    kept = f"measure_printing_{form.key}"
    orders = list(form.orders)
    before = st.session_state.get(kept)
    chosen = st.radio(
        "The form in front of you begins with",
        orders,
        index=orders.index(before) if before in orders else None,
        format_func=lambda order: form.printed(order)[1].topic,
        horizontal=True,
        key=f"{key}_printing",
    )
    st.session_state[kept] = chosen
    if chosen is None:
        st.info("Its items stand in different orders. Choose yours, and its answers follow.")
    return chosen, chosen is not None


def how_to_read(form: Measure, printing: str | None) -> None:
    """What a number stands for, where some items are turned round when they are scored."""
    turned = [str(number) for number in turned_round(form, printing)]
    if not turned:
        return
    named = f"Item {turned[0]} is" if len(turned) == 1 else f"Items {listed(turned)} are"
    st.caption(
        f"{form.options.low} is the least: never, not at all, or disagrees most. "
        f"{form.options.high} is the most. {named} turned round here when the form is scored, so "
        "enter what was ticked, not the number printed beside it."
    )
