"""Forms and marks for tests of outcomes."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models import MeasureForm, Outcome, Point, Respondent
from services.measures.measure_counts import cells, measured_of
from services.measures.measure_sums import dose_cells
from services.tallies import tallies
from services.tallies.tallies import Cell

WHERE = ("steps_forward", "2026-Q3")
KEY = "gad7:self"
FIRST = date(2026, 6, 1)


def form(
    point: Point = Point.START,
    total: float | None = 10,
    *,
    key: str = "gad7",
    week: int = 0,
    version: int = 1,
    outcome: Outcome = Outcome.ANSWERED,
) -> MeasureForm:
    return MeasureForm(
        measure=key,
        measure_version=version,
        respondent=Respondent.SELF,
        point=point,
        outcome=outcome,
        taken_on=FIRST + timedelta(weeks=week),
        total=total if outcome is Outcome.ANSWERED else None,
        answers=None,
    )


def keep(
    db: Session,
    *people: list[MeasureForm],
    attended: int = 8,
    covered: int = 9,
    period: str = "2026-Q3",
    programme: str = "steps_forward",
) -> None:
    """What these people's forms come to, each list one person's."""
    counted: Counter[Cell] = Counter()
    for forms in people:
        counted.update(cells(programme, period, forms))
        counted.update(dose_cells(programme, period, measured_of(forms), attended, covered))
    tallies.add(db, counted)


def pair(start: float, end: float, **more: int | str) -> list[MeasureForm]:
    return [form(total=start, **more), form(Point.END, end, week=12, **more)]  # type: ignore[arg-type]
