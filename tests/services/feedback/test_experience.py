"""How people found the groups, from kept counts: what is shown, to whom, and what is not."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from services import themes
from services.errors import NotPermittedError
from services.feedback import experience
from services.feedback.experience import of_question
from services.permissions import Actor
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind

SAFE = "felt_safe"
SEPTEMBER = tallies.month(date(2026, 9, 1))
Q2, Q3 = ("steps_forward", "2026-Q2"), ("open_door", "2026-Q3")


def count(db: Session, *cells: tuple[Cell, int]) -> None:
    tallies.add(db, Counter(dict(cells)))


def answers(where: tuple[str, str], *, good: int, other: int) -> list[tuple[Cell, int]]:
    return [
        (Cell(Kind.FEEDBACK, *where, SAFE, 4), good),
        (Cell(Kind.FEEDBACK, *where, SAFE, 2), other),
        (Cell(Kind.FORM, *where, "after_session"), good + other),
        (Cell(Kind.MONTH, *where, "P", SEPTEMBER), good + other),
        (Cell(Kind.MONTH, *where, "L", SEPTEMBER), good + other),
        (Cell(Kind.MONTH, *where, "A", SEPTEMBER), 50),
    ]


def test_each_quarter_has_its_share_interval_and_how_many_answered(
    db: Session, leila: Actor
) -> None:
    count(db, *answers(Q2, good=6, other=2), *answers(Q3, good=3, other=0))

    found = of_question(db, leila, SAFE)

    assert found.good == "“Safe” or “Very safe”"
    assert found.quarters["quarter"].tolist() == ["2026-Q2", "2026-Q3"]
    assert found.quarters["share"].tolist() == [0.75, 1.0]
    assert found.quarters["label"].tolist() == ["n = 8", "n = 3"]
    assert found.quarters["forms"].tolist()[0].startswith("8 of 16 who came, 50%")
    assert found.forms
    assert (found.forms.count, found.forms.of) == (11, 22)
    assert "2026-Q2: 6 of 8, 75%" in found.in_words


def test_one_programme_alone(db: Session, leila: Actor) -> None:
    count(db, *answers(Q2, good=6, other=2), *answers(Q3, good=3, other=0))
    found = of_question(db, leila, SAFE, programme="open_door")
    assert found.quarters["quarter"].tolist() == ["2026-Q3"]


def test_a_quarter_of_one_or_two_answers_is_left_out_and_said(db: Session, leila: Actor) -> None:
    count(db, *answers(Q2, good=6, other=2), *answers(Q3, good=1, other=1))
    found = of_question(db, leila, SAFE)
    assert (found.quarters["quarter"].tolist(), found.left_out) == (["2026-Q2"], 1)


def test_without_three_answers_there_is_nothing_to_ask_about(db: Session, leila: Actor) -> None:
    assert experience.questions(db, leila) == {}
    count(db, *answers(Q2, good=1, other=1))
    assert experience.questions(db, leila) == {}
    assert of_question(db, leila, SAFE).quarters.empty


def test_a_question_on_a_scale_alone_is_offered(db: Session, leila: Actor) -> None:
    count(
        db, *answers(Q2, good=6, other=2),
        (Cell(Kind.FEEDBACK, *Q2, "pace", 2), 9), (Cell(Kind.FEEDBACK, *Q2, "may_quote", 1), 9),
    )  # fmt: skip
    assert experience.questions(db, leila) == {
        SAFE: "How safe did you feel today? (How was today?)"
    }


def test_more_forms_than_people_who_came_give_no_share(db: Session, leila: Actor) -> None:
    count(
        db, (Cell(Kind.FORM, *Q2, "after_session"), 9), (Cell(Kind.MONTH, *Q2, "P", SEPTEMBER), 8)
    )
    found = of_question(db, leila, SAFE)
    assert found.forms
    assert found.forms.words == "9 of 8"


def test_themes_are_shares_of_the_texts_that_have_one(db: Session, leila: Actor) -> None:
    pace, heard, tea = (one.ref for one in themes.listing(db, leila)[:3])
    count(
        db, *answers(Q2, good=6, other=2),
        (Cell(Kind.FEEDBACK, *Q2, "one_change"), 20),
        (Cell(Kind.THEME, *Q2, "any"), 10),
        (Cell(Kind.THEME, *Q2, pace), 4), (Cell(Kind.THEME, *Q2, heard), 6),
        (Cell(Kind.THEME, *Q2, tea), 2),
    )  # fmt: skip

    found = of_question(db, leila, SAFE)

    assert (found.written, found.themed) == (20, 10)
    assert found.themes["label"].tolist() == ["6 of 10", "4 of 10"]
    assert "6 of 10" in found.themes_in_words


def test_the_same_people_at_first_and_at_last(db: Session, leila: Actor, vik: Actor) -> None:
    def pair(first: int, last: int) -> Cell:
        return Cell(Kind.FEEDBACK_PAIR, *Q2, SAFE, first, last)

    count(db, (pair(1, 3), 2))
    assert of_question(db, leila, SAFE).same_people is None
    count(db, (pair(3, 3), 1), (pair(4, 0), 1))
    found = of_question(db, leila, SAFE).same_people
    assert found
    assert (found.people, found.higher, found.same, found.lower) == (4, 2, 1, 1)
    assert found.words.startswith("4 people answered")
    assert of_question(db, vik, SAFE).same_people is None


# --- Outsiders ---------------------------------------------------------------------------


def test_an_evaluator_sees_large_numbers(db: Session, vik: Actor) -> None:
    count(db, *answers(Q2, good=20, other=12))
    assert of_question(db, vik, SAFE).quarters["label"].tolist() == ["n = 32"]


def test_an_evaluator_may_not_choose_one_programme(db: Session, vik: Actor) -> None:
    with pytest.raises(NotPermittedError):
        of_question(db, vik, SAFE, programme="open_door")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=4))
def test_an_evaluator_never_sees_a_quarter_that_gives_away_a_few(
    db: Session, vik: Actor, quarters: list[tuple[int, int]]
) -> None:
    tallies.replace_all(db, Counter())
    for number, (good, other) in enumerate(quarters):
        count(db, *answers(("open_door", f"202{number}-Q1"), good=good, other=other))
    asked = [pair for pair in quarters if sum(pair)]
    found = of_question(db, vik, SAFE).quarters
    if not asked or min(map(min, asked)) < 10:
        assert found.empty
    else:
        assert len(found) == len(asked)


@pytest.mark.parametrize("who", ["amina", "ben", "ada", "erin"])
def test_others_see_none_of_it(db: Session, who: str, request: pytest.FixtureRequest) -> None:
    actor: Actor = request.getfixturevalue(who)
    with pytest.raises(NotPermittedError):
        experience.questions(db, actor)
    with pytest.raises(NotPermittedError):
        of_question(db, actor, SAFE)
