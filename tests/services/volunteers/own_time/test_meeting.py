"""Whom a volunteer must not meet because of her own time as a participant."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Group,
    Person,
    PersonKind,
    Place,
    PlaceState,
    Professional,
    ProfessionalKind,
    Relation,
    Stage,
    Strength,
    Volunteer,
    VolunteerWishes,
)
from services.errors import ConflictError, InvalidInputError
from services.merging import joining
from services.merging.preview import preview
from services.people import kinships, people
from services.people.kinships import KinshipDraft
from services.people.people import PersonDraft
from services.permissions import Actor
from services.places import places, transfers
from services.placing import conflicts, placements, placing
from services.placing.conflicts import ConflictDraft, Party
from services.placing.placing import Answer
from services.volunteers.own_time import meeting, sealed
from services.volunteers.own_time.sealed import Why
from tests.make import make_group, make_person, make_place, make_volunteer
from tests.services.volunteers.own_time.before import LONG_AGO, TODAY, answer, been, link, place

# --- Whom she must not meet --------------------------------------------------------------


def test_somebody_who_was_in_her_group_at_the_same_time_is_a_hard_stop_both_ways(
    db: Session, amina: Actor, earlier: Group, craft: Group, maya: Volunteer, herself: Person,
    dana: Person,
) -> None:  # fmt: skip
    been(db, amina, earlier, herself)
    been(db, amina, earlier, dana)
    there = make_place(db, amina, craft, dana)
    assert answer(db, maya, craft) is Answer.CLEAR

    link(db, amina, maya, herself)

    with pytest.raises(ConflictError) as refused:
        place(db, amina, maya, craft, "I know both of them.")
    assert str(refused.value) == placing.NOT_HERE

    places.leave(db, amina, there.ref, on=TODAY, reason="", version=there.version)
    place(db, amina, maya, craft)
    with pytest.raises(ConflictError) as refused:
        places.enrol(db, amina, group_ref=craft.ref, person_ref=dana.ref, despite="All well.")
    assert str(refused.value) == placing.NOT_HERE


def test_somebody_who_was_in_her_group_at_another_time_is_to_be_weighed(
    db: Session, amina: Actor, earlier: Group, craft: Group, maya: Volunteer, herself: Person,
    dana: Person,
) -> None:  # fmt: skip
    been(db, amina, earlier, herself, left=LONG_AGO + timedelta(weeks=4))
    been(db, amina, earlier, dana, joined=LONG_AGO + timedelta(weeks=5))
    make_place(db, amina, craft, dana)

    link(db, amina, maya, herself)

    assert answer(db, maya, craft) is Answer.SOFT


def test_who_only_waited_for_her_group_is_no_obstacle(
    db: Session, amina: Actor, earlier: Group, craft: Group, maya: Volunteer, herself: Person,
    dana: Person,
) -> None:  # fmt: skip
    been(db, amina, earlier, herself)
    had = make_place(db, amina, earlier, dana)
    had.state = PlaceState.DECLINED
    db.flush()
    make_place(db, amina, craft, dana)

    link(db, amina, maya, herself)

    assert answer(db, maya, craft) is Answer.CLEAR


@pytest.mark.parametrize("state", [PlaceState.STARTED, PlaceState.LEFT_EARLY, PlaceState.WAITING])
def test_she_is_not_placed_with_the_group_she_is_or_was_in_herself(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, herself: Person, state: PlaceState
) -> None:
    make_place(db, amina, craft, herself).state = state
    db.flush()

    link(db, amina, maya, herself)

    assert answer(db, maya, craft) is Answer.HARD


def test_she_gets_no_place_herself_in_a_group_she_helps_in(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, herself: Person
) -> None:
    link(db, amina, maya, herself)
    place(db, amina, maya, craft)

    with pytest.raises(ConflictError, match="not the right one"):
        places.enrol(db, amina, group_ref=craft.ref, person_ref=herself.ref)


def test_her_family_and_her_kin_of_another_household_are_a_hard_stop(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, herself: Person, dana: Person
) -> None:
    family = people.summary(db, amina, herself.ref).family_ref
    child = PersonDraft(kind=PersonKind.CHILD, first_name="Lenny", last_name="Marsh")
    lenny = db.scalars(
        select(Person).where(Person.ref == people.add_to_family(db, amina, family, child))
    ).one()
    sisters = KinshipDraft(person_ref=dana.ref, relative_ref=herself.ref, relation=Relation.SIBLING)
    kinships.add(db, amina, sisters)
    link(db, amina, maya, herself)

    for number, relative in enumerate((lenny, dana)):
        group = make_group(db, amina, [ben], code_name=f"Group {number}")
        make_place(db, amina, group, relative)
        assert answer(db, maya, group) is Answer.HARD


@pytest.mark.parametrize("turned", [False, True])
def test_a_pair_recorded_of_the_participant_counts_for_the_volunteer_she_became(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, herself: Person, dana: Person,
    turned: bool,
) -> None:  # fmt: skip
    make_place(db, amina, craft, dana)
    two = [Party(herself.ref), Party(dana.ref)]
    first, second = reversed(two) if turned else two
    draft = ConflictDraft(first=first, second=second, strength=Strength.HARD, reason="His sister.")
    conflicts.record(db, amina, draft)
    assert answer(db, maya, craft) is Answer.CLEAR

    link(db, amina, maya, herself)

    assert answer(db, maya, craft) is Answer.HARD


def test_a_pair_recorded_of_the_volunteer_counts_for_the_participant_she_was(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, herself: Person, dana: Person
) -> None:
    link(db, amina, maya, herself)
    draft = ConflictDraft(
        first=Party(maya.ref, is_volunteer=True), second=Party(dana.ref),
        strength=Strength.HARD, reason="His sister.",
    )  # fmt: skip
    conflicts.record(db, amina, draft)

    make_place(db, amina, craft, herself)
    with pytest.raises(ConflictError, match="not the right one"):
        places.enrol(db, amina, group_ref=craft.ref, person_ref=dana.ref)


def test_her_surname_as_a_participant_and_her_childrens_school_are_to_be_weighed(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, herself: Person, dana: Person
) -> None:
    namesake = make_person(db, amina, "Vera", "Quill")
    for person in (herself, dana):
        db.add(
            Professional(
                family_id=person.family_id, kind=ProfessionalKind.SCHOOL, organisation="Hill School"
            )
        )
    link(db, amina, maya, herself)

    for number, somebody in enumerate((namesake, dana)):
        group = make_group(db, amina, [ben], code_name=f"Group {number}")
        make_place(db, amina, group, somebody)
        assert answer(db, maya, group) is Answer.SOFT


def test_who_moves_from_another_group_is_asked_about_too(
    db: Session, amina: Actor, ben: Actor, earlier: Group, craft: Group, maya: Volunteer,
    herself: Person, dana: Person,
) -> None:  # fmt: skip
    been(db, amina, earlier, herself)
    been(db, amina, earlier, dana)
    other = make_group(db, amina, [ben], code_name="Other")
    had = make_place(db, amina, other, dana)
    link(db, amina, maya, herself)
    place(db, amina, maya, craft)

    with pytest.raises(ConflictError, match="not the right one"):
        transfers.transfer(
            db, amina, had.ref, to_group_ref=craft.ref, on=TODAY, version=had.version,
            despite="All well.", late="There is room.",
        )  # fmt: skip


def test_joining_two_records_brings_their_groups_along_and_shows_nothing_of_the_link(
    db: Session, amina: Actor, earlier: Group, craft: Group, maya: Volunteer, herself: Person,
    dana: Person,
) -> None:  # fmt: skip
    second = make_person(db, amina, "Maya", "Quill", date_of_birth=date(1988, 6, 3))
    been(db, amina, earlier, second)
    been(db, amina, earlier, dana)
    make_place(db, amina, craft, dana)
    refs = {"kept_ref": second.ref, "gone_ref": herself.ref}
    before = preview(db, amina, **refs)
    link(db, amina, maya, herself)
    assert answer(db, maya, craft) is Answer.CLEAR
    assert preview(db, amina, **refs) == before

    undo = joining.merge(db, amina, **refs, versions=(second.version, herself.version))

    assert answer(db, maya, craft) is Answer.HARD
    assert sealed.opened(db, amina, maya.ref, Why.REVIEW).person_ref == second.ref

    joining.undo(db, amina, undo)
    assert answer(db, maya, craft) is Answer.CLEAR


def test_who_meets_already_when_the_link_is_made_is_counted_and_named_behind_the_seal(
    db: Session, amina: Actor, earlier: Group, craft: Group, maya: Volunteer, herself: Person,
    dana: Person,
) -> None:  # fmt: skip
    been(db, amina, earlier, herself)
    been(db, amina, earlier, dana)
    make_place(db, amina, craft, dana)
    there = place(db, amina, maya, craft)
    assert conflicts.to_act_on(db, amina) == 0

    link(db, amina, maya, herself)

    assert conflicts.to_act_on(db, amina) == 1
    assert sealed.opened(db, amina, maya.ref, Why.REVIEW).meets_in == ("Craft",)
    found = sealed.meetings(db, amina, Why.REVIEW)
    assert found[["name", "group"]].values.tolist() == [["Maya Rowe", "Craft"]]

    placements.end(db, amina, there, on=TODAY, version=1)
    assert conflicts.to_act_on(db, amina) == 0


def test_a_recorded_pair_that_meets_through_the_link_is_to_be_acted_on(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, herself: Person, dana: Person
) -> None:
    make_place(db, amina, craft, dana)
    place(db, amina, maya, craft)
    link(db, amina, maya, herself)
    draft = ConflictDraft(
        first=Party(herself.ref), second=Party(dana.ref), strength=Strength.HARD, reason="His."
    )

    assert conflicts.record(db, amina, draft)
    assert conflicts.to_act_on(db, amina) == 1


ACTIONS = ("place", "enrol", "leave", "end", "transfer", "own place")


# --- No way round ------------------------------------------------------------------------


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(ACTIONS), st.integers(0, 1), st.integers(0, 1), st.integers(0, 1)
        ),
        max_size=14,
    ),
    kind=st.sampled_from(["peer", "family", "pair"]),
)
def test_no_sequence_of_actions_brings_her_together_with_whom_she_must_not_meet(
    db: Session, amina: Actor, ben: Actor, acts: list[tuple[str, int, int, int]], kind: str
) -> None:
    nested = db.begin_nested()
    groups = [make_group(db, amina, [ben], code_name=f"Here {n}") for n in range(2)]
    helpers = [
        make_volunteer(db, amina, f"Vol {n}", f"Helper{n}", stage=Stage.ACTIVE) for n in range(2)
    ]
    db.add_all(
        VolunteerWishes(volunteer_id=one.id, roles=[], languages=[], groups_at_once=2)
        for one in helpers
    )
    selves = [make_person(db, amina, f"Self {n}", f"Past{n}") for n in range(2)]
    others = [_known_to(db, amina, ben, one, kind, n) for n, one in enumerate(selves)]
    for helper, own in zip(helpers, selves, strict=True):
        link(db, amina, helper, own)
    for act, who, where, other in acts:
        with suppress(ConflictError, InvalidInputError):
            _do(db, amina, act, helpers[who], selves[who], others[other], groups, where)
        assert not meeting.meeting_now(db)
        assert conflicts.to_act_on(db, amina) == 0
    nested.rollback()


def _known_to(db: Session, actor: Actor, ben: Actor, own: Person, kind: str, number: int) -> Person:
    if kind == "family":
        family = people.summary(db, actor, own.ref).family_ref
        draft = PersonDraft(kind=PersonKind.ADULT, first_name="Kin", last_name=f"Kin{number}")
        ref = people.add_to_family(db, actor, family, draft)
        return db.scalars(select(Person).where(Person.ref == ref)).one()
    other = make_person(db, actor, "Other", f"Other{number}")
    if kind == "pair":
        pair = ConflictDraft(
            first=Party(own.ref), second=Party(other.ref), strength=Strength.HARD, reason="His."
        )
        conflicts.record(db, actor, pair)
    else:
        past = make_group(db, actor, [ben], code_name=f"Past {number}")
        been(db, actor, past, own)
        been(db, actor, past, other)
    return other


def _do(
    db: Session, actor: Actor, act: str, helper: Volunteer, own: Person, other: Person,
    groups: list[Group], where: int,
) -> None:  # fmt: skip
    group = groups[where]
    held = db.scalars(
        select(Place).where(Place.person_id == other.id, Place.state == PlaceState.ACCEPTED)
    ).first()
    match act:
        case "place":
            place(db, actor, helper, group, "So be it.")
        case "enrol" | "own place":
            person = other if act == "enrol" else own
            make_place(db, actor, group, person)
        case "end":
            frame = placements.of_volunteer(db, actor, helper.ref)
            for row in frame[frame["ends"].isna()].itertuples():
                placements.end(db, actor, row.placement, on=TODAY, version=int(row.version))
        case "leave" if held:
            places.leave(db, actor, held.ref, on=TODAY, reason="", version=held.version)
        case "transfer" if held:
            target = next(one for one in groups if one.id != held.group_id)
            transfers.transfer(
                db, actor, held.ref, to_group_ref=target.ref, on=TODAY, version=held.version,
                despite="So.", late="So.", fit="So.",
            )  # fmt: skip
