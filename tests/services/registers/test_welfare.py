"""Welfare calls: owed for each absence without a word, in order of harm, and dealt with once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ContactOutcome, Group, Person, Place, RiskLevel, Route, WelfareCall
from services import clock
from services.attendance import AttendanceCode as Code
from services.concerns import risk
from services.concerns.risk import RiskDraft
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.people import record_locks
from services.permissions import Actor
from services.registers import finishing, marking, registers
from services.registers.marking import NewMark
from services.registers.welfare import listing, recording, rules, unheard
from services.registers.welfare.listing import Call
from services.safe_contact import attempts
from services.safe_contact.attempts import AttemptDraft
from services.safe_contact.facts import Why
from services.scheduling import next_working_day
from tests.conftest import Clock
from tests.make import make_contact, make_group, make_person, make_place, session_of

TODAY = date(2026, 9, 16)  # a Wednesday
SPOKE = AttemptDraft(route=Route.CALL, outcome=ContactOutcome.SPOKE)
IN_VAIN = AttemptDraft(route=Route.CALL, outcome=ContactOutcome.NO_ANSWER)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that met today."""
    return make_group(db, amina, [ben], first_day=TODAY)


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Place:
    return make_place(db, amina, craft, make_person(db, amina))


def mark(db: Session, actor: Actor, group: Group, place: Place, code: Code | None) -> None:
    ref = session_of(db, group).ref
    lines = {line.place_ref: line for line in registers.view(db, actor, ref).lines}
    version = lines[place.ref].version
    new = NewMark(tap=f"{place.ref}{version}", place_ref=place.ref, code=code, version=version)
    assert marking.mark(db, actor, ref, [new])[0].saved


def finish(db: Session, actor: Actor, group: Group) -> None:
    finishing.finish(db, actor, session_of(db, group).ref)


def at_high_risk(db: Session, actor: Actor, place: Place) -> None:
    draft = RiskDraft(
        assessed_on=clock.today(), score=15, level=RiskLevel.HIGH,
        review_on=clock.today() + timedelta(days=30),
    )  # fmt: skip
    risk.review(db, actor, ref_of(db, place), draft)


def ref_of(db: Session, place: Place) -> str:
    return db.get_one(Person, place.person_id).ref


@pytest.fixture
def absent(db: Session, ben: Actor, craft: Group, dana: Place) -> Callable[[], Call]:
    """Dana did not come and the register is finished; gives her call as Ben sees it."""
    mark(db, ben, craft, dana, Code.DID_NOT_ATTEND)
    finish(db, ben, craft)
    return lambda: listing.of_session(db, ben, session_of(db, craft).ref)[0]


def test_an_absence_without_a_word_owes_a_call_the_same_day_and_others_hear_on_the_next(
    db: Session, amina: Actor, ben: Actor, absent: Callable[[], Call], time_stands_still: Clock
) -> None:
    call = absent()

    assert (call.name, call.missed_on, call.is_urgent) == ("Dana Okoro", TODAY, False)
    assert listing.due(db, ben) == [call]
    assert not call.is_overdue
    assert not listing.escalated(db, amina)
    time_stands_still.go_on(days=1)
    assert absent().is_overdue
    assert [one.ref for one in listing.escalated(db, amina)] == [call.ref]


