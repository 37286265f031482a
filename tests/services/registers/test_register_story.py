"""Finishing, reopening, amending and calling in any order, against a plain model.

The model keeps a register as a dictionary and knows nothing of rows, versions or locks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    CallState,
    ContactOutcome,
    GroupSession,
    Place,
    RegisterAmendment,
    RegisterReopening,
    Role,
    Route,
    WelfareCall,
)
from services import clock
from services import db as application_db
from services.attendance import AttendanceCode as Code
from services.errors import AppError, ConflictError, InvalidInputError
from services.registers import finishing, marking, registers
from services.registers.marking import NewMark
from services.registers.welfare import listing, recording
from services.safe_contact.attempts import AttemptDraft
from tests.conftest import Clock
from tests.make import make_actor, make_group, make_person, make_place, session_of

TODAY = date(2026, 9, 16)
LOCKS_AFTER = 7
UNEXPLAINED = {Code.DID_NOT_ATTEND, Code.NOT_BROUGHT}
NAMES = ("Ana", "Bea")
CODES = st.sampled_from([Code.DID_NOT_ATTEND, Code.ATTENDED, Code.NOT_BROUGHT, Code.APOLOGIES])
MARKS = st.one_of(CODES, st.none())
WHO = st.sampled_from(NAMES)


@dataclass
class Plain:
    """What a person would write on paper."""

    marks: dict[str, Code | None] = field(default_factory=lambda: dict.fromkeys(NAMES))
    finished: bool = False
    reopened: int = 0
    amended: list[tuple[str, Code | None, Code | None]] = field(default_factory=list)
    calls: dict[str, CallState] = field(default_factory=dict)
    days: int = 0

    @property
    def locked(self) -> bool:
        return self.finished and self.days > LOCKS_AFTER

    def mark(self, who: str, code: Code | None) -> bool:
        if self.finished:
            return False
        before, self.marks[who] = self.marks[who], code
        if self.reopened and before is not code:
            self.amended.append((who, before, code))
            is_owed = self.calls.get(who) is CallState.OPEN
            if is_owed and before in UNEXPLAINED and code not in UNEXPLAINED:
                self.calls[who] = CallState.WITHDRAWN
        return True

    def finish(self) -> bool:
        if self.finished:
            return True
        if None in self.marks.values():
            return False
        self.finished = True
        for who, code in self.marks.items():
            if code in UNEXPLAINED and self.calls.get(who) in (None, CallState.WITHDRAWN):
                self.calls[who] = CallState.OPEN
        return True

    def open_again(self) -> None:
        self.reopened += self.finished
        self.finished = False


class RegisterStory(RuleBasedStateMachine):
    """The services and the plain model, side by side."""

    fresh: Callable[[], Session]
    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self.clock.moment = _one_o_clock()
        self.plain, self.taps = Plain(), 0
        self.db = self.fresh()
        self.amina = make_actor(self.db, "amina", Role.COORDINATOR)
        self.ben = make_actor(self.db, "ben", Role.FACILITATOR)
        group = make_group(self.db, self.amina, [self.ben], first_day=TODAY)
        self.held: GroupSession = session_of(self.db, group)
        self.places: dict[str, Place] = {
            name: make_place(self.db, self.amina, group, make_person(self.db, self.amina, name))
            for name in NAMES
        }

    def teardown(self) -> None:
        self.db.rollback()
        self.db.close()

    @initialize(codes=st.tuples(CODES, CODES))
    def first_marks(self, codes: tuple[Code, Code]) -> None:
        """A story worth telling begins with a register that can be finished."""
        for who, code in zip(NAMES, codes, strict=True):
            self.mark(who, code)
        self.finish()

    @precondition(lambda self: self.plain.finished)
    @rule(who=WHO, code=CODES)
    def amend(self, who: str, code: Code) -> None:
        """Opened again, put right and finished, as it usually goes."""
        self.unlock()
        self.mark(who, code)
        self.finish()

    @rule(who=WHO, code=MARKS)
    def mark(self, who: str, code: Code | None) -> None:
        self.taps += 1
        place = self.places[who].ref
        version = {line.place_ref: line.version for line in self._lines()}[place]
        new = NewMark(tap=f"{self.taps}", place_ref=place, code=code, version=version)
        taken = marking.mark(self.db, self.ben, self.held.ref, [new])[0]
        assert taken.saved == self.plain.mark(who, code)

    @rule()
    def finish(self) -> None:
        with self._expecting(self.plain.finish(), InvalidInputError):
            finishing.finish(self.db, self.ben, self.held.ref)

    @precondition(lambda self: self.plain.finished)
    @rule()
    def reopen(self) -> None:
        locked = self.plain.locked
        with self._expecting(not locked, ConflictError):
            finishing.reopen(self.db, self.ben, self.held.ref, reason="A wrong mark")
        if not locked:
            self.plain.open_again()

    @precondition(lambda self: self.plain.finished)
    @rule()
    def unlock(self) -> None:
        finishing.unlock(self.db, self.amina, self.held.ref, reason="The paper register")
        self.plain.open_again()

    @rule(reason=st.sampled_from(["", "  "]))
    def reopen_without_a_reason(self, reason: str) -> None:
        for actor, opens in ((self.ben, finishing.reopen), (self.amina, finishing.unlock)):
            with pytest.raises(InvalidInputError):
                opens(self.db, actor, self.held.ref, reason=reason)

    @precondition(lambda self: self.plain.calls)
    @rule(who=WHO, outcome=st.sampled_from([ContactOutcome.SPOKE, ContactOutcome.NO_ANSWER]))
    def call(self, who: str, outcome: ContactOutcome) -> None:
        kept = self._calls().get(self.places[who].id)
        if kept is None:
            return
        is_owed = self.plain.calls[who] is CallState.OPEN
        draft = AttemptDraft(route=Route.CALL, outcome=outcome)
        version = kept.version
        for expected in (is_owed, False):  # the second time it is an old form
            with self._expecting(expected, ConflictError):
                recording.record(self.db, self.ben, kept.ref, draft, version=version)
        if is_owed and outcome is ContactOutcome.SPOKE:
            self.plain.calls[who] = CallState.REACHED

    @rule(days=st.integers(1, 5))
    def days_pass(self, days: int) -> None:
        self.clock.go_on(days=days)
        self.plain.days += days

    @invariant()
    def the_register_is_as_on_paper(self) -> None:
        seen = registers.view(self.db, self.ben, self.held.ref)
        assert {line.name.split()[0]: line.code for line in seen.lines} == self.plain.marks
        assert (seen.finished_at is not None, seen.is_locked) == (
            self.plain.finished, self.plain.locked,
        )  # fmt: skip

    @invariant()
    def every_change_is_kept(self) -> None:
        by_place = {place.id: name for name, place in self.places.items()}
        kept = [
            (by_place[one.place_id], _code(one.code_before), _code(one.code_after))
            for one in self.db.scalars(select(RegisterAmendment).order_by(RegisterAmendment.id))
        ]
        assert kept == self.plain.amended
        assert len(self.db.scalars(select(RegisterReopening)).all()) == self.plain.reopened

    @invariant()
    def each_absence_owes_one_call(self) -> None:
        states = {place: call.state for place, call in self._calls().items()}
        assert states == {self.places[who].id: state for who, state in self.plain.calls.items()}
        owed = sorted(who for who, state in self.plain.calls.items() if state is CallState.OPEN)
        calls = listing.due(self.db, self.ben)
        assert sorted(call.name.split()[0] for call in calls) == owed
        assert {call.is_overdue for call in calls} <= {self.plain.days > 0}

    def _lines(self) -> tuple[registers.Line, ...]:
        return registers.view(self.db, self.ben, self.held.ref).lines

    def _calls(self) -> dict[int, WelfareCall]:
        calls = self.db.scalars(select(WelfareCall)).all()
        assert len({call.place_id for call in calls}) == len(calls)
        return {call.place_id: call for call in calls}

    @contextmanager
    def _expecting(self, succeeds: bool, error: type[AppError]) -> Iterator[None]:
        if succeeds:
            yield
        else:
            with pytest.raises(error):
                yield


def _code(stored: str | None) -> Code | None:
    return Code(stored) if stored else None


def _one_o_clock() -> datetime:
    return clock.start_of_day(TODAY) + timedelta(hours=13)


def test_a_register_tells_the_same_story_as_a_plain_one(
    database: str, time_stands_still: Clock
) -> None:
    def fresh() -> Session:
        writer = application_db.engine().execution_options(writes=True)
        return Session(writer, expire_on_commit=False)

    parts = {"fresh": staticmethod(fresh), "clock": time_stands_still}
    story = type("Story", (RegisterStory,), parts)
    run_state_machine_as_test(
        story,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a story is short enough to read as it is
            suppress_health_check=list(HealthCheck),
        ),
    )
