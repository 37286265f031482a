"""Two records of one person: joined with all that hangs on them, or not at all."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Concern,
    Conflict,
    ContactPlan,
    ContactRoute,
    Group,
    Kinship,
    Mark,
    Person,
    PersonKind,
    Place,
    Relation,
    Route,
    RouteAnswer,
    Strength,
)
from services import clock, merging
from services.errors import ConflictError, NotFoundError, NotPermittedError
from services.merging import two_people
from services.people import people
from services.permissions import Actor
from services.placing import conflicts, placing
from tests.make import make_group, make_person, make_place, session_of
from tests.services.merging.joining import apart, consent, everything, give_plan, join


def test_all_that_is_hers_moves_and_she_is_found_under_both_names(
    db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person
) -> None:
    place = make_place(db, amina, make_group(db, amina, [ben]), gone)
    consent(db, amina, gone)

    seen = merging.preview(db, amina, kept_ref=kept.ref, gone_ref=gone.ref)
    join(db, amina, kept, gone)

    assert {"1 place in a group", "1 consent"} <= set(seen.moves)
    assert db.scalar(select(Place.person_id).where(Place.id == place.id)) == kept.id
    for text in ("ayesha qureshi", "kureshi"):
        assert people.directory(db, amina, search=text)["ref"].tolist() == [kept.ref]
    assert people.directory(db, ben, search="Aisha")["ref"].tolist() == [kept.ref]


def test_the_address_of_the_gone_record_leads_to_the_kept_one(
    db: Session, amina: Actor, kept: Person, gone: Person
) -> None:
    join(db, amina, kept, gone)
    assert people.summary(db, amina, gone.ref).ref == kept.ref


def test_each_field_is_as_it_was_chosen_and_alerts_of_both_are_kept(
    db: Session, amina: Actor, kept: Person, gone: Person
) -> None:
    kept.alert = "Her sister works here"
    db.flush()

    join(db, amina, kept, gone, from_gone=["first_name", "access_needs"])

    assert (kept.first_name, kept.last_name) == ("Aisha", "Qureshi")
    assert kept.access_needs == "A lift"
    assert kept.date_of_birth == date(1987, 3, 2)
    assert kept.alert == "Her sister works here\nCourt"


def test_her_children_come_with_her(db: Session, amina: Actor, kept: Person, gone: Person) -> None:
    child = make_person(db, amina, "Kit", kind=PersonKind.CHILD)
    child.family_id = gone.family_id
    db.flush()

    join(db, amina, kept, gone)

    assert people.family_members(db, amina, kept.ref)["ref"].tolist() == [child.ref]


def test_no_way_to_reach_her_is_safe_until_she_has_confirmed_it(
    db: Session, amina: Actor, kept: Person, gone: Person
) -> None:
    give_plan(db, amina, kept)
    give_plan(db, amina, gone, suspended_at=clock.now(), suspended_reason="He has her phone")
    db.add(ContactRoute(person_id=kept.id, route=Route.CALL, answer=RouteAnswer.YES, address="1"))
    db.add(ContactRoute(person_id=gone.id, route=Route.CALL, answer=RouteAnswer.NO, address="2"))

    join(db, amina, kept, gone)

    plan = db.scalars(select(ContactPlan).where(ContactPlan.person_id == kept.id)).one()
    assert plan.confirmed_on is None
    assert plan.suspended_reason == "He has her phone"


def test_concerns_stay_where_they_were_raised(
    db: Session, amina: Actor, kept: Person, gone: Person
) -> None:
    now = clock.now()
    db.add(
        Concern(
            person_id=gone.id, raised_by_id=amina.account_id, raised_at=now, noticed_at=now,
            facts="She was followed", safe_now="Yes",
        )
    )  # fmt: skip
    seen = merging.preview(db, amina, kept_ref=kept.ref, gone_ref=gone.ref)
    join(db, amina, kept, gone)

    assert not [line for line in seen.moves if "concern" in line]
    assert db.scalar(select(Concern.person_id)) == gone.id


def in_one_group(db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person) -> None:
    group = make_group(db, amina, [ben])
    for person in (kept, gone):
        make_place(db, amina, group, person)


def in_one_session(db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person) -> None:
    group = make_group(db, amina, [ben])
    for person in (kept, gone):
        place = make_place(db, amina, group, person)
        db.add(
            Mark(
                session_id=session_of(db, group).id, place_id=place.id, code="P",
                changed_at=clock.now(), changed_by_id=ben.account_id,
            )
        )  # fmt: skip
    db.flush()


def relatives(db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person) -> None:
    db.add(Kinship(person_id=kept.id, relative_id=gone.id, relation=Relation.SIBLING))
    db.flush()


def kept_apart(db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person) -> None:
    apart(db, amina, gone, kept, Strength.HARD)


def consent_withdrawn(db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person) -> None:
    consent(db, amina, kept)
    consent(db, amina, gone, withdrawn=True)


def two_people_noted(db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person) -> None:
    two_people.note(db, amina, kept.ref, gone.ref)


def a_child(db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person) -> None:
    gone.kind = PersonKind.CHILD
    db.flush()


# --- What stands in the way --------------------------------------------------------------


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (in_one_group, "End one of the two places first"),
        (in_one_session, "a mark in session 1 of Tuesday craft"),
        (relatives, "relatives of one another"),
        (kept_apart, "to be kept apart"),
        (consent_withdrawn, "withdrawn on the other"),
        (two_people_noted, "two people"),
        (a_child, "Put right which it is first"),
    ],
)
def test_what_stands_in_the_way_is_said_and_nothing_moves(
    db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person,
    prepare: Callable[..., None], sentence: str,
) -> None:  # fmt: skip
    prepare(db, amina, ben, kept, gone)
    before = everything(db)

    seen = merging.preview(db, amina, kept_ref=kept.ref, gone_ref=gone.ref)
    with pytest.raises(ConflictError, match=sentence):
        join(db, amina, kept, gone)

    assert any(sentence in stop for stop in seen.stops)
    assert everything(db) == before


def test_a_record_changed_meanwhile_is_looked_at_again(
    db: Session, amina: Actor, kept: Person, gone: Person
) -> None:
    seen = merging.preview(db, amina, kept_ref=kept.ref, gone_ref=gone.ref)
    kept.language = "Polish"
    db.flush()

    with pytest.raises(ConflictError, match="Look at them again"):
        merging.merge(
            db, amina, kept_ref=kept.ref, gone_ref=gone.ref, versions=seen.versions
        )  # fmt: skip


def test_a_record_is_not_joined_to_itself_or_twice(
    db: Session, amina: Actor, kept: Person, gone: Person
) -> None:
    with pytest.raises(NotFoundError):
        join(db, amina, kept, kept)
    join(db, amina, kept, gone)
    with pytest.raises(NotFoundError):
        join(db, amina, kept, gone)


@pytest.mark.parametrize("who", ["ben", "leila", "ada", "vik", "erin"])
def test_only_a_coordinator_joins(
    db: Session, amina: Actor, kept: Person, gone: Person, who: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    actor = request.getfixturevalue(who)
    merge = join(db, amina, kept, gone)

    for act in (
        lambda: join(db, actor, kept, gone),
        lambda: merging.undo(db, actor, merge),
        lambda: merging.merges(db, actor),
    ):
        with pytest.raises(NotPermittedError):
            act()


# --- Those she is kept apart from --------------------------------------------------------


@pytest.mark.parametrize("kept_has_it_too", [False, True])
def test_whom_either_record_is_kept_apart_from_she_is_kept_apart_from(
    db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person, *, kept_has_it_too: bool
) -> None:
    """With one and the same third person the stricter of the two counts, whichever record's."""
    third, group = make_person(db, amina, "Noor"), make_group(db, amina, [ben])
    make_place(db, amina, group, third)
    apart(db, amina, third, gone, Strength.HARD)
    if kept_has_it_too:
        apart(db, amina, kept, third, Strength.SOFT)
    before = everything(db)

    merge = join(db, amina, kept, gone)

    answers = placing.for_people(db, [kept], group.id, since=clock.today())
    assert answers == {kept.id: placing.Answer.HARD}
    hers = select(Conflict.id).where(
        (Conflict.person_id == kept.id) | (Conflict.other_person_id == kept.id)
    )
    assert len(db.scalars(hers).all()) == 1 + kept_has_it_too
    merging.undo(db, amina, merge)
    assert everything(db) == before


