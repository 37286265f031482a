"""Where lives may cross: weighed or a hard stop on every way into a group, and sealed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, CrossingKind, Group, GroupSession, Person, Room, Volunteer
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import rooms
from services.permissions import Actor
from services.places import places
from services.placing import areas, conflicts, crossings, placements, placing
from services.placing.conflicts import Party, Why
from services.placing.placing import Answer
from services.volunteers.rota import facts, shifts
from services.volunteers.rota.problem import Rule
from tests.make import make_group, make_person, make_place, session_of
from tests.services.volunteers.own_time.before import answer, link, place
from tests.services.volunteers.shifts import accepted, need, offer, seasoned, shift

SOFT = [CrossingKind.NEIGHBOURHOOD, CrossingKind.EMPLOYER, CrossingKind.WORSHIP,
        CrossingKind.COMMUNITY]  # fmt: skip


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group to come that meets in the north of the town."""
    group = make_group(db, amina, [ben], first_day=date(2026, 9, 22))
    room = rooms.add(db, amina, "Blue room", "nr2 4")
    number = db.scalars(select(Room.id).where(Room.ref == room)).one()
    for one in db.scalars(select(GroupSession).where(GroupSession.group_id == group.id)):
        one.room_id = number
    db.flush()
    need(db, amina, group, welcome=2)
    return group


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    return seasoned(db, amina, "Maya", "Rowe")


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina)


def party(who: Person | Volunteer) -> Party:
    return Party(who.ref, is_volunteer=isinstance(who, Volunteer))


def keep(
    db: Session, actor: Actor, who: Person | Volunteer, kind: CrossingKind, *names: str
) -> bool:
    seen = crossings.of_party(db, actor, party(who), Why.PLACING)
    return crossings.keep(db, actor, party(who), {**seen, kind: names}, seen=seen)


def for_person(db: Session, who: Person, group: Group) -> Answer:
    return placing.for_people(db, [who], group.id, since=date(2026, 9, 15))[who.id]


# --- Weighed -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SOFT)
def test_what_both_have_in_common_is_weighed_whichever_comes_first(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, dana: Person, kind: CrossingKind
) -> None:
    keep(db, amina, maya, kind, "NR5 1")
    keep(db, amina, dana, kind, " nr5  1", "NR1 7")
    assert answer(db, maya, craft) is for_person(db, dana, craft) is Answer.CLEAR

    make_place(db, amina, craft, dana)
    assert answer(db, maya, craft) is Answer.SOFT
    place(db, amina, maya, craft, "They work on other days.")
    assert for_person(db, dana, craft) is Answer.SOFT
    assert for_person(db, make_person(db, amina, "Vera", "Quill"), craft) is Answer.CLEAR


def test_an_employer_of_one_is_not_the_place_of_worship_of_another(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, dana: Person
) -> None:
    keep(db, amina, maya, CrossingKind.EMPLOYER, "St Mark")
    keep(db, amina, dana, CrossingKind.WORSHIP, "St Mark")
    make_place(db, amina, craft, dana)

    assert answer(db, maya, craft) is Answer.CLEAR


def test_what_she_has_as_a_participant_counts_for_the_volunteer_she_became(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, dana: Person
) -> None:
    herself = make_person(db, amina, "Maya", "Quill")
    link(db, amina, maya, herself)
    keep(db, amina, herself, CrossingKind.EMPLOYER, "Corner bakery")
    keep(db, amina, dana, CrossingKind.EMPLOYER, "Corner bakery")
    make_place(db, amina, craft, dana)

    assert answer(db, maya, craft) is Answer.SOFT


# --- Where she must not go -----------------------------------------------------------------


@pytest.mark.parametrize(("avoids", "found"), [
    ("NR2 4AB", Answer.HARD), ("NR2", Answer.HARD), ("NR2 5", Answer.CLEAR), ("NR21", Answer.CLEAR),
])  # fmt: skip
def test_a_group_in_a_part_of_town_she_must_not_go_to_is_a_hard_stop(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, dana: Person, avoids: str,
    found: Answer,
) -> None:  # fmt: skip
    keep(db, amina, maya, CrossingKind.AVOIDS, avoids)
    keep(db, amina, dana, CrossingKind.AVOIDS, avoids)

    assert answer(db, maya, craft) is for_person(db, dana, craft) is found


def test_a_postcode_in_the_venue_counts_and_where_others_must_not_go_does_not(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, dana: Person
) -> None:
    elsewhere = make_group(db, amina, [ben], code_name="Elsewhere")
    make_place(db, amina, elsewhere, dana)
    keep(db, amina, dana, CrossingKind.AVOIDS, "NR3 1")
    keep(db, amina, maya, CrossingKind.AVOIDS, "NR3 1")
    assert answer(db, maya, elsewhere) is Answer.CLEAR

    elsewhere.venue = "Long Hall, NR3 1XX; ring twice"
    db.flush()
    assert answer(db, maya, elsewhere) is Answer.HARD


