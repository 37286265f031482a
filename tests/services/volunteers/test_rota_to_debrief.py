"""From a rota's yes to what follows from it: her session, its debrief, her hours, her support."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupSession, SessionState, Shift, Volunteer
from services.permissions import Actor
from services.placing import conflicts, placements
from services.registers import debriefs
from services.registers.debriefs import DebriefDraft
from services.volunteers.contribution import hours
from services.volunteers.herself import telling
from services.volunteers.rota import shifts, terms
from services.volunteers.support import supervisors, weighing
from services.volunteers.support.rhythm import Kind
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place, session_of
from tests.services.placing.test_placing import keep_apart
from tests.services.volunteers.herself.account import joined
from tests.services.volunteers.shifts import accepted, need, seasoned, shift

FIRST = date(2026, 9, 22)


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    group = make_group(db, amina, [ben], first_day=FIRST)
    need(db, amina, group, welcome=1)
    return group


@pytest.fixture
def volunteer(db: Session, amina: Actor) -> Volunteer:
    return seasoned(db, amina, "Maya", "Rowe")


def held(db: Session, group: Group, number: int, now: Clock) -> GroupSession:
    """A session as it stands once it was held, two hours after its end."""
    one = session_of(db, group, number)
    now.moment = one.ends_at + timedelta(hours=2)
    one.state = SessionState.HELD
    db.flush()
    return one


def test_a_proposal_that_is_confirmed_and_accepted_ends_in_a_debrief_hours_and_a_check_in(
    db: Session, amina: Actor, ben: Actor, craft: Group, volunteer: Volunteer,
    time_stands_still: Clock,
) -> None:  # fmt: skip
    maya = joined(db, volunteer, "maya", supervisor=amina)
    proposal = terms.propose(terms.gather(db, amina, until=FIRST), seconds=5)
    assert terms.confirm(db, amina, proposal.lines) == 1
    (offered,) = _shifts(db, volunteer)
    shifts.answer(db, amina, offered, accepts=True, version=1)
    assert placements.in_group(db, ben, craft)["first_name"].tolist() == ["Maya"]

    met = held(db, craft, 1, time_stands_still)

    assert debriefs.undone(db, ben)["ref"].tolist() == [met.ref]
    assert [one.ref for one in telling.to_talk_about(db, maya)] == [met.ref]
    assert debriefs.of_session(db, ben, met.ref).volunteers == {volunteer.ref: "Maya"}
    assert hours.mine(db, maya).sessions == 1
    draft = DebriefDraft(minutes=15, present=[volunteer.ref], heard_hard=[volunteer.ref])
    debriefs.save(db, ben, met.ref, draft, version=0)
    assert hours.mine(db, maya).sessions == 1
    assert sum(week.hard for week in weighing.load_of(db, amina, volunteer.ref).weeks) == 1
    (due,) = asked_about(db, amina, volunteer)
    assert due < FIRST + timedelta(days=14)


def test_a_debrief_that_leaves_her_out_takes_the_session_from_her_hours_and_her_load(
    db: Session, amina: Actor, ben: Actor, craft: Group, volunteer: Volunteer,
    time_stands_still: Clock,
) -> None:  # fmt: skip
    maya = joined(db, volunteer, "maya", supervisor=amina)
    accepted(db, amina, volunteer, craft)
    met = held(db, craft, 1, time_stands_still)
    assert not weighing.load_of(db, amina, volunteer.ref).is_empty

    debriefs.save(db, ben, met.ref, DebriefDraft(minutes=15), version=0)

    assert hours.mine(db, maya).sessions == 0
    assert weighing.load_of(db, amina, volunteer.ref).is_empty


def test_who_said_no_or_got_out_is_in_no_debrief_and_no_group(
    db: Session, amina: Actor, ben: Actor, craft: Group, volunteer: Volunteer,
    time_stands_still: Clock,
) -> None:  # fmt: skip
    ref = accepted(db, amina, volunteer, craft)
    shifts.cancel(db, amina, ref, version=shift(db, ref).version)
    assert placements.in_group(db, ben, craft).empty

    met = held(db, craft, 1, time_stands_still)

    assert debriefs.of_session(db, ben, met.ref).volunteers == {}


def test_a_first_session_through_the_rota_is_a_start_that_is_asked_about(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer
) -> None:
    accepted(db, amina, volunteer, craft, 2)

    assert asked_about(db, amina, volunteer) == [FIRST + timedelta(weeks=1, days=14)]


def test_a_pair_recorded_while_she_is_in_the_rota_is_to_be_acted_on(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer
) -> None:
    ref = accepted(db, amina, volunteer, craft)
    dana = make_person(db, amina)
    make_place(db, amina, craft, dana)

    keep_apart(db, amina, volunteer, dana)
    assert conflicts.to_act_on(db, amina) == 1

    shifts.cancel(db, amina, ref, version=shift(db, ref).version)
    assert conflicts.to_act_on(db, amina) == 0


def asked_about(db: Session, actor: Actor, volunteer: Volunteer) -> list[date]:
    due = supervisors.of_volunteer(db, actor, volunteer.ref).due
    return [one.due_on for one in due if one.kind is Kind.CHECK_IN]


def _shifts(db: Session, volunteer: Volunteer) -> list[str]:
    return list(db.scalars(select(Shift.ref).where(Shift.volunteer_id == volunteer.id)))
