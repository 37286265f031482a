"""Changing a group's schedule: previewed, then made once, with marks, places and counts kept."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import (
    FeedbackLink,
    Group,
    GroupSession,
    GroupState,
    Mark,
    Place,
    PlacementRole,
    Point,
    Respondent,
    SessionState,
    Stage,
)
from services import audit, clock, feedback, today
from services.attendance import AttendanceCode as Code
from services.db import transaction
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import groups, rooms
from services.groups.schedules import changing
from services.groups.schedules.clashes import Kind
from services.groups.schedules.parts import (
    Add,
    AddRound,
    Cancel,
    Change,
    ChangeRoom,
    Move,
    MoveAll,
    PutBreak,
    Restore,
    Swap,
)
from services.measures import measures
from services.measures.measure_draft import MeasureDraft
from services.permissions import Actor
from services.placing import placements
from services.placing.placements import PlacementDraft
from services.registers import finishing, marking, registers
from services.registers.marking import NewMark
from services.tallies import recount
from services.volunteers.availability import wishes
from services.volunteers.availability.wishes import WishesDraft
from tests.conftest import Clock, Statements
from tests.make import make_group, make_person, make_place, make_volunteer, session_of
from tests.services.groups.test_at_once import house, together

__all__ = ["house"]

FIRST = date(2026, 9, 15)  # the day before the one on which time stands still


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """Twelve Tuesdays of Ben's, the first of them yesterday; nobody is marked yet."""
    return make_group(db, amina, [ben], first_day=FIRST)


def change(db: Session, actor: Actor, group: Group, wanted: Change, **more: str) -> None:
    seen = changing.preview(db, actor, group.ref, wanted).version
    changing.apply(db, actor, group.ref, wanted, version=seen, **more)


def tap(db: Session, ben: Actor, place: Place, session: GroupSession, code: Code) -> None:
    new = NewMark(tap=f"{place.ref}{session.ref}{code}", place_ref=place.ref, code=code)
    (taken,) = marking.mark(db, ben, session.ref, [new])
    assert taken.saved


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def ref_of(db: Session, group: Group, number: int) -> str:
    return session_of(db, group, number).ref


def codes(db: Session, session: GroupSession) -> list[str | None]:
    return list(db.scalars(select(Mark.code).where(Mark.session_id == session.id)))


# --- Looking, and making -----------------------------------------------------------------------


def test_a_look_changes_nothing(db: Session, amina: Actor, craft: Group) -> None:
    before = groups.sessions(db, amina, craft.ref)

    changing.preview(db, amina, craft.ref, Cancel(ref_of(db, craft, 3), "Snow", keeps_length=True))

    assert groups.sessions(db, amina, craft.ref).equals(before)


def test_a_moved_session_is_moved_and_its_calendar_entry_follows(
    db: Session, amina: Actor, craft: Group
) -> None:
    session = session_of(db, craft, 3)
    was, day = session.starts_at, session.local_start.date()

    change(db, amina, craft, Move(session.ref, at(day + timedelta(1), 13, 30)))

    assert session.local_start == at(day + timedelta(1), 13, 30)
    assert session.starts_at == datetime(2026, 9, 30, 12, 30, tzinfo=UTC)
    assert (session.moved_from, session.sequence) == (was, 1)
    assert session_of(db, craft, 4).sequence == 0
    shown = groups.sessions(db, amina, craft.ref)
    assert shown["state"].tolist()[1:4] == ["planned", "moved", "planned"]
    assert audit.verify(db).faults == ()


def test_a_rolling_group_goes_round_again_once_and_asks_for_no_more_topics(
    db: Session, amina: Actor, ben: Actor
) -> None:
    group = make_group(db, amina, [ben], programme="open_door", first_day=FIRST)
    topics = groups.sessions(db, amina, group.ref)["topic"].tolist()
    seen = changing.preview(db, amina, group.ref, AddRound())

    changing.apply(db, amina, group.ref, AddRound(), version=seen.version)

    assert groups.sessions(db, amina, group.ref)["topic"].tolist() == topics * 2
    assert (group.sessions_offered, group.topics_to_complete) == (22, 11)
    assert group.ends_on == seen.ends[1]
    with pytest.raises(ConflictError):  # the same once more, over a bad line
        changing.apply(db, amina, group.ref, AddRound(), version=seen.version)
    with pytest.raises(NotPermittedError):
        changing.apply(db, ben, group.ref, AddRound(), version=group.version)


def test_a_closed_group_does_not_go_round_again(db: Session, amina: Actor, craft: Group) -> None:
    with pytest.raises(InvalidInputError) as refused:
        changing.preview(db, amina, craft.ref, AddRound())
    assert "ends with its topics" in refused.value.problems["change"]


