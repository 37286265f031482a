"""A table in which one row can be chosen: how a list leads to a record."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeAlias

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

from ui.components.arrow import arrow
from ui.components.stacked import fits, on_phone, stacked
from ui.navigation import file_of

Columns: TypeAlias = Mapping[str, Any]  # column → its heading or st.column_config.…


def choose_row(
    frame: pd.DataFrame, columns: Columns, *, key: str, alt: str
) -> "pd.Series[Any] | None":
    """Show the columns named, in that order; the row just chosen, with every column it has.

    The browser names a row by its position. It is looked up in the list that was on the screen,
    not in today's: somebody else may have changed it, and another record would open.
    """
    picked = f"{key}_picked"

    def pick() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        st.session_state[picked] = frame.iloc[rows[0]] if rows else None

    _draw(frame, columns, alt=alt, key=key, on_select=pick, selection_mode="single-row")
    chosen: pd.Series[Any] | None = st.session_state.pop(picked, None)
    return chosen


def show_rows(frame: pd.DataFrame, columns: Columns, *, alt: str) -> None:
    """The same table where there is nothing to choose."""
    _draw(frame, columns, alt=alt)


def _draw(frame: pd.DataFrame, columns: Columns, *, alt: str, **choosing: Any) -> None:
    """Every table there is: columns, or on a phone too narrow for them rows of a few lines."""
    if on_phone() and not fits(frame, columns):
        rows, shape = stacked(frame, columns)
    else:
        rows, shape = arrow(frame, columns), {"column_config": columns}
    st.dataframe(
        rows, alt=alt, hide_index=True, column_order=rows.column_names, placeholder="",
        **shape, **choosing,
    )  # fmt: skip


def said_of_any(frame: pd.DataFrame, columns: Columns) -> dict[str, Any]:
    """The columns that say something of any row: an empty one only pushes others out of sight."""
    found = dict(frame.items())  # as in `arrow`: looked up by name, each costs more than to read it
    return {name: heading for name, heading in columns.items() if any(map(_says, found[name]))}


def _says(value: Any) -> bool:
    return value != "" and bool(pd.notna(value))


def choose_entry(label: str, names: Mapping[str, str], *, key: str) -> str | None:
    """One of a short list, to change it in a form below; None as long as none is chosen.

    Whoever had one open that somebody else took away meanwhile is told where her form went.
    """
    if st.session_state.get(key) not in (None, *names):
        st.warning(
            "Somebody else took away what you had open, so nothing of yours was saved. If it is "
            "right after all, add it again."
        )
    chosen: str | None = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="Please choose",
        key=key,
    )
    return chosen


def found_by(frame: pd.DataFrame) -> Columns:
    """The column that says why a row was found, as long as it says it of any."""
    return {"why": "Found by"} if frame["why"].any() else {}


def date_column(heading: str, *, width: int | None = None) -> Any:
    """A day as it is written here: 03/06/2026."""
    return st.column_config.DateColumn(heading, format="DD/MM/YYYY", width=width)


def time_column(heading: str) -> Any:
    """A day and time in few letters: Wed 3 Jun, 10:00am."""
    return st.column_config.DatetimeColumn(heading, format="ddd D MMM, h:mma")


def back_to_list(label: str) -> None:
    """The way back. A link from a page to itself would leave the record in the address."""
    st.button(
        label,
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=close_record,
        key="back_to_list",
    )


def another_record(label: str, *, icon: str, address: str, query: dict[str, str]) -> None:
    """The way from one record to another of the same page, on the page at `address`.

    A link from a page to itself would leave the old record in the address, and whatever is
    done next would be done there.
    """
    if st.button(label, icon=icon, type="tertiary", key=f"another_{'_'.join(query.values())}"):
        st.switch_page(file_of(address), query_params=query)


def close_record() -> None:
    """Callback: forget in the address what is open; what a widget keeps there stays."""
    for name in st.query_params.to_dict():
        with suppress(StreamlitAPIException):
            del st.query_params[name]


def page_buttons(key: str, *, page: int, shown: int, last: object) -> None:
    """Buttons to go on behind the last row shown, and back; `position` says where we are."""
    if _after(key) in st.session_state:
        st.button("Back to the start", on_click=start_again, args=(key,), key=f"{key}_first")
    if shown == page:
        st.button(f"The next {page}", on_click=_go_on, args=(key, last), key=f"{key}_next")


def position(key: str) -> Any:
    """Behind which row the page begins; None at the start."""
    return st.session_state.get(_after(key))


def start_again(key: str) -> None:
    """Begin the list anew: after another search or filter."""
    st.session_state.pop(_after(key), None)


def _go_on(key: str, last: object) -> None:
    st.session_state[_after(key)] = last


def _after(key: str) -> str:
    return f"{key}_after"
