"""Which forms are due, of whom and when."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import Group, GroupState, Outcome, PersonKind, Place, PlaceState, Point, Respondent
from services import clock
from services.errors import NotPermittedError
from services.measures import measure_schedule, measures
from services.measures.measures import MeasureDraft
from services.permissions import Actor
from tests.conftest import Clock, Statements
from tests.make import make_group, make_person, make_place


@pytest.fixture
def kite(db: Session, amina: Actor, ben: Actor) -> Group:
    """Ben's group for parents and children, from 8 September for ten weeks."""
    return make_group(db, amina, [ben], programme="side_by_side", code_name="Kite")


@pytest.fixture
def robin(db: Session, amina: Actor, kite: Group) -> Place:
    """A child's place in it."""
    return make_place(db, amina, kite, make_person(db, amina, "Robin", kind=PersonKind.CHILD))


@pytest.fixture
def dana(db: Session, amina: Actor, kite: Group) -> Place:
    """A parent's place in it."""
    return make_place(db, amina, kite, make_person(db, amina, "Dana"))


def due(db: Session, actor: Actor, group: Group) -> set[tuple[str, str, str]]:
    frame = measure_schedule.schedule(db, actor, group.ref)
    frame = frame[frame["status"].eq("due")]
    columns = ["measure", "respondent", "point"]
    return {tuple(row) for row in frame[columns].itertuples(index=False)}


def steps(point: Point = Point.START, **more: object) -> MeasureDraft:
    facts: dict[str, object] = {
        "measure": "steps",
        "respondent": Respondent.SELF,
        "point": point,
        "taken_on": date(2026, 9, 16),
        "answers": dict.fromkeys(range(1, 9), 2),
    }
    return MeasureDraft(**{**facts, **more})  # type: ignore[arg-type]


def test_at_first_the_start_forms_are_due_of_child_and_parent_each_their_own(
    db: Session, ben: Actor, kite: Group, robin: Place, dana: Place
) -> None:
    assert due(db, ben, kite) == {
        ("steps", "self", "start"),
        ("steps", "parent", "start"),
        ("steps", "practitioner", "start"),
        ("gbo", "self", "start"),
        ("sdq", "parent", "start"),
        ("sdq_impact", "parent", "start"),
        ("bpses", "parent", "start"),
        ("swemwbs", "self", "start"),
    }
    whose = measure_schedule.schedule(db, ben, kite.ref).groupby("name")["measure"].agg(set)
    assert whose["Dana Okoro"] == {"bpses", "swemwbs"}
    assert whose["Robin Okoro"] == {"steps", "gbo", "sdq", "sdq_impact"}


def test_a_recorded_form_is_due_no_more_and_a_form_put_off_still_is(
    db: Session, ben: Actor, kite: Group, robin: Place
) -> None:
    measures.record(db, ben, robin.ref, steps())
    measures.record(
        db, ben, robin.ref, steps(respondent=Respondent.PARENT, outcome=Outcome.DECLINED)
    )
    measures.record(
        db, ben, robin.ref, steps(respondent=Respondent.PRACTITIONER, outcome=Outcome.NOT_TODAY)
    )

    assert {view for key, view, _ in due(db, ben, kite) if key == "steps"} == {"practitioner"}
    frame = measure_schedule.schedule(db, ben, kite.ref).set_index("form")
    recorded = frame.loc["Steps, child’s own answers, start"]
    assert (recorded["status"], recorded["version"]) == ("recorded", 1)
    assert recorded["taken_on"] == date(2026, 9, 16)


@pytest.mark.parametrize(
    ("days", "points"),
    [
        (0, {"start"}),
        # Half way is on 9 October, the last session on 10 November: from a week before each.
        (15, {"start"}),
        (16, {"start", "middle"}),
        # Until three weeks after: she joined on 16 September.
        (21, {"start", "middle"}),
        (22, {"middle"}),
        (44, {"middle"}),
        (45, set()),
        (47, set()),
        (48, {"end"}),
        (76, {"end"}),
        (77, set()),
    ],
)
def test_middle_and_end_become_due_as_the_weeks_go_by(
    db: Session,
    ben: Actor,
    kite: Group,
    robin: Place,
    time_stands_still: Clock,
    days: int,
    points: set[str],
) -> None:
    time_stands_still.go_on(days=days)

    found = {point for key, view, point in due(db, ben, kite) if (key, view) == ("steps", "self")}

    assert found == points


def test_the_follow_up_is_due_some_weeks_after_the_last_session(
    db: Session, amina: Actor, ben: Actor, time_stands_still: Clock
) -> None:
    craft = make_group(db, amina, [ben])
    make_place(db, amina, craft, make_person(db, amina))
    weeks = (craft.ends_on - date(2026, 9, 16)).days / 7 + 4

    time_stands_still.go_on(weeks=weeks, days=-1)
    assert ("swemwbs", "self", "follow_up") not in due(db, ben, craft)
    time_stands_still.go_on(days=1)
    assert ("swemwbs", "self", "follow_up") in due(db, ben, craft)


@pytest.mark.parametrize(
    ("covered", "points"),
    [
        (5, {"start"}),
        (6, {"start", "middle"}),
        (10, {"start", "middle"}),
        (11, {"start", "middle", "end"}),
    ],
)
def test_in_a_rolling_group_forms_follow_the_topics_somebody_has_covered(
    db: Session, amina: Actor, ben: Actor, covered: int, points: set[str]
) -> None:
    """Each of its eleven topics once, however often she came."""
    door = make_group(db, amina, [ben], programme="open_door", code_name="Door")
    place = make_place(db, amina, door, make_person(db, amina))
    place.covered = place.expected = 20
    place.topics_covered = covered
    db.flush()

    assert {point for key, _, point in due(db, ben, door) if key == "gbo"} == points