def test_two_who_meet_because_records_were_joined_are_something_to_act_on(
    db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person
) -> None:
    third, group = make_person(db, amina, "Noor"), make_group(db, amina, [ben])
    for person in (third, kept):
        make_place(db, amina, group, person)
    apart(db, amina, gone, third, Strength.HARD)
    assert conflicts.to_act_on(db, amina) == 0

    merge = join(db, amina, kept, gone)
    assert conflicts.to_act_on(db, amina) == 1

    merging.undo(db, amina, merge)
    assert conflicts.to_act_on(db, amina) == 0


def test_marks_made_on_either_record_are_hers_and_go_back_to_it(
    db: Session, amina: Actor, ben: Actor, kept: Person, gone: Person, two_groups: list[Group]
) -> None:
    for person, group in zip((kept, gone), two_groups, strict=True):
        place, session = make_place(db, amina, group, person), session_of(db, group, 1)
        db.add(
            Mark(
                session_id=session.id, place_id=place.id, code="P",
                changed_at=clock.now(), changed_by_id=ben.account_id,
            )
        )  # fmt: skip
    db.flush()
    before = everything(db)

    merge = join(db, amina, kept, gone)

    marks = select(Mark.code).join(Place, Place.id == Mark.place_id)
    assert db.scalars(marks.where(Place.person_id == kept.id)).all() == ["P", "P"]
    merging.undo(db, amina, merge)
    assert everything(db) == before
