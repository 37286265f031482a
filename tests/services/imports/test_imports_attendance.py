"""Bringing past attendance in: marks and places, counts that agree, and taking it back."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from models import Base, Group, GroupState, Mark, Place, PlaceState, Role, SessionState, Tally
from services import db as application_db
from services.attendance import CODES, AttendanceCode
from services.errors import ConflictError, InvalidInputError, NotPermittedError
from services.imports import checking, importing, matching, reading, undoing
from services.imports.attendance_layout import ATTENDANCE
from services.imports.plan import State
from services.permissions import Actor
from services.registers import marking
from services.registers.marking import NewMark
from services.tallies import recount
from tests.conftest import Clock
from tests.make import make_actor, make_group, make_person, make_place, session_of
from tests.services.imports.lists import states, why
from tests.services.imports.past import (
    BORN,
    FIRST,
    SECOND,
    THIRD,
    bring_in,
    line,
    place_of,
    planned,
)
from tests.spreadsheets import as_csv

SURNAMES = ("Okoro", "Lind", "Rowe", "Moss")


def marks(db: Session) -> list[str | None]:
    return list(db.scalars(select(Mark.code).order_by(Mark.session_id, Mark.place_id)))


def tap(
    db: Session,
    actor: Actor,
    group: Group,
    place: Place,
    code: AttendanceCode | None,
    number: int = 1,
) -> None:
    new = NewMark(tap=f"{place.ref}{code}{number}", place_ref=place.ref, code=code, version=9)
    (answer,) = marking.mark(db, actor, session_of(db, group, number).ref, [new])
    assert answer.saved, answer


def everything(db: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every table as it stands, without versions and without what an import leaves on purpose."""
    left = {"imports", "imported_records", "column_matches", "audit_entries", "audit_head"}
    db.expire_all()
    return {
        table.name: _rows(db, table)
        for table in Base.metadata.sorted_tables
        if table.name not in left
    }


def _rows(db: Session, table: Table) -> list[tuple[object, ...]]:
    query = select(*(column for column in table.columns if column.name != "version"))
    if table.name == Tally.__tablename__:  # a count that came and went stays as nought
        query = select(*(column for column in table.columns if column.name != "id"))
        query = query.where(Tally.count != 0)
    return sorted((tuple(row) for row in db.execute(query)), key=repr)


# --- What comes in -----------------------------------------------------------------------


@pytest.mark.usefixtures("group", "dana")
def test_marks_come_in_with_the_place_and_every_count(db: Session, ada: Actor) -> None:
    bring_in(
        db, ada, line(day=FIRST, mark="Present"), line(day=SECOND, mark="late", minutes="10"),
        line(day=THIRD, mark="DNA"),
    )  # fmt: skip

    place = place_of(db)
    assert marks(db) == ["P", "L", "D"]
    assert (place.attended, place.covered, place.state) == (2, 2, PlaceState.STARTED)
    assert (place.joined_on, place.left_on) == (date(2026, 9, 1), None)
    assert db.scalars(select(Mark.minutes).where(Mark.code == "L")).one() == 10
    assert recount.differences(db) == []


@pytest.mark.usefixtures("dana")
def test_the_sessions_took_place_and_the_group_is_running(
    db: Session, ada: Actor, group: Group
) -> None:
    bring_in(db, ada, line(day=SECOND))
    db.expire_all()
    assert group.state is GroupState.RUNNING
    held = [session_of(db, group, number).state for number in (1, 2)]
    assert held == [SessionState.PLANNED, SessionState.HELD]
    assert place_of(db).joined_on == date(2026, 9, 8)


@pytest.mark.usefixtures("dana")
def test_a_list_that_shows_a_session_held_counts_what_others_told_ahead_and_undone_no_longer(
    db: Session, ada: Actor, amina: Actor, ben: Actor, group: Group
) -> None:
    eve = make_place(db, amina, group, make_person(db, amina, "Eve", "Eves"))
    eve.joined_on = date(2026, 9, 1)
    db.flush()
    new = NewMark(tap="ahead", place_ref=eve.ref, code=AttendanceCode.APOLOGIES)
    marking.mark(db, ben, session_of(db, group, 2).ref, [new])
    assert eve.expected == 0

    ref = bring_in(db, ada, line(day=SECOND))
    db.expire_all()
    assert eve.expected == 1
    assert recount.differences(db) == []

    undoing.undo(db, ada, ref)
    db.expire_all()
    assert eve.expected == 0
    assert recount.differences(db) == []


@pytest.mark.usefixtures("dana")
def test_a_session_of_today_is_not_held_before_people_come(
    db: Session, ada: Actor, group: Group, time_stands_still: Clock
) -> None:
    third = session_of(db, group, 3)
    time_stands_still.moment = third.starts_at - timedelta(hours=2)
    bring_in(db, ada, line(day=THIRD))
    db.expire_all()
    assert third.state is SessionState.PLANNED


