"""Marks from paper: all of a sheet or none, within the days of a register, and said so for ever."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models import AuditEntry, Group, PaperEntry, Place
from services.attendance import AttendanceCode as Code
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.registers import finishing, marking, paper_entry, register_history, registers
from services.registers.marking import NewMark
from services.registers.paper_entry import Sheet
from services.registers.register_history import Event
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place, session_of

TODAY = date(2026, 9, 16)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that met today."""
    return make_group(db, amina, [ben], first_day=TODAY)


@pytest.fixture
def places(db: Session, amina: Actor, craft: Group) -> list[Place]:
    return [make_place(db, amina, craft, make_person(db, amina, name)) for name in ("Bea", "Dana")]


def sheet(*places: Place, code: Code = Code.ATTENDED, **more: object) -> Sheet:
    values = {"entry": "sheet one", "written_by": "Ruth, the volunteer"} | more
    return Sheet(marks={place.ref: code for place in places}, **values)  # type: ignore[arg-type]


def codes(db: Session, actor: Actor, group: Group) -> list[Code | None]:
    return [line.code for line in registers.view(db, actor, session_of(db, group).ref).lines]


def enter(db: Session, actor: Actor, group: Group, what: Sheet, number: int = 1) -> None:
    paper_entry.enter(db, actor, session_of(db, group, number).ref, what)


def test_a_sheet_is_saved_and_the_history_says_it_was_paper(
    db: Session, ben: Actor, craft: Group, places: list[Place]
) -> None:
    enter(db, ben, craft, sheet(*places))
    assert codes(db, ben, craft) == [Code.ATTENDED, Code.ATTENDED]
    (entry,) = register_history.of_session(db, ben, session_of(db, craft).ref)
    assert (entry.event, entry.marks, entry.by) == (Event.FROM_PAPER, 2, "Ben")
    assert entry.written_by == "Ruth, the volunteer"


def test_minutes_late_or_early_are_kept_from_paper(
    db: Session, ben: Actor, craft: Group, places: list[Place]
) -> None:
    bea, dana = places
    marks = {bea.ref: Code.LATE, dana.ref: Code.LEFT_EARLY}
    enter(db, ben, craft, replace(sheet(), marks=marks, minutes={bea.ref: 15}))
    lines = registers.view(db, ben, session_of(db, craft).ref).lines
    assert [(one.code, one.minutes) for one in lines] == [
        (Code.LATE, 15), (Code.LEFT_EARLY, None)
    ]  # fmt: skip


def test_more_minutes_than_a_session_has_save_nothing(
    db: Session, ben: Actor, craft: Group, places: list[Place]
) -> None:
    wrong = sheet(*places, code=Code.LATE, minutes={places[1].ref: 181})
    with pytest.raises(ConflictError, match="between 0 and 180"), db.begin_nested():
        enter(db, ben, craft, wrong)
    assert codes(db, ben, craft) == [None, None]


def test_a_sheet_sent_twice_counts_once(
    db: Session, ben: Actor, craft: Group, places: list[Place]
) -> None:
    for _ in range(2):
        enter(db, ben, craft, sheet(*places))
    assert len(db.scalars(select(PaperEntry)).all()) == 1
    assert places[0].attended == 1


def test_a_colleagues_mark_is_not_overwritten_and_nothing_of_the_sheet_is_saved(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, places: list[Place], craft: Group
) -> None:
    from models import Facilitation

    db.add(Facilitation(group_id=craft.id, account_id=chloe.account_id))
    hers = [NewMark(tap="hers", place_ref=places[1].ref, code=Code.APOLOGIES)]
    marking.mark(db, chloe, session_of(db, craft).ref, hers)
    with pytest.raises(ConflictError, match="colleague"), db.begin_nested():
        enter(db, ben, craft, sheet(*places))
    assert codes(db, ben, craft) == [None, Code.APOLOGIES]


