"""What each column of the rows for research means."""

from collections.abc import Mapping

import pandas as pd

from models import Outcome, PlaceState, Point, Respondent
from services.attendance import AttendanceCode
from services.measures.measure_library import measures

_PLACE = "Pseudonym of one person’s place in one group, of this project only"
_STATES = "; ".join(state.value for state in PlaceState)
_MEANINGS = {
    "place": _PLACE,
    "person": "Pseudonym of the person, of this project only",
    "group": "Pseudonym of the group; empty where the row was made coarser",
    "who": "adult; child",
    "age_band": "Age in years when she joined; empty where not known or made coarser",
    "programme": "Key of the programme; empty where made coarser",
    "programme_version": "Version of the programme the group ran; 0 where made coarser",
    "joined": "Month of joining; the year alone or empty where made coarser",
    "state": _STATES,
    "sessions_offered": "Sessions the group was planned with",
    "attended": "Sessions attended",
    "covered": "Sessions attended or caught up",
    "to_complete": "Sessions to be covered to complete; in a rolling group topics, each once",
    "reached": "How much of that is covered",
    "measure": "; ".join(f"{key}: {form.title}" for key, form in measures().items()),
    "measure_version": "Version of the measure’s description",
    "respondent": "; ".join(one.value for one in Respondent),
    "point": "; ".join(one.value for one in Point),
    "months_since_joining": "Whole months from joining to the day of the form",
    "outcome": "; ".join(one.value for one in Outcome),
    "total": "Total score as the measure’s rule gives it; empty where there is none",
    "item": "Number of the item on the form",
    "answer": "Answer as given, before any is turned round; empty where left out",
    "session": "Number of the session in its group",
    "code": "; ".join(f"{code.value}: {code.label}" for code in AttendanceCode),
}


def codebook(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One line a column: file, column, meaning or values."""
    rows = [
        (f"{name}.csv", column, _MEANINGS[column])
        for name, table in tables.items()
        for column in table.columns
    ]
    return pd.DataFrame(rows, columns=["file", "column", "meaning"])
