"""A volunteer's own account: what she does by herself, and that it never leads past a rule."""

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    CheckIn,
    Group,
    GroupSession,
    Person,
    PersonKind,
    PlacementRole,
    RecordLock,
    Role,
    Shift,
    ShiftState,
    Stage,
    SupervisorAbsence,
    Volunteer,
    VolunteerDebrief,
    VolunteerSupport,
)
from services import clock
from services.accounts import accounts
from services.accounts.accounts import AccountDraft
from services.errors import (
    AppError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.forms.checking import Answer
from services.permissions import Actor
from services.placing import placements
from services.placing.placements import PlacementDraft
from services.volunteers import stages
from services.volunteers.availability.hours import Hours
from services.volunteers.availability.wishes import WishesDraft
from services.volunteers.herself import (
    availability,
    record,
    sessions,
    shifts,
    telling,
    training,
    wellbeing,
)
from services.volunteers.herself.telling import OwnDebriefDraft
from services.volunteers.rota import check, facts
from services.volunteers.rota import shifts as asked
from services.volunteers.support import facts as support_facts
from services.volunteers.support import heard, recording, weighing
from services.volunteers.support.recording import CheckInDraft
from tests.conftest import NOW, Clock
from tests.make import make_actor, make_group, make_person, make_place, session_of
from tests.services.placing.test_placing import keep_apart
from tests.services.volunteers.test_rota import FIRST, need, offer, seasoned, shift, wish

TODAY = date(2026, 9, 16)


def joined(
    db: Session, volunteer: Volunteer, username: str, supervisor: Actor | None = None
) -> Actor:
    """An account of her own, joined to her record."""
    own = make_actor(db, username, Role.VOLUNTEER)
    db.add(
        VolunteerSupport(
            volunteer_id=volunteer.id,
            own_account_id=own.account_id,
            supervisor_id=supervisor.account_id if supervisor else None,
        )
    )
    db.flush()
    return own


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that begins next week."""
    return make_group(db, amina, [ben], first_day=FIRST)


@pytest.fixture
def here(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that meets for the first time this afternoon."""
    group = make_group(db, amina, [ben], code_name="Owl", first_day=TODAY)
    first = session_of(db, group)
    first.starts_at += timedelta(hours=5)
    first.ends_at += timedelta(hours=5)
    db.flush()
    return group


@pytest.fixture
def volunteer(db: Session, amina: Actor) -> Volunteer:
    return seasoned(db, amina, "Maya", "Rowe")


@pytest.fixture
def maya(db: Session, amina: Actor, volunteer: Volunteer) -> Actor:
    """Maya's own account; Amina supervises her."""
    return joined(db, volunteer, "maya", amina)


@pytest.fixture
def ines(db: Session, amina: Actor) -> Actor:
    """Another volunteer's account: the stranger."""
    return joined(db, seasoned(db, amina, "Ines", "Marsh"), "ines", amina)


def place(db: Session, amina: Actor, volunteer: Volunteer, group: Group) -> None:
    placements.place(
        db,
        amina,
        PlacementDraft(
            volunteer_ref=volunteer.ref, group_ref=group.ref, role=PlacementRole.WELCOME,
            starts_on=TODAY,
        ),
    )  # fmt: skip


# --- Whose record it is --------------------------------------------------------------------


def test_an_account_that_is_joined_to_nobody_has_no_record(db: Session) -> None:
    nobody = make_actor(db, "maya", Role.VOLUNTEER)

    assert record.summary(db, nobody) is None
    with pytest.raises(NotFoundError):
        shifts.coming(db, nobody)


def test_she_is_told_whom_to_ring_by_first_name(
    db: Session, volunteer: Volunteer, maya: Actor, amina: Actor
) -> None:
    zora = make_actor(db, "zora", Role.COORDINATOR)
    assert record.summary(db, maya).supervisor == "Amina"
    db.add(
        SupervisorAbsence(
            account_id=amina.account_id, stand_in_id=zora.account_id, starts_on=TODAY,
            ends_on=TODAY + timedelta(days=3),
        )
    )  # fmt: skip
    db.flush()

    me = record.summary(db, maya)

    assert (me.stand_in, me.stand_in_until) == ("Zora", TODAY + timedelta(days=3))


@pytest.mark.parametrize("who", ["amina", "ben", "leila", "ada", "vik", "erin"])
def test_nobody_else_may_do_what_she_does_for_herself(
    db: Session, request: pytest.FixtureRequest, who: str
) -> None:
    actor = request.getfixturevalue(who)

    for act in (record.summary, shifts.coming, sessions.today, availability.mine, training.mine):
        with pytest.raises(NotPermittedError):
            act(db, actor)


def test_a_coordinator_whose_own_account_it_is_has_no_page_of_her_own(
    db: Session, amina: Actor, volunteer: Volunteer
) -> None:
    db.add(VolunteerSupport(volunteer_id=volunteer.id, own_account_id=amina.account_id))
    db.flush()

    with pytest.raises(NotPermittedError):
        record.summary(db, amina)


def test_an_administrator_makes_an_account_for_a_volunteer(db: Session, ada: Actor) -> None:
    ref = accounts.create(
        db, ada, AccountDraft(username="new.helper", display_name="Nora",
                              password="four plain words here", role=Role.VOLUNTEER),
    )  # fmt: skip

    assert accounts.summary(db, ada, ref).is_active


# --- Her rota ------------------------------------------------------------------------------


def test_she_sees_her_own_shifts_and_nobody_elses(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer, maya: Actor, ines: Actor
) -> None:
    ref = offer(db, amina, volunteer, craft)

    assert [(one.ref, one.state) for one in shifts.coming(db, maya)] == [(ref, "offered")]
    assert shifts.coming(db, ines) == []


def test_her_yes_counts_and_her_no_needs_no_reason(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer, maya: Actor
) -> None:
    first, second = offer(db, amina, volunteer, craft), offer(db, amina, volunteer, craft, 2)

    shifts.answer(db, maya, first, accepts=True, version=1)
    shifts.answer(db, maya, second, accepts=False, version=1)

    assert shift(db, first).state is ShiftState.ACCEPTED
    assert shift(db, second).state is ShiftState.DECLINED
    assert shift(db, second).reason is None


def test_she_gets_out_of_a_session_and_the_place_is_open(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer, maya: Actor
) -> None:
    ref = offer(db, amina, volunteer, craft)
    shifts.answer(db, maya, ref, accepts=True, version=1)

    shifts.cancel(db, maya, ref, version=2)

    assert shift(db, ref).state is ShiftState.CANCELLED
    assert offer(db, amina, volunteer, craft)


def test_a_session_that_has_begun_is_for_a_call(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer, maya: Actor,
    time_stands_still: Clock,
) -> None:  # fmt: skip
    ref = offer(db, amina, volunteer, craft)
    shifts.answer(db, maya, ref, accepts=True, version=1)
    time_stands_still.go_on(days=8)

    with pytest.raises(ConflictError, match="has begun"):
        shifts.cancel(db, maya, ref, version=2)


def test_somebody_elses_shift_is_not_there(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer, maya: Actor, ines: Actor
) -> None:
    ref = offer(db, amina, volunteer, craft)

    with pytest.raises(NotFoundError):
        shifts.answer(db, ines, ref, accepts=True, version=1)
    with pytest.raises(NotFoundError):
        shifts.cancel(db, ines, ref, version=1)


def test_an_offer_changed_meanwhile_is_said_and_left(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer, maya: Actor
) -> None:
    ref = offer(db, amina, volunteer, craft)
    asked.cancel(db, amina, ref, version=1)

    with pytest.raises(ConflictError, match="Meanwhile"):
        shifts.answer(db, maya, ref, accepts=True, version=1)


def test_whatever_stands_against_her_yes_she_reads_one_sentence(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer, maya: Actor
) -> None:
    """A conflict, days away, a stage: told apart they would say something about somebody else."""
    said = []
    dana = make_person(db, amina)
    for number, against in enumerate(("away", "conflict", "checks"), start=1):
        ref = offer(db, amina, volunteer, craft, number)
        undo = db.begin_nested()
        if against == "away":
            availability.add_away(db, maya, first=FIRST, last=FIRST)
        elif against == "conflict":
            make_place(db, amina, craft, dana)
            keep_apart(db, amina, volunteer, dana)
        else:
            stages.move(db, amina, volunteer.ref, Stage.TRAINING, version=volunteer.version)
        with pytest.raises(AppError) as refused:
            shifts.answer(db, maya, ref, accepts=True, version=1)
        said.append((type(refused.value), str(refused.value)))
        undo.rollback()
        db.expire_all()

    assert set(said) == {(ConflictError, shifts.NOT_NOW)}


# --- When she can come ---------------------------------------------------------------------


def test_she_keeps_her_hours_and_days_away(db: Session, maya: Actor, ines: Actor) -> None:
    availability.add_hours(db, maya, weekdays=[1], starts=time(10), ends=time(12))
    away = availability.add_away(db, maya, first=FIRST, last=FIRST)

    assert availability.mine(db, maya).hours == (Hours(1, 600, 720),)
    assert list(availability.mine(db, maya).exceptions["ref"]) == [away]
    with pytest.raises(NotFoundError):
        availability.remove_exception(db, ines, away)
    availability.remove_exception(db, maya, away)
    availability.remove_hours(db, maya, Hours(1, 600, 720))
    assert availability.mine(db, maya).hours == ()


def test_hours_that_overlap_are_refused_and_none_is_kept(db: Session, maya: Actor) -> None:
    availability.add_hours(db, maya, weekdays=[1], starts=time(10), ends=time(12))

    with pytest.raises(InvalidInputError, match="are kept already"):
        availability.add_hours(db, maya, weekdays=[0, 1], starts=time(11), ends=time(13))
    assert len(availability.mine(db, maya).hours) == 1


def test_her_wishes_leave_what_was_agreed_as_it_is(
    db: Session, volunteer: Volunteer, maya: Actor
) -> None:
    draft = WishesDraft(groups_at_once=5, weeks_between=0, most_a_month=3, skills="Singing")

    availability.save_wishes(db, maya, draft, version=0)

    kept = availability.my_wishes(db, maya).kept
    assert (kept.groups_at_once, kept.weeks_between) == (1, 4)
    assert (kept.most_a_month, kept.skills) == (3, "Singing")


# --- Who comes today -----------------------------------------------------------------------


def test_on_the_day_she_sees_first_names_and_what_to_have_ready(
    db: Session, amina: Actor, here: Group, volunteer: Volunteer, maya: Actor
) -> None:
    dana = make_person(db, amina, "Dana", "Okoro", access_needs="A chair near the door")
    child = make_person(db, amina, "Tam", "Okoro", kind=PersonKind.CHILD)
    for person in (dana, child):
        make_place(db, amina, here, person)
    place(db, amina, volunteer, here)

    (one,) = sessions.today(db, maya)

    assert [(who.first_name, who.needs) for who in one.people] == [
        ("Dana", ("A chair near the door",)),
        ("Tam", ()),
    ]
    assert "Okoro" not in repr(one)


def test_two_of_one_name_are_told_apart_without_a_last_name(
    db: Session, amina: Actor, here: Group, volunteer: Volunteer, maya: Actor
) -> None:
    for last in ("Okoro", "Unlike"):
        make_place(db, amina, here, make_person(db, amina, "Dana", last))
    place(db, amina, volunteer, here)

    assert [who.first_name for who in sessions.today(db, maya)[0].people] == [
        "Dana (1)",
        "Dana (2)",
    ]


def test_before_and_after_the_day_there_is_nobody_to_see(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer, maya: Actor,
    time_stands_still: Clock,
) -> None:  # fmt: skip
    make_place(db, amina, craft, make_person(db, amina))
    place(db, amina, volunteer, craft)

    assert sessions.today(db, maya) == []
    time_stands_still.moment = clock.start_of_day(FIRST) + timedelta(hours=20)
    assert len(sessions.today(db, maya)[0].people) == 1
    time_stands_still.go_on(days=1)
    assert sessions.today(db, maya) == []


def test_who_said_no_to_the_session_sees_nobody(
    db: Session, amina: Actor, here: Group, volunteer: Volunteer, maya: Actor, ines: Actor
) -> None:
    make_place(db, amina, here, make_person(db, amina))
    place(db, amina, volunteer, here)
    ref = offer(db, amina, volunteer, here)
    assert sessions.today(db, maya) == []  # asked, and has not said yes yet
    shifts.answer(db, maya, ref, accepts=False, version=1)

    assert sessions.today(db, maya) == []
    assert sessions.today(db, ines) == []


def test_whom_she_must_not_meet_and_a_closed_record_are_not_shown(
    db: Session, amina: Actor, here: Group, volunteer: Volunteer, maya: Actor
) -> None:
    dana, kim = make_person(db, amina), make_person(db, amina, "Kim", "Unlike")
    for person in (dana, kim):
        make_place(db, amina, here, person)
    place(db, amina, volunteer, here)
    lock(db, maya, kim)
    assert [who.first_name for who in sessions.today(db, maya)[0].people] == ["Dana"]

    keep_apart(db, amina, volunteer, dana)

    assert sessions.today(db, maya)[0].people == ()


def test_once_she_has_stepped_back_she_sees_nobody(
    db: Session, amina: Actor, here: Group, volunteer: Volunteer, maya: Actor
) -> None:
    make_place(db, amina, here, make_person(db, amina))
    place(db, amina, volunteer, here)
    assert sessions.today(db, maya)

    wellbeing.step_back(db, maya, version=volunteer.version)

    assert sessions.today(db, maya) == []


def lock(db: Session, actor: Actor, person: Person) -> None:
    db.add(
        RecordLock(
            person_id=person.id, account_id=actor.account_id, reason="She knows her.",
            locked_by_id=actor.account_id, locked_at=clock.now(),
        )
    )  # fmt: skip
    db.flush()


def test_the_look_at_who_comes_is_in_the_audit_log(
    db: Session, amina: Actor, here: Group, volunteer: Volunteer, maya: Actor
) -> None:
    place(db, amina, volunteer, here)
    sessions.today(db, maya)

    found = select(AuditEntry.subject).where(AuditEntry.action == "session.viewed_by_helper")
    assert db.scalars(found).all() == [f"session:{session_of(db, here).ref}"]


# --- How she is ----------------------------------------------------------------------------


@pytest.fixture
def helped(
    db: Session, amina: Actor, here: Group, volunteer: Volunteer, maya: Actor,
    time_stands_still: Clock,
) -> str:  # fmt: skip
    """A session she helped at this afternoon, two hours later."""
    place(db, amina, volunteer, here)
    time_stands_still.go_on(hours=5)
    return session_of(db, here).ref


def test_what_she_says_of_a_session_reaches_her_supervisor_alone(
    db: Session, amina: Actor, volunteer: Volunteer, maya: Actor, helped: str
) -> None:
    zora = make_actor(db, "zora", Role.COORDINATOR)

    telling.debrief(db, maya, helped, OwnDebriefDraft(True, "It stayed with me."))

    told = heard.after_sessions(db, amina, volunteer.ref)
    assert told[["heard_hard", "words"]].values.tolist() == [[True, "It stayed with me."]]
    assert list(heard.news(db, amina)["what"]) == ["debrief"]
    with pytest.raises(NotFoundError):
        heard.after_sessions(db, zora, volunteer.ref)
    assert heard.news(db, zora).empty
    assert telling.to_talk_about(db, maya) == []


def test_what_she_answers_on_the_volunteers_form_stands_there_in_words(
    db: Session, amina: Actor, volunteer: Volunteer, maya: Actor, helped: str
) -> None:
    asked = telling.form(db, maya)
    given: dict[str, Answer] = {"volunteer_ready": 3, "volunteer_talk": 1, "volunteer_heavy": -1}

    telling.debrief(db, maya, helped, OwnDebriefDraft(answers=given, seen=asked.version))

    told = heard.after_sessions(db, amina, volunteer.ref)["answers"].item()
    assert told.splitlines() == [
        "How ready did you feel for today? Ready",
        "How heavy was it for you? Not today",
        "Would you like to talk about it? Yes, soon",
    ]


def test_an_answer_that_nobody_can_choose_is_refused_and_nothing_kept(
    db: Session, maya: Actor, helped: str
) -> None:
    with pytest.raises(InvalidInputError, match="Choose one"):
        telling.debrief(db, maya, helped, OwnDebriefDraft(answers={"volunteer_ready": 9}))
    assert db.scalars(select(VolunteerDebrief)).all() == []


def test_a_hard_session_she_speaks_of_is_asked_about_and_weighs(
    db: Session, amina: Actor, volunteer: Volunteer, maya: Actor, helped: str
) -> None:
    telling.debrief(db, maya, helped, OwnDebriefDraft(heard_hard=True))

    assert len(support_facts.facts_of(db, [volunteer])[volunteer.id].hard) == 1
    assert sum(week.hard for week in weighing.load_of(db, amina, volunteer.ref).weeks) == 1


def test_a_session_is_spoken_of_once_and_by_who_was_there(
    db: Session, maya: Actor, ines: Actor, helped: str
) -> None:
    with pytest.raises(NotFoundError):
        telling.debrief(db, ines, helped, OwnDebriefDraft())
    with pytest.raises(InvalidInputError, match="Shorten"):
        telling.debrief(db, maya, helped, OwnDebriefDraft(words="x" * 4_001))
    telling.debrief(db, maya, helped, OwnDebriefDraft())

    with pytest.raises(ConflictError, match="told us of this session"):
        telling.debrief(db, maya, helped, OwnDebriefDraft())
    assert db.scalar(select(func.count()).select_from(VolunteerDebrief)) == 1


def test_a_session_to_come_cannot_be_spoken_of(
    db: Session, amina: Actor, here: Group, volunteer: Volunteer, maya: Actor
) -> None:
    place(db, amina, volunteer, here)

    with pytest.raises(ConflictError, match="not started"):
        telling.debrief(db, maya, session_of(db, here).ref, OwnDebriefDraft())


def test_her_check_in_is_read_by_her_supervisor_and_ticks_nothing_off(
    db: Session, amina: Actor, volunteer: Volunteer, maya: Actor
) -> None:
    wellbeing.check_in(db, maya, heaviness=4, words="A long week.")

    kept = recording.check_ins(db, amina, volunteer.ref)
    assert kept[["heaviness", "words"]].values.tolist() == [[4, "A long week."]]
    assert support_facts.facts_of(db, [volunteer])[volunteer.id].checked_in_at is None
    recording.check_in(db, amina, volunteer.ref, CheckInDraft(on=TODAY, heaviness=2))
    assert support_facts.facts_of(db, [volunteer])[volunteer.id].checked_in_at == NOW


@pytest.mark.parametrize("heaviness", [0, 6])
def test_a_check_in_off_the_scale_is_refused(db: Session, maya: Actor, heaviness: int) -> None:
    with pytest.raises(InvalidInputError, match="from 1 to 5"):
        wellbeing.check_in(db, maya, heaviness=heaviness)
    assert db.scalars(select(CheckIn)).all() == []


def test_stepping_back_counts_at_once_frees_her_sessions_and_is_told(
    db: Session, amina: Actor, craft: Group, volunteer: Volunteer, maya: Actor
) -> None:
    offered, agreed = offer(db, amina, volunteer, craft), offer(db, amina, volunteer, craft, 2)
    shifts.answer(db, maya, agreed, accepts=True, version=1)

    assert wellbeing.step_back(db, maya, version=volunteer.version) == 2

    assert volunteer.stage is Stage.STEPPED_BACK
    assert shift(db, offered).state is ShiftState.WITHDRAWN
    assert shift(db, agreed).state is ShiftState.CANCELLED
    assert list(heard.news(db, amina)["what"]) == ["stepped_back"]
    assert wellbeing.come_back(db, maya, version=volunteer.version) is Stage.ACTIVE
    assert set(heard.news(db, amina)["what"]) == {"stepped_back", "came_back"}


def test_without_a_supervisor_every_coordinator_is_told(
    db: Session, amina: Actor, volunteer: Volunteer
) -> None:
    alone = joined(db, volunteer, "maya")

    wellbeing.check_in(db, alone, heaviness=4, words="A long week.")
    wellbeing.step_back(db, alone, version=volunteer.version)

    assert set(heard.news(db, amina)["what"]) == {"stepped_back", "check_in"}
    with pytest.raises(NotFoundError):
        heard.after_sessions(db, amina, volunteer.ref)


def test_where_a_coordinator_paused_her_they_talk_first(
    db: Session, amina: Actor, volunteer: Volunteer, maya: Actor
) -> None:
    stages.move(db, amina, volunteer.ref, Stage.STEPPED_BACK, version=volunteer.version)

    assert record.summary(db, maya).returns_to is None
    with pytest.raises(ConflictError, match="Talk to your coordinator"):
        wellbeing.come_back(db, maya, version=volunteer.version)


def test_a_stale_page_steps_nobody_back(db: Session, volunteer: Volunteer, maya: Actor) -> None:
    with pytest.raises(ConflictError, match="meanwhile"):
        wellbeing.step_back(db, maya, version=volunteer.version - 1)
    assert volunteer.stage is Stage.ACTIVE


def test_nothing_personal_of_what_she_says_is_in_the_log(
    db: Session, maya: Actor, volunteer: Volunteer, helped: str
) -> None:
    wellbeing.check_in(db, maya, heaviness=5, words="Unmistakable words")
    telling.debrief(db, maya, helped, OwnDebriefDraft(True, "Unmistakable words"))
    wellbeing.step_back(db, maya, version=volunteer.version)

    logged = " ".join(map(str, db.scalars(select(AuditEntry.details)).all()))
    assert not any(word in logged for word in ("Unmistakable", "heav", "hard", "stepped"))


# --- Whatever she does ---------------------------------------------------------------------


class HerStory(RuleBasedStateMachine):
    """What is offered to her stands while things change; her yes is good only where it fits."""

    db: Session
    amina: Actor
    ben: Actor

    @initialize()
    def begin(self) -> None:
        self.undo = self.db.begin_nested()
        self.groups = [
            make_group(self.db, self.amina, [self.ben], code_name=name, first_day=FIRST)
            for name in ("Red kite", "Blue kite")
        ]
        for group in self.groups:
            need(self.db, self.amina, group, welcome=2)
        self.one = seasoned(self.db, self.amina, "Ana", "Rowe")
        self.her = joined(self.db, self.one, "ana", self.amina)
        wish(self.db, self.one, most_a_month=4)
        self.other = seasoned(self.db, self.amina, "Bea", "Marsh")
        self.others = offer(self.db, self.amina, self.other, self.groups[1], 1)
        self.dana = make_person(self.db, self.amina)
        make_place(self.db, self.amina, self.groups[0], self.dana)
        for number in range(1, 5):
            offer(self.db, self.amina, self.one, self.groups[0], number)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            self.undo.rollback()
            self.db.expire_all()

    def attempt(self, done) -> bool:
        try:
            with self.db.begin_nested():
                done()
        except AppError:
            self.db.expire_all()
            return False
        return True

    @rule(group=st.integers(0, 1), number=st.integers(1, 4))
    def is_asked(self, group: int, number: int) -> None:
        self.attempt(lambda: offer(self.db, self.amina, self.one, self.groups[group], number))

    @rule(what=st.sampled_from(["conflict", "stage", "away"]), week=st.integers(0, 3))
    def something_changes(self, what: str, week: int) -> None:
        on = FIRST + timedelta(weeks=week)
        change = {
            "conflict": lambda: keep_apart(self.db, self.amina, self.one, self.dana),
            "stage": lambda: stages.move(
                self.db, self.amina, self.one.ref, Stage.TRAINING, version=self.one.version
            ),
            "away": lambda: availability.add_away(self.db, self.her, first=on, last=on),
        }
        self.attempt(change[what])

    @rule(position=st.integers(0, 5), accepts=st.booleans())
    def answers(self, position: int, accepts: bool) -> None:
        mine = [one for one in shifts.coming(self.db, self.her) if one.state == "offered"]
        if not mine:
            return
        one = mine[position % len(mine)]
        kept = shift(self.db, one.ref)
        stint = facts.stint(kept)
        found = facts.gather(
            self.db, [session_of_shift(self.db, kept)], [self.one], without=[kept.id]
        )
        against = check.stops(found.problem, found.problem.fixed, stint)
        went = self.attempt(
            lambda: shifts.answer(self.db, self.her, one.ref, accepts=accepts, version=one.version)
        )
        assert went == (not accepts or against is None)

    @rule(position=st.integers(0, 5))
    def gets_out(self, position: int) -> None:
        mine = shifts.coming(self.db, self.her)
        if mine:
            one = mine[position % len(mine)]
            assert self.attempt(
                lambda: shifts.cancel(self.db, self.her, one.ref, version=one.version)
            )

    @rule(what=st.sampled_from(["wishes", "back", "return", "check in"]), many=st.integers(1, 5))
    def does_something_else(self, what: str, many: int) -> None:
        seen, version = availability.my_wishes(self.db, self.her).version, self.one.version
        wishes = WishesDraft(groups_at_once=many, weeks_between=0, most_a_month=many)
        act = {
            "wishes": lambda: availability.save_wishes(self.db, self.her, wishes, version=seen),
            "back": lambda: wellbeing.step_back(self.db, self.her, version=version),
            "return": lambda: wellbeing.come_back(self.db, self.her, version=version),
            "check in": lambda: wellbeing.check_in(self.db, self.her, heaviness=many),
        }
        before = self.one.stage
        went = self.attempt(act[what])
        assert not (went and what == "return") or before is Stage.STEPPED_BACK

    @invariant()
    def what_is_not_hers_stays_as_it_was(self) -> None:
        assert not self.attempt(
            lambda: shifts.answer(self.db, self.her, self.others, accepts=True, version=1)
        )
        assert shift(self.db, self.others).state is ShiftState.OFFERED
        agreed = availability.my_wishes(self.db, self.her).kept
        assert (agreed.groups_at_once, agreed.weeks_between) == (1, 4)


def session_of_shift(db: Session, kept: Shift) -> GroupSession:
    return db.scalars(select(GroupSession).where(GroupSession.id == kept.session_id)).one()


def test_whatever_she_does_her_yes_never_gets_past_a_rule(
    db: Session, amina: Actor, ben: Actor
) -> None:
    HerStory.db, HerStory.amina, HerStory.ben = db, amina, ben
    run_state_machine_as_test(
        HerStory,
        settings=settings(
            max_examples=12, stateful_step_count=10, deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )  # fmt: skip
