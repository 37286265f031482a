"""Placing survivor volunteers with groups: who, as what, until when, and who hears of it."""

import json
from datetime import date

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import AuditEntry, Group, GroupState, Placement, PlacementRole, Stage, Volunteer
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.groups import group_overview
from services.permissions import Actor
from services.placing import placements
from services.placing.placements import PlacementDraft
from services.volunteers import stages
from services.volunteers.availability import wishes
from services.volunteers.availability.wishes import WishesDraft
from tests.make import make_group, make_volunteer

TODAY = date(2026, 9, 16)
PLACEABLE = {Stage.SHADOWING, Stage.ACTIVE}
ROLES = list(PlacementRole)


@pytest.fixture
def group(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group that Ben facilitates and Chloe does not."""
    return make_group(db, amina, [ben])


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    """A volunteer who is active."""
    return make_volunteer(db, amina, stage=Stage.ACTIVE)


def place(
    db: Session,
    actor: Actor,
    volunteer: Volunteer,
    group: Group,
    role: PlacementRole = PlacementRole.WELCOME,
    starts_on: date = TODAY,
) -> str:
    draft = PlacementDraft(
        volunteer_ref=volunteer.ref, group_ref=group.ref, role=role, starts_on=starts_on
    )
    return placements.place(db, actor, draft)


# --- Placing -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_an_active_volunteer_is_placed_in_any_role(
    db: Session, amina: Actor, maya: Volunteer, group: Group, role: PlacementRole
) -> None:
    ref = place(db, amina, maya, group, role)

    (row,) = placements.of_volunteer(db, amina, maya.ref).to_dict("records")
    assert (row["placement"], row["group"], row["role"]) == (ref, "Tuesday craft", role.value)
    assert (row["starts"], row["ends"], row["fits"]) == (TODAY, None, True)


@pytest.mark.parametrize("role", ROLES)
def test_who_is_shadowing_is_placed_to_shadow_and_as_nothing_else(
    db: Session, amina: Actor, group: Group, role: PlacementRole
) -> None:
    maya = make_volunteer(db, amina, stage=Stage.SHADOWING)
    if role is PlacementRole.SHADOWING:
        assert place(db, amina, maya, group, role)
        return
    with pytest.raises(InvalidInputError) as refused:
        place(db, amina, maya, group, role)
    assert list(refused.value.problems) == ["role"]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in PLACEABLE])
def test_nobody_is_placed_before_she_is_ready_or_after_she_stepped_back(
    db: Session, amina: Actor, group: Group, stage: Stage
) -> None:
    maya = make_volunteer(db, amina, stage=stage)

    with pytest.raises(InvalidInputError, match="shadowing or active"):
        place(db, amina, maya, group, PlacementRole.SHADOWING)

    assert placements.of_volunteer(db, amina, maya.ref).empty


def test_twice_with_the_same_group_is_refused_in_a_plain_sentence(
    db: Session, amina: Actor, maya: Volunteer, group: Group
) -> None:
    place(db, amina, maya, group)

    with pytest.raises(ConflictError, match="placed with this group already"):
        place(db, amina, maya, group, PlacementRole.CRECHE)


def test_the_database_itself_holds_one_current_placement_for_a_volunteer_and_group(
    db: Session, amina: Actor, maya: Volunteer, group: Group
) -> None:
    place(db, amina, maya, group)
    twin = insert(Placement).values(
        volunteer_id=maya.id, group_id=group.id, role=PlacementRole.CRECHE, starts_on=TODAY
    )

    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(twin)


def test_she_may_be_placed_with_another_group_and_again_once_the_first_time_is_over(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, group: Group
) -> None:
    wishes.save(db, amina, maya.ref, WishesDraft(groups_at_once=2), version=0)
    first = place(db, amina, maya, group)
    walk = make_group(db, amina, [ben], code_name="Friday walk")
    place(db, amina, maya, walk, starts_on=date(2026, 9, 9))
    placements.end(db, amina, first, on=TODAY, version=1)

    place(db, amina, maya, group, PlacementRole.CRECHE)

    placed = placements.of_volunteer(db, amina, maya.ref)
    assert placed["group"].tolist() == ["Tuesday craft", "Friday walk", "Tuesday craft"]
    assert placed["ends"].tolist() == [None, None, TODAY]


@pytest.mark.parametrize("starts_on", [date(2025, 9, 1), date(2027, 9, 16), date(1, 1, 1)])
def test_a_first_day_long_ago_or_after_the_group_is_refused(
    db: Session, amina: Actor, maya: Volunteer, group: Group, starts_on: date
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        place(db, amina, maya, group, starts_on=starts_on)

    assert list(refused.value.problems) == ["starts_on"]


def test_a_group_that_has_ended_takes_nobody(
    db: Session, amina: Actor, maya: Volunteer, group: Group
) -> None:
    group.state = GroupState.FINISHED

    with pytest.raises(InvalidInputError, match="has ended"):
        place(db, amina, maya, group)


def test_an_unknown_volunteer_group_or_placement_is_not_found(
    db: Session, amina: Actor, maya: Volunteer, group: Group
) -> None:
    with pytest.raises(NotFoundError, match="volunteer"):
        place(db, amina, Volunteer(ref="nobody"), group)
    with pytest.raises(NotFoundError, match="group"):
        place(db, amina, maya, Group(ref="nothing"))
    with pytest.raises(NotFoundError, match="placement"):
        placements.end(db, amina, "nothing", on=TODAY, version=1)


# --- Ending ------------------------------------------------------------------------------


@pytest.mark.parametrize("ends_on", [date(2026, 9, 15), date(2026, 9, 17)])
def test_a_last_day_before_the_first_or_to_come_is_refused(
    db: Session, amina: Actor, maya: Volunteer, group: Group, ends_on: date
) -> None:
    ref = place(db, amina, maya, group)

    with pytest.raises(InvalidInputError) as refused:
        placements.end(db, amina, ref, on=ends_on, version=1)

    assert list(refused.value.problems) == ["ends_on"]


def test_a_placement_that_has_not_begun_ends_on_its_first_day(
    db: Session, amina: Actor, maya: Volunteer, group: Group
) -> None:
    first_day = date(2026, 10, 6)
    ref = place(db, amina, maya, group, starts_on=first_day)

    placements.end(db, amina, ref, on=first_day, version=1)

    assert placements.of_volunteer(db, amina, maya.ref)["ends"].tolist() == [first_day]


@pytest.mark.parametrize("version", [1, 2])
def test_of_two_who_end_a_placement_the_second_is_told(
    db: Session, amina: Actor, maya: Volunteer, group: Group, version: int
) -> None:
    ref = place(db, amina, maya, group, starts_on=date(2026, 9, 8))
    placements.end(db, amina, ref, on=date(2026, 9, 15), version=1)

    with pytest.raises(ConflictError, match="ended this placement"):
        placements.end(db, amina, ref, on=TODAY, version=version)

    assert placements.of_volunteer(db, amina, maya.ref)["ends"].tolist() == [date(2026, 9, 15)]


def test_a_placement_somebody_has_changed_is_not_ended_unseen(
    db: Session, amina: Actor, maya: Volunteer, group: Group
) -> None:
    ref = place(db, amina, maya, group)

    with pytest.raises(ConflictError):
        placements.end(db, amina, ref, on=TODAY, version=7)


# --- Stepping back -----------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.STEPPED_BACK, Stage.MOVED_ON, Stage.TRAINING])
def test_stepping_back_ends_no_placement_and_asks_about_those_that_go_on(
    db: Session, amina: Actor, maya: Volunteer, group: Group, stage: Stage
) -> None:
    ref = place(db, amina, maya, group)
    stages.move(db, amina, maya.ref, stage, version=maya.version)

    placed = placements.of_volunteer(db, amina, maya.ref)
    assert (placed["ends"].tolist(), placed["fits"].tolist()) == ([None], [False])

    placements.end(db, amina, ref, on=TODAY, version=1)

    placed = placements.of_volunteer(db, amina, maya.ref)
    assert (placed["ends"].tolist(), placed["fits"].tolist()) == ([TODAY], [True])


def test_shadowing_again_asks_about_a_role_that_is_more_than_that(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, group: Group
) -> None:
    wishes.save(db, amina, maya.ref, WishesDraft(groups_at_once=2), version=0)
    place(db, amina, maya, group, PlacementRole.CO_FACILITATOR)
    walk = make_group(db, amina, [ben], code_name="Friday walk")
    place(db, amina, maya, walk, PlacementRole.SHADOWING)

    stages.move(db, amina, maya.ref, Stage.SHADOWING, version=maya.version)

    placed = placements.of_volunteer(db, amina, maya.ref).set_index("group")
    assert placed["fits"].to_dict() == {"Friday walk": True, "Tuesday craft": False}


# --- Who hears of it ---------------------------------------------------------------------


def test_a_facilitator_sees_first_names_and_roles_and_nothing_else(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, group: Group
) -> None:
    place(db, amina, maya, group)
    gone = make_volunteer(db, amina, "Ines", "Okoro", stage=Stage.ACTIVE)
    placements.end(db, amina, place(db, amina, gone, group), on=TODAY, version=1)

    seen = placements.in_group(db, ben, group)

    assert seen.columns.tolist() == ["first_name", "role"]
    assert seen.to_numpy().tolist() == [["Maya", "welcome"]]


def test_stepping_back_changes_nothing_a_facilitator_sees(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, group: Group
) -> None:
    place(db, amina, maya, group)
    before = placements.in_group(db, ben, group)

    stages.move(db, amina, maya.ref, Stage.STEPPED_BACK, version=maya.version)

    assert placements.in_group(db, ben, group).equals(before)


def test_another_facilitator_does_not_know_of_the_group(
    db: Session, amina: Actor, chloe: Actor, maya: Volunteer, group: Group
) -> None:
    place(db, amina, maya, group)

    with pytest.raises(NotFoundError):
        group_overview.read(db, chloe, group.ref)


@pytest.mark.parametrize("stranger", ["ada", "vik", "erin"])
def test_roles_without_groups_see_nobody_in_them(
    db: Session, group: Group, stranger: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        placements.in_group(db, request.getfixturevalue(stranger), group)


@pytest.mark.parametrize("stranger", ["ben", "leila", "ada", "vik", "erin"])
def test_nobody_but_a_coordinator_places_or_ends_or_lists(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    group: Group,
    stranger: str,
    request: pytest.FixtureRequest,
) -> None:
    ref = place(db, amina, maya, group)
    actor: Actor = request.getfixturevalue(stranger)
    for attempt in (
        lambda: place(db, actor, maya, group),
        lambda: placements.end(db, actor, ref, on=TODAY, version=1),
        lambda: placements.of_volunteer(db, actor, maya.ref),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_the_log_names_records_and_nobody(
    db: Session, amina: Actor, maya: Volunteer, group: Group
) -> None:
    ref = place(db, amina, maya, group)
    placements.end(db, amina, ref, on=TODAY, version=1)

    entries = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).all()

    assert [entry.action for entry in entries] == ["volunteer.placement_ended", "volunteer.placed"]
    assert {entry.subject for entry in entries} == {f"volunteer:{maya.ref}"}
    assert json.loads(entries[1].details) == {
        "group": group.ref,
        "placement": ref,
        "role": "welcome",
        "weighed": False,
    }
