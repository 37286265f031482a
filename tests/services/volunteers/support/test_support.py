"""What supervisors keep and alone read, what weighs, and what is overdue."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import Account, AuditEntry, PlacementRole, Stage, SupervisionKind, Volunteer
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.placing import placements
from services.placing.placements import PlacementDraft
from services.registers import debriefs
from services.registers.debriefs import DebriefDraft
from services.volunteers.support import absences, due, hers, recording, supervisors, weighing
from services.volunteers.support import settings as support_settings
from services.volunteers.support.load import Suggestion
from services.volunteers.support.recording import CheckInDraft, MeetingDraft
from services.volunteers.support.rhythm import Kind, Rhythm, State
from tests.conftest import Clock
from tests.make import make_group, make_volunteer, session_of
from tests.services.volunteers.support.meetings import ONE_TO_ONE, TODAY, away, meet, name, states

# --- What is kept, and who reads it ------------------------------------------------------


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


# --- Hard sessions, check-ins and load ---------------------------------------------------


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


# --- What is overdue, and what it stops --------------------------------------------------


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
