"""A chart with its words: what it shows for a screen reader, and the table behind it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import streamlit as st

from ui.charts import BANDS, Spec
from ui.components.arrow import arrow
from ui.components.choose import show_rows
from ui.components.folded import folded
from ui.components.outcomes.take_out import Own, way_out


def show(
    spec: Spec,
    frame: pd.DataFrame,
    *,
    alt: str,
    table: Mapping[str, Any],
    caption: str = "",
    key: str = "",
    figure: str = "",
    own: Own | None = None,
) -> None:
    """Draw a chart of the frame, with a caption and the same figures as a table beneath it.

    `alt` says what is to be seen, written from the data. `table` names the columns to show and
    their headings, or `st.column_config.…`. Where a page shows the same columns twice, `key`
    tells the tables apart. `figure` is what may be taken out of the house of it, where the chart
    alone does not say, and `own` whose file it may go into; whatever has neither stays
    (`ui.components.outcomes.take_out`).
    """
    st.vega_lite_chart(arrow(frame), spec, width="stretch", alt=alt)
    out = partial(way_out, spec, frame, frame, table, key=key, figure=figure, own=own)
    _behind(frame, out, alt=alt, table=table, caption=caption, key=key)


def show_halves(
    spec: Spec,
    frame: pd.DataFrame,
    *,
    alt: str,
    table: Mapping[str, Any],
    caption: str = "",
    behind: pd.DataFrame | None = None,
    figure: str = "",
    own: Own | None = None,
) -> None:
    """Draw a chart of strands as two of four each: side by side, or beneath on a narrow screen.

    `behind` holds the rows of the table where the chart needs others as well to be drawn; `figure`
    and `own` are as in `show`.
    """
    whole = arrow(frame)
    halves = pc.divide(whole["order"], BANDS)  # of whole numbers: rounded down
    for box, half in zip(st.columns(2), (0, 1), strict=True):
        strands = whole.filter(pc.equal(halves, half))
        box.vega_lite_chart(strands, spec, width="stretch", alt=f"{alt} Part {half + 1} of 2.")
    rows = frame if behind is None else behind
    out = partial(way_out, spec, frame, rows, table, key="", figure=figure, own=own)
    _behind(rows, out, alt=alt, table=table, caption=caption)


def _behind(
    frame: pd.DataFrame,
    out: Callable[[], None],
    *,
    alt: str,
    table: Mapping[str, Any],
    caption: str,
    key: str = "",
) -> None:
    if caption:
        st.caption(caption)

    def inside() -> None:
        show_rows(frame, table, alt=f"Table: {alt}")
        out()

    folded(
        "The same as a table",
        inside,
        key="_".join(filter(None, ("table", *table, key))),
    )