@pytest.mark.usefixtures("group", "dana")
def test_a_register_with_people_down_and_days_across_comes_in_as_well(
    db: Session, ada: Actor, amina: Actor
) -> None:
    make_person(db, amina, "Ivy", "Lind", date_of_birth=BORN)
    headings = ["Name", "DOB", "Group", FIRST, "Week 2", "15 September 2026"]
    plan = planned(
        db, ada, ["Okoro, Dana", "3/6/1988", "tuesday craft", "P", "", "apols"],
        ["Ivy Lind", "3/6/1988", "Tuesday craft", "", "✓", "x"], headings=headings,
    )  # fmt: skip

    assert states(plan) == ["new", "failed"]
    assert list(plan.rows[1].problems) == ["day:2026-09-15"]
    importing.apply(db, ada, plan)
    assert marks(db) == ["P", "A"]
    assert recount.differences(db) == []


@pytest.mark.usefixtures("dana")
def test_in_a_group_that_is_over_she_completes_or_has_left(
    db: Session, ada: Actor, amina: Actor, past: Group
) -> None:
    make_person(db, amina, "Ivy", "Lind", date_of_birth=BORN)
    headings = ["Name", "DOB", "Group", "Left", *(str(number) for number in range(1, 13))]
    days = [f"{session_of(db, past, number).local_start:%d/%m/%Y}" for number in (3, 4)]
    bring_in(
        db, ada, ["Dana Okoro", "3/6/1988", "Winter craft", "", *["P"] * 9, "D", "D", "A"],
        ["Ivy Lind", "3/6/1988", "Winter craft", days[0], *["P"] * 3, *[""] * 9],
        headings=headings,
    )  # fmt: skip

    db.expire_all()
    dana, ivy = db.scalars(select(Place).order_by(Place.id)).all()
    assert (dana.state, dana.covered) == (PlaceState.COMPLETED, 9)
    assert (ivy.state, ivy.left_on) == (
        PlaceState.LEFT_EARLY,
        session_of(db, past, 3).local_start.date(),
    )
    assert recount.differences(db) == []
    gone = planned(db, ada, line("Ivy Lind", days[1], group="Winter craft"))
    assert "had left this group" in why(gone)


def test_she_is_found_by_her_reference_alone(
    db: Session, ada: Actor, amina: Actor, group: Group
) -> None:
    dana = make_person(db, amina)
    headings = ["Code", "Group", "Session", "Attendance"]
    row = [dana.code, "Tuesday craft", "2", "P"]
    match = {"Code": "code", "Group": "group", "Session": "number", "Attendance": "mark"}
    sheet = reading.read("list.csv", as_csv([headings, row]))
    assert matching.guess(ATTENDANCE, sheet.headings) == match
    importing.apply(db, ada, importing.plan(db, ada, checking.check(ATTENDANCE, sheet, match)))
    assert place_of(db).person_id == dana.id


def test_a_name_alone_is_enough_for_whoever_has_a_place_in_the_group(
    db: Session, ada: Actor, amina: Actor, group: Group
) -> None:
    inside = make_person(db, amina, date_of_birth=BORN)
    make_person(db, amina, date_of_birth=date(1990, 1, 1))
    row = line(day="22/9/2026", mark="A", born="")
    assert "a date of birth is missing" in why(planned(db, ada, row))
    place = make_place(db, amina, group, inside)
    bring_in(db, ada, row)
    assert db.scalars(select(Mark.place_id)).one() == place.id


# --- Again -------------------------------------------------------------------------------


@pytest.mark.usefixtures("group", "dana")
def test_the_same_list_again_changes_nothing(db: Session, ada: Actor) -> None:
    rows = [line(day=FIRST), line(day=SECOND, mark="A")]
    bring_in(db, ada, *rows)
    again = planned(db, ada, *rows)
    assert states(again) == ["unchanged", "unchanged"]
    with pytest.raises(InvalidInputError, match="nothing new"):
        importing.apply(db, ada, again)


@pytest.mark.usefixtures("group", "dana")
def test_a_mark_from_a_list_is_put_right_by_the_next_list(db: Session, ada: Actor) -> None:
    bring_in(db, ada, line(mark="D"))
    second = bring_in(db, ada, line(mark="P"))
    assert marks(db) == ["P"]
    assert place_of(db).state is PlaceState.STARTED
    assert recount.differences(db) == []
    undoing.undo(db, ada, second)
    assert marks(db) == ["D"]
    assert recount.differences(db) == []


