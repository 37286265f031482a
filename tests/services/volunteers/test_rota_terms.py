"""A whole term is proposed, and stands only once a person has confirmed it."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    AvailabilityException,
    Group,
    GroupState,
    Person,
    Placement,
    Shift,
    ShiftState,
    Stage,
    Volunteer,
    VolunteerWishes,
)
from services import clock
from services.errors import AppError, ConflictError, InvalidInputError
from services.permissions import Actor
from services.volunteers import stages
from services.volunteers.rota import relief, shifts, terms
from tests.conftest import NOW
from tests.make import make_group, make_person, make_place, session_of
from tests.services.placing.test_placing import keep_apart
from tests.services.volunteers.shifts import (
    A_FEW_STORIES,
    FIRST,
    MONDAYS,
    accepted,
    need,
    offer,
    rows,
    seasoned,
    wish,
)


def fill(db: Session, actor: Actor, weeks: int = 4) -> terms.Proposal:
    term = terms.gather(db, actor, until=clock.today() + timedelta(weeks=weeks))
    return terms.propose(term, seconds=20)


# --- A whole term ------------------------------------------------------------------------


def test_a_filled_term_is_only_proposed_until_somebody_confirms_it(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    need(db, amina, craft, welcome=1)
    proposal = fill(db, amina)
    assert db.scalars(select(Shift)).all() == []

    assert terms.confirm(db, amina, proposal.lines) == 4

    kept = db.scalars(select(Shift)).all()
    assert {(one.volunteer_id, one.state) for one in kept} == {(maya.id, ShiftState.OFFERED)}
    assert [line.name for line in proposal.lines] == ["Maya Rowe"] * 4
    assert proposal.filled.is_best


def test_two_confirmations_at_once_ask_nobody_twice(
    db: Session, amina: Actor, maya: Volunteer, craft: Group
) -> None:
    proposal = fill(db, amina)
    terms.confirm(db, amina, proposal.lines)

    with pytest.raises(ConflictError, match="Nobody was asked"):
        terms.confirm(db, amina, proposal.lines)
    assert len(db.scalars(select(Shift)).all()) == len(proposal.lines)


def test_a_proposal_that_fits_no_longer_is_not_stored_in_part(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group
) -> None:
    proposal = fill(db, amina)
    who = db.scalars(select(Volunteer).where(Volunteer.ref == proposal.lines[-1].volunteer_ref))
    stages.move(db, amina, (one := who.one()).ref, Stage.STEPPED_BACK, version=one.version)

    with pytest.raises(ConflictError, match="something has changed"):
        terms.confirm(db, amina, proposal.lines)
    assert db.scalars(select(Shift)).all() == []


def test_a_term_nobody_can_fill_says_which_rule_stops_how_many(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group, dana: Person
) -> None:
    need(db, amina, craft, welcome=1)
    keep_apart(db, amina, maya, dana)
    db.add(AvailabilityException(volunteer_id=ines.id, starts_on=NOW.date(), ends_on=date.max))
    db.flush()

    proposal = fill(db, amina, weeks=1)

    (gap,) = proposal.gaps
    assert (gap.missing, dict(gap.reasons)) == (1, {"conflict": 1, "away": 1})
    assert proposal.lines == ()


def test_sessions_covered_already_stay_with_whoever_has_them(
    db: Session, amina: Actor, maya: Volunteer, ines: Volunteer, craft: Group
) -> None:
    need(db, amina, craft, welcome=1)
    accepted(db, amina, ines, craft, 1)

    proposal = fill(db, amina, weeks=2)

    assert [line.name for line in proposal.lines] == ["Ines Marsh"]


@pytest.mark.parametrize("days", [-1, 141])
def test_a_last_day_out_of_reach_is_refused(db: Session, amina: Actor, days: int) -> None:
    with pytest.raises(InvalidInputError, match="last day"):
        terms.gather(db, amina, until=clock.today() + timedelta(days=days))


def test_a_term_without_sessions_is_refused(db: Session, amina: Actor) -> None:
    with pytest.raises(InvalidInputError, match="no sessions"):
        fill(db, amina)


def test_confirming_nothing_is_refused(db: Session, amina: Actor) -> None:
    with pytest.raises(InvalidInputError, match="at least one group"):
        terms.confirm(db, amina, [])


class Story(RuleBasedStateMachine):
    """Two groups at one time, three volunteers, one of whom must not meet a participant."""

    db: Session
    amina: Actor
    ben: Actor

    @initialize(month=st.integers(1, 3))
    def begin(self, month: int) -> None:
        self.undo = self.db.begin_nested()
        self.groups = [
            make_group(self.db, self.amina, [self.ben], code_name=name, first_day=day)
            for name, day in (("Red kite", FIRST), ("Blue kite", FIRST), ("Owl", MONDAYS))
        ]
        for group in self.groups:
            need(self.db, self.amina, group, welcome=2)
        self.people = [
            seasoned(self.db, self.amina, name, f"Unlike{name}") for name in ("Ana", "Bea", "Cleo")
        ]
        wish(self.db, self.people[0], most_a_month=month)
        wish(self.db, self.people[1], groups_at_once=2, most_a_month=month)
        dana = make_person(self.db, self.amina)
        make_place(self.db, self.amina, self.groups[0], dana)
        keep_apart(self.db, self.amina, self.people[2], dana)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            try:
                self.look()
            finally:
                self.undo.rollback()
                self.db.expire_all()

    def attempt(self, done) -> None:
        try:
            with self.db.begin_nested():
                done()
        except AppError:
            self.db.expire_all()

    def current(self) -> list[Shift]:
        return list(self.db.scalars(select(Shift).order_by(Shift.id)))

    @rule(who=st.integers(0, 2), group=st.integers(0, 2), number=st.integers(1, 4))
    def ask(self, who: int, group: int, number: int) -> None:
        self.attempt(
            lambda: offer(self.db, self.amina, self.people[who], self.groups[group], number)
        )

    @rule(which=st.integers(0, 9), yes=st.booleans())
    def hear(self, which: int, yes: bool) -> None:
        for one in self.current()[which : which + 1]:
            self.attempt(
                lambda one=one: shifts.answer(
                    self.db, self.amina, one.ref, accepts=yes, version=one.version
                )
            )

    @rule(which=st.integers(0, 9), who=st.integers(0, 2))
    def give(self, which: int, who: int) -> None:
        for one in self.current()[which : which + 1]:
            self.attempt(
                lambda one=one: shifts.swap(
                    self.db, self.amina, one.ref, self.people[who].ref, version=one.version
                )
            )

    @rule(which=st.integers(0, 9))
    def let_go(self, which: int) -> None:
        for one in self.current()[which : which + 1]:
            self.attempt(
                lambda one=one: shifts.cancel(self.db, self.amina, one.ref, version=one.version)
            )

    @rule(which=st.integers(0, 9), who=st.integers(0, 2))
    def ask_instead(self, which: int, who: int) -> None:
        def done(one: Shift) -> None:
            relief.ask(self.db, one, self.amina, version=one.version)
            self.db.flush()
            relief.offer(self.db, self.amina, one.ref, self.people[who].ref, version=one.version)

        for one in self.current()[which : which + 1]:
            self.attempt(lambda one=one: done(one))

    @rule()
    def fill_and_confirm(self) -> None:
        def done() -> None:
            terms.confirm(self.db, self.amina, fill(self.db, self.amina, 3).lines)

        self.attempt(done)

    def look(self) -> None:
        held = pd.DataFrame(
            [
                (one.volunteer_id, one.session_id, *self.when(one))
                for one in self.current()
                if one.state.value in ("offered", "accepted")
            ],
            columns=["who", "session", "group", "starts", "month"],
        )
        wishes = {one.volunteer_id: one for one in self.db.scalars(select(VolunteerWishes))}
        cleo = held[held["who"] == self.people[2].id]
        assert self.groups[0].id not in set(cleo["group"])
        assert not held.duplicated(["who", "starts"]).any()
        for (who, _month), count in held.groupby(["who", "month"]).size().items():
            assert who not in wishes or count <= wishes[who].most_a_month
        for who, groups in held.groupby("who")["group"]:
            limit = wishes[who].groups_at_once if who in wishes else 1
            assert groups.nunique() <= limit

    def when(self, one: Shift) -> tuple[int, object, int]:
        session = next(
            session
            for group in self.groups
            for number in range(1, 13)
            if (session := session_of(self.db, group, number)).id == one.session_id
        )
        return session.group_id, session.starts_at, session.local_start.month


# --- Whatever is done, in whatever order -------------------------------------------------


def test_no_sequence_of_steps_leads_to_a_conflict_or_beyond_her_limits(
    db: Session, amina: Actor, ben: Actor
) -> None:
    Story.db, Story.amina, Story.ben = db, amina, ben
    run_state_machine_as_test(Story, settings=A_FEW_STORIES)


def test_a_group_that_has_ended_is_not_in_the_rota(db: Session, amina: Actor, craft: Group) -> None:
    craft.state = GroupState.FINISHED

    assert rows(db, amina) == []
    assert db.scalars(select(Placement)).all() == []
