"""Rows as a frame, where a column has a type that cannot be told from what stands in it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd


def typed(
    rows: Sequence[Sequence[Any]],
    columns: Sequence[str],
    types: Mapping[str, Literal["Int64", "Float64"]],
) -> pd.DataFrame:
    """A frame of these rows; the columns named have these types from the first.

    Given to a frame that is made already, a type costs more than all the rest of it.
    """
    if not rows:
        return pd.DataFrame([], columns=list(columns)).astype(types)
    return pd.DataFrame(
        {
            name: pd.array(found, dtype=types[name]) if name in types else list(found)
            for name, *found in zip(columns, *rows, strict=True)
        }
    )
