"""The standards: evidence counted from what is kept, with what is missing, on screen and paper."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    DbsCheck,
    Expense,
    ExpenseKind,
    ExpenseState,
    Milestone,
    MilestoneKind,
    Referee,
    RefereeContext,
    RightToVolunteer,
    Stage,
    Training,
    Volunteer,
    VolunteerSupport,
)
from services.definitions import DefinitionError, read_definition
from services.errors import NotPermittedError
from services.permissions import Actor
from services.volunteers.standards.areas import Areas, areas
from services.volunteers.standards.evidence import HIDDEN, Evidence, evidence
from services.volunteers.standards.sheet import sheet
from services.volunteers.training.standing import needed
from tests.conftest import NOW, Statements
from tests.make import make_volunteer
from tests.paper import words_of
from tests.services.volunteers.coming import came

TODAY = date(2026, 9, 16)
Counting: TypeAlias = Callable[[], AbstractContextManager[Statements]]


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    """Active, with every course and a check in date."""
    return make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE)


def line(db: Session, actor: Actor, words: str) -> Evidence:
    lines = [one for area in evidence(db, actor) for one in area.evidence]
    (found,) = [one for one in lines if words in one.says]
    return found


def test_six_areas_stand_in_the_order_of_the_standard() -> None:
    assert [one.title for one in areas()] == [
        "Vision", "Planning", "Inclusion", "Recruiting and welcoming", "Supporting",
        "Valuing and developing",
    ]  # fmt: skip


def test_only_coordinator_and_lead_read_and_print_the_evidence(
    db: Session, amina: Actor, leila: Actor, ben: Actor, ada: Actor, vik: Actor, erin: Actor
) -> None:
    for reader in (amina, leila):
        assert len(evidence(db, reader)) == 6
    for stranger in (ben, ada, vik, erin):
        for service in (evidence, sheet):
            with pytest.raises(NotPermittedError):
                service(db, stranger)


def test_without_a_volunteer_nothing_is_counted_and_nothing_breaks(
    db: Session, leila: Actor
) -> None:
    found = line(db, leila, "have a named supervisor")

    assert found == Evidence(
        "0 of 0 volunteers with groups have a named supervisor", None, "Nothing to count yet."
    )
    assert sheet(db, leila).startswith(b"%PDF-")


def test_what_is_missing_is_said_with_what_to_do(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    make_volunteer(db, amina, "Ines", "Marsh", stage=Stage.SHADOWING)
    db.add(VolunteerSupport(volunteer_id=maya.id, supervisor_id=amina.account_id))
    db.flush()

    found = line(db, amina, "have a named supervisor")

    assert found.says == "1 of 2 volunteers with groups have a named supervisor"
    assert found.missing == "1 without: name one under Support."


def referee(volunteer: Volunteer, context: RefereeContext, *, is_enough: bool = True) -> Referee:
    return Referee(
        ref=f"r{context.value}",
        volunteer_id=volunteer.id,
        name="Ada Fern",
        contact="ada@example.org",
        context=context,
        known_years=4,
        asked_on=TODAY - timedelta(days=20),
        received_on=TODAY - timedelta(days=9),
        is_enough=is_enough,
        decided_on=TODAY - timedelta(days=8),
    )


def test_two_references_come_from_two_parts_of_her_life(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    db.add(referee(maya, RefereeContext.WORK))
    db.add(referee(maya, RefereeContext.EDUCATION, is_enough=False))
    db.flush()
    assert line(db, amina, "two references").says.startswith("0 of 1")

    db.add(referee(maya, RefereeContext.COMMUNITY))
    db.flush()

    found = line(db, amina, "two references")
    assert found.says.startswith("1 of 1")
    assert (found.newest, found.missing) == (TODAY - timedelta(days=8), "")


def test_a_check_counts_while_it_is_in_date(db: Session, amina: Actor, maya: Volunteer) -> None:
    assert line(db, amina, "a DBS check in date").says.startswith("1 of 1")

    check = db.scalars(select(DbsCheck)).one()
    check.counts_from = TODAY - timedelta(days=4 * 366)
    db.flush()

    assert line(db, amina, "a DBS check in date").says.startswith("0 of 1")


def test_a_right_that_has_run_out_does_not_count(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    right = RightToVolunteer(
        ref="right",
        volunteer_id=maya.id,
        seen_on=date(2026, 1, 5),
        seen_by_id=amina.account_id,
        valid_until=TODAY,
    )
    db.add(right)
    db.flush()
    assert line(db, amina, "may volunteer here").says.startswith("1 of 1")

    right.valid_until = TODAY - timedelta(days=1)
    db.flush()

    assert line(db, amina, "may volunteer here").says.startswith("0 of 1")


def test_one_course_that_is_missing_is_enough(db: Session, amina: Actor, maya: Volunteer) -> None:
    assert line(db, amina, "every course in date").says.startswith("1 of 1")

    one_of_them = needed(db)[0].id
    db.execute(delete(Training).where(Training.course_id == one_of_them))

    assert line(db, amina, "every course in date").says.startswith("0 of 1")


def test_reasons_for_leaving_are_hidden_from_a_lead_where_few_have_left(
    db: Session, amina: Actor, leila: Actor
) -> None:
    came(db, amina, [(Stage.ACTIVE, 90), (Stage.MOVED_ON, 10)], because="time")
    came(db, amina, [(Stage.ACTIVE, 90), (Stage.MOVED_ON, 10)])

    assert line(db, amina, "their reason written down").says.startswith("1 of 2")
    hidden = line(db, leila, "their reason written down")
    assert (hidden.says[0], hidden.newest, hidden.missing) == ("*", None, HIDDEN)


def expense(actor: Actor, her: Volunteer, asked: int, paid: int | None) -> Expense:
    """Asked for and paid so many days ago."""
    on = None if paid is None else NOW - timedelta(days=paid)
    return Expense(
        ref=f"e{asked}_{paid}", volunteer_id=her.id, kind=ExpenseKind.TRANSPORT, pence=460,
        spent_on=TODAY - timedelta(days=asked), asked_at=NOW - timedelta(days=asked),
        asked_by_id=actor.account_id, state=ExpenseState.PAID if on else ExpenseState.ASKED,
        decided_at=on, paid_at=on,
    )  # fmt: skip


def test_expenses_count_as_evidence_once_they_are_paid_in_time_or_late(
    db: Session, amina: Actor, leila: Actor, maya: Volunteer
) -> None:
    days = [(30, 20), (30, 16), (30, 15), (20, None), (3, None), (3, 1), (400, 390)]
    db.add_all([expense(amina, maya, *each) for each in days])
    db.flush()

    found = line(db, amina, "paid within two weeks")
    assert found.says.startswith("3 of 5 expenses")
    assert (found.newest, found.missing[:10]) == (TODAY - timedelta(days=1), "2 without:")
    assert line(db, leila, "paid within two weeks").missing == HIDDEN


def test_milestones_nobody_has_thanked_for_are_missing(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    for step, thanked in ((10, TODAY), (25, None)):
        by = amina.account_id if thanked else None
        db.add(
            Milestone(
                volunteer_id=maya.id, kind=MilestoneKind.HOURS, step=step, reached_on=TODAY,
                thanked_on=thanked, thanked_by_id=by,
            )
        )  # fmt: skip
    db.flush()

    found = line(db, amina, "were thanked for")
    assert found.says.startswith("1 of 2 milestones")
    assert found.newest == TODAY


def test_the_sheet_says_what_the_screen_says_without_a_name_and_is_written_down(
    db: Session, amina: Actor, leila: Actor, maya: Volunteer
) -> None:
    words = " ".join(words_of(sheet(db, amina)).split())
    assert line(db, leila, "have a named supervisor").says.startswith("*")

    for area in evidence(db, amina):
        assert area.title in words
    assert "0 of 1 volunteers with groups have a named supervisor" in words
    assert "Lantern House" in words
    assert maya.first_name not in words
    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.details) == ("standards.printed", "{}")


def test_it_costs_the_same_however_many_there_are(
    db: Session, amina: Actor, maya: Volunteer, count_queries: Counting
) -> None:
    with count_queries() as few:
        evidence(db, amina)
    for number in range(4):
        make_volunteer(db, amina, f"Ines{number}", "Marsh", stage=Stage.ACTIVE)
    db.expire_all()
    with count_queries() as many:
        evidence(db, amina)

    assert len(many) == len(few) <= 35


def test_a_file_with_a_line_that_nobody_counts_is_named(tmp_path: Path) -> None:
    file = tmp_path / "standards.yaml"
    file.write_text(
        "areas:\n  - {title: Vision, asks: Whatever., evidence: [{key: applause, text: none}]}\n"
    )

    with pytest.raises(DefinitionError, match=r"standards\.yaml, field areas\.0\.evidence\.0\.key"):
        read_definition(file, Areas)
