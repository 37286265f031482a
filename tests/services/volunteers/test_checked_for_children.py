"""Nobody begins with children unless her check counts, by whatever way; without them nothing stops.

What counts is reckoned here a second time, from what was done and nothing else.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    CheckDecision,
    CheckLevel,
    DbsCheck,
    Group,
    PlacementRole,
    Stage,
    Volunteer,
    Workforce,
)
from services import clock
from services.errors import InvalidInputError
from services.permissions import Actor
from services.placing import eligibility, placements
from services.placing.eligibility import Task
from services.placing.placements import PlacementDraft
from services.volunteers.vetting import dbs, eligible, retention, update_service
from services.volunteers.vetting.dbs import Certificate, Request
from services.volunteers.vetting.eligible import checked_for_children
from services.volunteers.vetting.finding import rhythm
from services.volunteers.vetting.update_service import Answer
from tests.conftest import NOW, Clock
from tests.make import make_check, make_group, make_volunteer

TODAY = date(2026, 9, 16)
GOOD = (CheckDecision.CLEARED, CheckDecision.ARRANGEMENTS)


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    """An active volunteer with every course and no check."""
    one = make_volunteer(db, amina, stage=Stage.ACTIVE)
    db.delete(db.scalars(select(DbsCheck)).one())
    db.flush()
    return one


@pytest.fixture
def groups(db: Session, amina: Actor, ben: Actor) -> dict[str, Group]:
    """One group for adults, one for children and one for both, all far ahead."""
    programmes = {"adults": "steps_forward", "children": "crush", "both": "kids_club"}
    return {
        who: make_group(
            db, amina, [ben], programme=programme, code_name=who, first_day=date(2069, 9, 2)
        )
        for who, programme in programmes.items()
    }


def place(
    db: Session,
    actor: Actor,
    maya: Volunteer,
    group: Group,
    role: PlacementRole = PlacementRole.WELCOME,
    starts_on: date = TODAY,
) -> str:
    draft = PlacementDraft(
        volunteer_ref=maya.ref, group_ref=group.ref, role=role, starts_on=starts_on
    )
    return placements.place(db, actor, draft)


# --- One by one --------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(PlacementRole))
@pytest.mark.parametrize("who", ["adults", "children", "both"])
def test_without_a_check_everything_without_children_is_open_and_nothing_else(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    groups: dict[str, Group],
    role: PlacementRole,
    who: str,
) -> None:
    if who == "adults" and role is not PlacementRole.CRECHE:
        assert place(db, amina, maya, groups[who], role)
        return
    with pytest.raises(InvalidInputError, match="needs a DBS check first") as refused:
        place(db, amina, maya, groups[who], role)
    assert list(refused.value.problems) == ["role"]
    assert placements.of_volunteer(db, amina, maya.ref).empty


def test_the_last_day_is_counted_and_the_day_after_is_not(
    db: Session, amina: Actor, maya: Volunteer, groups: dict[str, Group]
) -> None:
    make_check(db, amina, maya, issued_on=TODAY.replace(year=2023))
    assert place(db, amina, maya, groups["children"])
    with pytest.raises(InvalidInputError, match="counts until 16 September 2026"):
        place(db, amina, maya, groups["both"], starts_on=TODAY + timedelta(days=1))


def test_a_first_day_in_the_past_does_not_bring_back_a_check_that_is_over(
    db: Session, amina: Actor, maya: Volunteer, groups: dict[str, Group]
) -> None:
    make_check(db, amina, maya, issued_on=date(2023, 9, 1))
    with pytest.raises(InvalidInputError, match="Renew it"):
        place(db, amina, maya, groups["children"], starts_on=date(2026, 8, 1))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"decision": CheckDecision.NOT_NOW}, "does not clear her"),
        ({"workforce": Workforce.ADULTS}, "needs a DBS check first"),
        ({"level": CheckLevel.STANDARD}, "needs a DBS check first"),
        ({"changed_on": TODAY, "update_service_on": TODAY}, "something new"),
        ({"is_current": False}, "needs a DBS check first"),
    ],
)
def test_a_check_that_does_not_answer_for_children_is_none(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    groups: dict[str, Group],
    changes: dict[str, object],
    says: str,
) -> None:
    make_check(db, amina, maya, **changes)
    with pytest.raises(InvalidInputError, match=says):
        place(db, amina, maya, groups["children"])


@pytest.mark.parametrize("decision", CheckDecision)
@pytest.mark.parametrize("changed_on", [None, TODAY])
def test_a_session_counts_on_her_for_children_only_where_she_would_be_placed_with_them(
    db: Session, amina: Actor, maya: Volunteer, decision: CheckDecision, changed_on: date | None
) -> None:
    one = make_check(
        db, amina, maya, decision=decision, update_service_on=TODAY, changed_on=changed_on
    )

    would_be_placed = eligible.refusal(one, TODAY, rhythm(db)) is None
    assert (maya.id in eligible.checked_until(db, [maya.id])) is would_be_placed
    assert would_be_placed is (decision is not CheckDecision.NOT_NOW and changed_on is None)


def test_one_who_is_placed_stays_so_when_her_check_runs_out(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    groups: dict[str, Group],
    time_stands_still: Clock,
) -> None:
    make_check(db, amina, maya, issued_on=date(2023, 10, 1))
    place(db, amina, maya, groups["children"])
    time_stands_still.go_on(days=60)
    (row,) = placements.of_volunteer(db, amina, maya.ref).to_dict("records")
    assert row["ends"] is None


def test_the_rule_costs_the_same_for_many_volunteers_as_for_one(
    db: Session, amina: Actor, groups: dict[str, Group], count_queries
) -> None:
    task = Task(groups["both"], PlacementRole.CRECHE, TODAY, TODAY)
    several: list[Volunteer] = []
    costs = []
    for name in ("A", "B", "C"):
        several.append(make_volunteer(db, amina, name, stage=Stage.ACTIVE))
        with count_queries() as statements:
            assert not any(eligibility.obstacles(db, several, task).values())
        costs.append(len(statements))
    assert len(set(costs)) == 1


# --- Every way there is ------------------------------------------------------------------


@dataclass
class Done:
    """A check as it was recorded, in this test's own words."""

    ref: str
    number: int
    level: CheckLevel
    workforce: Workforce
    issued: date
    decision: CheckDecision
    joined: bool
    counts_from: date
    ended: bool = False


