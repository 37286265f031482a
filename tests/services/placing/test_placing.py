"""Whether a placing is safe: hard, soft or clear, on every way into a group, naming nobody."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Conflict,
    Group,
    Person,
    PersonKind,
    Place,
    Placement,
    PlacementRole,
    PlaceState,
    Professional,
    ProfessionalKind,
    RecordLock,
    Stage,
    Strength,
    Volunteer,
)
from services.errors import ConflictError, InvalidInputError
from services.people import people
from services.people.people import PersonDraft
from services.permissions import Actor
from services.places import places
from services.placing import conflicts, placements, placing
from services.placing.conflicts import ConflictDraft, Party
from services.placing.placements import PlacementDraft
from services.placing.placing import Answer
from tests.conftest import NOW
from tests.make import make_group, make_person, make_place, make_volunteer

TODAY = NOW.date()
Somebody = Person | Volunteer


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben], capacity=2)


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, "Dana", "Okoro")


@pytest.fixture
def rosa(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, "Rosa", "Lindqvist")


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    return make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE)


def keep_apart(
    db: Session,
    actor: Actor,
    first: Somebody,
    second: Somebody,
    strength: Strength = Strength.HARD,
) -> Conflict:
    draft = ConflictDraft(
        first=party(first), second=party(second), strength=strength, reason="His sister."
    )
    conflicts.record(db, actor, draft)
    return db.scalars(select(Conflict).order_by(Conflict.id.desc())).first()  # type: ignore[return-value]


def party(somebody: Somebody) -> Party:
    return Party(somebody.ref, is_volunteer=isinstance(somebody, Volunteer))


def put(db: Session, actor: Actor, somebody: Somebody, group: Group, despite: str = "") -> str:
    """Into the group: a participant with a place, a volunteer with a placement."""
    if isinstance(somebody, Person):
        return places.enrol(
            db, actor, group_ref=group.ref, person_ref=somebody.ref, despite=despite
        ).place_ref
    draft = PlacementDraft(
        volunteer_ref=somebody.ref,
        group_ref=group.ref,
        role=PlacementRole.WELCOME,
        starts_on=TODAY,
        despite=despite,
    )
    return placements.place(db, actor, draft)


def answer(db: Session, somebody: Somebody, group: Group) -> Answer:
    if isinstance(somebody, Person):
        return placing.for_people(db, [somebody], group.id, since=TODAY)[somebody.id]
    return placing.for_volunteer(db, somebody, group.id, since=TODAY)


def two(kinds: str, request: pytest.FixtureRequest) -> tuple[Somebody, Somebody]:
    first, second = (request.getfixturevalue(name) for name in kinds.split())
    return first, second


PAIRS = pytest.mark.parametrize("pair", ["dana rosa", "dana maya", "maya dana"])
BOTH_WAYS = pytest.mark.parametrize("turned", [False, True])


# --- Hard --------------------------------------------------------------------------------


@PAIRS
@BOTH_WAYS
def test_two_who_must_not_meet_are_not_placed_together_whichever_was_named_first(
    db: Session, amina: Actor, craft: Group, request: pytest.FixtureRequest, pair: str, turned: bool
) -> None:
    here, comes = two(pair, request)
    put(db, amina, here, craft)
    keep_apart(db, amina, *((comes, here) if turned else (here, comes)))

    for despite in ("", "I know both of them."):
        with pytest.raises(ConflictError) as refused:
            put(db, amina, comes, craft, despite)
        assert str(refused.value) == placing.NOT_HERE


def test_two_volunteers_who_must_not_meet_are_not_placed_together(
    db: Session, amina: Actor, craft: Group, maya: Volunteer
) -> None:
    iris = make_volunteer(db, amina, "Iris", "Bell", stage=Stage.ACTIVE)
    put(db, amina, iris, craft)
    keep_apart(db, amina, maya, iris)

    with pytest.raises(ConflictError):
        put(db, amina, maya, craft)


@pytest.mark.parametrize("state", [PlaceState.WAITING, PlaceState.OFFERED, PlaceState.STARTED])
def test_whoever_waits_or_has_an_offer_counts_like_one_who_is_seated(
    db: Session, amina: Actor, craft: Group, dana: Person, rosa: Person, state: PlaceState
) -> None:
    put(db, amina, dana, craft)
    db.scalars(select(Place)).one().state = state
    db.flush()
    keep_apart(db, amina, dana, rosa)

    assert answer(db, rosa, craft) is Answer.HARD


@PAIRS
def test_once_one_of_them_has_left_or_the_pair_is_ended_it_is_clear(
    db: Session, amina: Actor, craft: Group, request: pytest.FixtureRequest, pair: str
) -> None:
    here, comes = two(pair, request)
    there = put(db, amina, here, craft)
    kept = keep_apart(db, amina, here, comes)
    assert answer(db, comes, craft) is Answer.HARD

    conflicts.end(db, amina, kept.ref, reason="Both asked for it.", version=kept.version)
    assert answer(db, comes, craft) is Answer.CLEAR

    keep_apart(db, amina, comes, here)
    assert answer(db, comes, craft) is Answer.HARD
    if isinstance(here, Person):
        places.leave(db, amina, there, on=TODAY, reason="", version=1)
        assert answer(db, comes, craft) is Answer.CLEAR
    else:
        placements.end(db, amina, there, on=TODAY, version=1)
        assert placing.for_people(db, [comes], craft.id, since=date(2026, 9, 17)) == {
            comes.id: Answer.CLEAR
        }


def test_the_answer_is_the_same_for_one_who_is_kept_out_of_the_other_record(
    db: Session, amina: Actor, craft: Group, dana: Person, rosa: Person
) -> None:
    put(db, amina, dana, craft)
    keep_apart(db, amina, dana, rosa)
    lock = RecordLock(
        person_id=dana.id, account_id=amina.account_id, reason="Her sister.",
        locked_by_id=amina.account_id, locked_at=NOW,
    )  # fmt: skip
    db.add(lock)
    db.flush()

    with pytest.raises(ConflictError, match="not the right one"):
        put(db, amina, rosa, craft)


# --- Soft --------------------------------------------------------------------------------


@PAIRS
@BOTH_WAYS
def test_two_who_had_better_not_meet_need_a_reason_which_is_kept_and_audited_without_words(
    db: Session, amina: Actor, craft: Group, request: pytest.FixtureRequest, pair: str, turned: bool
) -> None:
    here, comes = two(pair, request)
    put(db, amina, here, craft)
    keep_apart(db, amina, *((comes, here) if turned else (here, comes)), Strength.SOFT)

    with pytest.raises(InvalidInputError) as refused:
        put(db, amina, comes, craft, "  ")
    assert refused.value.problems == {"despite": placing.WEIGH}

    put(db, amina, comes, craft, " They talked it over. ")

    kept = Place.despite if isinstance(comes, Person) else Placement.despite
    assert "They talked it over." in db.scalars(select(kept)).all()
    last = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert '"weighed": true' in last.details
    assert "talked" not in last.details


@pytest.mark.parametrize("surname", ["Okoro", "OKORO", "okoro "])
def test_the_same_surname_in_another_family_is_to_be_weighed(
    db: Session, amina: Actor, craft: Group, dana: Person, surname: str
) -> None:
    put(db, amina, dana, craft)
    other = make_person(db, amina, "Vera", surname.strip())
    helper = make_volunteer(db, amina, "Nell", surname.strip(), stage=Stage.ACTIVE)

    assert answer(db, other, craft) is Answer.SOFT
    assert answer(db, helper, craft) is Answer.SOFT


@pytest.mark.parametrize(("first", "last"), [("Okoro", "Reed"), ("Vera", "Okorodu"), ("V", "Oko")])
def test_a_first_name_or_the_beginning_of_a_surname_is_not_the_same_surname(
    db: Session, amina: Actor, craft: Group, dana: Person, first: str, last: str
) -> None:
    put(db, amina, dana, craft)

    assert answer(db, make_person(db, amina, first, last), craft) is Answer.CLEAR


def test_a_participant_with_the_surname_of_a_volunteer_there_is_to_be_weighed(
    db: Session, amina: Actor, craft: Group, maya: Volunteer
) -> None:
    put(db, amina, maya, craft)

    assert answer(db, make_person(db, amina, "Vera", "Rowe"), craft) is Answer.SOFT


def test_the_same_school_in_another_family_is_to_be_weighed_and_the_same_doctor_is_not(
    db: Session, amina: Actor, craft: Group, dana: Person, rosa: Person
) -> None:
    put(db, amina, dana, craft)
    add_school(db, dana, "St Swithin's Primary")
    add_professional(db, dana, ProfessionalKind.HEALTH, "High Street Surgery")
    mina = make_person(db, amina, "Mina", "Vale")
    add_school(db, rosa, "st. swithin’s  PRIMARY")
    add_school(db, mina, "Hill Academy")
    add_professional(db, mina, ProfessionalKind.HEALTH, "High Street Surgery")

    assert answer(db, rosa, craft) is Answer.SOFT
    assert answer(db, mina, craft) is Answer.CLEAR


def add_school(db: Session, person: Person, name: str) -> None:
    add_professional(db, person, ProfessionalKind.SCHOOL, name)


def add_professional(db: Session, person: Person, kind: ProfessionalKind, name: str) -> None:
    db.add(Professional(family_id=person.family_id, kind=kind, organisation=name))
    db.flush()


def test_a_mother_and_her_child_come_together_without_a_question(
    db: Session, amina: Actor, craft: Group, dana: Person
) -> None:
    family = people.summary(db, amina, dana.ref).family_ref
    child = PersonDraft(kind=PersonKind.CHILD, first_name="Lenny", last_name="Okoro")
    ref = people.add_to_family(db, amina, family, child)
    add_school(db, dana, "Hill Academy")
    put(db, amina, dana, craft)

    lenny = db.scalars(select(Person).where(Person.ref == ref)).one()
    assert answer(db, lenny, craft) is Answer.CLEAR


# --- From the waiting list -----------------------------------------------------------------


@pytest.fixture
def full(db: Session, amina: Actor, craft: Group, dana: Person) -> tuple[Place, Place]:
    """The two seats of the group: Dana's and Gwen's."""
    gwen = make_person(db, amina, "Gwen", "Tarrant")
    return make_place(db, amina, craft, dana), make_place(db, amina, craft, gwen)


def waits(db: Session, amina: Actor, craft: Group, first: str, last: str) -> tuple[Person, Place]:
    person = make_person(db, amina, first, last)
    return person, make_place(db, amina, craft, person)


def free_a_seat(db: Session, amina: Actor, place: Place) -> str | None:
    return places.leave(db, amina, place.ref, on=TODAY, reason="", version=place.version)


def test_who_must_not_meet_somebody_stays_on_the_waiting_list_and_the_next_moves_up(
    db: Session, amina: Actor, craft: Group, dana: Person, full: tuple[Place, Place]
) -> None:
    first, her_place = waits(db, amina, craft, "Rosa", "Lindqvist")
    _second, next_place = waits(db, amina, craft, "Vera", "Quill")
    keep_apart(db, amina, dana, first)

    assert free_a_seat(db, amina, full[1]) == next_place.ref

    assert her_place.state is PlaceState.WAITING


def test_nobody_moves_up_where_nobody_may(
    db: Session, amina: Actor, craft: Group, dana: Person, full: tuple[Place, Place]
) -> None:
    first, her_place = waits(db, amina, craft, "Rosa", "Lindqvist")
    keep_apart(db, amina, first, dana)

    assert free_a_seat(db, amina, full[1]) is None
    with pytest.raises(ConflictError, match="not the right one"):
        places.take_up(db, amina, her_place.ref, version=her_place.version, despite="So.")


def test_what_came_up_while_she_waited_is_weighed_before_she_takes_the_seat(
    db: Session, amina: Actor, craft: Group, dana: Person, full: tuple[Place, Place]
) -> None:
    first, her_place = waits(db, amina, craft, "Rosa", "Lindqvist")
    assert her_place.despite is None
    keep_apart(db, amina, dana, first, Strength.SOFT)
    assert free_a_seat(db, amina, full[1]) is None

    with pytest.raises(InvalidInputError):
        places.take_up(db, amina, her_place.ref, version=her_place.version)
    places.take_up(db, amina, her_place.ref, version=her_place.version, despite="They know.")

    assert (her_place.state, her_place.despite) == (PlaceState.ACCEPTED, "They know.")


def test_what_was_weighed_when_she_came_onto_the_list_is_not_asked_again(
    db: Session, amina: Actor, craft: Group, full: tuple[Place, Place]
) -> None:
    _other, her_place = waits(db, amina, craft, "Vera", "Okoro")
    assert her_place.despite is not None

    assert free_a_seat(db, amina, full[1]) == her_place.ref


def test_a_seat_is_taken_up_only_where_one_is_free_and_by_one_who_waits(
    db: Session, amina: Actor, craft: Group, full: tuple[Place, Place]
) -> None:
    _first, her_place = waits(db, amina, craft, "Rosa", "Lindqvist")

    with pytest.raises(ConflictError, match="No seat is free"):
        places.take_up(db, amina, her_place.ref, version=her_place.version)
    with pytest.raises(ConflictError, match="changed this place"):
        places.take_up(db, amina, full[0].ref, version=full[0].version)
    with pytest.raises(ConflictError, match="changed this place"):
        places.take_up(db, amina, her_place.ref, version=her_place.version + 1)


# --- What it costs, and that it is the same both ways ----------------------------------------


def test_the_number_of_queries_does_not_follow_the_group(
    db: Session, amina: Actor, ben: Actor, count_queries: Callable[[], Any]
) -> None:
    large = make_group(db, amina, [ben], code_name="Large", capacity=30)
    somebody = [make_person(db, amina, f"A{n}", f"Name{n}") for n in range(12)]
    counted = []
    for number, person in enumerate(somebody):
        if number in (1, 11):
            with count_queries() as statements:
                placing.for_people(db, somebody, large.id, since=TODAY)
            counted.append(len(statements))
        put(db, amina, person, large)

    assert counted == [7, 7]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    here=st.sampled_from(["person", "volunteer"]),
    comes=st.sampled_from(["person", "volunteer"]),
    strength=st.sampled_from([None, *Strength]),
    surnames=st.sampled_from([("Ash", "Ash"), ("Ash", "Birch"), ("Öz", "Oz")]),
    turned=st.booleans(),
)
def test_it_is_as_safe_for_the_one_as_for_the_other(
    db: Session,
    amina: Actor,
    ben: Actor,
    here: str,
    comes: str,
    strength: Strength | None,
    surnames: tuple[str, str],
    turned: bool,
) -> None:
    nth = len(db.scalars(select(Group.id)).all())
    one, other = (
        make_person(db, amina, "One", name)
        if kind == "person"
        else make_volunteer(db, amina, f"One {nth + number}", name, stage=Stage.ACTIVE)
        for number, (kind, name) in enumerate(zip((here, comes), surnames, strict=True))
    )
    if strength is not None:
        keep_apart(db, amina, *((other, one) if turned else (one, other)), strength)
    there, back = (make_group(db, amina, [ben], code_name=f"Group {nth + n}") for n in range(2))
    put(db, amina, one, there)
    put(db, amina, other, back)

    answers = answer(db, other, there), answer(db, one, back)

    assert answers[0] is answers[1]
    if strength is Strength.HARD:
        assert answers[0] is Answer.HARD
