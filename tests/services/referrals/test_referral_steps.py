"""The steps of a referral: which follow which, when, why, and what they say of its clocks."""

from collections import deque
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Person, Referral, ReferralState
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.places import places
from services.referrals import referral_steps, referrals
from services.referrals.referral_states import (
    ENDED,
    NEEDS_REASON,
    ON_THE_WAY,
    PAUSED,
    STEPS,
    WITH_A_PLACE,
)
from tests.make import make_group, make_person, make_place, make_referral

S = ReferralState
TODAY = date(2026, 9, 16)
RECEIVED = date(2026, 9, 1)


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina)


@pytest.fixture
def sent(db: Session, amina: Actor, dana: Person) -> Referral:
    """A referral that came in a fortnight ago."""
    return make_referral(db, amina, dana, received_on=RECEIVED)


def step(
    db: Session, actor: Actor, sent: Referral, to: S, on: date = TODAY, reason: str = "Agreed."
) -> None:
    referral_steps.move(db, actor, sent.ref, to, on=on, version=sent.version, reason=reason)
    db.flush()


# --- The table itself --------------------------------------------------------------------


def test_every_state_belongs_to_one_part_of_the_way_and_none_is_a_dead_end() -> None:
    parts = [*ON_THE_WAY, *PAUSED, *WITH_A_PLACE, *ENDED]
    assert sorted(parts, key=list(S).index) == list(S)
    assert all(STEPS[state] for state in S)
    assert all(state not in STEPS[state] for state in S)


def test_every_state_can_be_reached_from_the_first() -> None:
    reached, waiting = {S.REFERRED}, deque([S.REFERRED])
    while waiting:
        for state in STEPS[waiting.popleft()]:
            if state not in reached:
                reached.add(state)
                waiting.append(state)
    assert reached == set(S)


# --- One step ----------------------------------------------------------------------------


def test_a_step_is_kept_with_its_day_reason_and_who_made_it(
    db: Session, amina: Actor, sent: Referral
) -> None:
    step(db, amina, sent, S.MEETING_BOOKED, date(2026, 9, 10), "")
    step(db, amina, sent, S.NOT_NOW, reason=" A court date first. ")

    steps = referral_steps.history(db, amina, sent.ref)

    assert steps["after"].tolist() == ["not_now", "meeting_booked", "referred"]
    assert steps["on"].tolist() == [TODAY, date(2026, 9, 10), RECEIVED]
    assert steps["reason"].tolist()[0] == "A court date first."
    assert set(steps["by"]) == {"Amina"}


