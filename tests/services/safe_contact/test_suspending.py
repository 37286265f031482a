"""Contact stopped at once, and who may be reached now."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import ContactPlan, Person, Route
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor
from services.safe_contact import may_we, plans, reachable, view
from services.safe_contact.facts import Why
from tests.conftest import NOW, Clock
from tests.make import make_contact, make_person
from tests.services.safe_contact.saving import ONLY_WHEN, confirm, version

# --- Suspending --------------------------------------------------------------------------


def test_a_suspension_stops_every_route_at_once_whatever_was_on_the_screen(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)

    plans.suspend(db, amina, dana.ref, " A man answered ")

    assert {may_we(db, amina, dana.ref, by).why for by in Route} == {Why.SUSPENDED}
    plan = view.plan_of(db, amina, dana.ref)
    assert (plan.suspended_reason, plan.suspended_at) == ("A man answered", NOW)


def test_somebody_without_a_plan_can_be_suspended(db: Session, amina: Actor, dana: Person) -> None:
    plans.suspend(db, amina, dana.ref, "Her phone was taken")

    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.SUSPENDED


def test_a_suspension_needs_a_reason_and_happens_once(
    db: Session, amina: Actor, dana: Person
) -> None:
    with pytest.raises(InvalidInputError):
        plans.suspend(db, amina, dana.ref, "  ")
    plans.suspend(db, amina, dana.ref, "Her phone was taken")
    with pytest.raises(ConflictError, match="already"):
        plans.suspend(db, amina, dana.ref, "Again")


def test_while_suspended_nothing_can_be_confirmed(db: Session, amina: Actor, dana: Person) -> None:
    make_contact(db, amina, dana)
    plans.suspend(db, amina, dana.ref, "A man answered")

    with pytest.raises(ConflictError, match="suspended"):
        confirm(db, amina, dana)


def test_lifting_makes_nothing_safe_until_she_has_confirmed_it(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    plans.suspend(db, amina, dana.ref, "A man answered")
    plans.lift(db, amina, dana.ref, version=version(db, amina, dana))

    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.NOT_CONFIRMED
    confirm(db, amina, dana)
    assert may_we(db, amina, dana.ref, Route.CALL).allowed
    with pytest.raises(ConflictError, match="not suspended any more"):
        plans.lift(db, amina, dana.ref, version=version(db, amina, dana))


def test_the_database_itself_wants_a_reason_and_a_name_to_a_confirmation(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    plan = db.scalars(select(ContactPlan)).one()
    for wrong in ("suspended_at = changed_at", "confirmed_by_id = NULL"):
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(text(f"UPDATE contact_plans SET {wrong} WHERE id = {plan.id}"))  # noqa: S608


# --- Who may be reached now --------------------------------------------------------------


def test_of_a_list_it_is_said_who_may_be_reached_and_how(
    db: Session, amina: Actor, time_stands_still: Clock
) -> None:
    open_now, by_school, lapsed, unknown = (
        make_person(db, amina, name) for name in ("Ana", "Bea", "Cas", "Dot")
    )
    make_contact(db, amina, lapsed)
    time_stands_still.go_on(days=31)
    make_contact(db, amina, open_now)
    make_contact(db, amina, open_now, Route.TEXT, address=None)
    make_contact(db, amina, by_school, answer=ONLY_WHEN, condition="At school")

    found = reachable(db, amina, [person.ref for person in (open_now, by_school, lapsed, unknown)])

    assert [answer.route for answer in found[open_now.ref].now] == [Route.CALL, Route.TEXT]
    assert [answer.route for answer in found[by_school.ref].to_check] == [Route.CALL]
    assert [reach.why for reach in found.values()] == [
        Why.SAFE, Why.CHECK_FIRST, Why.LAPSED, Why.NO_PLAN,
    ]  # fmt: skip


def test_outside_all_hours_the_reason_says_so(db: Session, amina: Actor, dana: Person) -> None:
    make_contact(db, amina, dana, answer=ONLY_WHEN, weekdays=[0])

    assert reachable(db, amina, [dana.ref])[dana.ref].reason.startswith("Not now:")


def test_a_list_costs_two_statements_however_long(
    db: Session, amina: Actor, count_queries: Callable[[], Any]
) -> None:
    people = [make_person(db, amina, f"Dana{number}") for number in range(12)]
    for person in people:
        make_contact(db, amina, person)
    refs = [person.ref for person in people]
    db.expunge_all()

    with count_queries() as statements:
        found = reachable(db, amina, refs)

    assert len(found) == 12
    assert len(statements) == 2