def test_no_way_leads_there_and_every_refusal_reads_alike(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, dana: Person
) -> None:
    other = seasoned(db, amina, "Ines", "Marsh")
    ref = accepted(db, amina, other, craft)
    keep(db, amina, maya, CrossingKind.AVOIDS, "NR2")
    keep(db, amina, dana, CrossingKind.AVOIDS, "NR2 4")

    ways = (
        lambda: place(db, amina, maya, craft, "So be it."),
        lambda: offer(db, amina, maya, craft, 2, despite="So be it."),
        lambda: shifts.swap(db, amina, ref, maya.ref, version=shift(db, ref).version),
        lambda: places.enrol(db, amina, group_ref=craft.ref, person_ref=dana.ref, despite="So."),
    )
    for way in ways:
        with pytest.raises(ConflictError) as refused:
            way()
        assert str(refused.value) == placing.NOT_HERE
    ruled_out = facts.gather(db, [session_of(db, craft)], [maya]).problem.ruled_out
    assert {rule for (who, *_rest), rule in ruled_out.items() if who == maya.id} == {Rule.CONFLICT}


def test_who_is_with_such_a_group_already_is_to_be_acted_on_at_once(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, dana: Person
) -> None:
    placement = place(db, amina, maya, craft)
    vera = make_person(db, amina, "Vera", "Quill")
    assert vera.id != maya.id, "a name found by the wrong number would be right"
    make_place(db, amina, craft, dana)
    hers = make_place(db, amina, craft, vera)
    assert not keep(db, amina, maya, CrossingKind.EMPLOYER, "Corner bakery")

    assert keep(db, amina, maya, CrossingKind.AVOIDS, "NR2 4")
    assert keep(db, amina, vera, CrossingKind.AVOIDS, "NR2")

    assert conflicts.to_act_on(db, amina) == 2
    found = crossings.meetings(db, amina, Why.TOGETHER)
    assert sorted(found["name"]) == ["Maya Rowe (survivor volunteer)", "Vera Quill"]
    placements.end(db, amina, placement, on=date(2026, 9, 16), version=1)
    assert conflicts.to_act_on(db, amina) == 1
    places.leave(db, amina, hers.ref, on=date(2026, 9, 16), reason="", version=hers.version)
    assert conflicts.to_act_on(db, amina) == 0


# --- Sealed --------------------------------------------------------------------------------


def test_it_is_encrypted_and_each_look_and_change_is_written_down_without_words(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    keep(db, amina, maya, CrossingKind.EMPLOYER, "Corner bakery")
    kept = crossings.of_party(db, amina, party(maya), Why.ASKED)

    assert kept == {CrossingKind.EMPLOYER: ("Corner bakery",)}
    assert "bakery" not in str(db.scalars(text("SELECT name FROM crossings")).all())
    entries = db.scalars(select(AuditEntry).where(AuditEntry.action.like("crossing.%"))).all()
    assert {one.action for one in entries} == {"crossing.opened", "crossing.recorded"}
    assert "bakery" not in str([(one.subject, one.details) for one in entries])


def test_nobody_but_a_coordinator_opens_or_changes_it(
    db: Session, ben: Actor, leila: Actor, ada: Actor, vik: Actor, maya: Volunteer
) -> None:
    for stranger in (ben, leila, ada, vik):
        for attempt in (
            lambda who: crossings.of_party(db, who, party(maya), Why.ASKED),
            lambda who: crossings.keep(db, who, party(maya), {}, seen={}),
            lambda who: crossings.meetings(db, who, Why.ASKED),
        ):
            with pytest.raises(NotPermittedError):
                attempt(stranger)


def test_two_who_change_it_at_once_do_not_overwrite_each_other(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    keep(db, amina, maya, CrossingKind.WORSHIP, "St Mark")

    with pytest.raises(ConflictError, match="changed this meanwhile"):
        crossings.keep(db, amina, party(maya), {}, seen={})


@pytest.mark.parametrize(("kind", "names"), [
    (CrossingKind.AVOIDS, ["near the market"]),
    (CrossingKind.NEIGHBOURHOOD, ["12 Long Street, NR2 4AB"]),
    (CrossingKind.EMPLOYER, ["x" * 81]),
    (CrossingKind.WORSHIP, [str(number) for number in range(11)]),
])  # fmt: skip
def test_what_cannot_be_compared_or_says_too_much_is_refused_at_its_field(
    db: Session, amina: Actor, maya: Volunteer, kind: CrossingKind, names: list[str]
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        keep(db, amina, maya, kind, *names)
    assert list(refused.value.problems) == [kind.value]
    with pytest.raises(NotFoundError):
        crossings.of_party(db, amina, Party("nobody"), Why.ASKED)


@given(st.from_regex(r"[A-Z]{1,2}[0-9][0-9A-Z]?", fullmatch=True), st.integers(0, 9))
def test_of_a_postcode_the_area_is_kept_and_never_the_street(district: str, figure: int) -> None:
    whole = f"{district}{figure}XY"
    assert areas.area(whole.lower()) == areas.area(f"{district} {figure}") == f"{district} {figure}"
    assert areas.areas_in(f"The hall at {district} {figure}XY.") == {f"{district} {figure}"}
