"""Offers: a free seat is held for one who waits, and passes on when nobody answers."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, GroupState, Organisation, Person, Place, PlaceState, Strength
from services import audit
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.places import offers, places
from services.placing import conflicts, placing
from services.placing.conflicts import ConflictDraft, Party
from services.tallies import recount
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place

TODAY = date(2026, 9, 16)
S = PlaceState


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group for one that starts today."""
    return make_group(db, amina, [ben], first_day=TODAY, capacity=1)


@pytest.fixture
def queue(db: Session, amina: Actor, craft: Group, time_stands_still: Clock) -> list[Place]:
    """Who has the seat, and three who wait, in the order they asked."""
    made = []
    for name in ("Ada", "Bea", "Cleo", "Dot"):
        made.append(make_place(db, amina, craft, make_person(db, amina, name, f"{name}son")))
        time_stands_still.go_on(seconds=1)
    return made


def leave(db: Session, actor: Actor, place: Place) -> str | None:
    return places.leave(db, actor, place.ref, on=TODAY, reason="", version=place.version)


def states(queue: list[Place]) -> list[str]:
    return [place.state.value for place in queue]


def test_a_free_seat_is_offered_for_five_working_days(
    db: Session, amina: Actor, craft: Group, queue: list[Place]
) -> None:
    leave(db, amina, queue[0])

    row = places.in_group(db, amina, craft.ref).set_index("place").loc[queue[1].ref]
    assert (row["state"], row["until"], row["is_over"]) == ("offered", date(2026, 9, 23), False)


def test_the_organisation_says_how_long_an_offer_is_held(
    db: Session, amina: Actor, craft: Group, queue: list[Place]
) -> None:
    db.scalars(select(Organisation)).one().offer_days = 2
    db.flush()
    leave(db, amina, queue[0])

    assert offers.standing(db, amina)["until"].tolist() == [date(2026, 9, 18)]


def test_an_offer_stands_until_its_last_day_is_over_and_then_passes_on_in_fair_order(
    db: Session, amina: Actor, queue: list[Place], time_stands_still: Clock
) -> None:
    leave(db, amina, queue[0])

    time_stands_still.moment = time_stands_still.moment.replace(day=23, hour=22, minute=59)
    assert places.pass_on_lapsed(db) == 0
    time_stands_still.go_on(minutes=1)  # midnight in summer time
    assert places.pass_on_lapsed(db) == 1

    assert states(queue) == ["left_early", "waiting", "offered", "waiting"]
    assert recount.differences(db) == []


def test_passing_on_twice_is_passing_on_once(
    db: Session, amina: Actor, queue: list[Place], time_stands_still: Clock
) -> None:
    leave(db, amina, queue[0])
    time_stands_still.go_on(days=8)

    assert [places.pass_on_lapsed(db), places.pass_on_lapsed(db)] == [1, 0]
    entries = db.scalars(select(AuditEntry.action)).all()
    assert entries.count("offers.passed_on") == 1
    assert audit.verify(db).faults == ()


def test_she_who_did_not_answer_keeps_her_position_and_is_offered_a_seat_by_hand_only(
    db: Session, amina: Actor, queue: list[Place], time_stands_still: Clock
) -> None:
    leave(db, amina, queue[0])
    for _week in range(3):
        time_stands_still.go_on(days=8)
        places.pass_on_lapsed(db)

    assert states(queue) == ["left_early", "waiting", "waiting", "waiting"]
    again = queue[1]
    offers.offer(db, amina, again.ref, version=again.version, late="She was in hospital.")
    assert (again.state, again.lapsed_at) == (S.OFFERED, None)


def test_an_offer_counts_as_a_seat(
    db: Session, amina: Actor, craft: Group, queue: list[Place]
) -> None:
    leave(db, amina, queue[0])

    assert make_place(db, amina, craft, make_person(db, amina, "Eve", "Eves")).state is S.WAITING
    with pytest.raises(ConflictError, match="No seat is free"):
        places.take_up(db, amina, queue[2].ref, version=queue[2].version)
    with pytest.raises(ConflictError, match="No seat is free"):
        offers.offer(db, amina, queue[2].ref, version=queue[2].version)


def test_a_seat_whose_offer_has_lapsed_is_not_given_past_the_waiting_list(
    db: Session, amina: Actor, craft: Group, queue: list[Place], time_stands_still: Clock
) -> None:
    leave(db, amina, queue[0])
    time_stands_still.go_on(days=8)

    late_comer = make_person(db, amina, "Eve", "Eves")
    given = places.enrol(
        db, amina, group_ref=craft.ref, person_ref=late_comer.ref, late="Her sister told us."
    )

    assert given.state == "waiting"
    assert states(queue) == ["left_early", "waiting", "offered", "waiting"]


