"""Supervisors, who stands in for them, and what they alone read."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    Account,
    AuditEntry,
    PlacementRole,
    Role,
    Stage,
    SupervisionKind,
    Volunteer,
    VolunteerSupport,
)
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.placing import placements
from services.placing.placements import PlacementDraft
from services.registers import debriefs
from services.registers.debriefs import DebriefDraft
from services.volunteers.support import absences, due, hers, recording, supervisors, weighing
from services.volunteers.support import settings as support_settings
from services.volunteers.support.absences import AbsenceDraft
from services.volunteers.support.circles import leads_back
from services.volunteers.support.load import Suggestion
from services.volunteers.support.recording import CheckInDraft, MeetingDraft
from services.volunteers.support.rhythm import Kind, Rhythm, State
from tests.conftest import Clock
from tests.make import make_actor, make_group, make_volunteer, session_of

TODAY = date(2026, 9, 16)
ONE_TO_ONE = SupervisionKind.ONE_TO_ONE


@pytest.fixture
def zora(db: Session) -> Actor:
    """A second coordinator."""
    return make_actor(db, "zora", Role.COORDINATOR)


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    """An active volunteer without a supervisor."""
    return make_volunteer(db, amina, stage=Stage.ACTIVE)


@pytest.fixture
def supervised(db: Session, amina: Actor, maya: Volunteer) -> Volunteer:
    """The same, supervised by Amina."""
    name(db, amina, maya, amina)
    return maya


def name(
    db: Session, actor: Actor, one: Volunteer, supervisor: Actor, own: Actor | None = None
) -> None:
    seen = supervisors.of_volunteer(db, actor, one.ref).version
    supervisors.name(
        db, actor, one.ref, supervisor_ref=supervisor.ref,
        own_account_ref=own.ref if own else None, version=seen,
    )  # fmt: skip


def away(
    db: Session, actor: Actor, who: Actor, stand_in: Actor, days: int = 3, start: int = 0
) -> str:
    first = TODAY + timedelta(start)
    draft = AbsenceDraft(
        supervisor_ref=who.ref, stand_in_ref=stand_in.ref, starts_on=first,
        ends_on=first + timedelta(days),
    )  # fmt: skip
    return absences.add(db, actor, draft)


def meet(
    db: Session, actor: Actor, one: Volunteer, on: date = TODAY, kind: SupervisionKind = ONE_TO_ONE
) -> str:
    return recording.record_meeting(db, actor, one.ref, MeetingDraft(held_on=on, kind=kind))


def states(db: Session, actor: Actor, one: Volunteer) -> dict[Kind, State]:
    return {each.kind: each.state for each in supervisors.of_volunteer(db, actor, one.ref).due}


# --- Who supervises whom -------------------------------------------------------------------


def test_a_supervisor_is_named_and_another_later(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    name(db, amina, maya, amina)
    assert supervisors.of_volunteer(db, amina, maya.ref).supervisor == "Amina"

    name(db, zora, maya, zora)
    view = supervisors.of_volunteer(db, amina, maya.ref)
    assert (view.supervisor, view.is_hers_to_read) == ("Zora", False)


def test_of_two_who_name_a_supervisor_the_second_is_told(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    name(db, amina, maya, amina)
    with pytest.raises(ConflictError, match="Somebody else changed her supervisor"):
        supervisors.name(
            db, zora, maya.ref, supervisor_ref=zora.ref, own_account_ref=None, version=0
        )


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.ADMINISTRATOR])
def test_nobody_supervises_whose_role_does_not_allow_it(
    db: Session, amina: Actor, maya: Volunteer, role: Role
) -> None:
    other = make_actor(db, "other", role)
    with pytest.raises(InvalidInputError) as refused:
        name(db, amina, maya, other)
    assert refused.value.problems.keys() == {"supervisor"}
    assert other.ref not in supervisors.choices(db, amina)


def test_nobody_supervises_herself(db: Session, amina: Actor, maya: Volunteer) -> None:
    with pytest.raises(InvalidInputError, match="Nobody supervises herself"):
        name(db, amina, maya, amina, own=amina)
    assert supervisors.of_volunteer(db, amina, maya.ref).supervisor is None


def test_the_database_itself_lets_nobody_supervise_herself(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    kept = VolunteerSupport(
        volunteer_id=maya.id, supervisor_id=amina.account_id, own_account_id=amina.account_id
    )
    db.add(kept)
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_two_do_not_supervise_each_other_in_a_circle(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    name(db, amina, maya, zora, own=amina)
    with pytest.raises(InvalidInputError, match="in a circle"):
        name(db, amina, ines, amina, own=zora)


def test_going_from_supervisor_to_supervisor_ends_also_where_it_turns_in_a_circle() -> None:
    assert leads_back([2], 1, {2: {3}, 3: {1}})
    assert leads_back([2], 1, {2: {3, 4}, 4: {1}})
    assert not leads_back([2], 1, {2: {3}, 3: {2}})
    assert not leads_back([2], 1, {})
    assert not leads_back([], 1, {2: {1}})


def test_an_account_is_one_volunteers_own(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer, ben: Actor
) -> None:
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    name(db, amina, maya, zora, own=ben)
    with pytest.raises(InvalidInputError, match="another volunteer's"):
        name(db, amina, ines, zora, own=ben)


def test_a_closed_account_supervises_nobody_any_more(
    db: Session, amina: Actor, zora: Actor, ada: Actor, maya: Volunteer
) -> None:
    name(db, amina, maya, zora)
    db.execute(text("UPDATE accounts SET is_active = false WHERE username = 'zora'"))

    assert supervisors.of_volunteer(db, amina, maya.ref).supervisor is None
    assert states(db, amina, maya)[Kind.SUPERVISOR] is State.AMBER
    with pytest.raises(InvalidInputError):
        name(db, amina, maya, zora)


# --- Standing in ---------------------------------------------------------------------------


def test_who_stands_in_reads_and_keeps_it_in_that_time_only(
    db: Session, amina: Actor, zora: Actor, supervised: Volunteer, time_stands_still: Clock
) -> None:
    away(db, amina, amina, zora, days=2, start=1)
    with pytest.raises(NotFoundError):
        recording.check_ins(db, zora, supervised.ref)

    time_stands_still.go_on(days=1)
    meet(db, zora, supervised)
    view = supervisors.of_volunteer(db, zora, supervised.ref)
    assert (view.stand_in, view.is_hers_to_read) == ("Zora", True)
    assert recording.meetings(db, amina, supervised.ref)["by"].tolist() == ["Zora"]

    time_stands_still.go_on(days=3)
    with pytest.raises(NotFoundError):
        recording.meetings(db, zora, supervised.ref)


def test_back_early_the_one_who_stood_in_reads_nothing_more(
    db: Session, amina: Actor, zora: Actor, supervised: Volunteer, time_stands_still: Clock
) -> None:
    ref = away(db, amina, amina, zora)
    time_stands_still.go_on(days=1)
    absences.end(db, amina, ref, version=1)

    assert absences.listed(db, amina).empty
    with pytest.raises(NotFoundError):
        recording.meetings(db, zora, supervised.ref)
    with pytest.raises(ConflictError):
        absences.end(db, zora, ref, version=1)


def test_an_absence_that_has_not_begun_goes_without_a_trace_in_the_list(
    db: Session, amina: Actor, zora: Actor
) -> None:
    ref = away(db, amina, amina, zora, start=5)
    absences.end(db, amina, ref, version=1)
    assert absences.listed(db, amina).empty
    with pytest.raises(NotFoundError):
        absences.end(db, amina, ref, version=1)


def test_nobody_stands_in_who_is_away_or_is_away_while_she_stands_in(
    db: Session, amina: Actor, zora: Actor
) -> None:
    petra = make_actor(db, "petra", Role.COORDINATOR)
    away(db, amina, amina, zora, days=5)

    with pytest.raises(InvalidInputError, match="away herself"):
        away(db, amina, petra, amina, start=2)
    with pytest.raises(InvalidInputError, match="stands in for a colleague"):
        away(db, amina, zora, petra, start=2)
    with pytest.raises(InvalidInputError, match="noted in these days already"):
        away(db, amina, amina, petra, start=5)
    assert away(db, amina, zora, petra, start=6)


def test_two_who_stand_in_for_each_other_at_once_would_leave_nobody(
    db: Session, amina: Actor, zora: Actor
) -> None:
    away(db, amina, amina, zora)
    with pytest.raises(InvalidInputError):
        away(db, amina, zora, amina)


@pytest.mark.parametrize(
    ("starts", "ends", "field"), [(0, -1, "ends_on"), (-5, -1, "ends_on"), (0, 367, "ends_on")]
)
def test_an_absence_needs_days_that_make_sense(
    db: Session, amina: Actor, zora: Actor, starts: int, ends: int, field: str
) -> None:
    draft = AbsenceDraft(
        supervisor_ref=amina.ref, stand_in_ref=zora.ref, starts_on=TODAY + timedelta(starts),
        ends_on=TODAY + timedelta(ends),
    )  # fmt: skip
    with pytest.raises(InvalidInputError) as refused:
        absences.add(db, amina, draft)
    assert refused.value.problems.keys() == {field}
    with pytest.raises(InvalidInputError, match="stand in for herself"):
        away(db, amina, amina, amina)


def test_nobody_reads_her_own_support_by_standing_in_for_her_supervisor(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    name(db, amina, maya, amina, own=zora)
    with pytest.raises(InvalidInputError, match="who is away supervises her"):
        away(db, amina, amina, zora)

    petra = make_actor(db, "petra", Role.COORDINATOR)
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    away(db, amina, amina, petra)
    with pytest.raises(InvalidInputError, match="somebody she supervises stands in"):
        name(db, amina, ines, amina, own=petra)


def test_no_circle_closes_over_somebody_who_stands_in(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    petra = make_actor(db, "petra", Role.COORDINATOR)
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    name(db, amina, maya, amina, own=zora)
    name(db, amina, ines, zora, own=petra)
    with pytest.raises(InvalidInputError, match="or whoever supervises her"):
        away(db, amina, amina, petra)


def test_nobody_is_named_whose_stand_in_is_supervised_from_here(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer
) -> None:
    petra = make_actor(db, "petra", Role.COORDINATOR)
    ines = make_volunteer(db, amina, "Ines", stage=Stage.ACTIVE)
    name(db, amina, ines, zora, own=petra)
    away(db, amina, amina, petra)
    with pytest.raises(InvalidInputError, match="somebody she supervises stands in"):
        name(db, amina, maya, amina, own=zora)


# --- What is kept, and who reads it --------------------------------------------------------


def test_her_supervisor_keeps_and_reads_meetings_and_check_ins(
    db: Session, amina: Actor, supervised: Volunteer
) -> None:
    draft = MeetingDraft(held_on=TODAY, kind=ONE_TO_ONE, note="  She is tired. ")
    recording.record_meeting(db, amina, supervised.ref, draft)
    words = CheckInDraft(on=TODAY, heaviness=4, words="It stays with me.")
    recording.check_in(db, amina, supervised.ref, words)

    assert recording.meetings(db, amina, supervised.ref)["note"].tolist() == ["She is tired."]
    row = recording.check_ins(db, amina, supervised.ref).iloc[0]
    assert (row["on"], row["heaviness"], row["words"]) == (TODAY, 4, "It stays with me.")


def test_notes_and_words_are_encrypted_and_in_no_log(
    db: Session, amina: Actor, supervised: Volunteer
) -> None:
    recording.record_meeting(
        db, amina, supervised.ref, MeetingDraft(held_on=TODAY, kind=ONE_TO_ONE, note="Lighthouse")
    )
    recording.check_in(
        db, amina, supervised.ref, CheckInDraft(on=TODAY, heaviness=5, words="Lighthouse")
    )
    stored = db.execute(text("SELECT note FROM supervision_sessions")).scalar_one()
    said = db.execute(text("SELECT words FROM check_ins")).scalar_one()
    log = " ".join(db.scalars(select(AuditEntry.details)))
    assert "Lighthouse" not in f"{stored} {said} {log}"
    assert "heav" not in log


def test_another_coordinator_learns_what_is_due_and_nothing_that_was_said(
    db: Session, amina: Actor, zora: Actor, supervised: Volunteer
) -> None:
    meet(db, amina, supervised)
    view = supervisors.of_volunteer(db, zora, supervised.ref)
    assert view.supervisor == "Amina"
    assert not view.is_hers_to_read
    for read in (recording.meetings, recording.check_ins, weighing.load_of):
        with pytest.raises(NotFoundError):
            read(db, zora, supervised.ref)  # type: ignore[operator]
    with pytest.raises(NotFoundError):
        meet(db, zora, supervised)
    with pytest.raises(NotFoundError):
        recording.check_in(db, zora, supervised.ref, CheckInDraft(on=TODAY, heaviness=1))


@pytest.mark.parametrize("username", ["ben", "ada", "vik", "erin"])
def test_every_other_role_is_refused_all_of_it(
    db: Session, request: pytest.FixtureRequest, supervised: Volunteer, username: str
) -> None:
    other: Actor = request.getfixturevalue(username)
    ref = supervised.ref
    draft = MeetingDraft(held_on=TODAY, kind=ONE_TO_ONE)
    for refused in (
        lambda: supervisors.of_volunteer(db, other, ref),
        lambda: supervisors.choices(db, other),
        lambda: supervisors.accounts(db, other),
        lambda: name(db, other, supervised, other),
        lambda: absences.listed(db, other),
        lambda: away(db, other, other, other),
        lambda: absences.end(db, other, "x", version=1),
        lambda: recording.record_meeting(db, other, ref, draft),
        lambda: recording.remove_meeting(db, other, "x"),
        lambda: recording.check_in(db, other, ref, CheckInDraft(on=TODAY, heaviness=1)),
        lambda: recording.meetings(db, other, ref),
        lambda: recording.check_ins(db, other, ref),
        lambda: weighing.load_of(db, other, ref),
        lambda: due.overdue(db, other),
    ):
        with pytest.raises(NotPermittedError):
            refused()


def test_a_lead_supervises_those_she_answers_for_and_sees_no_other_volunteer(
    db: Session, amina: Actor, leila: Actor, maya: Volunteer
) -> None:
    other = make_volunteer(db, amina, "Ines", "Marsh", stage=Stage.ACTIVE)
    name(db, amina, other, amina)
    name(db, amina, maya, leila)
    recording.check_in(db, leila, maya.ref, CheckInDraft(on=TODAY, heaviness=4))

    assert len(recording.check_ins(db, leila, maya.ref)) == 1
    assert hers.listed(db, leila)["name"].tolist() == ["Maya Rowe"]
    assert hers.view(db, leila, maya.ref).due
    assert set(due.overdue(db, leila)["ref"]) <= {maya.ref}
    for refused in (
        lambda: hers.view(db, leila, other.ref),
        lambda: recording.check_ins(db, leila, other.ref),
    ):
        with pytest.raises(NotFoundError):
            refused()
    with pytest.raises(NotPermittedError):
        supervisors.of_volunteer(db, leila, maya.ref)


def test_only_the_administrator_sets_the_rhythm(db: Session, amina: Actor, ada: Actor) -> None:
    with pytest.raises(NotPermittedError):
        support_settings.save(db, amina, Rhythm(), version=0)
    support_settings.save(db, ada, Rhythm(first_weeks=1), version=0)
    assert support_settings.rhythm_of(db).first_weeks == 1
    with pytest.raises(ConflictError):
        support_settings.save(db, ada, Rhythm(first_weeks=3), version=0)
    with pytest.raises(InvalidInputError) as refused:
        support_settings.save(db, ada, Rhythm(red_after_days=61), version=1)
    assert refused.value.problems == {"red_after_days": "Choose between 0 and 60."}


@pytest.mark.parametrize("on", [TODAY + timedelta(1), TODAY - timedelta(400)])
def test_a_meeting_to_come_or_long_ago_is_refused(
    db: Session, amina: Actor, supervised: Volunteer, on: date
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        meet(db, amina, supervised, on)
    assert refused.value.problems.keys() == {"held_on"}
    assert recording.meetings(db, amina, supervised.ref).empty


@pytest.mark.parametrize("heaviness", [0, 6, -1])
def test_a_check_in_needs_an_answer_from_one_to_five(
    db: Session, amina: Actor, supervised: Volunteer, heaviness: int
) -> None:
    with pytest.raises(InvalidInputError, match="from 1 to 5"):
        recording.check_in(db, amina, supervised.ref, CheckInDraft(on=TODAY, heaviness=heaviness))
    long = CheckInDraft(on=TODAY, heaviness=1, words="x" * 4_001)
    with pytest.raises(InvalidInputError, match="Shorten this"):
        recording.check_in(db, amina, supervised.ref, long)


def test_a_meeting_sent_twice_is_kept_once(
    db: Session, amina: Actor, supervised: Volunteer
) -> None:
    meet(db, amina, supervised)
    with pytest.raises(ConflictError, match="kept already"):
        meet(db, amina, supervised)
    meet(db, amina, supervised, kind=SupervisionKind.REVIEW)
    assert len(recording.meetings(db, amina, supervised.ref)) == 2


def test_a_meeting_taken_back_settles_nothing(
    db: Session, amina: Actor, zora: Actor, supervised: Volunteer, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=20)
    ref = meet(db, amina, supervised, on=TODAY + timedelta(20))
    assert states(db, amina, supervised)[Kind.SUPERVISION] is State.AHEAD
    with pytest.raises(NotFoundError):
        recording.remove_meeting(db, zora, ref)
    recording.remove_meeting(db, amina, ref)
    assert states(db, amina, supervised)[Kind.SUPERVISION] is State.AMBER


# --- Hard sessions, check-ins and load ------------------------------------------------------


def heard(db: Session, amina: Actor, ben: Actor, maya: Volunteer, *, hard: bool) -> str:
    """Maya was at the first session of Ben's group, a week ago."""
    group = make_group(db, amina, [ben])
    draft = PlacementDraft(
        volunteer_ref=maya.ref, group_ref=group.ref, role=PlacementRole.WELCOME,
        starts_on=date(2026, 9, 8),
    )  # fmt: skip
    placements.place(db, amina, draft)
    session = session_of(db, group)
    db.execute(text("UPDATE group_sessions SET state = 'held' WHERE id = :id"), {"id": session.id})
    db.expire(session)
    taken = DebriefDraft(minutes=15, present=[maya.ref], heard_hard=[maya.ref] if hard else [])
    debriefs.save(db, ben, session.ref, taken, version=0)
    return session.ref


