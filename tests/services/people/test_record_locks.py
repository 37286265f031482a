"""Keeping a colleague out of a record: nowhere does she find that person any more."""

import json
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, Mark, Person, Place, Point, Respondent, Role
from services.attendance import AttendanceCode as Code
from services.children import child_steps
from services.errors import (
    AppError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.measures import measure_schedule, measures
from services.people import kinships, people, person_changes, record_locks
from services.permissions import Actor
from services.places import places
from services.registers import finishing, marking, registers
from services.registers.marking import NewMark
from tests.make import make_actor, make_group, make_person, make_place, session_of


@pytest.fixture
def zora(db: Session) -> Actor:
    """Another coordinator."""
    return make_actor(db, "zora", Role.COORDINATOR)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor, chloe: Actor) -> Group:
    """A group of Ben's and Chloe's that met today."""
    return make_group(db, amina, [ben, chloe], first_day=date(2026, 9, 16))


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, date_of_birth=date(1990, 1, 1))


@pytest.fixture
def place(db: Session, amina: Actor, craft: Group, dana: Person) -> Place:
    """Dana's place in the group; Bea has one as well."""
    make_place(db, amina, craft, make_person(db, amina, "Bea"))
    return make_place(db, amina, craft, dana)


def keep_out(db: Session, by: Actor, person: Person, whom: Actor) -> None:
    record_locks.keep_out(db, by, person.ref, whom.ref, reason="They are neighbours")


