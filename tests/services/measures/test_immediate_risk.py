"""Answers about immediate risk: no form is kept until somebody has said what was done."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Concern,
    Group,
    MeasureForm,
    MeasureVersion,
    Outcome,
    Place,
    Point,
    Respondent,
    RiskAction,
    SafeNow,
)
from services.concerns import concerns
from services.errors import AppError, InvalidInputError, NotFoundError, NotPermittedError
from services.measures import measures
from services.measures.immediate_risk import actions, due
from services.measures.immediate_risk.response import MAX_WORDS, RiskResponse
from services.measures.measure_draft import takes_items
from services.measures.measure_library import measures as every_measure
from services.measures.measures import MeasureDraft
from services.permissions import Actor
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place

TODAY = date(2026, 9, 16)
ITEM = 6  # of CORE-10
ACTED = RiskResponse(
    safe_now=SafeNow.YES, told="Her GP, at 11", what_was_done="We rang together.",
    raise_concern=True,
)  # fmt: skip


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """Ben's group, which asks for the CORE-10."""
    return make_group(db, amina, [ben], code_name="Craft")


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Place:
    """A place in it."""
    return make_place(db, amina, craft, make_person(db, amina, "Dana"))


def core(risk: float | None, response: RiskResponse | None = None, **more: object) -> MeasureDraft:
    """Dana's CORE-10 at the start, with this answer to the item about immediate risk."""
    answers: Mapping[int, float | None] = {**dict.fromkeys(range(1, 11), 1), ITEM: risk}
    facts: dict[str, object] = {
        "measure": "core10",
        "respondent": Respondent.SELF,
        "point": Point.START,
        "taken_on": TODAY,
        "answers": answers,
        "response": response,
    }
    return MeasureDraft(**{**facts, **more})  # type: ignore[arg-type]


def kept(db: Session) -> list[MeasureForm]:
    return list(db.scalars(select(MeasureForm)))


def acted(db: Session) -> list[RiskAction]:
    return list(db.scalars(select(RiskAction).order_by(RiskAction.id)))


# --- Before the form is kept ---------------------------------------------------------------


@pytest.mark.parametrize("answer", [0, None])
def test_a_form_without_such_an_answer_is_kept_like_any_other(
    db: Session, ben: Actor, dana: Place, answer: float | None
) -> None:
    measures.record(db, ben, dana.ref, core(answer))

    assert len(kept(db)) == 1
    assert acted(db) == []


