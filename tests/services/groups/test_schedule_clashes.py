"""Who must be told of a changed schedule, and what is needed twice at its new times."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models import (
    Group,
    GroupState,
    PlacementRole,
    Stage,
)
from services.errors import InvalidInputError
from services.groups import groups, rooms
from services.groups.schedules import changing
from services.groups.schedules.clashes import Kind
from services.groups.schedules.parts import (
    Cancel,
    ChangeRoom,
    Move,
    Restore,
)
from services.permissions import Actor
from services.placing import placements
from services.placing.placements import PlacementDraft
from services.volunteers.availability import wishes
from services.volunteers.availability.wishes import WishesDraft
from tests.make import make_group, make_person, make_place, make_volunteer, session_of
from tests.services.groups.craft import FIRST, at, change, ref_of


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
    place_volunteer(db, amina, craft)

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
    volunteer = place_volunteer(db, amina, craft)
    wishes.save(db, amina, volunteer, WishesDraft(groups_at_once=2), version=0)
    place_volunteer(db, amina, walk, volunteer)

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


def place_volunteer(db: Session, amina: Actor, group: Group, volunteer: str | None = None) -> str:
    ref = volunteer or make_volunteer(db, amina, stage=Stage.ACTIVE).ref
    draft = PlacementDraft(
        volunteer_ref=ref,
        group_ref=group.ref,
        role=PlacementRole.WELCOME,
        starts_on=date(2026, 9, 16),
    )
    placements.place(db, amina, draft)
    return ref
