"""Moving to another group: one step, nothing lost, and the new group asked first."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupState, Mark, Place, PlaceState, ReferralState, Strength
from services.attendance import AttendanceCode as Code
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.places import places, transfers
from services.placing import conflicts
from services.placing.conflicts import ConflictDraft, Party
from services.registers import marking
from services.registers.marking import NewMark
from services.tallies import recount
from tests.make import make_group, make_person, make_place, make_referral, session_of

TODAY = date(2026, 9, 16)
S = PlaceState


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group for one with sessions on 8 and 15 September and after."""
    return make_group(db, amina, [ben], capacity=1)


@pytest.fixture
def choir(db: Session, amina: Actor, chloe: Actor) -> Group:
    return make_group(
        db, amina, [chloe], code_name="Choir", first_day=date(2026, 9, 10), capacity=1
    )


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Place:
    return make_place(db, amina, craft, make_person(db, amina))


def came(db: Session, actor: Actor, place: Place, number: int, code: Code) -> None:
    group = db.get_one(Group, place.group_id)
    new = NewMark(tap=f"{place.ref}{number}{code}", place_ref=place.ref, code=code, version=99)
    (taken,) = marking.mark(db, actor, session_of(db, group, number).ref, [new])
    assert taken.saved, taken


def move(db: Session, actor: Actor, place: Place, to: Group, **more: object) -> Place:
    db.refresh(place)
    made = transfers.transfer(
        db, actor, place.ref, to_group_ref=to.ref, version=place.version,
        **{"on": TODAY, **more},  # type: ignore[arg-type]
    )  # fmt: skip
    return db.scalars(select(Place).where(Place.ref == made.place_ref)).one()


def test_both_places_are_kept_and_linked(
    db: Session, amina: Actor, craft: Group, choir: Group, dana: Place
) -> None:
    new = move(db, amina, dana, choir, reason=" The hour suits her ")

    assert (dana.state, dana.left_on, dana.left_reason) == (
        S.TRANSFERRED, TODAY, "The hour suits her",
    )  # fmt: skip
    assert (new.state, new.joined_on, new.moved_from_id) == (
        S.ACCEPTED, date(2026, 9, 17), dana.id,
    )  # fmt: skip
    assert transfers.links(db, amina, craft.ref) == {dana.ref: "to Choir"}
    assert transfers.links(db, amina, choir.ref) == {new.ref: "from Tuesday craft"}
    moved = places.in_group(db, amina, choir.ref).set_index("place")["has_moved"]
    assert moved.to_dict() == {new.ref: True}
    assert recount.differences(db) == []


def test_a_facilitator_is_not_told_the_name_of_a_group_that_is_not_hers(
    db: Session, amina: Actor, ben: Actor, craft: Group, choir: Group, dana: Place
) -> None:
    move(db, amina, dana, choir)

    assert transfers.links(db, ben, craft.ref) == {}


def test_the_seat_left_is_offered_to_whoever_waits(
    db: Session, amina: Actor, craft: Group, choir: Group, dana: Place
) -> None:
    waits = make_place(db, amina, craft, make_person(db, amina, "Bea", "Beason"))

    move(db, amina, dana, choir)

    assert waits.state is S.OFFERED


def test_the_referral_goes_with_her_and_keeps_the_day_of_her_first_session(
    db: Session, amina: Actor, ben: Actor, craft: Group, choir: Group
) -> None:
    person = make_person(db, amina, "Eve", "Eves")
    sent = make_referral(db, amina, person)
    place = make_place(db, amina, craft, person)
    place.joined_on = date(2026, 9, 8)
    db.flush()
    came(db, ben, place, 2, Code.ATTENDED)
    assert sent.first_session_on == date(2026, 9, 15)

    new = move(db, amina, place, choir)

    assert (sent.state, sent.place_id) == (ReferralState.ACCEPTED, new.id)
    assert sent.first_session_on == date(2026, 9, 15)


def test_a_full_group_takes_nobody_and_nothing_changes(
    db: Session, amina: Actor, choir: Group, dana: Place
) -> None:
    make_place(db, amina, choir, make_person(db, amina, "Bea", "Beason"))

    with pytest.raises(ConflictError, match="No seat is free"):
        move(db, amina, dana, choir)

    assert dana.state is S.ACCEPTED


def test_moving_into_the_same_group_is_refused(
    db: Session, amina: Actor, craft: Group, dana: Place
) -> None:
    with pytest.raises(InvalidInputError, match="She is in this group"):
        move(db, amina, dana, craft)


def test_moving_where_she_has_a_place_already_is_refused(
    db: Session, amina: Actor, choir: Group, craft: Group
) -> None:
    person = make_person(db, amina, "Eve", "Eves")
    here, choir.capacity = make_place(db, amina, craft, person), 2
    make_place(db, amina, choir, person)

    with pytest.raises(ConflictError, match="has a place in this group already"):
        move(db, amina, here, choir)


