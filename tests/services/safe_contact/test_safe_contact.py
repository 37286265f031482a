"""Safe-contact plans: saving them, confirming, lapsing, and two at once."""

from datetime import time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import ContactRoute, Organisation, Person, Route, RouteAnswer
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor
from services.safe_contact import may_we, plans, standing, view
from services.safe_contact.drafts import PlanDraft, RouteDraft
from services.safe_contact.facts import Why
from services.safe_contact.stored import rules_of
from tests.conftest import NOW, Clock
from tests.make import make_contact, make_group, make_person, make_place
from tests.services.safe_contact.saving import NO, NUMBER, ONLY_WHEN, YES, confirm, details, version


def route(
    db: Session, actor: Actor, person: Person, by: Route = Route.CALL,
    answer: RouteAnswer = YES, *, address: str | None = NUMBER, **more: Any,
) -> None:  # fmt: skip
    """Save one route as it stands on the screen now."""
    draft = RouteDraft(route=by, answer=answer, address=address, **more)
    plans.save_route(db, actor, person.ref, draft, version=version(db, actor, person))


@pytest.mark.parametrize(("field", "most"), [("name_to_use", 100), ("note", 1_000)])
def test_what_is_kept_for_every_route_is_as_long_as_it_may_be_and_no_longer(
    field: str, most: int
) -> None:
    assert PlanDraft(**{field: "x" * most}).checked()
    with pytest.raises(InvalidInputError) as refused:
        PlanDraft(**{field: "x" * (most + 1)}).checked()
    assert list(refused.value.problems) == [field]


# --- No by default -----------------------------------------------------------------------


def test_with_nothing_kept_nobody_may_be_contacted(db: Session, amina: Actor, dana: Person) -> None:
    plan = view.plan_of(db, amina, dana.ref)

    assert (plan.version, plan.reach.why, plan.rules) == (0, Why.NO_PLAN, {})
    assert (plan.has_code_word, plan.has_our_code_word) == (False, False)
    assert all(not may_we(db, amina, dana.ref, by).allowed for by in Route)


def test_a_number_from_elsewhere_is_no_permission(db: Session, amina: Actor, dana: Person) -> None:
    db.add(ContactRoute(person_id=dana.id, route=Route.CALL, answer=YES, address=NUMBER))
    db.flush()

    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.NO_PLAN


def test_a_yes_counts_once_she_has_confirmed_the_whole(
    db: Session, amina: Actor, dana: Person
) -> None:
    route(db, amina, dana)
    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.NOT_CONFIRMED

    confirm(db, amina, dana)

    assert may_we(db, amina, dana.ref, Route.CALL).allowed
    assert may_we(db, amina, dana.ref, Route.TEXT).why is Why.NOT_SAID_SAFE
    plan = view.plan_of(db, amina, dana.ref)
    assert (plan.confirmed_on, plan.confirmed_by) == (NOW.date(), "Amina")


