"""Safe-contact plans: saving them, confirming, suspending, and who may be reached now."""

import json
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import AuditEntry, ContactPlan, ContactRoute, Organisation, Person, Route, RouteAnswer
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.people import people
from services.permissions import Actor
from services.safe_contact import may_we, plans, reachable, standing, view
from services.safe_contact.drafts import PlanDraft, RouteDraft
from services.safe_contact.facts import Why
from services.safe_contact.reveal import CodeWord, reveal
from services.safe_contact.stored import rules_of
from tests.conftest import NOW, Clock
from tests.make import make_contact, make_group, make_person, make_place

YES, NO, ONLY_WHEN = RouteAnswer.YES, RouteAnswer.NO, RouteAnswer.ONLY_WHEN
NUMBER = "07700 900111"


@pytest.fixture
def dana(db: Session, amina: Actor) -> Person:
    """Somebody of whom nothing is known but her name."""
    return make_person(db, amina)


def route(
    db: Session, actor: Actor, person: Person, by: Route = Route.CALL,
    answer: RouteAnswer = YES, *, address: str | None = NUMBER, **more: Any,
) -> None:  # fmt: skip
    """Save one route as it stands on the screen now."""
    draft = RouteDraft(route=by, answer=answer, address=address, **more)
    plans.save_route(db, actor, person.ref, draft, version=version(db, actor, person))


def details(db: Session, actor: Actor, person: Person, **fields: Any) -> None:
    """Save what holds for every route as it stands on the screen now."""
    draft = PlanDraft(**fields)
    plans.save(db, actor, person.ref, draft, version=version(db, actor, person))


def confirm(db: Session, actor: Actor, person: Person) -> None:
    plans.confirm(db, actor, person.ref, version=version(db, actor, person))


def version(db: Session, actor: Actor, person: Person) -> int:
    return view.plan_of(db, actor, person.ref).version


def actions(db: Session) -> list[str]:
    return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def last_entry(db: Session) -> AuditEntry:
    return db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


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


# --- Numbers and code words --------------------------------------------------------------


