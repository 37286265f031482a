"""The named rules of completion, and whether completing is still possible."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance import CODES, sessions_to_complete
from services.programmes import completion
from services.programmes.completion import Outlook, Prospect, Taken, Verdict, prospect, verdicts

CODE = st.one_of(st.none(), st.sampled_from("PLEOCADBXN"))
SMALL = st.integers(0, 30)


def taken(codes: str) -> Taken:
    """Marks by session, "-" for none."""
    marks = {n: None if code == "-" else code for n, code in enumerate(codes, 1)}
    return Taken(codes=marks, final=len(codes) or None)


def by_name(found: tuple[Verdict, ...]) -> dict[str, bool]:
    return {one.rule: one.met for one in found}


def test_several_rules_apply_at_once_and_need_not_agree() -> None:
    found = verdicts(taken("PCCA"), needed=3, topics=None)

    assert by_name(found) == {
        "Content covered": True,
        "At the final session": False,
        "Engaged": False,
    }
    content = found[0]
    assert (content.value, content.reached, content.needed) == ("3 of 4 sessions", 3, 3)


@pytest.mark.parametrize(("code", "met"), [("P", 1), ("O", 1), ("C", 0), ("A", 0), ("-", 0)])
def test_the_final_session_must_be_attended_and_not_caught_up_on(code: str, met: int) -> None:
    assert completion.at_final_session(taken("P" + code)).met == bool(met)


def test_nobody_was_at_the_final_session_of_a_group_without_sessions() -> None:
    found = verdicts(taken(""), needed=0, topics=None)
    assert by_name(found)["At the final session"] is False


@pytest.mark.parametrize(("covered", "met"), [("abc", True), ("ab", False), ("abx", False)])
def test_in_a_rolling_group_topics_count_and_not_sessions(covered: str, met: bool) -> None:
    topics = completion.topics_outlook("abc", set(covered), [])
    (topic, engaged) = verdicts(taken("PPPPPPPPP"), needed=1, topics=topics)
    assert (topic.met, engaged.met) == (met, True)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((9, 0, 3, 9), Prospect(Outlook.COVERED_ENOUGH)),
        ((4, 8, 0, 9), Prospect(Outlook.ON_COURSE, 3)),
        ((4, 5, 3, 9), Prospect(Outlook.CAN_MISS_NO_MORE)),
        ((4, 4, 4, 9), Prospect(Outlook.NEEDS_CATCH_UPS, 1)),
        ((4, 4, 0, 9), Prospect(Outlook.IMPOSSIBLE, 1)),
        ((0, 0, 0, 1), Prospect(Outlook.IMPOSSIBLE, 1)),
    ],
)
def test_the_outlook_follows_from_four_numbers(
    numbers: tuple[int, int, int, int], expected: Prospect
) -> None:
    assert prospect(*numbers) == expected


@given(SMALL, SMALL, st.integers(1, 30))
def test_coming_alone_is_enough_exactly_where_enough_sessions_are_left(
    covered: int, left: int, offered: int
) -> None:
    needed = sessions_to_complete(offered)
    found = prospect(covered, left, offered, needed)

    by_coming = found.outlook not in (Outlook.NEEDS_CATCH_UPS, Outlook.IMPOSSIBLE)
    assert by_coming == (covered + left >= needed)


@given(SMALL, SMALL, SMALL, SMALL)
def test_the_number_given_is_what_it_takes(covered: int, left: int, missed: int, to: int) -> None:
    found = prospect(covered, left, missed, to)

    if found.outlook is Outlook.ON_COURSE:
        worse = prospect(covered, left - found.sessions, missed, to)
        assert worse.outlook is Outlook.CAN_MISS_NO_MORE
    if found.outlook is Outlook.NEEDS_CATCH_UPS:
        better = prospect(covered + found.sessions, left, missed - found.sessions, to)
        assert better.outlook in (Outlook.CAN_MISS_NO_MORE, Outlook.COVERED_ENOUGH)


@given(st.lists(CODE, max_size=20), st.integers(0, 20))
def test_verdicts_count_what_the_table_of_marks_says(codes: list[str | None], needed: int) -> None:
    marks = dict(enumerate(codes, 1))
    found = Taken(codes=marks, final=None)

    made = [CODES[code] for code in codes if code]
    assert found.covered == sum(code.value in "PLEOC" for code in made)
    assert found.attended == sum(code.value in "PLEO" for code in made)
    assert verdicts(found, needed=needed, topics=None)[0].met == (found.covered >= needed)


@pytest.mark.parametrize("numbers", [(-1, 0, 0, 0), (0, -1, 0, 0), (0, 0, -1, 0), (0, 0, 0, -1)])
def test_negative_numbers_are_refused(numbers: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        prospect(*numbers)


TOPICS = st.lists(st.sampled_from("abcdef"), unique=True)


@given(TOPICS, st.sets(st.sampled_from("abcdefx")), st.lists(st.tuples(st.sampled_from("abcdefx"),
       st.datetimes())))  # fmt: skip
def test_every_topic_is_covered_comes_up_again_or_is_missing(
    topics: list[str], covered: set[str], coming: list[tuple[str, datetime]]
) -> None:
    found = completion.topics_outlook(topics, covered, coming)

    assert found.covered + len(found.left) == found.topics == len(topics)
    assert {one.topic for one in found.left} == set(topics) - covered
    for one in found.left:
        times = [starts for topic, starts in coming if topic == one.topic]
        assert one.next_at == min(times, default=None)
    assert set(found.missing) == {one.topic for one in found.left} - {topic for topic, _ in coming}
    assert completion.all_topics(found).met is (not found.left)
    if found.last_at is not None:
        assert not found.missing
