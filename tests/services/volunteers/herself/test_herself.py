"""Whose record it is, and what she says of how she is."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    CheckIn,
    Group,
    Role,
    ShiftState,
    Stage,
    SupervisorAbsence,
    Volunteer,
    VolunteerDebrief,
    VolunteerSupport,
)
from services.accounts import accounts
from services.accounts.accounts import AccountDraft
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.forms.checking import Answer
from services.permissions import Actor
from services.volunteers import stages
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
from services.volunteers.support import facts as support_facts
from services.volunteers.support import heard, recording, weighing
from services.volunteers.support.recording import CheckInDraft
from tests.conftest import NOW, Clock
from tests.make import make_actor, session_of
from tests.services.volunteers.herself.account import TODAY, joined, place
from tests.services.volunteers.shifts import offer, shift

# --- Whose record it is ------------------------------------------------------------------


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


@pytest.fixture
def helped(
    db: Session, amina: Actor, here: Group, volunteer: Volunteer, maya: Actor,
    time_stands_still: Clock,
) -> str:  # fmt: skip
    """A session she helped at this afternoon, two hours later."""
    place(db, amina, volunteer, here)
    time_stands_still.go_on(hours=5)
    return session_of(db, here).ref


# --- How she is --------------------------------------------------------------------------


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
