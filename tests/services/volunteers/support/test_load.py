"""How much the last weeks held: what counts, how it fades, and what it suggests."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.definitions import DefinitionError, read_definition
from services.volunteers.support.load import (
    FILE,
    Load,
    Suggestion,
    Weights,
    emotional_load,
    weights,
)
from services.volunteers.support.weeks import PARTS, table

TODAY = date(2026, 9, 16)
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
some_days = st.integers(-10, 90).map(lambda n: TODAY - timedelta(n))
some_sessions = st.lists(st.tuples(some_days, st.booleans()), max_size=12)
some_answers = st.lists(st.tuples(some_days, st.integers(1, 5)), max_size=8)
GRADES = [Suggestion.NOTHING, Suggestion.SUPERVISION, Suggestion.REST]


def ago(weeks: float) -> date:
    return TODAY - timedelta(days=round(weeks * 7))


def load(sessions: list[tuple[date, bool]], answers: list[tuple[date, int]]) -> Load:
    return emotional_load(TODAY, sessions, answers, weights())


def total(found: Load) -> float:
    return sum(week.from_sessions + week.from_hard + week.from_answers for week in found.weeks)


def test_a_session_every_week_suggests_nothing() -> None:
    calm = load([(ago(n), False) for n in range(8)], [(ago(1), 2)])
    assert calm.suggestion is Suggestion.NOTHING
    assert [week.sessions for week in calm.weeks] == [1] * 8


def test_hard_sessions_bring_supervision_forward_and_more_of_them_suggest_rest() -> None:
    weekly = [(ago(n), n < 2) for n in range(8)]
    assert load(weekly, []).suggestion is Suggestion.SUPERVISION
    assert load([(ago(n), n < 4) for n in range(8)], [(ago(0), 4)]).suggestion is Suggestion.REST


def test_who_says_it_is_heavy_is_believed_whatever_the_sum() -> None:
    said = load([], [(ago(1), 4)])
    assert said.suggestion is Suggestion.SUPERVISION
    assert said.she_said_so
    assert not load([], [(ago(3), 4)]).she_said_so


def test_what_was_three_weeks_ago_counts_half() -> None:
    assert total(load([(ago(3), False)], [])) == pytest.approx(
        total(load([(ago(0), False)], [])) / 2
    )


def test_the_heaviest_answer_of_a_week_speaks_for_it() -> None:
    assert load([], [(ago(0), 2), (ago(0.3), 5)]).weeks[-1].heaviest == 5


def test_without_anything_known_the_load_is_empty() -> None:
    assert load([(ago(9), True)], [(TODAY + timedelta(1), 5)]).is_empty


@CALM
@given(some_sessions, some_answers, st.tuples(some_days, st.booleans()))
def test_one_session_more_never_lightens(
    sessions: list[tuple[date, bool]],
    answers: list[tuple[date, int]],
    more: tuple[date, bool],
) -> None:
    before, after = load(sessions, answers), load([*sessions, more], answers)
    harder = load([*sessions, (more[0], True)], answers)

    assert total(before) <= total(after) <= total(harder)
    assert GRADES.index(before.suggestion) <= GRADES.index(after.suggestion)


@CALM
@given(some_sessions, some_answers)
def test_every_day_of_the_weeks_counts_once_and_no_other(
    sessions: list[tuple[date, bool]], answers: list[tuple[date, int]]
) -> None:
    found = load(sessions, answers)
    within = [on for on, _hard in sessions if TODAY - timedelta(56) < on <= TODAY]

    assert sum(week.sessions for week in found.weeks) == len(within)
    assert found.is_empty == (
        not within and not any(TODAY - timedelta(56) < on <= TODAY for on, _said in answers)
    )


def test_the_table_has_a_row_for_each_week_and_part_and_sums_to_the_load() -> None:
    found = load([(ago(n), n % 2 == 0) for n in range(8)], [(ago(2), 3)])
    frame = table(found)

    assert len(frame) == 8 * len(PARTS)
    assert frame["counts"].sum() == pytest.approx(total(found))
    assert frame["label"].iloc[-3:].tolist() == ["1 session", "1 hard session", "not asked"]


def test_every_weight_has_its_reason_and_heavier_answers_never_count_less(tmp_path: Path) -> None:
    assert all(getattr(weights(), part).why for part in ("session", "hard_disclosure", "half_life"))
    upside_down = FILE.read_text().replace("4: 4, 5: 6", "4: 4, 5: 1")
    (tmp_path / "load.yaml").write_text(upside_down)
    with pytest.raises(DefinitionError, match="never fewer for a heavier answer"):
        read_definition(tmp_path / "load.yaml", Weights)


def test_nothing_in_a_load_says_whose_it_is() -> None:
    assert set(Load.__dataclass_fields__) == {"weeks", "suggestion", "she_said_so"}
