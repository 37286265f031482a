"""Waiting times: checked by hand, with whoever waits still always counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import Referral, ReferralState
from services.errors import NotPermittedError
from services.permissions import Actor
from services.referrals import waiting_times
from services.statistics import Waits, percentile, waits
from tests.make import make_person, make_referral

S = ReferralState
TODAY = date(2026, 9, 16)
JULY = date(2026, 7, 1)


# --- The figures themselves --------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "median", "ninetieth"),
    [
        ([7], 7, 7),
        ([4, 10], 7, 9.4),  # 4 + 0.9 x 6
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5.5, 9.1),  # place 8.1: 9 + 0.1 x 1
        ([30, 0, 10, 20], 15, 27),  # sorted 0 10 20 30; place 2.7: 20 + 0.7 x 10
        ([5, 5, 5, 100], 5, 71.5),  # place 2.7: 5 + 0.7 x 95; the mean would say 28.75
    ],
)
def test_the_figures_are_those_worked_out_by_hand(
    days: list[int], median: float, ninetieth: float
) -> None:
    found = waits(days)
    assert found.n == len(days)
    assert found.median == pytest.approx(median)
    assert found.ninetieth == pytest.approx(ninetieth)


def test_without_a_wait_there_is_no_figure_and_never_a_zero() -> None:
    assert waits([]) == Waits(0, None, None)


def test_what_is_no_wait_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number"):
        waits([3, -1])
    with pytest.raises(ValueError, match="at least one"):
        percentile([], 0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        percentile([1], 1.5)


@given(days=st.lists(st.integers(0, 5_000), min_size=1, max_size=60), more=st.integers(0, 5_000))
def test_figures_stay_among_the_waits_in_order_and_grow_with_them(
    days: list[int], more: int
) -> None:
    found, longer = waits(days), waits([day + more for day in days])
    assert found.median is not None
    assert found.ninetieth is not None
    assert min(days) <= found.median <= found.ninetieth <= max(days)
    assert longer.median == pytest.approx(found.median + more)


# --- From referrals ----------------------------------------------------------------------


def sent(
    db: Session, actor: Actor, received_on: date, state: S = S.REFERRED, **after: int
) -> Referral:
    one = make_referral(db, actor, make_person(db, actor), received_on=received_on)
    one.state = state
    for clock, days in after.items():
        setattr(one, clock, received_on + timedelta(days=days))
    db.flush()
    return one


def row(db: Session, actor: Actor, quarter: str, clock: str) -> dict[str, object]:
    frame = waiting_times.by_quarter(db, actor)
    (found,) = frame[(frame["quarter"] == quarter) & (frame["clock"] == clock)].to_dict("records")
    return found


def test_reached_waiting_and_ended_add_up_to_everybody(
    db: Session, amina: Actor, leila: Actor
) -> None:
    for days in (4, 10):
        sent(db, amina, JULY, S.MEETING_BOOKED, first_contact_on=days)
    sent(db, amina, date(2026, 8, 1), S.CONTACT_ATTEMPTED)
    sent(db, amina, date(2026, 9, 1))
    sent(db, amina, JULY, S.NOT_SUITABLE)
    sent(db, amina, JULY, S.NO_SAFE_CONTACT)

    found = row(db, leila, "2026-Q3", "contact")

    assert (found["referrals"], found["reached"]) == (6, 2)
    assert (found["median"], found["ninetieth"]) == (7, pytest.approx(9.4))
    assert (found["waiting"], found["longest"], found["ended"]) == (2, 46, 2)
    assert found["label"] == "2 of 6"


def test_a_quarter_in_which_nobody_was_reached_has_no_figure(
    db: Session, amina: Actor, leila: Actor
) -> None:
    sent(db, amina, JULY)
    frame = waiting_times.by_quarter(db, leila)
    assert frame["median"].isna().all()
    assert frame["waiting"].tolist() == [1, 1, 1]


def test_each_referral_counts_for_the_quarter_it_came_in(
    db: Session, amina: Actor, leila: Actor
) -> None:
    sent(
        db,
        amina,
        date(2026, 6, 30),
        S.STARTED,
        first_contact_on=2,
        offered_on=9,
        first_session_on=20,
    )
    sent(db, amina, JULY, S.OFFERED, first_contact_on=1, offered_on=5)

    assert row(db, leila, "2026-Q2", "session")["median"] == 20
    assert row(db, leila, "2026-Q3", "offer")["median"] == 5
    assert row(db, leila, "2026-Q3", "session")["waiting"] == 1


def test_two_years_are_shown_and_no_more(db: Session, amina: Actor, leila: Actor) -> None:
    assert waiting_times.first_day(TODAY) == date(2024, 10, 1)
    one = sent(db, amina, JULY)
    one.received_on = one.state_since = date(2024, 9, 30)
    db.flush()
    assert waiting_times.by_quarter(db, leila).empty


def test_it_costs_one_query(db: Session, amina: Actor, leila: Actor, count_queries: object) -> None:
    for _number in range(3):
        sent(db, amina, JULY)
    with count_queries() as statements:  # type: ignore[operator]
        waiting_times.by_quarter(db, leila)
    assert len(statements) == 1


def test_leads_and_coordinators_see_waiting_times_and_others_do_not(
    db: Session, amina: Actor, ben: Actor, ada: Actor, vik: Actor, erin: Actor
) -> None:
    assert waiting_times.by_quarter(db, amina).empty
    for stranger in (ben, ada, vik, erin):
        with pytest.raises(NotPermittedError):
            waiting_times.by_quarter(db, stranger)