def test_declining_with_a_reason_offers_the_seat_to_the_next(
    db: Session, amina: Actor, queue: list[Place]
) -> None:
    leave(db, amina, queue[0])

    following = offers.decline(
        db, amina, queue[1].ref, version=queue[1].version, reason=" Works on Wednesdays "
    )

    assert following == queue[2].ref
    assert (queue[1].state, queue[1].left_reason) == (S.DECLINED, "Works on Wednesdays")
    assert "Wednesdays" not in "".join(db.scalars(select(AuditEntry.details)))


def test_a_lapsed_offer_cannot_be_accepted_and_the_sentence_says_what_to_do(
    db: Session, amina: Actor, queue: list[Place], time_stands_still: Clock
) -> None:
    leave(db, amina, queue[0])
    time_stands_still.go_on(days=8)

    for answer in (offers.accept, offers.decline):
        with pytest.raises(ConflictError, match=r"ended on 23 September 2026.*next seat"):
            answer(db, amina, queue[1].ref, version=queue[1].version)


def test_a_second_offer_while_one_stands_is_refused(
    db: Session, amina: Actor, queue: list[Place]
) -> None:
    leave(db, amina, queue[0])

    with pytest.raises(ConflictError, match="offered to her already"):
        offers.offer(db, amina, queue[1].ref, version=queue[1].version)


def test_only_an_offer_can_be_answered_and_only_one_who_waits_be_offered_a_seat(
    db: Session, amina: Actor, queue: list[Place]
) -> None:
    with pytest.raises(ConflictError, match="No offer to her stands"):
        offers.accept(db, amina, queue[1].ref, version=queue[1].version)
    with pytest.raises(ConflictError, match="those who wait"):
        offers.offer(db, amina, queue[0].ref, version=queue[0].version)


@pytest.mark.parametrize("until", [date(2026, 9, 15), date(2026, 12, 1)])
def test_an_offer_ends_within_reason(
    db: Session, amina: Actor, craft: Group, queue: list[Place], until: date
) -> None:
    places.change_capacity(db, amina, craft.ref, 2, version=craft.version)
    offers.decline(db, amina, queue[1].ref, version=queue[1].version)
    offers.decline(db, amina, queue[2].ref, version=queue[2].version)
    offers.decline(db, amina, queue[3].ref, version=queue[3].version)
    waits = make_place(db, amina, craft, make_person(db, amina, "Eve", "Eves"))
    waits.state = S.WAITING
    db.flush()

    with pytest.raises(InvalidInputError, match="60 days ahead"):
        offers.offer(db, amina, waits.ref, version=waits.version, until=until)
    last = offers.offer(db, amina, waits.ref, version=waits.version, until=date(2026, 9, 30))
    assert last == date(2026, 9, 30)
    shown = places.in_group(db, amina, craft.ref).set_index("place")["until"]
    assert shown[waits.ref] == last


@pytest.mark.parametrize("state", [GroupState.FINISHED, GroupState.CANCELLED])
def test_a_group_that_has_ended_offers_nothing(
    db: Session,
    amina: Actor,
    craft: Group,
    queue: list[Place],
    time_stands_still: Clock,
    state: GroupState,
) -> None:
    leave(db, amina, queue[0])
    craft.state = state
    db.flush()

    with pytest.raises(ConflictError, match="has ended"):
        offers.accept(db, amina, queue[1].ref, version=queue[1].version)
    with pytest.raises(ConflictError, match="has ended"):
        offers.offer(db, amina, queue[2].ref, version=queue[2].version)
    time_stands_still.go_on(days=8)
    assert places.pass_on_lapsed(db) == 1
    assert states(queue)[1:] == ["waiting"] * 3


# --- Who may not be here ---------------------------------------------------------------------


def keep_apart(
    db: Session, actor: Actor, one: Place, other: Person, strength: Strength = Strength.HARD
) -> None:
    first = Party(db.get_one(Person, one.person_id).ref, is_volunteer=False)
    draft = ConflictDraft(
        first=first, second=Party(other.ref, is_volunteer=False), strength=strength, reason="So."
    )
    conflicts.record(db, actor, draft)


def test_an_offer_passes_over_whom_the_group_is_not_right_for(
    db: Session, amina: Actor, craft: Group, queue: list[Place], time_stands_still: Clock
) -> None:
    places.change_capacity(db, amina, craft.ref, 2, version=craft.version)
    offers.accept(db, amina, queue[1].ref, version=queue[1].version)
    keep_apart(db, amina, queue[1], db.get_one(Person, queue[2].person_id))

    leave(db, amina, queue[0])

    assert states(queue) == ["left_early", "accepted", "waiting", "offered"]


