"""Whose safe-contact plan has to be confirmed again: people of running groups, and no others."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import Group, GroupState, Person, PersonKind, PlaceState
from services.errors import NotPermittedError
from services.permissions import Actor
from services.safe_contact import due, plans
from services.waits import Kind, counts
from tests.conftest import Clock
from tests.make import make_contact, make_group, make_person, make_place


@pytest.fixture
def running(db: Session, amina: Actor, ben: Actor) -> Group:
    """A group of Ben's that is running."""
    group = make_group(db, amina, [ben])
    group.state = GroupState.RUNNING
    return group


@pytest.fixture
def dana(db: Session, amina: Actor, running: Group) -> Person:
    """Somebody in it, who was never asked."""
    person = make_person(db, amina)
    make_place(db, amina, running, person)
    return person


def waiting(db: Session, actor: Actor) -> list[str]:
    found = list(due.to_confirm(db, actor)["name"])
    assert counts(db, actor)[Kind.CONTACT] == len(found)
    return found


def test_whoever_was_never_asked_is_waiting(db: Session, ben: Actor, dana: Person) -> None:
    assert waiting(db, ben) == ["Dana Okoro"]


def test_a_plan_waits_from_the_day_it_lapses(
    db: Session, ben: Actor, dana: Person, time_stands_still: Clock
) -> None:
    make_contact(db, ben, dana)
    time_stands_still.go_on(days=30)
    assert waiting(db, ben) == []

    time_stands_still.go_on(days=1)
    (row,) = due.to_confirm(db, ben).to_dict("records")
    assert (row["ref"], row["confirmed"]) == (dana.ref, date(2026, 9, 16))


def test_a_plan_that_has_changed_waits_too(db: Session, ben: Actor, dana: Person) -> None:
    make_contact(db, ben, dana, confirmed=False)

    assert waiting(db, ben) == ["Dana Okoro"]


def test_nobody_is_sent_to_ask_somebody_who_is_suspended(
    db: Session, ben: Actor, dana: Person
) -> None:
    plans.suspend(db, ben, dana.ref, "A man answered")

    assert waiting(db, ben) == []


def test_a_child_without_a_plan_is_reached_through_her_carer(
    db: Session, amina: Actor, ben: Actor, running: Group
) -> None:
    child = make_person(db, amina, kind=PersonKind.CHILD)
    make_place(db, amina, running, child)
    assert waiting(db, ben) == []

    make_contact(db, ben, child, confirmed=False)
    assert waiting(db, ben) == ["Dana Okoro"]


@pytest.mark.parametrize("state", [GroupState.RECRUITING, GroupState.FINISHED])
def test_only_groups_that_are_running_count(
    db: Session, ben: Actor, dana: Person, running: Group, state: GroupState
) -> None:
    running.state = state
    db.flush()

    assert waiting(db, ben) == []


def test_somebody_who_left_the_group_does_not_count(
    db: Session, amina: Actor, ben: Actor, running: Group
) -> None:
    person = make_person(db, amina)
    make_place(db, amina, running, person).state = PlaceState.LEFT_EARLY
    db.flush()

    assert waiting(db, ben) == []


def test_a_facilitator_is_told_of_her_own_people_only_and_a_coordinator_of_all(
    db: Session, amina: Actor, chloe: Actor, dana: Person
) -> None:
    assert waiting(db, chloe) == []
    assert waiting(db, amina) == ["Dana Okoro"]


def test_nobody_else_may_ask(db: Session, leila: Actor, ada: Actor) -> None:
    for actor in (leila, ada):
        with pytest.raises(NotPermittedError):
            due.to_confirm(db, actor)


def test_the_longest_waiting_come_first_and_it_costs_two_statements(
    db: Session,
    amina: Actor,
    ben: Actor,
    running: Group,
    time_stands_still: Clock,
    count_queries: Callable[[], Any],
) -> None:
    for name in ("Ana", "Bea", "Cas"):
        person = make_person(db, amina, name)
        make_place(db, amina, running, person)
        if name != "Cas":
            make_contact(db, ben, person)
        time_stands_still.go_on(days=1)
    time_stands_still.go_on(days=31)

    assert waiting(db, ben) == ["Cas Okoro", "Ana Okoro", "Bea Okoro"]
    with count_queries() as statements:
        due.to_confirm(db, ben)
    assert len(statements) == 2
