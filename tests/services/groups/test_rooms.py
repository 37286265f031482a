"""The list of rooms, and a group made in one of them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import groups, new_groups, rooms
from services.groups.group_draft import GroupDraft
from services.groups.schedules.clashes import Kind
from services.permissions import Actor
from tests.make import monday_garden


@pytest.fixture
def draft(db: Session, amina: Actor, ben: Actor) -> GroupDraft:
    """Twelve Mondays of Ben's in the blue room."""
    return monday_garden(ben, room_ref=rooms.add(db, amina, "Blue room"))


def test_a_room_is_added_renamed_and_switched_off(db: Session, amina: Actor) -> None:
    ref = rooms.add(db, amina, "  Blue room ")
    rooms.change(db, amina, ref, name="Sky room", is_active=False, version=1)

    (row,) = rooms.listed(db, amina).to_dict("records")
    assert (row["name"], row["is_active"]) == ("Sky room", False)
    assert rooms.choices(db, amina) == {}


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "BLUE room"])
def test_a_room_needs_a_name_of_its_own(db: Session, amina: Actor, name: str) -> None:
    rooms.add(db, amina, "Blue room")

    with pytest.raises(InvalidInputError) as refused:
        rooms.add(db, amina, name)
    assert list(refused.value.problems) == ["name"]


def test_a_room_changed_meanwhile_is_not_overwritten(
    db: Session, amina: Actor, leila: Actor
) -> None:
    ref = rooms.add(db, amina, "Blue room")
    rooms.change(db, leila, ref, name="Sky room", is_active=True, version=1)

    with pytest.raises(ConflictError, match="Sky room"):
        rooms.change(db, amina, ref, name="Sea room", is_active=True, version=1)


def test_a_room_that_is_not_there_is_not_found(db: Session, amina: Actor) -> None:
    with pytest.raises(NotFoundError):
        rooms.change(db, amina, "nowhere", name="Sea room", is_active=True, version=1)


@pytest.mark.parametrize("who", ["ben", "ada", "vik", "erin"])
def test_those_who_do_not_make_groups_see_no_list_of_rooms(
    db: Session, who: str, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(NotPermittedError):
        rooms.listed(db, actor)
    with pytest.raises(NotPermittedError):
        rooms.choices(db, actor)
    with pytest.raises(NotPermittedError):
        rooms.add(db, actor, "Blue room")
    with pytest.raises(NotPermittedError):
        rooms.change(db, actor, "x", name="Blue room", is_active=True, version=1)


def test_a_group_meets_in_its_room(db: Session, amina: Actor, draft: GroupDraft) -> None:
    ref = new_groups.create(db, amina, draft)

    assert set(groups.sessions(db, amina, ref)["room"]) == {"Blue room"}


def test_a_group_that_clashes_is_made_only_for_a_reason(
    db: Session, amina: Actor, draft: GroupDraft
) -> None:
    new_groups.create(db, amina, draft)
    second = replace(draft, code_name="Monday kitchen", first_day=date(2026, 11, 2))

    found = new_groups.clashing(db, amina, second)
    with pytest.raises(InvalidInputError) as refused:
        new_groups.create(db, amina, second)

    assert [(one.kind, one.who, one.times) for one in found] == [
        (Kind.ROOM, "Blue room", 10),
        (Kind.FACILITATOR, "Ben", 10),
    ]
    assert list(refused.value.problems) == ["despite"]
    assert new_groups.create(db, amina, replace(second, despite="Two halves of one group"))


def test_a_room_that_is_no_longer_used_is_not_chosen(
    db: Session, amina: Actor, draft: GroupDraft
) -> None:
    assert draft.room_ref is not None
    rooms.change(db, amina, draft.room_ref, name="Blue room", is_active=False, version=1)

    with pytest.raises(InvalidInputError) as refused:
        new_groups.create(db, amina, draft)
    assert list(refused.value.problems) == ["room"]
