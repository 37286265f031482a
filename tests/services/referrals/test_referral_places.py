"""What becomes of a referral when its person gets a place, comes, completes or leaves."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CatchUpWay, Group, Person, Place, Referral, ReferralState
from services import clock
from services.attendance import AttendanceCode as Code
from services.permissions import Actor
from services.places import offers, places
from services.referrals import referral_steps
from services.registers import catch_ups, marking
from services.registers.catch_ups import CatchUpDraft
from services.registers.marking import NewMark
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place, make_referral, session_of

S = ReferralState
TODAY = date(2026, 9, 16)
RECEIVED = date(2026, 9, 1)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of one seat with sessions on 8 and 15 September and after."""
    return make_group(db, amina, [ben], capacity=1)


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina)


@pytest.fixture
def sent(db: Session, amina: Actor, dana: Person) -> Referral:
    return make_referral(db, amina, dana, received_on=RECEIVED)


def mark(
    db: Session, actor: Actor, group: Group, number: int, place: Place, code: Code | None, tap: str
) -> None:
    new = NewMark(tap=tap, place_ref=place.ref, code=code, version=99)
    (taken,) = marking.mark(db, actor, session_of(db, group, number).ref, [new])
    assert taken.saved, taken
    db.flush()


def leave(db: Session, actor: Actor, place: Place, reason: str = "") -> None:
    db.refresh(place)
    places.leave(db, actor, place.ref, on=TODAY, reason=reason, version=place.version)
    db.flush()


def test_a_place_accepts_the_referral_and_stops_contact_and_offer(
    db: Session, amina: Actor, craft: Group, dana: Person, sent: Referral
) -> None:
    place = make_place(db, amina, craft, dana)

    assert (sent.state, sent.place_id) == (S.ACCEPTED, place.id)
    assert (sent.first_contact_on, sent.offered_on, sent.first_session_on) == (TODAY, TODAY, None)
    steps = referral_steps.history(db, amina, sent.ref)
    assert steps["after"].tolist() == ["accepted", "referred"]


def test_the_first_session_attended_starts_it_on_the_day_of_that_session(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Person, sent: Referral
) -> None:
    place = make_place(db, amina, craft, dana)
    place.joined_on = date(2026, 9, 8)
    mark(db, ben, craft, 1, place, Code.APOLOGIES, "a")
    assert (sent.state, sent.first_session_on) == (S.ACCEPTED, None)

    mark(db, ben, craft, 2, place, Code.ATTENDED, "b")
    assert (sent.state, sent.first_session_on) == (S.STARTED, date(2026, 9, 15))

    mark(db, ben, craft, 1, place, Code.LATE, "c")
    assert sent.first_session_on == date(2026, 9, 8)


def test_a_mark_taken_back_takes_the_first_session_back(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Person, sent: Referral
) -> None:
    place = make_place(db, amina, craft, dana)
    place.joined_on = date(2026, 9, 8)
    mark(db, ben, craft, 1, place, Code.ATTENDED, "a")

    mark(db, ben, craft, 1, place, None, "b")

    assert (sent.state, sent.first_session_on) == (S.ACCEPTED, None)


def test_enough_sessions_complete_it_and_leaving_afterwards_does_not_undo_that(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Person, sent: Referral
) -> None:
    craft.sessions_to_complete = 2
    place = make_place(db, amina, craft, dana)
    place.joined_on = date(2026, 9, 8)
    for number in (1, 2):
        mark(db, ben, craft, number, place, Code.ATTENDED, str(number))
    assert sent.state is S.COMPLETED

    leave(db, amina, place)

    assert sent.state is S.COMPLETED


def test_a_catch_up_that_makes_it_enough_completes_it(
    db: Session,
    amina: Actor,
    ben: Actor,
    craft: Group,
    dana: Person,
    sent: Referral,
    time_stands_still: Clock,
) -> None:
    place = make_place(db, amina, craft, dana)
    place.joined_on = craft.starts_on
    time_stands_still.go_on(weeks=20)
    for number in range(2, craft.sessions_to_complete + 1):
        mark(db, ben, craft, number, place, Code.ATTENDED, tap=f"tap{number}")
    assert sent.state is S.STARTED

    catch_ups.record(
        db,
        ben,
        CatchUpDraft(
            place_ref=place.ref,
            session_ref=session_of(db, craft).ref,
            done_on=clock.today(),
            way=CatchUpWay.PHONE,
            done_by_ref=ben.ref,
        ),
    )

    assert sent.state is S.COMPLETED


def test_leaving_early_carries_its_reason(
    db: Session, amina: Actor, craft: Group, dana: Person, sent: Referral
) -> None:
    leave(db, amina, make_place(db, amina, craft, dana), "Moved away")

    assert sent.state is S.LEFT_EARLY
    assert referral_steps.history(db, amina, sent.ref)["reason"].tolist()[0] == "Moved away"