def test_a_hard_session_makes_a_check_in_due_until_somebody_has_asked(
    db: Session, amina: Actor, ben: Actor, supervised: Volunteer
) -> None:
    session = heard(db, amina, ben, supervised, hard=True)
    assert len(debriefs.of_session(db, ben, session).heard_hard) == 1
    assert states(db, amina, supervised)[Kind.CHECK_IN] is State.AMBER
    assert due.overdue(db, amina)["kind"].tolist() == ["check_in"]

    recording.check_in(db, amina, supervised.ref, CheckInDraft(on=TODAY, heaviness=2))
    assert Kind.CHECK_IN not in {
        kind for kind, state in states(db, amina, supervised).items() if state is not State.AHEAD
    }


def test_after_a_calm_session_only_the_start_is_to_be_asked_about(
    db: Session, amina: Actor, ben: Actor, supervised: Volunteer
) -> None:
    heard(db, amina, ben, supervised, hard=False)
    (asked,) = [
        one
        for one in supervisors.of_volunteer(db, amina, supervised.ref).due
        if one.kind is Kind.CHECK_IN
    ]
    assert (asked.due_on, asked.state) == (date(2026, 9, 22), State.AHEAD)


def test_hard_is_heard_by_somebody_who_was_there(
    db: Session, amina: Actor, ben: Actor, supervised: Volunteer
) -> None:
    session = heard(db, amina, ben, supervised, hard=True)
    placement = next(iter(debriefs.of_session(db, ben, session).present))
    with pytest.raises(InvalidInputError, match="she was there"):
        debriefs.save(db, ben, session, DebriefDraft(minutes=15, heard_hard=[placement]), version=1)