def test_a_colleague_is_kept_out_with_a_reason_and_let_in_again(
    db: Session, amina: Actor, zora: Actor, ben: Actor, dana: Person
) -> None:
    assert record_locks.others(db, amina, dana.ref) == {ben.ref: "Ben", zora.ref: "Zora"}

    keep_out(db, amina, dana, zora)
    (row,) = record_locks.kept_out(db, amina, dana.ref).to_dict("records")
    assert (row["name"], row["reason"], row["by"]) == ("Zora", "They are neighbours", "Amina")
    assert list(record_locks.others(db, amina, dana.ref)) == [ben.ref]
    with pytest.raises(NotFoundError):
        people.summary(db, zora, dana.ref)

    record_locks.let_in(db, amina, dana.ref, zora.ref)
    assert people.summary(db, zora, dana.ref).ref == dana.ref
    assert record_locks.kept_out(db, amina, dana.ref).empty


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_reason_is_needed(
    db: Session, amina: Actor, zora: Actor, dana: Person, reason: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        record_locks.keep_out(db, amina, dana.ref, zora.ref, reason=reason)
    assert list(refused.value.problems) == ["reason"]


def test_nobody_keeps_herself_out_or_opens_what_she_is_kept_out_of(
    db: Session, amina: Actor, zora: Actor, dana: Person
) -> None:
    with pytest.raises(InvalidInputError, match="keep yourself out"):
        keep_out(db, amina, dana, amina)
    keep_out(db, amina, dana, zora)

    for attempt in (
        lambda: record_locks.let_in(db, zora, dana.ref, zora.ref),
        lambda: keep_out(db, zora, dana, amina),
        lambda: record_locks.kept_out(db, zora, dana.ref),
        lambda: record_locks.others(db, zora, dana.ref),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_twice_is_refused_in_a_plain_sentence(
    db: Session, amina: Actor, zora: Actor, dana: Person
) -> None:
    with pytest.raises(ConflictError, match="not kept out"):
        record_locks.let_in(db, amina, dana.ref, zora.ref)
    keep_out(db, amina, dana, zora)
    with pytest.raises(ConflictError, match="already"):
        keep_out(db, amina, dana, zora)


def test_only_who_could_open_records_can_be_kept_out(
    db: Session, amina: Actor, leila: Actor, dana: Person
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        keep_out(db, amina, dana, leila)
    assert list(refused.value.problems) == ["colleague"]


@pytest.mark.parametrize("stranger", ["ben", "leila", "ada", "vik", "erin"])
def test_nobody_but_a_coordinator_keeps_anybody_out(
    db: Session, amina: Actor, zora: Actor, dana: Person, stranger: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    actor: Actor = request.getfixturevalue(stranger)
    for attempt in (
        lambda: keep_out(db, actor, dana, zora),
        lambda: record_locks.let_in(db, actor, dana.ref, zora.ref),
        lambda: record_locks.kept_out(db, actor, dana.ref),
        lambda: record_locks.others(db, actor, dana.ref),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_the_log_says_who_and_not_why(db: Session, amina: Actor, zora: Actor, dana: Person) -> None:
    keep_out(db, amina, dana, zora)

    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.subject) == ("person.locked", f"person:{dana.ref}")
    assert json.loads(entry.details) == {"account": zora.ref}


# --- Nowhere is she found any more -------------------------------------------------------


def test_lists_searches_and_measures_leave_the_person_out(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Person, place: Place
) -> None:
    keep_out(db, amina, dana, ben)

    assert people.directory(db, ben)["name"].tolist() == ["Bea Okoro"]
    assert people.directory(db, ben, search="dana").empty
    assert places.in_group(db, ben, craft.ref)["name"].tolist() == ["Bea Okoro"]
    assert people.places_of(db, ben, dana.ref).empty
    assert people.family_members(db, ben, dana.ref).empty
    with pytest.raises(NotFoundError):
        child_steps.of_child(db, ben, dana.ref)
    assert "Dana" not in str(measure_schedule.schedule(db, ben, craft.ref).to_dict())
    assert measures.recorded(db, ben, place.ref, "gad7", Respondent.SELF, Point.START) is None


def test_records_read_as_if_they_were_not_there(
    db: Session, amina: Actor, zora: Actor, dana: Person, place: Place, craft: Group
) -> None:
    keep_out(db, amina, dana, zora)

    for attempt in (
        lambda: people.summary(db, zora, dana.ref),
        lambda: person_changes.details(db, zora, dana.ref),
        lambda: kinships.of_person(db, zora, dana.ref),
        lambda: places.enrol(db, zora, group_ref=craft.ref, person_ref=dana.ref),
        lambda: places.leave(db, zora, place.ref, on=date(2026, 9, 16), reason="", version=1),
    ):
        with pytest.raises(NotFoundError):
            attempt()


# --- The register ------------------------------------------------------------------------


def mark(db: Session, actor: Actor, group: Group, place: Place) -> bool:
    new = NewMark(tap=f"{actor.ref}{place.ref}", place_ref=place.ref, code=Code.ATTENDED)
    return marking.mark(db, actor, session_of(db, group).ref, [new])[0].saved


def test_her_register_neither_names_nor_marks_the_person_and_says_that_one_is_missing(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, craft: Group, dana: Person, place: Place
) -> None:
    keep_out(db, amina, dana, ben)
    session = session_of(db, craft).ref

    seen = registers.view(db, ben, session)

    assert ([line.name for line in seen.lines], seen.unseen) == (["Bea Okoro"], 1)
    assert not mark(db, ben, craft, place)
    assert len(registers.view(db, chloe, session).lines) == 2
    assert registers.view(db, chloe, session).unseen == 0


def test_her_register_can_be_finished_and_nothing_is_made_up(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, craft: Group, dana: Person, place: Place
) -> None:
    keep_out(db, amina, dana, ben)
    session = session_of(db, craft).ref
    with pytest.raises(InvalidInputError, match="1 still without a mark: Bea Okoro") as refused:
        finishing.finish(db, ben, session)
    assert "Dana" not in str(refused.value)
    bea = db.scalars(select(Place).where(Place.id != place.id)).one()
    mark(db, ben, craft, bea)

    finishing.finish(db, ben, session)

    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "register.finished")).one()
    assert json.loads(entry.details) == {"calls": 0, "unseen": 1}
    assert db.scalars(select(Mark.place_id)).all() == [bea.id]
    assert [line.name for line in registers.view(db, chloe, session).unmarked] == ["Dana Okoro"]


def test_a_colleague_makes_the_missing_mark(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, craft: Group, dana: Person, place: Place
) -> None:
    keep_out(db, amina, dana, ben)
    bea = db.scalars(select(Place).where(Place.id != place.id)).one()
    mark(db, ben, craft, bea)
    finishing.finish(db, ben, session_of(db, craft).ref)

    finishing.reopen(db, chloe, session_of(db, craft).ref, reason="One mark missing")
    assert mark(db, chloe, craft, place)
    finishing.finish(db, chloe, session_of(db, craft).ref)

    assert place.attended == 1


# --- Of two joined records the one that went ---------------------------------------------


def test_a_record_that_was_joined_to_another_is_found_nowhere(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Person, place: Place
) -> None:
    kept = make_person(db, amina, "Dana", "Kept")
    dana.merged_into_id = kept.id
    db.flush()

    assert dana.ref not in people.directory(db, amina, search="dana")["ref"].tolist()
    assert people.summary(db, amina, dana.ref).ref == kept.ref  # an old link leads on
    for attempt in (
        lambda: places.enrol(db, amina, group_ref=craft.ref, person_ref=dana.ref),
        lambda: kinships.by_code(db, amina, dana.code),
        lambda: keep_out(db, amina, dana, ben),
    ):
        with pytest.raises(AppError):
            attempt()
