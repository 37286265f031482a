"""The steps that tests of measures share."""

from collections.abc import Mapping
from datetime import date

from models import Point, Respondent
from services.measures.measures import MeasureDraft

TODAY = date(2026, 9, 16)
NUMBERS = range(1, 9)


def steps(answers: int | Mapping[int, float | None] = 2, **more: object) -> MeasureDraft:
    """Robin's own view at the start, every strand on the same step unless said otherwise."""
    given = dict.fromkeys(NUMBERS, answers) if isinstance(answers, int) else answers
    facts: dict[str, object] = {
        "measure": "steps",
        "respondent": Respondent.SELF,
        "point": Point.START,
        "taken_on": TODAY,
        "answers": given,
    }
    return MeasureDraft(**{**facts, **more})  # type: ignore[arg-type]