def test_the_load_counts_sessions_hard_ones_and_her_answers(
    db: Session, amina: Actor, ben: Actor, supervised: Volunteer
) -> None:
    heard(db, amina, ben, supervised, hard=True)
    recording.check_in(db, amina, supervised.ref, CheckInDraft(on=TODAY, heaviness=5))
    load = weighing.load_of(db, amina, supervised.ref)

    assert sum(week.sessions for week in load.weeks) == 1
    assert sum(week.hard for week in load.weeks) == 1
    assert load.weeks[-1].heaviest == 5
    assert load.suggestion is Suggestion.SUPERVISION


def test_a_session_without_a_debrief_counts_as_one_she_was_at(
    db: Session, amina: Actor, ben: Actor, supervised: Volunteer
) -> None:
    heard(db, amina, ben, supervised, hard=False)
    db.execute(text("DELETE FROM volunteer_presences"))
    assert weighing.load_of(db, amina, supervised.ref).is_empty
    db.execute(text("DELETE FROM debriefs"))
    assert not weighing.load_of(db, amina, supervised.ref).is_empty


# --- What is overdue, and what it stops -----------------------------------------------------


def test_red_stops_a_new_placement_and_nothing_else(
    db: Session, amina: Actor, ben: Actor, supervised: Volunteer, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben])
    draft = PlacementDraft(
        volunteer_ref=supervised.ref, group_ref=group.ref, role=PlacementRole.WELCOME,
        starts_on=date(2026, 10, 12),
    )  # fmt: skip
    time_stands_still.go_on(days=28)
    assert states(db, amina, supervised)[Kind.SUPERVISION] is State.AMBER
    placements.place(db, amina, draft)

    time_stands_still.go_on(days=1)
    other = make_group(db, amina, [ben], code_name="Friday walk", first_day=date(2027, 1, 15))
    again = PlacementDraft(
        volunteer_ref=supervised.ref, group_ref=other.ref, role=PlacementRole.WELCOME,
        starts_on=date(2027, 1, 15),
    )  # fmt: skip
    with pytest.raises(InvalidInputError, match="supervision has been due since 30 September 2026"):
        placements.place(db, amina, again)
    assert len(placements.of_volunteer(db, amina, supervised.ref)) == 1
    meet(db, amina, supervised, on=TODAY + timedelta(29))
    placements.place(db, amina, again)


