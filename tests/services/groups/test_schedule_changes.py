"""Changing a schedule by rules alone: what users of other systems asked for, and what must hold."""

from dataclasses import replace
from datetime import date, time

import pytest

from services.groups.schedules.changes import changed, lines, warnings
from services.groups.schedules.parts import (
    Add,
    AddRound,
    Cancel,
    Change,
    ChangeRoom,
    Move,
    MoveAll,
    PutBreak,
    Restore,
    Shape,
    Standing,
    Swap,
    rhythm_told_by,
)
from services.scheduling import MOST_SESSIONS, REGIONS
from tests.services.groups.plans import HALF_TWO, TEN, a_schedule, at, days, numbers, topics

# --- What users asked for (peers: moodle-mod_attendance, CoderDojo, classroombookings) ---------


def test_two_weekdays_for_four_weeks_are_eight_sessions() -> None:
    schedule = a_schedule(date(2026, 9, 7), (0, 3), 8)

    assert numbers(schedule) == list(range(1, 9))
    assert days(schedule)[-1] == "01 Oct"


def test_a_clock_change_moves_no_session_by_an_hour() -> None:
    schedule = a_schedule(date(2026, 10, 6))

    after = changed(schedule, MoveAll("s2", date(2026, 10, 15), (3,), HALF_TWO))

    assert {one.starts.time() for one in after.live[1:]} == {HALF_TWO}
    assert days(after)[:4] == ["06 Oct", "15 Oct", "22 Oct", "29 Oct"]  # clocks change on the 25th


def test_session_five_of_eight_survives_a_bank_holiday_put_on_it() -> None:
    schedule = a_schedule(date(2026, 4, 13), (0,))  # 4 and 25 May are bank holidays

    after = changed(schedule, Cancel("s2", "Boiler broken", keeps_length=True))

    assert numbers(after) == list(range(1, 9))
    assert topics(after) == topics(schedule)
    assert days(after)[-1] == "22 Jun"


def test_one_session_is_moved_and_the_series_kept() -> None:
    schedule = a_schedule()

    after = changed(schedule, Move("s5", at(2026, 10, 7, 13, 30)))

    (line,) = lines(schedule, after)
    assert (line.after.ref, line.after.starts) == ("s5", at(2026, 10, 7, 13, 30))
    assert line.after.moved_from == schedule.meetings[4].starts


def test_the_same_change_again_changes_nothing() -> None:
    change = Move("s5", at(2026, 10, 7, 13, 30))
    after = changed(a_schedule(), change)

    with pytest.raises(ValueError, match="Nothing would change"):
        changed(after, change)


# --- Each change -------------------------------------------------------------------------------


def test_a_session_moved_past_another_takes_its_number_and_topics_stay_in_order() -> None:
    schedule = a_schedule(count=4)

    after = changed(schedule, Move("s2", at(2026, 9, 23, 10)))

    assert [one.ref for one in after.live] == ["s1", "s3", "s2", "s4"]
    assert numbers(after) == [1, 2, 3, 4]
    assert topics(after) == topics(schedule)


def test_a_series_cut_short_loses_the_cancelled_topic_only() -> None:
    after = changed(a_schedule(count=4), Cancel("s2", "Snow", keeps_length=False))

    assert topics(after) == ["Topic 1", "Topic 3", "Topic 4"]
    assert numbers(after) == [1, 2, 3]
    (cancelled,) = [one for one in after.meetings if not one.takes_place]
    assert (cancelled.number, cancelled.topic, cancelled.reason) == (2, "Topic 2", "Snow")


def test_a_session_nobody_held_can_be_cancelled_although_a_later_one_was_held() -> None:
    schedule = a_schedule(count=4, held=3)
    second = replace(schedule.meetings[1], state=Standing.PLANNED)
    schedule = replace(schedule, meetings=(schedule.meetings[0], second, *schedule.meetings[2:]))

    after = changed(schedule, Cancel("s2", "Snow", keeps_length=True))

    assert topics(after) == ["Topic 1", "Topic 3", "Topic 2", "Topic 4"]
    assert [one.starts for one in after.live[:2]] == [
        schedule.meetings[0].starts,
        schedule.meetings[2].starts,
    ]


def test_a_fortnightly_group_goes_on_in_its_own_weeks() -> None:
    schedule = a_schedule(count=3, interval_weeks=2)

    after = changed(schedule, Cancel("s3", "Strike", keeps_length=True))

    assert days(after) == ["08 Sep", "22 Sep", "20 Oct"]


