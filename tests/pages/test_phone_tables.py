"""On a phone a table is two columns that fit; on a laptop it is as it was."""

from datetime import date

import pandas as pd
import pytest
import streamlit as st

from services.db import transaction
from tests.make import make_person
from tests.pages.conftest import OpenPage, Somebody
from ui.components import choose
from ui.components.choose import date_column, time_column
from ui.components.stacked import fits, stacked

COLUMNS = {
    "place": "Place",
    "name": "Name",
    "open": "Open",
    "share": st.column_config.NumberColumn("Share", format="percent"),
    "now": "May we contact her now?",
}
WREN = {
    "place": 3,
    "name": "Wren Tull",
    "open": True,
    "share": 0.25,
    "now": "No route is safe.",
}
EMPTY = {"place": 4, "name": "Lark", "open": False, "share": None, "now": ""}


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a page in this test holds a phone."""
    monkeypatch.setattr(choose, "on_phone", lambda: True)


def test_what_a_row_is_about_stands_first_and_the_rest_beside_it_with_its_headings() -> None:
    rows, shape = stacked(pd.DataFrame([WREN, EMPTY]), COLUMNS)
    assert rows.to_pydict() == {
        "name": ["Wren Tull", "Lark"],
        "rest": [
            "Place: 3 · Open: yes · Share: 25% · May we contact her now? No route is safe",
            "Place: 4 · Open: no",
        ],
    }
    assert shape["column_config"]["name"]["label"] == "Name"


def test_a_moment_and_a_day_are_written_as_the_wide_table_writes_them() -> None:
    frame = pd.DataFrame({"at": [pd.Timestamp("2026-06-03 12:05")], "due": [date(2026, 7, 1)]})
    rows, shape = stacked(frame, {"at": time_column("When"), "due": date_column("Due")})
    assert rows.to_pydict() == {"at": ["Wed 3 Jun, 12:05pm"], "rest": ["01/07/2026"]}
    assert shape["column_config"]["rest"]["label"] == "Due"


def test_rows_are_as_tall_as_the_longest_needs_and_a_very_long_one_is_cut() -> None:
    def height(words: str) -> int:
        _, shape = stacked(pd.DataFrame([WREN | {"now": words}]), COLUMNS)
        return int(shape["row_height"])

    assert height("No") < height("No route is safe " * 4) < height("x " * 400)
    assert height("x " * 400) == height("x " * 800)


def test_an_empty_list_and_a_single_column_are_tables_too() -> None:
    nothing = pd.DataFrame([WREN])[:0]
    assert stacked(nothing, COLUMNS)[0].num_rows == 0
    assert stacked(pd.DataFrame([WREN]), {"name": "Name"})[0]["rest"].to_pylist() == [""]


def test_few_short_columns_fit_and_stay_columns() -> None:
    frame = pd.DataFrame({"answer": ["Very safe"], "people": [12], "long": ["words " * 12]})
    assert fits(frame, {"answer": "Answer", "people": "People"})
    assert not fits(frame, {"answer": "Answer", "people": "People", "long": "Why"})


@pytest.mark.usefixtures("phone")
def test_on_a_phone_a_list_has_two_columns(open_page: OpenPage, somebody: Somebody) -> None:
    with transaction() as db:
        make_person(db, somebody("amina"), "Wilhelmina-Theodora")
    shown = open_page("participants", "amina").dataframe[0].value
    assert shown.columns.tolist() == ["name", "rest"]
    assert "Adult or child: Adult" in shown["rest"][0]
