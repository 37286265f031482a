"""Her own time as a participant: whether she is ready, who may open it, what it costs."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, OwnTime, Person, PlacementRole, RecordLock, Role, Volunteer
from services.errors import ConflictError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.placing import conflicts, eligibility, placing
from services.placing.eligibility import Task
from services.placing.placing import Answer
from services.volunteers.own_time import sealed
from services.volunteers.own_time.readiness import State
from services.volunteers.own_time.sealed import OwnTimeDraft, Why
from services.volunteers.pipeline import rules
from tests.conftest import NOW, Clock
from tests.make import make_actor, make_place, make_referral
from tests.services.volunteers.own_time.before import TODAY, answer, been, link, place


def states(db: Session, actor: Actor, volunteer: Volunteer) -> dict[str, State]:
    found = sealed.opened(db, actor, volunteer.ref, Why.READINESS).facts
    return {fact.rule: fact.state for fact in found}


# --- Readiness ---------------------------------------------------------------------------


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


# --- Who may open it, and what stays behind ----------------------------------------------


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


# --- What it costs -----------------------------------------------------------------------


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
