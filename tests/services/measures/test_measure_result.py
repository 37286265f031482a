"""What somebody who has just recorded a form is told, and what it was before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, Outcome, Place, Point, Respondent
from services.errors import NotPermittedError
from services.measures import measure_result, measures
from services.measures.measure_library import measure
from services.measures.measure_result import change_in_words, score_in_words
from services.measures.measures import MeasureDraft
from services.permissions import Actor
from tests.make import make_group, make_person, make_place
from tests.services.measures.filling import TODAY

CORE = ("core10", Respondent.SELF)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """Ben's group, which asks for the CORE-10."""
    return make_group(db, amina, [ben])


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Place:
    """A place in it."""
    return make_place(db, amina, craft, make_person(db, amina, "Dana"))


def core(value: int, point: Point = Point.START, **more: object) -> MeasureDraft:
    """A CORE-10 with this answer to every item but the one about immediate risk."""
    facts: dict[str, object] = {
        "measure": "core10",
        "respondent": Respondent.SELF,
        "point": point,
        "taken_on": TODAY,
        "answers": {**dict.fromkeys(range(1, 11), value), 6: 0},
    }
    return MeasureDraft(**{**facts, **more})  # type: ignore[arg-type]


# --- In words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "start", "now", "items", "said"),
    [
        (
            "phq9", 17, 11, 9,
            ["6 points better than at the start.",
             "Clear improvement: a change is clear from 6 points on."],
        ),
        (
            "phq9", 17, 12, 9,
            ["5 points better than at the start.",
             "About the same: a change is clear from 6 points on."],
        ),
        (
            "swemwbs", 21.54, 18.59, 7,
            ["2.95 points worse than at the start.",
             "About the same: a change is clear from 3 points on."],
        ),
        (
            "phq9", 10, 16, 9,
            ["6 points worse than at the start.",
             "Clear worsening: a change is clear from 6 points on."],
        ),
        (
            "ypcore", 20, 19, 10,
            ["1 point better than at the start.",
             "Nobody has published from when on a change on this form is clear."],
        ),
        (
            "gbo", 2.0, 8.0, 1,
            ["6 points better than at the start.",
             "No more can be said from fewer than 2 answers."],
        ),
        (
            "bpses", 15, 15, 5,
            ["The same as at the start.",
             "Nobody has published from when on a change on this form is clear."],
        ),
        ("phq9", None, 5, 9, []),
        ("phq9", 5, None, 9, []),
    ],
)  # fmt: skip
def test_a_change_is_said_in_plain_words(
    key: str, start: float | None, now: float | None, items: int, said: list[str]
) -> None:
    assert change_in_words(measure(key), start, now, items=items) == said


def test_a_score_says_its_scale_its_band_and_which_way_is_better() -> None:
    assert score_in_words(measure("phq9"), 13, "Moderate") == (
        "13 on a scale of 0 to 27 (moderate); lower is better."
    )
    assert score_in_words(measure("swemwbs"), 19.25, None) == (
        "19.25 on a scale of 7 to 35; higher is better."
    )
    assert score_in_words(measure("phq9"), None, None).endswith("answered for a total.")


@given(start=st.integers(0, 27), now=st.integers(0, 27))
def test_better_and_worse_change_places_with_start_and_now(start: int, now: int) -> None:
    there = change_in_words(measure("phq9"), start, now, items=9)
    back = change_in_words(measure("phq9"), now, start, items=9)
    swapped = {"better": "worse", "worse": "better"}
    words = [swapped.get(word, word) for word in back[0].split(" ")]

    assert there[0] == " ".join(words)
    assert ("Clear" in there[1]) == (abs(start - now) >= 6)


# --- Of a person -------------------------------------------------------------------------


def test_the_end_is_compared_with_the_start_of_the_same_view(
    db: Session, ben: Actor, dana: Place
) -> None:
    measures.record(db, ben, dana.ref, core(3))
    measures.record(db, ben, dana.ref, core(2, Point.END))

    said = measure_result.in_words(db, ben, dana.ref, *CORE, Point.END)

    assert said == (
        "CORE-10, own answers, end",
        (
            "18 on a scale of 0 to 40 (moderate); lower is better.",
            "5 points better than at the start.",
            "About the same: a change is clear from 6 points on.",
        ),
    )


def test_a_form_not_filled_in_says_why(db: Session, ben: Actor, dana: Place) -> None:
    measures.record(db, ben, dana.ref, core(1, outcome=Outcome.NOT_TODAY, answers=None))

    assert measure_result.in_words(db, ben, dana.ref, *CORE, Point.START) == (
        "CORE-10, own answers, start",
        ("not appropriate today.",),
    )


def test_versions_before_a_correction_stay_to_be_read(db: Session, ben: Actor, dana: Place) -> None:
    for version, value in enumerate((3, 2, 1)):
        measures.record(db, ben, dana.ref, core(value, version=version))

    old = measure_result.history(db, ben, dana.ref, *CORE, Point.START)

    assert list(old["number"]) == [2, 1]
    assert old["answers"][0].startswith("1: 2, 2: 2")
    assert (old["by"][0], old["taken_on"][0]) == ("Ben", TODAY)


def test_each_look_is_written_down(db: Session, ben: Actor, dana: Place) -> None:
    measures.record(db, ben, dana.ref, core(3))

    def looks() -> int:
        seen = AuditEntry.subject == f"measures:{dana.ref}"
        return db.scalar(select(func.count()).where(seen)) or 0

    measure_result.in_words(db, ben, dana.ref, *CORE, Point.START)
    assert looks() == 1


def test_a_stranger_is_told_nothing(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, dana: Place
) -> None:
    measures.record(db, ben, dana.ref, core(3))
    measures.record(db, ben, dana.ref, core(2, version=1))

    assert measure_result.in_words(db, chloe, dana.ref, *CORE, Point.START) is None
    assert measure_result.history(db, chloe, dana.ref, *CORE, Point.START).empty
    with pytest.raises(NotPermittedError):
        measure_result.in_words(db, amina, dana.ref, *CORE, Point.START)
