"""Places: up to capacity, then the waiting list, and up from it in fair order."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models import Group, GroupState, Place, PlaceState
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.places import offers, places
from services.tallies import tallies
from services.tallies.tallies import Kind
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place


@pytest.fixture
def small(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group for two."""
    return make_group(db, amina, [ben], capacity=2)


def test_people_are_seated_up_to_capacity_and_then_wait_in_order(
    db: Session, amina: Actor, small: Group
) -> None:
    refs = [make_person(db, amina, name, name).ref for name in ("Ada", "Bea", "Cleo", "Dot")]

    given = [places.enrol(db, amina, group_ref=small.ref, person_ref=ref) for ref in refs]

    assert [one.state for one in given] == ["accepted", "accepted", "waiting", "waiting"]
    assert [one.waiting_position for one in given] == [None, None, 1, 2]
    assert _enrolled(db) == 2


def test_a_seat_that_comes_free_is_offered_to_whoever_waited_longest(
    db: Session, amina: Actor, small: Group, time_stands_still: Clock
) -> None:
    seated, _, first, second = _fill(db, amina, small, time_stands_still, 4)

    moved = places.leave(
        db, amina, seated.ref, on=date(2026, 9, 16), reason="Moved away", version=seated.version
    )

    assert moved == first.ref
    assert (seated.state, first.state, second.state) == (
        PlaceState.LEFT_EARLY,
        PlaceState.OFFERED,
        PlaceState.WAITING,
    )
    assert _enrolled(db) == 2  # who left stays in the count; who is offered a seat is not yet in

    offers.accept(db, amina, first.ref, version=first.version)

    assert (first.state, first.joined_on) == (PlaceState.ACCEPTED, date(2026, 9, 16))
    assert _enrolled(db) == 3


def test_a_place_given_up_before_the_first_day_is_offered_to_whoever_waits(
    db: Session, amina: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben], first_day=date(2026, 9, 23), capacity=1)
    early = make_place(db, amina, group, make_person(db, amina))
    waits = make_place(db, amina, group, make_person(db, amina, "Waits"))

    moved = places.leave(
        db, amina, early.ref, on=date(2026, 9, 16), reason="", version=early.version
    )

    assert moved == waits.ref
    assert (early.state, waits.state) == (PlaceState.DECLINED, PlaceState.OFFERED)
    assert _enrolled(db) == 0


def test_leaving_the_waiting_list_moves_nobody_up(
    db: Session, amina: Actor, small: Group, time_stands_still: Clock
) -> None:
    *_, first, second = _fill(db, amina, small, time_stands_still, 4)

    moved = places.leave(
        db, amina, first.ref, on=date(2026, 9, 16), reason="", version=first.version
    )

    assert moved is None
    assert (first.state, second.state) == (PlaceState.DECLINED, PlaceState.WAITING)


def test_nobody_has_two_places_in_one_group(db: Session, amina: Actor, small: Group) -> None:
    dana = make_person(db, amina)
    make_place(db, amina, small, dana)

    with pytest.raises(ConflictError, match="already"):
        make_place(db, amina, small, dana)


def test_somebody_who_left_may_come_back(
    db: Session, amina: Actor, small: Group, time_stands_still: Clock
) -> None:
    dana = make_person(db, amina)
    first = make_place(db, amina, small, dana)
    places.leave(db, amina, first.ref, on=date(2026, 9, 16), reason="", version=first.version)

    assert make_place(db, amina, small, dana).state is PlaceState.ACCEPTED


def test_a_group_that_has_ended_takes_nobody(db: Session, amina: Actor, small: Group) -> None:
    small.state = GroupState.FINISHED

    with pytest.raises(ConflictError, match="has ended"):
        make_place(db, amina, small, make_person(db, amina))


def test_a_stale_form_ends_no_place(db: Session, amina: Actor, small: Group) -> None:
    place = make_place(db, amina, small, make_person(db, amina))

    with pytest.raises(ConflictError):
        places.leave(db, amina, place.ref, on=date(2026, 9, 16), reason="", version=0)
    for on in (date(2020, 1, 1), small.ends_on + timedelta(days=1)):
        with pytest.raises(InvalidInputError):
            places.leave(db, amina, place.ref, on=on, reason="", version=place.version)


def test_a_facilitator_sees_the_people_of_her_groups_only(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, small: Group
) -> None:
    make_place(db, amina, small, make_person(db, amina))

    assert places.in_group(db, ben, small.ref)["name"].tolist() == ["Dana Okoro"]
    assert places.in_group(db, chloe, small.ref).empty


@pytest.mark.parametrize("who", ["ben", "leila", "ada", "vik", "erin"])
def test_only_a_coordinator_gives_places(
    db: Session, amina: Actor, small: Group, who: str, request: pytest.FixtureRequest
) -> None:
    person = make_person(db, amina)

    with pytest.raises(NotPermittedError):
        make_place(db, request.getfixturevalue(who), small, person)


def test_an_unknown_group_or_person_is_not_found(db: Session, amina: Actor, small: Group) -> None:
    person = make_person(db, amina)
    for group_ref, person_ref in ((small.ref, "nobody"), ("nothing", person.ref)):
        with pytest.raises(NotFoundError):
            places.enrol(db, amina, group_ref=group_ref, person_ref=person_ref)


def _fill(db: Session, actor: Actor, group: Group, time: Clock, many: int) -> list[Place]:
    made = []
    for number in range(many):
        made.append(make_place(db, actor, group, make_person(db, actor, f"Person{number}")))
        time.go_on(seconds=timedelta(seconds=1).total_seconds())
    return made


def _enrolled(db: Session) -> int:
    counts = tallies.counts(db, Kind.PLACE, key="enrolled")
    return int(counts["count"].sum())
