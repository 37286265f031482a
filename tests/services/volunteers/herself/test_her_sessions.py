"""Her rota, when she can come, and whom she meets on the day."""

from datetime import time, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Group,
    GroupSession,
    Person,
    PersonKind,
    RecordLock,
    Shift,
    ShiftState,
    Stage,
    Volunteer,
)
from services import clock
from services.errors import AppError, ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor
from services.volunteers import stages
from services.volunteers.availability.hours import Hours
from services.volunteers.availability.wishes import WishesDraft
from services.volunteers.herself import availability, sessions, shifts, wellbeing
from services.volunteers.rota import check, facts
from services.volunteers.rota import shifts as asked
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place, session_of
from tests.services.placing.test_placing import keep_apart
from tests.services.volunteers.herself.account import joined, place
from tests.services.volunteers.shifts import (
    A_FEW_STORIES,
    FIRST,
    need,
    offer,
    seasoned,
    shift,
    wish,
)

# --- Her rota ----------------------------------------------------------------------------


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


# --- When she can come -------------------------------------------------------------------


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


# --- Who comes today ---------------------------------------------------------------------


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


# --- Whatever she does -------------------------------------------------------------------


def test_whatever_she_does_her_yes_never_gets_past_a_rule(
    db: Session, amina: Actor, ben: Actor
) -> None:
    HerStory.db, HerStory.amina, HerStory.ben = db, amina, ben
    run_state_machine_as_test(HerStory, settings=A_FEW_STORIES)