def test_waiting_for_a_seat_and_moving_up(
    db: Session, amina: Actor, craft: Group, dana: Person, sent: Referral, time_stands_still: Clock
) -> None:
    first = make_place(db, amina, craft, make_person(db, amina, "Ines"))
    make_place(db, amina, craft, dana)
    assert (sent.state, sent.offered_on) == (S.WAITING, None)

    time_stands_still.go_on(days=3)
    leave(db, amina, first)
    assert (sent.state, sent.offered_on) == (S.OFFERED, date(2026, 9, 19))

    time_stands_still.go_on(days=2)
    hers = db.scalars(select(Place).where(Place.person_id == dana.id)).one()
    offers.accept(db, amina, hers.ref, version=hers.version)

    assert (sent.state, sent.offered_on) == (S.ACCEPTED, date(2026, 9, 19))
    assert sent.first_contact_on == TODAY


def test_an_offer_nobody_answers_puts_the_referral_back_on_the_waiting_list(
    db: Session, amina: Actor, craft: Group, dana: Person, sent: Referral, time_stands_still: Clock
) -> None:
    first = make_place(db, amina, craft, make_person(db, amina, "Ines"))
    make_place(db, amina, craft, dana)
    leave(db, amina, first)

    time_stands_still.go_on(days=8)
    places.pass_on_lapsed(db)

    assert (sent.state, sent.offered_on) == (S.WAITING, TODAY)


def test_a_place_given_up_before_its_first_day_is_declined_unless_she_has_another(
    db: Session, amina: Actor, ben: Actor, dana: Person, sent: Referral
) -> None:
    walk, choir = (
        make_group(db, amina, [ben], code_name=name, first_day=date(2026, 9, 24))
        for name in ("Friday walk", "Choir")
    )
    first, second = make_place(db, amina, walk, dana), make_place(db, amina, choir, dana)

    leave(db, amina, first)
    assert (sent.state, sent.place_id) == (S.ACCEPTED, second.id)

    leave(db, amina, second, "Not on Thursdays")
    assert sent.state is S.DECLINED

    third = make_place(db, amina, make_group(db, amina, [ben], code_name="Garden"), dana)
    assert (sent.state, sent.place_id) == (S.ACCEPTED, third.id)


def test_a_seat_takes_over_from_another_groups_waiting_list(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Person, sent: Referral
) -> None:
    make_place(db, amina, craft, make_person(db, amina, "Ines"))
    make_place(db, amina, craft, dana)
    seat = make_place(db, amina, make_group(db, amina, [ben], code_name="Friday walk"), dana)
    assert (sent.state, sent.place_id) == (S.ACCEPTED, seat.id)


def test_of_several_referrals_the_oldest_on_the_way_is_the_one_that_moves(
    db: Session, amina: Actor, craft: Group, dana: Person, sent: Referral
) -> None:
    later = make_referral(db, amina, dana, received_on=date(2026, 9, 9))
    ended = make_referral(db, amina, dana, received_on=date(2026, 8, 1))
    ended.state = S.NOT_SUITABLE

    make_place(db, amina, craft, dana)

    assert [one.state for one in (ended, sent, later)] == [S.NOT_SUITABLE, S.ACCEPTED, S.REFERRED]


def test_a_referral_that_came_after_the_place_is_left_alone(
    db: Session,
    amina: Actor,
    ben: Actor,
    craft: Group,
    dana: Person,
    time_stands_still: Clock,
) -> None:
    place = make_place(db, amina, craft, dana)
    time_stands_still.go_on(days=7)
    sent = make_referral(db, amina, dana, received_on=date(2026, 9, 20))
    mark(db, ben, craft, 3, place, Code.ATTENDED, "a")
    assert (sent.state, sent.place_id) == (S.REFERRED, None)


def test_one_written_down_late_joins_its_place_at_the_next_mark(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Person, time_stands_still: Clock
) -> None:
    place = make_place(db, amina, craft, dana)
    sent = make_referral(db, amina, dana, received_on=RECEIVED)
    time_stands_still.go_on(days=7)
    mark(db, ben, craft, 3, place, Code.ATTENDED, "a")
    assert (sent.state, sent.first_session_on) == (S.STARTED, date(2026, 9, 22))
    assert sent.offered_on == TODAY


def test_a_place_without_a_referral_changes_nothing(
    db: Session, amina: Actor, craft: Group, dana: Person, sent: Referral
) -> None:
    make_place(db, amina, craft, make_person(db, amina, "Ines"))
    assert (sent.state, sent.version) == (S.REFERRED, 1)
