"""What one tap on a register costs: statements are counted, whatever the size of the group."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Collector, Group, Person, Place, RiskLevel, new_ref
from services import audit, clock
from services.concerns import risk
from services.concerns.risk import RiskDraft
from services.db import reading, transaction
from services.errors import SetupError
from services.people import record_locks
from services.permissions import Actor
from services.registers import finishing, marking, registers
from services.registers.registers import Register
from tests.conftest import Clock, Statements
from tests.make import make_group, make_person, make_place, session_of
from tests.pages.conftest import Somebody
from ui import auth
from ui.components.answers import SAVED
from ui.components.register import register_panel
from ui.components.register.register import Tap
from ui.components.register.register_panel import Look

TODAY = date(2026, 9, 16)
Counting = Callable[[], AbstractContextManager[Statements]]


@pytest.fixture(autouse=True)
def she_is_signed_in(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """How often a tap asks whether she still is."""
    asked: list[object] = []

    def ask(db: object) -> bool:
        asked.append(db)
        return True

    monkeypatch.setattr(auth, "still_in", lambda *_said: ask)
    return asked


def opened(somebody: Somebody, people: int) -> tuple[Actor, Look]:
    """Ben's register of today with so many people, as it stands on his screen."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben], first_day=TODAY, capacity=people + 1)
        for number in range(people):
            make_place(db, amina, group, make_person(db, amina, f"Person{number}"))
        ref = session_of(db, group).ref
        return ben, Look(registers.view(db, ben, ref))


def group_of(db: Session, look: Look) -> Group:
    return db.scalars(select(Group).where(Group.ref == look.seen.group_ref)).one()


def tap(actor: Actor, look: Look, code: str = "P", *, row: int = 0, name: str = "tap") -> None:
    line = look.seen.lines[row]
    one = Tap(id=name, place=line.place_ref, code=code, minutes=None, version=line.version)
    answers = register_panel._save(actor, look.seen.session_ref, look, [one])
    assert answers == {name: SAVED}
    look.seen = now(actor, look)


def now(actor: Actor, look: Look) -> Register:
    seen = register_panel._now(actor, look)
    assert seen is not None
    return seen


def cost(somebody: Somebody, count_queries: Counting, people: int) -> int:
    ben, look = opened(somebody, people)
    tap(ben, look, "P", name="first")
    with count_queries() as statements:
        tap(ben, look, "A", name="second")
    return len(statements)


@pytest.mark.parametrize("people", [2, 12])
def test_a_tap_takes_fifteen_statements_however_many_are_on_the_register(
    somebody: Somebody, count_queries: Counting, people: int
) -> None:
    assert cost(somebody, count_queries, people) <= 15


def test_the_run_after_a_tap_reads_nothing(somebody: Somebody, count_queries: Counting) -> None:
    ben, look = opened(somebody, 3)
    tap(ben, look)
    with count_queries() as statements:
        assert now(ben, look).lines[0].version == 1
    assert not statements.sent


def test_after_a_tap_that_made_no_mark_the_marks_are_read(
    somebody: Somebody, count_queries: Counting
) -> None:
    ben, look = opened(somebody, 3)
    tap(ben, look)
    tap(ben, look)  # the same once more, over a bad line
    assert not look.is_known
    with count_queries() as statements:
        assert now(ben, look) == look.seen
    read = [sql for sql in statements.sent if sql.startswith("SELECT")]
    assert len(read) == 1
    assert "first_name" not in read[0]