def test_measures_that_ask_about_immediate_risk_are_due_like_any_other(
    db: Session, amina: Actor, ben: Actor
) -> None:
    craft = make_group(db, amina, [ben])
    make_place(db, amina, craft, make_person(db, amina))

    assert ("core10", "self", "start") in due(db, ben, craft)


@pytest.mark.parametrize("state", [PlaceState.LEFT_EARLY, PlaceState.TRANSFERRED])
def test_nothing_is_due_of_somebody_who_has_left_but_late_forms_can_be_entered(
    db: Session, ben: Actor, kite: Group, robin: Place, state: PlaceState
) -> None:
    robin.state = state
    db.flush()

    assert due(db, ben, kite) == set()
    assert set(measure_schedule.schedule(db, ben, kite.ref)["status"]) == {"later"}


def test_those_who_wait_are_asked_for_nothing(db: Session, amina: Actor, ben: Actor) -> None:
    full = make_group(db, amina, [ben], capacity=1, code_name="Full")
    for name in ("Ines", "Maya"):
        make_place(db, amina, full, make_person(db, amina, name))

    assert set(measure_schedule.schedule(db, ben, full.ref)["name"]) == {"Ines Okoro"}


def test_due_forms_come_first(
    db: Session, ben: Actor, kite: Group, robin: Place, dana: Place
) -> None:
    status = measure_schedule.schedule(db, ben, kite.ref)["status"].tolist()

    assert status == sorted(status, key=lambda value: value != "due")
    assert "due" in status
    assert "later" in status


def test_finished_groups_are_still_offered_and_closed_ones_are_not(
    db: Session, amina: Actor, ben: Actor, kite: Group
) -> None:
    closed = make_group(db, amina, [ben], code_name="Heron")
    kite.state, closed.state = GroupState.FINISHED, GroupState.CLOSED
    db.flush()

    assert measure_schedule.groups(db, ben) == {kite.ref: "Kite"}


def test_another_facilitator_sees_neither_the_group_nor_its_people(
    db: Session, chloe: Actor, kite: Group, robin: Place
) -> None:
    assert measure_schedule.groups(db, chloe) == {}
    assert measure_schedule.schedule(db, chloe, kite.ref).empty


@pytest.mark.parametrize("role", ["amina", "leila", "ada", "vik", "erin"])
def test_only_facilitators_have_forms_to_take(
    db: Session, kite: Group, role: str, request: pytest.FixtureRequest
) -> None:
    stranger: Actor = request.getfixturevalue(role)

    with pytest.raises(NotPermittedError):
        measure_schedule.schedule(db, stranger, kite.ref)
    with pytest.raises(NotPermittedError):
        measure_schedule.due_everywhere(db, stranger)
    with pytest.raises(NotPermittedError):
        measure_schedule.groups(db, stranger)


# --- In all her groups -------------------------------------------------------------------


def test_what_is_due_in_all_her_groups_stands_in_one_list_the_most_pressing_first(
    db: Session, amina: Actor, ben: Actor, kite: Group, dana: Place, time_stands_still: Clock
) -> None:
    later = make_group(
        db, amina, [ben], programme="side_by_side", code_name="Wren",
        first_day=date(2026, 9, 22),
    )  # fmt: skip
    make_place(db, amina, later, make_person(db, amina, "Elin"))
    assert set(measure_schedule.due_everywhere(db, ben)["group"]) == {"Kite", "Wren"}

    found = measure_schedule.due_everywhere(db, ben)

    assert found["until"].is_monotonic_increasing
    first = found.iloc[0]
    assert (first["group"], first["name"]) == ("Kite", "Dana Okoro")
    assert first["group_ref"] == kite.ref
    for group in (kite, later):
        here = found[found["group_ref"].eq(group.ref)].drop(columns=["group_ref", "group", "until"])
        alone = measure_schedule.schedule(db, ben, group.ref)
        assert sorted(here["form"]) == sorted(alone[alone["status"].eq("due")]["form"])
    time_stands_still.moment = clock.start_of_day(first["until"])
    assert dana.ref in set(measure_schedule.due_everywhere(db, ben)["place"])
    time_stands_still.go_on(days=1)
    assert dana.ref not in set(measure_schedule.due_everywhere(db, ben)["place"])


def test_the_list_costs_the_same_with_more_groups(
    db: Session,
    amina: Actor,
    ben: Actor,
    kite: Group,
    dana: Place,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    measure_schedule.due_everywhere(db, ben)
    with count_queries() as one:
        measure_schedule.due_everywhere(db, ben)
    for name in ("Ash", "Birch", "Cedar"):
        group = make_group(db, amina, [ben], programme="side_by_side", code_name=name)
        make_place(db, amina, group, make_person(db, amina, name))
    with count_queries() as four:
        measure_schedule.due_everywhere(db, ben)
    assert len(four.sent) == len(one.sent)


def test_another_facilitators_list_is_empty(
    db: Session, chloe: Actor, kite: Group, dana: Place
) -> None:
    assert measure_schedule.due_everywhere(db, chloe).empty


@pytest.mark.parametrize("role", ["amina", "leila", "ada", "vik", "erin"])
def test_only_facilitators_have_a_list(
    db: Session, role: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        measure_schedule.due_everywhere(db, request.getfixturevalue(role))