def test_at_high_risk_others_hear_the_same_day_once_somebody_tried(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    at_high_risk(db, ben, dana)
    mark(db, ben, craft, dana, Code.DID_NOT_ATTEND)
    finish(db, ben, craft)

    call = listing.due(db, ben)[0]

    assert (call.missed_on, call.is_urgent) == (TODAY, True)


def test_risk_found_high_afterwards_brings_the_call_forward(
    db: Session, ben: Actor, dana: Place, absent: Callable[[], Call]
) -> None:
    at_high_risk(db, ben, dana)

    assert absent().is_urgent


@pytest.mark.parametrize(
    "code",
    sorted(set(Code) - {Code.DID_NOT_ATTEND, Code.NOT_BROUGHT, Code.CANCELLED, Code.CATCH_UP}),
)
def test_nobody_is_owed_a_call_who_came_or_sent_word(
    db: Session, ben: Actor, craft: Group, dana: Place, code: Code
) -> None:
    mark(db, ben, craft, dana, code)
    finish(db, ben, craft)

    assert listing.due(db, ben) == []


def test_finishing_again_doubles_nothing(
    db: Session, ben: Actor, craft: Group, absent: Callable[[], Call]
) -> None:
    finish(db, ben, craft)
    finishing.reopen(db, ben, session_of(db, craft).ref, reason="To look")
    finish(db, ben, craft)

    assert db.scalar(select(func.count()).select_from(WelfareCall)) == 1


def test_taking_the_mark_back_closes_the_call_and_a_new_absence_owes_it_again(
    db: Session, ben: Actor, craft: Group, dana: Place, absent: Callable[[], Call]
) -> None:
    finishing.reopen(db, ben, session_of(db, craft).ref, reason="She had phoned")
    mark(db, ben, craft, dana, Code.APOLOGIES)
    assert listing.due(db, ben) == []
    mark(db, ben, craft, dana, Code.DID_NOT_ATTEND)
    assert listing.due(db, ben) == []

    finish(db, ben, craft)

    assert [call.name for call in listing.due(db, ben)] == ["Dana Okoro"]
    assert db.scalar(select(func.count()).select_from(WelfareCall)) == 1


def test_speaking_with_her_closes_the_call(
    db: Session, ben: Actor, dana: Place, absent: Callable[[], Call]
) -> None:
    call = absent()

    asks = recording.record(db, ben, call.ref, SPOKE, version=call.version)

    assert not asks
    assert listing.due(db, ben) == []
    log = attempts.history(db, ben, ref_of(db, dana))
    assert log["outcome"].tolist() == ["spoke"]


def test_a_call_in_vain_stays_open_and_is_counted(
    db: Session, ben: Actor, absent: Callable[[], Call]
) -> None:
    call = absent()

    recording.record(db, ben, call.ref, IN_VAIN, version=call.version)

    assert [(one.tries, one.state.value) for one in listing.due(db, ben)] == [(1, "open")]


def test_an_attempt_noted_on_her_own_page_counts_as_well(
    db: Session, amina: Actor, ben: Actor, dana: Place, absent: Callable[[], Call]
) -> None:
    attempts.log(db, amina, ref_of(db, dana), SPOKE)

    assert absent().state.value == "reached"


def test_a_talk_before_the_session_closes_nothing(
    db: Session, ben: Actor, dana: Place, absent: Callable[[], Call]
) -> None:
    before = AttemptDraft(
        route=Route.CALL, outcome=ContactOutcome.SPOKE, at=clock.now() - timedelta(days=1)
    )
    attempts.log(db, ben, ref_of(db, dana), before)
    call = absent()
    assert call.state.value == "open"

    with pytest.raises(InvalidInputError, match="before the session"):
        recording.record(db, ben, call.ref, before, version=call.version)


def test_a_call_is_not_recorded_twice(
    db: Session, amina: Actor, ben: Actor, absent: Callable[[], Call]
) -> None:
    call = absent()
    recording.record(db, ben, call.ref, IN_VAIN, version=call.version)
    with pytest.raises(ConflictError, match="noted an attempt for this call meanwhile"):
        recording.record(db, ben, call.ref, IN_VAIN, version=call.version)
    recording.record(db, ben, call.ref, SPOKE, version=absent().version)

    with pytest.raises(ConflictError, match="Ben has dealt with this call already"):
        recording.record(db, amina, call.ref, SPOKE, version=call.version)


def test_a_withdrawn_call_says_that_none_is_owed(
    db: Session, ben: Actor, craft: Group, dana: Place, absent: Callable[[], Call]
) -> None:
    call = absent()
    finishing.reopen(db, ben, session_of(db, craft).ref, reason="She had phoned")
    mark(db, ben, craft, dana, Code.APOLOGIES)

    with pytest.raises(ConflictError, match="No call is owed any more"):
        recording.record(db, ben, call.ref, SPOKE, version=call.version)


def test_the_safe_route_comes_from_the_one_decision(
    db: Session, amina: Actor, ben: Actor, dana: Place, absent: Callable[[], Call]
) -> None:
    without = absent().reach
    make_contact(db, amina, db.get_one(Person, dana.person_id))
    with_plan = absent().reach

    assert without is not None
    assert with_plan is not None
    assert (without.why, with_plan.why) == (Why.NO_PLAN, Why.SAFE)
    assert [answer.route for answer in with_plan.now] == [Route.CALL]


def test_at_high_risk_comes_first_and_the_overdue_before_the_rest(
    db: Session, amina: Actor, ben: Actor, craft: Group, time_stands_still: Clock
) -> None:
    for name, is_high in (("Ana", False), ("Bea", True), ("Cat", False)):
        place = make_place(db, amina, craft, make_person(db, amina, name))
        if is_high:
            at_high_risk(db, ben, place)
        mark(db, ben, craft, place, Code.DID_NOT_ATTEND)
    finish(db, ben, craft)
    time_stands_still.go_on(days=5)

    calls = listing.due(db, ben)

    assert [call.name for call in calls] == ["Bea Okoro", "Ana Okoro", "Cat Okoro"]
    assert all(call.is_overdue for call in calls)


def test_an_overdue_call_reaches_the_coordinator_without_the_level_of_risk(
    db: Session, amina: Actor, ben: Actor, dana: Place, absent: Callable[[], Call],
    time_stands_still: Clock,
) -> None:  # fmt: skip
    at_high_risk(db, ben, dana)
    assert listing.escalated(db, amina) == []
    time_stands_still.go_on(days=1)

    calls = listing.escalated(db, amina)

    assert [(call.name, call.is_overdue, call.is_urgent) for call in calls] == [
        ("Dana Okoro", True, False)
    ]


def test_an_urgent_call_in_vain_is_escalated_the_same_day_to_coordinator_and_lead(
    db: Session, amina: Actor, ben: Actor, leila: Actor, dana: Place, absent: Callable[[], Call]
) -> None:
    at_high_risk(db, ben, dana)
    recording.record(db, ben, absent().ref, IN_VAIN, version=absent().version)

    assert [call.name for call in listing.escalated(db, amina)] == ["Dana Okoro"]
    told = unheard.unheard(db, leila)
    assert told[["group", "session", "calls", "facilitators"]].values.tolist() == [
        ["Tuesday craft", 1, 1, "Ben"]
    ]


def test_the_lead_hears_of_high_risk_only_and_of_nobody_by_name(
    db: Session, leila: Actor, absent: Callable[[], Call], time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=5)

    assert unheard.unheard(db, leila).empty
    with pytest.raises(NotPermittedError):
        listing.due(db, leila)


def test_a_coordinator_settles_what_nobody_could_reach(
    db: Session, amina: Actor, ben: Actor, absent: Callable[[], Call]
) -> None:
    call = absent()
    with pytest.raises(InvalidInputError, match="what happens instead"):
        recording.settle(db, amina, call.ref, " ", version=call.version)
    with pytest.raises(NotPermittedError):
        recording.settle(db, ben, call.ref, "Never mind", version=call.version)

    recording.settle(db, amina, call.ref, "Her worker visits today", version=call.version)

    assert absent().state.value == "settled"
    assert listing.due(db, ben) == []


def test_a_stranger_finds_no_call(
    db: Session, chloe: Actor, craft: Group, absent: Callable[[], Call]
) -> None:
    assert listing.due(db, chloe) == []
    assert listing.of_session(db, chloe, session_of(db, craft).ref) == []
    with pytest.raises(NotFoundError):
        recording.record(db, chloe, absent().ref, SPOKE, version=1)


def test_whoever_is_kept_out_neither_sees_nor_records_the_call_that_is_still_owed(
    db: Session, amina: Actor, ben: Actor, dana: Place, absent: Callable[[], Call]
) -> None:
    call = absent()
    record_locks.keep_out(db, amina, ref_of(db, dana), ben.ref, reason="Neighbours")

    assert listing.due(db, ben) == []
    with pytest.raises(NotFoundError):
        recording.record(db, ben, call.ref, SPOKE, version=call.version)


def test_what_is_owed_costs_the_same_however_many_there_are(
    db: Session, amina: Actor, ben: Actor, craft: Group, count_queries: Callable[..., object]
) -> None:
    costs = []
    for name in ("Ana", "Bea", "Cat", "Dee"):
        place = make_place(db, amina, craft, make_person(db, amina, name))
        mark(db, ben, craft, place, Code.DID_NOT_ATTEND)
        finish(db, ben, craft)
        db.flush()
        with count_queries() as statements:  # type: ignore[attr-defined]
            listing.due(db, ben)
        costs.append(len(statements))
        finishing.reopen(db, ben, session_of(db, craft).ref, reason="One more")

    assert costs == [3, 3, 3, 3]


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.booleans())
def test_others_hear_on_the_next_working_day_at_high_risk_at_once(
    missed: date, is_urgent: bool
) -> None:
    due = rules.due_on(missed, is_urgent=is_urgent)

    if is_urgent:
        assert due == missed
    else:
        assert (due + timedelta(days=1)).weekday() < 5
        assert missed <= due <= missed + timedelta(days=5)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 18), date(2026, 9, 21)),  # a Friday
        (date(2026, 12, 24), date(2026, 12, 29)),  # Christmas, a weekend, the substitute day
        (date(2026, 4, 2), date(2026, 4, 7)),  # the Thursday before Easter
    ],
)
def test_the_next_working_day_passes_over_weekends_and_bank_holidays(
    day: date, expected: date
) -> None:
    assert next_working_day(day) == expected


def test_in_scotland_easter_monday_is_a_working_day() -> None:
    assert next_working_day(date(2026, 4, 4), "Scotland") == date(2026, 4, 6)
