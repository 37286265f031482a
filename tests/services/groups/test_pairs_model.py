"""Any order of changes to both halves of a pair or to one alone, beside a plain model: numbers are
unbroken, a half that was left alone is untouched, halves in step stay in step, and what calendars
follow only counts up.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
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

from models import Group, GroupSession, PersonKind, Place, SessionState
from services.attendance import AttendanceCode
from services.errors import AppError
from services.groups.pairs import changing
from services.groups.pairs.changing import Confirmed
from services.groups.schedules import changing as one_half
from services.groups.schedules.parts import (
    Add,
    Cancel,
    Change,
    Move,
    MoveAll,
    PutBreak,
    Reshape,
    Restore,
    Shape,
    Swap,
)
from services.permissions import Actor
from services.registers import marking
from services.registers.marking import NewMark
from services.tallies import recount
from tests.conftest import NOW, Clock
from tests.make import make_pair, make_person, make_place

FIRST = date(2026, 9, 22)
FEW = settings(
    max_examples=10,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
DAYS = st.dates(FIRST - timedelta(days=3), FIRST + timedelta(weeks=14))
DAYTIME = st.sampled_from((time(10), time(13, 30), time(17)))
NUMBER = st.integers(0, 30)
MOSTLY = st.sampled_from((True, True, True, True, False))


@dataclass(frozen=True)
class Seen:
    """One session as it stands, without what is counted."""

    ref: str
    number: int
    topic: str
    starts: datetime
    state: SessionState
    shape: str | None


class Pair(RuleBasedStateMachine):
    """A pair, a family in it, and somebody who plans."""

    db: Session
    amina: Actor
    ben: Actor
    chloe: Actor
    clock: Clock

    @initialize()
    def begin(self) -> None:
        self.clock.moment = NOW
        self.undo = self.db.begin_nested()
        self.pair = make_pair(self.db, self.amina, self.ben, self.chloe)
        mother = make_person(self.db, self.amina, "Dana", "Unlike")
        child = make_person(self.db, self.amina, "Kit", "Other", kind=PersonKind.CHILD)
        self.places = [
            make_place(self.db, self.amina, group, person)
            for group, person in zip(self.pair, (mother, child), strict=True)
        ]
        self.in_step = True
        self.sequences: dict[str, int] = {}
        self.taps = 0

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            wrong = recount.differences(self.db)
            self.undo.rollback()
            self.db.expire_all()
            assert wrong == []

    # --- What there is -------------------------------------------------------------------

    def rows(self, half: int) -> list[GroupSession]:
        query = (
            select(GroupSession)
            .where(GroupSession.group_id == self.pair[half].id)
            .order_by(GroupSession.starts_at, GroupSession.id)
            .execution_options(populate_existing=True)
        )
        return list(self.db.scalars(query))

    def seen(self, half: int) -> list[Seen]:
        return [
            Seen(
                one.ref, one.number, one.topic, one.local_start, one.state,
                one.shape.value if one.shape else None,
            )
            for one in self.rows(half)
        ]  # fmt: skip

    def timetable(self, half: int) -> list[tuple[Any, ...]]:
        """What both halves have in common while they are in step."""
        return sorted(
            (one.starts, one.state.value, one.number, one.topic, one.shape)
            for one in self.seen(half)
        )

    def ref(self, half: int, number: int) -> str:
        rows = self.rows(half)
        return rows[number % len(rows)].ref

    # --- What is done --------------------------------------------------------------------

    @rule(half=st.integers(0, 1), both=MOSTLY, number=NUMBER, day=DAYS, at=DAYTIME)
    def move(self, half: int, both: bool, number: int, day: date, at: time) -> None:
        self.change(half, both, Move(self.ref(half, number), datetime.combine(day, at)))

    @rule(half=st.integers(0, 1), both=MOSTLY, number=NUMBER, day=DAYS, at=DAYTIME)
    def move_all(self, half: int, both: bool, number: int, day: date, at: time) -> None:
        wanted = MoveAll(self.ref(half, number), day, (day.weekday(),), at)
        self.change(half, both, wanted)

    @rule(half=st.integers(0, 1), both=MOSTLY, number=NUMBER, keeps=st.booleans())
    def cancel(self, half: int, both: bool, number: int, keeps: bool) -> None:
        self.change(half, both, Cancel(self.ref(half, number), "Snow", keeps))

    @rule(half=st.integers(0, 1), both=MOSTLY, number=NUMBER, drops=st.booleans())
    def hold_after_all(self, half: int, both: bool, number: int, drops: bool) -> None:
        gone = [one.ref for one in self.rows(half) if one.state is SessionState.CANCELLED]
        if gone:
            self.change(half, both, Restore(gone[number % len(gone)], drops))

    @rule(half=st.integers(0, 1), both=MOSTLY, day=DAYS, at=DAYTIME)
    def add(self, half: int, both: bool, day: date, at: time) -> None:
        self.change(half, both, Add(datetime.combine(day, at), 60, "Extra"))

    @rule(half=st.integers(0, 1), both=MOSTLY, one=NUMBER, other=NUMBER)
    def swap(self, half: int, both: bool, one: int, other: int) -> None:
        self.change(half, both, Swap(self.ref(half, one), self.ref(half, other)))

    @rule(half=st.integers(0, 1), both=MOSTLY, day=DAYS)
    def put_break(self, half: int, both: bool, day: date) -> None:
        self.change(half, both, PutBreak(day, day + timedelta(days=6)))

    @rule(half=st.integers(0, 1), number=NUMBER, shape=st.sampled_from(Shape))
    def reshape(self, half: int, number: int, shape: Shape) -> None:
        self.change(half, True, Reshape(self.ref(half, number), shape))

    @rule(half=st.integers(0, 1), number=NUMBER)
    def tell_ahead(self, half: int, number: int) -> None:
        """Apologies for a session to come; one that was cancelled refuses them."""
        self.taps += 1
        tap = NewMark(
            tap=f"{self.pair[half].ref}{self.taps}",
            place_ref=self.places[half].ref,
            code=AttendanceCode.APOLOGIES,
            version=99,
        )
        actor = (self.ben, self.chloe)[half]
        marking.mark(self.db, actor, self.ref(half, number), [tap])

    def change(self, half: int, both: bool, wanted: Change) -> None:
        before = self.seen(0), self.seen(1)
        step = self.db.begin_nested()
        try:
            self.make(half, both, wanted)
        except AppError:
            step.rollback()
            assert (self.seen(0), self.seen(1)) == before
            return
        step.commit()
        if not both:
            assert self.seen(1 - half) == before[1 - half]
            self.in_step = False

    def make(self, half: int, both: bool, wanted: Change) -> None:
        group = self.pair[half].ref
        offered = changing.other_half(self.db, self.amina, group, wanted)
        assert offered is not None
        takes_both = both and offered.change is not None and offered.preview is not None
        if self.in_step and both:
            # In step, what can be done in one half can be done in the other.
            mine = self.possible(group, wanted)
            assert takes_both is mine, (offered, mine)
        seen = one_half.preview(
            self.db, self.amina, group, wanted, with_other_half=takes_both
        ).version
        other = None
        if takes_both:
            assert offered.change is not None
            assert offered.preview is not None
            other = Confirmed(offered.ref, offered.change, offered.preview.version)
        elif both:
            self.in_step = False
        changing.apply(
            self.db, self.amina, group, wanted, version=seen, other=other, despite="It must be."
        )

    def possible(self, group: str, wanted: Change) -> bool:
        try:
            one_half.preview(self.db, self.amina, group, wanted)
        except AppError:
            return False
        return True

    # --- What must hold --------------------------------------------------------------------

    @invariant()
    def numbers_are_unbroken_and_halves_in_step_are_alike(self) -> None:
        if not hasattr(self, "undo"):
            return
        for half in (0, 1):
            live = [one for one in self.seen(half) if one.state is not SessionState.CANCELLED]
            assert [one.number for one in live] == list(range(1, len(live) + 1))
            assert all(one.shape is not None for one in live)
            group = self.db.get_one(Group, self.pair[half].id)
            assert group.sessions_offered == len(live)
            assert group.ends_on == live[-1].starts.date()
        if self.in_step:
            assert self.timetable(0) == self.timetable(1)

    @invariant()
    def what_calendars_follow_counts_up_only(self) -> None:
        if not hasattr(self, "undo"):
            return
        for one in (*self.rows(0), *self.rows(1)):
            assert one.sequence >= self.sequences.get(one.ref, 0)
            self.sequences[one.ref] = one.sequence

    @invariant()
    def nobody_is_lost(self) -> None:
        if hasattr(self, "undo"):
            assert all(self.db.get_one(Place, one.id).left_on is None for one in self.places)


def test_a_pair_keeps_its_rules_whatever_is_done(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, time_stands_still: Clock
) -> None:
    Pair.db, Pair.amina, Pair.ben, Pair.chloe = db, amina, ben, chloe
    Pair.clock = time_stands_still
    run_state_machine_as_test(Pair, settings=FEW)  # type: ignore[no-untyped-call]
