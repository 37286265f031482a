"""What people write into cells, and what they mean by it."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance import AttendanceCode
from services.imports import understanding as read
from services.imports.reading import Cell

JUNE = date(2019, 6, 3)


@pytest.mark.parametrize(
    "cell",
    [
        "3/6/2019", "03/06/2019", "3.6.19", "03-06-2019", "3 June 2019", "3rd June 2019",
        "3rd of June 2019", "Mon 3 June 2019", "Monday, 3 June 2019", "03-Jun-19", "3 Jun. 2019",
        "June 3, 2019", "2019-06-03", "2019-06-03T00:00:00", "03/06/2019 00:00", "43619", 43619,
        43619.0, JUNE, datetime(2019, 6, 3, 9),  # noqa: DTZ001 - a cell has no zone
    ],
)  # fmt: skip
def test_a_day_is_understood_as_it_is_written(cell: Cell) -> None:
    assert read.day(cell) == JUNE


@pytest.mark.parametrize(
    "cell",
    ["31/2/2019", "0/6/2019", "6/13/2019", "June 2019", "2019", 2019, 43619.5, "soon", "3/6", True,
     time(10), "29/2/2019", "1/1/0019", "3/6/20199", "99999999", "٣/٦/2019x"],
)  # fmt: skip
def test_what_is_no_day_is_not_taken_for_one(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r"date|day|month|year"):
        read.day(cell)


def test_two_figures_of_a_year_mean_the_past_where_it_must_be_past() -> None:
    assert read.day("3/6/62", latest=JUNE) == date(1962, 6, 3)
    assert read.day("3/6/62") == date(2062, 6, 3)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_back_from_every_form(day: date) -> None:
    forms = [f"{day:%d/%m/%Y}", f"{day.day} {day:%B %Y}", day.isoformat(), f"{day:%d-%b-%Y}"]
    assert {read.day(form) for form in forms} == {day}


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("07700 900123", "07700 900123"),
        ("07700-900-123", "07700 900123"),
        ("+44 7700 900123", "07700 900123"),
        ("+44 (0)7700 900123", "07700 900123"),
        ("0044 7700 900123", "07700 900123"),
        (7700900123.0, "07700 900123"),
        (447700900123, "07700 900123"),
        ("(01632) 960123", "01632 960123"),
        ("020 7946 0123", "020 7946 0123"),
        ("+33 1 99 00 12 34", "+33199001234"),
    ],
)
def test_a_phone_number_is_understood_as_it_is_written(cell: Cell, number: str) -> None:
    assert read.phone(cell) == number


@pytest.mark.parametrize(
    "cell", ["12", "07700 900123 / 07700 900124", "ask her", "07700900", "+", ""]
)
def test_what_is_no_single_phone_number_is_not_taken_for_one(cell: str) -> None:
    with pytest.raises(ValueError, match="one phone number"):
        read.phone(cell)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("Dana Okoro", "Dana", "Okoro"),
        ("Okoro, Dana", "Dana", "Okoro"),
        ("Dana van der Berg", "Dana", "van der Berg"),
        ("O'Brien-Łęcka, Zoë", "Zoë", "O'Brien-Łęcka"),
        ("دانا عمر", "دانا", "عمر"),
    ],
)
def test_a_whole_name_is_taken_apart(cell: str, first: str, last: str) -> None:
    assert read.whole_name(cell) == (first, last)


@pytest.mark.parametrize("cell", ["Dana", ",", "Okoro,", "=Dana Okoro", "+1 Dana", "💜 💜"])
def test_half_a_name_or_a_formula_is_not_taken_for_one(cell: str) -> None:
    with pytest.raises(ValueError, match=r"name|begin"):
        read.whole_name(cell)


@pytest.mark.parametrize("cell", ["x" * 5_000, "=HYPERLINK(1)", "@Dana", "12", "💜", "\x07Dana", 5])
def test_what_is_no_name_is_not_taken_for_one(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r"name|signs"):
        read.name(cell)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("P", "P"), ("present", "P"), ("Attended", "P"), ("✓", "P"), (1.0, "P"), ("Late", "L"),
        ("DNA", "D"), ("Did not attend", "D"), ("no show", "D"), ("apols", "A"), ("apology.", "A"),
        ("WNB", "B"), ("Zoom", "O"), ("catch-up", "C"), ("n/a", "N"), ("x", "X"), ("e", "E"),
    ],
)  # fmt: skip
def test_a_mark_is_understood_as_registers_have_it(cell: Cell, code: str) -> None:
    assert read.mark(cell) is AttendanceCode(code)


def test_an_unknown_mark_is_met_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"P \(attended\), L \(arrived late\)"):
        read.mark("maybe")


@pytest.mark.parametrize(
    ("cell", "meant"), [("Yes", True), (True, True), (0.0, False), ("n", False)]
)
def test_yes_and_no(cell: Cell, *, meant: bool) -> None:
    assert read.yes_no(cell) is meant


@pytest.mark.parametrize(
    ("cell", "meant"),
    [("10:00", time(10)), ("1.30pm", time(13, 30)), ("10am", time(10)), ("12pm", time(12)),
     (0.4375, time(10, 30)), (time(9, 15), time(9, 15))],
)  # fmt: skip
def test_a_time_is_understood_as_it_is_written(cell: Cell, meant: time) -> None:
    assert read.clock_time(cell) == meant


@pytest.mark.parametrize("cell", ["10", "25:00", "13pm", "morning", 3.5])
def test_what_is_no_time_is_not_taken_for_one(cell: Cell) -> None:
    with pytest.raises(ValueError, match="Write the time"):
        read.clock_time(cell)


ANY = st.one_of(
    st.text(),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@given(ANY)
def test_any_cell_is_understood_or_met_with_a_sentence(cell: Cell) -> None:
    for understand in (
        read.text, read.line, read.name, read.whole_name, read.day, read.clock_time, read.phone,
        read.email, read.yes_no, read.whole_number, read.mark,
    ):  # fmt: skip
        try:
            understand(cell)
        except ValueError as error:
            said = str(error)
        else:
            said = "It was understood."
        assert said == said[0].upper() + said[1:].rstrip(".") + "."
