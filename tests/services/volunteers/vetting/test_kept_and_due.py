"""What a volunteer told us, what goes in time, what runs out, and who may read it."""

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
from services.errors import InvalidInputError, NotFoundError, NotPermittedError
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
    rules,
    update_service,
    view,
)
from services.volunteers.vetting.agreed import NOT_NOW
from services.volunteers.vetting.dbs import Certificate, Request
from services.volunteers.vetting.disclosures import TalkDraft
from services.volunteers.vetting.referees import Step
from services.volunteers.vetting.update_service import Answer
from tests.conftest import Clock
from tests.make import make_check, make_group, make_volunteer
from tests.services.volunteers.vetting.checks import (
    NUMBER,
    TODAY,
    TOMORROW,
    asked,
    problems,
    referee,
    seen,
)


def talk(**changes: object) -> TalkDraft:
    values: dict[str, object] = {
        "talked_on": TODAY,
        "told": "Something from long ago.",
        "decision": CheckDecision.CLEARED,
    }
    return TalkDraft(**values | changes)  # type: ignore[arg-type]


# --- What she told us --------------------------------------------------------------------


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


def active(db: Session, amina: Actor, name: str = "Maya") -> Volunteer:
    return make_volunteer(db, amina, name, stage=Stage.ACTIVE, ready=False)


# --- What runs out -----------------------------------------------------------------------


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