def test_a_number_and_a_code_word_are_shown_one_at_a_time_and_each_look_is_noted(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    details(
        db, amina, dana, code_word="marmalade", our_code_word="teapot",
        without_code_word="Say wrong number",
    )  # fmt: skip
    confirm(db, amina, dana)

    for what, shown, noted in (
        (Route.CALL, NUMBER, {"field": "call", "safe": True}),
        (CodeWord.HERS, "marmalade", {"field": "code_word"}),
        (CodeWord.OURS, "teapot", {"field": "our_code_word"}),
    ):
        assert reveal(db, amina, dana.ref, what) == shown
        entry = last_entry(db)
        assert (entry.action, entry.subject) == ("contact.revealed", f"person:{dana.ref}")
        assert json.loads(entry.details) == noted


def test_what_is_shown_is_hers_and_of_that_route_and_nobody_elses(
    db: Session, amina: Actor, dana: Person
) -> None:
    for person, number in ((make_person(db, amina, "Vera", "Quill"), "1"), (dana, "2")):
        for by in (Route.TEXT, Route.CALL, Route.WHATSAPP):
            make_contact(db, amina, person, by, address=f"{number} {by.value}")
        details(db, amina, person, code_word=f"{number} word", without_code_word="Ring off")

    assert reveal(db, amina, dana.ref, Route.CALL) == "2 call"
    assert reveal(db, amina, dana.ref, CodeWord.HERS) == "2 word"
    assert set(rules_of(db, [dana.id])) == {dana.id}


def test_who_is_to_be_reached_is_asked_for_her_code_word_only_where_there_is_one(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    assert not may_we(db, amina, dana.ref, Route.CALL).has_code_word

    details(db, amina, dana, code_word="marmalade", without_code_word="Ring off")
    confirm(db, amina, dana)

    assert may_we(db, amina, dana.ref, Route.CALL).has_code_word


def test_the_log_says_when_a_number_was_looked_at_that_must_not_be_used(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    plans.suspend(db, amina, dana.ref, "A man answered")

    reveal(db, amina, dana.ref, Route.CALL)

    assert json.loads(last_entry(db).details)["safe"] is False


def test_what_is_not_kept_cannot_be_shown(db: Session, amina: Actor, dana: Person) -> None:
    for what in (Route.CALL, CodeWord.HERS):
        with pytest.raises(NotFoundError):
            reveal(db, amina, dana.ref, what)


def test_a_view_of_the_plan_has_no_number_and_no_code_word_in_it(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana)
    details(db, amina, dana, code_word="marmalade", without_code_word="Say wrong number")

    shown = repr(view.plan_of(db, amina, dana.ref)) + repr(reachable(db, amina, [dana.ref]))

    assert "marmalade" not in shown
    assert NUMBER not in shown


def test_the_audit_log_names_what_was_done_and_none_of_it(
    db: Session, amina: Actor, dana: Person, time_stands_still: Clock
) -> None:
    make_contact(db, amina, dana, answer=ONLY_WHEN, condition="At school")
    details(db, amina, dana, name_to_use="Sarah")
    plans.suspend(db, amina, dana.ref, "A man answered")
    time_stands_still.go_on(minutes=1)
    plans.lift(db, amina, dana.ref, version=version(db, amina, dana))

    assert [action for action in actions(db) if action.startswith("contact.")] == [
        "contact.route_saved", "contact.confirmed", "contact.plan_saved", "contact.suspended",
        "contact.lifted",
    ]  # fmt: skip
    written = " ".join(db.scalars(select(AuditEntry.details)))
    for secret in ("07700", "At school", "Sarah", "man answered"):
        assert secret not in written


# --- Who may -----------------------------------------------------------------------------


def test_a_facilitator_keeps_the_plans_of_her_own_people_only(
    db: Session, amina: Actor, ben: Actor, chloe: Actor, dana: Person
) -> None:
    make_place(db, amina, make_group(db, amina, [ben]), dana)
    make_contact(db, ben, dana)

    assert may_we(db, ben, dana.ref, Route.CALL).allowed
    assert reachable(db, chloe, [dana.ref]) == {}
    draft = RouteDraft(route=Route.CALL, answer=NO)
    for refused in (
        lambda: may_we(db, chloe, dana.ref, Route.CALL),
        lambda: view.plan_of(db, chloe, dana.ref),
        lambda: reveal(db, chloe, dana.ref, Route.CALL),
        lambda: plans.save(db, chloe, dana.ref, PlanDraft(), version=2),
        lambda: plans.save_route(db, chloe, dana.ref, draft, version=2),
        lambda: plans.confirm(db, chloe, dana.ref, version=2),
        lambda: plans.suspend(db, chloe, dana.ref, "No"),
        lambda: plans.lift(db, chloe, dana.ref, version=2),
    ):
        with pytest.raises(NotFoundError):
            refused()


def test_nobody_else_is_told_anything_about_contact(
    db: Session, leila: Actor, ada: Actor, vik: Actor, erin: Actor, dana: Person
) -> None:
    for actor in (leila, ada, vik, erin):
        for refused in (
            lambda who=actor: may_we(db, who, dana.ref, Route.CALL),
            lambda who=actor: reachable(db, who, [dana.ref]),
            lambda who=actor: view.plan_of(db, who, dana.ref),
            lambda who=actor: reveal(db, who, dana.ref, Route.CALL),
            lambda who=actor: plans.suspend(db, who, dana.ref, "No"),
        ):
            with pytest.raises(NotPermittedError):
                refused()


def test_numbers_words_and_reasons_are_unreadable_in_the_database(
    db: Session, amina: Actor, dana: Person
) -> None:
    make_contact(db, amina, dana, answer=ONLY_WHEN, condition="At school")
    details(
        db, amina, dana, name_to_use="Sarah", code_word="marmalade", our_code_word="teapot",
        without_code_word="Hang up", who_else_sees="Her sister", note="Speaks softly",
    )  # fmt: skip
    plans.suspend(db, amina, dana.ref, "A man answered")

    stored = str(db.execute(text("SELECT * FROM contact_plans")).all())
    stored += str(db.execute(text("SELECT * FROM contact_routes")).all())

    for secret in ("07700", "school", "Sarah", "marmalade", "teapot", "Hang", "sister", "softly"):
        assert secret not in stored


def test_a_confirmation_counts_from_the_day_on_the_wall(
    db: Session, amina: Actor, dana: Person, time_stands_still: Clock
) -> None:
    time_stands_still.moment = NOW.replace(hour=23, minute=30)  # half past midnight on the wall
    make_contact(db, amina, dana)

    assert view.plan_of(db, amina, dana.ref).confirmed_on == NOW.date() + timedelta(days=1)
    assert may_we(db, amina, dana.ref, Route.CALL).allowed


def test_somebody_is_found_by_the_number_that_is_kept_now(
    db: Session, amina: Actor, dana: Person
) -> None:
    def found(number: str) -> list[str]:
        return list(people.directory(db, amina, search=number)["ref"])

    make_contact(db, amina, dana)
    assert found(NUMBER) == [dana.ref]

    make_contact(db, amina, dana, address="07700 900222")
    assert (found(NUMBER), found("07700 900222")) == ([], [dana.ref])
