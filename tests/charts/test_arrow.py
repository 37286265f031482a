"""Frames arrive in the browser as they were, gaps and all."""

from datetime import date

import pandas as pd

from ui.components.arrow import arrow

FRAME = pd.DataFrame(
    {
        "name": ["Ada", None],
        "on": [date(2026, 3, 1), None],
        "days": pd.array([3, pd.NA], dtype="Int64"),
        "ref": ["a", "b"],
    }
)


def test_gaps_stay_gaps() -> None:
    sent = arrow(FRAME, ["name", "on", "days"]).to_pylist()

    assert sent == [
        {"name": "Ada", "on": date(2026, 3, 1), "days": 3},
        {"name": None, "on": None, "days": None},
    ]


def test_an_empty_frame_keeps_its_columns() -> None:
    assert arrow(FRAME.head(0)).column_names == ["name", "on", "days", "ref"]