def counts(done: list[Done], on: date) -> bool:
    """Whether what was done lets her begin with children on a day."""
    about = [
        one
        for one in done
        if one.workforce is not Workforce.ADULTS
        and (one.level is CheckLevel.ENHANCED or one.decision is CheckDecision.NOT_NOW)
    ]
    if not about:
        return False
    last = max(about, key=lambda one: (one.issued, one.number))
    years = 1 if last.joined else 3
    return last.decision in GOOD and not last.ended and on <= after(last.counts_from, years)


def after(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


# What is done, and after how many days from then she would begin. Whatever is likely comes often.
CHECKED = st.tuples(
    st.just("check"),
    st.sampled_from([*[CheckLevel.ENHANCED] * 3, CheckLevel.BASIC]),
    st.sampled_from([*[Workforce.BOTH] * 2, Workforce.CHILDREN, Workforce.ADULTS]),
    st.sampled_from([0, 1, 200, 364, 366, 1000, 1094, 1200]),
    st.sampled_from([*GOOD, CheckDecision.CLEARED, CheckDecision.NOT_NOW]),
    st.sampled_from([True, True, False]),
)
ASKED = st.tuples(st.just("status"), st.sampled_from([-1, -1, -2]), st.sampled_from(list(Answer)))
WAITED = st.tuples(st.just("wait"), st.sampled_from([1, 30, 364, 365, 366, 731]))
CLEANED = st.tuples(st.just("clean"))
FIRST_DAYS = st.sampled_from([-300, -1, 0, 0, 1, 60, 800])
STEPS = st.lists(
    st.tuples(st.one_of(CHECKED, ASKED, ASKED, WAITED, CLEANED), FIRST_DAYS),
    min_size=8,
    max_size=16,
)
WITH_CHILDREN = [
    (who, role)
    for role in PlacementRole
    for who in ("adults", "children", "both")
    if who != "adults" or role is PlacementRole.CRECHE
]


@given(steps=STEPS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_sequence_places_her_anew_with_children_unless_her_check_counts(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    groups: dict[str, Group],
    time_stands_still: Clock,
    steps: list[tuple[tuple[object, ...], int]],
) -> None:
    time_stands_still.moment = NOW
    done: list[Done] = []
    rules = (eligibility.stage_allows, checked_for_children)
    # As weeks go by, support falls due as well: those rules have tests of their own.
    with db.begin_nested() as undone, pytest.MonkeyPatch.context() as patch:
        patch.setattr(eligibility, "RULES", rules)
        for number, (step, later) in enumerate(steps):
            _take(db, amina, maya, time_stands_still, done, step)
            who, role = WITH_CHILDREN[(number + later) % len(WITH_CHILDREN)]
            starts_on = clock.today() + timedelta(days=later)
            may = counts(done, max(clock.today(), starts_on))
            assert _is_placed(db, amina, maya, groups[who], role, starts_on) == may
        assert _is_placed(db, amina, maya, groups["adults"], PlacementRole.WELCOME, clock.today())
        undone.rollback()
    db.expire_all()


_NUMBERS = count(1)


def _take(db, amina, maya, watch, done, step) -> None:  # type: ignore[no-untyped-def]
    match step:
        case ("wait", days):
            watch.go_on(days=days)
        case ("clean",):
            retention.remove_details(db)
            db.expire_all()
        case ("check", level, workforce, ago, decision, joins):
            done.append(_check(db, amina, maya, level, workforce, ago, decision, joins))
        case ("status", which, answer) if done:
            _ask_status(db, amina, done[max(which, -len(done))], answer)


def _check(db, amina, maya, level, workforce, ago, decision, joins) -> Done:  # type: ignore[no-untyped-def]
    issued = clock.today() - timedelta(days=ago)
    request = Request(role="children_herself", level=level, workforce=workforce)
    ref = dbs.ask(db, amina, maya.ref, request)
    seen = Certificate(
        number="001234567890", issued_on=issued, update_service_on=issued if joins else None
    )
    dbs.see(db, amina, ref, seen, version=1)
    dbs.decide(db, amina, ref, decision, reason="Talked over.", version=2)
    return Done(ref, next(_NUMBERS), level, workforce, issued, decision, joins, issued)


def _ask_status(db: Session, amina: Actor, one: Done, answer: Answer) -> None:
    version = db.scalars(select(DbsCheck.version).where(DbsCheck.ref == one.ref)).one()
    today = clock.today()
    try:
        update_service.note_status(db, amina, one.ref, answer, on=today, version=version)
    except InvalidInputError:
        assert not one.joined
        return
    if answer is Answer.NOTHING_NEW:
        one.counts_from = today
    elif answer is Answer.SOMETHING_NEW:
        one.ended = True
    else:
        one.joined, one.counts_from = False, one.issued


def _is_placed(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    group: Group,
    role: PlacementRole,
    starts_on: date,
) -> bool:
    """Whether she could be placed; she is not for long."""
    try:
        ref = place(db, amina, maya, group, role, starts_on)
    except InvalidInputError:
        return False
    placements.end(db, amina, ref, on=max(clock.today(), starts_on), version=1)
    return True