def test_a_child_and_her_carer_each_have_a_plan_of_their_own(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    child = make_person(db, amina, "Sam")

    assert may_we(db, amina, dana.ref, Route.CALL).allowed
    assert may_we(db, amina, child.ref, Route.CALL).why is Why.NO_PLAN


# --- Lapsing -----------------------------------------------------------------------------


def test_after_thirty_days_she_has_to_be_asked_again(
    db: Session, amina: Actor, dana: Person, time_stands_still: Clock
) -> None:
    make_contact(db, amina, dana)

    time_stands_still.go_on(days=30)
    assert may_we(db, amina, dana.ref, Route.CALL).allowed
    time_stands_still.go_on(days=1)
    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.LAPSED

    confirm(db, amina, dana)
    assert may_we(db, amina, dana.ref, Route.CALL).allowed


def test_the_service_decides_how_long_a_confirmation_holds(
    db: Session, amina: Actor, dana: Person, time_stands_still: Clock
) -> None:
    make_contact(db, amina, dana)
    db.get_one(Organisation, 1).contact_days = 7
    db.flush()

    time_stands_still.go_on(days=8)

    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.LAPSED


# --- Changing ----------------------------------------------------------------------------


def test_taking_away_counts_at_once_and_leaves_the_rest_as_confirmed(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    make_contact(db, amina, dana, Route.EMAIL, address="dana@example.org")

    route(db, amina, dana, Route.EMAIL, NO, address=None)
    route(db, amina, dana, Route.CALL, ONLY_WHEN, address=None, weekdays={2})

    assert may_we(db, amina, dana.ref, Route.EMAIL).why is Why.NOT_SAID_SAFE
    assert may_we(db, amina, dana.ref, Route.CALL).allowed  # it is Wednesday


@pytest.mark.parametrize(
    "change",
    [
        {"address": "07700 900222"},
        {"may_leave_message": True},
        {"may_say_who": True},
        {"by": Route.TEXT},
    ],
)
def test_whatever_is_added_waits_until_she_has_confirmed_it(
    db: Session, amina: Actor, dana: Person, change: Any
) -> None:
    make_contact(db, amina, dana)

    route(db, amina, dana, **change)

    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.NOT_CONFIRMED


def test_another_name_or_code_word_waits_for_her_and_a_note_does_not(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    details(db, amina, dana, note="Speaks softly", who_else_sees="Her sister")
    assert may_we(db, amina, dana.ref, Route.CALL).allowed

    details(db, amina, dana, note="Speaks softly", name_to_use="Sarah")
    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.NOT_CONFIRMED


def test_showing_our_number_waits_for_her_and_hiding_it_does_not(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    details(db, amina, dana, withhold_number=True)
    assert may_we(db, amina, dana.ref, Route.CALL).allowed

    details(db, amina, dana, withhold_number=False)
    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.NOT_CONFIRMED


def test_who_asked_to_make_contact_herself_is_waited_for(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)

    details(db, amina, dana, she_contacts_us=True)

    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.SHE_CONTACTS_US


def test_a_text_may_use_the_number_kept_for_calls(db: Session, amina: Actor, dana: Person) -> None:
    make_contact(db, amina, dana, answer=NO)
    make_contact(db, amina, dana, Route.TEXT, address=None)

    assert may_we(db, amina, dana.ref, Route.TEXT).allowed

    route(db, amina, dana, Route.CALL, NO, address="")
    assert may_we(db, amina, dana.ref, Route.TEXT).why is Why.NO_ADDRESS


def test_only_when_keeps_days_hours_and_condition(db: Session, amina: Actor, dana: Person) -> None:
    make_contact(
        db, amina, dana, answer=ONLY_WHEN, weekdays=[4, 2], from_time=time(10),
        until_time=time(15), condition=" The children are at school ",
    )  # fmt: skip

    rule = view.plan_of(db, amina, dana.ref).rules[Route.CALL]

    assert (rule.weekdays, rule.from_time, rule.until_time) == ({2, 4}, time(10), time(15))
    assert rule.condition == "The children are at school"
    assert may_we(db, amina, dana.ref, Route.CALL).why is Why.CHECK_FIRST


def test_a_plain_yes_or_no_keeps_nothing_that_belonged_to_only_when(
    db: Session, amina: Actor, dana: Person
) -> None:
    route(db, amina, dana, answer=NO, weekdays=[1], condition="x", may_leave_message=True)

    rule = view.plan_of(db, amina, dana.ref).rules[Route.CALL]

    assert (len(rule.weekdays), rule.condition, rule.may_leave_message) == (7, None, False)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("address", {"by": Route.EMAIL, "address": "nobody"}),
        ("address", {"by": Route.EMAIL, "address": None}),
        ("address", {"by": Route.VIA_WORKER, "address": ""}),
        ("address", {"address": "no digits"}),
        ("address", {"address": "1" * 501}),
        ("weekdays", {"answer": ONLY_WHEN}),
        ("condition", {"answer": ONLY_WHEN, "condition": "x" * 1_001}),
        ("until_time", {"answer": ONLY_WHEN, "from_time": time(12), "until_time": time(12)}),
    ],
)
def test_a_fault_is_named_at_its_field(
    db: Session, amina: Actor, dana: Person, field: str, wrong: Any
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        route(db, amina, dana, **wrong)

    assert list(refused.value.problems) == [field]


def test_a_code_word_needs_an_answer_to_its_absence(
    db: Session, amina: Actor, dana: Person
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        details(db, amina, dana, code_word="marmalade")
    assert list(refused.value.problems) == ["without_code_word"]

    details(db, amina, dana, code_word="marmalade", without_code_word="Say wrong number")
    details(db, amina, dana, without_code_word="Hang up")  # kept without being typed again
    assert view.plan_of(db, amina, dana.ref).has_code_word

    details(db, amina, dana, code_word="")
    assert not view.plan_of(db, amina, dana.ref).has_code_word


def test_what_is_too_long_is_refused(db: Session, amina: Actor, dana: Person) -> None:
    with pytest.raises(InvalidInputError) as refused:
        details(db, amina, dana, name_to_use="x" * 101, note="x" * 1_001)

    assert sorted(refused.value.problems) == ["name_to_use", "note"]


# --- Two at once -------------------------------------------------------------------------


def test_who_comes_second_hears_who_was_faster(
    db: Session, amina: Actor, ben: Actor, dana: Person
) -> None:
    make_place(db, amina, make_group(db, amina, [ben]), dana)
    make_contact(db, amina, dana)
    seen = version(db, amina, dana)
    route(db, ben, dana, answer=NO, address=None)

    late = RouteDraft(route=Route.CALL, answer=YES, may_leave_message=True)
    with pytest.raises(ConflictError, match="Ben changed her safe-contact plan"):
        plans.save_route(db, amina, dana.ref, late, version=seen)
    with pytest.raises(ConflictError, match="Ben changed her safe-contact plan at 1:30pm"):
        plans.save(db, amina, dana.ref, PlanDraft(), version=seen)


def test_a_form_knows_a_number_only_as_kept_and_as_written_anew(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana, address="07700 900111")
    first = standing.of_route(db, amina, dana.ref, Route.CALL).values["address"]
    same = standing.of_route(db, amina, dana.ref, Route.CALL).values["address"]
    route(db, amina, dana, address="07700 900112")
    other = standing.of_route(db, amina, dana.ref, Route.CALL).values["address"]
    none = standing.of_route(db, amina, dana.ref, Route.TEXT).values["address"]

    assert standing.is_secret(first)
    assert standing.is_secret(other)
    assert (first == same, first == other, none) == (True, False, "")
    assert "900" not in f"{first}{other}"


def test_what_a_form_holds_of_a_route_is_kept_as_it_was(
    db: Session, amina: Actor, dana: Person
) -> None:
    route(
        db, amina, dana, answer=ONLY_WHEN, weekdays=[0, 3], from_time=time(10),
        until_time=time(12), condition="He is out", may_leave_message=True,
    )  # fmt: skip
    before = rules_of(db, [dana.id])
    stands = standing.of_route(db, amina, dana.ref, Route.CALL)

    again = standing.route_draft(Route.CALL, stands.values)
    plans.save_route(db, amina, dana.ref, again, version=stands.version)

    assert rules_of(db, [dana.id]) == before
    words = standing.of_plan(db, amina, dana.ref)
    assert standing.plan_draft(words.values).code_word == ""


def test_what_has_changed_meanwhile_is_not_confirmed_unseen(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    seen = version(db, amina, dana)
    route(db, amina, dana, Route.WHATSAPP)

    with pytest.raises(ConflictError):
        plans.confirm(db, amina, dana.ref, version=seen)
