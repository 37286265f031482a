"""Charts of scores, children, feedback and volunteers taken out: none shows or gives away a few."""

import zipfile
from collections import Counter
from datetime import date
from io import BytesIO

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from models import MeasureForm, Outcome, Point, Respondent, SessionState
from services import clock
from services.children.children_compared import By, Child
from services.disclosure.tables import TOTAL, Population
from services.measures.measure_library import measure
from services.measures.measure_sums import dose_cells, path_cells
from services.permissions import Actor
from services.releases import PUBLIC
from services.reports import keeping, left, score_charts, stepping
from services.reports.making import ReportDraft
from services.reports.score_bands import band_of, bands
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind
from tests.make import made_report, make_group, make_person, make_place, session_of, taken_out
from ui import charts

HERE = ("freedom", "2026-Q2")
JUNE = date(2026, 6, 1)
CHILD = "naming_feelings:self"
FIGURES = [
    "staying", "left", "moved", "levels", "compared:parent:naming_feelings", "growth:gad7:self",
    "sessions:gad7:self", "content:gad7:self", "lines:gad7:self", "spread:gad7:self",
    "against:gad7:self", "change:gad7:self",
]  # fmt: skip


@pytest.fixture
def scores(db: Session, amina: Actor, ben: Actor) -> None:
    """Forty people with GAD-7 at both ends, counted and on record, and as many children's steps."""
    group = make_group(db, amina, [ben])
    where = group.programme, HERE[1]
    counts: Counter[Cell] = Counter()
    for number in range(40):
        place = make_place(db, amina, group, make_person(db, amina, f"Ada{number}", "Quill"))
        start, end = 13 + number % 2, 5 + number % 5
        for point, day, total in ((Point.START, JUNE, start), (Point.END, JUNE, end)):
            db.add(
                MeasureForm(
                    place_id=place.id, measure="gad7", measure_version=1,
                    respondent=Respondent.SELF, point=point, outcome=Outcome.ANSWERED,
                    taken_on=day, total=total, recorded_by_id=ben.account_id,
                    recorded_at=clock.now(),
                )
            )  # fmt: skip
        totals = {Point.START: (start * 100, 1, JUNE), Point.END: (end * 100, 1, date(2026, 8, 3))}
        counts += path_cells(*where, "gad7:self", totals)
        counts += dose_cells(
            *where, {"gad7:self": [start * 100, end * 100]}, number % 12, number % 12
        )
        counts[Cell(Kind.STAY, *where, "left" if number < 12 else "stayed", 1 + number % 4)] += 1
        counts[Cell(Kind.LEFT, *where, "")] += 1
        counts[Cell(Kind.STRAND_PAIR, *where, CHILD, 1, 1 + number % 2)] += 1
        counts[Cell(Kind.STRAND_PAIR, *where, "naming_feelings:parent", 1, 1 + number % 2)] += 1
        counts[Cell(Kind.STRAND, *where, CHILD, 0, number % 3)] += 1
        parent = "with" if number < 20 else "alone"
        counts[Cell(Kind.CHILD, *where, f"{CHILD}:8-11:{parent}", 1, 1 + number % 2)] += 1
    tallies.add(db, counts)
    db.flush()


def test_sessions_held_leave_with_every_number_since_they_are_no_people(
    db: Session, amina: Actor, ben: Actor, leila: Actor
) -> None:
    group = make_group(db, amina, [ben], first_day=date(2026, 5, 5))
    for number, state in ((1, SessionState.HELD), (2, SessionState.HELD)):
        session_of(db, group, number).state = state
    db.flush()

    taken = taken_out(db, leila, "held")

    month = taken.chart.frame.set_index("month").loc["May 2026"]
    assert (month["held"], month["cancelled"], month["label"]) == (
        2,
        0,
        "2 of 2, 100% (34% to 100%)",
    )
    assert "no number is hidden" in " ".join(taken.footer)


def test_each_can_be_saved_and_no_number_from_one_to_nine_is_on_it(
    db: Session, leila: Actor, scores: None
) -> None:
    for figure in FIGURES:
        taken = taken_out(db, leila, figure)

        assert taken.chart.name in {chart.__name__ for chart in charts.CHARTS}, figure
        assert not taken.chart.frame.empty, figure
        numbers = [cell for row in taken.rows for cell in row if isinstance(cell, int)]
        assert numbers, figure
        assert not any(0 < number < PUBLIC for number in numbers), figure
        assert "01/07/2024 to 30/06/2026; made on" in " ".join(taken.footer), figure
        if figure == "levels":  # no median of fewer than ten, and none where the table hides it
            rated = taken.chart.frame.dropna(subset="view")
            assert set(rated["point"]) == {"Start"}


def counts_of(row: str, *columns: tuple[str, int | None]) -> dict[tuple[str, ...], int | None]:
    return {(row, name): number for name, number in columns}


def test_a_curve_of_staying_ends_before_the_first_hidden_number() -> None:
    everybody = {(TOTAL, TOTAL): 60}
    first = counts_of("1 to 4", ("Left then", 12), ("Followed so far", 10))
    hidden = counts_of("5 to 8", ("Left then", None), ("Followed so far", 12))

    chart = left._curve({**first, **hidden, **everybody}, Population(None, {}))  # type: ignore[arg-type]

    assert chart is not None
    assert chart.frame["session"].max() == 4
    assert chart.frame["share"].iloc[-1] == pytest.approx(1 - 12 / 60)


@pytest.mark.parametrize("key", ["gad7", "swemwbs", "sdq", "gbo", "cprs_short"])
def test_every_score_lies_in_one_band_and_the_highest_in_the_last(key: str) -> None:
    form = measure(key)
    known = bands(form)

    assert len(known) <= 6
    if form.range is not None:
        assert band_of(form.range.low, known) == next(iter(known))
        assert band_of(form.range.high, known) == list(known)[-1]


def test_children_who_began_at_the_top_are_in_no_part() -> None:
    top = Child("self", "8-11", "with", 4, 4, 1)

    assert stepping._part_and_view(top, By.LEVEL) == "In no part"


def test_doses_fall_into_five_rows() -> None:
    assert len(score_charts.DOSES) == 5


def test_a_report_draws_children_on_paper_and_in_excel(
    db: Session, leila: Actor, scores: None
) -> None:
    drawn: list[str] = []

    def draw(name: str, _frame: pd.DataFrame) -> str:
        drawn.append(name)
        return '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'

    draft = ReportDraft(
        title="Spring", reader="A funder", first=date(2026, 4, 1), last=date(2026, 6, 30),
        sections=("children",),
    )  # fmt: skip
    ref = made_report(db, leila, draft, draw=draw)

    assert drawn == ["all_strand_moves", "all_strand_paths"]
    assert keeping.paper(db, leila, ref).startswith(b"%PDF")
    book = zipfile.ZipFile(BytesIO(keeping.spreadsheet(db, leila, ref)))
    assert b'<c:grouping val="stacked"/>' in book.read("xl/charts/chart1.xml")
