"""Working days to answer an offer, and the week in which a closed group closes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.places import joining

DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 9, 16), 5, date(2026, 9, 23)),  # over a weekend
        (date(2026, 9, 18), 1, date(2026, 9, 21)),  # Friday to Monday
        (date(2026, 9, 19), 1, date(2026, 9, 21)),  # Saturday to Monday
        (date(2026, 12, 23), 2, date(2026, 12, 29)),  # Christmas, and the day instead of Boxing Day
        (date(2026, 9, 16), 0, date(2026, 9, 16)),
    ],
)
def test_weekends_and_bank_holidays_do_not_count(day: date, count: int, expected: date) -> None:
    assert joining.working_days_after(day, count) == expected


@given(DAYS, st.integers(0, 30))
def test_one_working_day_more_is_the_next_working_day(day: date, count: int) -> None:
    then = joining.working_days_after(day, count)

    assert joining.working_days_after(day, count + 1) == joining.working_days_after(then, 1)
    assert then >= day + timedelta(days=count)


def test_a_negative_number_of_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        joining.working_days_after(date(2026, 9, 16), -1)


@given(DAYS)
def test_an_offer_ends_with_the_last_day_whatever_the_clocks_do(day: date) -> None:
    assert joining.last_day_to_answer(joining.end_of(day)) == day


def test_a_closed_group_closes_when_its_cut_off_week_is_over() -> None:
    assert joining.closes_on(date(2026, 9, 8), 2) == date(2026, 9, 22)
    assert joining.closes_on(date(2026, 9, 8), None) is None