def test_a_mark_made_by_hand_is_left_unless_she_chooses(
    db: Session, ada: Actor, amina: Actor, ben: Actor, group: Group
) -> None:
    place = make_place(db, amina, group, make_person(db, amina, date_of_birth=BORN))
    place.joined_on = date(2026, 9, 1)
    db.flush()
    tap(db, ben, group, place, AttendanceCode.APOLOGIES)
    assert states(planned(db, ada, line(mark="A"))) == ["unchanged"]
    plan = planned(db, ada, line(mark="P"))
    assert "Another mark stands in the register" in why(plan)
    assert "apolog" not in why(plan).lower()

    chosen = planned(db, ada, line(mark="P"), replaces=True)
    assert states(chosen) == ["changed"]
    importing.apply(db, ada, chosen)
    assert marks(db) == ["P"]
    assert (place_of(db).attended, place_of(db).state) == (1, PlaceState.STARTED)
    assert recount.differences(db) == []


def test_a_mark_from_a_list_that_was_changed_by_hand_is_by_hand(
    db: Session, ada: Actor, ben: Actor, group: Group, dana: str
) -> None:
    bring_in(db, ada, line(mark="P"))
    tap(db, ben, group, place_of(db), AttendanceCode.LATE)
    assert "Another mark" in why(planned(db, ada, line(mark="P")))
    tap(db, ben, group, place_of(db), None)
    assert "Another mark" in why(planned(db, ada, line(mark="P")))


def test_a_mark_made_since_the_comparison_stops_the_import(
    db: Session, ada: Actor, amina: Actor, ben: Actor, group: Group
) -> None:
    place = make_place(db, amina, group, make_person(db, amina, date_of_birth=BORN))
    place.joined_on = date(2026, 9, 1)
    db.flush()
    tap(db, ben, group, place, AttendanceCode.ATTENDED)
    plan = planned(db, ada, line(mark="D"), replaces=True)
    tap(db, ben, group, place, AttendanceCode.LATE)
    with pytest.raises(ConflictError, match="Compare it once more"):
        importing.apply(db, ada, plan)
    assert marks(db) == ["L"]


# --- Taken back --------------------------------------------------------------------------


def test_an_import_is_taken_back_until_a_mark_is_touched(
    db: Session, ada: Actor, ben: Actor, group: Group, dana: str
) -> None:
    before = everything(db)
    ref = bring_in(db, ada, line(day=FIRST), line(day=SECOND, mark="A"))
    undoing.undo(db, ada, ref)
    assert everything(db) == before
    assert recount.differences(db) == []

    later = bring_in(db, ada, line(day=FIRST))
    tap(db, ben, group, place_of(db), AttendanceCode.LATE, 2)
    with pytest.raises(ConflictError, match="marks in registers"):
        undoing.undo(db, ada, later)
    assert recount.differences(db) == []


@pytest.mark.usefixtures("group", "dana")
def test_nobody_else_brings_attendance_in(
    db: Session, ada: Actor, amina: Actor, ben: Actor
) -> None:
    plan = planned(db, ada, line())
    for actor in (amina, ben):
        with pytest.raises(NotPermittedError):
            importing.apply(db, actor, plan)
    assert marks(db) == []


CELLS = st.sampled_from(["", *(code for code in CODES if code != "X"), "late", "DNA", "✓"])
SHEETS = st.lists(
    st.tuples(CELLS, CELLS, CELLS, st.sampled_from(["", FIRST, SECOND])), min_size=1, max_size=4
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=SHEETS, second=SHEETS, replaces=st.booleans())
def test_whatever_comes_in_counts_right_and_goes_out_without_a_trace(
    database: str,
    first: list[tuple[str, ...]],
    second: list[tuple[str, ...]],
    replaces: bool,
) -> None:
    with (
        application_db.engine().connect() as connection,
        Session(connection, join_transaction_mode="create_savepoint") as db,
    ):
        ada, amina = (
            make_actor(db, "ada", Role.ADMINISTRATOR),
            make_actor(db, "amina", Role.COORDINATOR),
        )
        ben = make_actor(db, "ben", Role.FACILITATOR)
        group = make_group(db, amina, [ben], first_day=date(2026, 9, 1))
        names = [
            f"{one} {two}"
            for one, two in zip(("Dana", "Ivy", "Ines", "Ruth"), SURNAMES, strict=True)
        ]
        people = [make_person(db, amina, *name.split(), date_of_birth=BORN) for name in names]
        make_place(db, amina, group, people[0]).joined_on = date(2026, 9, 1)
        headings = ["Name", "DOB", "Group", FIRST, SECOND, THIRD, "Left"]
        before, refs = [], []
        for sheet in (first, second):
            rows = [
                [name, "3/6/1988", "Tuesday craft", *cells]
                for name, cells in zip(names, sheet, strict=False)
            ]
            plan = planned(db, ada, *rows, headings=headings, replaces=replaces)
            if plan.count(State.NEW) or plan.count(State.CHANGED):
                before.append(everything(db))
                refs.append(importing.apply(db, ada, plan))
                assert recount.differences(db) == []
                again = planned(db, ada, *rows, headings=headings, replaces=replaces)
                assert again.count(State.NEW) == again.count(State.CHANGED) == 0
        if refs:
            undoing.undo(db, ada, refs[-1])
            assert everything(db) == before[-1]
            assert recount.differences(db) == []
