"""Every rule about a volunteer and whom she must not meet, at each offer."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AvailabilityException,
    Group,
    Person,
    SessionState,
    Shift,
    ShiftState,
    Stage,
    Volunteer,
)
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor
from services.places import places
from services.placing import placements, placing
from services.placing.placements import PlacementDraft
from services.volunteers import stages
from services.volunteers.rota import facts, listing, shifts
from services.volunteers.rota.problem import Rule
from tests.conftest import Clock
from tests.make import make_group, make_person, session_of
from tests.services.placing.test_placing import keep_apart
from tests.services.volunteers.own_time.before import been, link
from tests.services.volunteers.shifts import (
    FIRST,
    MONDAYS,
    WELCOME,
    accepted,
    offer,
    seasoned,
    shift,
    wish,
)

# --- Every rule about her ----------------------------------------------------------------


def test_an_offer_at_another_sessions_time_is_refused(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, craft: Group
) -> None:
    wish(db, maya, groups_at_once=2)
    walk = make_group(db, amina, [ben], code_name="Tuesday walk", first_day=FIRST)
    offer(db, amina, maya, craft)

    with pytest.raises(InvalidInputError, match="at that time"):
        offer(db, amina, maya, walk)


def test_a_second_group_is_beyond_her_limit_of_one(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, craft: Group
) -> None:
    walk = make_group(db, amina, [ben], code_name="Monday walk", first_day=MONDAYS)
    offer(db, amina, maya, craft)

    with pytest.raises(InvalidInputError, match="as many groups"):
        offer(db, amina, maya, walk)


def test_a_placement_elsewhere_counts_as_a_group(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, craft: Group
) -> None:
    walk = make_group(db, amina, [ben], code_name="Monday walk", first_day=MONDAYS)
    draft = PlacementDraft(
        volunteer_ref=maya.ref, group_ref=walk.ref, role=WELCOME, starts_on=MONDAYS
    )
    placements.place(db, amina, draft)

    with pytest.raises(InvalidInputError, match="as many groups"):
        offer(db, amina, maya, craft)


def test_more_sessions_in_a_month_than_she_wishes_are_refused(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    wish(db, maya, most_a_month=1)
    offer(db, amina, maya, craft, 1)

    with pytest.raises(InvalidInputError, match="that month"):
        offer(db, amina, maya, craft, 2)
    assert offer(db, amina, maya, craft, 3)  # in October


def test_days_away_are_kept_free(db: Session, amina: Actor, maya: Volunteer, craft: Group) -> None:
    away = AvailabilityException(volunteer_id=maya.id, starts_on=FIRST, ends_on=FIRST)
    db.add(away)
    db.flush()

    with pytest.raises(InvalidInputError, match="not free then"):
        offer(db, amina, maya, craft)


@pytest.mark.parametrize("away", stages.AWAY)
def test_who_steps_back_or_moves_on_is_on_no_session_to_come(
    db: Session, amina: Actor, maya: Volunteer, craft: Group, away: Stage
) -> None:
    asked, agreed = offer(db, amina, maya, craft), offer(db, amina, maya, craft, 2)
    shifts.answer(db, amina, agreed, accepts=True, version=1)

    assert stages.move(db, amina, maya.ref, away, version=maya.version) == 2

    found = dict(db.execute(select(Shift.ref, Shift.state)).all())
    assert found == {asked: ShiftState.WITHDRAWN, agreed: ShiftState.CANCELLED}


def test_who_goes_back_to_training_is_not_asked_and_a_yes_is_checked_again(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    ref = offer(db, amina, maya, craft)
    assert stages.move(db, amina, maya.ref, Stage.TRAINING, version=maya.version) == 0

    with pytest.raises(InvalidInputError, match="shadowing or active"):
        shifts.answer(db, amina, ref, accepts=True, version=1)
    (who,) = listing.session(db, amina, session_of(db, craft).ref).people
    assert who.against == "stage"


def test_a_session_that_has_begun_or_was_cancelled_is_not_offered(
    db: Session, amina: Actor, maya: Volunteer, craft: Group, time_stands_still: Clock
) -> None:
    session_of(db, craft, 2).state = SessionState.CANCELLED
    with pytest.raises(ConflictError, match="was cancelled"):
        offer(db, amina, maya, craft, 2)
    time_stands_still.go_on(days=7)
    with pytest.raises(ConflictError, match="has begun"):
        offer(db, amina, maya, craft, 1)


# --- Whom she must not meet --------------------------------------------------------------


def test_a_conflict_stops_an_offer_and_names_nobody(
    db: Session, amina: Actor, maya: Volunteer, craft: Group, dana: Person
) -> None:
    keep_apart(db, amina, maya, dana)

    with pytest.raises(ConflictError) as refused:
        offer(db, amina, maya, craft)
    assert str(refused.value).startswith("This group is not the right one for her.")
    assert "Dana" not in str(refused.value)


def test_what_is_sealed_reads_like_a_group_that_is_not_right_for_her(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, craft: Group
) -> None:
    """Her own group here ended last month: a rule says no, and nobody may learn which."""
    own = make_group(db, amina, [ben], code_name="Own")
    been(db, amina, own, person := make_person(db, amina), left=date(2026, 8, 20))
    link(db, amina, maya, person)

    with pytest.raises(ConflictError) as refused:
        offer(db, amina, maya, craft)
    assert str(refused.value) == placing.NOT_HERE

    session = session_of(db, craft)
    found = facts.gather(db, [session], [maya])
    assert set(found.problem.ruled_out.values()) == {Rule.CONFLICT}
    assert found.says == {}


def test_a_swap_does_not_lead_where_an_offer_does_not(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group, dana: Person
) -> None:
    ref = accepted(db, amina, ines, craft)
    keep_apart(db, amina, maya, dana)

    with pytest.raises(ConflictError, match="not the right one"):
        shifts.swap(db, amina, ref, maya.ref, version=shift(db, ref).version)
    assert shift(db, ref).state is ShiftState.ACCEPTED


def test_who_covers_a_session_counts_as_there_when_somebody_joins_the_group(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    rosa = make_person(db, amina, "Rosa", "Lindqvist")
    keep_apart(db, amina, maya, rosa)
    offer(db, amina, maya, craft)

    with pytest.raises(ConflictError, match="not the right one"):
        places.enrol(db, amina, group_ref=craft.ref, person_ref=rosa.ref)


def test_what_is_to_be_weighed_needs_a_coordinators_reason_once(
    db: Session, amina: Actor, craft: Group, dana: Person
) -> None:
    okoro = seasoned(db, amina, "Ama", "Okoro")  # the same surname as Dana's
    with pytest.raises(InvalidInputError) as asked:
        offer(db, amina, okoro, craft)
    assert list(asked.value.problems) == ["despite"]

    ref = offer(db, amina, okoro, craft, despite="They do not know each other.")

    shifts.answer(db, amina, ref, accepts=True, version=1)
    assert shift(db, ref).despite == "They do not know each other."
    assert offer(db, amina, okoro, craft, 2)  # weighed for this group
