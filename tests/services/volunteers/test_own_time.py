"""A volunteer's own time as a participant: sealed, and counted wherever she might meet somebody."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Group,
    OwnTime,
    Person,
    PersonKind,
    Place,
    PlacementRole,
    PlaceState,
    Professional,
    ProfessionalKind,
    RecordLock,
    Relation,
    Role,
    Stage,
    Strength,
    Volunteer,
    VolunteerWishes,
)
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.merging import joining
from services.merging.preview import preview
from services.people import kinships, people
from services.people.kinships import KinshipDraft
from services.people.people import PersonDraft
from services.permissions import Actor
from services.places import places, transfers
from services.placing import conflicts, eligibility, placements, placing
from services.placing.conflicts import ConflictDraft, Party
from services.placing.eligibility import Task
from services.placing.placements import PlacementDraft
from services.placing.placing import Answer
from services.volunteers.own_time import meeting, sealed
from services.volunteers.own_time.readiness import State
from services.volunteers.own_time.sealed import OwnTimeDraft, Why
from services.volunteers.pipeline import rules
from tests.conftest import NOW, Clock
from tests.make import (
    make_actor,
    make_group,
    make_person,
    make_place,
    make_referral,
    make_volunteer,
)

TODAY = NOW.date()
LONG_AGO = date(2025, 9, 9)


def link(db: Session, actor: Actor, volunteer: Volunteer, person: Person, **more: Any) -> None:
    draft = OwnTimeDraft(was_participant=True, person_ref=person.ref, **more)
    seen = sealed.opened(db, actor, volunteer.ref, Why.REVIEW).version
    sealed.record(db, actor, volunteer.ref, draft, version=seen)


def answer(db: Session, volunteer: Volunteer, group: Group) -> Answer:
    return placing.for_volunteer(db, volunteer, group.id, since=TODAY)


def place(db: Session, actor: Actor, volunteer: Volunteer, group: Group, despite: str = "") -> str:
    draft = PlacementDraft(
        volunteer_ref=volunteer.ref, group_ref=group.ref, role=PlacementRole.WELCOME,
        starts_on=TODAY, despite=despite,
    )  # fmt: skip
    return placements.place(db, actor, draft)


def been(
    db: Session, actor: Actor, group: Group, person: Person,
    joined: date = LONG_AGO, left: date = LONG_AGO + timedelta(weeks=8),
) -> None:  # fmt: skip
    """A place she had and completed, some time ago."""
    had = make_place(db, actor, group, person)
    had.state, had.joined_on, had.left_on = PlaceState.COMPLETED, joined, left
    db.flush()


@pytest.fixture
def earlier(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben], code_name="Earlier", capacity=20)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    return make_group(db, amina, [ben], code_name="Craft")


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    return make_volunteer(db, amina, "Maya", "Rowe", stage=Stage.ACTIVE)


@pytest.fixture
def herself(db: Session, amina: Actor) -> Person:
    """Maya as a participant, under the name she had then."""
    return make_person(db, amina, "Maya", "Quill")


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    return make_person(db, amina, "Dana", "Okoro")


# --- Whom she must not meet ----------------------------------------------------------------


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


# --- Readiness ------------------------------------------------------------------------------


def states(db: Session, actor: Actor, volunteer: Volunteer) -> dict[str, State]:
    found = sealed.opened(db, actor, volunteer.ref, Why.READINESS).facts
    return {fact.rule: fact.state for fact in found}


def test_nothing_is_known_before_anybody_has_asked_and_that_stops_nothing(
    db: Session, amina: Actor, craft: Group, maya: Volunteer
) -> None:
    assert set(states(db, amina, maya).values()) == {State.NOT_KNOWN}
    task = Task(craft, PlacementRole.WELCOME, TODAY, craft.ends_on)
    assert eligibility.obstacles(db, [maya], task)[maya.id] == []


def test_who_was_no_participant_meets_both_rules_about_it(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    draft = OwnTimeDraft(was_participant=False, has_own_support=True)
    sealed.record(db, amina, maya.ref, draft, version=0)

    assert set(states(db, amina, maya).values()) == {State.MET}


@pytest.mark.parametrize(
    ("left", "months", "expected"),
    [
        (date(2026, 3, 16), 6, State.MET),
        (date(2026, 3, 17), 6, State.NOT_YET),
        (date(2026, 3, 17), 5, State.MET),
        (date(2026, 3, 17), 0, State.MET),
    ],
)
def test_her_group_has_to_be_over_for_as_many_months_as_the_rule_says(
    db: Session, amina: Actor, earlier: Group, maya: Volunteer, herself: Person,
    left: date, months: int, expected: State,
) -> None:  # fmt: skip
    ada = make_actor(db, "ada", Role.ADMINISTRATOR)
    rules.save(db, ada, rules.Rules(own_group_months=months))
    been(db, amina, earlier, herself, left=left)
    link(db, amina, maya, herself)

    assert states(db, amina, maya)["own_group"] is expected


def test_a_place_of_her_own_now_or_an_open_referral_is_not_yet(
    db: Session, amina: Actor, craft: Group, maya: Volunteer, herself: Person
) -> None:
    link(db, amina, maya, herself)
    assert states(db, amina, maya)["live_case"] is State.MET

    make_referral(db, amina, herself)
    assert states(db, amina, maya)["live_case"] is State.NOT_YET

    make_place(db, amina, craft, herself)
    assert states(db, amina, maya)["own_group"] is State.NOT_YET


@pytest.mark.parametrize("why", ["own_group", "live_case", "own_support", "conflict"])
def test_who_is_not_ready_is_refused_in_the_words_for_a_group_that_is_not_right(
    db: Session, amina: Actor, earlier: Group, craft: Group, maya: Volunteer, herself: Person,
    dana: Person, why: str,
) -> None:  # fmt: skip
    if why == "own_group":
        been(db, amina, earlier, herself, left=TODAY)
    elif why == "live_case":
        make_referral(db, amina, herself)
    elif why == "conflict":
        been(db, amina, earlier, herself)
        been(db, amina, earlier, dana)
        make_place(db, amina, craft, dana)
    link(db, amina, maya, herself, has_own_support=why != "own_support")

    with pytest.raises(ConflictError) as refused:
        place(db, amina, maya, craft, "So be it.")
    assert str(refused.value) == placing.NOT_HERE
    assert type(refused.value) is ConflictError


# --- Who may open it, and what stays behind -------------------------------------------------------


def test_nobody_but_a_coordinator_opens_or_changes_it(
    db: Session, amina: Actor, ben: Actor, leila: Actor, ada: Actor, vik: Actor, erin: Actor,
    maya: Volunteer,
) -> None:  # fmt: skip
    for actor in (ben, leila, ada, vik, erin):
        with pytest.raises(NotPermittedError):
            sealed.opened(db, actor, maya.ref, Why.REVIEW)
        with pytest.raises(NotPermittedError):
            sealed.record(db, actor, maya.ref, OwnTimeDraft(), version=0)
        with pytest.raises(NotPermittedError):
            sealed.meetings(db, actor, Why.REVIEW)
        with pytest.raises(NotPermittedError):
            sealed.to_act_on(db, actor)


def test_each_look_is_written_down_with_its_reason(
    db: Session, amina: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    sealed.opened(db, amina, maya.ref, Why.READINESS)
    time_stands_still.go_on(minutes=11)
    sealed.opened(db, amina, maya.ref, Why.ASKED)

    looks = db.execute(
        select(AuditEntry.subject, AuditEntry.details).where(AuditEntry.action == sealed.OPENED)
    ).all()
    assert looks == [
        (f"volunteer:{maya.ref}", '{"why": "readiness"}'),
        (f"volunteer:{maya.ref}", '{"why": "asked"}'),
    ]


def test_the_audit_log_says_the_same_whatever_was_recorded(
    db: Session, amina: Actor, maya: Volunteer, herself: Person
) -> None:
    drafts = (
        OwnTimeDraft(was_participant=False),
        OwnTimeDraft(was_participant=True, person_ref=herself.ref),
        OwnTimeDraft(has_own_support=True),
    )
    for version, draft in enumerate(drafts):
        sealed.record(db, amina, maya.ref, draft, version=version)

    query = select(AuditEntry.action, AuditEntry.subject, AuditEntry.details)
    last = db.execute(query.order_by(AuditEntry.id.desc()).limit(3)).all()
    assert set(last) == {("own_time.recorded", f"volunteer:{maya.ref}", "{}")}


def test_two_who_record_at_once_do_not_overwrite_each_other(
    db: Session, amina: Actor, maya: Volunteer, herself: Person
) -> None:
    link(db, amina, maya, herself)

    with pytest.raises(ConflictError, match="Amina changed this"):
        sealed.record(db, amina, maya.ref, OwnTimeDraft(was_participant=False), version=0)

    assert sealed.opened(db, amina, maya.ref, Why.REVIEW).person_ref == herself.ref


def test_no_participant_leaves_no_link_and_an_unknown_person_is_not_found(
    db: Session, amina: Actor, maya: Volunteer, herself: Person
) -> None:
    with pytest.raises(NotFoundError):
        link(db, amina, maya, Person(ref="nobody"))
    draft = OwnTimeDraft(was_participant=False, person_ref=herself.ref)
    sealed.record(db, amina, maya.ref, draft, version=0)

    assert db.scalars(select(OwnTime.person_id)).all() == [None]


def test_for_a_coordinator_who_is_kept_out_of_her_record_there_is_nothing_to_see(
    db: Session, amina: Actor, earlier: Group, craft: Group, maya: Volunteer, herself: Person,
    dana: Person,
) -> None:  # fmt: skip
    before = sealed.opened(db, amina, maya.ref, Why.REVIEW)
    been(db, amina, earlier, herself)
    been(db, amina, earlier, dana)
    make_place(db, amina, craft, dana)
    place(db, amina, maya, craft)
    link(db, amina, maya, herself)
    lock = RecordLock(
        person_id=herself.id, account_id=amina.account_id, reason="Her sister.",
        locked_by_id=amina.account_id, locked_at=NOW,
    )  # fmt: skip
    db.add(lock)
    db.flush()

    assert sealed.opened(db, amina, maya.ref, Why.REVIEW) == before
    assert conflicts.to_act_on(db, amina) == 0
    with pytest.raises(ConflictError) as refused:
        sealed.record(db, amina, maya.ref, OwnTimeDraft(), version=0)
    assert str(refused.value) == sealed.CLOSED
    assert answer(db, maya, craft) is Answer.HARD


# --- What it costs --------------------------------------------------------------------------


def test_an_answer_takes_as_many_statements_with_a_link_as_without(
    db: Session, amina: Actor, earlier: Group, craft: Group, maya: Volunteer, herself: Person,
    dana: Person, count_queries: Any,
) -> None:  # fmt: skip
    been(db, amina, earlier, herself)
    been(db, amina, earlier, dana)
    make_place(db, amina, craft, dana)
    task = Task(craft, PlacementRole.WELCOME, TODAY, craft.ends_on)

    def statements() -> int:
        with count_queries() as counted:
            placing.for_volunteer(db, maya, craft.id, since=TODAY)
            placing.for_people(db, [dana], craft.id, since=TODAY)
            eligibility.obstacles(db, [maya], task)
        return len(counted)

    without = statements()
    link(db, amina, maya, herself)
    assert statements() == without


# --- No way round ---------------------------------------------------------------------------

ACTIONS = ("place", "enrol", "leave", "end", "transfer", "own place")


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
