"""Who runs a group, who stands in, and what is on record about colleagues."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, AuditEntry, Role, StaffAbsence, StaffTraining
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import group_overview
from services.groups.staff import facilitators, records
from services.groups.staff.records import TrainingDraft
from services.permissions import Actor
from services.registers import registers
from tests.conftest import Clock
from tests.make import make_actor, make_group, session_of

TODAY = date(2026, 9, 16)
NEXT_WEEK = TODAY + timedelta(days=7)


@pytest.fixture
def joss(db: Session) -> Actor:
    """A facilitator who runs no group yet."""
    return make_actor(db, "joss", Role.FACILITATOR)


def running(db: Session, amina: Actor, ref: str) -> list[tuple[str, bool]]:
    frame = facilitators.of_group(db, amina, ref)
    return list(zip(frame["name"], frame["leads"], strict=True))


# --- Who runs a group -----------------------------------------------------------------------


def test_a_colleague_who_is_added_sees_the_group_from_then_on(
    db: Session, amina: Actor, ben: Actor, joss: Actor
) -> None:
    group = make_group(db, amina, [ben])
    with pytest.raises(NotFoundError):
        group_overview.read(db, joss, group.ref)

    facilitators.add(db, amina, group.ref, joss.ref)

    assert group_overview.read(db, joss, group.ref).group.facilitators == ("Ben", "Joss")
    assert registers.view(db, joss, session_of(db, group).ref).lines == ()


def test_who_stood_in_has_a_week_to_finish_and_then_it_is_not_hers_any_more(
    db: Session, amina: Actor, ben: Actor, joss: Actor, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben])
    facilitators.add(db, amina, group.ref, joss.ref, starts_on=TODAY, ends_on=NEXT_WEEK)
    assert group_overview.read(db, joss, group.ref).group.ref == group.ref

    time_stands_still.go_on(days=14)
    assert group_overview.read(db, joss, group.ref).group.facilitators == ("Ben",)

    time_stands_still.go_on(days=1)
    with pytest.raises(NotFoundError):
        group_overview.read(db, joss, group.ref)


def test_whoever_ended_can_be_asked_again(
    db: Session, amina: Actor, ben: Actor, joss: Actor, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben, joss])
    facilitators.end(db, amina, group.ref, joss.ref, on=TODAY)
    time_stands_still.go_on(days=1)
    assert running(db, amina, group.ref) == [("Ben", True)]

    facilitators.add(db, amina, group.ref, joss.ref)

    assert running(db, amina, group.ref) == [("Ben", True), ("Joss", False)]


def test_a_group_keeps_somebody_who_runs_it(
    db: Session, amina: Actor, ben: Actor, joss: Actor
) -> None:
    group = make_group(db, amina, [ben])
    facilitators.add(db, amina, group.ref, joss.ref, starts_on=TODAY, ends_on=NEXT_WEEK)

    with pytest.raises(ConflictError, match="Add another colleague first"):
        facilitators.end(db, amina, group.ref, ben.ref, on=TODAY)

    assert running(db, amina, group.ref) == [("Ben", True), ("Joss", False)]


def test_another_colleague_can_lead_but_not_who_stands_in(
    db: Session, amina: Actor, ben: Actor, joss: Actor
) -> None:
    group = make_group(db, amina, [ben, joss])
    nia = make_actor(db, "nia", Role.FACILITATOR)
    facilitators.add(db, amina, group.ref, nia.ref, starts_on=TODAY, ends_on=NEXT_WEEK)

    facilitators.lead(db, amina, group.ref, joss.ref)

    assert running(db, amina, group.ref) == [("Joss", True), ("Ben", False), ("Nia", False)]
    with pytest.raises(NotFoundError):
        facilitators.lead(db, amina, group.ref, nia.ref)


def test_somebody_needed_elsewhere_at_that_time_is_weighed(
    db: Session, amina: Actor, ben: Actor, joss: Actor
) -> None:
    group = make_group(db, amina, [ben])
    make_group(db, amina, [joss], code_name="Larks")

    (clash,) = facilitators.clashing(db, amina, group.ref, joss.ref)
    assert (clash.who, clash.group) == ("Joss", "Larks")
    with pytest.raises(InvalidInputError) as refused:
        facilitators.add(db, amina, group.ref, joss.ref)
    assert list(refused.value.problems) == ["despite"]

    facilitators.add(db, amina, group.ref, joss.ref, despite="The other group rests that week.")
    assert ("Joss", False) in running(db, amina, group.ref)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        (TODAY, None, "ends_on"),
        (None, NEXT_WEEK, "ends_on"),
        (NEXT_WEEK, TODAY, "ends_on"),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), "ends_on"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    db: Session,
    amina: Actor,
    ben: Actor,
    joss: Actor,
    starts_on: date | None,
    ends_on: date | None,
    field: str,
) -> None:
    group = make_group(db, amina, [ben])

    with pytest.raises(InvalidInputError) as refused:
        facilitators.add(db, amina, group.ref, joss.ref, starts_on=starts_on, ends_on=ends_on)

    assert list(refused.value.problems) == [field]
    assert running(db, amina, group.ref) == [("Ben", True)]


def test_only_colleagues_who_take_registers_can_run_a_group(
    db: Session, amina: Actor, ben: Actor, leila: Actor
) -> None:
    group = make_group(db, amina, [ben])

    with pytest.raises(InvalidInputError):
        facilitators.add(db, amina, group.ref, leila.ref)
    with pytest.raises(InvalidInputError, match="runs this group already"):
        facilitators.add(db, amina, group.ref, ben.ref)


# --- What is on record ----------------------------------------------------------------------


def test_newer_training_for_a_programme_takes_the_place_of_the_older(
    db: Session, amina: Actor, ben: Actor
) -> None:
    for year in (2024, 2026):
        draft = TrainingDraft(
            account_ref=ben.ref,
            programme="dart",
            trained_on=date(year, 3, 1),
            valid_until=date(year + 2, 3, 1),
        )
        records.record_training(db, amina, draft)

    (row,) = records.trainings(db, amina).to_dict("records")
    assert row == {
        "name": "Ben",
        "programme": "DART",
        "trained_on": date(2026, 3, 1),
        "valid_until": date(2028, 3, 1),
    }


def test_everybody_who_takes_registers_is_in_the_list_of_checks(
    db: Session, amina: Actor, ben: Actor, joss: Actor
) -> None:
    again = date(2028, 5, 1)
    records.record_check(db, amina, joss.ref, checked_on=date(2025, 5, 1), check_again_on=again)

    frame = records.checks(db, amina)

    assert frame["name"].tolist() == ["Ben", "Joss"]
    assert frame["check_again_on"].tolist() == [None, again]


def test_who_is_away_is_listed_until_she_is_back(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    first = records.add_absence(db, amina, ben.ref, first_on=TODAY, last_on=NEXT_WEEK)
    with pytest.raises(InvalidInputError, match="on some of these days already"):
        records.add_absence(db, amina, ben.ref, first_on=NEXT_WEEK, last_on=NEXT_WEEK)
    assert records.absences(db, amina)["absence"].tolist() == [first]

    time_stands_still.go_on(days=8)
    assert records.absences(db, amina).empty


def test_she_is_not_away_after_all(db: Session, amina: Actor, ben: Actor) -> None:
    ref = records.add_absence(db, amina, ben.ref, first_on=TODAY, last_on=NEXT_WEEK)

    records.remove_absence(db, amina, ref)

    assert db.scalars(select(StaffAbsence)).all() == []
    with pytest.raises(NotFoundError):
        records.remove_absence(db, amina, ref)


def test_days_and_programmes_that_cannot_be_are_refused(
    db: Session, amina: Actor, ben: Actor
) -> None:
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    draft = {"account_ref": ben.ref, "programme": "dart", "trained_on": TODAY}
    for change in (
        {"trained_on": tomorrow},
        {"valid_until": yesterday},
        {"programme": "nothing"},
        {"account_ref": amina.ref},
    ):
        with pytest.raises(InvalidInputError):
            records.record_training(db, amina, TrainingDraft(**{**draft, **change}))  # type: ignore[arg-type]
    for days in ((tomorrow, NEXT_WEEK), (TODAY, TODAY)):
        with pytest.raises(InvalidInputError):
            records.record_check(db, amina, ben.ref, checked_on=days[0], check_again_on=days[1])
    for last in (yesterday, TODAY + timedelta(days=400)):
        with pytest.raises(InvalidInputError):
            records.add_absence(db, amina, ben.ref, first_on=TODAY, last_on=last)

    assert db.scalars(select(StaffTraining)).all() == []


# --- Who may --------------------------------------------------------------------------------


@pytest.mark.parametrize("stranger", ["ben", "vik", "ada"])
def test_nobody_else_sees_or_changes_it(
    db: Session, amina: Actor, ben: Actor, stranger: str, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(stranger)
    group = make_group(db, amina, [ben])
    calls: list[Callable[[], object]] = [
        lambda: facilitators.of_group(db, actor, group.ref),
        lambda: facilitators.clashing(db, actor, group.ref, ben.ref),
        lambda: facilitators.add(db, actor, group.ref, ben.ref),
        lambda: facilitators.end(db, actor, group.ref, ben.ref, on=TODAY),
        lambda: facilitators.lead(db, actor, group.ref, ben.ref),
        lambda: records.trainings(db, actor),
        lambda: records.checks(db, actor),
        lambda: records.absences(db, actor),
        lambda: records.remove_absence(db, actor, "x"),
        lambda: records.add_absence(db, actor, ben.ref, first_on=TODAY, last_on=TODAY),
        lambda: records.record_check(
            db, actor, ben.ref, checked_on=TODAY, check_again_on=NEXT_WEEK
        ),
        lambda: records.record_training(
            db, actor, TrainingDraft(account_ref=ben.ref, programme="dart", trained_on=TODAY)
        ),
    ]
    for call in calls:
        with pytest.raises(NotPermittedError):
            call()


def test_each_change_is_in_the_audit_log_without_a_name(
    db: Session, amina: Actor, ben: Actor, joss: Actor
) -> None:
    group = make_group(db, amina, [ben])
    facilitators.add(db, amina, group.ref, joss.ref)
    facilitators.lead(db, amina, group.ref, joss.ref)
    facilitators.end(db, amina, group.ref, ben.ref, on=TODAY)
    records.add_absence(db, amina, ben.ref, first_on=TODAY, last_on=TODAY)

    entries = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(4)).all()

    assert [entry.action for entry in reversed(entries)] == [
        "group.facilitator_added",
        "group.lead_changed",
        "group.facilitator_ended",
        "staff.absence_added",
    ]
    name = db.scalars(select(Account.display_name).where(Account.ref == joss.ref)).one()
    assert all(name not in str(entry.details) for entry in entries)