def test_moved_back_it_was_never_moved(db: Session, amina: Actor, craft: Group) -> None:
    session = session_of(db, craft, 3)
    day = session.local_start.date()
    change(db, amina, craft, Move(session.ref, at(day + timedelta(1))))

    change(db, amina, craft, Move(session.ref, at(day)))

    assert (session.moved_from, session.sequence) == (None, 2)


def test_a_cancelled_session_keeps_the_series_whole_and_moves_its_end(
    db: Session, amina: Actor, craft: Group
) -> None:
    end, topics = craft.ends_on, groups.sessions(db, amina, craft.ref)["topic"].tolist()
    third = session_of(db, craft, 3)

    change(db, amina, craft, Cancel(third.ref, "The boiler broke", keeps_length=True))

    shown = groups.sessions(db, amina, craft.ref)
    live = shown[shown["state"] != "cancelled"]
    assert live["number"].tolist() == list(range(1, 13))
    assert live["topic"].tolist() == topics
    assert (craft.sessions_offered, craft.sessions_to_complete) == (12, 9)
    assert craft.ends_on == end + timedelta(weeks=1)
    assert (third.state, third.cancelled_reason) == (SessionState.CANCELLED, "The boiler broke")


def test_why_it_was_cancelled_is_not_to_be_read_in_the_database(
    db: Session, amina: Actor, craft: Group
) -> None:
    change(db, amina, craft, Cancel(ref_of(db, craft, 3), "The boiler broke", keeps_length=True))

    stored = db.execute(text("SELECT cancelled_reason FROM group_sessions")).scalars()
    assert not any("boiler" in (one or "") for one in stored)
    entries = db.execute(text("SELECT details FROM audit_entries")).scalars()
    assert not any("boiler" in one for one in entries)


def test_a_shorter_series_asks_for_fewer_sessions(db: Session, amina: Actor, craft: Group) -> None:
    for number in (3, 5, 7, 9):
        change(db, amina, craft, Cancel(ref_of(db, craft, number), "Strike", keeps_length=False))

    assert (craft.sessions_offered, craft.sessions_to_complete) == (8, 6)
    live = [one for one in _rows(db, craft) if one.state is not SessionState.CANCELLED]
    assert [one.number for one in live] == list(range(1, 9))


def test_an_extra_session_never_asks_for_more_than_was_promised(
    db: Session, amina: Actor, craft: Group
) -> None:
    change(db, amina, craft, Add(at(date(2026, 9, 19)), 90, "A walk together"))

    assert (craft.sessions_offered, craft.sessions_to_complete) == (13, 9)
    assert session_of(db, craft, 2).topic == "A walk together"


def test_topics_are_swapped(db: Session, amina: Actor, craft: Group) -> None:
    second, third = session_of(db, craft, 2), session_of(db, craft, 3)
    topics = second.topic, third.topic

    change(db, amina, craft, Swap(second.ref, third.ref))

    assert (third.topic, second.topic) == topics


def test_all_to_come_follow_a_new_day_and_what_is_added_later_does_too(
    db: Session, amina: Actor, craft: Group
) -> None:
    second = ref_of(db, craft, 2)
    change(db, amina, craft, MoveAll(second, date(2026, 9, 24), (3,), time(14)))
    change(db, amina, craft, Cancel(second, "Flu", keeps_length=True))

    days = [one.local_start for one in _rows(db, craft)]
    assert {moment.weekday() for moment in days[1:]} == {3}
    assert {moment.time() for moment in days[1:]} == {time(14)}
    assert (craft.weekdays, craft.meets_at) == ("3", time(14))


def test_a_break_put_in_later_is_kept_with_the_group(
    db: Session, amina: Actor, craft: Group
) -> None:
    change(db, amina, craft, PutBreak(date(2026, 10, 24), date(2026, 11, 1)))

    assert craft.breaks == [["2026-10-24", "2026-11-01"]]
    days = {one.local_start.date() for one in _rows(db, craft)}
    assert date(2026, 10, 27) not in days
    assert craft.ends_on == max(days)


def test_a_group_from_before_rhythms_were_kept_goes_on_as_its_sessions_do(
    db: Session, amina: Actor, craft: Group
) -> None:
    craft.rhythm_from = craft.weekdays = craft.meets_at = craft.minutes = craft.breaks = None
    db.flush()

    change(db, amina, craft, Cancel(ref_of(db, craft, 12), "Snow", keeps_length=True))

    assert session_of(db, craft, 12).local_start == at(date(2026, 12, 8))
    assert craft.weekdays == "1"


