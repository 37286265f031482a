"""DBS checks: who may be asked for what, what a certificate counts for, the Update Service."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models import CheckDecision, CheckLevel, Volunteer, Workforce
from services.errors import InvalidInputError
from services.permissions import Actor
from services.volunteers.vetting import dbs, roles, update_service, view
from services.volunteers.vetting.dbs import Certificate, Request
from services.volunteers.vetting.update_service import Answer
from tests.make import make_check
from tests.services.volunteers.vetting.checks import (
    NUMBER,
    TODAY,
    TOMORROW,
    asked,
    problems,
    request,
    seen,
)

# --- Asking for a DBS check --------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "no_contact", "level": CheckLevel.ENHANCED}, "level"),
        ({"role": "no_contact", "level": CheckLevel.STANDARD}, "level"),
        ({"role": "adults_alongside", "workforce": Workforce.BOTH}, "workforce"),
        ({"role": "adults_alongside", "workforce": Workforce.CHILDREN}, "workforce"),
        ({"with_barred_list": True}, "with_barred_list"),
        (
            {"role": "children_herself", "level": CheckLevel.BASIC, "with_barred_list": True},
            "with_barred_list",
        ),
        (
            {
                "role": "children_herself",
                "workforce": Workforce.ADULTS,
                "with_barred_list": True,
            },
            "with_barred_list",
        ),
        ({"role": "anything else"}, "role"),
    ],
)
def test_more_than_a_role_entitles_to_is_not_asked_for(
    db: Session, amina: Actor, maya: Volunteer, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        dbs.ask(db, amina, maya.ref, request(**changes))
    assert problems(refused) == [field]
    assert view.checks_of(db, amina, maya.ref).dbs == ()


def test_every_role_may_be_asked_for_what_it_entitles_to(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    for role in roles.check_roles().roles:
        dbs.ask(
            db, amina, maya.ref,
            Request(
                role=role.key, level=role.level, workforce=role.workforce,
                with_barred_list=role.barred_list,
            ),
        )  # fmt: skip
    assert len(view.checks_of(db, amina, maya.ref).dbs) == len(roles.titles())


# --- A certificate -----------------------------------------------------------------------


def test_a_certificate_is_seen_by_somebody_and_its_number_is_kept_in_digits(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    seen(db, amina, maya, number="0012 3456 7890", update_service_on=TODAY)
    (one,) = view.checks_of(db, amina, maya.ref).dbs
    assert (one.number, one.seen_by, one.seen_on) == (NUMBER, "Amina", TODAY)
    assert (one.update_service_on, one.counts_until) == (TODAY, date(2027, 9, 16))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issued_on", TOMORROW),
        ("issued_on", date(2002, 2, 28)),
        ("number", ""),
        ("number", "12345"),
        ("number", "0012345678901"),
        ("number", "00123456789a"),
        ("number", "\u0661" * 12),
        ("update_service_on", TOMORROW),
    ],
)
def test_a_certificate_that_cannot_be_is_refused(
    db: Session, amina: Actor, maya: Volunteer, field: str, value: object
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        seen(db, amina, maya, **{field: value})
    assert problems(refused) == [field]
    (one,) = view.checks_of(db, amina, maya.ref).dbs
    assert (one.seen_on, one.number) == (None, None)


def test_the_update_service_takes_a_certificate_within_thirty_days(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    issued = TODAY - timedelta(days=40)
    with pytest.raises(InvalidInputError) as refused:
        seen(db, amina, maya, issued_on=issued, update_service_on=issued + timedelta(days=31))
    assert problems(refused) == ["update_service_on"]
    seen(db, amina, maya, issued_on=issued, update_service_on=issued + timedelta(days=30))


def test_a_certificate_is_seen_once_and_keeps_the_number_it_had(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    one = seen(db, amina, maya)
    other = Certificate(number="009999999999", issued_on=TODAY)

    with pytest.raises(InvalidInputError, match="seen already"):
        dbs.see(db, amina, one.ref, other, version=one.version)
    assert one.number == NUMBER


def test_only_what_was_seen_is_decided_on_and_with_a_reason(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    one = asked(db, amina, maya)
    with pytest.raises(InvalidInputError) as unseen:
        dbs.decide(db, amina, one.ref, CheckDecision.CLEARED, reason="Fine.", version=1)
    assert problems(unseen) == ["check"]
    with pytest.raises(InvalidInputError) as unsaid:
        dbs.decide(db, amina, one.ref, CheckDecision.CLEARED, reason=" ", version=1)
    assert problems(unsaid) == ["reason"]


def test_a_decision_carries_the_name_of_who_made_it(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    one = seen(db, amina, maya)
    dbs.decide(db, amina, one.ref, CheckDecision.ARRANGEMENTS, reason="Talked over.", version=2)
    (shown,) = view.checks_of(db, amina, maya.ref).dbs
    assert (shown.decision, shown.decided_by, shown.decided_on) == ("arrangements", "Amina", TODAY)
    assert (shown.counts_until, shown.is_current) == (date(2029, 9, 16), True)


def test_a_newer_check_takes_the_place_of_the_one_before(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    old = make_check(db, amina, maya, issued_on=date(2023, 9, 20))
    new = seen(db, amina, maya)
    dbs.decide(db, amina, new.ref, CheckDecision.CLEARED, reason="Fine.", version=2)
    db.refresh(old)
    assert (old.is_current, new.is_current) == (False, True)


def test_a_check_that_looks_at_less_leaves_the_other_in_force(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    old = make_check(db, amina, maya, issued_on=date(2023, 9, 20))
    for changes in ({"level": CheckLevel.BASIC}, {"workforce": Workforce.ADULTS}):
        ref = dbs.ask(db, amina, maya.ref, request(**changes))
        dbs.see(db, amina, ref, Certificate(number=NUMBER, issued_on=TODAY), version=1)
        dbs.decide(db, amina, ref, CheckDecision.CLEARED, reason="Fine.", version=2)
    db.refresh(old)
    assert old.is_current


def test_an_older_certificate_found_later_changes_nothing(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    new = make_check(db, amina, maya)
    old = seen(db, amina, maya, issued_on=date(2024, 1, 1))
    dbs.decide(db, amina, old.ref, CheckDecision.CLEARED, reason="Found.", version=2)
    db.refresh(new)
    assert (old.is_current, new.is_current) == (False, True)


# --- The Update Service ------------------------------------------------------------------


def test_nothing_new_lets_a_check_count_for_another_year(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    issued = date(2025, 10, 1)
    one = make_check(db, amina, maya, issued_on=issued, update_service_on=issued)
    update_service.note_status(db, amina, one.ref, Answer.NOTHING_NEW, on=TODAY, version=1)
    (shown,) = view.checks_of(db, amina, maya.ref).dbs
    assert (shown.status_on, shown.counts_until) == (TODAY, date(2027, 9, 16))


def test_something_new_ends_the_check_that_day(db: Session, amina: Actor, maya: Volunteer) -> None:
    one = make_check(db, amina, maya, issued_on=date(2026, 9, 1), update_service_on=TODAY)
    update_service.note_status(db, amina, one.ref, Answer.SOMETHING_NEW, on=TODAY, version=1)
    (shown,) = view.checks_of(db, amina, maya.ref).dbs
    assert shown.counts_until == TODAY - timedelta(days=1)


def test_who_has_left_the_update_service_is_checked_again_by_the_issue(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    issued = date(2025, 10, 1)
    one = make_check(db, amina, maya, issued_on=issued, update_service_on=issued)
    update_service.note_status(db, amina, one.ref, Answer.NOT_THERE, on=TODAY, version=1)
    (shown,) = view.checks_of(db, amina, maya.ref).dbs
    assert (shown.update_service_on, shown.counts_until) == (None, date(2028, 10, 1))


@pytest.mark.parametrize("on", [TOMORROW, date(2025, 9, 30)])
def test_a_status_from_the_future_or_before_the_certificate_is_refused(
    db: Session, amina: Actor, maya: Volunteer, on: date
) -> None:
    issued = date(2025, 10, 1)
    one = make_check(db, amina, maya, issued_on=issued, update_service_on=issued)
    with pytest.raises(InvalidInputError) as refused:
        update_service.note_status(db, amina, one.ref, Answer.NOTHING_NEW, on=on, version=1)
    assert problems(refused) == ["on"]


def test_joining_is_once_in_time_and_only_with_a_certificate(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    unseen = asked(db, amina, maya)
    with pytest.raises(InvalidInputError, match="seen the certificate"):
        update_service.join(db, amina, unseen.ref, on=TODAY, version=1)
    with pytest.raises(InvalidInputError, match="not with the Update Service"):
        update_service.note_status(db, amina, unseen.ref, Answer.NOTHING_NEW, on=TODAY, version=1)
    one = make_check(db, amina, maya, issued_on=date(2026, 8, 1))
    with pytest.raises(InvalidInputError, match="within 30 days"):
        update_service.join(db, amina, one.ref, on=TODAY, version=1)
    update_service.join(db, amina, one.ref, on=date(2026, 8, 20), version=1)
    with pytest.raises(InvalidInputError, match="joined with it already"):
        update_service.join(db, amina, one.ref, on=date(2026, 8, 20), version=2)
