"""The way into volunteering: rules, the board, what comes next, stepping back and moving on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from models import AuditEntry, Group, PlacementRole, Stage, StageChange, Volunteer
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.places.leaving_reasons import moving_on_reasons
from services.placing import placements
from services.volunteers import stages, volunteers
from services.volunteers.pipeline import board, rules, steps
from services.volunteers.pipeline.rules import STAGE_DAYS, Rules
from services.volunteers.pipeline.steps import NextStepDraft
from tests.conftest import NOW, Clock
from tests.make import make_group, make_volunteer

TODAY = NOW.date()


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    return make_volunteer(db, amina, "Maya", "Rowe")


# --- The rules ------------------------------------------------------------------------------


def test_before_anybody_changes_them_the_rules_are_the_usual_ones(db: Session, ada: Actor) -> None:
    found = rules.to_edit(db, ada)
    assert (found.own_group_months, found.applications_open, found.version) == (6, False, 0)
    assert found.stage_days == STAGE_DAYS


def test_rules_are_changed_by_one_at_a_time_and_the_other_is_told(db: Session, ada: Actor) -> None:
    changed = Rules(stage_days={**STAGE_DAYS, Stage.INTEREST: 3}, own_group_months=12)
    rules.save(db, ada, changed)

    found = rules.current(db)
    assert (found.stage_days[Stage.INTEREST], found.own_group_months) == (3, 12)
    with pytest.raises(ConflictError, match="Somebody else changed"):
        rules.save(db, ada, changed)
    rules.save(db, ada, replace(found, applications_open=True))
    assert rules.current(db).applications_open


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"own_group_months": -1}, "own_group_months"),
        ({"own_group_months": 61}, "own_group_months"),
        ({"stage_days": {**STAGE_DAYS, Stage.CHECKS: 0}}, "checks"),
        ({"stage_days": {**STAGE_DAYS, Stage.CHECKS: 366}}, "checks"),
        ({"stage_days": {}}, "interest"),
    ],
)
def test_impossible_rules_are_refused_at_their_field(
    db: Session, ada: Actor, changed: dict[str, Any], at: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rules.save(db, ada, Rules(**changed))
    assert at in refused.value.problems


def test_only_an_administrator_changes_the_rules(
    db: Session, amina: Actor, ben: Actor, leila: Actor
) -> None:
    for actor in (amina, ben, leila):
        with pytest.raises(NotPermittedError):
            rules.save(db, actor, Rules())
        with pytest.raises(NotPermittedError):
            rules.to_edit(db, actor)


# --- The board ------------------------------------------------------------------------------


def test_the_board_has_the_stages_of_the_way_in_with_the_longest_first(
    db: Session, amina: Actor, time_stands_still: Clock
) -> None:
    make_volunteer(db, amina, "Early")
    time_stands_still.go_on(days=9)
    make_volunteer(db, amina, "Late")
    make_volunteer(db, amina, "Active", stage=Stage.ACTIVE)

    columns = {column.stage: column for column in board.board(db, amina)}

    assert list(columns) == [*STAGE_DAYS, Stage.ACTIVE]
    interest = columns[Stage.INTEREST].cards
    assert [(card.name, card.days, card.overdue) for card in interest] == [
        ("Early Rowe", 9, 2),
        ("Late Rowe", 0, 0),
    ]
    assert [card.days for card in columns[Stage.ACTIVE].cards] == [None]
    assert interest[0].owner == "Amina"


def test_who_has_stepped_back_or_moved_on_is_not_on_the_board(db: Session, amina: Actor) -> None:
    for number, stage in enumerate((Stage.STEPPED_BACK, Stage.MOVED_ON)):
        make_volunteer(db, amina, f"Away{number}", stage=stage)

    assert sum(column.count for column in board.board(db, amina)) == 0


def test_a_full_stage_shows_how_many_more_there_are_and_costs_no_more(
    db: Session, amina: Actor, count_queries: Callable[[], Any]
) -> None:
    counted = []
    for number in range(board.MOST_CARDS + 2):
        make_volunteer(db, amina, f"Maya{number}")
        with count_queries() as statements:
            column = board.board(db, amina)[0]
        counted.append(len(statements))

    assert (column.count, len(column.cards)) == (board.MOST_CARDS + 2, board.MOST_CARDS)
    assert set(counted) == {4}


# --- What comes next --------------------------------------------------------------------------


def test_a_next_step_is_kept_with_its_day_and_who_looks_after_her(
    db: Session, amina: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    draft = NextStepDraft(step=" Tea on Friday ", by=TODAY + timedelta(days=2), owner_ref=amina.ref)
    steps.agree(db, amina, maya.ref, draft, version=maya.version)

    one = volunteers.summary(db, amina, maya.ref)
    assert (one.next_step, one.next_step_by, one.owner_ref) == (
        "Tea on Friday", TODAY + timedelta(days=2), amina.ref,
    )  # fmt: skip
    assert one.overdue == 0
    time_stands_still.go_on(days=5)
    assert volunteers.summary(db, amina, maya.ref).overdue == 3
    assert volunteers.directory(db, amina)["overdue"].tolist() == [3]
    assert volunteers.directory(db, amina)["next_step"].tolist() == ["Tea on Friday"]


def test_moving_her_along_is_the_end_of_the_step(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    steps.agree(db, amina, maya.ref, NextStepDraft(step="Tea"), version=maya.version)
    stages.move(db, amina, maya.ref, Stage.CONVERSATION, version=maya.version)
    assert volunteers.summary(db, amina, maya.ref).next_step is None


@pytest.mark.parametrize(
    ("draft", "at"),
    [
        (NextStepDraft(step="x" * 201), "step"),
        (NextStepDraft(by=TODAY), "step"),
        (NextStepDraft(step="Tea", by=TODAY - timedelta(days=1)), "by"),
        (NextStepDraft(step="Tea", by=TODAY + timedelta(days=367)), "by"),
        (NextStepDraft(step="Tea", owner_ref="nobody"), "owner"),
    ],
)
def test_a_step_that_cannot_be_is_refused_at_its_field(
    db: Session, amina: Actor, maya: Volunteer, draft: NextStepDraft, at: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        steps.agree(db, amina, maya.ref, draft, version=maya.version)
    assert list(refused.value.problems) == [at]
    assert maya.next_step is None


def test_a_day_that_has_passed_may_stay_while_something_else_changes(
    db: Session, amina: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    steps.agree(db, amina, maya.ref, NextStepDraft(step="Tea", by=TODAY), version=maya.version)
    time_stands_still.go_on(days=5)
    steps.agree(
        db, amina, maya.ref, NextStepDraft(step="Tea, again", by=TODAY), version=maya.version
    )
    assert maya.next_step == "Tea, again"


def test_two_who_agree_at_once_do_not_overwrite_each_other(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    with pytest.raises(ConflictError, match="Somebody else changed her record"):
        steps.agree(db, amina, maya.ref, NextStepDraft(step="Tea"), version=maya.version + 1)


def test_nothing_of_it_is_in_the_log_or_readable_in_the_database(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    steps.agree(db, amina, maya.ref, NextStepDraft(step="Tea on Friday"), version=maya.version)
    raw = db.scalars(select(type_coerce(Volunteer.next_step, Text))).one()
    logged = "".join(db.scalars(select(AuditEntry.details)))
    assert "Tea" not in raw + logged


def test_only_a_coordinator_sees_the_board_or_agrees_a_step(
    db: Session, amina: Actor, ben: Actor, leila: Actor, ada: Actor, erin: Actor, maya: Volunteer
) -> None:
    for actor in (ben, leila, ada, erin):
        for act in (
            lambda who: board.board(db, who),
            lambda who: steps.owners(db, who),
            lambda who: steps.agree(db, who, maya.ref, NextStepDraft(), version=1),
            lambda who: stages.come_back(db, who, maya.ref, version=1),
        ):
            with pytest.raises(NotPermittedError):
                act(actor)
    with pytest.raises(NotFoundError):
        steps.agree(db, amina, "nobody", NextStepDraft(), version=1)
    assert steps.owners(db, amina) == {amina.ref: "Amina"}


# --- Moving on ------------------------------------------------------------------------------


def test_why_she_moves_on_is_one_of_a_list_in_neutral_words(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    key = next(iter(moving_on_reasons()))
    stages.move(db, amina, maya.ref, Stage.MOVED_ON, version=maya.version, because=key)

    assert stages.history(db, amina, maya.ref)["because"].tolist() == [
        moving_on_reasons()[key], "",
    ]  # fmt: skip
    for avoided in ("fail", "drop", "problem", "dismiss", "refus"):
        assert avoided not in " ".join(moving_on_reasons().values()).lower()
    assert max(map(len, moving_on_reasons())) <= 40


@pytest.mark.parametrize(
    ("to", "because"), [(Stage.MOVED_ON, "made up"), (Stage.STEPPED_BACK, "health")]
)
def test_another_reason_or_one_for_something_else_is_refused(
    db: Session, amina: Actor, maya: Volunteer, to: Stage, because: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        stages.move(db, amina, maya.ref, to, version=maya.version, because=because)
    assert list(refused.value.problems) == ["because"]


# --- Stepping back --------------------------------------------------------------------------


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(way=st.lists(st.sampled_from([one for one in Stage if one is not Stage.STEPPED_BACK])))
def test_from_wherever_she_steps_back_she_comes_back_to_it(
    db: Session, amina: Actor, way: list[Stage]
) -> None:
    nested = db.begin_nested()
    one = make_volunteer(db, amina, "Maya", "Rowe")
    for stage in way:
        if one.stage is not stage:
            stages.move(db, amina, one.ref, stage, version=one.version)
        before = one.stage
        stages.move(db, amina, one.ref, Stage.STEPPED_BACK, version=one.version)
        assert stages.come_back(db, amina, one.ref, version=one.version) is before
        assert one.stage is before
    nested.rollback()


def test_who_has_not_stepped_back_or_never_was_anywhere_cannot_come_back(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    with pytest.raises(ConflictError, match="Choose the stage"):
        stages.come_back(db, amina, maya.ref, version=maya.version)
    with pytest.raises(ConflictError, match="Choose the stage"):
        stages.come_back(db, amina, "nobody", version=1)


def test_who_was_moved_meanwhile_does_not_come_back_by_a_stale_screen(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    stages.move(db, amina, maya.ref, Stage.STEPPED_BACK, version=maya.version)
    with pytest.raises(ConflictError, match="Meanwhile"):
        stages.come_back(db, amina, maya.ref, version=1)


def test_stepping_back_is_no_leaving_and_a_facilitator_sees_no_difference(
    db: Session, amina: Actor, ben: Actor
) -> None:
    group: Group = make_group(db, amina, [ben])
    maya = make_volunteer(db, amina, stage=Stage.ACTIVE)
    draft = placements.PlacementDraft(
        volunteer_ref=maya.ref, group_ref=group.ref, role=PlacementRole.WELCOME, starts_on=TODAY
    )
    placements.place(db, amina, draft)
    before = placements.in_group(db, ben, group)

    stages.move(db, amina, maya.ref, Stage.STEPPED_BACK, version=maya.version, reason="Court")

    assert placements.in_group(db, ben, group).equals(before)
    change = db.scalars(select(StageChange).order_by(StageChange.id.desc())).first()
    assert change is not None
    assert change.because is None
    logged = db.scalars(select(AuditEntry.details).order_by(AuditEntry.id.desc())).first()
    assert logged == "{}"
    summary = volunteers.summary(db, amina, maya.ref)
    assert (summary.days_waiting, summary.overdue) == (None, 0)
