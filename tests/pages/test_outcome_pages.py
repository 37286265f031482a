"""What leads and evaluators see of measures, through the real screens."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from streamlit.testing.v1 import AppTest

from services.db import transaction
from services.outcomes import outcomes
from services.tallies import tallies
from services.tallies.shares import WITHHELD
from services.tallies.tallies import Cell, Kind
from tests.conftest import Statements
from tests.pages.conftest import OpenPage, Somebody, charts

PAGES = ("outcomes", "children", "attendance")


@pytest.fixture
def counted(somebody: Somebody) -> None:
    """A programme with something to see on every page of outcomes."""
    where = ("side_by_side", "2026-Q3")
    cells: Counter[Cell] = Counter(
        {
            Cell(Kind.PLACE, *where, "enrolled"): 20,
            Cell(Kind.PLACE, *where, "started"): 15,
            Cell(Kind.START, *where, "gad7:self", 1000): 14,
            Cell(Kind.PAIR, *where, "gad7:self", 1000, 500): 6,
            Cell(Kind.PAIR, *where, "gad7:self", 1000, 750): 3,
            Cell(Kind.PAIR, *where, "gad7:self", 1000, 250): 3,
            Cell(Kind.START, *where, "bpses:parent", 1000): 3,
            Cell(Kind.MARK, *where, "P", 1): 30,
            Cell(Kind.MARK, *where, "A", 1): 10,
            Cell(Kind.STRAND, *where, "asking_for_help:self", 0, 1): 6,
            Cell(Kind.STRAND_PAIR, *where, "asking_for_help:self", 1, 3): 6,
        }
    )
    somebody("leila")
    with transaction() as db:
        tallies.add(db, cells)


def notes(page: AppTest) -> str:
    return "\n".join(caption.value for caption in page.caption)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("outcomes", "No measures have been recorded yet"),
        ("children", "No steps have been recorded yet"),
        ("attendance", "No marks have been made yet"),
    ],
)
@pytest.mark.parametrize("username", ["leila", "vik"])
def test_with_no_data_each_page_says_what_to_do_and_draws_nothing(
    open_page: OpenPage, address: str, words: str, username: str
) -> None:
    page = open_page(address, username)

    assert not page.exception
    assert words in notes(page) + "".join(info.value for info in page.info)
    assert charts(page) == 0


def test_change_is_shown_with_its_number_its_interval_and_no_cause(
    open_page: OpenPage, counted: None
) -> None:
    page = open_page("outcomes", "leila")

    assert not page.exception
    labels = {metric.label: metric.value for metric in page.metric}
    assert labels["Mean at the start, n = 12"] == "10.0"
    assert labels["Better by (95% interval +3.8 to +6.2)"] == "+5.0 points"
    assert charts(page) == 2
    assert outcomes.NOT_CAUSED in notes(page)
    assert "small group" in notes(page)
    assert "4 points or more" in notes(page)


@pytest.mark.parametrize(("username", "offered"), [("leila", True), ("vik", False)])
def test_the_change_is_a_leads_to_take_out_of_the_house(
    open_page: OpenPage, counted: None, username: str, offered: bool
) -> None:
    page = open_page("outcomes", username)
    page.session_state["folded_table_gain_from_gain_to_verdict_people"] = True
    page.run()

    assert not page.exception
    assert ("Save this chart" in [button.label for button in page.button]) is offered


def test_a_measure_without_pairs_draws_no_empty_chart(open_page: OpenPage, counted: None) -> None:
    page = open_page("outcomes", "leila")

    page.selectbox("outcomes_measure").set_value("bpses:parent").run()

    assert not page.exception
    assert outcomes.NO_PAIRS in notes(page)
    assert charts(page) == 1
    assert not page.metric


def test_filters_are_kept_in_the_address(open_page: OpenPage, counted: None) -> None:
    page = open_page(
        "outcomes", "leila", outcomes_measure="BPSES, parent’s or carer’s answers",
        outcomes_programme="Open Door",
    )  # fmt: skip

    assert page.selectbox("outcomes_measure").value == "bpses:parent"
    assert page.selectbox("outcomes_programme").value == "open_door"


@pytest.mark.parametrize("address", PAGES)
def test_an_address_with_an_unknown_filter_shows_everything(
    open_page: OpenPage, counted: None, address: str
) -> None:
    page = open_page(address, "leila", **{f"{address}_programme": "Nothing of the kind"})

    assert not page.exception
    assert page.selectbox(f"{address}_programme").value is None
    assert charts(page) >= 1


def test_the_childrens_page_says_that_its_tool_is_not_validated(
    open_page: OpenPage, counted: None
) -> None:
    page = open_page("children", "leila")

    assert not page.exception
    assert "not been validated" in notes(page)
    assert charts(page) == 4


def test_attendance_has_its_denominators_on_the_page(open_page: OpenPage, counted: None) -> None:
    page = open_page("attendance", "leila")

    assert not page.exception
    labels = {metric.label: metric.value for metric in page.metric}
    assert labels["Live: 30 of 40"] == "75%"
    assert charts(page) == 1


@pytest.mark.parametrize("address", PAGES)
def test_an_evaluator_has_no_filter_by_programme(
    open_page: OpenPage, counted: None, address: str
) -> None:
    page = open_page(address, "vik", **{f"{address}_programme": "Side by Side"})

    assert not page.exception
    assert not [box for box in page.selectbox if box.label == "Programme"]
    assert WITHHELD in notes(page)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_few_statements(
    open_page: OpenPage,
    counted: None,
    address: str,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    page = open_page(address, "leila")
    assert charts(page)

    with count_queries() as statements:
        page.run()

    sent = [sql for sql in statements.sent if not sql.startswith("BEGIN")]
    assert sum("FROM tallies" in sql for sql in sent) <= 4
    assert len(sent) <= 8


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("username", ["amina", "ben", "ada", "erin"])
def test_nobody_else_has_these_pages_in_their_menu(
    open_page: OpenPage, address: str, username: str
) -> None:
    with pytest.raises(ValueError, match="navigation"):
        open_page(f"pages/outcomes/{address}.py", username)