# --- Marks, places and counts ------------------------------------------------------------------


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


# --- Who must be told, and clashes -------------------------------------------------------------


@pytest.fixture
def walk(db: Session, amina: Actor, ben: Actor, chloe: Actor) -> Group:
    """A group on Wednesdays, with a volunteer and a participant it shares with another."""
    return make_group(
        db, amina, [ben, chloe], code_name="Wednesday walk", first_day=date(2026, 9, 16)
    )


def to_wednesday(db: Session, craft: Group) -> Move:
    return Move(ref_of(db, craft, 3), at(date(2026, 9, 30), 11))


def test_it_says_who_must_be_told(db: Session, amina: Actor, ben: Actor, craft: Group) -> None:
    make_place(db, amina, craft, make_person(db, amina))
    _place_volunteer(db, amina, craft)

    told = changing.preview(
        db, amina, craft.ref, Move(ref_of(db, craft, 3), at(date(2026, 9, 30)))
    ).told

    assert (told.participants, told.facilitators, told.volunteers) == (1, ("Ben",), ("Maya",))


def test_whoever_is_needed_twice_is_said_and_participants_only_counted(
    db: Session, amina: Actor, leila: Actor, craft: Group, walk: Group
) -> None:
    person = make_person(db, amina, "Dana", "Okoro")
    for group in (craft, walk):
        make_place(db, amina, group, person)
    volunteer = _place_volunteer(db, amina, craft)
    wishes.save(db, amina, volunteer, WishesDraft(groups_at_once=2), version=0)
    _place_volunteer(db, amina, walk, volunteer)

    found = changing.preview(db, leila, craft.ref, to_wednesday(db, craft)).clashes

    assert [(one.kind, one.who, one.people, one.group) for one in found] == [
        (Kind.FACILITATOR, "Ben", 1, "Wednesday walk"),
        (Kind.VOLUNTEER, "Maya", 1, "Wednesday walk"),
        (Kind.PARTICIPANTS, "", 1, "Wednesday walk"),
    ]
    assert {one.first for one in found} == {at(date(2026, 9, 30))}
    assert "Dana" not in repr(found)


def test_a_clash_needs_a_reason_and_keeps_it(
    db: Session, amina: Actor, craft: Group, walk: Group
) -> None:
    wanted = to_wednesday(db, craft)
    with pytest.raises(InvalidInputError) as refused:
        change(db, amina, craft, wanted)
    assert list(refused.value.problems) == ["despite"]

    change(db, amina, craft, wanted, despite="Chloe runs the walk alone")

    assert session_of(db, craft, 3).despite == "Chloe runs the walk alone"
    kept = db.execute(text("SELECT despite FROM group_sessions")).scalars()
    assert not any("Chloe" in (one or "") for one in kept)


def test_sessions_that_were_cancelled_or_are_of_groups_that_ended_clash_with_nothing(
    db: Session, amina: Actor, craft: Group, walk: Group
) -> None:
    walk.state = GroupState.CANCELLED
    db.flush()

    assert changing.preview(db, amina, craft.ref, to_wednesday(db, craft)).clashes == ()


def test_a_room_is_for_one_group_at_a_time(
    db: Session, amina: Actor, chloe: Actor, craft: Group
) -> None:
    blue = rooms.add(db, amina, "Blue room")
    other = make_group(db, amina, [chloe], code_name="Tuesday walk", first_day=date(2026, 9, 22))
    change(db, amina, other, ChangeRoom(blue))
    wanted = ChangeRoom(blue, ref_of(db, craft, 2))

    (clash,) = changing.preview(db, amina, craft.ref, wanted).clashes

    assert (clash.kind, clash.who, clash.group, clash.times) == (
        Kind.ROOM,
        "Blue room",
        "Tuesday walk",
        1,
    )
    change(db, amina, craft, wanted, despite="They share it")
    assert groups.sessions(db, amina, craft.ref)["room"].tolist()[:3] == ["", "Blue room", ""]


def test_a_room_that_is_not_on_the_list_is_refused(db: Session, amina: Actor, craft: Group) -> None:
    with pytest.raises(InvalidInputError, match="room from the list"):
        changing.preview(db, amina, craft.ref, ChangeRoom("nowhere"))


# --- Who may, and what cannot be ---------------------------------------------------------------