def test_what_falls_into_a_break_comes_at_the_end() -> None:
    schedule = a_schedule(count=4)

    after = changed(schedule, PutBreak(date(2026, 9, 14), date(2026, 9, 25)))

    assert days(after) == ["08 Sep", "29 Sep", "06 Oct", "13 Oct"]
    assert topics(after) == topics(schedule)
    assert after.rhythm.breaks == ((date(2026, 9, 14), date(2026, 9, 25)),)


def test_a_break_without_sessions_is_kept_for_what_comes_later() -> None:
    schedule = a_schedule(count=2)

    after = changed(schedule, PutBreak(date(2026, 9, 21), date(2026, 9, 25)))
    later = changed(after, Cancel("s2", "Flu", keeps_length=True))

    assert lines(schedule, after) == ()
    assert days(later) == ["08 Sep", "29 Sep"]


def test_an_extra_session_gets_its_number_where_it_falls() -> None:
    after = changed(a_schedule(count=3), Add(at(2026, 9, 10, 10), 60, " Outing "))

    assert topics(after) == ["Topic 1", "Outing", "Topic 2", "Topic 3"]
    assert numbers(after) == [1, 2, 3, 4]


def test_another_round_follows_the_last_session_with_every_topic_and_passes_breaks_over() -> None:
    a_break = ((date(2026, 9, 22), date(2026, 9, 22)),)
    schedule = replace(a_schedule(count=2, held=1, breaks=a_break), round=("One", "Two", "Three"))

    after = changed(schedule, AddRound())

    assert topics(after) == ["Topic 1", "Topic 2", "One", "Two", "Three"]
    assert numbers(after) == [1, 2, 3, 4, 5]
    assert days(after)[2:] == ["29 Sep", "06 Oct", "13 Oct"]


@pytest.mark.parametrize(
    ("round_of", "count", "sentence"),
    [((), 2, "ends with its topics"), (("One", "Two"), MOST_SESSIONS - 1, "at most")],
)
def test_a_group_that_ends_with_its_topics_or_is_long_enough_has_no_other_round(
    round_of: tuple[str, ...], count: int, sentence: str
) -> None:
    daily = replace(a_schedule(weekdays=(0, 1, 2, 3, 4), count=count), round=round_of)
    with pytest.raises(ValueError, match=sentence):
        changed(daily, AddRound())


def test_two_topics_are_swapped_and_nothing_else() -> None:
    schedule = a_schedule(count=4, held=1)

    after = changed(schedule, Swap("s2", "s4"))

    assert topics(after) == ["Topic 1", "Topic 4", "Topic 3", "Topic 2"]
    assert days(after) == days(schedule)


def test_a_room_for_all_leaves_held_sessions_where_they_were() -> None:
    after = changed(a_schedule(count=3, held=1), ChangeRoom("blue"))

    assert [one.room for one in after.live] == [None, "blue", "blue"]
    assert after.room == "blue"


def test_a_session_added_later_meets_in_the_groups_room() -> None:
    schedule = changed(a_schedule(count=2), ChangeRoom("blue"))

    after = changed(schedule, Add(at(2026, 10, 10, 10), 60, "Outing"))

    assert after.live[-1].room == "blue"


def test_a_new_time_on_a_bank_holiday_is_allowed_and_said() -> None:
    schedule = a_schedule(date(2026, 8, 25), count=2)

    after = changed(schedule, Move("s2", at(2026, 8, 31, 10)))

    assert warnings(schedule, after) == (
        "31 August 2026 is a bank holiday in England or in a break.",
    )


@pytest.mark.parametrize("region", REGIONS)
def test_the_end_goes_past_the_holidays_of_the_groups_nation(region: str) -> None:
    schedule = a_schedule(date(2026, 11, 16), (0,), 2, region=region)

    after = changed(schedule, Cancel("s1", "Flu", keeps_length=True))

    # St Andrew's Day, the 30th, is a bank holiday in Scotland alone.
    assert days(after)[-1] == ("07 Dec" if region == "Scotland" else "30 Nov")


def test_the_rhythm_of_an_older_group_is_told_by_its_sessions() -> None:
    schedule = a_schedule(date(2026, 9, 10), (0, 3), 6, interval_weeks=2)

    assert rhythm_told_by(schedule.meetings) == schedule.rhythm


# --- What cannot be ----------------------------------------------------------------------------

