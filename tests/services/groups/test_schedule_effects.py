"""What a changed schedule does to marks, places, counts and links, however often it changes."""

from datetime import date, time, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    FeedbackLink,
    Group,
    GroupState,
    Point,
    Respondent,
    SessionState,
)
from services import audit, clock, feedback, today
from services.attendance import AttendanceCode as Code
from services.errors import ConflictError, InvalidInputError
from services.groups.schedules import changing
from services.groups.schedules.parts import (
    Add,
    Cancel,
    Change,
    Move,
    MoveAll,
    PutBreak,
    Swap,
)
from services.measures import measures
from services.measures.measure_draft import MeasureDraft
from services.permissions import Actor
from services.registers import finishing, marking, registers
from services.registers.marking import NewMark
from services.tallies import recount
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place, session_of
from tests.services.groups.craft import FIRST, at, change, codes, ref_of, rows, tap


def test_apologies_sent_ahead_give_way_when_the_session_is_cancelled(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    place = make_place(db, amina, craft, make_person(db, amina))
    make_place(db, amina, craft, make_person(db, amina, "Sam"))
    third = session_of(db, craft, 3)
    tap(db, ben, place, third, Code.APOLOGIES)
    wanted = Cancel(third.ref, "Snow", keeps_length=True)
    assert changing.preview(db, amina, craft.ref, wanted).marked_ahead == 1

    change(db, amina, craft, wanted)

    assert codes(db, third) == ["X", "X"]
    assert recount.differences(db) == []
    (refused,) = marking.mark(
        db, ben, third.ref, [NewMark(tap="late", place_ref=place.ref, code=Code.APOLOGIES)]
    )
    assert refused.refusal is not None


def test_marks_made_ahead_are_counted_under_the_number_their_session_has_now(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    place = make_place(db, amina, craft, make_person(db, amina))
    fifth = session_of(db, craft, 5)
    tap(db, ben, place, fifth, Code.APOLOGIES)

    change(db, amina, craft, Cancel(ref_of(db, craft, 3), "Snow", keeps_length=False))

    assert fifth.number == 4
    assert codes(db, fifth) == ["A"]
    assert recount.differences(db) == []


def test_a_shorter_series_can_complete_somebody_and_the_counts_say_so(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben], programme="side_by_side", first_day=FIRST)
    place = make_place(db, amina, group, make_person(db, amina))
    place.joined_on = FIRST
    for number in range(1, group.sessions_to_complete):
        session = session_of(db, group, number)
        time_stands_still.moment = session.ends_at
        tap(db, ben, place, session, Code.ATTENDED)
    last = group.sessions_offered
    assert place.covered == group.sessions_to_complete - 1

    change(db, amina, group, Cancel(ref_of(db, group, last), "Strike", keeps_length=False))
    change(db, amina, group, Cancel(ref_of(db, group, last - 1), "Strike", keeps_length=False))

    assert place.covered >= group.sessions_to_complete
    assert recount.differences(db) == []


def test_counts_follow_a_group_whose_start_moves_into_another_quarter(
    db: Session, amina: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben], first_day=date(2026, 9, 29))
    place = make_place(db, amina, group, make_person(db, amina))
    tap(db, ben, place, session_of(db, group, 1), Code.APOLOGIES)
    form = MeasureDraft(
        measure="swemwbs",
        respondent=Respondent.SELF,
        point=Point.START,
        taken_on=date(2026, 9, 16),
        paper_total=17.0,
    )
    measures.record(db, ben, place.ref, form)

    change(db, amina, group, MoveAll(ref_of(db, group, 1), date(2026, 10, 1), (3,), time(10)))

    assert group.starts_on == date(2026, 10, 1)
    assert recount.differences(db) == []


def test_whoever_was_to_come_from_the_start_is_on_the_first_register_when_it_moves_forward(
    db: Session, amina: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben], first_day=date(2026, 9, 29))
    make_place(db, amina, group, make_person(db, amina))
    first = ref_of(db, group, 1)

    change(db, amina, group, Move(first, at(date(2026, 9, 24))))

    assert len(registers.view(db, ben, first).lines) == 1


def test_with_its_last_open_session_cancelled_the_group_is_finished(
    db: Session, amina: Actor, ben: Actor, craft: Group, time_stands_still: Clock
) -> None:
    for number in range(1, 12):
        session = session_of(db, craft, number)
        time_stands_still.moment = session.ends_at
        finishing.finish(db, ben, session.ref)

    change(db, amina, craft, Cancel(ref_of(db, craft, 12), "Snow", keeps_length=False))

    assert craft.state is GroupState.FINISHED


def test_a_held_session_stays_and_a_moved_one_is_chased_on_its_new_day(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    first = session_of(db, craft, 1)
    change(db, amina, craft, Move(first.ref, at(date(2026, 9, 18))))
    assert today.unfinished_count(db, ben) == 0
    assert today.week(db, ben).coming["ref"].tolist()[0] == first.ref


def test_a_printed_link_follows_its_session(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    third = session_of(db, craft, 3)
    before = feedback.open_link(db, ben, third.ref)

    change(db, amina, craft, Move(third.ref, at(date(2026, 10, 2))))

    link = db.scalars(select(FeedbackLink)).one()
    assert link.opens_at == third.starts_at
    assert link.expires_at == before.expires_at + timedelta(days=3)


# --- Many changes, one after the other ---------------------------------------------------------


def any_change(chance: Random, db: Session, group: Group) -> Change:
    there = rows(db, group)
    one, other = chance.choice(there), chance.choice(there)
    day = FIRST + timedelta(days=chance.randrange(120))
    return chance.choice(
        (
            Move(one.ref, at(day, 13)),
            MoveAll(one.ref, day, (chance.randrange(5),), time(10)),
            Cancel(one.ref, "Snow", keeps_length=chance.random() < 0.7),
            Add(at(day, 16), 60, f"Extra {day}"),
            Swap(one.ref, other.ref),
            PutBreak(day, day + timedelta(days=chance.randrange(10))),
        )
    )


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_changed_numbers_counts_and_the_log_stay_right(
    db: Session, amina: Actor, ben: Actor, craft: Group, seed: int
) -> None:
    chance, made = Random(seed), 0
    places = [make_place(db, amina, craft, make_person(db, amina, f"P{n}")) for n in range(3)]
    for _ in range(12):
        row = chance.choice(rows(db, craft))
        place = chance.choice(places)
        sorry = NewMark(tap=str(chance.random()), place_ref=place.ref, code=Code.APOLOGIES)
        marking.mark(db, ben, row.ref, [sorry])
        try:
            change(db, amina, craft, any_change(chance, db, craft))
        except (InvalidInputError, ConflictError):
            continue
        made += 1
    live = [one for one in rows(db, craft) if one.state is not SessionState.CANCELLED]

    assert made >= 3
    assert [one.number for one in live] == list(range(1, len(live) + 1))
    assert craft.sessions_offered == len(live)
    assert all(one.local_start == clock.local(one.starts_at).replace(tzinfo=None) for one in live)
    assert recount.differences(db) == []
    assert audit.verify(db).faults == ()
