"""Several people at once: the last seat is given once, no mark is lost, the log stays whole."""

from datetime import date
from time import perf_counter

from sqlalchemy import func, select

from models import (
    Account,
    ContactAttempt,
    ContactOutcome,
    Mark,
    Place,
    PlaceState,
    Route,
    WelfareCall,
)
from services import audit
from services.attendance import AttendanceCode as Code
from services.db import BUSY_TIMEOUT_SECONDS, reading, transaction
from services.permissions import Actor
from services.places import places
from services.registers import finishing, marking
from services.registers.marking import NewMark
from services.registers.welfare import listing, recording
from services.safe_contact.attempts import AttemptDraft
from services.tallies import tallies
from services.tallies.tallies import Kind
from tests.conftest import Clock
from tests.make import make_group, make_person, make_place, session_of
from tests.services.groups.craft import AT_ONCE, together

TODAY = date(2026, 9, 16)


def test_the_last_seat_is_given_once(house: dict[str, Actor]) -> None:
    with transaction() as db:
        group = make_group(db, house["amina"], [house["ben"]], capacity=1).ref
        people = [make_person(db, house["amina"], "Person", f"Name{n}").ref for n in range(AT_ONCE)]

    def enrol(person: str) -> str:
        with transaction() as db:
            given = places.enrol(db, house["amina"], group_ref=group, person_ref=person)
            return given.state

    states = together(*(lambda ref=ref: enrol(ref) for ref in people))  # type: ignore[misc]

    assert sorted(map(str, states)) == ["accepted", "waiting", "waiting", "waiting"]


def test_one_person_enrolled_from_two_screens_has_one_place(house: dict[str, Actor]) -> None:
    with transaction() as db:
        group = make_group(db, house["amina"], [house["ben"]]).ref
        person = make_person(db, house["amina"]).ref

    def enrol() -> str:
        with transaction() as db:
            return places.enrol(db, house["amina"], group_ref=group, person_ref=person).state

    answers = together(*([enrol] * AT_ONCE))

    assert sum(answer == "accepted" for answer in answers) == 1
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Place)) == 1


def test_an_offer_nobody_answered_passes_on_once_however_many_look(
    house: dict[str, Actor], time_stands_still: Clock
) -> None:
    with transaction() as db:
        group = make_group(
            db, house["amina"], [house["ben"]], programme="open_door", first_day=TODAY, capacity=1
        )
        seated, *_waiting = [
            make_place(
                db, house["amina"], group, make_person(db, house["amina"], f"P{n}", f"N{n}x")
            )
            for n in range(4)
        ]
        places.leave(db, house["amina"], seated.ref, on=TODAY, reason="", version=seated.version)
    time_stands_still.go_on(days=8)

    def look() -> int:
        with transaction() as db:
            return places.pass_on_lapsed(db)

    answers = together(*([look] * AT_ONCE))

    assert sorted(map(str, answers)) == ["0", "0", "0", "1"]
    with reading() as db:
        states = [state.value for state in db.scalars(select(Place.state).order_by(Place.id))]
        assert states == ["left_early", "waiting", "offered", "waiting"]
        assert audit.verify(db).faults == ()


def test_two_facilitators_tapping_at_once_lose_no_mark(house: dict[str, Actor]) -> None:
    with transaction() as db:
        both = [house["ben"], house["chloe"]]
        group = make_group(db, house["amina"], both, first_day=TODAY)
        refs = [
            make_place(db, house["amina"], group, make_person(db, house["amina"], f"P{n}")).ref
            for n in range(8)
        ]
        held = session_of(db, group).ref

    def tap(actor: Actor, ref: str) -> object:
        with transaction() as db:
            new = NewMark(tap=f"{actor.username}{ref}", place_ref=ref, code=Code.ATTENDED)
            return marking.mark(db, actor, held, [new])[0]

    taps = [(house[("ben", "chloe")[n % 2]], ref) for n, ref in enumerate(refs)]
    answers = together(*(lambda a=a, r=r: tap(a, r) for a, r in taps))  # type: ignore[misc]

    assert all(getattr(answer, "saved", False) for answer in answers)
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Mark)) == 8
        assert int(tallies.counts(db, Kind.MARK, key="P")["count"].sum()) == 8
        assert set(db.scalars(select(Place.state))) == {PlaceState.STARTED}
        assert audit.verify(db).faults == ()


def test_of_two_different_marks_for_one_person_one_is_shown_the_other(
    house: dict[str, Actor],
) -> None:
    with transaction() as db:
        both = [house["ben"], house["chloe"]]
        group = make_group(db, house["amina"], both, first_day=TODAY)
        place = make_place(db, house["amina"], group, make_person(db, house["amina"])).ref
        held = session_of(db, group).ref

    def tap(actor: Actor, code: Code) -> marking.Taken:
        with transaction() as db:
            new = NewMark(tap=actor.username, place_ref=place, code=code)
            return marking.mark(db, actor, held, [new])[0]

    answers = together(
        lambda: tap(house["ben"], Code.ATTENDED), lambda: tap(house["chloe"], Code.APOLOGIES)
    )

    assert sorted((a.saved, a.conflict) for a in answers) == [(False, True), (True, False)]  # type: ignore[attr-defined]


def test_two_finishes_and_two_reports_at_once_owe_one_call_and_note_it_once(
    house: dict[str, Actor],
) -> None:
    with transaction() as db:
        both = [house["ben"], house["chloe"]]
        group = make_group(db, house["amina"], both, first_day=TODAY)
        place = make_place(db, house["amina"], group, make_person(db, house["amina"])).ref
        held = session_of(db, group).ref
        new = NewMark(tap="one", place_ref=place, code=Code.DID_NOT_ATTEND)
        marking.mark(db, house["ben"], held, [new])

    def finish(who: str) -> None:
        with transaction() as db:
            finishing.finish(db, house[who], held)

    assert together(*(lambda who=who: finish(who) for who in ("ben", "chloe"))) == [None, None]  # type: ignore[misc]
    with reading() as db:
        call = listing.of_session(db, house["ben"], held)[0]

    def report(who: str) -> bool:
        draft = AttemptDraft(route=Route.CALL, outcome=ContactOutcome.SPOKE)
        with transaction() as db:
            return recording.record(db, house[who], call.ref, draft, version=call.version)

    answers = together(*(lambda who=who: report(who) for who in ("ben", "chloe")))  # type: ignore[misc]

    assert sorted(type(answer).__name__ for answer in answers) == ["ConflictError", "bool"]
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(WelfareCall)) == 1
        assert db.scalar(select(func.count()).select_from(ContactAttempt)) == 1


def test_nobody_waits_for_herself(database: str) -> None:
    """Of two transactions that one thread opens, one within the other, both begin at once."""
    began = perf_counter()
    with transaction(), transaction() as db:
        db.execute(select(Account.id))
    assert perf_counter() - began < BUSY_TIMEOUT_SECONDS / 2
