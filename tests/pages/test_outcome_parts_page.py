"""The parts of the outcomes page that unfold: what each says with much, little and no data."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from models import MeasureForm, Outcome, Point, Respondent
from services.db import transaction
from services.measures.measure_counts import cells, measured_of
from services.measures.measure_sums import dose_cells
from services.outcomes import outcome_dose, outcome_growth, outcomes
from services.outcomes.outcome_waiting import NOT_ASKED
from services.tallies import tallies
from services.tallies.shares import WITHHELD
from services.tallies.tallies import Cell, Kind
from tests.conftest import Statements
from tests.pages.conftest import OpenPage, Somebody, charts

FIRST = date(2026, 6, 1)
PARTS = ("paths", "spread", "growth", "dose", "together", "waiting")
Forms = list[MeasureForm]


def form(key: str, point: Point, total: float, week: int = 0, version: int = 1) -> MeasureForm:
    return MeasureForm(
        measure=key,
        measure_version=version,
        respondent=Respondent.SELF,
        point=point,
        outcome=Outcome.ANSWERED,
        taken_on=FIRST + timedelta(weeks=week),
        total=total,
        answers=None,
    )


def through(key: str, start: float, end: float) -> Forms:
    middle = (start + end) / 2
    return [
        form(key, Point.START, start),
        form(key, Point.MIDDLE, middle, 6),
        form(key, Point.END, end, 12),
    ]


def both(n: int) -> Forms:
    """PHQ-9 and GAD-7 of one person, none like the next."""
    return [
        *through("phq9", 12 + n % 9, 4 + n * n % 7),
        *through("gad7", 10 + n % 7, 3 + n * n % 5),
    ]


def keep(somebody: Somebody, people: list[Forms], period: str = "2026-Q3") -> None:
    somebody("leila")
    where = ("steps_forward", period)
    counted: Counter[Cell] = Counter()
    for number, forms in enumerate(people):
        counted.update(cells(*where, forms))
        counted.update(dose_cells(*where, measured_of(forms), 4 + number % 8, 5 + number % 7))
    places = {"enrolled": len(people), "started": len(people)}
    counted.update({Cell(Kind.PLACE, *where, name): n for name, n in places.items()})
    with transaction() as db:
        tallies.add(db, counted)


def opened(page: AppTest, *parts: str) -> AppTest:
    for part in parts:
        page.session_state[f"folded_outcomes_{part}"] = True
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    texts = [*page.markdown, *page.caption, *page.warning]
    return "\n".join(text.value for text in texts)


def test_every_part_shows_its_figures_with_n_and_no_cause(
    open_page: OpenPage, somebody: Somebody
) -> None:
    keep(somebody, [both(n) for n in range(30)])

    page = opened(open_page("outcomes", "leila"), *PARTS)

    assert charts(page) == 2 + 2 + 1 + 1 + 2
    words = said(page)
    assert "d_av with Hedges’ correction" in words
    assert "exact McNemar p" in words
    assert "points a week" in words
    assert "30 people, 90 forms" in words
    assert "points of change for each one more" in words
    assert outcome_dose.NO_CAUSE in words
    assert "PHQ-9 and GAD-7 together" in words
    assert "Of those in the clinical range at the start" in words
    assert NOT_ASKED in words
    assert "Start and end form: 30 of 30 who started" in words


def test_what_is_not_opened_costs_nothing(
    open_page: OpenPage,
    somebody: Somebody,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    keep(somebody, [both(n) for n in range(30)])
    page = open_page("outcomes", "leila")

    with count_queries() as folded:
        page.run()
    with count_queries() as unfolded:
        opened(page, *PARTS)

    # Two for the weeks (by cohort, and those seen), one for the sessions, one for measures read
    # together, two for change in groups and while waiting.
    beyond = [len([s for s in one.sent if s.startswith("SELECT")]) for one in (folded, unfolded)]
    assert beyond[1] - beyond[0] == 6


@pytest.mark.parametrize(
    ("people", "sentences"),
    [
        ([through("gad7", 12, 6)], [outcomes.FEW_SCORES, outcome_growth.FEW, outcome_dose.FEW]),
        (
            [[form("gad7", Point.START, 9)]] * 30,
            [outcomes.NO_PAIRS, "at least two weeks", outcome_dose.FEW],
        ),
        (
            [through("gad7", 9, 9)] * 30,
            ["parallel lines", "+0.0 points", "there is no interval"],
        ),
        ([both(n) for n in range(12)], [outcome_dose.NO_PICTURE, outcome_dose.NO_CAUSE]),
        (
            [[form("gad7", Point.START, 9), form("gad7", Point.END, 4, 12, 2)]] * 12,
            [outcomes.NEW_VERSION, outcomes.NO_PAIRS],
        ),
    ],
    ids=[
        "one person",
        "nobody at the end",
        "everybody equal",
        "a dozen",
        "a new version half-way",
    ],
)
def test_what_cannot_be_said_is_said_to_be(
    open_page: OpenPage, somebody: Somebody, people: list[Forms], sentences: list[str]
) -> None:
    keep(somebody, people)

    page = opened(open_page("outcomes", "leila"), *PARTS)

    words = said(page) + "".join(metric.value for metric in page.metric)
    assert [sentence for sentence in sentences if sentence not in words] == []


def test_a_period_is_chosen_from_a_list_and_kept_in_the_address(
    open_page: OpenPage, somebody: Somebody
) -> None:
    keep(somebody, [both(n) for n in range(12)])
    keep(somebody, [both(n) for n in range(14)], "2025-Q4")
    page = open_page("outcomes", "leila", outcomes_period="October to December 2025")

    box = page.selectbox("outcomes_period")
    assert box.options[:2] == ["2026, the whole year", "July to September 2026"]
    assert box.value == "2025-Q4"
    assert page.metric[0].label == "Mean at the start, n = 14"


@pytest.mark.parametrize("period", ["2026-Q4 to 2026-Q1", "yesterday", "2031-Q1"])
def test_a_period_that_cannot_be_shows_everything(
    open_page: OpenPage, somebody: Somebody, period: str
) -> None:
    keep(somebody, [both(n) for n in range(12)])

    page = open_page("outcomes", "leila", outcomes_period=period)

    assert not page.exception
    assert page.selectbox("outcomes_period").value is None
    assert page.metric[0].label == "Mean at the start, n = 12"


def test_an_evaluator_has_no_filter_by_period_and_no_line_of_one_person(
    open_page: OpenPage, somebody: Somebody
) -> None:
    keep(somebody, [both(n) for n in range(12)])

    page = opened(open_page("outcomes", "vik", outcomes_period="2026, the whole year"), *PARTS)

    assert not [box for box in page.selectbox if box.label == "Groups that began in"]
    assert charts(page) == 0  # of change by sessions and by topics the figures alone
    assert outcome_dose.NO_PICTURE in said(page)
    assert WITHHELD in said(page)
