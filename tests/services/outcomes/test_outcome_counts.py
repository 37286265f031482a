"""Counts behind outcomes, kept as forms and marks are saved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Group, Outcome, Place, Point, Respondent, Tally
from services.attendance import AttendanceCode
from services.errors import NotFoundError
from services.measures import measures
from services.measures.measure_counts import cells
from services.measures.measure_sums import weeks_of
from services.measures.measures import MeasureDraft
from services.outcomes import outcomes
from services.permissions import Actor
from services.registers import marking
from services.registers.marking import NewMark
from services.tallies import recount
from services.tallies.tallies import Kind
from tests.conftest import NOW
from tests.make import make_group, make_person, make_place, session_of
from tests.services.outcomes.forms import KEY, WHERE, form, keep, pair
from tests.services.outcomes.pairs import keep_places

# --- Versions ----------------------------------------------------------------------------


def test_two_versions_of_a_measure_are_never_compared(db: Session, leila: Actor) -> None:
    keep(db, *[pair(15, 5)] * 3)
    keep(db, *[pair(12, 6, version=2)] * 2)
    keep(db, [form(total=9), form(Point.END, 3, week=12, version=2)])

    old, new = (outcomes.report(db, leila, key) for key in (KEY, f"{KEY}:2"))

    assert (old.pairs, new.pairs) == (3, 2)
    assert new.title == "GAD-7, own answers, version 2"
    assert f"1 with both forms are left out. {outcomes.NEW_VERSION}" in old.notes
    assert set(outcomes.choices(db, leila)) == {KEY, f"{KEY}:2"}


@pytest.mark.parametrize("key", ["gad7:self:x", "gad7:self:", "gad7:self:2:1"])
def test_a_version_that_is_none_is_not_found(db: Session, leila: Actor, key: str) -> None:
    if key == "gad7:self:":
        assert outcomes.report(db, leila, key).pairs == 0
        return
    with pytest.raises(NotFoundError):
        outcomes.report(db, leila, key)


# --- Counts kept as forms and marks are saved --------------------------------------------


def test_a_mark_moves_change_to_the_sessions_it_makes(
    db: Session, amina: Actor, ben: Actor
) -> None:
    place = recorded(db, amina, ben)
    assert cell(db, Kind.SESSIONS, 0, 0) == 1
    tap(db, ben, place, AttendanceCode.ATTENDED, 0)

    assert cell(db, Kind.SESSIONS, 0, 0) == 0
    assert cell(db, Kind.SESSIONS, 1, 0) == 1
    assert cell(db, Kind.CONTENT, 1, 3) == (1688 - 2154) ** 2
    assert recount.differences(db) == []

    tap(db, ben, place, None, 1)
    assert cell(db, Kind.SESSIONS, 0, 0) == 1
    assert recount.differences(db) == []


def test_sessions_of_whoever_has_no_end_form_are_added_up(
    db: Session, amina: Actor, ben: Actor
) -> None:
    place = recorded(db, amina, ben, ends=False)
    tap(db, ben, place, AttendanceCode.ATTENDED, 0)

    assert cell(db, Kind.ALONE, 0, 0) == 1
    assert recount.differences(db) == []


def test_totals_kept_with_a_place_are_put_right(db: Session, amina: Actor, ben: Actor) -> None:
    place = recorded(db, amina, ben)
    tap(db, ben, place, AttendanceCode.ATTENDED, 0)
    db.execute(update(Place).values(measured={"swemwbs:self": [1, 2]}))
    db.expire_all()

    assert [str(one) for one in recount.put_right(db)]
    db.expire_all()
    assert place.measured == {"swemwbs:self": [1688, 2154]}
    assert recount.differences(db) == []


def test_sums_are_put_right_from_the_forms(db: Session, amina: Actor, ben: Actor) -> None:
    recorded(db, amina, ben)
    db.execute(update(Tally).where(Tally.kind == "path").values(count=7))

    assert recount.put_right(db)
    assert recount.differences(db) == []


@given(weeks=st.lists(st.integers(0, 400), min_size=1, max_size=3))
def test_the_weeks_of_a_path_can_be_read_again(weeks: list[int]) -> None:
    points = (Point.START, Point.MIDDLE, Point.END)
    ordered = sorted(weeks)
    forms = [form(p, 5, week=w) for p, w in zip(points, ordered, strict=False)]

    (path,) = {one.first for one in cells(*WHERE, forms) if one.kind is Kind.PATH}

    assert weeks_of(path) == tuple(week - ordered[0] for week in ordered)


def test_forms_weeks_after_the_group_are_no_part_of_its_growth() -> None:
    counted = cells(*WHERE, [form(), form(Point.FOLLOW_UP, 5, week=30)])

    assert {one.first for one in counted if one.kind is Kind.WEEK} == {0}


def test_why_a_form_was_not_filled_in_is_counted(db: Session, leila: Actor) -> None:
    keep_places(db, enrolled=3, started=3)
    keep(db, [form(), form(Point.END, outcome=Outcome.DECLINED)], [form(outcome=Outcome.NO_TIME)])

    flow = outcomes.report(db, leila, KEY).flow.set_index("step")

    assert flow.loc["Start form", "lost"] == "1 ran out of time"
    assert flow.loc["Start and end form", "lost"] == "1 declined"


def recorded(db: Session, amina: Actor, ben: Actor, *, ends: bool = True) -> Place:
    """A place in Ben's group with SWEMWBS at the start, and at the end."""
    group = make_group(db, amina, [ben], first_day=NOW.date())
    place = make_place(db, amina, group, make_person(db, amina))
    for point, total in ((Point.START, 17), (Point.END, 24))[: 1 + ends]:
        draft = MeasureDraft(
            measure="swemwbs",
            respondent=Respondent.SELF,
            point=point,
            taken_on=NOW.date(),
            paper_total=total,
        )
        measures.record(db, ben, place.ref, draft)
    return place


def tap(db: Session, ben: Actor, place: Place, code: AttendanceCode | None, version: int) -> None:
    held = session_of(db, db.get_one(Group, place.group_id))
    new = NewMark(tap=f"tap {version}", place_ref=place.ref, code=code, version=version)
    (answer,) = marking.mark(db, ben, held.ref, [new])
    assert answer.saved


def cell(db: Session, kind: Kind, first: int, second: int) -> int:
    found = db.scalar(
        select(Tally.count).where(
            Tally.kind == kind.value,
            Tally.key == "swemwbs:self",
            Tally.first == first,
            Tally.second == second,
        )
    )
    return found or 0
