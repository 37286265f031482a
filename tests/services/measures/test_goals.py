"""A person's own goals: in her own words, and how near she was over time."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Goal, Place, Point, Respondent
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.measures import goals, measures
from services.measures.goals import MAX_WORDS, GoalView
from services.measures.measures import MeasureDraft
from services.permissions import Actor
from tests.make import make_group, make_person, make_place

WORDS = "Sleep through the night"


@pytest.fixture
def dana(db: Session, amina: Actor, ben: Actor) -> Place:
    """A place in Ben's group, which asks for goals."""
    craft = make_group(db, amina, [ben])
    return make_place(db, amina, craft, make_person(db, amina, "Dana"))


def rate(db: Session, actor: Actor, place: Place, point: Point, *ratings: float | None) -> None:
    draft = MeasureDraft(
        measure="gbo",
        respondent=Respondent.SELF,
        point=point,
        taken_on=date(2026, 9, 16),
        answers=dict(enumerate(ratings, 1)),
    )
    measures.record(db, actor, place.ref, draft)


def test_a_goal_is_kept_in_her_own_words_and_encrypted(
    db: Session, ben: Actor, dana: Place
) -> None:
    goals.keep(db, ben, dana.ref, 2, f"  {WORDS}\n")

    assert goals.of_place(db, ben, dana.ref) == (
        GoalView(1, "", 0), GoalView(2, WORDS, 1), GoalView(3, "", 0),
    )  # fmt: skip
    assert WORDS not in db.execute(text("SELECT words FROM goals")).scalar_one()
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "goal.set")).one()
    assert entry.details == '{"number": 2}'


def test_a_goal_nobody_rated_can_be_put_in_other_words(
    db: Session, ben: Actor, dana: Place
) -> None:
    goals.keep(db, ben, dana.ref, 1, WORDS)
    goals.keep(db, ben, dana.ref, 1, WORDS)
    goals.keep(db, ben, dana.ref, 1, "Sleep better", version=1)

    assert [(goal.words, goal.version) for goal in db.scalars(select(Goal))] == [
        ("Sleep better", 2)
    ]


def test_two_who_change_a_goal_do_not_overwrite_each_other(
    db: Session, ben: Actor, dana: Place
) -> None:
    goals.keep(db, ben, dana.ref, 1, WORDS)

    with pytest.raises(ConflictError) as refusal:
        goals.keep(db, ben, dana.ref, 1, "Something else")

    assert refusal.value.theirs == WORDS


def test_a_goal_that_was_rated_stays_what_it_is(db: Session, ben: Actor, dana: Place) -> None:
    goals.keep(db, ben, dana.ref, 1, WORDS)
    rate(db, ben, dana, Point.START, 2, None, None)

    with pytest.raises(ConflictError, match="has been rated"):
        goals.keep(db, ben, dana.ref, 1, "Something else", version=1)
    goals.keep(db, ben, dana.ref, 2, "Something else")


@pytest.mark.parametrize(
    ("number", "words", "field"),
    [
        (1, " \n ", "words"),
        (1, "x" * (MAX_WORDS + 1), "words"),
        (0, WORDS, "number"),
        (4, WORDS, "number"),
    ],
)
def test_what_is_no_goal_is_refused_at_its_field(
    db: Session, ben: Actor, dana: Place, number: int, words: str, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        goals.keep(db, ben, dana.ref, number, words)

    assert list(refusal.value.problems) == [field]


def test_her_ratings_over_time_stand_by_goal_and_point(
    db: Session, ben: Actor, dana: Place
) -> None:
    goals.keep(db, ben, dana.ref, 1, WORDS)
    rate(db, ben, dana, Point.START, 2, 5, None)
    rate(db, ben, dana, Point.END, 8, None, None)

    path = goals.path(db, ben, dana.ref, Respondent.SELF)

    assert path.astype(object).where(path.notna(), None).to_numpy().tolist() == [
        ["Goal 1", WORDS, "Start", 2, "2 of 10", None, None],
        ["Goal 1", WORDS, "End", 8, "8 of 10", "Goal 1", 8],
        ["Goal 2", "Goal 2", "Start", 5, "5 of 10", "Goal 2", 5],
    ]
    assert goals.path(db, ben, dana.ref, Respondent.PARENT).empty
    assert goals.in_words(path) == "2 of her own goals, rated from 0 to 10 at 2 points."


def test_goals_that_end_alike_have_their_names_one_above_the_other(
    db: Session, ben: Actor, dana: Place
) -> None:
    """On a phone three names on one height lay on each other."""
    rate(db, ben, dana, Point.END, 10, 10, 10)

    path = goals.path(db, ben, dana.ref, Respondent.SELF)

    assert path["name_at"].tolist() == pytest.approx([10, 9.25, 8.5])


def test_a_stranger_sees_and_sets_nothing(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, dana: Place
) -> None:
    goals.keep(db, ben, dana.ref, 1, WORDS)
    rate(db, ben, dana, Point.START, 2, None, None)

    assert not any(goal.words for goal in goals.of_place(db, chloe, dana.ref))
    assert goals.path(db, chloe, dana.ref, Respondent.SELF).empty
    with pytest.raises(NotFoundError):
        goals.keep(db, chloe, dana.ref, 1, WORDS)
    for call in (goals.of_place, lambda db, a, ref: goals.keep(db, a, ref, 1, WORDS)):
        with pytest.raises(NotPermittedError):
            call(db, amina, dana.ref)
