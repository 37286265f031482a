"""Attendance by month, staying, sessions held, cohorts and a group's own marks."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Group, GroupState, Person, Place
from services.attendance import (
    AttendanceCode,
    attendance_months,
    cohort_heat,
    sessions_held,
    staying,
)
from services.attendance.attendance_months import SIGNALS, name_of
from services.errors import InvalidInputError, NotFoundError, NotPermittedError
from services.groups.schedules import changing
from services.groups.schedules.parts import Cancel
from services.people import record_locks
from services.permissions import Actor
from services.places import places
from services.registers import finishing, group_marks, marking
from services.registers.marking import NewMark
from services.statistics import percentile
from services.tallies import recount, tallies
from services.tallies.periods import Period, usual
from services.tallies.tallies import Cell, Kind
from tests.conftest import NOW, Clock, Statements
from tests.make import make_group, make_person, make_place, make_referral, session_of

WHERE = ("steps_forward", "2026-Q3")
SEPTEMBER = tallies.month(date(2026, 9, 1))
Counting = Callable[[], AbstractContextManager[Statements]]


@pytest.fixture
def group(db: Session, amina: Actor, ben: Actor, time_stands_still: Clock) -> Group:
    return make_group(db, amina, [ben], first_day=date(2026, 9, 8))


@pytest.fixture
def place(db: Session, amina: Actor, group: Group) -> Place:
    found = make_place(db, amina, group, make_person(db, amina))
    found.joined_on = group.starts_on
    db.flush()
    return found


def tap(
    db: Session, ben: Actor, place: Place, number: int, code: AttendanceCode | None = None
) -> None:
    held = session_of(db, db.get_one(Group, place.group_id), number)
    new = NewMark(tap=f"{held.ref}{code}", place_ref=place.ref, code=code, version=9)
    (answer,) = marking.mark(db, ben, held.ref, [new])
    assert answer.saved, answer.refusal


def keep(db: Session, kind: Kind, counts: dict[tuple[str, int], int]) -> None:
    cells = {Cell(kind, *WHERE, key, first): count for (key, first), count in counts.items()}
    tallies.add(db, Counter(cells))


# --- What is kept --------------------------------------------------------------------------


def test_a_mark_counts_in_its_month_and_a_stay_in_its_sessions(
    db: Session, ben: Actor, place: Place
) -> None:
    tap(db, ben, place, 1, AttendanceCode.ATTENDED)
    tap(db, ben, place, 2, AttendanceCode.DID_NOT_ATTEND)

    kept = tallies.stored(db)
    assert kept[Cell(Kind.MONTH, *WHERE, "P", SEPTEMBER)] == 1
    assert kept[Cell(Kind.STAY, *WHERE, "stayed", 2)] == 1
    assert kept[Cell(Kind.SESSION, *WHERE, "held", SEPTEMBER)] == 2
    assert place.expected == 2
    assert recount.differences(db) == []


def test_what_was_told_ahead_counts_from_the_day_of_its_session(
    db: Session, amina: Actor, ben: Actor, leila: Actor, group: Group, place: Place,
    time_stands_still: Clock,
) -> None:  # fmt: skip
    other = make_place(db, amina, group, make_person(db, amina, "Eve"))
    tap(db, ben, place, 3, AttendanceCode.APOLOGIES)
    assert not [cell for cell in tallies.stored(db) if cell.kind in (Kind.MARK, Kind.MONTH)]
    assert place.expected == 0
    assert staying.reasons(db, leila).absence.empty
    assert recount.differences(db) == []

    time_stands_still.moment = session_of(db, group, 3).starts_at
    tap(db, ben, other, 3, AttendanceCode.ATTENDED)

    kept = tallies.stored(db)
    assert kept[Cell(Kind.MARK, *WHERE, "A", 3)] == kept[Cell(Kind.MARK, *WHERE, "P", 3)] == 1
    assert (place.expected, other.expected) == (1, 1)
    assert staying.reasons(db, leila).absence["label"].tolist() == ["1 of 2, 50% (9% to 91%)"]
    assert recount.differences(db) == []


def test_a_register_of_apologies_alone_counts_once_it_is_finished(
    db: Session, ben: Actor, group: Group, place: Place
) -> None:
    tap(db, ben, place, 1, AttendanceCode.APOLOGIES)
    assert place.expected == 0

    finishing.finish(db, ben, session_of(db, group, 1).ref)

    assert place.expected == 1
    assert group.state is GroupState.RUNNING
    assert recount.differences(db) == []


def test_leaving_early_is_counted_with_its_reason(
    db: Session, amina: Actor, ben: Actor, place: Place
) -> None:
    tap(db, ben, place, 1, AttendanceCode.ATTENDED)
    places.leave(
        db, amina, place.ref, on=NOW.date(), reason="", because="childcare", version=place.version
    )

    kept = tallies.stored(db)
    assert kept[Cell(Kind.LEFT, *WHERE, "childcare")] == 1
    assert kept[Cell(Kind.STAY, *WHERE, "left", 1)] == 1
    assert kept[Cell(Kind.STAY, *WHERE, "stayed", 1)] == 0
    assert recount.differences(db) == []


def test_a_session_cancelled_later_leaves_the_counts_right(
    db: Session, amina: Actor, ben: Actor, group: Group, place: Place
) -> None:
    tap(db, ben, place, 1, AttendanceCode.ATTENDED)
    tap(db, ben, place, 3, AttendanceCode.APOLOGIES)
    held = session_of(db, group, 3)
    outline = changing.outline(db, amina, group.ref)
    change = Cancel(held.ref, "The heating failed.", keeps_length=False)
    changing.apply(db, amina, group.ref, change, version=outline.version)

    db.expire_all()
    assert place.expected == 1
    assert {c.key for c, n in tallies.stored(db).items() if c.kind is Kind.MARK} == {"P"}
    assert recount.differences(db) == []
    assert sum(n for c, n in tallies.stored(db).items() if c.key == "cancelled") == 1


def test_the_wait_for_a_first_session_is_counted_once_she_comes(
    db: Session, amina: Actor, ben: Actor, leila: Actor, group: Group
) -> None:
    person = make_person(db, amina)
    make_referral(db, amina, person, received_on=date(2026, 8, 19))
    place = make_place(db, amina, group, person)
    place.joined_on = group.starts_on
    db.flush()
    assert staying.first_session(db, leila).n == 0

    tap(db, ben, place, 1, AttendanceCode.ATTENDED)

    found = staying.first_session(db, leila)
    assert (found.n, found.median, found.ninetieth) == (1, 20, 20)
    assert recount.differences(db) == []

    tap(db, ben, place, 1, None)
    assert staying.first_session(db, leila).n == 0
    assert recount.differences(db) == []


# --- By month ------------------------------------------------------------------------------


def test_months_have_their_rates_limits_and_denominators(db: Session, leila: Actor) -> None:
    keep(db, Kind.MONTH, {("P", SEPTEMBER): 30, ("C", SEPTEMBER): 4, ("A", SEPTEMBER): 6,
                          ("X", SEPTEMBER): 9, ("P", SEPTEMBER - 1): 10})  # fmt: skip

    found = attendance_months.by_month(db, leila, usual())

    assert found.live is not None
    assert found.content is not None
    assert found.live.months["month"].tolist() == ["Aug 2026", "Sep 2026"]
    assert found.live.months["label"].tolist()[1] == "30 of 40, 75% (60% to 86%)"
    assert found.live.months["centre"].tolist() == [0.8, 0.8]
    assert found.content.overall.count == 44
    assert found.live.is_provisional
    assert found.live.asks.empty


def test_a_month_far_off_is_to_be_asked_about(db: Session, leila: Actor) -> None:
    counts = {("P", SEPTEMBER - back): 80 for back in range(14)}
    counts |= {("D", SEPTEMBER - back): 20 for back in range(14)}
    counts |= {("P", SEPTEMBER): 40, ("D", SEPTEMBER): 60}
    keep(db, Kind.MONTH, counts)

    found = attendance_months.by_month(db, leila, usual())

    assert found.live is not None
    signals = dict(zip(found.live.months["month"], found.live.months["signal"], strict=True))
    assert signals[name_of(SEPTEMBER)] == SIGNALS["below"]
    assert SIGNALS["below"] not in list(signals.values())[:-1]


def test_a_period_or_a_programme_without_marks_has_no_rate(db: Session, leila: Actor) -> None:
    keep(db, Kind.MONTH, {("P", SEPTEMBER): 3})
    past = Period(date(2020, 1, 1), date(2020, 2, 1))

    assert attendance_months.by_month(db, leila, past).live is None
    assert attendance_months.by_month(db, leila, usual(), programme="open_door").live is None


def test_everyone_there_always_has_a_rate_and_no_signal(db: Session, leila: Actor) -> None:
    keep(db, Kind.MONTH, {("P", SEPTEMBER - back): 5 for back in range(12)})

    found = attendance_months.by_month(db, leila, usual())

    assert found.live is not None
    assert found.live.overall.share == 1.0
    assert found.live.asks.empty


def test_a_period_that_ends_before_it_starts_is_refused(db: Session, leila: Actor) -> None:
    turned = Period(date(2026, 9, 2), date(2026, 9, 1))
    for read in (attendance_months.by_month, sessions_held.sessions_held):
        with pytest.raises(InvalidInputError, match="ends before it starts"):
            read(db, leila, turned)
    with pytest.raises(InvalidInputError, match="at most 10 years"):
        Period(date(2000, 1, 1), date(2026, 1, 1)).checked()


# --- Staying ---------------------------------------------------------------------------------


def test_the_curve_falls_as_people_leave_and_counts_those_followed(
    db: Session, leila: Actor
) -> None:
    keep(db, Kind.STAY, {("left", 2): 2, ("left", 4): 1, ("stayed", 3): 3, ("stayed", 6): 6})
    keep(db, Kind.PLACE, {("enrolled", 0): 15})

    found = staying.staying(db, leila)

    shares = dict(zip(found.curve["session"], found.curve["share"], strict=True))
    assert (found.started, found.left, found.never_came, found.median) == (12, 3, 3, None)
    assert shares[1] == 1.0
    assert shares[2] == pytest.approx(10 / 12)
    assert shares[4] == pytest.approx(10 / 12 * 6 / 7)
    assert found.curve["at_risk"].tolist() == [12, 12, 12, 10, 7, 6, 6]


def test_below_five_people_there_is_no_curve(db: Session, leila: Actor) -> None:
    keep(db, Kind.STAY, {("left", 2): 1, ("stayed", 3): 3})

    assert staying.staying(db, leila).curve.empty
    assert staying.staying(db, leila).started == 4
    assert staying.staying(db, leila, programme="open_door").started == 0


def test_when_everybody_left_the_curve_ends_at_none_without_an_interval(
    db: Session, leila: Actor
) -> None:
    keep(db, Kind.STAY, {("left", 2): 6})

    last = staying.staying(db, leila).curve.iloc[-1]

    assert (last["share"], last["session"]) == (0, 2)
    assert last["label"] == "0%, 6 followed so far"


def test_reasons_are_in_words_with_their_numbers(db: Session, leila: Actor) -> None:
    keep(db, Kind.LEFT, {("childcare", 0): 3, ("", 0): 1})
    keep(db, Kind.MARK, {("P", 1): 6, ("A", 1): 2, ("D", 2): 2, ("N", 2): 5})

    found = staying.reasons(db, leila)

    assert found.leaving["what"].tolist() == ["Childcare", staying.NOT_SAID]
    assert found.leaving["label"].tolist()[0] == "3 of 4, 75% (30% to 95%)"
    assert found.absence[["what", "people", "of"]].to_numpy().tolist() == [
        ["Told us before", 2, 10],
        ["No word from them", 2, 10],
    ]


def test_counted_waits_have_the_percentiles_of_the_waits_themselves(
    db: Session, leila: Actor
) -> None:
    days = [3, 3, 10, 14, 14, 14, 40, 61, 61, 100]
    tallies.add(db, Counter({Cell(Kind.WAIT, "", "2026-Q3", "first_session", one): days.count(one)
                             for one in set(days)}))  # fmt: skip

    found = staying.first_session(db, leila)

    assert found.median == percentile(days, 0.5)
    assert found.ninetieth == pytest.approx(percentile(days, 0.9))


# --- Cohorts and sessions held ---------------------------------------------------------------


def test_a_cell_of_few_people_is_hidden(db: Session, leila: Actor) -> None:
    keep(db, Kind.MARK, {("P", 1): 6, ("A", 1): 2, ("P", 2): 4})

    found = cohort_heat.heat(db, leila)

    assert found["percent"].tolist() == ["75%", "*"]
    assert found["expected"].tolist() == [8, 0]
    assert cohort_heat.heat(db, leila, programme="open_door").empty


def test_months_without_a_session_leave_their_room() -> None:
    months = sessions_held.by_month(Counter({(SEPTEMBER, "held"): 2, (SEPTEMBER + 3, "held"): 1}))

    assert months["held"].tolist() == [2, 0, 0, 1]
    assert months["month"].tolist()[1] == "Oct 2026"
    assert sessions_held.by_month(Counter()).empty


def test_sessions_held_are_of_those_that_were_to_be(
    db: Session, amina: Actor, leila: Actor, group: Group
) -> None:
    keep(db, Kind.SESSION, {("held", SEPTEMBER): 3})
    held = session_of(db, group, 3)
    outline = changing.outline(db, amina, group.ref)
    change = Cancel(held.ref, "Snow.", keeps_length=False)
    changing.apply(db, amina, group.ref, change, version=outline.version)

    found = sessions_held.sessions_held(db, leila, usual())

    assert found.held.words == "3 of 4, 75% (30% to 95%)"
    assert found.cancelled["reason"].tolist() == ["Snow."]
    assert sessions_held.sessions_held(db, leila, usual(), programme="open_door").months.empty


# --- The marks of one group --------------------------------------------------------------------


def test_a_facilitator_sees_who_came_and_the_look_is_noted(
    db: Session, ben: Actor, group: Group, place: Place
) -> None:
    tap(db, ben, place, 1, AttendanceCode.LATE)

    found = group_marks.marks(db, ben, group.ref)

    assert found.frame[["person", "session", "code", "what"]].to_numpy().tolist() == [
        ["Dana Okoro", 1, "L", "There"],
        ["Dana Okoro", 2, "?", "Not marked"],
    ]
    assert (found.live.count, found.live.of) == (1, 1)
    looked = select(AuditEntry.id).where(
        AuditEntry.subject == f"group:{group.ref}", AuditEntry.account_id == ben.account_id
    )
    assert db.scalars(looked).all()


def test_two_of_one_name_are_told_apart(
    db: Session, amina: Actor, ben: Actor, group: Group, place: Place
) -> None:
    make_place(db, amina, group, make_person(db, amina))

    found = group_marks.marks(db, ben, group.ref)

    assert sorted(set(found.frame["person"])) == ["Dana Okoro", "Dana Okoro (2)"]


def test_nobody_kept_out_of_a_record_sees_its_marks(
    db: Session, amina: Actor, ben: Actor, group: Group, place: Place
) -> None:
    person = db.get_one(Person, place.person_id)
    record_locks.keep_out(db, amina, person.ref, ben.ref, reason="They are neighbours.")

    assert group_marks.marks(db, ben, group.ref).people == 0


def test_a_stranger_and_a_lead_see_no_ones_marks(
    db: Session, chloe: Actor, leila: Actor, group: Group
) -> None:
    with pytest.raises(NotFoundError):
        group_marks.marks(db, chloe, group.ref)
    with pytest.raises(NotPermittedError):
        group_marks.marks(db, leila, group.ref)


# --- Who may see --------------------------------------------------------------------------------


def test_figures_that_may_rest_on_few_are_for_the_house(
    db: Session, vik: Actor, amina: Actor, ben: Actor
) -> None:
    for actor in (vik, amina, ben):
        for read in (
            lambda who: attendance_months.by_month(db, who, usual()),
            lambda who: sessions_held.sessions_held(db, who, usual()),
            lambda who: staying.staying(db, who),
            lambda who: staying.reasons(db, who),
            lambda who: staying.first_session(db, who),
            lambda who: cohort_heat.heat(db, who),
        ):
            with pytest.raises(NotPermittedError):
                read(actor)


def test_what_each_part_asks_does_not_grow_with_what_is_kept(
    db: Session, leila: Actor, count_queries: Counting
) -> None:
    keep(db, Kind.MONTH, {("P", SEPTEMBER - back): 5 for back in range(20)})
    for read, limit in (
        (lambda: attendance_months.by_month(db, leila, usual()), 1),
        (lambda: staying.staying(db, leila), 2),
        (lambda: sessions_held.sessions_held(db, leila, usual()), 2),
        (lambda: cohort_heat.heat(db, leila), 1),
    ):
        with count_queries() as statements:
            read()
        assert len(statements.sent) <= limit
