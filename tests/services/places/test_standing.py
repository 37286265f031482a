"""How people stand: who can still complete, one by one, and a group's figures."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import Covering, Group, GroupState, Person, Place, PlaceState, SessionState
from services.attendance import AttendanceCode as Code
from services.attendance import reached
from services.errors import NotFoundError, NotPermittedError
from services.groups import group_overview
from services.permissions import Actor
from services.places import places, standing
from services.programmes.completion import Outlook, Prospect, TopicsOutlook
from services.registers import covered_topics, marking
from services.registers.marking import NewMark
from services.tallies import tallies
from services.tallies.tallies import Cell, Kind
from tests.conftest import Clock, Statements
from tests.make import make_group, make_person, make_place, session_of


@pytest.fixture
def craft(db: Session, amina: Actor, ben: Actor) -> Group:
    """Twelve sessions from 8 September, nine of which complete; two have been."""
    return make_group(db, amina, [ben])


@pytest.fixture
def dana(db: Session, amina: Actor, craft: Group) -> Place:
    place = make_place(db, amina, craft, make_person(db, amina))
    place.joined_on = date(2026, 9, 8)
    db.flush()
    return place


def mark(db: Session, actor: Actor, place: Place, codes: str, start: int = 1) -> None:
    """Marks from a session on, one letter each."""
    group = db.get_one(Group, place.group_id)
    for number, code in enumerate(codes, start):
        new = NewMark(tap=f"{place.ref}{number}", place_ref=place.ref, code=Code(code))
        (taken,) = marking.mark(db, actor, session_of(db, group, number).ref, [new])
        assert taken.saved, taken


def outlook(db: Session, actor: Actor, place: Place) -> Prospect:
    found = standing.prospects(db, actor, db.get_one(Group, place.group_id))[place.ref]
    assert isinstance(found, Prospect)
    return found


def test_at_first_three_of_twelve_may_be_missed(db: Session, ben: Actor, dana: Place) -> None:
    assert outlook(db, ben, dana) == Prospect(Outlook.ON_COURSE, 3)


def test_each_absence_leaves_one_less_and_then_it_takes_catch_ups(
    db: Session, ben: Actor, dana: Place, time_stands_still: Clock
) -> None:
    time_stands_still.go_on(days=21)
    said = []
    for number, code in enumerate("PADAA", 1):
        mark(db, ben, dana, code, number)
        said.append(outlook(db, ben, dana))

    assert said == [
        Prospect(Outlook.ON_COURSE, 3),
        Prospect(Outlook.ON_COURSE, 2),
        Prospect(Outlook.ON_COURSE, 1),
        Prospect(Outlook.CAN_MISS_NO_MORE),
        Prospect(Outlook.NEEDS_CATCH_UPS, 1),
    ]


def test_apologies_told_ahead_count_as_missed(db: Session, ben: Actor, dana: Place) -> None:
    mark(db, ben, dana, "AAA", 3)

    assert outlook(db, ben, dana) == Prospect(Outlook.CAN_MISS_NO_MORE)


def test_a_late_joiner_has_missed_what_was_finished_or_came_before_her(
    db: Session, amina: Actor, ben: Actor, craft: Group
) -> None:
    late = make_place(db, amina, craft, make_person(db, amina, "Eve", "Eves"))  # 16 September

    assert outlook(db, ben, late) == Prospect(Outlook.ON_COURSE, 1)


def test_a_finished_register_leaves_nothing_to_come_to(
    db: Session, ben: Actor, dana: Place, craft: Group
) -> None:
    for number in range(1, 11):
        held = session_of(db, craft, number)
        held.state, held.finished_at = SessionState.HELD, held.ends_at
    db.flush()

    assert outlook(db, ben, dana) == Prospect(Outlook.NEEDS_CATCH_UPS, 7)


def test_a_cancelled_session_can_be_neither_come_to_nor_caught_up_on(
    db: Session, ben: Actor, dana: Place, craft: Group
) -> None:
    for number in range(1, 5):
        session_of(db, craft, number).state = SessionState.CANCELLED
    db.flush()

    assert outlook(db, ben, dana) == Prospect(Outlook.IMPOSSIBLE, 1)


@pytest.mark.parametrize("state", [GroupState.FINISHED, GroupState.CLOSED, GroupState.CANCELLED])
def test_a_group_that_has_ended_has_nobody_to_help(
    db: Session, ben: Actor, dana: Place, craft: Group, state: GroupState
) -> None:
    craft.state = state
    db.flush()

    assert standing.prospects(db, ben, craft) == {}


def test_a_drop_in_group_has_nothing_to_complete(db: Session, amina: Actor, ben: Actor) -> None:
    tea = make_group(db, amina, [ben], programme="coffee_craft_connect", code_name="Tea")
    make_place(db, amina, tea, make_person(db, amina, "Eve", "Eves"))

    assert standing.prospects(db, ben, tea) == {}
    assert group_overview.read(db, ben, tea.ref).group.to_complete is None


# --- Rolling groups ----------------------------------------------------------------------------


@pytest.fixture
def kettles(db: Session, amina: Actor, ben: Actor) -> Group:
    """A rolling group from 8 September on; two of its topics have been."""
    return make_group(db, amina, [ben], programme="open_door", code_name="Kettles")


@pytest.fixture
def eve(db: Session, amina: Actor, kettles: Group) -> Place:
    place = make_place(db, amina, kettles, make_person(db, amina, "Eve", "Eves"))
    place.joined_on = date(2026, 9, 8)
    db.flush()
    return place


def topics(db: Session, actor: Actor, place: Place) -> TopicsOutlook:
    found = standing.prospects(db, actor, db.get_one(Group, place.group_id))[place.ref]
    assert isinstance(found, TopicsOutlook)
    return found


def test_topics_still_to_cover_come_with_the_day_they_come_up_next(
    db: Session, ben: Actor, kettles: Group, eve: Place
) -> None:
    mark(db, ben, eve, "PA")
    found = topics(db, ben, eve)
    second, third = session_of(db, kettles, 2), session_of(db, kettles, 3)
    assert (found.covered, found.missing) == (1, (second.topic,))
    assert found.left[1].topic == third.topic
    assert found.left[1].next_at is not None
    assert found.left[1].next_at.date() == date(2026, 9, 22)
    assert found.last_at is None


def test_a_topic_covered_in_another_round_or_instead_of_another_counts_once(
    db: Session, amina: Actor, ben: Actor, kettles: Group, eve: Place
) -> None:
    mark(db, ben, eve, "PA")
    first, second = session_of(db, kettles, 1), session_of(db, kettles, 2)
    round_two = make_group(
        db, amina, [ben], programme="open_door", code_name="Pans", first_day=date(2026, 9, 9)
    )
    again = make_place(db, amina, round_two, db.get_one(Person, eve.person_id))
    again.joined_on = date(2026, 9, 9)
    db.flush()
    mark(db, ben, again, "P")
    assert topics(db, ben, eve).covered == 1
    covered_topics.cover(
        db, ben, session_of(db, round_two, 1).ref, Covering.ANOTHER, second.topic, version=0
    )
    found = topics(db, ben, eve)
    assert (found.covered, found.missing) == (2, ())
    assert found.last_at is not None
    assert first.topic not in [one.topic for one in found.left]


def test_what_a_session_did_not_cover_nobody_has_covered(
    db: Session, ben: Actor, kettles: Group, eve: Place
) -> None:
    mark(db, ben, eve, "P")
    session = session_of(db, kettles, 1).ref
    covered_topics.cover(db, ben, session, Covering.NOTHING, version=0)
    assert topics(db, ben, eve).covered == 0


def test_one_persons_standing_in_a_rolling_group_is_its_topics(
    db: Session, ben: Actor, eve: Place
) -> None:
    mark(db, ben, eve, "PA")
    found = standing.of_place(db, ben, eve.ref)
    assert found.topics == topics(db, ben, eve)
    assert found.topics is not None
    verdict = found.verdicts[0]
    assert (verdict.rule, verdict.reached) == ("Each topic once", 1)
    assert verdict.needed == found.topics.topics


def test_topics_cost_the_same_for_one_and_for_many(
    db: Session,
    amina: Actor,
    ben: Actor,
    kettles: Group,
    eve: Place,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    with count_queries() as few:
        standing.prospects(db, ben, kettles)
    for number in range(4):
        make_place(db, amina, kettles, make_person(db, amina, f"F{number}", f"Last{number}"))
    with count_queries() as many:
        assert len(standing.prospects(db, ben, kettles)) == 5
    assert len(many) == len(few)


def test_it_costs_the_same_for_one_and_for_many(
    db: Session,
    amina: Actor,
    ben: Actor,
    craft: Group,
    dana: Place,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    with count_queries() as for_one:
        standing.prospects(db, ben, craft)
    for number in range(5):
        place = make_place(db, amina, craft, make_person(db, amina, f"P{number}", f"N{number}"))
        place.joined_on = date(2026, 9, 8)
        db.flush()
        mark(db, ben, place, "PA")
    with count_queries() as for_many:
        standing.prospects(db, ben, craft)

    assert len(for_one) == len(for_many) <= 5


# --- One person --------------------------------------------------------------------------


def test_one_persons_rates_leave_out_what_she_was_not_expected_at(
    db: Session, amina: Actor, ben: Actor, craft: Group, time_stands_still: Clock
) -> None:
    late = make_place(db, amina, craft, make_person(db, amina, "Eve", "Eves"))
    time_stands_still.go_on(days=14)
    late.joined_on = date(2026, 9, 15)
    db.flush()
    mark(db, ben, late, "PD", 2)
    late.left_on = date(2026, 10, 6)
    db.flush()

    found = standing.of_place(db, ben, late.ref)

    # Session 1 was before her; sessions 4 and 5 are still unmarked; from 6 on she has left.
    assert (found.rates.attended, found.rates.expected, found.rates.unrecorded) == (1, 2, 2)
    assert found.rates.live == 0.5
    assert [one.rule for one in found.verdicts] == [
        "Content covered", "At the final session", "Engaged",
    ]  # fmt: skip


def test_nothing_expected_is_not_available_and_never_nought(
    db: Session, ben: Actor, dana: Place
) -> None:
    assert standing.of_place(db, ben, dana.ref).rates.live is None


# --- A group's figures -------------------------------------------------------------------


def test_figures_say_of_whom_and_count_a_person_once(
    db: Session, amina: Actor, ben: Actor, craft: Group, dana: Place
) -> None:
    craft.sessions_to_complete = 2
    mark(db, ben, dana, "PO")
    eve = make_person(db, amina, "Eve", "Eves")
    first = make_place(db, amina, craft, eve)
    places.leave(db, amina, first.ref, on=date(2026, 9, 16), reason="", version=first.version)
    make_place(db, amina, craft, eve)  # she comes back

    found = standing.figures(db, ben, craft)

    assert found.enrolled == 2
    assert (found.started.count, found.started.of) == (1, 2)
    assert (found.engaged.count, found.completed.count) == (1, 1)
    assert (found.completed_of_started.count, found.completed_of_started.of) == (1, 1)


def test_whoever_waits_or_declined_is_not_enrolled(
    db: Session, ben: Actor, craft: Group, dana: Place
) -> None:
    dana.state = PlaceState.WAITING
    db.flush()

    found = standing.figures(db, ben, craft)

    assert found.enrolled == 0
    assert found.completed.share is None


@pytest.mark.parametrize("who", ["ada", "vik", "erin"])
def test_figures_are_for_those_who_see_groups(
    db: Session, craft: Group, dana: Place, who: str, request: pytest.FixtureRequest
) -> None:
    other = request.getfixturevalue(who)
    for act in (standing.figures, standing.prospects):
        with pytest.raises(NotPermittedError):
            act(db, other, craft)
    with pytest.raises(NotPermittedError):
        standing.of_place(db, other, dana.ref)


def test_a_stranger_finds_neither_group_nor_place(
    db: Session, chloe: Actor, leila: Actor, craft: Group, dana: Place
) -> None:
    with pytest.raises(NotFoundError):
        group_overview.read(db, chloe, craft.ref)
    with pytest.raises(NotFoundError):
        standing.of_place(db, chloe, dana.ref)
    with pytest.raises(NotPermittedError):
        standing.prospects(db, leila, craft)
    assert standing.figures(db, leila, craft).enrolled == 1


# --- Over the programme ------------------------------------------------------------------


def keep(db: Session, **counts: int) -> None:
    cells = {Cell(Kind.PLACE, "open_door", "2026-Q3", key): n for key, n in counts.items()}
    tallies.add(db, Counter(cells))


def test_steps_are_said_of_those_enrolled_and_of_those_who_started(
    db: Session, leila: Actor
) -> None:
    keep(db, enrolled=50, started=40, engaged=35, completed=20)

    found = {step.label: step for step in reached.steps(db, leila)}

    assert list(found) == ["Started", "Engaged", "Completed"]
    assert found["Completed"].of_enrolled.percent == "40%"
    of_started = found["Completed"].of_started
    assert of_started is not None
    assert of_started.percent == "50%"


def test_without_places_there_are_no_steps(db: Session, leila: Actor) -> None:
    assert reached.steps(db, leila) == ()


def test_an_evaluator_sees_no_step_where_one_is_small(
    db: Session, leila: Actor, vik: Actor
) -> None:
    keep(db, enrolled=50, started=40, engaged=30, completed=28)
    assert len(reached.steps(db, vik)) == 3

    keep(db, engaged=8)  # two of those who started are left out

    assert reached.steps(db, vik) == ()
    assert len(reached.steps(db, leila)) == 3


def test_twice_is_engaged_and_the_counts_follow(db: Session, ben: Actor, dana: Place) -> None:
    mark(db, ben, dana, "PP")

    counts = tallies.counts(db, Kind.PLACE).set_index("key")["count"].to_dict()
    assert counts == {"enrolled": 1, "started": 1, "engaged": 1}


# --- In people -------------------------------------------------------------------------------


def test_somebody_in_two_groups_is_two_places_and_one_person(
    db: Session, amina: Actor, ben: Actor, leila: Actor, dana: Place
) -> None:
    again = make_group(db, amina, [ben], code_name="Wednesday walk", first_day=date(2026, 9, 9))
    second = make_place(db, amina, again, db.get_one(Person, dana.person_id))
    second.joined_on = date(2026, 9, 9)
    db.flush()
    mark(db, ben, dana, "PP")
    mark(db, ben, second, "P")

    in_places = {step.label: step.of_enrolled for step in reached.steps(db, leila)}
    in_people = {step.label: step.of_enrolled for step in reached.people_steps(db, leila)}

    assert (in_places["Started"].count, in_places["Started"].of) == (2, 2)
    assert (in_people["Started"].count, in_people["Started"].of) == (1, 1)
    assert (in_people["Engaged"].count, in_people["Completed"].count) == (1, 0)
    assert reached.people_steps(db, leila, programme="open_door") == ()


def test_an_evaluator_sees_people_only_where_nobody_can_be_told_apart(
    db: Session, vik: Actor, ben: Actor, dana: Place
) -> None:
    mark(db, ben, dana, "PP")
    assert reached.people_steps(db, vik) == ()


def test_totals_in_people_are_for_who_sees_outcomes(db: Session, ben: Actor) -> None:
    with pytest.raises(NotPermittedError):
        reached.people_steps(db, ben)