@pytest.mark.parametrize("state", [GroupState.FINISHED, GroupState.CANCELLED])
def test_moving_into_a_group_that_has_ended_is_refused(
    db: Session, amina: Actor, choir: Group, dana: Place, state: GroupState
) -> None:
    choir.state = state
    db.flush()

    with pytest.raises(ConflictError, match="has ended"):
        move(db, amina, dana, choir)


def test_moving_to_where_she_must_not_meet_somebody_is_refused_without_saying_whom(
    db: Session, amina: Actor, choir: Group, craft: Group
) -> None:
    eve, rosa = make_person(db, amina, "Eve", "Eves"), make_person(db, amina, "Rosa", "Finch")
    here = make_place(db, amina, craft, eve)
    choir.capacity = 2
    make_place(db, amina, choir, rosa)
    draft = ConflictDraft(
        first=Party(eve.ref, is_volunteer=False),
        second=Party(rosa.ref, is_volunteer=False),
        strength=Strength.HARD,
        reason="So.",
    )
    conflicts.record(db, amina, draft)

    with pytest.raises(ConflictError, match="not the right one") as refused:
        move(db, amina, here, choir)
    assert "Rosa" not in str(refused.value)


def test_moving_after_the_cut_off_week_needs_a_reason(
    db: Session, amina: Actor, chloe: Actor, dana: Place
) -> None:
    old = make_group(db, amina, [chloe], code_name="Old", first_day=date(2026, 6, 10))

    with pytest.raises(InvalidInputError, match="closed after week 2"):
        move(db, amina, dana, old)
    assert move(db, amina, dana, old, late="Same topics.").late_reason == "Same topics."


@pytest.mark.parametrize("on", [date(2026, 9, 17), date(2026, 9, 1)])
def test_the_last_day_is_neither_to_come_nor_before_the_first(
    db: Session, amina: Actor, choir: Group, dana: Place, on: date
) -> None:
    with pytest.raises(InvalidInputError):
        move(db, amina, dana, choir, on=on)


def test_whoever_only_waits_or_has_left_cannot_move(
    db: Session, amina: Actor, craft: Group, choir: Group, dana: Place
) -> None:
    waits = make_place(db, amina, craft, make_person(db, amina, "Bea", "Beason"))

    with pytest.raises(ConflictError, match="Only somebody who has a place"):
        move(db, amina, waits, choir)


def test_a_stale_form_moves_nobody(db: Session, amina: Actor, choir: Group, dana: Place) -> None:
    with pytest.raises(ConflictError, match="Somebody else changed this place"):
        transfers.transfer(db, amina, dana.ref, to_group_ref=choir.ref, on=TODAY, version=0)


@pytest.mark.parametrize("who", ["ben", "leila", "ada", "vik", "erin"])
def test_only_a_coordinator_moves_people(
    db: Session, choir: Group, dana: Place, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        move(db, request.getfixturevalue(who), dana, choir)


def test_an_unknown_place_or_group_is_not_found(
    db: Session, amina: Actor, choir: Group, dana: Place
) -> None:
    for place, group in (("nothing", choir.ref), (dana.ref, "nothing")):
        with pytest.raises(NotFoundError):
            transfers.transfer(db, amina, place, to_group_ref=group, on=TODAY, version=1)


# --- The last day, and what was marked beyond it ---------------------------------------------


def test_apologies_told_ahead_for_sessions_after_the_last_day_become_not_expected(
    db: Session, amina: Actor, ben: Actor, dana: Place
) -> None:
    came(db, ben, dana, 3, Code.APOLOGIES)
    db.refresh(dana)

    places.leave(
        db, amina, dana.ref, on=TODAY, reason="", because="moved_away", version=dana.version
    )

    assert db.scalars(select(Mark.code)).all() == ["N"]
    assert dana.left_because == "moved_away"
    assert recount.differences(db) == []


def test_the_last_day_is_not_before_a_session_she_came_to(
    db: Session, amina: Actor, ben: Actor, dana: Place
) -> None:
    dana.joined_on = date(2026, 9, 8)
    db.flush()
    came(db, ben, dana, 2, Code.ATTENDED)
    db.refresh(dana)

    with pytest.raises(InvalidInputError, match="session 2, on 15 September 2026"):
        places.leave(db, amina, dana.ref, on=date(2026, 9, 14), reason="", version=dana.version)


def test_a_reason_that_is_not_on_the_list_is_refused(
    db: Session, amina: Actor, dana: Place
) -> None:
    with pytest.raises(InvalidInputError, match="from the list"):
        places.leave(db, amina, dana.ref, on=TODAY, reason="", because="lazy", version=dana.version)
