"""Who supervises whom, and who stands in for her, without a circle."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Role, Stage, Volunteer, VolunteerSupport
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor
from services.volunteers.support import absences, recording, supervisors
from services.volunteers.support.absences import AbsenceDraft
from services.volunteers.support.circles import leads_back
from services.volunteers.support.rhythm import Kind, State
from tests.conftest import Clock
from tests.make import make_actor, make_volunteer
from tests.services.volunteers.support.meetings import TODAY, away, meet, name, states

# --- Who supervises whom -----------------------------------------------------------------


def test_a_supervisor_is_named_and_another_later(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    name(db, amina, maya, amina)
    assert supervisors.of_volunteer(db, amina, maya.ref).supervisor == "Amina"

    name(db, zora, maya, zora)
    view = supervisors.of_volunteer(db, amina, maya.ref)
    assert (view.supervisor, view.is_hers_to_read) == ("Zora", False)


def test_of_two_who_name_a_supervisor_the_second_is_told(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    name(db, amina, maya, amina)
    with pytest.raises(ConflictError, match="Somebody else changed her supervisor"):
        supervisors.name(
            db, zora, maya.ref, supervisor_ref=zora.ref, own_account_ref=None, version=0
        )


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.ADMINISTRATOR])
def test_nobody_supervises_whose_role_does_not_allow_it(
    db: Session, amina: Actor, maya: Volunteer, role: Role
) -> None:
    other = make_actor(db, "other", role)
    with pytest.raises(InvalidInputError) as refused:
        name(db, amina, maya, other)
    assert refused.value.problems.keys() == {"supervisor"}
    assert other.ref not in supervisors.choices(db, amina)


def test_nobody_supervises_herself(db: Session, amina: Actor, maya: Volunteer) -> None:
    with pytest.raises(InvalidInputError, match="Nobody supervises herself"):
        name(db, amina, maya, amina, own=amina)
    assert supervisors.of_volunteer(db, amina, maya.ref).supervisor is None


def test_the_database_itself_lets_nobody_supervise_herself(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    kept = VolunteerSupport(
        volunteer_id=maya.id, supervisor_id=amina.account_id, own_account_id=amina.account_id
    )
    db.add(kept)
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_two_do_not_supervise_each_other_in_a_circle(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    name(db, amina, maya, zora, own=amina)
    with pytest.raises(InvalidInputError, match="in a circle"):
        name(db, amina, ines, amina, own=zora)


def test_going_from_supervisor_to_supervisor_ends_also_where_it_turns_in_a_circle() -> None:
    assert leads_back([2], 1, {2: {3}, 3: {1}})
    assert leads_back([2], 1, {2: {3, 4}, 4: {1}})
    assert not leads_back([2], 1, {2: {3}, 3: {2}})
    assert not leads_back([2], 1, {})
    assert not leads_back([], 1, {2: {1}})


def test_an_account_is_one_volunteers_own(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer, ben: Actor
) -> None:
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    name(db, amina, maya, zora, own=ben)
    with pytest.raises(InvalidInputError, match="another volunteer's"):
        name(db, amina, ines, zora, own=ben)


def test_a_closed_account_supervises_nobody_any_more(
    db: Session, amina: Actor, zora: Actor, ada: Actor, maya: Volunteer
) -> None:
    name(db, amina, maya, zora)
    db.execute(text("UPDATE accounts SET is_active = false WHERE username = 'zora'"))

    assert supervisors.of_volunteer(db, amina, maya.ref).supervisor is None
    assert states(db, amina, maya)[Kind.SUPERVISOR] is State.AMBER
    with pytest.raises(InvalidInputError):
        name(db, amina, maya, zora)


# --- Standing in -------------------------------------------------------------------------


def test_who_stands_in_reads_and_keeps_it_in_that_time_only(
    db: Session, amina: Actor, zora: Actor, supervised: Volunteer, time_stands_still: Clock
) -> None:
    away(db, amina, amina, zora, days=2, start=1)
    with pytest.raises(NotFoundError):
        recording.check_ins(db, zora, supervised.ref)

    time_stands_still.go_on(days=1)
    meet(db, zora, supervised)
    view = supervisors.of_volunteer(db, zora, supervised.ref)
    assert (view.stand_in, view.is_hers_to_read) == ("Zora", True)
    assert recording.meetings(db, amina, supervised.ref)["by"].tolist() == ["Zora"]

    time_stands_still.go_on(days=3)
    with pytest.raises(NotFoundError):
        recording.meetings(db, zora, supervised.ref)


def test_back_early_the_one_who_stood_in_reads_nothing_more(
    db: Session, amina: Actor, zora: Actor, supervised: Volunteer, time_stands_still: Clock
) -> None:
    ref = away(db, amina, amina, zora)
    time_stands_still.go_on(days=1)
    absences.end(db, amina, ref, version=1)

    assert absences.listed(db, amina).empty
    with pytest.raises(NotFoundError):
        recording.meetings(db, zora, supervised.ref)
    with pytest.raises(ConflictError):
        absences.end(db, zora, ref, version=1)


def test_an_absence_that_has_not_begun_goes_without_a_trace_in_the_list(
    db: Session, amina: Actor, zora: Actor
) -> None:
    ref = away(db, amina, amina, zora, start=5)
    absences.end(db, amina, ref, version=1)
    assert absences.listed(db, amina).empty
    with pytest.raises(NotFoundError):
        absences.end(db, amina, ref, version=1)


def test_nobody_stands_in_who_is_away_or_is_away_while_she_stands_in(
    db: Session, amina: Actor, zora: Actor
) -> None:
    petra = make_actor(db, "petra", Role.COORDINATOR)
    away(db, amina, amina, zora, days=5)

    with pytest.raises(InvalidInputError, match="away herself"):
        away(db, amina, petra, amina, start=2)
    with pytest.raises(InvalidInputError, match="stands in for a colleague"):
        away(db, amina, zora, petra, start=2)
    with pytest.raises(InvalidInputError, match="noted in these days already"):
        away(db, amina, amina, petra, start=5)
    assert away(db, amina, zora, petra, start=6)


def test_two_who_stand_in_for_each_other_at_once_would_leave_nobody(
    db: Session, amina: Actor, zora: Actor
) -> None:
    away(db, amina, amina, zora)
    with pytest.raises(InvalidInputError):
        away(db, amina, zora, amina)


@pytest.mark.parametrize(
    ("starts", "ends", "field"), [(0, -1, "ends_on"), (-5, -1, "ends_on"), (0, 367, "ends_on")]
)
def test_an_absence_needs_days_that_make_sense(
    db: Session, amina: Actor, zora: Actor, starts: int, ends: int, field: str
) -> None:
    draft = AbsenceDraft(
        supervisor_ref=amina.ref, stand_in_ref=zora.ref, starts_on=TODAY + timedelta(starts),
        ends_on=TODAY + timedelta(ends),
    )  # fmt: skip
    with pytest.raises(InvalidInputError) as refused:
        absences.add(db, amina, draft)
    assert refused.value.problems.keys() == {field}
    with pytest.raises(InvalidInputError, match="stand in for herself"):
        away(db, amina, amina, amina)


def test_nobody_reads_her_own_support_by_standing_in_for_her_supervisor(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    name(db, amina, maya, amina, own=zora)
    with pytest.raises(InvalidInputError, match="who is away supervises her"):
        away(db, amina, amina, zora)

    petra = make_actor(db, "petra", Role.COORDINATOR)
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    away(db, amina, amina, petra)
    with pytest.raises(InvalidInputError, match="somebody she supervises stands in"):
        name(db, amina, ines, amina, own=petra)


def test_no_circle_closes_over_somebody_who_stands_in(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    petra = make_actor(db, "petra", Role.COORDINATOR)
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    name(db, amina, maya, amina, own=zora)
    name(db, amina, ines, zora, own=petra)
    with pytest.raises(InvalidInputError, match="or whoever supervises her"):
        away(db, amina, amina, petra)


def test_nobody_is_named_whose_stand_in_is_supervised_from_here(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    petra = make_actor(db, "petra", Role.COORDINATOR)
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    name(db, amina, ines, zora, own=petra)
    away(db, amina, amina, petra)
    with pytest.raises(InvalidInputError, match="somebody she supervises stands in"):
        name(db, amina, maya, amina, own=zora)
