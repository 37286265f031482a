"""Whether a place fits: a child's age, another group at the same time, and how many it takes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import Group, Person, PersonKind, Place, PlaceState
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.groups import group_overview, groups
from services.permissions import Actor
from services.places import fitting, offers, places, transfers
from tests.conftest import Clock, Statements
from tests.make import make_group, make_person, make_place

FIRST = date(2026, 9, 22)


@pytest.fixture
def kites(db: Session, amina: Actor, chloe: Actor) -> Group:
    """A group for children of 8 to 12, from next week on."""
    group = make_group(
        db, amina, [chloe], code_name="Kites", programme="helping_hands", first_day=FIRST
    )
    limits = {"minimum": 4, "age_min": 8, "age_max": 12}
    fitting.change_limits(db, amina, group.ref, version=group.version, **limits)
    return group


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben], first_day=FIRST)


def child(db: Session, amina: Actor, born: date | None, name: str = "Kit") -> Person:
    return make_person(db, amina, name, "Alone" + name, kind=PersonKind.CHILD, date_of_birth=born)


def enrol(db: Session, actor: Actor, group: Group, person: Person, **more: str) -> Place:
    given = places.enrol(db, actor, group_ref=group.ref, person_ref=person.ref, **more)
    return db.scalars(select(Place).where(Place.ref == given.place_ref)).one()


# --- Ages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "fits"),
    [
        (date(2018, 9, 22), True),  # eight on the first day
        (date(2018, 9, 23), False),  # eight on the day after
        (date(2013, 9, 23), True),  # thirteen on the day after
        (date(2013, 9, 22), False),
        (None, True),  # nobody can tell
    ],
)
def test_a_childs_age_counts_on_the_first_day(
    db: Session, amina: Actor, kites: Group, born: date | None, fits: bool
) -> None:
    kit = child(db, amina, born)
    if fits:
        assert enrol(db, amina, kites, kit).fit_reason is None
        return
    with pytest.raises(InvalidInputError, match="on the first day, and the group is for ages 8 to"):
        enrol(db, amina, kites, kit)
    assert enrol(db, amina, kites, kit, fit="Her sister comes too").fit_reason


def test_why_a_place_fits_all_the_same_is_not_to_be_read_in_the_database(
    db: Session, amina: Actor, kites: Group
) -> None:
    enrol(db, amina, kites, child(db, amina, date(2010, 1, 1)), fit="Her sister comes too")
    (stored,) = db.execute(text("SELECT fit_reason FROM places")).scalars()
    assert "sister" not in stored


def test_an_adult_is_never_asked_for_her_age(db: Session, amina: Actor, craft: Group) -> None:
    young = make_person(db, amina, date_of_birth=date(2009, 1, 1))
    assert enrol(db, amina, craft, young).state is PlaceState.ACCEPTED
    assert group_overview.read(db, amina, craft.ref).needs.limits.ages == ""


def test_a_seat_is_not_offered_by_itself_to_whom_it_does_not_fit(
    db: Session, amina: Actor, kites: Group
) -> None:
    kites.capacity = 1
    db.flush()
    seated = enrol(db, amina, kites, child(db, amina, date(2016, 1, 1), "Ash"))
    old = enrol(db, amina, kites, child(db, amina, date(2016, 1, 1), "Bo"))
    db.get_one(Person, old.person_id).date_of_birth = date(2005, 1, 1)  # put right since
    db.flush()
    offered = places.leave(
        db, amina, seated.ref, on=date(2026, 9, 16), reason="", version=seated.version
    )
    assert offered is None
    with pytest.raises(InvalidInputError, match="ages 8 to 12"):
        offers.offer(db, amina, old.ref, version=old.version)
    offers.offer(db, amina, old.ref, version=old.version, fit="Her sister comes too")
    offers.accept(db, amina, old.ref, version=old.version)
    assert old.fit_reason == "Her sister comes too"


# --- Another group at that time --------------------------------------------------------------


def test_somebody_in_another_group_at_that_time_gets_a_place_with_a_reason_only(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    dana = make_person(db, amina)
    enrol(db, amina, craft, dana)
    same_time = make_group(db, amina, [ben], code_name="Kettles", first_day=date(2026, 9, 29))
    with pytest.raises(InvalidInputError) as caught:
        enrol(db, amina, same_time, dana)
    assert set(caught.value.problems) == {"fit"}
    assert "first on 29 September 2026" in str(caught.value)
    assert "Tuesday craft" not in str(caught.value)  # which group is nobody's business
    enrol(db, amina, same_time, dana, fit="She comes to one or the other")


def test_another_day_or_a_place_that_has_ended_stands_against_nothing(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    dana = make_person(db, amina)
    place = enrol(db, amina, craft, dana)
    other_day = make_group(db, amina, [ben], code_name="Owls", first_day=date(2026, 9, 23))
    enrol(db, amina, other_day, dana)
    same_time = make_group(db, amina, [ben], code_name="Kettles", first_day=FIRST)
    places.leave(db, amina, place.ref, on=date(2026, 9, 16), reason="", version=place.version)
    enrol(db, amina, same_time, dana)


def test_whoever_moves_is_not_asked_about_the_group_she_leaves(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    place = enrol(db, amina, craft, make_person(db, amina))
    same_time = make_group(db, amina, [ben], code_name="Kettles", first_day=FIRST)
    transfers.transfer(
        db, amina, place.ref, to_group_ref=same_time.ref, on=date(2026, 9, 16),
        version=place.version,
    )  # fmt: skip


def test_sessions_that_are_over_stand_against_nothing(
    db: Session, amina: Actor, ben: Actor, craft: Group, time_stands_still: Clock
) -> None:
    dana = make_person(db, amina)
    enrol(db, amina, craft, dana)
    rolling = make_group(
        db, amina, [ben], code_name="Drop in", programme="open_door", first_day=FIRST
    )
    time_stands_still.go_on(days=7 * 13)
    enrol(db, amina, rolling, dana)


def test_asking_about_many_costs_what_asking_about_one_does(
    db: Session,
    amina: Actor,
    ben: Actor,
    craft: Group,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    same_time = make_group(db, amina, [ben], code_name="Kettles", first_day=FIRST)
    people = [make_person(db, amina, f"First{n}", f"Last{n}") for n in range(6)]
    for one in people:
        make_place(db, amina, craft, one)
    with count_queries() as few:
        fitting.against(db, same_time, people[:1])
    with count_queries() as many:
        found = fitting.against(db, same_time, people)
    assert len(found) == 6
    assert len(many) == len(few)


# --- How many it takes -----------------------------------------------------------------------


def test_a_group_says_how_far_below_its_minimum_it_is_until_it_begins(
    db: Session, amina: Actor, kites: Group, time_stands_still: Clock
) -> None:
    for name in ("Ash", "Bo"):
        enrol(db, amina, kites, child(db, amina, date(2016, 1, 1), name))
    found = group_overview.read(db, amina, kites.ref).needs
    assert (found.below, found.starts_on, found.seated) == (2, FIRST, 2)
    time_stands_still.go_on(days=6)
    assert group_overview.read(db, amina, kites.ref).needs.below == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"minimum": 0}, "minimum"),
        ({"minimum": 61}, "minimum"),
        ({"age_min": -1}, "age_max"),
        ({"age_min": 9, "age_max": 8}, "age_max"),
        ({"age_min": None, "age_max": 8}, "age_max"),
        ({"age_max": 121}, "age_max"),
    ],
)
def test_limits_that_make_no_sense_are_said_at_their_field(
    db: Session, amina: Actor, kites: Group, more: dict[str, int | None], field: str
) -> None:
    given: dict[str, int | None] = {"minimum": 4, "age_min": 8, "age_max": 12}
    with pytest.raises(InvalidInputError) as caught:
        fitting.change_limits(db, amina, kites.ref, version=kites.version, **given | more)  # type: ignore[arg-type]
    assert set(caught.value.problems) == {field}


def test_limits_changed_by_somebody_else_meanwhile_are_not_overwritten(
    db: Session, amina: Actor, kites: Group
) -> None:
    groups.find(db, amina, kites.ref)
    with pytest.raises(ConflictError, match="Somebody else changed this group"):
        fitting.change_limits(
            db, amina, kites.ref, minimum=3, age_min=None, age_max=None, version=kites.version - 1
        )


def test_only_who_may_change_groups_sets_limits_and_strangers_see_none(
    db: Session, amina: Actor, ben: Actor, erin: Actor, kites: Group
) -> None:
    with pytest.raises(NotPermittedError):
        fitting.change_limits(db, ben, kites.ref, minimum=3, age_min=1, age_max=2, version=1)
    with pytest.raises(NotFoundError):
        group_overview.read(db, ben, kites.ref)
    with pytest.raises(NotPermittedError):
        group_overview.read(db, erin, kites.ref)


@given(st.dates(date(1990, 1, 1), date(2026, 1, 1)), st.integers(1, 40))
def test_an_age_goes_up_on_the_birthday(born: date, years: int) -> None:
    try:
        birthday = born.replace(year=born.year + years)
    except ValueError:  # born on a 29 February: a year older on the last day of it
        birthday = date(born.year + years, 3, 1)
        assert fitting.age_on(born, birthday) == years
        return
    assert fitting.age_on(born, birthday) == years
    assert fitting.age_on(born, birthday - timedelta(days=1)) == years - 1
