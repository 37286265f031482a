"""Filling a rota: every answer is checked by somebody else, and small ones against all others."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import rota as bench
from services.volunteers.rota import bound, check, greedy, improving, search, solve
from services.volunteers.rota.aims import COVER
from services.volunteers.rota.problem import Commitment, Helper, Meeting, Need, Problem, Rule, Stint
from services.volunteers.rota.why import unfilled

MONDAY = date(2026, 9, 7)
ROLES = ("welcome", "creche")
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def meeting(number: int, group: int, day: date, hour: int = 10, *needs: Need) -> Meeting:
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Meeting(
        number, group, starts, starts + timedelta(hours=2), day, needs or (Need("welcome", 1),)
    )


def weekly(count: int, *needs: Need, group: int = 1, first: int = 1) -> tuple[Meeting, ...]:
    return tuple(
        meeting(first + week, group, MONDAY + timedelta(weeks=week), 10, *needs)
        for week in range(count)
    )


def helper(number: int, meetings: tuple[Meeting, ...], **more: object) -> Helper:
    free = frozenset(one.number for one in meetings)
    return replace(Helper(number, frozenset(ROLES), free), **more)  # type: ignore[arg-type]


def problem(meetings: tuple[Meeting, ...], *helpers: Helper, **more: object) -> Problem:
    groups = {one.group for one in meetings}
    terms = {
        group: (min(days), max(days))
        for group in groups
        for days in [[one.day for one in meetings if one.group == group]]
    }
    return replace(Problem(helpers, meetings, terms), **more)  # type: ignore[arg-type]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A handful of sessions of two groups, and a few volunteers with their own limits."""
    needs = st.sampled_from(
        [(Need("welcome", 1),), (Need("creche", 2, 2),), (Need("welcome", 1), Need("creche", 1))]
    )
    meetings = tuple(
        meeting(number, number % 2, MONDAY + timedelta(days=draw(st.sampled_from([0, 7, 30]))),
                draw(st.sampled_from([9, 10, 14])), *draw(needs))
        for number in range(draw(st.integers(1, 3)))
    )  # fmt: skip
    helpers = tuple(
        Helper(
            number,
            draw(st.sets(st.sampled_from(ROLES), min_size=1).map(frozenset)),
            draw(st.sets(st.sampled_from([one.number for one in meetings])).map(frozenset)),
            draw(st.sampled_from([None, 1, 2])),
            draw(st.sampled_from([1, 2])),
            draw(st.sampled_from([0, 4])),
            draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 3)))
    )
    found = problem(meetings, *helpers)
    everything = [(one.number, group, role) for one in helpers for group in (0, 1)
                  for role in ROLES]  # fmt: skip
    out = draw(st.sets(st.sampled_from(everything), max_size=3)) if everything else set()
    asked = [one for one in _all(found) if draw(st.integers(0, 5)) == 0]
    fixed = frozenset(_one_each(asked))
    joined = tuple(
        Commitment(one.helper, one.meeting % 2, MONDAY, MONDAY + timedelta(days=30))
        for one in fixed
    )
    return replace(found, ruled_out=dict.fromkeys(out, "conflict"), fixed=fixed, commitments=joined)


def _all(one: Problem) -> list[Stint]:
    return [
        Stint(each.number, need.role, who.number)
        for each in one.meetings
        for need in each.needs
        for who in one.helpers
    ]


def _one_each(asked: list[Stint]) -> Iterator[Stint]:
    seen: set[object] = set()
    for stint in asked:
        keys = {(stint.meeting, stint.helper), (stint.meeting, stint.role)}
        if not keys & seen:
            seen |= keys
            yield stint


def best_of_all(one: Problem) -> tuple[int, int]:
    """How many needs can be covered, and with how few faces: every rota there is, tried."""
    groups = {each.number: each.group for each in one.meetings}
    there = {(stint.helper, groups[stint.meeting], stint.role) for stint in one.fixed}
    free = [stint for stint in _all(one) if stint not in one.fixed]
    for size in range(len(free), 0, -1):
        faces = [
            len({(stint.helper, groups[stint.meeting], stint.role) for stint in rota} - there)
            for rota in combinations(free, size)
            if not check.broken(one, [*one.fixed, *rota])
        ]
        if faces:
            return size, min(faces)
    return 0, 0


# --- What the solver finds -----------------------------------------------------------------


