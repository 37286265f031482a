"""A group's name, venue and online link: given when it is made, changed later, for staff alone."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CURRENT_PLACES, AuditEntry, CrossingKind, Group, PlaceState
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import group_overview, new_groups, rooms, where_it_meets
from services.groups.schedules import changing
from services.groups.schedules.parts import ChangeRoom
from services.groups.where_it_meets import WhereItMeets
from services.permissions import Actor
from services.placing import conflicts, crossings, placing
from services.placing.conflicts import Why
from tests.make import make_group, make_person, make_place, monday_garden, session_of
from tests.services.placing.test_crossings import keep
from tests.services.volunteers.own_time.before import link, place
from tests.services.volunteers.shifts import need, offer, seasoned

ELSEWHERE = WhereItMeets(
    code_name=" River walk ", venue="Weaver Hall", online_link="https://meet.example/abc?pwd=1"
)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben])


def test_a_group_is_made_with_its_link(db: Session, amina: Actor, ben: Actor) -> None:
    ref = new_groups.create(
        db,
        amina,
        monday_garden(ben, online_link=" https://meet.example/abc "),
    )

    assert group_overview.read(db, ben, ref).group.online_link == "https://meet.example/abc"


def test_name_venue_and_link_are_changed_and_those_who_run_it_see_them(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    where_it_meets.change(db, amina, craft.ref, ELSEWHERE, version=craft.version)

    found = group_overview.read(db, ben, craft.ref).group
    assert (found.code_name, found.venue, found.online_link) == (
        "River walk",
        "Weaver Hall",
        "https://meet.example/abc?pwd=1",
    )


def test_what_is_emptied_is_gone(db: Session, amina: Actor, craft: Group) -> None:
    where_it_meets.change(db, amina, craft.ref, ELSEWHERE, version=craft.version)
    where_it_meets.change(
        db, amina, craft.ref, WhereItMeets(code_name="River walk"), version=craft.version
    )

    assert (craft.venue, craft.online_link) == (None, None)


def test_the_log_says_what_was_changed_and_never_where_it_is(
    db: Session, amina: Actor, craft: Group
) -> None:
    where_it_meets.change(db, amina, craft.ref, ELSEWHERE, version=craft.version)

    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "group.where_changed")).one()
    assert "venue" in str(entry.details)
    assert "Weaver" not in str(entry.details)
    assert "meet.example" not in str(entry.details)


def test_the_same_again_changes_nothing(db: Session, amina: Actor, craft: Group) -> None:
    version = craft.version
    where_it_meets.change(
        db, amina, craft.ref, WhereItMeets(code_name=craft.code_name), version=version
    )
    db.flush()

    assert craft.version == version


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("code_name", {"code_name": "x"}),
        ("code_name", {"code_name": "x" * 61}),
        ("venue", {"venue": "x" * 201}),
        ("online_link", {"online_link": "http://meet.example/abc"}),
        ("online_link", {"online_link": "javascript:alert(1)"}),
        ("online_link", {"online_link": "https://meet.example/a b"}),
        ("online_link", {"online_link": "https://meet.example/a> [x](y)"}),
        ("online_link", {"online_link": "https://"}),
        ("online_link", {"online_link": "https://[half/abc"}),
        ("online_link", {"online_link": "https://meet.example/" + "x" * 500}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    db: Session, amina: Actor, craft: Group, field: str, given: dict[str, str]
) -> None:
    now = WhereItMeets(**{"code_name": "River walk"} | given)

    with pytest.raises(InvalidInputError) as refused:
        where_it_meets.change(db, amina, craft.ref, now, version=craft.version)
    assert list(refused.value.problems) == [field]


def test_a_group_changed_meanwhile_is_not_overwritten(
    db: Session, amina: Actor, leila: Actor, craft: Group
) -> None:
    version = craft.version
    where_it_meets.change(db, leila, craft.ref, ELSEWHERE, version=version)
    db.flush()

    with pytest.raises(ConflictError):
        where_it_meets.change(
            db, amina, craft.ref, WhereItMeets(code_name="Sea walk"), version=version
        )
    assert craft.code_name == "River walk"


def test_whoever_runs_it_cannot_move_it_and_nobody_moves_what_is_not_there(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    with pytest.raises(NotPermittedError):
        where_it_meets.change(db, ben, craft.ref, ELSEWHERE, version=craft.version)
    with pytest.raises(NotFoundError):
        where_it_meets.change(db, amina, "nowhere", ELSEWHERE, version=1)


# --- Where those who are with it must not go ------------------------------------------------------


def moved(db: Session, actor: Actor, group: Group, venue: str) -> None:
    now = WhereItMeets(code_name=group.code_name, venue=venue)
    where_it_meets.change(db, actor, group.ref, now, version=group.version)
    db.flush()


def refused(db: Session, actor: Actor, group: Group, venue: str) -> str:
    before = group.venue
    with pytest.raises(InvalidInputError) as found:
        moved(db, actor, group, venue)
    assert group.venue == before
    return found.value.problems["venue"]


def test_no_group_moves_to_where_one_who_has_a_place_or_waits_must_not_go(
    db: Session, amina: Actor, craft: Group
) -> None:
    dana = make_person(db, amina)
    place = make_place(db, amina, craft, dana)
    keep(db, amina, dana, CrossingKind.AVOIDS, "NR3 1")

    for state in CURRENT_PLACES:
        place.state = state
        db.flush()
        assert refused(db, amina, craft, "Long Hall, NR3 1XX") == placing.NOT_THERE
    place.state = PlaceState.LEFT_EARLY
    moved(db, amina, craft, "Long Hall, NR3 1XX")


def test_nor_to_where_one_who_helps_there_must_not_go_as_a_volunteer_or_with_her_family(
    db: Session, amina: Actor, craft: Group
) -> None:
    maya, ines = seasoned(db, amina, "Maya", "Rowe"), seasoned(db, amina, "Ines", "Marsh")
    herself = make_person(db, amina, "Ines", "Quill")
    link(db, amina, ines, herself)
    place(db, amina, maya, craft)
    need(db, amina, craft, welcome=2)
    offer(db, amina, ines, craft, 3)
    keep(db, amina, maya, CrossingKind.AVOIDS, "NR3")
    keep(db, amina, herself, CrossingKind.AVOIDS, "NR5 2")

    for venue in ("Long Hall, NR3 1XX", "Low Hall, NR5 2XX"):
        assert refused(db, amina, craft, venue) == placing.NOT_THERE
    moved(db, amina, craft, "High Hall, NR5 4XX")


def test_it_leaves_such_a_place_and_a_slip_in_the_venue_there_is_put_right(
    db: Session, amina: Actor, craft: Group
) -> None:
    moved(db, amina, craft, "Lang Hall, NR3 1XX")
    dana = make_person(db, amina)
    make_place(db, amina, craft, dana)
    keep(db, amina, dana, CrossingKind.AVOIDS, "NR3")
    moved(db, amina, craft, "Long Hall, NR3 1XX")
    assert conflicts.to_act_on(db, amina) == 1
    assert list(crossings.meetings(db, amina, Why.TOGETHER)["name"]) == ["Dana Okoro"]

    refused(db, amina, craft, "Other Hall, NR3 4XX")
    moved(db, amina, craft, "High Hall, NR5 4XX")

    assert conflicts.to_act_on(db, amina) == 0
    assert crossings.meetings(db, amina, Why.TOGETHER).empty


def test_others_elsewhere_hold_nobody_up(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    dana = make_person(db, amina)
    make_place(db, amina, make_group(db, amina, [ben], code_name="Elsewhere"), dana)
    keep(db, amina, dana, CrossingKind.AVOIDS, "NR3")

    moved(db, amina, craft, "Long Hall, NR3 1XX")


def test_no_session_moves_to_a_room_where_somebody_must_not_go(
    db: Session, amina: Actor, craft: Group
) -> None:
    dana = make_person(db, amina)
    make_place(db, amina, craft, dana)
    keep(db, amina, dana, CrossingKind.AVOIDS, "NR2 4")
    blue, green = rooms.add(db, amina, "Blue", "NR2 4"), rooms.add(db, amina, "Green", "NR2 5")
    last = session_of(db, craft, craft.sessions_offered).ref

    def into(room: str) -> None:
        change = ChangeRoom(room, ref=last)
        version = changing.outline(db, amina, craft.ref).version
        changing.apply(db, amina, craft.ref, change, version=version)

    def look(room: str) -> None:
        changing.preview(db, amina, craft.ref, ChangeRoom(room, ref=last))

    for act in (look, into):  # said already as she looks at what would change
        with pytest.raises(InvalidInputError) as found, db.begin_nested():
            act(blue)
        assert found.value.problems == {"change": placing.NOT_THERE}
        act(green)
