"""A table on a phone: what a row is about, and the rest on a few lines beside it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from textwrap import wrap
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import streamlit as st

_SCREEN: Final = 290  # pixels a phone leaves for columns, beside ticks and the search
_LETTER, _GAP = 6.6, 17  # of Streamlit's grid: pixels of a letter, and beside those of a column
_NAME, _DETAILS = 110, 170  # pixels: the second is stretched to the edge
_NAME_ACROSS, _ACROSS = 13, 27  # letters in a line of each, with something to spare
_LINE, _AROUND, _HEAD = 20, 14, 36  # pixels of a line, and above and beneath those of a row
_LOWEST: Final = 66  # pixels: in a lower row Streamlit's grid goes on in the same line
_MOST_LINES: Final = 14  # of a row: a note as long as a page would push all others out of sight
_TALLEST: Final = 480  # pixels: beside it there is room for a thumb to move the page
_NOON: Final = 12
_REST: Final = "rest"


def on_phone() -> bool:
    """Whether the browser says that it is a phone's: how wide its window is, it tells nobody."""
    browser = st.context.headers.get("User-Agent", "")
    return "Mobile" in browser and "iPad" not in browser


def fits(frame: pd.DataFrame, columns: Mapping[str, Any]) -> bool:
    """Whether the columns stand beside each other on a phone with nothing cut off."""
    letters = [
        max(len(_heading(config)), *map(len, _column(frame[name], config)), 0)
        for name, config in columns.items()
    ]
    return sum(letters) * _LETTER + len(letters) * _GAP <= _SCREEN


def stacked(frame: pd.DataFrame, columns: Mapping[str, Any]) -> tuple[pa.Table, dict[str, Any]]:
    """The rows as two columns, and what `st.dataframe` has to know of them.

    What a row is about comes first, and everything else beside it with its heading, on as many
    lines as it takes. What is empty is left out. Of two columns, the second keeps its own heading.
    """
    leading = _leading(frame, columns)
    names = _column(frame[leading], columns[leading])
    others = [name for name in columns if name != leading]
    texts = [_column(frame[name], columns[name]) for name in others]
    headings = [_heading(columns[name]) for name in others]
    if len(others) == 1:
        beside, rests = headings[0], texts[0]
    else:
        beside = "Details"
        rests = [_said(headings, [one[place] for one in texts]) for place in range(len(names))]
    lines = max(map(_lines, names, rests), default=1)
    height = max(_LINE * lines + _AROUND, _LOWEST)
    return pa.table({leading: pa.array(names, pa.string()), _REST: pa.array(rests, pa.string())}), {
        "column_config": {
            leading: st.column_config.TextColumn(_heading(columns[leading]), width=_NAME),
            _REST: st.column_config.TextColumn(beside, width=_DETAILS),
        },
        "row_height": height,
        "height": min(height * max(len(names), 1) + _HEAD, _TALLEST),
    }


def _said(headings: Sequence[str], row: Sequence[str]) -> str:
    pairs = zip(headings, row, strict=True)
    return " · ".join(
        f"{_asked(heading)} {text.removesuffix('.')}" for heading, text in pairs if text
    )


def _asked(heading: str) -> str:
    return heading if heading.endswith("?") else f"{heading}:"


def _lines(name: str, rest: str) -> int:
    needed = max(len(wrap(name, _NAME_ACROSS)), len(wrap(rest, _ACROSS)), 1)
    return min(needed, _MOST_LINES)


def _leading(frame: pd.DataFrame, columns: Mapping[str, Any]) -> str:
    """The first column that names something: a number or a tick says little by itself."""
    names = [name for name in columns if not pd.api.types.is_numeric_dtype(frame[name])]
    return next(iter(names or columns))


def _heading(config: Any) -> str:
    return config if isinstance(config, str) else str(config["label"])


def _column(values: "pd.Series[Any]", config: Any) -> list[str]:
    told = {} if isinstance(config, str) else config.get("type_config") or {}
    return [_written(value, told.get("format")) for value in values]


def _written(value: Any, form: str | None) -> str:
    """As the grid writes it."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return _moment(value, form)
        case date():
            return f"{value:%d/%m/%Y}"
        case int() | float():
            return _number(value, form or "%g")
    return str(value)


def _number(value: float, form: str) -> str:
    if form == "percent":
        return f"{value:.0%}"
    return f"{value:,}" if isinstance(value, int) else form % value


def _moment(value: datetime, form: str | None) -> str:
    if form and "ss" in form:
        return f"{value:%d/%m/%Y %H:%M:%S}"
    half = "am" if value.hour < _NOON else "pm"
    return f"{value:%a} {value.day} {value:%b}, {value.hour % 12 or 12}:{value:%M}{half}"