@few
@given(problems())
def test_no_answer_breaks_a_rule_and_none_puts_out_who_was_asked(one: Problem) -> None:
    found = solve.fill(one, seconds=20)

    assert check.broken(one, one.fixed | found.rota) == []


@few
@given(problems())
def test_a_small_rota_is_as_good_as_the_best_there_is(one: Problem) -> None:
    found = solve.fill(one, seconds=20)

    assert (found.covered, found.faces) == best_of_all(one)
    assert found.is_best


@few
@given(problems())
def test_whatever_stays_open_has_a_reason_for_every_volunteer(one: Problem) -> None:
    found = solve.fill(one, seconds=20)

    for gap in unfilled(one, one.fixed | found.rota):
        assert sum(gap.reasons.values()) == len(one.helpers)
        assert Rule.NEED not in gap.reasons


def test_the_same_face_stays_with_a_group_where_it_can() -> None:
    term = weekly(6)

    found = solve.fill(problem(term, helper(1, term), helper(2, term)))

    assert (found.covered, found.faces, found.is_best) == (6, 1, True)


def test_a_session_is_covered_before_faces_count() -> None:
    term = weekly(6)
    away = helper(1, term, free_for=frozenset(range(1, 6)))

    found = solve.fill(problem(term, away, helper(2, term, free_for=frozenset({6}))))

    assert (found.covered, found.faces) == (6, 2)


def test_loads_are_shared_once_sessions_and_faces_are_settled() -> None:
    term = (*weekly(4), *weekly(4, group=2, first=11))
    both = [helper(number, term, groups_at_once=2) for number in (1, 2)]
    later = tuple(
        replace(one, starts_at=one.starts_at + timedelta(hours=4),
                ends_at=one.ends_at + timedelta(hours=4)) if one.group == 2 else one
        for one in term
    )  # fmt: skip

    found = solve.fill(problem(later, *both))

    assert sorted(sum(one.helper == who for one in found.rota) for who in (1, 2)) == [4, 4]


def test_stopping_at_once_still_hands_out_what_was_begun_with_and_claims_no_more() -> None:
    term = weekly(6)

    found = solve.fill(problem(term, helper(1, term)), stop=lambda: True)

    assert (found.covered, found.at_most, found.is_best) == (6, 6, False)


@few
@given(problems(), st.sampled_from([0.0, 0.1]))
def test_a_filling_ended_early_breaks_no_rule_and_claims_no_more_than_can_be(
    one: Problem, seconds: float
) -> None:
    found = solve.fill(one, seconds=seconds)

    assert check.broken(one, one.fixed | found.rota) == []
    assert found.covered <= best_of_all(one)[0] <= found.at_most


@few
@given(problems())
def test_what_no_rota_can_pass_is_passed_by_none(one: Problem) -> None:
    most, _faces = bound.proven(one, search.Run(20, lambda _progress: None, lambda: False))

    assert most >= best_of_all(one)[0]


@pytest.mark.parametrize(("a_month", "is_led", "most"), [
    (None, False, 18), (2, False, 12), (None, True, 20),
])  # fmt: skip
def test_a_term_of_new_volunteers_covers_no_more_than_the_seasoned_one_can_lead(
    a_month: int | None, is_led: bool, most: int
) -> None:
    three = Need("welcome", 3)
    term = tuple(one for group in (1, 2, 3, 4)
                 for one in weekly(6, three, group=group, first=10 * group))  # fmt: skip
    new = [helper(number, term, is_new=True) for number in range(2, 10)]
    led = frozenset({Stint(10, "welcome", 99)}) if is_led else frozenset()
    other = [helper(99, ())] if is_led else []
    one = problem(term, helper(1, term, a_month=a_month), *new, *other, fixed=led)

    found = solve.fill(one, seconds=20)

    assert bound.proven(one, search.Run(20, lambda _p: None, lambda: False))[0] == most
    assert (found.covered, found.at_most) == (most, most)
    assert check.broken(one, one.fixed | found.rota) == []