CANCELLED = changed(a_schedule(held=2), Cancel("s4", "Snow", keeps_length=True))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Move("s1", at(2026, 12, 1, 10)), "Session 1 on 8 September 2026 has been held"),
        (Cancel("s2", "Snow", keeps_length=False), "has been held, so it cannot be cancelled"),
        (Swap("s2", "s5"), "has been held, so it cannot be given another topic"),
        (Cancel("s4", "Snow", keeps_length=True), "was cancelled, so it cannot be cancelled"),
        (Move("s4", at(2026, 12, 1, 10)), "was cancelled, so it cannot be moved"),
        (Move("s5", at(2026, 9, 15, 10)), "has been held. Choose a day and time after"),
        (Move("s5", at(2026, 9, 1, 10)), "has been held. Choose a day and time after"),
        (Move("s5", at(2026, 9, 29, 11)), "was cancelled at that time"),
        (Move("s5", at(2026, 10, 13, 11)), "There is a session on 13 October 2026 at 10:00"),
        (Move("s5", at(2027, 3, 28, 1, 30)), "that time does not exist"),
        (Add(at(2027, 3, 27, 23, 30), 120, "Late"), "cannot end at 01:30"),
        (Move("s5", at(3026, 10, 6, 10)), "Choose a day from 2000 to 2100"),
        (Move("nobody", at(2026, 12, 1, 10)), "Choose one of this group's sessions"),
        (Cancel("s5", "  ", keeps_length=True), "Say why the session is cancelled"),
        (Add(at(2026, 12, 5, 10), 0, "Outing"), "must end 1 to 600 minutes after"),
        (Add(at(2026, 12, 5, 10), -30, "Outing"), "must end 1 to 600 minutes after"),
        (Add(at(2026, 12, 5, 10), 60, ""), "Say what the session is about"),
        (Add(at(2026, 10, 6, 9), 90, "Outing"), "There is a session on 6 October 2026"),
        (PutBreak(date(2026, 10, 9), date(2026, 10, 1)), "ends before it begins"),
        (PutBreak(date(2026, 9, 9), date(2026, 9, 16)), "has been held, so it cannot be moved out"),
        (PutBreak(date(2026, 10, 1), date(2099, 1, 1)), "Shorten the breaks"),
        (Swap("s5", "s5"), "two different sessions"),
        (MoveAll("s5", date(2026, 10, 6), (), TEN), "at least one weekday"),
        (MoveAll("s5", date(2026, 10, 6), (9,), TEN), "not a weekday"),
        (MoveAll("s5", date(2027, 3, 28), (6,), time(1)), "that time does not exist"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(change: Change, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        changed(CANCELLED, change)


def test_the_last_session_left_is_not_cancelled_without_another() -> None:
    with pytest.raises(ValueError, match="only session"):
        changed(a_schedule(count=1), Cancel("s1", "Snow", keeps_length=False))


def test_a_group_never_has_more_sessions_than_a_plan_may() -> None:
    with pytest.raises(ValueError, match="at most 200 sessions"):
        changed(a_schedule(count=200), Add(at(2036, 9, 6, 10), 60, "One too many"))


@pytest.mark.parametrize("count", [0, 500])
def test_a_plan_of_no_or_five_hundred_sessions_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="must be from 1 to 200"):
        a_schedule(count=count)


def test_a_session_between_two_that_were_held_stays_cancelled() -> None:
    schedule = a_schedule()
    schedule = changed(schedule, Cancel("s3", "Snow", keeps_length=False))
    held = tuple(
        replace(one, state=Standing.HELD) if one.ref == "s4" else one for one in schedule.meetings
    )
    with pytest.raises(ValueError, match="has been held since, so this one stays cancelled"):
        changed(replace(schedule, meetings=held), Restore("s3", drops_last=False))


def test_a_session_is_not_held_after_all_at_a_time_that_is_taken_by_now() -> None:
    schedule = changed(a_schedule(), Cancel("s3", "Snow", keeps_length=False))
    time_of_it = next(one.starts for one in schedule.meetings if one.ref == "s3")
    schedule = changed(schedule, Add(time_of_it, 60, "A film"))
    with pytest.raises(ValueError, match="There is a session on"):
        changed(schedule, Restore("s3", drops_last=False))


def test_only_a_cancelled_session_is_held_after_all() -> None:
    for ref in ("s2", "nothing"):
        with pytest.raises(ValueError, match="Choose one of the cancelled sessions"):
            changed(a_schedule(), Restore(ref, drops_last=False))


def test_together_and_apart_go_with_the_topic_they_were_planned_for() -> None:
    schedule = a_schedule(count=3)
    shapes = (Shape.TOGETHER, Shape.APART, Shape.IN_TURNS)
    schedule = replace(
        schedule,
        meetings=tuple(
            replace(one, shape=shape) for one, shape in zip(schedule.meetings, shapes, strict=True)
        ),
    )
    after = changed(schedule, Cancel("s1", "Snow", keeps_length=True))
    assert [(one.topic, one.shape) for one in after.live] == [
        (one.topic, one.shape) for one in schedule.live
    ]
    after = changed(after, Swap("s2", "s3"))
    assert [one.shape for one in after.live] == [Shape.APART, Shape.TOGETHER, Shape.IN_TURNS]