def test_a_finished_register_is_opened_with_a_reason_first(
    db: Session, ben: Actor, craft: Group, places: list[Place]
) -> None:
    ref = session_of(db, craft).ref
    enter(db, ben, craft, sheet(*places, code=Code.APOLOGIES))
    finishing.finish(db, ben, ref)
    late = sheet(places[0], entry="two", versions={places[0].ref: 1})
    with pytest.raises(ConflictError, match="Reopen it with a reason"):
        enter(db, ben, craft, late)
    finishing.reopen(db, ben, ref, reason="The sheet turned up.")
    enter(db, ben, craft, late)
    assert [one.event for one in register_history.of_session(db, ben, ref)][-1] is Event.FINISHED


def test_a_locked_register_takes_a_sheet_only_once_it_is_unlocked(
    db: Session, amina: Actor, ben: Actor, craft: Group, places: list[Place],
    time_stands_still: Clock,
) -> None:  # fmt: skip
    ref = session_of(db, craft).ref
    enter(db, ben, craft, sheet(*places, code=Code.APOLOGIES))
    finishing.finish(db, ben, ref)
    time_stands_still.go_on(days=8)
    late = sheet(places[0], entry="two", versions={places[0].ref: 1})
    with pytest.raises(ConflictError, match="locked"):
        enter(db, ben, craft, late)
    finishing.unlock(db, amina, ref, reason="The sheet turned up.")
    enter(db, ben, craft, late)
    assert codes(db, ben, craft)[0] is Code.ATTENDED


def test_a_register_never_finished_asks_why_once_its_days_are_over(
    db: Session, ben: Actor, craft: Group, places: list[Place], time_stands_still: Clock
) -> None:
    ref = session_of(db, craft).ref
    time_stands_still.go_on(days=7)
    assert not paper_entry.needs_reason(db, ben, ref)
    time_stands_still.go_on(days=1)
    assert paper_entry.needs_reason(db, ben, ref)
    with pytest.raises(InvalidInputError, match="so late"):
        enter(db, ben, craft, sheet(*places))
    enter(db, ben, craft, sheet(*places, reason="Found in the van."))
    assert register_history.of_session(db, ben, ref)[0].reason == "Found in the van."


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"written_by": " "}, "written_by"),
        ({"written_by": "x" * 101}, "written_by"),
        ({"marks": {}}, "marks"),
        ({"reason": "x" * 501}, "reason"),
        ({"minutes": {"somebody": 5}}, "marks"),
    ],
)
def test_what_is_wrong_with_a_sheet_stands_at_its_field(
    db: Session, ben: Actor, craft: Group, places: list[Place], change: dict, field: str
) -> None:
    values = {"entry": "one", "written_by": "Ruth", "marks": {places[0].ref: Code.ATTENDED}}
    with pytest.raises(InvalidInputError) as refused:
        enter(db, ben, craft, Sheet(**values | change))
    assert set(refused.value.problems) == {field}


def test_a_session_to_come_and_a_stranger_take_no_sheet(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, craft: Group, places: list[Place]
) -> None:
    with pytest.raises(ConflictError, match="not started"):
        enter(db, ben, craft, sheet(*places), number=2)
    with pytest.raises(NotFoundError):
        enter(db, chloe, craft, sheet(*places))
    with pytest.raises(NotPermittedError):
        enter(db, amina, craft, sheet(*places))


def test_somebody_who_is_not_on_the_register_gets_no_mark(
    db: Session, amina: Actor, ben: Actor, craft: Group, places: list[Place]
) -> None:
    other = make_group(db, amina, [ben], first_day=TODAY, code_name="Other")
    stray = make_place(db, amina, other, make_person(db, amina, "Stray"))
    with pytest.raises(ConflictError, match="not on this register"):
        enter(db, ben, craft, sheet(stray))


def test_the_entry_stays_and_nothing_of_it_is_readable_or_in_the_audit_log(
    db: Session, ben: Actor, craft: Group, places: list[Place]
) -> None:
    enter(db, ben, craft, sheet(*places, reason="Found in the van."))
    stored = db.execute(text("SELECT written_by, reason FROM paper_entries")).one()
    assert all(value.startswith("gAAAA") for value in stored)
    last = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.action, last.details) == ("register.from_paper", '{"marks": 2}')
    with pytest.raises(DBAPIError, match="append-only"), db.begin_nested():
        db.execute(delete(PaperEntry))