def test_a_search_of_all_groups_that_found_no_end_claims_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(improving, "_WHOLE", 0.0)
    monkeypatch.setattr(bound, "proven", lambda _problem, _run: (7, 0))
    term = weekly(6)

    found = solve.fill(problem(term, helper(1, term)), seconds=0.5)

    assert (found.covered, found.at_most, found.is_best) == (6, 7, False)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_given_out_anew_in_some_groups_fits_what_the_others_have(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(improving, "_FEW", 2)
    one = bench.term(seed, helpers=8, groups=10, weeks=6)
    run = search.Run(1, lambda _progress: None, lambda: False)
    rota = improving.Improving(one, greedy.begun(one), run)
    before = len(rota.now)

    rota.reach([COVER], -len(one.meetings) * 2, share=1.0)

    assert len(rota.now) > before
    assert check.broken(one, rota.now) == []


def test_who_is_in_the_group_already_is_no_new_face() -> None:
    term = weekly(2)
    asked = frozenset({Stint(1, "welcome", 2)})

    found = solve.fill(problem(term, helper(1, term), helper(2, term), fixed=asked))

    assert ({one.helper for one in found.rota}, found.faces) == ({2}, 0)


def test_progress_is_told_with_the_best_and_what_cannot_be_passed() -> None:
    heard: list[search.Progress] = []
    term = weekly(6)

    solve.fill(problem(term, helper(1, term)), told=heard.append)

    assert {one.step for one in heard} <= {"cover", "faces", "shares"}
    assert all(0 <= one.seconds < solve.SECONDS for one in heard)
    assert 1 in {one.best for one in heard if one.step == "faces"}


# --- What cannot be filled, and why --------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"roles": frozenset({"peer_contact"})}, Rule.ROLE),
        ({"free_for": frozenset()}, Rule.AWAY),
        ({"is_new": True}, Rule.NEW),
    ],
)
def test_an_open_need_says_which_rule_stops_whom(change: dict[str, object], rule: Rule) -> None:
    term = weekly(1)
    one = problem(term, helper(1, term, **change))

    found = solve.fill(one)

    (gap,) = unfilled(one, found.rota)
    assert (gap.meeting, gap.role, gap.missing, dict(gap.reasons)) == (1, "welcome", 1, {rule: 1})


def test_nobody_is_left_alone_where_two_are_needed() -> None:
    term = weekly(1, Need("creche", 2, 2))
    one = problem(term, helper(1, term))

    found = solve.fill(one)

    assert found.rota == frozenset()
    (gap,) = unfilled(one, found.rota)
    assert (gap.missing, dict(gap.reasons)) == (2, {Rule.ALONE: 1})


def test_a_group_just_ended_keeps_her_from_the_next_for_four_weeks() -> None:
    term = weekly(1)
    last = MONDAY - timedelta(days=27)
    one = problem(
        term, helper(1, term), commitments=(Commitment(1, 9, last - timedelta(days=9), last),)
    )

    assert solve.fill(one).covered == 0
    rested = replace(one, commitments=(Commitment(1, 9, last, last - timedelta(days=1)),))
    assert solve.fill(rested).covered == 1


# --- The checker ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "rota", "rule"),
    [
        ({}, [(1, "creche", 1)], Rule.NEED),
        ({}, [(1, "welcome", 1), (1, "welcome", 2)], Rule.NEED),
        ({"ruled_out": {(1, 1, "welcome"): "conflict"}}, [(1, "welcome", 1)], Rule.CONFLICT),
        ({}, [(1, "welcome", 1), (2, "welcome", 1)], Rule.MONTH),
        ({"fixed": frozenset({Stint(1, "welcome", 2)})}, [], Rule.FIXED),
    ],
)
def test_the_checker_names_the_rule_that_is_broken(
    more: dict[str, object], rota: list[tuple[int, str, int]], rule: Rule
) -> None:
    term = weekly(2)
    one = problem(term, helper(1, term, a_month=1), helper(2, term), **more)

    assert rule in {found.rule for found in check.broken(one, [Stint(*each) for each in rota])}


def test_the_checker_sees_somebody_in_two_places() -> None:
    term = (*weekly(1), meeting(2, 2, MONDAY, 11))
    one = problem(term, helper(1, term, groups_at_once=2))

    found = check.broken(one, [Stint(1, "welcome", 1), Stint(2, "welcome", 1)])

    assert {broken.rule for broken in found} == {Rule.BUSY}


def test_somebody_who_speaks_a_language_of_the_group_is_taken_before_another() -> None:
    meetings = weekly(3)
    silent, speaking = helper(1, meetings), helper(2, meetings, speaks_for=frozenset({1}))

    filled = solve.fill(problem(meetings, silent, speaking))

    assert {one.helper for one in filled.rota} == {2}
