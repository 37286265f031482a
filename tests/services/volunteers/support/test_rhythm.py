"""When support is due and when it is overdue: rules on days, against plain expectations."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.volunteers.support.rhythm import (
    Facts,
    Kind,
    Owed,
    Rhythm,
    State,
    check_in_due,
    harm,
    owed,
    review_due,
    state,
    supervision_due,
)

ACTIVE = date(2026, 1, 5)
USUAL = Rhythm()
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
some_days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
some_rhythms = st.builds(
    Rhythm,
    first_weeks=st.integers(1, 4),
    first_months=st.integers(1, 6),
    then_months=st.integers(1, 3),
    reflective_weeks=st.integers(1, 12),
    first_review_months=st.integers(1, 6),
    review_months=st.integers(1, 12),
    after_start_days=st.integers(7, 30),
    after_hard_days=st.integers(0, 7),
    red_after_days=st.integers(0, 30),
)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


# --- Supervision ---------------------------------------------------------------------------


def test_supervision_is_fortnightly_for_three_months_and_monthly_after_them() -> None:
    assert supervision_due(USUAL, ACTIVE, None) == date(2026, 1, 19)
    assert supervision_due(USUAL, ACTIVE, date(2026, 1, 20)) == date(2026, 2, 3)
    assert supervision_due(USUAL, ACTIVE, date(2026, 4, 4)) == date(2026, 4, 18)
    assert supervision_due(USUAL, ACTIVE, date(2026, 4, 5)) == date(2026, 5, 5)


def test_a_month_after_the_last_of_a_long_month_is_the_last_of_a_short_one() -> None:
    assert supervision_due(USUAL, date(2025, 1, 1), date(2026, 1, 31)) == date(2026, 2, 28)


def test_coming_back_begins_the_close_rhythm_anew() -> None:
    assert supervision_due(USUAL, ACTIVE, date(2025, 12, 20)) == ACTIVE + timedelta(weeks=2)


@CALM
@given(some_rhythms, some_days, some_days, st.integers(0, 400))
def test_supervision_later_is_never_due_earlier_and_always_after_it_was(
    rhythm: Rhythm, active: date, last: date, later: int
) -> None:
    first = supervision_due(rhythm, active, last)

    assert first > max(active, last)
    if rhythm.first_weeks * 7 <= rhythm.then_months * 28:
        assert supervision_due(rhythm, active, last + timedelta(later)) >= first


def test_the_first_review_is_after_three_months_and_the_next_after_six() -> None:
    assert review_due(USUAL, ACTIVE, None) == date(2026, 4, 5)
    assert review_due(USUAL, ACTIVE, date(2026, 4, 2)) == date(2026, 10, 2)


# --- Check-ins -----------------------------------------------------------------------------


def test_a_check_in_is_due_two_weeks_after_a_start_and_settled_by_one_a_week_in() -> None:
    assert check_in_due(USUAL, [ACTIVE], [], None) == date(2026, 1, 19)
    assert check_in_due(USUAL, [ACTIVE], [], noon(date(2026, 1, 11))) == date(2026, 1, 19)
    assert check_in_due(USUAL, [ACTIVE], [], noon(date(2026, 1, 12))) is None


def test_a_check_in_before_a_hard_session_does_not_settle_it() -> None:
    hard = noon(date(2026, 3, 3))
    assert check_in_due(USUAL, [], [hard], hard - timedelta(hours=3)) == date(2026, 3, 5)
    assert check_in_due(USUAL, [], [hard], hard + timedelta(hours=3)) is None


@CALM
@given(
    some_rhythms,
    st.lists(some_days, max_size=4),
    st.lists(some_days.map(noon), max_size=4),
    st.none() | some_days.map(noon),
    st.integers(0, 1000),
)
def test_asking_again_never_makes_a_check_in_due_sooner(
    rhythm: Rhythm,
    starts: list[date],
    hard: list[datetime],
    last: datetime | None,
    later: int,
) -> None:
    before = check_in_due(rhythm, starts, hard, last)
    again = (last or noon(date(2020, 1, 1))) + timedelta(later)
    after = check_in_due(rhythm, starts, hard, again)

    assert after is None or (before is not None and before <= after)
    if all(day + timedelta(8) <= again.date() for day in [*starts, *(at.date() for at in hard)]):
        assert after is None


# --- How it stands -------------------------------------------------------------------------


@CALM
@given(some_rhythms, some_days, st.integers(-60, 60))
def test_due_is_amber_at_once_and_red_after_the_days_allowed(
    rhythm: Rhythm, due: date, by: int
) -> None:
    stands = state(Owed(Kind.SUPERVISION, due), rhythm, due + timedelta(by))

    assert (stands is State.AHEAD) == (by < 0)
    assert (stands is State.RED) == (by > rhythm.red_after_days)


def test_who_shadows_is_owed_a_supervisor_and_check_ins_only() -> None:
    facts = Facts(since=ACTIVE, is_active=False, hard=(noon(ACTIVE),))
    assert owed(USUAL, facts) == (
        Owed(Kind.CHECK_IN, date(2026, 1, 7)), Owed(Kind.SUPERVISOR, ACTIVE),
    )  # fmt: skip
    assert owed(USUAL, Facts(since=ACTIVE, is_active=False, has_supervisor=True)) == ()


def test_who_is_active_is_owed_supervision_a_group_and_a_review() -> None:
    assert Owed(Kind.SUPERVISOR, ACTIVE) in owed(USUAL, Facts(since=ACTIVE))
    supervised = Facts(since=ACTIVE, has_supervisor=True)
    assert [one.kind for one in owed(USUAL, supervised)] == [
        Kind.SUPERVISION, Kind.REFLECTIVE_GROUP, Kind.REVIEW,
    ]  # fmt: skip


def test_the_worst_comes_first_red_before_amber_and_a_check_in_before_a_review() -> None:
    red, amber = (Owed(Kind.REVIEW, ACTIVE), State.RED), (Owed(Kind.CHECK_IN, ACTIVE), State.AMBER)
    later = (Owed(Kind.REVIEW, ACTIVE), State.AMBER)
    ahead = (Owed(Kind.CHECK_IN, ACTIVE), State.AHEAD)
    wrong = [ahead, later, amber, red]
    assert sorted(wrong, key=lambda pair: harm(*pair)) == [red, amber, later, ahead]
