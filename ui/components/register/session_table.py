"""Sessions as a table in which one can be chosen: Today and the register use it."""

from typing import Any

import pandas as pd

from ui.components.choose import choose_row, time_column


def session_table(sessions: pd.DataFrame, *, key: str, alt: str) -> "pd.Series[Any] | None":
    """Show sessions (as services.today gives them); the row just chosen."""
    columns = {
        "starts": time_column("When"),
        "group": "Group",
        "session": "Session",
        "topic": "Topic",
        "marks": "Marks",
    }
    return choose_row(sessions, columns, key=key, alt=alt)
