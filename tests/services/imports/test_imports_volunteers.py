"""Bringing survivor volunteers in: new ones with a first step, known ones brought up to date."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Stage, StageChange, Volunteer
from services.errors import ConflictError, NotPermittedError
from services.imports import importing, undoing
from services.imports.plan import Plan
from services.imports.volunteer_layout import VOLUNTEERS
from services.permissions import Actor
from services.volunteers import stages, volunteers
from tests.make import make_volunteer
from tests.services.imports.lists import checked, states

HEADINGS = ["First name", "Last name", "Phone", "Email", "Stage", "Since"]
MAYA = ["Maya", "Rowe", "07700 900456", "maya@example.org", "Active", "3/6/2026"]


def planned(db: Session, actor: Actor, *rows: list[str]) -> Plan:
    return importing.plan(db, actor, checked(VOLUNTEERS, HEADINGS, rows))


def bring_in(db: Session, actor: Actor, *rows: list[str]) -> str:
    return importing.apply(db, actor, planned(db, actor, *rows))


def everybody(db: Session) -> list[Volunteer]:
    db.expire_all()
    return list(db.scalars(select(Volunteer).order_by(Volunteer.id)))


def test_a_new_volunteer_is_found_in_her_stage_with_her_first_step(
    db: Session, ada: Actor, amina: Actor
) -> None:
    bring_in(db, ada, MAYA)

    (row,) = volunteers.directory(db, amina, search="row").to_dict("records")
    assert (row["name"], row["stage"], row["since"]) == ("Maya Rowe", "active", date(2026, 6, 3))
    step = db.scalars(select(StageChange)).one()
    assert (step.from_stage, step.to_stage) == (None, Stage.ACTIVE)


def test_without_a_stage_she_has_shown_interest(db: Session, ada: Actor) -> None:
    bring_in(db, ada, ["Maya", "Rowe", "", "", "", ""])
    assert everybody(db)[0].stage is Stage.INTEREST


def test_the_same_list_again_changes_nothing_and_a_new_address_is_taken(
    db: Session, ada: Actor
) -> None:
    bring_in(db, ada, MAYA)
    assert states(planned(db, ada, MAYA)) == ["unchanged"]

    bring_in(db, ada, [*MAYA[:3], "rowe@example.org", "Moved on", ""])

    (maya,) = everybody(db)
    assert (maya.email, maya.stage, maya.version) == ("rowe@example.org", Stage.ACTIVE, 2)


def test_a_namesake_with_other_contacts_is_for_a_person_to_tell_apart(
    db: Session, ada: Actor, amina: Actor
) -> None:
    make_volunteer(db, amina, phone="07700 900111")
    plan = planned(db, ada, MAYA)
    assert states(plan) == ["failed"]
    assert "Change them on her page" in plan.rows[0].problems[""]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (["Maya", "", "", "", "", ""], "last_name"),
        (["Maya", "Rowe", "", "", "Queen", ""], "stage"),
        (["Maya", "Rowe", "", "", "", "1/1/2030"], "stage_since"),
        (["Maya", "Rowe", "12", "", "", ""], "phone"),
    ],
)
def test_a_row_with_a_fault_is_left_out(
    db: Session, ada: Actor, row: list[str], field: str
) -> None:
    assert field in planned(db, ada, row).rows[0].problems


def test_an_import_of_volunteers_is_taken_back_until_one_has_moved(
    db: Session, ada: Actor, amina: Actor
) -> None:
    bring_in(db, ada, MAYA)
    ines = ["Ines", "Lind", "", "", "", ""]
    ref = bring_in(db, ada, [*MAYA[:3], "rowe@example.org", "", ""], ines)
    undoing.undo(db, ada, ref)
    assert [one.email for one in everybody(db)] == ["maya@example.org"]

    later = bring_in(db, ada, ines)
    stages.move(db, amina, everybody(db)[-1].ref, Stage.CONVERSATION, version=1)
    with pytest.raises(ConflictError, match=r"changes \(1\), moves of volunteers \(1\)"):
        undoing.undo(db, ada, later)


def test_a_coordinator_brings_nothing_in(db: Session, ada: Actor, amina: Actor) -> None:
    plan = planned(db, ada, MAYA)
    with pytest.raises(NotPermittedError):
        importing.apply(db, amina, plan)
