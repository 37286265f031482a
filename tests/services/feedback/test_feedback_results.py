"""Answers are shown in threes or more, in no order, and to who may see them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, FeedbackAnswer, Group, GroupSession, SessionState
from services.errors import NotPermittedError
from services.feedback import results
from services.forms.checking import NOT_TODAY
from services.permissions import Actor
from tests.make import make_group, session_of
from tests.services.feedback.answering import MARKUP, answer


def test_below_three_answers_staff_see_only_how_many(
    db: Session, ben: Actor, held: GroupSession, token: str
) -> None:
    answer(db, token, 1)
    answer(db, token, 2, one_change="More tea")

    found = results.results(db, ben, held.ref)

    assert (found.answered, found.questions) == (2, ())


def test_a_form_of_not_today_does_not_uncover_the_others(
    db: Session, ben: Actor, held: GroupSession, token: str
) -> None:
    answer(db, token, 1)
    answer(db, token, 2)
    answer(db, token, 3, felt_safe=NOT_TODAY, pace=NOT_TODAY)
    assert results.results(db, ben, held.ref).questions == ()


def test_from_three_answers_on_staff_see_what_was_said(
    db: Session, ben: Actor, held: GroupSession, token: str
) -> None:
    answer(db, token, 1, felt_safe=4, one_change="More tea")
    answer(db, token, 2, felt_safe=4)
    answer(db, token, 3, felt_safe=NOT_TODAY, one_change=MARKUP)

    found = results.results(db, ben, held.ref)

    safe, *_, change, _may_quote = found.questions
    assert (found.answered, found.number, found.code_name) == (3, 2, "Tuesday craft")
    assert dict(safe.counts) == {
        "Not safe at all": 0, "A bit safe": 0, "Fairly safe": 0, "Safe": 0, "Very safe": 2,
    }  # fmt: skip
    assert safe.not_today == 1
    assert set(change.words) == {"More tea", MARKUP}


def test_two_looks_never_differ_by_one_or_two_people(
    db: Session, ben: Actor, held: GroupSession, token: str
) -> None:
    shown = []
    for who in range(8):
        answer(db, token, who, one_change=f"Words {who}")
        found = results.results(db, ben, held.ref)
        shown.append(len(found.questions[4].words) if found.questions else 0)
        assert (found.answered, found.waiting) == (who + 1, who + 1 - shown[-1])

    assert shown == [0, 0, 3, 3, 3, 6, 6, 6]


def test_all_who_answered_before_the_first_look_are_shown_together(
    db: Session, ben: Actor, held: GroupSession, token: str
) -> None:
    for who in range(5):
        answer(db, token, who, one_change=f"Words {who}")

    found = results.results(db, ben, held.ref)

    assert (len(found.questions[4].words), found.waiting) == (5, 0)


def test_new_forms_of_not_today_bring_nothing_before_anybody(
    db: Session, ben: Actor, held: GroupSession, token: str
) -> None:
    for who in range(4):
        answer(db, token, who)
    results.results(db, ben, held.ref)
    for who in range(4, 8):
        answer(db, token, who, **({"pace": 2} if who < 6 else {"pace": NOT_TODAY}))

    found = results.results(db, ben, held.ref)

    assert (found.answered, found.waiting) == (6, 2)
    assert {result.not_today for result in found.questions} == {0}


def test_only_the_look_that_shows_answers_is_audited(
    db: Session, ben: Actor, held: GroupSession, token: str
) -> None:
    for who in range(3):
        answer(db, token, who)
        results.results(db, ben, held.ref)
    results.results(db, ben, held.ref)

    query = select(AuditEntry.subject).where(AuditEntry.action == "feedback.shown")
    assert list(db.scalars(query)) == [f"session:{held.ref}"]


def test_words_stand_in_no_order_and_in_the_same_at_each_look(
    db: Session, ben: Actor, held: GroupSession, token: str
) -> None:
    given = tuple(f"Words {who:02d}" for who in range(12))
    for who, words in enumerate(given):
        answer(db, token, who, one_change=words)

    first, again = (results.results(db, ben, held.ref).questions[4].words for _ in range(2))

    in_order_of_number = [
        kept["one_change"]
        for kept in db.scalars(select(FeedbackAnswer.answers).order_by(FeedbackAnswer.id))
    ]
    assert list(first) != in_order_of_number
    assert first == again != given
    assert sorted(first) == list(given)


def test_a_facilitator_finds_her_own_sessions_newest_first(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, group: Group, token: str
) -> None:
    make_group(db, amina, [chloe], code_name="Somebody else's")
    session_of(db, group, 1).state = SessionState.CANCELLED
    answer(db, token, 1)

    frame = results.sessions(db, ben)

    assert frame[["group", "number", "forms"]].to_dict("split")["data"] == [
        ["Tuesday craft", 3, 0],
        ["Tuesday craft", 2, 1],
    ]
    assert frame["starts"].iloc[1].hour == 10
    with pytest.raises(NotPermittedError):
        results.sessions(db, amina)


def test_totals_over_all_sessions_leave_out_small_numbers(
    db: Session, leila: Actor, token: str
) -> None:
    for who in range(3):
        answer(db, token, who, felt_safe=who % 2, **({"pace": 1} if who else {}))

    frame = results.overall(db, leila)

    assert frame["question"].unique().tolist() == ["How safe did you feel today?"]
    assert frame["count"].tolist() == [2, 1, 0, 0, 0]
    assert frame["of"].unique().tolist() == [3]
    assert results.overall(db, leila, programme="another").empty


def test_totals_are_for_those_who_see_outcomes(db: Session, ben: Actor, ada: Actor) -> None:
    for actor in (ben, ada):
        with pytest.raises(NotPermittedError):
            results.overall(db, actor)
