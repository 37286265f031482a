"""What becomes of a finished register: locked in time, opened with a reason, each change kept."""

from datetime import date

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Group,
    Organisation,
    Person,
    Place,
    RegisterAmendment,
    RegisterReopening,
)
from services import bulk
from services.attendance import AttendanceCode as Code
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.people import record_locks
from services.permissions import Actor
from services.places import places
from services.registers import finishing, marking, register_history, registers
from services.registers.marking import NewMark
from services.registers.register_history import Event
from services.registers.register_locking import MAX_REASON, checked, has_locked, last_day
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place, session_of

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that met today."""
    return make_group(db, amina, [ben], first_day=TODAY)


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Place:
    return make_place(db, amina, craft, make_person(db, amina))


def mark(
    db: Session,
    actor: Actor,
    group: Group,
    place: Place,
    code: Code | None,
    minutes: int | None = None,
) -> marking.Taken:
    ref = session_of(db, group).ref
    count = db.scalar(select(func.count()).select_from(AuditEntry))
    version = registers.view(db, actor, ref).lines[0].version
    new = NewMark(
        tap=f"tap{count}", place_ref=place.ref, code=code, minutes=minutes, version=version
    )
    return marking.mark(db, actor, ref, [new])[0]


@pytest.fixture
def finished(db: Session, ben: Actor, craft: Group, dana: Place) -> str:
    """A register with one mark, finished."""
    assert mark(db, ben, craft, dana, Code.DID_NOT_ATTEND).saved
    ref = session_of(db, craft).ref
    finishing.finish(db, ben, ref)
    return ref


def test_a_mark_changed_after_finishing_is_kept_with_what_it_was(
    db: Session, ben: Actor, craft: Group, dana: Place, finished: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(minutes=5)
    finishing.reopen(db, ben, finished, reason="She came late after all")
    time_stands_still.go_on(minutes=1)
    mark(db, ben, craft, dana, Code.LATE, 10)
    time_stands_still.go_on(minutes=1)
    finishing.finish(db, ben, finished)

    story = register_history.of_session(db, ben, finished)

    assert [entry.event for entry in story] == [
        Event.FINISHED, Event.AMENDED, Event.REOPENED, Event.FINISHED,
    ]  # fmt: skip
    assert (story[1].name, story[1].before, story[1].after, story[1].by) == (
        "Dana Okoro", "Did not attend", "Arrived late, 10 minutes", "Ben",
    )  # fmt: skip
    assert (story[2].reason, story[2].was_locked) == ("She came late after all", False)


def test_marks_before_the_first_finish_are_no_amendments(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    mark(db, ben, craft, dana, Code.ATTENDED)
    mark(db, ben, craft, dana, Code.APOLOGIES)

    assert register_history.of_session(db, ben, session_of(db, craft).ref) == []


def test_the_same_mark_again_amends_nothing(
    db: Session, ben: Actor, craft: Group, dana: Place, finished: str
) -> None:
    finishing.reopen(db, ben, finished, reason="To look")
    mark(db, ben, craft, dana, Code.DID_NOT_ATTEND)

    assert db.scalar(select(func.count()).select_from(RegisterAmendment)) == 0


def test_reopening_twice_is_reopening_once(db: Session, ben: Actor, finished: str) -> None:
    finishing.reopen(db, ben, finished, reason="Wrong mark")
    finishing.reopen(db, ben, finished, reason="Wrong mark")

    assert db.scalar(select(func.count()).select_from(RegisterReopening)) == 1


def test_the_reason_is_encrypted_and_stays_out_of_the_log(
    db: Session, ben: Actor, finished: str
) -> None:
    finishing.reopen(db, ben, finished, reason="A secret reason")

    kept = db.scalar(text("SELECT reason FROM register_reopenings"))
    details = db.scalars(select(AuditEntry.details)).all()
    assert "secret" not in str(kept)
    assert not any("secret" in entry for entry in details)


@pytest.mark.parametrize("model", [RegisterReopening, RegisterAmendment])
@pytest.mark.parametrize("change", [lambda m: update(m).values(account_id=1), delete])
def test_the_database_refuses_to_change_what_is_kept(
    db: Session, ben: Actor, craft: Group, dana: Place, finished: str, model: type, change: object
) -> None:
    finishing.reopen(db, ben, finished, reason="Wrong mark")
    mark(db, ben, craft, dana, Code.ATTENDED)

    with pytest.raises(DBAPIError, match="append-only"), db.begin_nested():
        db.execute(change(model))  # type: ignore[operator]

    with bulk.unguarded(db, [model.__table__]):  # type: ignore[attr-defined]
        db.execute(update(model).values(account_id=ben.account_id))


def test_after_its_days_a_register_is_locked_for_those_who_took_it(
    db: Session, ben: Actor, finished: str, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=7)
    assert not registers.view(db, ben, finished).is_locked
    time_stands_still.go_on(days=1)

    assert registers.view(db, ben, finished).is_locked
    with pytest.raises(ConflictError, match="coordinator or a programme lead"):
        finishing.reopen(db, ben, finished, reason="Wrong mark")


def test_a_reason_for_reopening_is_as_long_as_it_may_be_and_no_longer() -> None:
    assert checked(f" {'x' * MAX_REASON} ") == "x" * MAX_REASON
    with pytest.raises(InvalidInputError, match="Shorten"):
        checked("x" * (MAX_REASON + 1))


@pytest.mark.parametrize("who", ["amina", "leila"])
def test_a_coordinator_and_a_lead_open_a_locked_register_with_a_reason(
    db: Session, ben: Actor, finished: str, who: str, time_stands_still: Clock,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    actor: Actor = request.getfixturevalue(who)
    time_stands_still.go_on(days=30)
    with pytest.raises(InvalidInputError, match="why the register is reopened"):
        finishing.unlock(db, actor, finished, reason="  ")

    finishing.unlock(db, actor, finished, reason="Found the paper register")

    story = register_history.of_session(db, ben, finished)
    assert (story[0].event, story[0].was_locked, story[0].by) == (
        Event.REOPENED, True, who.title(),
    )  # fmt: skip
    assert registers.view(db, ben, finished).finished_at is None


@pytest.mark.parametrize("who", ["ben", "ada", "vik", "erin"])
def test_nobody_else_opens_a_locked_register(
    db: Session, finished: str, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        finishing.unlock(db, request.getfixturevalue(who), finished, reason="Please")


def test_a_stranger_finds_neither_register_nor_history(
    db: Session, chloe: Actor, amina: Actor, finished: str
) -> None:
    with pytest.raises(NotFoundError):
        register_history.of_session(db, chloe, finished)
    with pytest.raises(NotFoundError):
        finishing.reopen(db, chloe, finished, reason="Mine now")
    with pytest.raises(NotPermittedError):
        register_history.of_session(db, amina, finished)


def test_with_no_days_a_register_never_locks(
    db: Session, ben: Actor, finished: str, time_stands_still: Clock
) -> None:
    db.execute(update(Organisation).values(register_days=0))
    time_stands_still.go_on(days=400)

    finishing.reopen(db, ben, finished, reason="Wrong mark")

    assert not registers.view(db, ben, finished).is_locked


def test_the_days_are_counted_from_the_session() -> None:
    assert last_day(date(2026, 9, 16), 7) == date(2026, 9, 23)
    assert last_day(date(2026, 9, 16), 0) is None
    assert not has_locked(date(1990, 1, 1), 0)


def test_somebody_she_is_kept_out_of_is_not_named_in_the_history(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Place, finished: str
) -> None:
    finishing.reopen(db, ben, finished, reason="Wrong mark")
    mark(db, ben, craft, dana, Code.ATTENDED)
    person = db.get_one(Person, dana.person_id)
    record_locks.keep_out(db, amina, person.ref, ben.ref, reason="Neighbours")

    events = [entry.event for entry in register_history.of_session(db, ben, finished)]

    assert Event.AMENDED not in events


def test_a_mark_for_somebody_who_has_left_is_refused_in_a_sentence(
    db: Session, amina: Actor, ben: Actor, dana: Place, craft: Group, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=8)
    places.leave(db, amina, dana.ref, on=TODAY, reason="", version=dana.version)
    second = session_of(db, craft, 2)
    new = NewMark(tap="late", place_ref=dana.ref, code=Code.ATTENDED)

    assert "not on this register any more" in str(
        marking.mark(db, ben, second.ref, [new])[0].refusal
    )