def test_taps_made_while_the_database_is_busy_wait_in_the_browser(
    somebody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben, look = opened(somebody, 2)

    def busy(*_said: object) -> None:
        raise SetupError("The database is busy.")

    monkeypatch.setattr(marking, "mark", busy)
    one = Tap(id="tap", place=look.seen.lines[0].place_ref, code="P", minutes=None, version=0)
    assert register_panel._save(ben, look.seen.session_ref, look, [one]) == {}


def test_who_she_is_is_asked_once_a_tap(somebody: Somebody, she_is_signed_in: list[object]) -> None:
    ben, look = opened(somebody, 2)
    tap(ben, look)
    assert len(she_is_signed_in) == 1


def test_a_look_while_others_tap_writes_nothing(
    somebody: Somebody, count_queries: Counting
) -> None:
    ben, look = opened(somebody, 2)
    look.is_known = False
    with count_queries() as statements:
        now(ben, look)
    assert not [sql for sql in statements.sent if sql.startswith(("INSERT", "UPDATE", "BEGIN I"))]


def test_a_look_reads_marks_alone_and_once_a_minute_all_there_is(
    somebody: Somebody, count_queries: Counting
) -> None:
    ben, look = opened(somebody, 3)
    look.is_known = False
    sent = []
    for _ in range(12):
        with count_queries() as statements:
            now(ben, look)
        sent.append(sum("first_name" in sql for sql in statements.sent))
    assert sent == [0] * 11 + [1]


def test_a_look_is_noted_anew_once_it_has_lasted(
    somebody: Somebody, time_stands_still: Clock
) -> None:
    ben, look = opened(somebody, 2)
    time_stands_still.go_on(minutes=11)
    with reading() as db:
        assert not audit.has_looked(db, ben, f"session:{look.seen.session_ref}")
    look.is_known = False
    for _ in range(12):
        assert now(ben, look).lines == look.seen.lines
    with reading() as db:
        assert audit.has_looked(db, ben, f"session:{look.seen.session_ref}")


def test_the_marks_are_those_a_whole_reading_shows(somebody: Somebody) -> None:
    ben, look = opened(somebody, 3)
    chloe = somebody("chloe")
    tap(ben, look, "L", row=1, name="hers")
    with reading() as db:
        assert registers.view(db, ben, look.seen.session_ref) == look.seen
        assert registers.with_marks_of_now(db, chloe, look.seen) is None  # a stranger sees none


def collector_of(child: Person | None, *, by: Actor) -> Collector:
    assert child is not None
    return Collector(
        ref=new_ref(), person_id=child.id, name="Ann Bell", may_collect=True,
        noted_at=clock.now(), noted_by_id=by.account_id,
    )  # fmt: skip


def test_taking_somebody_off_the_list_of_collectors_is_read_as_a_whole(somebody: Somebody) -> None:
    ben, look = opened(somebody, 1)
    with transaction() as db:
        listed = collector_of(db.scalars(select(Person)).first(), by=ben)
        db.add(listed)
    with reading() as db:
        look.seen = registers.view(db, ben, look.seen.session_ref)
        assert registers.with_marks_of_now(db, ben, look.seen) == look.seen
    with transaction() as db:
        db.get_one(Collector, listed.id).ended_at = clock.now()
    with reading() as db:
        assert registers.with_marks_of_now(db, ben, look.seen) is None


@pytest.mark.parametrize(
    "change", ["joined", "alert", "risk", "collectors", "kept out", "finished"]
)
def test_whatever_else_changed_is_read_as_a_whole(somebody: Somebody, change: str) -> None:
    ben, look = opened(somebody, 2)
    amina, ref = somebody("amina"), look.seen.session_ref
    for row in range(2):
        tap(ben, look, row=row, name=f"tap{row}")
    with transaction() as db:
        if change == "joined":
            person = make_person(db, amina, "New")
            make_place(db, amina, group_of(db, look), person)
        elif change == "alert":
            db.scalars(select(Person)).first().alert = "A hearing this week"  # type: ignore[union-attr]
        elif change == "risk":
            today, in_a_month = clock.today(), clock.today() + timedelta(days=30)
            draft = RiskDraft(
                assessed_on=today, score=15, level=RiskLevel.HIGH, review_on=in_a_month
            )
            risk.review(db, ben, db.scalars(select(Person.ref)).first() or "", draft)
        elif change == "collectors":
            db.add(collector_of(db.scalars(select(Person)).first(), by=ben))
        elif change == "kept out":
            place = select(Place.person_id).where(Place.ref == look.seen.lines[0].place_ref)
            person_ref = db.scalars(select(Person.ref).where(Person.id.in_(place))).one()
            record_locks.keep_out(db, amina, person_ref, ben.ref, reason="A relative of his.")
        else:
            finishing.finish(db, ben, ref)
    with reading() as db:
        assert registers.with_marks_of_now(db, ben, look.seen) is None