def test_without_a_supervisor_nothing_new_is_taken_on_after_two_weeks(
    db: Session, amina: Actor, ben: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    group = make_group(db, amina, [ben])
    time_stands_still.go_on(days=15)
    draft = PlacementDraft(
        volunteer_ref=maya.ref, group_ref=group.ref, role=PlacementRole.WELCOME,
        starts_on=TODAY + timedelta(15),
    )  # fmt: skip
    with pytest.raises(InvalidInputError, match="no supervisor since 16 September 2026"):
        placements.place(db, amina, draft)


def test_the_list_has_the_worst_first_and_today_what_concerns_her(
    db: Session, amina: Actor, zora: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    ines = make_volunteer(db, amina, "Ines", "Vale", stage=Stage.ACTIVE)
    olga = make_volunteer(db, amina, "Olga", "Fenn", stage=Stage.ACTIVE)
    name(db, amina, maya, amina)
    name(db, amina, ines, zora)
    time_stands_still.go_on(days=15)

    whole = due.overdue(db, amina)
    assert whole["name"].tolist() == ["Olga Fenn", "Maya Rowe", "Ines Vale", "Olga Fenn"]
    assert whole["state"].tolist() == ["red", "amber", "amber", "amber"]
    assert whole["supervisor"].tolist()[1:3] == ["Amina", "Zora"]
    assert set(due.overdue(db, zora, on_today=True)["name"]) == {"Olga Fenn", "Ines Vale"}
    assert olga.ref in set(whole["ref"])

    time_stands_still.go_on(days=14)
    assert "Maya Rowe" in set(due.overdue(db, zora, on_today=True)["name"])  # red is everybody's


def test_whose_supervisor_is_away_is_on_the_day_of_who_stands_in(
    db: Session, amina: Actor, zora: Actor, supervised: Volunteer, time_stands_still: Clock
) -> None:
    away(db, amina, amina, zora, days=30)
    time_stands_still.go_on(days=15)
    frame = due.overdue(db, zora, on_today=True)
    assert frame["supervisor"].tolist() == ["Zora"]


@pytest.mark.parametrize("stage", [Stage.STEPPED_BACK, Stage.MOVED_ON, Stage.TRAINING])
def test_nothing_is_due_to_who_has_stepped_back_or_not_begun(
    db: Session, amina: Actor, stage: Stage, time_stands_still: Clock
) -> None:
    one = make_volunteer(db, amina, stage=stage)
    time_stands_still.go_on(days=400)
    assert due.overdue(db, amina).empty
    assert supervisors.of_volunteer(db, amina, one.ref).due == ()


def test_what_the_list_costs_does_not_depend_on_how_many_there_are(
    db: Session, amina: Actor, count_queries: object, time_stands_still: Clock
) -> None:
    counted = []
    for many in (1, 12):
        for number in range(many):
            make_volunteer(db, amina, f"Maya{'abcdefghijklm'[number]}{many}", stage=Stage.ACTIVE)
        time_stands_still.go_on(days=20)
        with count_queries() as statements:  # type: ignore[operator]
            due.overdue(db, amina, on_today=True)
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 12


def test_every_change_leaves_an_entry(
    db: Session, amina: Actor, zora: Actor, supervised: Volunteer
) -> None:
    ref = away(db, amina, amina, zora, start=9)
    absences.end(db, amina, ref, version=1)
    recording.remove_meeting(db, amina, meet(db, amina, supervised))
    recording.check_in(db, amina, supervised.ref, CheckInDraft(on=TODAY, heaviness=1))
    assert {
        "support.supervisor_named", "support.away", "support.back", "supervision.recorded",
        "supervision.taken_back", "check_in.recorded",
    } <= set(db.scalars(select(AuditEntry.action)))  # fmt: skip


def test_an_account_that_supervises_is_named_by_its_reference_only(
    db: Session, amina: Actor, supervised: Volunteer
) -> None:
    entry = db.scalars(
        select(AuditEntry.details).where(AuditEntry.action == "support.supervisor_named")
    ).one()
    assert entry == f'{{"supervisor": "{amina.ref}"}}'
    assert db.scalar(select(Account.ref).where(Account.id == amina.account_id)) == amina.ref
