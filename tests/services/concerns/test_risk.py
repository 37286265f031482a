"""Risk: the level follows the score or is raised with a reason, and reviews come due."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from models import AuditEntry, Group, IncidentCorrection, Person, RiskLevel, RiskReview, SafeNow
from services import bulk
from services.concerns import concerns, happenings, incidents, risk
from services.concerns.concern_draft import ConcernDraft
from services.concerns.incidents import IncidentDraft
from services.concerns.risk import LEVELS, RiskDraft
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.permissions import Actor
from services.registers import registers
from tests.conftest import NOW, Clock
from tests.make import make_group, make_person, make_place, session_of

TODAY = NOW.date()


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben])


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Person:
    person = make_person(db, amina, alert="Court on Friday")
    make_place(db, amina, craft, person)
    return person


def draft(**more: Any) -> RiskDraft:
    values = {
        "assessed_on": TODAY,
        "score": 8,
        "level": RiskLevel.STANDARD,
        "review_on": date(2026, 12, 16),
        **more,
    }
    return RiskDraft(**values)


# --- The level ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "level"),
    [(0, "standard"), (9, "standard"), (10, "medium"), (13, "medium"), (14, "high"), (24, "high")],
)
def test_the_score_proposes_the_level(score: int, level: str) -> None:
    assert risk.proposed(score).value == level


@given(score=st.integers(0, 24), level=st.sampled_from(LEVELS), reason=st.sampled_from(["", "So."]))
def test_judgement_raises_with_a_reason_and_never_lowers(
    score: int, level: RiskLevel, reason: str
) -> None:
    least = LEVELS.index(risk.proposed(score))
    given_level = LEVELS.index(level)
    may = given_level == least or (given_level > least and bool(reason))

    chosen = draft(score=score, level=level, raised_because=reason)
    if may:
        assert chosen.checked(today=TODAY) == chosen
        return
    with pytest.raises(InvalidInputError) as refused:
        chosen.checked(today=TODAY)
    assert list(refused.value.problems) == ["level" if given_level < least else "raised_because"]


@pytest.mark.parametrize("score", [9, 10, 13, 14])
@pytest.mark.parametrize("level", LEVELS)
def test_the_database_itself_holds_no_level_below_the_score(
    db: Session, ben: Actor, dana: Person, score: int, level: RiskLevel
) -> None:
    row = insert(RiskReview).values(
        person_id=dana.id, assessed_on=TODAY, score=score, level=level, review_on=TODAY,
        account_id=ben.account_id, recorded_at=NOW,
    )  # fmt: skip
    if level in risk.allowed(score):
        db.execute(row)
        return
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(row)


def test_there_is_no_low_level() -> None:
    assert [level.value for level in LEVELS] == ["standard", "medium", "high"]


# --- Reviewing ---------------------------------------------------------------------------


def test_her_facilitator_reviews_and_the_newest_counts(
    db: Session, ben: Actor, dana: Person
) -> None:
    risk.review(db, ben, dana.ref, draft(assessed_on=date(2026, 9, 1)))
    late = draft(score=5, level=RiskLevel.HIGH, raised_because="He found her.", action="IDVA told.")
    risk.review(db, ben, dana.ref, late)
    risk.review(db, ben, dana.ref, draft(assessed_on=date(2026, 8, 1)))  # written down late

    reviews = risk.of_person(db, ben, dana.ref)

    assert reviews["assessed"].tolist() == [TODAY, date(2026, 9, 1), date(2026, 8, 1)]
    now = reviews.iloc[0]
    assert (now["level"], now["raised_because"], now["by"]) == ("high", "He found her.", "Ben")


@pytest.mark.parametrize("who", ["amina", "leila", "ada", "vik", "erin"])
def test_nobody_else_sees_or_reviews_it(
    db: Session, dana: Person, who: str, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    for attempt in (
        lambda: risk.review(db, actor, dana.ref, draft()),
        lambda: risk.of_person(db, actor, dana.ref),
        lambda: risk.to_review(db, actor),
        lambda: risk.high_among(db, actor, [dana.id]),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_a_facilitator_of_another_group_finds_nobody(
    db: Session, ben: Actor, chloe: Actor, dana: Person
) -> None:
    high = draft(score=15, level=RiskLevel.HIGH)
    risk.review(db, ben, dana.ref, high)

    with pytest.raises(NotFoundError):
        risk.review(db, chloe, dana.ref, draft())
    with pytest.raises(NotFoundError):
        risk.of_person(db, chloe, dana.ref)
    assert risk.high_among(db, chloe, [dana.id]) == set()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"score": 25, "level": RiskLevel.HIGH}, "score"),
        ({"score": -1}, "score"),
        ({"score": 14}, "level"),
        ({"level": RiskLevel.MEDIUM}, "raised_because"),
        ({"assessed_on": date(2026, 9, 17)}, "assessed_on"),
        ({"review_on": TODAY}, "review_on"),
        ({"review_on": date(2027, 3, 17)}, "review_on"),
        ({"action": "x" * 2_001}, "action"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    db: Session, ben: Actor, dana: Person, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        risk.review(db, ben, dana.ref, draft(**change))
    assert list(refused.value.problems) == [field]


def test_a_form_sent_twice_makes_one_review(db: Session, ben: Actor, dana: Person) -> None:
    risk.review(db, ben, dana.ref, draft())
    with pytest.raises(ConflictError, match="a moment ago"):
        risk.review(db, ben, dana.ref, draft())


def test_the_log_says_neither_score_nor_level_and_words_are_unreadable(
    db: Session, ben: Actor, dana: Person
) -> None:
    ref = risk.review(db, ben, dana.ref, draft(action="IDVA told."))

    last = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert last.details == f'{{"review": "{ref}"}}'
    assert "IDVA" not in str(list(bulk.read(db, RiskReview.metadata.tables["risk_reviews"])))


# --- Coming due, and on the register -------------------------------------------------------


def test_a_review_is_due_three_months_on_and_for_her_facilitator_only(
    db: Session, ben: Actor, chloe: Actor, dana: Person, time_stands_still: Clock
) -> None:
    assert risk.next_review(TODAY) == date(2026, 12, 16)
    risk.review(db, ben, dana.ref, draft())

    time_stands_still.go_on(days=90)
    assert risk.to_review(db, ben).empty
    time_stands_still.go_on(days=1)

    (due,) = risk.to_review(db, ben).to_dict("records")
    assert (due["person_ref"], due["level"]) == (dana.ref, "standard")
    assert risk.to_review(db, chloe).empty
    risk.review(
        db, ben, dana.ref, draft(assessed_on=date(2026, 12, 16), review_on=date(2027, 3, 16))
    )
    assert risk.to_review(db, ben).empty


def test_a_high_level_stands_on_the_register_line_until_it_is_lower(
    db: Session, ben: Actor, craft: Group, dana: Person
) -> None:
    session = session_of(db, craft, 3).ref
    assert not registers.view(db, ben, session).lines[0].is_high_risk

    earlier = draft(score=15, level=RiskLevel.HIGH, assessed_on=date(2026, 9, 1))
    risk.review(db, ben, dana.ref, earlier)
    assert registers.view(db, ben, session).lines[0].is_high_risk

    risk.review(db, ben, dana.ref, draft())
    assert not registers.view(db, ben, session).lines[0].is_high_risk


def test_who_is_at_high_risk_is_reviewed_before_who_is_longer_due(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Person, time_stands_still: Clock
) -> None:
    bea = make_person(db, amina, "Bea")
    make_place(db, amina, craft, bea)
    risk.review(db, ben, dana.ref, draft(review_on=TODAY + timedelta(days=1)))
    high = draft(score=15, level=RiskLevel.HIGH, review_on=TODAY + timedelta(days=3))
    risk.review(db, ben, bea.ref, high)
    time_stands_still.go_on(days=5)

    assert risk.to_review(db, ben)["person_ref"].tolist() == [bea.ref, dana.ref]


def test_what_is_due_takes_one_query(
    db: Session, ben: Actor, dana: Person, count_queries: Callable[[], Any]
) -> None:
    risk.review(db, ben, dana.ref, draft())
    with count_queries() as statements:
        risk.to_review(db, ben)
    assert len(statements) == 1


# --- After an incident ---------------------------------------------------------------------


def told(db: Session, by: Actor, person: Person) -> list[tuple[str, str]]:
    """The words of what a review is due for, and who wrote them."""
    found = happenings.of_person(db, by, person.ref)
    return [(one.said[-1].words, one.said[-1].by) for one in found if one.is_waiting]


def test_what_happened_makes_a_review_due_at_once_and_a_review_answers_it(
    db: Session, ben: Actor, chloe: Actor, dana: Person
) -> None:
    risk.review(db, ben, dana.ref, draft())
    assert risk.to_review(db, ben).empty

    incidents.record(db, ben, dana.ref, happened())

    (due,) = risk.to_review(db, ben).to_dict("records")
    assert (due["due"], due["level"], due["after_incident"]) == (TODAY, "standard", True)
    assert told(db, ben, dana) == [("He waited outside", "Ben")]
    assert risk.to_review(db, chloe).empty
    earlier = draft(assessed_on=TODAY - timedelta(days=1), score=9)
    risk.review(db, ben, dana.ref, earlier)
    assert len(risk.to_review(db, ben)) == 1, "looked at before it happened"
    risk.review(db, ben, dana.ref, draft(score=15, level=RiskLevel.HIGH))
    assert risk.to_review(db, ben).empty
    assert told(db, ben, dana) == []


def test_somebody_nobody_has_reviewed_yet_is_due_after_an_incident(
    db: Session, ben: Actor, dana: Person
) -> None:
    incidents.record(db, ben, dana.ref, happened())
    assert risk.to_review(db, ben)["level"].tolist() == [""]


def test_a_concern_that_was_an_incident_tells_the_day_and_no_word_or_name(
    db: Session, amina: Actor, ben: Actor, dana: Person
) -> None:
    concerns.raise_concern(db, amina, ticked(dana))

    assert len(risk.to_review(db, ben)) == 1
    assert told(db, ben, dana) == [("", "")]


def ticked(person: Person) -> ConcernDraft:
    """A concern with the tick that something happened to her."""
    return ConcernDraft(
        person_ref=person.ref, noticed_on=TODAY, noticed_time=time(9), facts="He waited outside",
        safe_now=SafeNow.YES, is_incident=True,
    )  # fmt: skip


def test_who_ticked_that_something_happened_takes_it_back_and_says_why_with_the_concern(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, leila: Actor, dana: Person
) -> None:
    risk.review(db, ben, dana.ref, draft())
    ref = concerns.raise_concern(db, amina, ticked(dana))
    assert concerns.view(db, amina, ref).asks_for_review
    for stranger in (ben, chloe, leila):
        with pytest.raises(NotFoundError):
            concerns.was_no_incident(db, stranger, ref, "No")
    with pytest.raises(InvalidInputError), db.begin_nested():
        concerns.was_no_incident(db, amina, ref, " ")

    concerns.was_no_incident(db, amina, ref, "The wrong tick")

    assert risk.to_review(db, ben).empty
    shown = concerns.view(db, leila, ref)
    assert (shown.asks_for_review, shown.is_hers) == (False, False)
    assert [(one.by, one.words) for one in shown.entries] == [("Amina", "The wrong tick")]
    (hers,) = happenings.of_person(db, ben, dana.ref)
    assert [said.by for said in hers.said] == ["", ""]
    assert "wrong" not in hers.said[-1].words
    with pytest.raises(ConflictError, match="taken back"):
        concerns.was_no_incident(db, amina, ref, "Again")


def test_an_incident_needs_words_and_a_likely_day_and_is_recorded_once(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, dana: Person
) -> None:
    for wrong in (
        happened(words=" "),
        happened(words="x" * 2_001),
        happened(happened_on=TODAY + timedelta(days=1)),
        happened(happened_on=date(2025, 1, 1)),
    ):
        with pytest.raises(InvalidInputError):
            incidents.record(db, ben, dana.ref, wrong)
    incidents.record(db, ben, dana.ref, happened())
    with pytest.raises(ConflictError):
        incidents.record(db, ben, dana.ref, happened())
    with pytest.raises(NotFoundError):
        incidents.record(db, chloe, dana.ref, happened())
    with pytest.raises(NotFoundError):
        happenings.of_person(db, chloe, dana.ref)
    with pytest.raises(NotPermittedError):
        incidents.record(db, amina, dana.ref, happened())


def happened(**more: Any) -> IncidentDraft:
    return IncidentDraft(**{"happened_on": TODAY, "words": "He waited outside", **more})


# --- An incident that was wrong --------------------------------------------------------------


def recorded(db: Session, by: Actor, person: Person) -> int:
    """The number of an incident that was just recorded."""
    incidents.record(db, by, person.ref, happened())
    return happenings.of_person(db, by, person.ref)[-1].number


def test_what_is_taken_back_asks_for_no_review_and_stays_with_why(
    db: Session, ben: Actor, dana: Person
) -> None:
    risk.review(db, ben, dana.ref, draft())
    number = recorded(db, ben, dana)

    incidents.take_back(db, ben, dana.ref, number, "It was somebody else", seen=0)

    assert risk.to_review(db, ben).empty
    (one,) = happenings.of_person(db, ben, dana.ref)
    assert [said.words for said in one.said] == ["He waited outside", "It was somebody else"]
    assert (one.is_taken_back, one.is_waiting, one.can_be_corrected) == (True, False, False)
    with pytest.raises(ConflictError, match="taken back"):
        incidents.correct(db, ben, dana.ref, number, happened(), seen=1)


def test_a_corrected_day_moves_what_is_due_and_a_review_from_before_answers_it_no_more(
    db: Session, ben: Actor, dana: Person
) -> None:
    number, before = recorded(db, ben, dana), TODAY - timedelta(days=3)
    incidents.correct(db, ben, dana.ref, number, happened(happened_on=before), seen=0)
    assert risk.to_review(db, ben)["due"].tolist() == [before]

    risk.review(db, ben, dana.ref, draft(assessed_on=TODAY - timedelta(days=1)))
    assert risk.to_review(db, ben).empty
    words = happened(happened_on=before, words="He rang")
    incidents.correct(db, ben, dana.ref, number, words, seen=1)
    assert risk.to_review(db, ben).empty, "other words for the same day are looked at already"
    incidents.correct(db, ben, dana.ref, number, happened(words="It was today"), seen=2)

    assert risk.to_review(db, ben)["due"].tolist() == [TODAY]
    risk.review(db, ben, dana.ref, draft(score=9))
    assert risk.to_review(db, ben).empty
    (one,) = happenings.of_person(db, ben, dana.ref)
    assert [said.happened_on for said in one.said] == [TODAY, before, before, TODAY]


def test_what_happened_to_one_is_taken_back_and_answered_for_her_alone(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Person
) -> None:
    elin = make_person(db, amina, "Elin")
    make_place(db, amina, craft, elin)
    incidents.record(db, ben, dana.ref, happened())

    number = recorded(db, ben, elin)
    assert len(risk.to_review(db, ben)) == 2, "the same day and words: each is recorded"
    incidents.take_back(db, ben, elin.ref, number, "It was somebody else", seen=0)
    assert risk.to_review(db, ben)["person_ref"].tolist() == [dana.ref]

    risk.review(db, ben, elin.ref, draft(score=15, level=RiskLevel.HIGH))
    assert risk.to_review(db, ben)["person_ref"].tolist() == [dana.ref]
    assert risk.high_among(db, ben, [dana.id]) == risk.at_high(db, [dana.id]) == set()
    assert risk.high_among(db, ben, [elin.id]) == risk.at_high(db, [elin.id]) == {elin.id}


def test_of_two_who_correct_one_incident_the_later_is_told(
    db: Session, ben: Actor, dana: Person
) -> None:
    number = recorded(db, ben, dana)
    incidents.correct(db, ben, dana.ref, number, happened(words="He rang"), seen=0)
    with pytest.raises(ConflictError, match="meanwhile"):
        incidents.take_back(db, ben, dana.ref, number, "No", seen=0)


def test_nobody_corrects_what_is_not_hers_to_see_or_a_concern_of_somebody_else_holds(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, craft: Group, dana: Person
) -> None:
    number, elin = recorded(db, ben, dana), make_person(db, amina, "Elin")
    make_place(db, amina, craft, elin)
    for who, person in ((chloe, dana), (ben, elin)):
        with pytest.raises(NotFoundError):
            incidents.take_back(db, who, person.ref, number, "No", seen=0)
    with pytest.raises(NotPermittedError):
        incidents.correct(db, amina, dana.ref, number, happened(), seen=0)
    with pytest.raises(InvalidInputError):
        incidents.take_back(db, ben, dana.ref, number, " ", seen=0)
    concerns.raise_concern(db, ben, ticked(dana))
    with_concern = happenings.of_person(db, ben, dana.ref)[-1]
    assert not with_concern.can_be_corrected
    with pytest.raises(NotFoundError):
        incidents.take_back(db, ben, dana.ref, with_concern.number, "No", seen=0)


def test_the_database_refuses_to_change_a_correction(db: Session, ben: Actor, dana: Person) -> None:
    number = recorded(db, ben, dana)
    incidents.correct(db, ben, dana.ref, number, happened(words="He rang"), seen=0)
    for change in (update(IncidentCorrection).values(words="x"), delete(IncidentCorrection)):
        with pytest.raises(DBAPIError, match="append-only"), db.begin_nested():
            db.execute(change)
