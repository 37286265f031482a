"""Which outcomes are offered, and what an evaluator sees of few people."""

from collections import Counter

import pytest
from sqlalchemy.orm import Session

from services.errors import NotPermittedError
from services.outcomes import outcomes
from services.permissions import Actor
from services.tallies import tallies
from services.tallies.shares import WITHHELD
from services.tallies.tallies import Cell, Kind
from tests.services.outcomes.pairs import keep, keep_places

# --- Which figures, and whose ------------------------------------------------------------


def test_measures_are_offered_by_use_and_steps_have_their_own_page(
    db: Session, leila: Actor
) -> None:
    keep(db, "gad7:self", [], starts=[1])
    keep(db, "swemwbs:self", [], starts=[7, 7])
    keep(db, "steps:self", [], starts=[1, 1, 1])
    keep(db, "gone:self", [], starts=[1, 1, 1])

    assert list(outcomes.choices(db, leila).items()) == [
        ("swemwbs:self", "SWEMWBS, own answers"),
        ("gad7:self", "GAD-7, own answers"),
    ]


def test_one_programme_or_all_over_every_period(db: Session, leila: Actor) -> None:
    keep(db, "gad7:self", [(10, 8)] * 2, programme="steps_forward", period="2026-Q1")
    keep(db, "gad7:self", [(10, 8)] * 3, programme="steps_forward", period="2026-Q2")
    keep(db, "gad7:self", [(10, 8)] * 4, programme="open_door")

    assert outcomes.report(db, leila, "gad7:self").pairs == 9
    assert outcomes.report(db, leila, "gad7:self", programme="steps_forward").pairs == 5


def test_parents_and_children_counted_together_are_said_to_be(db: Session, leila: Actor) -> None:
    keep(db, "gad7:self", [(10, 8)])

    families = outcomes.report(db, leila, "gad7:self", programme="side_by_side")
    adults = outcomes.report(db, leila, "gad7:self", programme="steps_forward")

    assert outcomes.FAMILIES in families.notes
    assert outcomes.FAMILIES not in adults.notes


def test_an_evaluator_may_not_single_out_a_programme(db: Session, vik: Actor) -> None:
    with pytest.raises(NotPermittedError, match="one programme by itself"):
        outcomes.report(db, vik, "gad7:self", programme="open_door")


def test_an_evaluator_sees_nothing_that_rests_on_fewer_than_ten(db: Session, vik: Actor) -> None:
    keep_places(db, enrolled=40, started=35, completed=20)
    keep(db, "gad7:self", [(10, 8)] * 9, starts=[10] * 11)

    found = outcomes.report(db, vik, "gad7:self")

    assert found.pairs is None
    assert found.change is None
    assert found.missing is None
    assert found.flow.empty
    assert found.spread.empty
    assert found.verdicts.empty
    assert WITHHELD in found.notes


def test_a_step_that_few_did_not_take_hides_the_flow_from_an_evaluator(
    db: Session, vik: Actor
) -> None:
    keep_places(db, enrolled=40, started=35, completed=20)
    keep(db, "gad7:self", [(14, 10)] * 15, starts=[10] * 11)

    found = outcomes.report(db, vik, "gad7:self")

    assert found.flow.empty
    assert found.missing is None


def test_an_evaluator_sees_what_is_large_on_every_side(db: Session, vik: Actor) -> None:
    keep_places(db, enrolled=100, started=80, completed=50)
    keep(
        db,
        "gad7:self",
        [(14, 10)] * 15 + [(10, 10)] * 12 + [(10, 14)] * 11,
        starts=[10] * 20,
    )

    found = outcomes.report(db, vik, "gad7:self")

    assert found.pairs == 38
    assert found.verdicts["people"].tolist() == [15, 12, 11]
    assert found.flow["people"].tolist() == [100, 80, 50, 58, 38]
    assert len(found.spread) == 3


def test_one_small_part_hides_the_whole_breakdown_from_an_evaluator(
    db: Session, vik: Actor
) -> None:
    keep(db, "gad7:self", [(14, 10)] * 15 + [(10, 10)] * 12 + [(10, 14)] * 9)

    found = outcomes.report(db, vik, "gad7:self")

    assert found.change is not None
    assert found.verdicts.empty
    assert found.spread.empty


@pytest.mark.parametrize("role", ["amina", "ben", "ada", "erin"])
def test_nobody_else_sees_outcomes(db: Session, role: str, request: pytest.FixtureRequest) -> None:
    stranger: Actor = request.getfixturevalue(role)

    with pytest.raises(NotPermittedError):
        outcomes.choices(db, stranger)
    with pytest.raises(NotPermittedError):
        outcomes.report(db, stranger, "gad7:self")


# --- Few people --------------------------------------------------------------------------


@pytest.mark.parametrize("pairs", [1, 4])
def test_what_fewer_than_five_scored_is_no_ones_to_see_here(
    db: Session, leila: Actor, pairs: int
) -> None:
    """A lead who picks a programme and a quarter would else read one woman's record unasked."""
    keep(db, "gad7:self", [(15, 9)] * pairs)

    found = outcomes.report(db, leila, "gad7:self")

    assert found.spread.empty
    assert found.paths.empty
    assert found.before_after.empty
    assert found.crossing is None
    assert found.ranks == ""
    assert found.notes[0] == outcomes.FEW_SCORES
    assert found.verdicts["people"].tolist() == [pairs, 0, 0]


def test_five_have_their_scores_told_apart(db: Session, leila: Actor) -> None:
    keep(db, "gad7:self", [(15, 9)] * 5)

    found = outcomes.report(db, leila, "gad7:self")

    assert not found.spread.empty
    assert not found.paths.empty
    assert found.notes[0] == outcomes.FEW_PAIRS


def test_whose_measure_changed_is_not_said_to_have_no_end_form(db: Session, leila: Actor) -> None:
    keep(db, "gad7:self", [(15, 9)] * 6, starts=[9] * 3)
    changed = Cell(Kind.NEW_VERSION, "steps_forward", "2026-Q3", "gad7:self", 1, 2)
    tallies.add(db, Counter({changed: 3}))

    missing = outcomes.report(db, leila, "gad7:self").missing

    assert missing is not None
    assert "3 people have a start form and no end form to set beside it" in missing.words
    assert "3 because the measure changed" in missing.words


def test_few_without_an_end_form_hide_the_flow_from_an_evaluator(db: Session, vik: Actor) -> None:
    """Start forms less pairs would be the three of them."""
    keep_places(db, enrolled=100, started=80, completed=50)
    pairs = [(14, 10)] * 15 + [(10, 10)] * 12 + [(10, 14)] * 11
    keep(db, "gad7:self", pairs, starts=[10] * 3)

    found = outcomes.report(db, vik, "gad7:self")

    assert found.flow.empty
    assert found.missing is None


def test_an_evaluator_is_not_told_how_few_changed_version(db: Session, vik: Actor) -> None:
    keep_places(db, enrolled=100, started=80, completed=50)
    keep(db, "gad7:self", [(14, 10)] * 38, starts=[10] * 20)
    changed = Cell(Kind.NEW_VERSION, "steps_forward", "2026-Q3", "gad7:self", 1, 2)
    tallies.add(db, Counter({changed: 3}))

    found = outcomes.report(db, vik, "gad7:self")

    assert any(note.startswith("Some with both forms are left out.") for note in found.notes)
    assert found.missing is not None
    assert "because the measure changed" not in found.missing.words
