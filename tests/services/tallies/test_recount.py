"""Counting again from the data finds what the kept counts should be."""

from collections import Counter

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Group, Mark, Place, Point, Respondent, Tally
from services import audit
from services.attendance import AttendanceCode
from services.measures import measures
from services.measures.measure_draft import MeasureDraft
from services.permissions import Actor
from services.registers import marking
from services.registers.marking import NewMark
from services.tallies import recount, tallies
from services.tallies.tallies import Cell, Kind
from tests.conftest import NOW
from tests.make import make_group, make_person, make_place, session_of


def a_marked_place(db: Session, amina: Actor, ben: Actor) -> Place:
    """A place in a group of Ben's, marked as attended in its first session and away ahead."""
    group = make_group(db, amina, [ben], first_day=NOW.date())
    place = make_place(db, amina, group, make_person(db, amina))
    tap(db, ben, place, session_of(db, group).ref, AttendanceCode.ATTENDED)
    tap(db, ben, place, session_of(db, group, 2).ref, AttendanceCode.APOLOGIES)
    return place


def tap(
    db: Session, ben: Actor, place: Place, session_ref: str, code: AttendanceCode | None
) -> None:
    new = NewMark(tap=f"{session_ref}{code}", place_ref=place.ref, code=code, version=1)
    (answer,) = marking.mark(db, ben, session_ref, [new])
    assert answer.saved


def test_counts_kept_by_the_services_agree(db: Session, amina: Actor, ben: Actor) -> None:
    place = a_marked_place(db, amina, ben)
    for point, total in ((Point.START, 17.0), (Point.END, 24.0)):
        draft = MeasureDraft(
            measure="swemwbs",
            respondent=Respondent.SELF,
            point=point,
            taken_on=NOW.date(),
            paper_total=total,
        )
        measures.record(db, ben, place.ref, draft)

    assert recount.differences(db) == []
    assert Cell(Kind.MARK, "steps_forward", "2026-Q3", "P", 1) in recount.recount(db)
    assert Cell(Kind.PLACE, "steps_forward", "2026-Q3", "started") in recount.recount(db)
    assert Cell(Kind.PAIR, "steps_forward", "2026-Q3", "swemwbs:self", 1688, 2154) in (
        recount.recount(db)
    )


def test_a_mark_taken_back_counts_for_nothing(db: Session, amina: Actor, ben: Actor) -> None:
    place = a_marked_place(db, amina, ben)
    tap(db, ben, place, session_of(db, db.get_one(Group, place.group_id)).ref, None)

    assert db.scalars(select(Mark.code)).all() != []
    assert recount.differences(db) == []


def test_a_count_that_was_changed_is_found_and_put_right(
    db: Session, amina: Actor, ben: Actor
) -> None:
    a_marked_place(db, amina, ben)
    db.execute(update(Tally).where(Tally.kind == "mark", Tally.key == "P").values(count=5))

    (found,) = recount.put_right(db)

    assert str(found) == "mark steps_forward 2026-Q3 P 1 0: 5 was kept, 1 is right"
    assert recount.differences(db) == []
    assert audit.verify(db).faults == ()


def test_a_count_of_what_is_no_longer_there_goes(db: Session) -> None:
    cell = Cell(Kind.FEEDBACK, "open_door", "2026-Q1", "felt_safe", 4)
    tallies.add(db, Counter({cell: 3}))

    assert [found.counted for found in recount.put_right(db)] == [0]
    assert recount.recount(db) == {}
    assert recount.differences(db) == []


def test_a_places_own_sums_are_found_and_put_right(db: Session, amina: Actor, ben: Actor) -> None:
    place = a_marked_place(db, amina, ben)
    db.execute(update(Place).values(attended=0, covered=3, expected=3))
    db.expire_all()

    found = {difference.what: difference.counted for difference in recount.put_right(db)}

    assert found == {
        f"place {place.ref} attended": 1,
        f"place {place.ref} covered": 1,
        f"place {place.ref} expected": 1,
    }
    db.expire_all()
    assert (place.attended, place.covered, place.expected) == (1, 1, 1)
    assert recount.differences(db) == []


def test_nothing_is_written_when_every_count_is_right(db: Session, amina: Actor) -> None:
    before = audit.verify(db).entries

    assert recount.put_right(db) == []
    assert audit.verify(db).entries == before
