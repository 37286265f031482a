"""The contact log: what came of trying to reach somebody."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, ContactOutcome, Person, Route
from services.errors import InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.safe_contact import attempts
from services.safe_contact.attempts import ASKS_TO_SUSPEND, PAGE, AttemptDraft
from tests.conftest import NOW, Clock
from tests.make import make_group, make_person, make_place


@pytest.fixture
def dana(db: Session, amina: Actor, ben: Actor) -> Person:
    """Somebody in a group of Ben's."""
    person = make_person(db, amina)
    make_place(db, amina, make_group(db, amina, [ben]), person)
    return person


def attempt(outcome: ContactOutcome = ContactOutcome.NO_ANSWER, **more: Any) -> AttemptDraft:
    return AttemptDraft(route=Route.CALL, outcome=outcome, **more)


def test_an_attempt_is_kept_with_who_made_it_and_when(
    db: Session, amina: Actor, ben: Actor, dana: Person
) -> None:
    attempts.log(db, ben, dana.ref, attempt(note=" Rang for a minute "))

    (row,) = attempts.history(db, amina, dana.ref).to_dict("records")

    assert (row["route"], row["outcome"], row["by"]) == ("call", "no_answer", "Ben")
    assert row["note"] == "Rang for a minute"
    assert row["at"].isoformat() == "2026-09-16T13:30:00"


@pytest.mark.parametrize("outcome", list(ContactOutcome))
def test_when_somebody_else_may_have_the_phone_it_asks_to_suspend(
    db: Session, ben: Actor, dana: Person, outcome: ContactOutcome
) -> None:
    asks = attempts.log(db, ben, dana.ref, attempt(outcome))

    assert asks == (outcome in ASKS_TO_SUSPEND)
    assert asks == (outcome.value in {"someone_else", "no_code_word", "wrong_number"})


def test_the_newest_comes_first_and_the_log_goes_on_page_by_page(
    db: Session, ben: Actor, dana: Person
) -> None:
    for number in range(PAGE + 2):
        moment = NOW - timedelta(hours=number // 2)  # two at one instant
        attempts.log(db, ben, dana.ref, attempt(note=str(number), at=moment))

    first = attempts.history(db, ben, dana.ref)
    last = first.iloc[-1]
    rest = attempts.history(db, ben, dana.ref, before=(last["instant"], int(last["number"])))

    assert len(first) == PAGE
    assert first["instant"].is_monotonic_decreasing
    assert {*first["note"], *rest["note"]} == {str(number) for number in range(PAGE + 2)}


def test_an_empty_log_has_its_columns(db: Session, ben: Actor, dana: Person) -> None:
    assert "outcome" in attempts.history(db, ben, dana.ref).columns


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("at", {"at": NOW + timedelta(minutes=1)}),
        ("at", {"at": NOW - timedelta(days=93)}),
        ("note", {"note": "x" * 1_001}),
    ],
)
def test_a_fault_is_named_at_its_field(
    db: Session, ben: Actor, dana: Person, field: str, wrong: Any
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        attempts.log(db, ben, dana.ref, attempt(**wrong))

    assert list(refused.value.problems) == [field]


def test_neither_the_audit_log_nor_the_database_tells_what_was_noted(
    db: Session, ben: Actor, dana: Person
) -> None:
    attempts.log(db, ben, dana.ref, attempt(note="He shouted"))

    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.subject) == ("contact.attempted", f"person:{dana.ref}")
    assert json.loads(entry.details) == {"route": "call", "outcome": "no_answer"}
    assert "shouted" not in str(db.execute(text("SELECT * FROM contact_attempts")).all())


def test_a_facilitator_of_other_groups_knows_of_no_attempt(
    db: Session, ben: Actor, chloe: Actor, dana: Person
) -> None:
    attempts.log(db, ben, dana.ref, attempt())

    assert attempts.history(db, chloe, dana.ref).empty
    with pytest.raises(NotFoundError):
        attempts.log(db, chloe, dana.ref, attempt())


def test_nobody_else_reads_or_writes_the_log(
    db: Session, leila: Actor, ada: Actor, vik: Actor, erin: Actor, dana: Person
) -> None:
    for actor in (leila, ada, vik, erin):
        with pytest.raises(NotPermittedError):
            attempts.history(db, actor, dana.ref)
        with pytest.raises(NotPermittedError):
            attempts.log(db, actor, dana.ref, attempt())


def test_an_attempt_written_down_later_stands_where_it_happened(
    db: Session, ben: Actor, dana: Person, time_stands_still: Clock
) -> None:
    attempts.log(db, ben, dana.ref, attempt(note="today"))
    time_stands_still.go_on(days=1)
    attempts.log(db, ben, dana.ref, attempt(note="the week before", at=NOW - timedelta(days=7)))

    assert attempts.history(db, ben, dana.ref)["note"].tolist() == ["today", "the week before"]