@pytest.mark.parametrize("who", ["ben", "chloe", "ada", "vik", "erin"])
def test_those_who_do_not_make_groups_change_no_schedule(
    db: Session, craft: Group, who: str, request: pytest.FixtureRequest
) -> None:
    actor, wanted = request.getfixturevalue(who), PutBreak(FIRST, FIRST)
    with pytest.raises(NotPermittedError):
        changing.outline(db, actor, craft.ref)
    with pytest.raises(NotPermittedError):
        changing.preview(db, actor, craft.ref, wanted)
    with pytest.raises(NotPermittedError):
        changing.apply(db, actor, craft.ref, wanted, version=1)


def test_a_group_that_is_not_there_reads_as_one_that_is_not_hers(db: Session, amina: Actor) -> None:
    with pytest.raises(NotFoundError):
        changing.preview(db, amina, "nowhere", PutBreak(FIRST, FIRST))
    with pytest.raises(NotFoundError):
        changing.apply(db, amina, "nowhere", PutBreak(FIRST, FIRST), version=1)


def test_the_same_change_sent_twice_is_made_once(db: Session, amina: Actor, craft: Group) -> None:
    wanted = Add(at(date(2026, 9, 19)), 90, "A walk together")
    seen = changing.preview(db, amina, craft.ref, wanted).version
    changing.apply(db, amina, craft.ref, wanted, version=seen)

    with pytest.raises(ConflictError, match="was changed while you had it open"):
        changing.apply(db, amina, craft.ref, wanted, version=seen)

    assert len(_rows(db, craft)) == 13


