"""Groups, programmes, venues and times compared: from kept sums, for the house alone."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Group, GroupState, Place, PlaceState, Room
from services import clock
from services.errors import InvalidInputError, NotPermittedError
from services.outcomes import comparing
from services.outcomes.comparing import By, Figure, time_of
from services.outcomes.comparing_figures import Unit, compared
from services.permissions import Actor
from services.tallies import tallies
from services.tallies.periods import Period, usual
from services.tallies.tallies import Cell, Kind
from tests.conftest import Clock, Statements
from tests.make import make_group, make_person

Counting = Callable[[], AbstractContextManager[Statements]]
Run = Callable[..., Group]


@pytest.fixture
def run(db: Session, amina: Actor, ben: Actor, time_stands_still: Clock) -> Run:
    """A group whose people came so often of so many sessions each."""

    def made(name: str, came: list[tuple[int, int]], **more: object) -> Group:
        group = make_group(
            db, amina, [ben], code_name=name, first_day=more.pop("first_day", date(2026, 6, 2)),  # type: ignore[arg-type]
            programme=more.pop("programme", "steps_forward"),  # type: ignore[arg-type]
        )  # fmt: skip
        for field, value in more.items():
            setattr(group, field, value)
        for attended, expected in came:
            _seat(db, amina, group, attended, expected)
        db.flush()
        return group

    return made


def _seat(db: Session, amina: Actor, group: Group, attended: int, expected: int) -> None:
    db.add(
        Place(
            group_id=group.id,
            person_id=make_person(db, amina).id,
            state=PlaceState.STARTED if attended else PlaceState.ACCEPTED,
            asked_at=clock.now(),
            joined_on=group.starts_on,
            attended=attended,
            covered=attended,
            expected=expected,
        )
    )
    db.flush()


STEADY = [(7, 10), (8, 10), (9, 10), (6, 10), (8, 10), (7, 10)]


def test_groups_are_compared_by_name_with_their_numbers(
    db: Session, leila: Actor, run: Run
) -> None:
    run("Pinwheels", STEADY)
    run("Anchors", STEADY)

    found = comparing.compare(db, leila, By.GROUP, Figure.ATTENDANCE, usual())

    assert found.units["unit"].tolist() == ["Anchors", "Pinwheels"]
    assert found.units["label"].tolist()[0].startswith("45 of 60, 75% (")
    assert found.units["says"].tolist() == ["Within what chance would give"] * 2
    assert (found.whole.count, found.whole.of, found.left_out) == (90, 120, 0)
    assert found.scatter == 0


def test_a_group_far_off_asks_why_and_a_small_one_does_not(
    db: Session, leila: Actor, run: Run
) -> None:
    for name in ("A", "B", "C", "D", "E"):
        run(name * 3, STEADY)
    run("Far", [(1, 10)] * 4 + [(2, 10)] * 4)
    run("Small", [(2, 2)] * 5)

    found = comparing.compare(db, leila, By.GROUP, Figure.ATTENDANCE, usual())
    says = dict(zip(found.units["unit"], found.units["says"], strict=True))

    assert says["Far"] == "Lower than chance would give: ask why"
    assert "ask why" not in says["Small"]


def test_two_runs_of_one_name_are_told_apart(db: Session, leila: Actor, run: Run) -> None:
    run("Kites", STEADY)
    run("Kites", STEADY, first_day=date(2026, 3, 3))

    found = comparing.compare(db, leila, By.GROUP, Figure.ATTENDANCE, usual())

    assert found.units["unit"].tolist() == ["Kites, Jun 2026", "Kites, Mar 2026"]


def test_a_group_of_few_is_not_shown_and_cannot_be_worked_out(
    db: Session, leila: Actor, run: Run
) -> None:
    run("Anchors", STEADY)
    run("Boats", STEADY * 2)
    run("Candles", STEADY * 2)
    run("Few", [(1, 10), (9, 10)])

    found = comparing.compare(db, leila, By.GROUP, Figure.ATTENDANCE, usual())

    # One alone could be worked out from the whole, so the next smallest is left out with it.
    assert found.units["unit"].tolist() == ["Boats", "Candles"]
    assert found.left_out == 2
    assert found.whole.of == 320


def test_completing_is_of_those_enrolled_in_groups_that_are_over(
    db: Session, leila: Actor, run: Run
) -> None:
    over = {"state": GroupState.FINISHED, "sessions_to_complete": 8}
    run("Anchors", [*STEADY, (0, 0)], **over)
    run("Boats", [(9, 10)] * 6, **over)
    run("Running", [(9, 10)] * 6, state=GroupState.RUNNING)

    found = comparing.compare(db, leila, By.GROUP, Figure.COMPLETION, usual())

    assert found.units[["unit", "count", "of"]].to_numpy().tolist() == [
        ["Anchors", 3, 7],
        ["Boats", 6, 6],
    ]
    assert found.effect == 1


def test_venues_and_times_gather_their_groups(db: Session, leila: Actor, run: Run) -> None:
    room = Room(name="Blue room", is_active=True)
    db.add(room)
    db.flush()
    run("Anchors", STEADY, room_id=room.id)
    run("Boats", STEADY, first_day=date(2026, 6, 3))
    run("Candles", STEADY, room_id=room.id)

    venues = comparing.compare(db, leila, By.VENUE, Figure.ATTENDANCE, usual())
    times = comparing.compare(db, leila, By.TIME, Figure.ATTENDANCE, usual())

    assert dict(zip(venues.units["unit"], venues.units["of"], strict=True)) == {
        "Blue room": 120,
        comparing.NO_ROOM: 60,
    }
    assert times.units["unit"].tolist() == ["Tuesday morning", "Wednesday morning"]


@pytest.mark.parametrize(
    ("hour", "part"), [(9, "morning"), (12, "afternoon"), (16, "afternoon"), (17, "evening")]
)
def test_the_day_has_three_parts(hour: int, part: str) -> None:
    assert time_of(datetime(2026, 6, 2, hour)) == f"Tuesday {part}"  # noqa: DTZ001 - wall time


def answered_twice(db: Session, programme: str, start: int, end: int, people: int) -> None:
    where = programme, "2026-Q2", "gad7:self"
    pair, at_an_age = Cell(Kind.PAIR, *where, start, end), Cell(Kind.AGE, *where, 30, 1)
    tallies.add(db, Counter({pair: people, at_an_age: people}))


def test_clear_improvement_is_by_programme_on_the_measure_most_used(
    db: Session, leila: Actor
) -> None:
    pairs = {
        ("steps_forward", 1500, 800): 4,
        ("steps_forward", 1000, 1000): 4,
        ("side_by_side", 1500, 800): 5,
        ("side_by_side", 1000, 1100): 1,
    }
    for (programme, start, end), people in pairs.items():
        answered_twice(db, programme, start, end, people)

    found = comparing.compare(db, leila, By.PROGRAMME, Figure.IMPROVEMENT, usual())

    assert found.units[["unit", "count", "of"]].to_numpy().tolist() == [
        ["Side by Side", 5, 6],
        ["Steps Forward", 4, 8],
    ]
    assert "4 points or more" in found.about
    past = Period(date(2020, 1, 1), date(2020, 6, 1))
    assert comparing.compare(db, leila, By.PROGRAMME, Figure.IMPROVEMENT, past).units.empty


def test_clear_improvement_of_groups_venues_and_quarters_is_of_those_with_both_forms(
    db: Session, leila: Actor, run: Run
) -> None:
    groups = [run(f"Group {number}", STEADY) for number in range(2)]
    key = "gad7:self"
    answered_twice(db, "steps_forward", 1500, 800, 12)
    for group, better in zip(groups, (6, 2), strict=True):
        places = db.scalars(select(Place).where(Place.group_id == group.id))
        for number, place in enumerate(places):
            place.measured = {key: [1500, 800 if number < better else 1400]}
    db.flush()

    found = comparing.compare(db, leila, By.GROUP, Figure.IMPROVEMENT, usual())
    quarter = comparing.compare(db, leila, By.QUARTER, Figure.IMPROVEMENT, usual())

    assert found.units[["unit", "count", "of"]].to_numpy().tolist() == [
        ["Group 0", 6, 6],
        ["Group 1", 2, 6],
    ]
    assert "4 points or more" in found.about
    assert (quarter.whole.count, quarter.whole.of) == (8, 12)
    assert quarter.units.empty  # one quarter alone is compared with nothing


def test_with_nothing_or_one_to_compare_there_are_no_rows(
    db: Session, leila: Actor, run: Run
) -> None:
    for by in By:
        assert comparing.compare(db, leila, by, Figure.ATTENDANCE, usual()).units.empty
    run("Alone", STEADY)
    run("Empty", [])

    assert comparing.compare(db, leila, By.GROUP, Figure.ATTENDANCE, usual()).units.empty
    assert comparing.compare(db, leila, By.GROUP, Figure.COMPLETION, usual()).units.empty


def test_everyone_there_always_is_within_chance() -> None:
    found = compared([Unit("One", 50, 50, 5), Unit("Two", 80, 80, 8)], effect=2.0)

    assert set(found.units["place"]) == {"within"}
    assert found.units["share"].tolist() == [1.0, 1.0]
    assert found.asks.empty


def test_a_period_that_ends_before_it_starts_is_refused(db: Session, leila: Actor) -> None:
    turned = Period(date(2026, 9, 2), date(2026, 9, 1))
    with pytest.raises(InvalidInputError, match="ends before it starts"):
        comparing.compare(db, leila, By.GROUP, Figure.ATTENDANCE, turned)


@pytest.mark.parametrize("figure", list(Figure))
def test_groups_are_compared_only_inside_the_house(
    db: Session, vik: Actor, amina: Actor, ben: Actor, erin: Actor, figure: Figure
) -> None:
    for actor in (vik, amina, ben, erin):
        with pytest.raises(NotPermittedError):
            comparing.compare(db, actor, By.PROGRAMME, figure, usual())


def test_more_groups_cost_no_more_statements(
    db: Session, leila: Actor, run: Run, count_queries: Counting
) -> None:
    run("Anchors", STEADY)
    run("Boats", STEADY)
    sent = []
    for more in range(2):
        with count_queries() as statements:
            comparing.compare(db, leila, By.GROUP, Figure.ATTENDANCE, usual())
        sent.append(len(statements.sent))
        run(f"Candles {more}", STEADY)
        run(f"Drums {more}", STEADY)

    assert sent[0] == sent[1] <= 4
