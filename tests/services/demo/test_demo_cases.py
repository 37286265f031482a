"""The demonstration has what staff should meet: awkward cases, and something to do today."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    Account,
    Basis,
    CatchUp,
    Characteristic,
    ConcernEntry,
    Conflict,
    Consent,
    ContactRoute,
    EntryKind,
    FeedbackAnswer,
    Group,
    GroupSession,
    GroupState,
    Kinship,
    MeasureForm,
    OpenConcern,
    Person,
    PersonKind,
    Place,
    PlaceState,
    Plan,
    Professional,
    Purpose,
    Referral,
    ReferralForm,
    Relief,
    RiskLevel,
    RiskReview,
    SessionState,
    Shift,
    ShiftState,
    Stage,
    StageChange,
    Strength,
    Volunteer,
    VolunteerSupport,
)
from services import today
from services.accounts.sign_ins import actor_of
from services.consents.consent_draft import decides_alone
from services.demo import former
from services.demo.chance import Chance
from services.demo.history import history
from services.demo.scenes import scenes
from services.measures.measure_library import measures
from services.people import people
from services.placing.conflict_meetings import meeting_now
from services.plans import plan_view
from services.registers import registers
from services.registers.welfare import listing
from services.visibility import visible_plans
from services.volunteers.rota.substitutes import substitutes
from tests.conftest import Clock
from tests.services.demo.programmes import TODAY, actor


def test_nobody_answers_about_immediate_risk_without_something_being_done(life: Session) -> None:
    risky = {key: form for key, form in measures().items() if form.risk_items}
    forms = life.scalars(
        select(MeasureForm).where(MeasureForm.measure.in_(risky)).order_by(MeasureForm.id)
    ).all()

    assert any(form.answers for form in forms)
    for form in forms:
        for risk in risky[form.measure].risk_items:
            assert not (form.answers or {}).get(str(risk.number))


def test_the_facilitator_has_something_to_do_today(
    small: Session, time_stands_still: Clock
) -> None:
    mina = actor(small, "facilitator")

    (session,) = today.week(small, mina).today["ref"]
    register = registers.view(small, mina, session)

    assert [line.code for line in register.lines if line.code] == ["A"]
    assert any(line.alert for line in register.lines)
    assert any(line.needs for line in register.lines)
    open_since = {at.date() for at in today.unfinished_registers(small, mina)["starts"]}
    assert TODAY - timedelta(days=1) in open_since
    assert listing.due(small, mina)  # somebody missed a session without a word
    assert listing.escalated(small, actor(small, "coordinator"))


def offers_stand(small: Session) -> bool:
    """Whether every offer has an end, and none has passed."""
    ends = small.scalars(select(Place.offered_until).where(Place.state == PlaceState.OFFERED))
    return all(end is not None and end.date() > TODAY for end in ends)


def test_the_awkward_cases_are_there(small: Session) -> None:
    states = set(small.scalars(select(Group.state)))
    places = Counter(small.scalars(select(Place.state)))
    sizes = Counter(small.scalars(select(Place.group_id)))

    assert {GroupState.RECRUITING, GroupState.RUNNING, GroupState.CLOSED} <= states
    assert {PlaceState.WAITING, PlaceState.LEFT_EARLY, PlaceState.OFFERED} <= set(places)
    assert offers_stand(small)
    assert small.scalar(select(func.count(CatchUp.id)))
    assert 2 in sizes.values()
    assert small.scalar(select(GroupSession.id).where(GroupSession.state == SessionState.CANCELLED))
    assert small.scalar(select(func.count(Group.id))) == 8
    assert small.scalar(select(func.count(Person.id))) == 60


def test_most_adults_have_a_risk_review_and_some_are_due(small: Session) -> None:
    reviewed = set(small.scalars(select(RiskReview.person_id)))
    adults = select(Person.id).join(Place).where(Person.kind == PersonKind.ADULT)
    assert len(reviewed) > 0.6 * len(set(small.scalars(adults)))
    assert set(small.scalars(select(RiskReview.level))) == set(RiskLevel)
    assert small.scalars(select(RiskReview.id).where(RiskReview.review_on <= TODAY)).all()


def test_a_concern_is_overdue_and_another_closed(small: Session) -> None:
    waiting = small.scalars(select(OpenConcern)).all()
    assert [one.decided_at is None for one in waiting].count(True) == 1
    closed = select(ConcernEntry).where(ConcernEntry.kind == EntryKind.CLOSED)
    assert len(small.scalars(closed).all()) == 1


def test_two_pairs_are_kept_apart_and_neither_is_in_one_group(small: Session) -> None:
    strengths = small.scalars(select(Conflict.strength).order_by(Conflict.id)).all()
    assert strengths == [Strength.HARD, Strength.SOFT]
    assert meeting_now(small) == {}


def test_volunteers_are_at_every_stage_and_one_came_back(small: Session) -> None:
    stages = Counter(small.scalars(select(Volunteer.stage)))
    returned = select(StageChange).where(
        StageChange.from_stage == Stage.STEPPED_BACK, StageChange.to_stage != Stage.MOVED_ON
    )

    assert set(stages) == set(Stage)
    assert stages.total() == 20 + len(former._LEFT)
    assert small.scalars(returned).one().to_stage is Stage.ACTIVE


def test_one_volunteer_without_an_account_asks_for_a_swap_and_somebody_could_take_it(
    small: Session,
) -> None:
    query = (
        select(Shift, GroupSession.ref, VolunteerSupport.own_account_id)
        .join(GroupSession, GroupSession.id == Shift.session_id)
        .join(VolunteerSupport, VolunteerSupport.volunteer_id == Shift.volunteer_id)
        .where(Shift.relief == Relief.ASKED)
    )
    shift, session, account = small.execute(query).one()

    assert (shift.state, account) == (ShiftState.ACCEPTED, None)
    coordinator = actor(small, "coordinator")
    assert len(substitutes(small, coordinator, session, shift.role))


def test_consents_are_given_by_who_may_and_some_are_taken_back(small: Session) -> None:
    kin = set(small.execute(select(Kinship.person_id, Kinship.relative_id)).all())
    seen: Counter[tuple[Basis, bool]] = Counter()
    query = select(Consent, Person).join(Person, Person.id == Consent.person_id)
    for consent, person in small.execute(query):
        alone = decides_alone(person.date_of_birth, person.kind, on=consent.given_on)
        assert alone == (consent.basis is Basis.SELF)
        if consent.basis is Basis.RESPONSIBILITY:
            assert (consent.given_by_id, person.id) in kin
        seen[consent.basis, consent.withdrawn_on is None] += 1

    assert all(seen[basis, True] for basis in Basis)
    assert sum(count for (_basis, stands), count in seen.items() if not stands) >= 2
    noes = small.scalars(select(Consent.purpose).where(Consent.is_refusal)).all()
    assert len(noes) >= 5
    assert Purpose.TAKE_PART not in noes
    shared = select(Consent.withdrawn_on).where(Consent.purpose == Purpose.SHARE)
    days = small.scalars(shared).all()
    assert 0 < days.count(None) < len(days), "some stand, and some were taken back"


def test_some_plans_are_open_some_have_ended_and_one_waits_for_its_review(
    small: Session,
) -> None:
    coordinator = actor(small, "coordinator")
    ended = small.scalar(select(func.count()).where(Plan.ends_on.is_not(None))) or 0
    due = plan_view.to_review(small, coordinator)

    assert ended > 0
    assert 0 < len(due) < (small.scalar(select(func.count(Plan.id))) or 0)
    for plan, account in small.execute(select(Plan, Account).join(Account)):
        assert small.scalar(
            select(Plan.id).where(Plan.id == plan.id, visible_plans(actor_of(account)))
        )


def test_some_sessions_have_no_feedback(small: Session) -> None:
    held = small.scalar(select(func.count()).where(GroupSession.state == SessionState.HELD)) or 0
    asked = small.scalar(select(func.count(FeedbackAnswer.session_id.distinct()))) or 0

    assert 0 < asked < held


def test_everything_is_plainly_invented(small: Session) -> None:
    given = select(ContactRoute.address).where(ContactRoute.address.is_not(None))
    for address in small.scalars(given):
        assert address.endswith("@example.org") or address.startswith(("07700 900", "01632 960"))
    for person in small.scalars(select(Person)):
        age = people.age_band(person.date_of_birth, today=TODAY)
        is_child = person.kind is PersonKind.CHILD
        assert age is None or (int(age.rstrip("+").split("-")[0]) < 18) == is_child


@pytest.mark.parametrize("month", range(1, 13))
def test_the_groups_stand_right_on_any_day(month: int) -> None:
    for day in (1, 9, 17, 25):
        on = date(2026, month, day)
        for run in scenes(on):
            held = [s.starts_at.date() for s in run.sessions[: run.held]]
            assert [s.number for s in run.sessions] == list(range(1, len(run.sessions) + 1))
            assert all(before < on for before in held)
            assert sorted(s.starts_at for s in run.sessions) == [s.starts_at for s in run.sessions]


def test_facilitators_have_few_groups_under_way_at_any_size() -> None:
    runs = list(history(Chance("1"), 60_000, today=TODAY))
    under_way = [run for run in runs if run.state is GroupState.RUNNING]
    of_each = Counter(facilitator for run in under_way for facilitator in run.facilitators)

    assert sum(run.marks for run in runs) == 60_000
    assert 5 <= len(under_way) <= 24
    assert max(of_each.values()) <= 2
    assert min(of_each) >= 2  # the demonstration's own two have enough to do as it is


def test_around_people_stand_relatives_schools_languages_and_answers(
    small: Session,
) -> None:
    counts = {
        model: small.scalar(select(func.count()).select_from(model)) or 0
        for model in (Professional, Characteristic, Kinship)
    }
    assert counts[Professional] >= 5
    assert counts[Kinship] >= 5
    people = small.scalar(select(func.count(Person.id))) or 0
    assert people < counts[Characteristic] < 10 * people
    assert small.scalar(select(Person.id).where(Person.needs_interpreter).limit(1))
    assert small.scalar(select(Person.id).where(Person.known_as.is_not(None)).limit(1))


def test_everybody_in_a_group_was_referred_and_some_are_on_the_way(small: Session) -> None:
    seated = set(small.scalars(select(Place.person_id)))
    sent = small.scalars(select(Referral)).all()

    assert seated <= {one.person_id for one in sent}
    assert {"waiting", "not_now", "referred"} <= {one.state.value for one in sent}
    assert sum(one.jumped_at is not None for one in sent) == 1
    assert len(small.scalars(select(ReferralForm)).all()) == 2
    for one in sent:
        clocks = (one.first_contact_on, one.offered_on, one.first_session_on)
        noted = [one.received_on, *(day for day in clocks if day)]
        assert noted == sorted(noted)
        assert one.state_since <= TODAY
