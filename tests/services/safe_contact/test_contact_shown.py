"""Numbers and code words are shown one at a time, on record, to who may see them."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Person, Route
from services.errors import NotFoundError, NotPermittedError
from services.people import people
from services.permissions import Actor
from services.safe_contact import may_we, plans, reachable, view
from services.safe_contact.drafts import PlanDraft, RouteDraft
from services.safe_contact.reveal import CodeWord, reveal
from services.safe_contact.stored import rules_of
from tests.conftest import NOW, Clock
from tests.make import make_contact, make_group, make_person, make_place
from tests.services.safe_contact.saving import NO, NUMBER, ONLY_WHEN, confirm, details, version


def actions(db: Session) -> list[str]:
    return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def last_entry(db: Session) -> AuditEntry:
    return db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


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