def test_a_session_held_meanwhile_is_not_changed_unseen(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    place = make_place(db, amina, craft, make_person(db, amina))
    place.joined_on = FIRST
    db.flush()
    wanted = Cancel(ref_of(db, craft, 3), "Snow", keeps_length=True)
    seen = changing.preview(db, amina, craft.ref, wanted).version
    tap(db, ben, place, session_of(db, craft, 1), Code.ATTENDED)
    db.flush()

    with pytest.raises(ConflictError):
        changing.apply(db, amina, craft.ref, wanted, version=seen)


def test_a_held_session_is_not_cancelled(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    finishing.finish(db, ben, ref_of(db, craft, 1))

    with pytest.raises(InvalidInputError, match="has been held, so it cannot be cancelled"):
        changing.preview(
            db, amina, craft.ref, Cancel(ref_of(db, craft, 1), "Snow", keeps_length=True)
        )


def test_the_schedule_of_a_group_that_ended_stays(db: Session, amina: Actor, craft: Group) -> None:
    craft.state = GroupState.CLOSED
    db.flush()

    with pytest.raises(ConflictError, match="has ended"):
        changing.preview(db, amina, craft.ref, PutBreak(FIRST, FIRST))


def test_two_who_change_one_schedule_at_once_make_one_change(house: dict[str, Actor]) -> None:
    amina = house["amina"]
    with transaction() as db:
        group = make_group(db, amina, [house["ben"]], first_day=FIRST)
        wanted = Cancel(ref_of(db, group, 3), "Snow", keeps_length=True)
        seen = changing.preview(db, amina, group.ref, wanted).version

    def act() -> None:
        with transaction() as db:
            changing.apply(db, amina, group.ref, wanted, version=seen)

    answers = together(act, act, act)

    assert sum(isinstance(answer, ConflictError) for answer in answers) == 2
    with transaction() as db:
        assert len(_rows(db, group)) == 13


def test_a_schedule_changed_while_a_register_is_marked_harms_neither(
    house: dict[str, Actor],
) -> None:
    amina, ben = house["amina"], house["ben"]
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=FIRST)
        place = make_place(db, amina, group, make_person(db, amina))
        fifth = session_of(db, group, 5)
        wanted = Move(ref_of(db, group, 3), at(date(2026, 9, 30)))

    def move() -> None:
        with transaction() as db:
            change(db, amina, group, wanted)

    def apologise() -> None:
        with transaction() as db:
            tap(db, ben, place, fifth, Code.APOLOGIES)

    answers = together(move, apologise)

    assert answers[1] is None
    with transaction() as db:
        assert recount.differences(db) == []
        assert codes(db, fifth) == ["A"]


# --- What it costs -----------------------------------------------------------------------------


@pytest.fixture
def costs(
    db: Session,
    amina: Actor,
    ben: Actor,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> Callable[[int], tuple[int, int]]:
    """How many statements a look and a change take, with so many people and other groups."""

    def measured(size: int) -> tuple[int, int]:
        group = make_group(db, amina, [ben], code_name=f"Of {size}", first_day=FIRST, capacity=20)
        for number in range(size):
            make_place(db, amina, group, make_person(db, amina, f"P{size}x{number}"))
            later = FIRST + timedelta(weeks=1)
            make_group(db, amina, [ben], code_name=f"Other {size}x{number}", first_day=later)
        wanted = Cancel(ref_of(db, group, 3), "Snow", keeps_length=True)
        db.expire_all()
        with count_queries() as looking:
            seen = changing.preview(db, amina, group.ref, wanted).version
        with count_queries() as changed:
            changing.apply(db, amina, group.ref, wanted, version=seen, despite="Ben is needed")
        return len(looking), len(changed)

    return measured


def test_what_a_change_costs_does_not_grow_with_people_or_groups(
    costs: Callable[[int], tuple[int, int]],
) -> None:
    few, many = costs(1), costs(8)

    assert many[0] <= few[0] <= 15
    assert many[1] <= few[1] + 1 <= 60


def _rows(db: Session, group: Group) -> list[GroupSession]:
    query = select(GroupSession).where(GroupSession.group_id == group.id)
    return list(db.scalars(query.order_by(GroupSession.starts_at)))


def _place_volunteer(db: Session, amina: Actor, group: Group, volunteer: str | None = None) -> str:
    ref = volunteer or make_volunteer(db, amina, stage=Stage.ACTIVE).ref
    draft = PlacementDraft(
        volunteer_ref=ref,
        group_ref=group.ref,
        role=PlacementRole.WELCOME,
        starts_on=date(2026, 9, 16),
    )
    placements.place(db, amina, draft)
    return ref


# --- Many changes, one after the other ---------------------------------------------------------


def any_change(chance: Random, db: Session, group: Group) -> Change:
    rows = _rows(db, group)
    one, other = chance.choice(rows), chance.choice(rows)
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
        row = chance.choice(_rows(db, craft))
        place = chance.choice(places)
        sorry = NewMark(tap=str(chance.random()), place_ref=place.ref, code=Code.APOLOGIES)
        marking.mark(db, ben, row.ref, [sorry])
        try:
            change(db, amina, craft, any_change(chance, db, craft))
        except (InvalidInputError, ConflictError):
            continue
        made += 1
    live = [one for one in _rows(db, craft) if one.state is not SessionState.CANCELLED]

    assert made >= 3
    assert [one.number for one in live] == list(range(1, len(live) + 1))
    assert craft.sessions_offered == len(live)
    assert all(one.local_start == clock.local(one.starts_at).replace(tzinfo=None) for one in live)
    assert recount.differences(db) == []
    assert audit.verify(db).faults == ()


# --- Held after all --------------------------------------------------------------------------


def test_a_cancelled_session_held_after_all_is_to_be_marked_again(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    place = make_place(db, amina, craft, make_person(db, amina))
    third = session_of(db, craft, 3)
    change(db, amina, craft, Cancel(third.ref, "The boiler broke", keeps_length=True))
    assert len(groups.sessions(db, amina, craft.ref)) == 13

    change(db, amina, craft, Restore(third.ref, drops_last=True))

    mark = db.scalars(select(Mark).where(Mark.session_id == third.id)).one()
    assert (mark.code, mark.version, mark.place_id) == (None, 2, place.id)
    live = groups.sessions(db, amina, craft.ref).query("state != 'cancelled'")
    assert live["number"].tolist() == list(range(1, 13))
    assert (third.state, third.cancelled_reason) == (SessionState.PLANNED, None)
    assert recount.differences(db) == []


def test_what_calendars_follow_counts_up_when_a_session_is_held_after_all(
    db: Session, amina: Actor, craft: Group
) -> None:
    third = session_of(db, craft, 3)
    change(db, amina, craft, Cancel(third.ref, "The boiler broke", keeps_length=False))
    before = third.sequence

    change(db, amina, craft, Restore(third.ref, drops_last=False))

    assert third.sequence > before


def test_a_room_given_away_meanwhile_needs_a_reason(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, craft: Group
) -> None:
    room = rooms.add(db, amina, "Blue room")
    change(db, amina, craft, ChangeRoom(room))
    third = session_of(db, craft, 3)
    change(db, amina, craft, Cancel(third.ref, "The boiler broke", keeps_length=False))
    others = make_group(db, amina, [chloe], code_name="Night owls", first_day=FIRST)
    change(db, amina, others, ChangeRoom(room, session_of(db, others, 3).ref))

    back = Restore(third.ref, drops_last=False)
    (clash,) = changing.preview(db, amina, craft.ref, back).clashes
    assert clash.kind is Kind.ROOM
    with pytest.raises(InvalidInputError, match="Write why this is right"):
        change(db, amina, craft, back)
    change(db, amina, craft, back, despite="Both fit in")
    assert third.despite == "Both fit in"
