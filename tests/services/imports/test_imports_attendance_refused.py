"""Past attendance that is left out: faults in a row, and whoever must not meet."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupState, Person, PlaceState, RecordLock, SessionState, Strength
from services import clock
from services.imports import undoing
from services.permissions import Actor
from services.places import places
from services.placing import conflicts
from services.placing.conflicts import ConflictDraft, Party
from tests.make import make_group, make_person, make_place, make_referral, session_of
from tests.services.imports.past import (
    BORN,
    FIRST,
    SECOND,
    bring_in,
    line,
    place_of,
    planned,
    states,
    why,
)

# --- What is refused ---------------------------------------------------------------------


@pytest.mark.usefixtures("group", "dana")
@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        (line(group=""), "group", "no group in this row"),
        (line(group="Knitting"), "mark", "no group of this name"),
        (line(name="Ines Rowe"), "", "Nobody here fits"),
        (line(day="2/9/2026"), "mark", "no session on this day"),
        (line(day="31/2/2026"), "day", "no such day"),
        (line(day=""), "mark", "Say which session"),
        (line(mark=""), "", "no mark"),
        (line(mark="maybe"), "mark", "Write one of these"),
        (line(mark="cancelled"), "mark", "from the group's page"),
        (line(day="22/9/2026", mark="P"), "mark", "still to come"),
        (line(mark="L", minutes="500"), "mark", "between 0 and 180"),
        (line(joined=SECOND, left=FIRST), "left", "before she joins"),
        (line(left="1/1/2030"), "left", "still to come"),
        (line(day=FIRST, joined=SECOND), "mark", "joined this group after"),
        (line(day=SECOND, left=FIRST), "mark", "had left this group"),
        (line(born="1/1/1990"), "", "Nobody here fits"),
    ],
)
def test_a_row_with_a_fault_is_told_where_and_why(
    db: Session, ada: Actor, row: list[str], field: str, sentence: str
) -> None:
    (only,) = planned(db, ada, row).rows
    assert sentence in only.problems.get(field, ""), only.problems


@pytest.mark.usefixtures("dana")
@pytest.mark.parametrize("state", [GroupState.DRAFT, GroupState.CANCELLED])
def test_a_group_without_registers_takes_no_marks(
    db: Session, ada: Actor, group: Group, state: GroupState
) -> None:
    group.state = state
    db.flush()
    assert "has no registers" in why(planned(db, ada, line()))


@pytest.mark.usefixtures("dana")
def test_a_cancelled_session_takes_no_marks(db: Session, ada: Actor, group: Group) -> None:
    session_of(db, group).state = SessionState.CANCELLED
    db.flush()
    assert "was cancelled" in why(planned(db, ada, line()))


def test_whoever_had_left_or_only_waits_gets_no_mark(
    db: Session, ada: Actor, amina: Actor, group: Group
) -> None:
    place = make_place(db, amina, group, make_person(db, amina, date_of_birth=BORN))
    place.joined_on = date(2026, 9, 1)
    db.flush()
    places.leave(db, amina, place.ref, on=date(2026, 9, 2), reason="", version=place.version)
    assert "had left this group" in why(planned(db, ada, line(day=SECOND)))
    assert states(planned(db, ada, line(day=FIRST))) == ["new"]
    place.state, place.left_on = PlaceState.WAITING, None
    db.flush()
    assert "waits for a place" in why(planned(db, ada, line()))


@pytest.mark.usefixtures("group", "dana")
def test_two_marks_for_one_session_are_told_of_each_other(db: Session, ada: Actor) -> None:
    plan = planned(db, ada, line(), line(mark="D"))
    assert states(plan) == ["new", "failed"]
    assert "row 2" in why(plan, 1)
    both = planned(
        db, ada, ["Dana Okoro", "3/6/1988", "Tuesday craft", "P", "D"],
        headings=["Name", "DOB", "Group", FIRST, "Session 1"],
    )  # fmt: skip
    assert "has a mark for her in this session already" in why(both)


def test_of_two_runs_of_one_name_the_day_says_which(
    db: Session, ada: Actor, amina: Actor, ben: Actor, group: Group, dana: str
) -> None:
    spring = make_group(db, amina, [ben], first_day=date(2026, 3, 3))
    headings = ["Name", "DOB", "Group", "Session", "Attendance"]
    row = ["Dana Okoro", "3/6/1988", "Tuesday craft", "1", "P"]
    assert "Give the day" in why(planned(db, ada, row, headings=headings))
    bring_in(db, ada, line(day="3/3/2026"))
    assert place_of(db).group_id == spring.id


def test_a_full_group_takes_nobody_more(
    db: Session, ada: Actor, amina: Actor, ben: Actor, group: Group, dana: str
) -> None:
    group.capacity = 1
    make_person(db, amina, "Ivy", "Lind", date_of_birth=BORN)
    db.flush()
    plan = planned(db, ada, line(), line("Ivy Lind"), line("Ivy Lind", SECOND))
    assert states(plan) == ["new", "failed", "failed"]
    assert "is full" in why(plan, 1)


def test_a_record_she_is_kept_out_of_is_not_there_for_her(
    db: Session, ada: Actor, amina: Actor, group: Group, dana: str
) -> None:
    person = db.scalars(select(Person)).one()
    lock = RecordLock(
        person_id=person.id, account_id=ada.account_id, reason="Kin", locked_at=clock.now(),
        locked_by_id=amina.account_id,
    )  # fmt: skip
    db.add(lock)
    db.flush()
    assert "Nobody here fits" in why(planned(db, ada, line()))


def keep_apart(db: Session, amina: Actor, *refs: str) -> None:
    first, second = map(Party, refs)
    draft = ConflictDraft(first=first, second=second, strength=Strength.HARD, reason="His sister.")
    conflicts.record(db, amina, draft)


# --- Who must not meet -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Tuesday craft", "Winter craft"])
@pytest.mark.usefixtures("group", "past")
def test_whoever_must_not_meet_somebody_there_is_left_out_without_a_word_why(
    db: Session, ada: Actor, amina: Actor, dana: str, name: str
) -> None:
    day = FIRST if name == "Tuesday craft" else "6/1/2026"
    keep_apart(db, amina, dana, make_person(db, amina, "Ivy", "Lind", date_of_birth=BORN).ref)
    bring_in(db, ada, line("Ivy Lind", day, group=name))
    plan = planned(db, ada, line(day=day, group=name))
    assert states(plan) == ["failed"]
    assert why(plan) == (
        "She cannot be given a place in this group by a list. Ask a coordinator, or choose "
        "another group."
    )


@pytest.mark.usefixtures("group")
def test_of_two_in_one_list_who_must_not_meet_only_one_comes_in(
    db: Session, ada: Actor, amina: Actor, dana: str
) -> None:
    keep_apart(db, amina, make_person(db, amina, "Ivy", "Lind", date_of_birth=BORN).ref, dana)
    make_person(db, amina, "Zofia", "Hale", date_of_birth=BORN)
    plan = planned(db, ada, line(), line("Zofia Hale"), line("Ivy Lind"), line("Ivy Lind", SECOND))
    assert states(plan) == ["new", "new", "failed", "failed"]
    assert "Dana" not in why(plan, 2)


@pytest.mark.usefixtures("group", "dana")
def test_a_second_surname_is_for_a_coordinator_to_weigh(
    db: Session, ada: Actor, amina: Actor
) -> None:
    make_person(db, amina, "Ivy", "Okoro", date_of_birth=date(1990, 1, 1))
    plan = planned(db, ada, line(), line("Ivy Okoro", born="1/1/1990"))
    assert states(plan) == ["new", "failed"]
    assert "by hand" in why(plan, 1)
    assert "Dana" not in why(plan, 1)


@pytest.mark.usefixtures("dana")
def test_another_group_at_that_time_is_for_a_coordinator_to_weigh(
    db: Session, ada: Actor, amina: Actor, ben: Actor, group: Group
) -> None:
    later = make_group(db, amina, [ben], code_name="Elsewhere", first_day=group.starts_on)
    make_place(db, amina, later, db.scalars(select(Person)).one())
    said = why(planned(db, ada, line()))
    assert "another group at the same time" in said
    assert "Elsewhere" not in said


@pytest.mark.usefixtures("past", "dana")
def test_in_a_group_that_is_over_there_is_nothing_to_weigh(
    db: Session, ada: Actor, amina: Actor
) -> None:
    make_person(db, amina, "Ivy", "Okoro", date_of_birth=date(1990, 1, 1))
    rows = [
        line(day="6/1/2026", group="Winter craft"),
        line("Ivy Okoro", "6/1/2026", born="1/1/1990", group="Winter craft"),
    ]
    assert states(planned(db, ada, *rows)) == ["new", "new"]


@pytest.mark.usefixtures("group", "dana")
def test_whoever_has_a_referral_on_its_way_is_placed_by_hand(
    db: Session, ada: Actor, amina: Actor
) -> None:
    make_referral(db, amina, db.scalars(select(Person)).one())
    assert "referral" in why(planned(db, ada, line()))


def test_the_referral_behind_a_place_goes_with_it_and_comes_back(
    db: Session, ada: Actor, amina: Actor, group: Group
) -> None:
    person = make_person(db, amina, date_of_birth=BORN)
    referral = make_referral(db, amina, person)
    place = make_place(db, amina, group, person)
    place.joined_on = date(2026, 9, 1)
    db.flush()
    ref = bring_in(db, ada, line())
    db.expire_all()
    assert (referral.state.value, referral.first_session_on) == ("started", date(2026, 9, 1))
    undoing.undo(db, ada, ref)
    db.expire_all()
    assert (referral.state.value, referral.first_session_on) == ("accepted", None)