@pytest.mark.parametrize("to", [S.STARTED, S.REFERRED, S.COMPLETED, S.ACCEPTED])
def test_a_step_that_does_not_follow_is_refused(
    db: Session, amina: Actor, sent: Referral, to: S
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        step(db, amina, sent, to)
    assert list(refused.value.problems) == ["state"]


@pytest.mark.parametrize("to", [state for state in S if state in NEEDS_REASON])
def test_some_steps_need_a_reason(db: Session, amina: Actor, sent: Referral, to: S) -> None:
    step(db, amina, sent, S.MEETING_BOOKED, reason="")
    with pytest.raises(InvalidInputError) as refused:
        step(db, amina, sent, to, reason="  ")
    assert list(refused.value.problems) == ["reason"]
    with pytest.raises(InvalidInputError, match="Shorten"):
        step(db, amina, sent, to, reason="x" * 501)


@pytest.mark.parametrize("on", [RECEIVED - timedelta(days=1), TODAY + timedelta(days=1)])
def test_no_step_is_before_the_referral_or_to_come(
    db: Session, amina: Actor, sent: Referral, on: date
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        step(db, amina, sent, S.MEETING_BOOKED, on)
    assert list(refused.value.problems) == ["on"]


def test_no_step_is_before_the_last_one(db: Session, amina: Actor, sent: Referral) -> None:
    step(db, amina, sent, S.MEETING_BOOKED, date(2026, 9, 10))
    with pytest.raises(InvalidInputError, match="10 September 2026"):
        step(db, amina, sent, S.SUITABLE, date(2026, 9, 9))


def test_a_stale_form_moves_nothing_and_says_what_happened(
    db: Session, amina: Actor, sent: Referral
) -> None:
    seen = sent.version
    step(db, amina, sent, S.MEETING_BOOKED)
    with pytest.raises(ConflictError, match="It is “meeting booked” now, last moved by Amina"):
        referral_steps.move(db, amina, sent.ref, S.DECLINED, on=TODAY, version=seen, reason="No")


def test_whoever_may_not_edit_or_see_her_moves_nothing(
    db: Session, amina: Actor, ben: Actor, leila: Actor, sent: Referral
) -> None:
    for stranger in (ben, leila):
        with pytest.raises(NotPermittedError):
            step(db, stranger, sent, S.MEETING_BOOKED)
    with pytest.raises(NotFoundError):
        referral_steps.move(db, amina, "nothing", S.DECLINED, on=TODAY, version=1, reason="No")


def test_the_log_says_which_step_and_no_reason(db: Session, amina: Actor, sent: Referral) -> None:
    step(db, amina, sent, S.DECLINED, reason="A private reason")
    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry
    assert (entry.action, entry.subject) == ("referral.moved", f"referral:{sent.ref}")
    assert entry.details == '{"to": "declined"}'


# --- The clocks --------------------------------------------------------------------------


def test_an_attempt_that_reached_nobody_is_no_contact(
    db: Session, amina: Actor, sent: Referral
) -> None:
    step(db, amina, sent, S.CONTACT_ATTEMPTED, date(2026, 9, 3))
    assert sent.first_contact_on is None
    step(db, amina, sent, S.MEETING_BOOKED, date(2026, 9, 5))
    assert sent.first_contact_on == date(2026, 9, 5)


def test_each_clock_stops_at_its_first_step_and_stays(
    db: Session, amina: Actor, sent: Referral
) -> None:
    days = iter(range(3, 30))
    way = (S.MEETING_BOOKED, S.SUITABLE, S.OFFERED, S.WAITING, S.OFFERED, S.ACCEPTED, S.STARTED)
    for state in way:
        step(db, amina, sent, state, date(2026, 9, next(days)))

    clocks = (sent.first_contact_on, sent.offered_on, sent.first_session_on)
    assert clocks == (date(2026, 9, 3), date(2026, 9, 5), date(2026, 9, 9))


def test_a_place_moves_the_referral_and_hands_are_kept_off_it(
    db: Session, amina: Actor, ben: Actor, dana: Person, sent: Referral
) -> None:
    place = make_place(db, amina, make_group(db, amina, [ben]), dana)

    with pytest.raises(ConflictError, match="Her place in a group moves this referral"):
        step(db, amina, sent, S.DECLINED)

    places.leave(db, amina, place.ref, on=TODAY, reason="Moved away", version=place.version)
    assert sent.state is S.LEFT_EARLY
    step(db, amina, sent, S.STARTED)
    assert sent.place_id is None


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(S), st.integers(-3, 20), st.sampled_from(["", "Agreed."])),
        max_size=14,
    )
)
def test_whatever_is_tried_the_referral_keeps_its_rules(
    db: Session, amina: Actor, steps: list[tuple[S, int, str]]
) -> None:
    """Any list of steps: what is not allowed changes nothing, what is keeps every rule."""
    sent = make_referral(db, amina, make_person(db, amina), received_on=RECEIVED)
    made = [(S.REFERRED, RECEIVED)]
    for to, days, reason in steps:
        state, since = made[-1]
        on = RECEIVED + timedelta(days=days)
        allowed = (
            to in STEPS[state] and since <= on <= TODAY and (bool(reason) or to not in NEEDS_REASON)
        )
        if allowed:
            step(db, amina, sent, to, on, reason)
            made.append((to, on))
        else:
            with pytest.raises(InvalidInputError):
                step(db, amina, sent, to, on, reason)
        clocks = (sent.first_contact_on, sent.offered_on, sent.first_session_on)
        noted = [day for day in clocks if day]
        assert (sent.state, sent.state_since) == made[-1]
        assert noted == sorted(noted)  # contact, then offer, then session
        assert all(RECEIVED <= day <= TODAY for day in noted)
    kept = referral_steps.history(db, amina, sent.ref)
    assert [(S(row.after), row.on) for row in kept.itertuples()] == made[::-1]
    assert referrals.summary(db, amina, sent.ref).state == made[-1][0].value
