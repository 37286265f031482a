"""Any order of enrolling, offering, answering, leaving, moving to another group, marking on the day
and ahead, finishing and reopening registers, cancelling sessions, and catching up, beside a plain
model: seats never outnumber capacity, nobody sits twice, sums are what the marks of sessions held
say, the kept counts are those of a recount, and the waiting list is fair.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
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

from models import CatchUpWay, Place
from services import clock
from services.attendance import CODES, AttendanceCode
from services.errors import AppError
from services.groups.schedules import changing
from services.groups.schedules.parts import Cancel
from services.permissions import Actor
from services.places import joining, offers, places, transfers
from services.registers import catch_ups, finishing, marking
from services.registers.catch_ups import CatchUpDraft
from services.registers.marking import NewMark
from services.tallies import recount, tallies
from services.tallies.tallies import Kind
from tests.conftest import NOW, Clock
from tests.make import make_group, make_person, session_of

PEOPLE = 6
FIRST_SESSION = date(2026, 9, 8)
SESSIONS = 6
CURRENT, SEATED = ("waiting", "offered", "accepted", "started"), ("offered", "accepted", "started")
HAS_BEEN_IN = ("accepted", "started", "left_early", "transferred")
NEVER_IN = ("waiting", "offered", "declined")
FEW = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Seat:
    """A place as the model has it."""

    ref: str
    person: int
    state: str
    joined: date
    left: date | None = None
    until: datetime | None = None
    lapsed: bool = False
    marks: dict[int, str] = field(default_factory=dict)
    caught_up: dict[int, tuple[str, str | None]] = field(default_factory=dict)

    def sums(self, held: set[int]) -> tuple[int, int, int]:
        counted = [CODES[code] for session, code in self.marks.items() if session in held]
        return (
            sum(code.attended for code in counted),
            sum(code.covers_content for code in counted),
            sum(code.expected for code in counted),
        )


def day_of(session: int) -> date:
    return FIRST_SESSION + timedelta(weeks=session - 1)


def starts_at(session: int) -> datetime:
    return datetime.combine(day_of(session), time(9), UTC)  # ten by the clock on the wall


class House(RuleBasedStateMachine):
    """One group, a few people, and time going on."""

    db: Session
    amina: Actor
    ben: Actor
    time: Clock

    @initialize(capacity=st.integers(1, 3), asked=st.permutations(range(PEOPLE)))
    def begin(self, capacity: int, asked: list[int]) -> None:
        self.time.moment = NOW
        self.undo = self.db.begin_nested()
        self.capacity = capacity
        self.seats: list[Seat] = []
        self.taps = 0
        self.finished: set[int] = set()
        self.held: set[int] = set()
        self.cancelled: set[int] = set()
        self.moved: set[int] = set()  # who has a seat in the other group
        # A rolling group takes people in any week.
        self.group = make_group(
            self.db,
            self.amina,
            [self.ben],
            programme="open_door",
            first_day=FIRST_SESSION,
            capacity=capacity,
        )
        self.other = make_group(
            self.db,
            self.amina,
            [self.ben],
            programme="open_door",
            code_name="The other one",
            first_day=FIRST_SESSION + timedelta(days=1),
        )
        self.people = [
            make_person(self.db, self.amina, f"First{n}", f"Unlike{n}{'abcdef'[n] * 5}").ref
            for n in range(PEOPLE)
        ]
        self.sessions = {n: session_of(self.db, self.group, n).ref for n in range(1, SESSIONS + 1)}
        for person in asked[:-1]:
            self.enrol(person)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            wrong = recount.differences(self.db)
            self.undo.rollback()
            self.db.expire_all()
            assert wrong == []

    # --- The model's own arithmetic ------------------------------------------------------

    def free(self) -> int:
        return self.capacity - sum(seat.state in SEATED for seat in self.seats)

    def fill(self) -> None:
        for seat in self.seats:  # in the order they asked
            if self.free() > 0 and seat.state == "waiting" and not seat.lapsed:
                self.hold(seat)

    def hold(self, seat: Seat) -> None:
        seat.state, seat.lapsed = "offered", False
        seat.until = joining.end_of(joining.working_days_after(clock.today(), 5))

    def pass_on(self) -> None:
        late = [s for s in self.seats if s.state == "offered" and s.until <= clock.now()]  # type: ignore[operator]
        for seat in late:
            seat.state, seat.lapsed, seat.until = "waiting", True, None
        if late:
            self.fill()

    def sit(self, seat: Seat) -> None:
        seat.state, seat.joined = "accepted", clock.today()
        seat.until, seat.lapsed = None, False

    def chosen(self, number: int) -> Seat:
        return self.seats[number % len(self.seats)]

    def version(self, seat: Seat) -> int:
        self.db.flush()
        return self.db.scalars(select(Place.version).where(Place.ref == seat.ref)).one()

    def attempt(self, act: Callable[[], Any], *, expected: bool) -> Any:
        """Do it, and see that it is refused exactly when the model says so."""
        if expected:
            return act()
        with pytest.raises(AppError):
            act()
        return None

    # --- What people do ------------------------------------------------------------------

    @rule(person=st.integers(0, PEOPLE - 1))
    def enrol(self, person: int) -> None:
        is_new = not any(s.person == person and s.state in CURRENT for s in self.seats)
        if is_new:
            self.pass_on()
        made = self.attempt(
            lambda: places.enrol(
                self.db, self.amina, group_ref=self.group.ref, person_ref=self.people[person]
            ),
            expected=is_new,
        )
        if made is None:
            places.pass_on_lapsed(self.db)
            self.pass_on()
            return
        state = "accepted" if self.free() > 0 else "waiting"
        assert made.state == state
        self.seats.append(Seat(made.place_ref, person, state, clock.today()))

    @precondition(lambda self: self.seats)
    @rule(number=st.integers(0, 50))
    def leave(self, number: int) -> None:
        seat = self.chosen(number)
        version = self.version(seat)
        left = self.attempt(
            lambda: (
                places.leave(
                    self.db, self.amina, seat.ref, on=clock.today(), reason="", version=version
                ),
            ),
            expected=seat.state in CURRENT,
        )
        if left is None:
            return
        held = seat.state in SEATED
        seat.state = "left_early" if seat.state in ("accepted", "started") else "declined"
        seat.left, seat.until = clock.today(), None
        self.not_expected_after(seat)
        if held:
            self.fill()

    @precondition(lambda self: any(s.state in ("accepted", "started") for s in self.seats))
    @rule(number=st.integers(0, 50))
    def move_to_the_other_group(self, number: int) -> None:
        held = [s for s in self.seats if s.state in ("accepted", "started")]
        seat = held[number % len(held)]
        version = self.version(seat)
        done = self.attempt(
            lambda: transfers.transfer(
                self.db, self.amina, seat.ref, to_group_ref=self.other.ref, on=clock.today(),
                version=version,
            ),
            expected=seat.person not in self.moved,
        )  # fmt: skip
        if done is None:
            return
        self.moved.add(seat.person)
        seat.state, seat.left = "transferred", clock.today()
        self.not_expected_after(seat)
        self.fill()

    @precondition(lambda self: any(s.state == "offered" for s in self.seats))
    @rule(number=st.integers(0, 50), says_yes=st.booleans())
    def answer(self, number: int, says_yes: bool) -> None:
        offered = [s for s in self.seats if s.state == "offered"]
        seat = offered[number % len(offered)]
        act = offers.accept if says_yes else offers.decline
        version = self.version(seat)
        stands = seat.until is not None and seat.until > clock.now()
        done = self.attempt(
            lambda: (act(self.db, self.amina, seat.ref, version=version),), expected=stands
        )
        if done is None:
            return
        if says_yes:
            self.sit(seat)
        else:
            seat.state, seat.until, seat.left = "declined", None, clock.today()
            self.fill()

    @precondition(lambda self: any(s.state == "waiting" for s in self.seats))
    @rule(number=st.integers(0, 50), at_once=st.booleans())
    def give_by_hand(self, number: int, at_once: bool) -> None:
        places.pass_on_lapsed(self.db)
        self.pass_on()
        waiting = [s for s in self.seats if s.state == "waiting"]
        if not waiting:
            return
        seat = waiting[number % len(waiting)]
        act = places.take_up if at_once else offers.offer
        version = self.version(seat)
        done = self.attempt(
            lambda: (act(self.db, self.amina, seat.ref, version=version),),  # type: ignore[operator]
            expected=self.free() > 0,
        )
        if done is not None:
            self.sit(seat) if at_once else self.hold(seat)

    @rule(capacity=st.integers(0, 5))
    def change_capacity(self, capacity: int) -> None:
        places.pass_on_lapsed(self.db)
        self.pass_on()
        taken = sum(seat.state in SEATED for seat in self.seats)
        done = self.attempt(
            lambda: (
                places.change_capacity(
                    self.db, self.amina, self.group.ref, capacity, version=self.group.version
                ),
            ),
            expected=max(1, taken) <= capacity,
        )
        if done is not None:
            self.capacity = capacity
            self.fill()

    @rule(days=st.integers(1, 9))
    def time_goes_on(self, days: int) -> None:
        self.time.go_on(days=days)

    @rule()
    def let_offers_pass_on(self) -> None:
        places.pass_on_lapsed(self.db)
        self.pass_on()
        assert places.pass_on_lapsed(self.db) == 0

    # --- The register ----------------------------------------------------------------------

    @precondition(lambda self: self.seats)
    @rule(
        number=st.integers(0, 50),
        session=st.integers(1, SESSIONS),
        code=st.sampled_from([*"PLEOADBN", None]),
    )
    def mark(self, number: int, session: int, code: str | None) -> None:
        seat, day = self.chosen(number), day_of(session)
        self.taps += 1
        new = NewMark(
            tap=f"{self.group.ref}{self.taps}",
            place_ref=seat.ref,
            code=AttendanceCode(code) if code else None,
            version=99,
        )
        (taken,) = marking.mark(self.db, self.ben, self.sessions[session], [new])
        there = seat.joined <= day and (seat.left is None or day <= seat.left)
        is_open = session not in self.finished | self.cancelled
        is_told = code in (None, "A", "N")
        may = is_open and (day <= clock.today() or is_told)
        assert taken.saved == (may and seat.state in HAS_BEEN_IN and there), taken
        if taken.saved:
            if not is_told and self.people_come(session):
                self.take_place(session)
            self.set_mark(seat, session, code)

    def people_come(self, session: int) -> bool:
        return clock.now() >= starts_at(session) - timedelta(minutes=30)

    def take_place(self, session: int) -> None:
        self.held.add(session)
        for seat in self.seats:
            self.stand(seat)

    @precondition(lambda self: len(self.held | self.cancelled) < SESSIONS)
    @rule(number=st.integers(0, 50), was_early=st.booleans())
    def cancel(self, number: int, was_early: bool) -> None:
        still = [n for n in range(1, SESSIONS + 1) if n not in self.held | self.cancelled]
        # Before its first mark of the day or long ahead: both may have marks that do not count.
        session = still[0] if was_early else still[number % len(still)]
        outline = changing.outline(self.db, self.amina, self.group.ref)
        change = Cancel(self.sessions[session], "Snow.", keeps_length=True)
        changing.apply(self.db, self.amina, self.group.ref, change, version=outline.version)
        self.db.expire_all()
        self.cancelled.add(session)
        for seat in self.seats:
            if session in seat.marks or self.is_expected(seat, session):
                seat.marks[session] = "X"

    def is_expected(self, seat: Seat, session: int) -> bool:
        day = day_of(session)
        there = seat.joined <= day and (seat.left is None or day <= seat.left)
        return seat.state not in NEVER_IN and there

    @rule(session=st.integers(1, SESSIONS))
    def finish(self, session: int) -> None:
        unmarked = [
            seat
            for seat in self.seats
            if self.is_expected(seat, session) and session not in seat.marks
        ]
        has_begun = session not in self.cancelled and clock.now() >= starts_at(session)
        done = self.attempt(
            lambda: (finishing.finish(self.db, self.ben, self.sessions[session]),),
            expected=session in self.finished or (has_begun and not unmarked),
        )
        if done is not None:
            self.finished.add(session)
            self.take_place(session)

    @precondition(lambda self: self.finished)
    @rule(number=st.integers(0, 50))
    def open_again(self, number: int) -> None:
        session = sorted(self.finished)[number % len(self.finished)]
        # Locked or not: a coordinator may open either.
        finishing.unlock(self.db, self.amina, self.sessions[session], reason="A mark was wrong.")
        self.finished.discard(session)

    @precondition(lambda self: self.seats)
    @rule(number=st.integers(0, 50), session=st.integers(1, SESSIONS))
    def catch_up(self, number: int, session: int) -> None:
        seat, day = self.chosen(number), day_of(session)
        code = seat.marks.get(session)
        draft = CatchUpDraft(
            place_ref=seat.ref,
            session_ref=self.sessions[session],
            done_on=clock.today(),
            way=CatchUpWay.ONLINE,
            done_by_ref=self.ben.ref,
        )
        ref = self.attempt(
            lambda: catch_ups.record(self.db, self.ben, draft),
            expected=seat.state in HAS_BEEN_IN
            and clock.now() >= starts_at(session)
            and session not in self.cancelled
            and (seat.left is None or day <= seat.left)
            and session not in seat.caught_up
            and not (code and CODES[code].attended),
        )
        if ref is not None:
            seat.caught_up[session] = (ref, code)
            self.take_place(session)
            self.set_mark(seat, session, "C")

    @precondition(lambda self: any(s.caught_up for s in self.seats))
    @rule(number=st.integers(0, 50))
    def take_back(self, number: int) -> None:
        seats = [s for s in self.seats if s.caught_up]
        seat = seats[number % len(seats)]
        session, (ref, before) = seat.caught_up.popitem()
        catch_ups.take_back(self.db, self.ben, ref, version=1)
        if seat.marks.get(session) == "C":
            self.set_mark(seat, session, before)

    def set_mark(self, seat: Seat, session: int, code: str | None) -> None:
        seat.marks.pop(session, None)
        if code is not None:
            seat.marks[session] = code
        self.stand(seat)

    def stand(self, seat: Seat) -> None:
        if seat.state in ("accepted", "started"):
            seat.state = "started" if seat.sums(self.held)[0] else "accepted"

    def not_expected_after(self, seat: Seat) -> None:
        """What was told ahead for sessions after her last day."""
        last = max(seat.joined, clock.today())
        for session, code in seat.marks.items():
            if day_of(session) > last and CODES[code].expected:
                seat.marks[session] = "N"

    # --- What must hold --------------------------------------------------------------------

    @invariant()
    def the_database_is_as_the_model_says(self) -> None:
        if not hasattr(self, "undo"):
            return
        self.db.flush()
        kept = {
            place.ref: (place.state.value, place.attended, place.covered, place.expected)
            for place in self.db.scalars(select(Place).where(Place.group_id == self.group.id))
        }
        assert kept == {s.ref: (s.state, *s.sums(self.held)) for s in self.seats}
        there = places.in_group(self.db, self.amina, self.other.ref)
        assert set(there["person_ref"]) == {self.people[number] for number in self.moved}

    @invariant()
    def marks_count_in_sessions_held_alone(self) -> None:
        if not hasattr(self, "undo"):
            return
        made = Counter(
            code
            for seat in self.seats
            for session, code in seat.marks.items()
            if session in self.held
        )
        for kind in (Kind.MARK, Kind.MONTH):
            kept: Counter[str] = Counter()
            for cell, count in tallies.stored(self.db).items():
                kept[cell.key] += count if cell.kind is kind else 0
            assert +kept == made

    @invariant()
    def seats_do_not_outnumber_capacity_and_nobody_sits_twice(self) -> None:
        if not hasattr(self, "undo"):
            return
        frame = places.in_group(self.db, self.amina, self.group.ref)
        assert frame["state"].isin(SEATED).sum() <= self.group.capacity
        current = frame[frame["state"].isin(CURRENT)]
        assert current["person_ref"].is_unique

    @invariant()
    def those_who_wait_stand_in_the_order_they_asked(self) -> None:
        if not hasattr(self, "undo"):
            return
        frame = places.in_group(self.db, self.amina, self.group.ref)
        listed = frame.loc[frame["state"].eq("waiting"), "place"].tolist()
        assert listed == [seat.ref for seat in self.seats if seat.state == "waiting"]


def test_places_and_registers_agree_with_a_plain_model(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    class Furnished(House):
        pass

    Furnished.db, Furnished.amina, Furnished.ben = db, amina, ben
    Furnished.time = time_stands_still
    run_state_machine_as_test(Furnished, settings=FEW)
