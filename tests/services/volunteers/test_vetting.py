"""Checks on a volunteer: who may be asked for what, what counts until when, what goes in time."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    CheckDecision,
    CheckLevel,
    DbsCheck,
    DisclosureTalk,
    PlacementRole,
    RefereeContext,
    Stage,
    Volunteer,
    Workforce,
)
from services import clock
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.placing import eligibility
from services.placing.eligibility import Task
from services.volunteers.vetting import (
    dbs,
    disclosures,
    due,
    referees,
    retention,
    rights,
    roles,
    rules,
    update_service,
    view,
)
from services.volunteers.vetting.agreed import NOT_NOW
from services.volunteers.vetting.dbs import Certificate, Request
from services.volunteers.vetting.disclosures import TalkDraft
from services.volunteers.vetting.referees import RefereeDraft, Step
from services.volunteers.vetting.update_service import Answer
from tests.conftest import Clock
from tests.make import make_check, make_group, make_volunteer

TODAY = date(2026, 9, 16)
TOMORROW = TODAY + timedelta(days=1)
NUMBER = "001234567890"


@pytest.fixture
def maya(db: Session, amina: Actor) -> Volunteer:
    """A volunteer whose checks are being done."""
    return make_volunteer(db, amina, stage=Stage.CHECKS)


def referee(**changes: object) -> RefereeDraft:
    values: dict[str, object] = {
        "name": "Pat Example",
        "contact": "pat@example.org",
        "context": RefereeContext.WORK,
        "known_years": 4,
        "is_related": False,
    }
    return RefereeDraft(**values | changes)  # type: ignore[arg-type]


def request(**changes: object) -> Request:
    values: dict[str, object] = {
        "role": "children_alongside",
        "level": CheckLevel.ENHANCED,
        "workforce": Workforce.BOTH,
    }
    return Request(**values | changes)  # type: ignore[arg-type]


def asked(db: Session, actor: Actor, maya: Volunteer) -> DbsCheck:
    ref = dbs.ask(db, actor, maya.ref, request())
    return db.scalars(select(DbsCheck).where(DbsCheck.ref == ref)).one()


def seen(db: Session, actor: Actor, maya: Volunteer, **changes: object) -> DbsCheck:
    one = asked(db, actor, maya)
    values: dict[str, object] = {"number": NUMBER, "issued_on": TODAY}
    certificate = Certificate(**values | changes)  # type: ignore[arg-type]
    dbs.see(db, actor, one.ref, certificate, version=one.version)
    return one


def problems(refused: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return list(refused.value.problems)


# --- References --------------------------------------------------------------------------


def test_a_referee_is_asked_reminded_answers_and_is_decided_on_by_somebody(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    ref = referees.add(db, amina, maya.ref, referee())
    for version, step in enumerate((Step.ASKED, Step.CHASED, Step.RECEIVED), 1):
        referees.note(db, amina, ref, step, version=version)
    referees.decide(db, amina, ref, is_enough=True, reason="Knows her well.", version=4)

    (one,) = view.checks_of(db, amina, maya.ref).referees
    assert (one.asked_on, one.chased_on, one.received_on) == (TODAY, TODAY, TODAY)
    assert (one.is_enough, one.decided_by, one.reason) == (True, "Amina", "Knows her well.")
    referees.decide(db, amina, ref, is_enough=True, reason="Knows her from two jobs.", version=5)
    assert view.checks_of(db, amina, maya.ref).referees[0].reason == "Knows her from two jobs."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 101),
        ("contact", ""),
        ("known_years", 1),
        ("known_years", 81),
        ("is_related", True),
    ],
)
def test_a_referee_who_cannot_be_one_is_refused(
    db: Session, amina: Actor, maya: Volunteer, field: str, value: object
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        referees.add(db, amina, maya.ref, referee(**{field: value}))
    assert problems(refused) == [field]
    assert view.checks_of(db, amina, maya.ref).referees == ()


def test_two_referees_come_from_two_parts_of_her_life(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    first = referees.add(db, amina, maya.ref, referee())
    with pytest.raises(InvalidInputError) as refused:
        referees.add(db, amina, maya.ref, referee(name="Robin Example"))
    assert problems(refused) == ["context"]

    for version, step in enumerate((Step.ASKED, Step.RECEIVED), 1):
        referees.note(db, amina, first, step, version=version)
    referees.decide(db, amina, first, is_enough=False, reason="Too short.", version=3)
    referees.add(db, amina, maya.ref, referee(name="Robin Example"))


def test_a_reference_that_was_not_enough_does_not_come_back_beside_another_from_there(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    refs = []
    for name, enough in (("Pat", False), ("Robin", True)):
        ref = referees.add(db, amina, maya.ref, referee(name=name))
        for version, step in enumerate((Step.ASKED, Step.RECEIVED), 1):
            referees.note(db, amina, ref, step, version=version)
        referees.decide(db, amina, ref, is_enough=enough, reason="Read.", version=3)
        refs.append(ref)

    with pytest.raises(InvalidInputError, match="part of her life"):
        referees.decide(db, amina, refs[0], is_enough=True, reason="After all.", version=4)


@pytest.mark.parametrize("step", [Step.CHASED, Step.RECEIVED])
def test_nobody_is_reminded_and_nothing_comes_before_it_was_asked(
    db: Session, amina: Actor, maya: Volunteer, step: Step
) -> None:
    ref = referees.add(db, amina, maya.ref, referee())
    with pytest.raises(InvalidInputError) as refused:
        referees.note(db, amina, ref, step, version=1)
    assert problems(refused) == ["step"]


def test_a_reference_that_has_not_come_is_not_decided_on(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    ref = referees.add(db, amina, maya.ref, referee())
    with pytest.raises(InvalidInputError, match="has come"):
        referees.decide(db, amina, ref, is_enough=True, reason="Yes.", version=1)


def test_who_was_slower_with_a_reference_is_told(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    ref = referees.add(db, amina, maya.ref, referee())
    referees.note(db, amina, ref, Step.ASKED, version=1)
    with pytest.raises(ConflictError, match="Somebody else changed this"):
        referees.note(db, amina, ref, Step.CHASED, version=1)


# --- Right to volunteer ------------------------------------------------------------------


def test_who_saw_her_right_to_volunteer_and_until_when_is_kept(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    rights.see(db, amina, maya.ref, seen_on=TODAY, valid_until=date(2027, 3, 1))
    (one,) = view.checks_of(db, amina, maya.ref).rights
    assert (one.seen_on, one.seen_by, one.valid_until) == (TODAY, "Amina", date(2027, 3, 1))


@pytest.mark.parametrize(
    ("seen_on", "valid_until", "field"),
    [
        (TOMORROW, None, "seen_on"),
        (date(1990, 1, 1), None, "seen_on"),
        (TODAY, TODAY, "valid_until"),
        (TODAY, date(2020, 1, 1), "valid_until"),
        (TODAY, date(9999, 12, 31), "valid_until"),
    ],
)
def test_days_that_cannot_be_are_refused(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    seen_on: date,
    valid_until: date | None,
    field: str,
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rights.see(db, amina, maya.ref, seen_on=seen_on, valid_until=valid_until)
    assert problems(refused) == [field]


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


# --- What she told us --------------------------------------------------------------------


def talk(**changes: object) -> TalkDraft:
    values: dict[str, object] = {
        "talked_on": TODAY,
        "told": "Something from long ago.",
        "decision": CheckDecision.CLEARED,
    }
    return TalkDraft(**values | changes)  # type: ignore[arg-type]


def test_a_conversation_shows_its_decision_and_its_words_only_when_opened_on_record(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    ref = disclosures.record(db, amina, maya.ref, talk(agreed="Not with money."))
    (one,) = view.checks_of(db, amina, maya.ref).talks
    assert (one.decision, one.agreed, one.decided_by) == ("cleared", "Not with money.", "Amina")
    assert "long ago" not in repr(one)

    assert disclosures.told(db, amina, ref) == "Something from long ago."
    looks = db.scalars(select(AuditEntry).where(AuditEntry.action == "disclosure.viewed")).all()
    assert [entry.subject for entry in looks] == [f"volunteer:{maya.ref}"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("talked_on", TOMORROW),
        ("talked_on", date(2026, 3, 1)),
        ("told", "  "),
        ("told", "x" * 5001),
    ],
)
def test_a_conversation_that_cannot_be_kept_is_refused(
    db: Session, amina: Actor, maya: Volunteer, field: str, value: object
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        disclosures.record(db, amina, maya.ref, talk(**{field: value}))
    assert problems(refused) == [field]


def test_with_arrangements_says_what_was_agreed(db: Session, amina: Actor, maya: Volunteer) -> None:
    with pytest.raises(InvalidInputError) as refused:
        disclosures.record(db, amina, maya.ref, talk(decision=CheckDecision.ARRANGEMENTS))
    assert problems(refused) == ["agreed"]


@pytest.mark.parametrize("role", [PlacementRole.WELCOME, PlacementRole.CRECHE])
def test_not_now_after_a_conversation_holds_until_another_one_and_ends_nothing(
    db: Session, amina: Actor, ben: Actor, role: PlacementRole
) -> None:
    ana = make_volunteer(db, amina, "Ana", "Hill", stage=Stage.ACTIVE)
    task = Task(group := make_group(db, amina, [ben]), role, group.starts_on, group.ends_on)
    disclosures.record(db, amina, ana.ref, talk(decision=CheckDecision.NOT_NOW))
    (against,) = eligibility.obstacles(db, [ana], task)[ana.id]
    assert (against.rule, against.says) == ("checks", NOT_NOW)

    disclosures.record(db, amina, ana.ref, talk())
    assert eligibility.obstacles(db, [ana], task)[ana.id] == []


# --- What goes in time -------------------------------------------------------------------


def test_number_and_reason_go_six_months_after_the_decision_and_the_rest_stays(
    db: Session, amina: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    one = seen(db, amina, maya)
    dbs.decide(db, amina, one.ref, CheckDecision.CLEARED, reason="Talked over.", version=2)
    time_stands_still.moment = time_stands_still.moment.replace(month=3, year=2027, day=15)
    assert retention.remove_details(db) == 0

    time_stands_still.go_on(days=1)
    assert retention.remove_details(db) == 1
    assert retention.remove_details(db) == 0

    db.expire_all()
    (shown,) = view.checks_of(db, amina, maya.ref).dbs
    assert (shown.number, shown.reason, shown.details_removed_on) == (None, None, date(2027, 3, 16))
    assert (shown.level, shown.workforce, shown.issued_on) == ("enhanced", "both", TODAY)
    assert (shown.decision, shown.decided_by, shown.counts_until) == (
        "cleared", "Amina", date(2029, 9, 16),
    )  # fmt: skip
    stored = db.execute(text("SELECT number, reason FROM dbs_checks")).one()
    assert tuple(stored) == (None, None)


def test_a_certificate_nobody_decided_on_loses_its_number_as_well(
    db: Session, amina: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    seen(db, amina, maya)
    time_stands_still.go_on(days=190)
    assert retention.remove_details(db) == 1


def test_a_reason_given_later_goes_in_its_own_time(
    db: Session, amina: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    one = seen(db, amina, maya)
    time_stands_still.go_on(days=190)
    retention.remove_details(db)
    db.expire_all()
    dbs.decide(db, amina, one.ref, CheckDecision.CLEARED, reason="Late.", version=one.version)
    assert retention.remove_details(db) == 0
    time_stands_still.go_on(days=190)
    assert retention.remove_details(db) == 1


def test_the_words_of_a_conversation_go_and_what_was_agreed_stays(
    db: Session, amina: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    ref = disclosures.record(db, amina, maya.ref, talk(agreed="Not with money."))
    time_stands_still.go_on(days=190)
    assert retention.remove_details(db) == 1
    assert retention.remove_details(db) == 0, "once, and not every hour from then on"
    db.expire_all()
    assert disclosures.told(db, amina, ref) is None
    (one,) = view.checks_of(db, amina, maya.ref).talks
    assert (one.agreed, one.is_kept) == ("Not with money.", False)


def test_what_is_removed_is_on_record_as_a_number_and_nothing_more(
    db: Session, amina: Actor, maya: Volunteer, time_stands_still: Clock
) -> None:
    seen(db, amina, maya)
    time_stands_still.go_on(days=190)
    retention.remove_details(db)
    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.account_id) == ("checks.details_removed", None)
    assert json.loads(entry.details) == {"records": 1}


# --- What runs out -----------------------------------------------------------------------


def active(db: Session, amina: Actor, name: str = "Maya") -> Volunteer:
    return make_volunteer(db, amina, name, stage=Stage.ACTIVE, ready=False)


@pytest.mark.parametrize(
    ("days", "window"), [(-1, 0), (0, 30), (30, 30), (31, 60), (60, 60), (61, 90), (90, 90)]
)
def test_a_check_is_pressed_at_ninety_sixty_and_thirty_days_and_once_it_is_over(
    db: Session, amina: Actor, days: int, window: int
) -> None:
    until = TODAY + timedelta(days=days)
    maya = active(db, amina)
    make_check(db, amina, maya, issued_on=until.replace(year=until.year - 3))
    (row,) = due.to_renew(db, amina).to_dict("records")
    assert (row["volunteer_ref"], row["what"], row["until"]) == (maya.ref, "dbs", until)
    assert row["window"] == window


def test_what_runs_out_later_was_replaced_refused_or_is_of_somebody_gone_is_not_pressed(
    db: Session, amina: Actor
) -> None:
    old = date(2020, 1, 1)
    make_check(db, amina, active(db, amina, "A"), issued_on=TODAY + timedelta(days=92 - 3 * 365))
    make_check(db, amina, active(db, amina, "B"), issued_on=old, is_current=False)
    refused = {"issued_on": old, "decision": CheckDecision.NOT_NOW}
    make_check(db, amina, active(db, amina, "C"), **refused)
    gone = make_volunteer(db, amina, "D", stage=Stage.MOVED_ON)
    make_check(db, amina, gone, issued_on=old)
    assert due.to_renew(db, amina).empty


def test_something_new_and_a_right_that_ends_are_pressed_the_first_to_end_first(
    db: Session, amina: Actor
) -> None:
    maya, ines = active(db, amina), active(db, amina, "Ines")
    make_check(db, amina, maya, update_service_on=TODAY, changed_on=TODAY)
    rights.see(db, amina, ines.ref, seen_on=TODAY, valid_until=TODAY + timedelta(days=5))
    rights.see(db, amina, maya.ref, seen_on=TODAY, valid_until=TODAY + timedelta(days=5))
    rights.see(db, amina, maya.ref, seen_on=TODAY, valid_until=None)
    frame = due.to_renew(db, amina)
    assert list(zip(frame["name"], frame["what"], strict=True)) == [
        ("Maya Rowe", "dbs"), ("Ines Rowe", "right"),
    ]  # fmt: skip


def test_what_is_due_costs_as_many_queries_for_many_as_for_one(
    db: Session, amina: Actor, count_queries
) -> None:
    costs: list[int] = []
    for name in ("A", "B", "C"):
        make_check(db, amina, active(db, amina, name), issued_on=date(2020, 1, 1))
        with count_queries() as statements:
            assert len(due.to_renew(db, amina)) == len(costs) + 1
        costs.append(len(statements))
    assert len(set(costs)) == 1


# --- What is still needed ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "says"),
    [([], "Ask for her DBS check"), ([TODAY], ""), ([TODAY - timedelta(days=1)], "counted until")],
)
def test_a_check_that_has_run_out_is_to_be_renewed_and_one_there_is_not_is_asked_for(
    until: list[date], says: str
) -> None:
    needed = rules.still_needed(
        contexts=["work", "community"], right_until=[None], checked_until=until, today=TODAY
    )
    assert [says in one for one in needed] == ([True] if says else [])


def test_what_is_needed_goes_as_it_comes_in(db: Session, amina: Actor, maya: Volunteer) -> None:
    first = view.checks_of(db, amina, maya.ref)
    assert [one.split()[0] for one in first.needed] == ["Ask", "See", "Ask"]

    for context in (RefereeContext.WORK, RefereeContext.COMMUNITY):
        ref = referees.add(db, amina, maya.ref, referee(context=context))
        for version, step in enumerate((Step.ASKED, Step.RECEIVED), 1):
            referees.note(db, amina, ref, step, version=version)
        referees.decide(db, amina, ref, is_enough=True, reason="Read.", version=3)
    rights.see(db, amina, maya.ref, seen_on=TODAY, valid_until=None)
    make_check(db, amina, maya)
    assert view.checks_of(db, amina, maya.ref).needed == ()


# --- Who may -----------------------------------------------------------------------------


@pytest.mark.parametrize("stranger", ["ben", "leila", "ada", "vik", "erin"])
def test_nobody_but_a_coordinator_reads_or_keeps_checks(
    db: Session,
    amina: Actor,
    maya: Volunteer,
    stranger: str,
    request: pytest.FixtureRequest,
) -> None:
    one = make_check(db, amina, maya)
    ref = disclosures.record(db, amina, maya.ref, talk())
    who: Actor = request.getfixturevalue(stranger)
    certificate = Certificate(number=NUMBER, issued_on=TODAY)
    attempts = [
        lambda: view.checks_of(db, who, maya.ref),
        lambda: due.to_renew(db, who),
        lambda: referees.add(db, who, maya.ref, referee()),
        lambda: referees.note(db, who, "x", Step.ASKED, version=1),
        lambda: referees.decide(db, who, "x", is_enough=True, reason="x", version=1),
        lambda: rights.see(db, who, maya.ref, seen_on=TODAY, valid_until=None),
        lambda: dbs.ask(
            db, who, maya.ref,
            Request(role="no_contact", level=CheckLevel.BASIC, workforce=Workforce.BOTH),
        ),
        lambda: dbs.see(db, who, one.ref, certificate, version=1),
        lambda: dbs.decide(db, who, one.ref, CheckDecision.CLEARED, reason="x", version=1),
        lambda: update_service.join(db, who, one.ref, on=TODAY, version=1),
        lambda: update_service.note_status(
            db, who, one.ref, Answer.NOTHING_NEW, on=TODAY, version=1
        ),
        lambda: disclosures.record(db, who, maya.ref, talk()),
        lambda: disclosures.told(db, who, ref),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(NotPermittedError):
            attempt()


def test_an_unknown_reference_finds_nothing(db: Session, amina: Actor) -> None:
    for attempt in (
        lambda: view.checks_of(db, amina, "nobody"),
        lambda: referees.note(db, amina, "nobody", Step.ASKED, version=1),
        lambda: dbs.decide(db, amina, "nobody", CheckDecision.CLEARED, reason="x", version=1),
        lambda: disclosures.told(db, amina, "nobody"),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_names_numbers_and_words_are_unreadable_in_the_database_and_absent_from_the_log(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    referees.add(db, amina, maya.ref, referee())
    one = seen(db, amina, maya)
    dbs.decide(db, amina, one.ref, CheckDecision.CLEARED, reason="Talked over.", version=2)
    disclosures.record(db, amina, maya.ref, talk(agreed="Not with money."))

    stored = [
        *db.execute(text("SELECT name, contact FROM referees")).one(),
        *db.execute(text("SELECT number, reason FROM dbs_checks")).one(),
        *db.execute(text("SELECT told, agreed FROM disclosure_talks")).one(),
    ]
    said = " ".join(db.scalars(select(AuditEntry.details)))
    for secret in ("Pat", "pat@example", NUMBER, "Talked", "long ago", "money"):
        assert not any(secret in value for value in stored)
        assert secret not in said


def test_the_database_itself_keeps_no_decision_on_what_nobody_saw(
    db: Session, amina: Actor, maya: Volunteer
) -> None:
    one = asked(db, amina, maya)
    statement = update(DbsCheck).where(DbsCheck.id == one.id)
    decided = {"decision": CheckDecision.CLEARED, "decided_on": clock.today()}
    with pytest.raises(Exception, match="decided_once_seen"), db.begin_nested():
        db.execute(statement.values(**decided))


def test_nothing_in_these_tables_could_hold_what_a_certificate_says() -> None:
    held = {column.name for column in DbsCheck.__table__.columns}
    assert not held & {"contents", "offences", "convictions", "scan", "file", "document"}
    told = {column.name for column in DisclosureTalk.__table__.columns}
    assert {"told", "told_removed_on"} <= told