@pytest.mark.parametrize("answer", [1, 4])
def test_an_answer_above_zero_keeps_no_form_until_everything_is_said(
    db: Session, ben: Actor, dana: Place, answer: int
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        measures.record(db, ben, dana.ref, core(answer))

    assert set(refusal.value.problems) == {"safe_now", "told", "what_was_done", "raise_concern"}
    assert (kept(db), acted(db)) == ([], [])


@pytest.mark.parametrize("safe", [SafeNow.NO, SafeNow.UNKNOWN])
def test_whoever_may_not_be_safe_always_has_a_concern_raised(
    db: Session, ben: Actor, dana: Place, safe: SafeNow
) -> None:
    without = RiskResponse(safe_now=safe, told="Nia", what_was_done="Talked", raise_concern=False)

    with pytest.raises(InvalidInputError) as refusal:
        measures.record(db, ben, dana.ref, core(2, without))

    assert set(refusal.value.problems) == {"raise_concern"}


def test_too_many_letters_are_refused_at_their_field(db: Session, ben: Actor, dana: Place) -> None:
    long = RiskResponse(
        safe_now=SafeNow.YES, told="x" * (MAX_WORDS + 1), what_was_done="y", raise_concern=False
    )

    with pytest.raises(InvalidInputError) as refusal:
        measures.record(db, ben, dana.ref, core(2, long))

    assert set(refusal.value.problems) == {"told"}


def test_form_action_and_concern_are_kept_together(
    db: Session, ben: Actor, leila: Actor, dana: Place
) -> None:
    measures.record(db, ben, dana.ref, core(2, ACTED))

    assert [form.total for form in kept(db)] == [pytest.approx(15)]
    (action,) = acted(db)
    assert (action.safe_now, action.told, action.done_by_id) == ("yes", ACTED.told, ben.account_id)
    concern = db.scalars(select(Concern)).one()
    assert action.concern_id == concern.id
    told = concerns.view(db, leila, concern.ref)
    assert told.facts == (
        "CORE-10 of 16/09/2026: item 6 (plans to end own life) answered 2. What was done: "
        "We rang together."
    )
    assert (told.told, told.safe_now) == (ACTED.told, "yes")


def test_no_concern_is_raised_where_there_is_nothing_to_decide(
    db: Session, ben: Actor, dana: Place
) -> None:
    calm = RiskResponse(safe_now=SafeNow.YES, told="Nia", what_was_done="x", raise_concern=False)

    measures.record(db, ben, dana.ref, core(1, calm))

    assert db.scalars(select(Concern)).all() == []
    assert [action.concern_id for action in acted(db)] == [None]


def test_the_audit_holds_nothing_of_the_answer(db: Session, ben: Actor, dana: Place) -> None:
    actions.open_action(db, ben, dana.ref, core(2))
    measures.record(db, ben, dana.ref, core(2, ACTED))

    entries = db.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    ours = [entry for entry in entries if entry.action.startswith("risk_action.")]
    assert [entry.action for entry in ours] == ["risk_action.opened", "risk_action.done"]
    assert {entry.details for entry in ours} == {"{}"}


# --- What waits --------------------------------------------------------------------------


def test_an_answer_waits_on_today_even_if_the_form_is_never_finished(
    db: Session, ben: Actor, leila: Actor, dana: Place
) -> None:
    actions.open_action(db, ben, dana.ref, core(3))
    actions.open_action(db, ben, dana.ref, core(3))

    (row,) = due.waiting(db, ben).to_dict("records")
    assert (row["name"], row["form"], row["group"]) == ("Dana Okoro", "CORE-10", "Craft")
    assert (row["place"], row["by"], row["overdue"]) == (dana.ref, "Ben", False)
    (hers,) = due.waiting(db, leila).to_dict("records")
    assert (hers["group"], hers["name"]) == ("Craft", "")


def test_what_is_not_done_by_the_end_of_the_day_is_overdue(
    db: Session, ben: Actor, dana: Place, time_stands_still: Clock
) -> None:
    actions.open_action(db, ben, dana.ref, core(3))
    time_stands_still.go_on(days=1)

    assert list(due.waiting(db, ben)["overdue"]) == [True]


def test_what_waited_is_over_once_the_form_is_kept(db: Session, ben: Actor, dana: Place) -> None:
    actions.open_action(db, ben, dana.ref, core(3))
    assert actions.is_open(db, ben, dana.ref, core(None))

    measures.record(db, ben, dana.ref, core(3, ACTED))

    assert due.waiting(db, ben).empty
    assert not actions.is_open(db, ben, dana.ref, core(None))
    assert len(acted(db)) == 1


@pytest.mark.parametrize(
    "draft", [core(0), core(None), core(None, outcome=Outcome.DECLINED, answers=None)]
)
def test_an_answer_that_was_a_slip_goes_only_with_a_reason(
    db: Session, ben: Actor, dana: Place, draft: MeasureDraft
) -> None:
    actions.open_action(db, ben, dana.ref, core(3))

    with pytest.raises(InvalidInputError) as refusal:
        measures.record(db, ben, dana.ref, draft)
    assert set(refusal.value.problems) == {"mistake"}
    assert kept(db) == []

    slip = RiskResponse(mistake="One row too far down.")
    sent = core(0, slip, outcome=draft.outcome, answers=draft.answers)
    measures.record(db, ben, dana.ref, sent)
    assert due.waiting(db, ben).empty
    assert [(action.mistake, action.told) for action in acted(db)] == [(slip.mistake, None)]


def test_nothing_waits_for_a_form_without_such_an_answer(
    db: Session, ben: Actor, dana: Place
) -> None:
    actions.open_action(db, ben, dana.ref, core(0))

    assert acted(db) == []


# --- Corrections -------------------------------------------------------------------------


def test_an_answer_that_was_acted_on_asks_for_nothing_again(
    db: Session, ben: Actor, dana: Place
) -> None:
    measures.record(db, ben, dana.ref, core(2, ACTED))

    measures.record(db, ben, dana.ref, core(1, version=1))

    assert (len(acted(db)), kept(db)[0].version) == (1, 2)


def test_a_graver_answer_asks_anew(db: Session, ben: Actor, dana: Place) -> None:
    measures.record(db, ben, dana.ref, core(2, ACTED))

    with pytest.raises(InvalidInputError):
        measures.record(db, ben, dana.ref, core(3, version=1))


def test_a_form_sent_twice_raises_one_concern(db: Session, ben: Actor, dana: Place) -> None:
    measures.record(db, ben, dana.ref, core(2, ACTED))
    measures.record(db, ben, dana.ref, core(2, ACTED))

    assert (len(acted(db)), len(db.scalars(select(Concern)).all())) == (1, 1)


def test_a_corrected_form_leaves_the_one_before_to_be_read(
    db: Session, ben: Actor, dana: Place
) -> None:
    measures.record(db, ben, dana.ref, core(0))
    measures.record(db, ben, dana.ref, core(0, version=1, answers=dict.fromkeys(range(1, 11), 0)))

    (before,) = db.scalars(select(MeasureVersion)).all()
    assert (before.number, before.total) == (1, pytest.approx(13))
    assert before.answers is not None
    assert before.answers["1"] == 1


# --- Who ---------------------------------------------------------------------------------


def test_a_stranger_opens_nothing_and_sees_nothing(
    db: Session, ben: Actor, chloe: Actor, dana: Place
) -> None:
    with pytest.raises(NotFoundError):
        actions.open_action(db, chloe, dana.ref, core(2))
    actions.open_action(db, ben, dana.ref, core(2))

    assert due.waiting(db, chloe).empty
    assert not actions.is_open(db, chloe, dana.ref, core(2))


def test_nobody_else_is_told_that_something_waits(
    db: Session, amina: Actor, vik: Actor, erin: Actor, dana: Place
) -> None:
    for one in (amina, vik, erin):
        with pytest.raises(NotPermittedError):
            actions.open_action(db, one, dana.ref, core(2))
    for one in (vik, erin):
        with pytest.raises(NotPermittedError):
            due.waiting(db, one)


def test_a_coordinator_finds_nothing_that_waits(
    db: Session, amina: Actor, ben: Actor, dana: Place
) -> None:
    actions.open_action(db, ben, dana.ref, core(2))

    assert due.waiting(db, amina).empty


# --- Rules -------------------------------------------------------------------------------


def test_every_measure_of_immediate_risk_is_entered_item_by_item() -> None:
    asked = {key: form for key, form in every_measure().items() if form.risk_items}

    assert set(asked) == {"phq9", "core10", "ypcore"}
    assert all(takes_items(form) for form in asked.values())


_answers = st.sampled_from([None, 0, 1, 2, 3, 4])
_words = st.sampled_from(["", "  ", "Said"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    opened=st.booleans(),
    answer=_answers,
    response=st.builds(
        RiskResponse,
        safe_now=st.sampled_from([None, *SafeNow]),
        told=_words,
        what_was_done=_words,
        raise_concern=st.sampled_from([None, True, False]),
        mistake=_words,
    ),
)
def test_a_kept_form_never_leaves_an_answer_nobody_acted_on(
    db: Session,
    ben: Actor,
    dana: Place,
    opened: bool,
    answer: float | None,
    response: RiskResponse,
) -> None:
    nested = db.begin_nested()
    if opened:
        actions.open_action(db, ben, dana.ref, core(2))
    try:
        measures.record(db, ben, dana.ref, core(answer, response))
    except AppError:
        assert kept(db) == []
    else:
        done = acted(db)
        assert all(action.done_at for action in done)
        assert bool(done) == (opened or bool(answer))
        if answer:
            assert done[0].told
            assert done[0].what_was_done
            assert done[0].concern_id or done[0].safe_now == "yes"
    nested.rollback()
    db.expire_all()