def test_what_came_up_while_an_offer_stood_is_weighed_before_she_takes_the_seat(
    db: Session, amina: Actor, craft: Group, queue: list[Place]
) -> None:
    places.change_capacity(db, amina, craft.ref, 2, version=craft.version)
    keep_apart(db, amina, queue[0], db.get_one(Person, queue[1].person_id), Strength.SOFT)

    with pytest.raises(InvalidInputError) as refused:
        offers.accept(db, amina, queue[1].ref, version=queue[1].version)
    assert refused.value.problems == {"despite": placing.WEIGH}
    offers.accept(db, amina, queue[1].ref, version=queue[1].version, despite="They know.")

    assert (queue[1].state, queue[1].despite) == (S.ACCEPTED, "They know.")


# --- How many seats there are ----------------------------------------------------------------


def test_more_seats_are_offered_at_once_and_in_order(
    db: Session, amina: Actor, craft: Group, queue: list[Place]
) -> None:
    assert places.change_capacity(db, amina, craft.ref, 3, version=craft.version) == 2
    assert states(queue) == ["accepted", "offered", "offered", "waiting"]


@pytest.mark.parametrize("capacity", [0, -1, 1, 61])
def test_capacity_below_places_taken_or_beyond_reason_is_refused(
    db: Session, amina: Actor, craft: Group, queue: list[Place], capacity: int
) -> None:
    places.change_capacity(db, amina, craft.ref, 2, version=craft.version)

    with pytest.raises(InvalidInputError, match=r"from 2 to 60 places: 2 are taken or offered"):
        places.change_capacity(db, amina, craft.ref, capacity, version=craft.version)


def test_a_stale_form_changes_no_capacity(db: Session, amina: Actor, craft: Group) -> None:
    with pytest.raises(ConflictError, match="Somebody else changed this group"):
        places.change_capacity(db, amina, craft.ref, 5, version=craft.version + 1)


# --- After the cut-off week ------------------------------------------------------------------


def test_a_closed_group_takes_nobody_after_its_cut_off_week_without_a_reason(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben], first_day=TODAY)  # closed after week 2
    eve = make_person(db, amina, "Eve", "Eves")
    time_stands_still.go_on(days=14)

    with pytest.raises(InvalidInputError, match="closed after week 2"):
        places.enrol(db, amina, group_ref=group.ref, person_ref=eve.ref, late=" ")
    places.enrol(db, amina, group_ref=group.ref, person_ref=eve.ref, late="Came from Harbour.")

    assert db.scalars(select(Place)).one().late_reason == "Came from Harbour."


def test_the_last_day_of_the_cut_off_week_is_in_time_and_a_rolling_group_never_closes(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    closed = make_group(db, amina, [ben], first_day=TODAY)
    rolling = make_group(
        db, amina, [ben], first_day=TODAY, programme="open_door", code_name="Kettles"
    )
    eve = make_person(db, amina, "Eve", "Eves")

    time_stands_still.go_on(days=13)
    assert make_place(db, amina, closed, eve).state is S.ACCEPTED
    time_stands_still.go_on(days=20)
    assert make_place(db, amina, rolling, eve).state is S.ACCEPTED


def test_after_the_cut_off_week_no_offer_goes_out_by_itself(
    db: Session, amina: Actor, queue: list[Place], time_stands_still: Clock
) -> None:
    leave(db, amina, queue[0])
    time_stands_still.go_on(days=15)

    assert places.pass_on_lapsed(db) == 1

    assert states(queue) == ["left_early", "waiting", "waiting", "waiting"]


# --- Who may ---------------------------------------------------------------------------------

ACTS: tuple[Callable[[Session, Actor, Place], object], ...] = (
    lambda db, actor, place: offers.offer(db, actor, place.ref, version=1),
    lambda db, actor, place: offers.accept(db, actor, place.ref, version=1),
    lambda db, actor, place: offers.decline(db, actor, place.ref, version=1),
    lambda db, actor, _place: offers.standing(db, actor),
)


@pytest.mark.parametrize("who", ["ben", "leila", "ada", "vik", "erin"])
@pytest.mark.parametrize("act", ACTS)
def test_only_a_coordinator_offers_seats_and_takes_answers(
    db: Session,
    queue: list[Place],
    act: Callable[[Session, Actor, Place], object],
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    with pytest.raises(NotPermittedError):
        act(db, request.getfixturevalue(who), queue[1])


def test_an_unknown_place_is_not_found(db: Session, amina: Actor) -> None:
    with pytest.raises(NotFoundError):
        offers.accept(db, amina, "nothing", version=1)


def test_two_who_answer_at_once_do_not_both_count(
    db: Session, amina: Actor, queue: list[Place]
) -> None:
    leave(db, amina, queue[0])
    seen = queue[1].version
    offers.accept(db, amina, queue[1].ref, version=seen)

    with pytest.raises(ConflictError, match="Somebody else changed this place"):
        offers.decline(db, amina, queue[1].ref, version=seen)
