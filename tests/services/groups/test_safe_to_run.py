"""Which coming sessions are safe to run, out of the records."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import (
    DbsCheck,
    GroupState,
    PersonKind,
    PlacementRole,
    Role,
    SessionState,
    Shift,
    ShiftState,
    Stage,
    Training,
    Volunteer,
)
from services import clock
from services.errors import NotPermittedError
from services.groups import groups
from services.groups.pairs import unlinking
from services.groups.safe_to_run import coming
from services.groups.safe_to_run.coming import ComingSession
from services.groups.safe_to_run.verdict import Light
from services.groups.staff import facilitators, records
from services.groups.staff.records import TrainingDraft
from services.permissions import Actor
from services.placing import placements
from services.placing.placements import PlacementDraft
from services.volunteers import stages
from tests.conftest import Clock
from tests.make import (
    make_actor,
    make_group,
    make_pair,
    make_person,
    make_place,
    make_volunteer,
    session_of,
)

TODAY = date(2026, 9, 16)
LATER = date(2027, 9, 16)
FIRST = date(2026, 9, 22)  # the first session still to come of a group that began on the 8th


@pytest.fixture
def joss(db: Session) -> Actor:
    return make_actor(db, "joss", Role.FACILITATOR)


def on_record(db: Session, amina: Actor, *people: Actor, programme: str = "steps_forward") -> None:
    """Training and a check that hold."""
    for person in people:
        draft = TrainingDraft(
            account_ref=person.ref, programme=programme, trained_on=TODAY, valid_until=LATER
        )
        records.record_training(db, amina, draft)
        records.record_check(db, amina, person.ref, checked_on=TODAY, check_again_on=LATER)


def first(db: Session, actor: Actor) -> ComingSession:
    return coming.coming(db, actor)[0]


def said(session: ComingSession) -> list[str]:
    return [f"{one.rule}: {one.says}" for one in session.verdict.findings]


def test_each_of_two_linked_groups_needs_its_own_half_of_the_adults(
    db: Session, amina: Actor, ben: Actor, chloe: Actor
) -> None:
    parents, children = make_pair(db, amina, ben, chloe)

    needed = {one.group_ref: one.verdict.needed for one in coming.coming(db, amina)}

    assert needed == {parents.ref: 2, children.ref: 2}  # of four for parents and children
    version = unlinking.preview(db, amina, parents.ref).version
    unlinking.unlink(db, amina, parents.ref, version=version, despite="Each goes on alone")
    alone = {one.verdict.needed for one in coming.coming(db, amina)}
    assert alone == {4}


def test_two_colleagues_on_record_and_a_venue_are_safe(
    db: Session, amina: Actor, ben: Actor, joss: Actor
) -> None:
    group = make_group(db, amina, [ben, joss])
    group.venue = "The Old Button Works"
    on_record(db, amina, ben, joss)

    sessions = coming.coming(db, amina)

    assert [(one.starts.date(), one.verdict.light) for one in sessions] == [
        (FIRST, Light.GREEN),
        (FIRST + timedelta(days=7), Light.GREEN),
    ]
    assert coming.red(db, amina) == ()


def test_a_colleague_away_leaves_too_few_until_somebody_stands_in(
    db: Session, amina: Actor, ben: Actor, joss: Actor
) -> None:
    group = make_group(db, amina, [ben, joss])
    group.venue = "The Old Button Works"
    on_record(db, amina, ben, joss)
    records.add_absence(db, amina, joss.ref, first_on=FIRST, last_on=FIRST)

    missing, after = coming.coming(db, amina)
    assert said(missing) == ["ratio: 1 adult counts of the 2 needed.", "away: Joss is away."]
    assert after.verdict.light is Light.GREEN
    assert [one.ref for one in coming.red(db, amina)] == [missing.ref]

    nia = make_actor(db, "nia", Role.FACILITATOR)
    facilitators.add(db, amina, group.ref, nia.ref, starts_on=FIRST, ends_on=FIRST)

    covered, after = coming.coming(db, amina)
    assert (covered.verdict.adults, after.verdict.adults) == (2, 2)
    assert covered.verdict.light is Light.AMBER
    assert said(covered) == ["away: Joss is away."]


def test_children_ask_for_checks_and_for_adults_by_their_ages(
    db: Session, amina: Actor, ben: Actor, joss: Actor
) -> None:
    group = make_group(db, amina, [ben, joss], programme="helping_hands")
    group.venue = "The Old Button Works"
    on_record(db, amina, ben, programme="helping_hands")
    for number in range(7):
        child = make_person(
            db, amina, f"Kit{'abcdefg'[number]}", f"Moss{'abcdefg'[number]}",
            kind=PersonKind.CHILD, date_of_birth=date(2020, 1, 1),
        )  # fmt: skip
        make_place(db, amina, group, child)

    found = first(db, amina)

    assert (found.verdict.adults, found.verdict.needed) == (1, 2)
    assert said(found) == [
        "ratio: 1 adult counts of the 2 needed for 7 children of these ages.",
        "check: Joss's check for work with children is not on record.",
    ]


def test_a_volunteer_counts_but_not_while_she_learns_or_has_stepped_back(
    db: Session, amina: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben])
    group.venue = "The Old Button Works"
    on_record(db, amina, ben)
    maya = volunteer(db, amina, group.ref, PlacementRole.CO_FACILITATOR, Stage.ACTIVE)
    ines = volunteer(db, amina, group.ref, PlacementRole.SHADOWING, Stage.SHADOWING, "Ines")
    assert ines.stage is Stage.SHADOWING
    assert first(db, amina).verdict.adults == 2

    stages.move(db, amina, maya.ref, Stage.STEPPED_BACK, version=maya.version)

    found = first(db, amina)
    assert found.verdict.adults == 1
    assert "away: Maya is away." in said(found)


def test_a_volunteer_whose_check_has_run_out_does_not_count_with_children(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben], programme="helping_hands", first_day=date(2026, 9, 15))
    group.venue = "The Old Button Works"
    on_record(db, amina, ben, programme="helping_hands")
    maya = volunteer(db, amina, group.ref, PlacementRole.CO_FACILITATOR, Stage.ACTIVE)
    assert first(db, amina).verdict.adults == 2

    (check,) = db.scalars(select(DbsCheck).where(DbsCheck.volunteer_id == maya.id))
    check.counts_from = TODAY - timedelta(days=3 * 366)
    db.flush()

    found = first(db, amina)
    assert found.verdict.adults == 1
    assert "check: Maya's check for work with children runs out before then." in said(found)


def test_a_course_she_lacks_and_support_long_overdue_are_to_be_settled(
    db: Session, amina: Actor, leila: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben])
    group.venue = "The Old Button Works"
    on_record(db, amina, ben)
    maya = volunteer(db, amina, group.ref, PlacementRole.CO_FACILITATOR, Stage.ACTIVE)
    db.execute(delete(Training).where(Training.volunteer_id == maya.id))
    time_stands_still.go_on(days=35)

    found = first(db, amina)

    assert (found.verdict.light, found.verdict.adults) == (Light.AMBER, 2)
    assert any("Maya needs the course" in one for one in said(found))
    assert any("has been due since" in one for one in said(found))
    assert said(first(db, leila)) == []


def test_where_somebody_was_asked_only_a_yes_counts(db: Session, amina: Actor, ben: Actor) -> None:
    group = make_group(db, amina, [ben])
    group.venue = "The Old Button Works"
    on_record(db, amina, ben)
    maya = volunteer(db, amina, group.ref, PlacementRole.WELCOME, Stage.ACTIVE)
    volunteer(db, amina, group.ref, PlacementRole.SHADOWING, Stage.SHADOWING, "Ines")
    session = session_of(db, group, 3)
    assert first(db, amina).verdict.adults == 2

    shift = Shift(
        session_id=session.id, volunteer_id=maya.id, role=PlacementRole.WELCOME, slot=1,
        offered_at=clock.now(), offered_by_id=amina.account_id,
    )  # fmt: skip
    db.add(shift)
    db.flush()
    unanswered, after = coming.coming(db, amina)
    assert (unanswered.verdict.adults, after.verdict.adults) == (1, 2)

    shift.state, shift.answered_at = ShiftState.ACCEPTED, clock.now()
    db.flush()
    assert first(db, amina).verdict.adults == 2


def test_a_lead_reads_no_name_of_a_volunteer(
    db: Session, amina: Actor, leila: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben])
    maya = volunteer(db, amina, group.ref, PlacementRole.WELCOME, Stage.ACTIVE)
    stages.move(db, amina, maya.ref, Stage.STEPPED_BACK, version=maya.version)

    assert "away: A volunteer is away." in said(first(db, leila))
    assert "Maya" not in str(coming.coming(db, leila))


def test_only_sessions_that_are_to_be_held_soon_are_looked_at(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben])
    session_of(db, group, 3).state = SessionState.CANCELLED
    db.flush()
    assert [one.number for one in coming.coming(db, amina)] == [4]
    assert [one.number for one in coming.coming(db, amina, days=21)] == [4, 5]

    groups.change_state(db, amina, group.ref, GroupState.CANCELLED, version=group.version)
    assert coming.coming(db, amina) == ()

    time_stands_still.go_on(days=400)
    assert coming.coming(db, amina) == ()


def test_what_it_costs_does_not_grow_with_the_groups(
    db: Session, amina: Actor, ben: Actor, joss: Actor, count_queries: Callable[[], Any]
) -> None:
    def cost() -> int:
        db.expire_all()
        with count_queries() as statements:
            coming.coming(db, amina)
        return len(statements)

    group = make_group(db, amina, [ben, joss])
    volunteer(db, amina, group.ref, PlacementRole.WELCOME, Stage.ACTIVE)
    few = cost()
    for number in range(5):
        group = make_group(db, amina, [ben, joss], code_name=f"Larks {number}")
        volunteer(
            db, amina, group.ref, PlacementRole.WELCOME, Stage.ACTIVE, f"Ines{'abcde'[number]}"
        )

    assert cost() == few


@pytest.mark.parametrize("stranger", ["ben", "vik", "ada", "erin"])
def test_nobody_else_sees_it(
    db: Session, amina: Actor, ben: Actor, stranger: str, request: pytest.FixtureRequest
) -> None:
    make_group(db, amina, [ben])
    actor = request.getfixturevalue(stranger)
    calls: list[Callable[[], object]] = [
        lambda: coming.coming(db, actor),
        lambda: coming.red(db, actor),
    ]
    for call in calls:
        with pytest.raises(NotPermittedError):
            call()


def volunteer(
    db: Session,
    amina: Actor,
    group_ref: str,
    role: PlacementRole,
    stage: Stage,
    name: str = "Maya",
) -> Volunteer:
    """Somebody placed with a group."""
    made = make_volunteer(db, amina, name, f"Of{name}", stage=stage)
    draft = PlacementDraft(
        volunteer_ref=made.ref, group_ref=group_ref, role=role, starts_on=TODAY, despite="Known."
    )
    placements.place(db, amina, draft)
    return made
