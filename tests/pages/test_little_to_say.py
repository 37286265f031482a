"""Every page of figures on a database with little in it: what can be said, and never an error."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from models import MeasureForm, Outcome, Point, Respondent
from services.db import transaction
from services.measures.measure_counts import cells, measured_of
from services.measures.measure_sums import dose_cells
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind
from tests.pages.conftest import OpenPage, Somebody

WHERE = ("steps_forward", "2026-Q3")
FIRST = date(2026, 6, 1)
MONTH = tallies.month(date(2026, 9, 1))
PEOPLE = {"one person": 1, "everybody equal": 25, "nobody at the end": 25, "a new version": 25}
# What each page must say of it, once all its parts are open.
SAYS = {
    "one person": {
        "outcomes": ("Fewer than 10 people have both forms", "what each of them scored"),
        "children": ("No strand has been rated for 5 children or more",),
        "attendance": ("One month alone", "A curve is shown from 5 people on", "There are not two"),
        "experience": ("figures appear once 3 people have answered",),
    },
    "everybody equal": {
        "outcomes": ("there is no interval", "parallel lines", "Everybody had the same number"),
        "children": ("25 of 25, 100% (87% to 100%)",),
        "attendance": ("No month stands out", "Nobody has left early", "There are not two"),
        "experience": ("One quarter alone",),
    },
    "nobody at the end": {
        "outcomes": ("Nobody has this measure at the start and at the end yet",),
        "children": ("No child has steps in this strand at the start and at the end yet",),
        "attendance": ("No month stands out", "There are not two"),
        "experience": ("One quarter alone",),
    },
    "a new version": {
        "outcomes": ("two versions are never compared",),
        "children": ("25 of 25, 100% (87% to 100%)",),
        "attendance": ("No month stands out", "There are not two"),
        "experience": ("One quarter alone",),
    },
}


def form(key: str, point: Point, week: int = 0, **more: object) -> MeasureForm:
    return MeasureForm(
        measure=key,
        measure_version=more.pop("version", 1),
        respondent=Respondent.SELF,
        point=point,
        outcome=Outcome.ANSWERED,
        taken_on=FIRST + timedelta(weeks=week),
        **more,
    )


def forms(case: str) -> Iterator[list[MeasureForm]]:
    """An adult's and a child's."""
    adult = [form("gad7", Point.START, total=14.0)]
    child = [form("steps", Point.START, answers={str(n): 1 for n in range(1, 9)}, age_band="5-8")]
    if case != "nobody at the end":
        version = 2 if case == "a new version" else 1
        adult.append(form("gad7", Point.END, 12, total=4.0, version=version))
        answers = {str(n): 3 for n in range(1, 9)}
        child.append(form("steps", Point.END, 12, answers=answers, age_band="5-8"))
    yield from (adult, child)


@pytest.fixture(params=PEOPLE)
def case(request: pytest.FixtureRequest, somebody: Somebody) -> str:
    """A programme in which everybody is like everybody else."""
    somebody("leila")
    name: str = request.param
    counted: Counter[Cell] = Counter()
    for filled in forms(name):
        counted.update(cells(*WHERE, filled))
        counted.update(dose_cells(*WHERE, measured_of(filled), 4, 4))
    counted[Cell(Kind.STAY, *WHERE, "stayed", 4)] = 1
    counted[Cell(Kind.FEEDBACK, *WHERE, "felt_safe", 4)] = 1
    counted[Cell(Kind.FORM, *WHERE, "after_session")] = 1
    counted.update({Cell(Kind.PLACE, *WHERE, step): 1 for step in ("enrolled", "started")})
    months = 1 if name == "one person" else 3
    for session in range(1, 5):
        counted[Cell(Kind.MARK, *WHERE, "P", session)] = 1
        counted[Cell(Kind.MONTH, *WHERE, "P", MONTH - session % months)] += 1
    with transaction() as db:
        tallies.add(db, Counter({cell: n * PEOPLE[name] for cell, n in counted.items()}))
    return name


def unfolded(page: AppTest) -> AppTest:
    """The page with everything that is folded away on it, and in what was."""
    for _ in range(2):
        for box in page.expander:
            for key in re.findall(r"folded_\w+", str(box.proto)):
                page.session_state[key] = True
        page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    texts = [*page.markdown, *page.caption, *page.info, *page.warning]
    tables = " ".join(frame.value.to_csv() for frame in page.dataframe)
    return " ".join(text.value for text in texts) + tables


def test_each_page_says_what_it_can_and_cannot_say(open_page: OpenPage, case: str) -> None:
    for address, sentences in SAYS[case].items():
        page = unfolded(open_page(address, "leila"))
        words = said(page)
        for part in ("by_month", "staying", "held", "compare") if address == "attendance" else ():
            page.segmented_control("attendance_part").set_value(part).run()
            words += said(unfolded(page))
        assert [one for one in sentences if one not in words] == [], address
