"""Hours, expenses and thanks: what counts, what is refused, and who may see it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models import (
    AuditEntry,
    Debrief,
    Expense,
    ExpenseKind,
    Group,
    Placement,
    PlacementRole,
    Role,
    SessionState,
    Shift,
    ShiftState,
    Volunteer,
    VolunteerPresence,
    VolunteerSupport,
)
from services import clock, key_rotation
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.permissions import Actor
from services.volunteers.contribution import expenses, hours, letters, settling, thanking
from services.volunteers.contribution.expenses import ExpenseDraft, tax_year
from services.volunteers.contribution.hours import HoursDraft
from services.volunteers.contribution.receipts import MOST_BYTES, media_type
from services.volunteers.contribution.thanks import HOURS, milestones, months_between
from tests.conftest import Clock
from tests.make import make_actor, make_group, session_of
from tests.paper import words_of
from tests.services.volunteers.herself.account import joined
from tests.services.volunteers.shifts import seasoned

TODAY = date(2026, 9, 16)
PNG = b"\x89PNG\r\n\x1a\n" + b"a receipt"


@pytest.fixture
def volunteer(db: Session, amina: Actor) -> Volunteer:
    return seasoned(db, amina, "Maya", "Rowe")


@pytest.fixture
def maya(db: Session, amina: Actor, volunteer: Volunteer) -> Actor:
    return joined(db, volunteer, "maya", amina)


@pytest.fixture
def ines(db: Session, amina: Actor) -> Actor:
    """Another volunteer's account: the stranger."""
    return joined(db, seasoned(db, amina, "Ines", "Marsh"), "ines", amina)


def hold(db: Session, group: Group, number: int) -> None:
    session_of(db, group, number).state = SessionState.HELD
    db.flush()


def fare(**more: object) -> ExpenseDraft:
    values = {"kind": ExpenseKind.TRANSPORT, "spent_on": TODAY, "pounds": 4.5} | more
    return ExpenseDraft(**values)  # type: ignore[arg-type]


def driven(miles: float, on: date = TODAY) -> ExpenseDraft:
    return ExpenseDraft(kind=ExpenseKind.MILEAGE, spent_on=on, miles=miles)


def kept(db: Session, ref: str) -> Expense:
    return db.scalars(select(Expense).where(Expense.ref == ref)).one()


# --- Hours ---------------------------------------------------------------------------------


def test_hours_come_from_sessions_held_with_her_there(
    db: Session, amina: Actor, ben: Actor, volunteer: Volunteer, maya: Actor,
    time_stands_still: Clock,
) -> None:  # fmt: skip
    """One by the debrief, one by her yes, one by both, counted once; one she was not at."""
    group = make_group(db, amina, [ben], first_day=TODAY)
    placed = Placement(
        volunteer_id=volunteer.id, group_id=group.id, role=PlacementRole.WELCOME, starts_on=TODAY
    )
    db.add(placed)
    db.flush()
    for number, by_debrief, by_yes in ((1, True, False), (2, False, True), (3, True, True)):
        session = session_of(db, group, number)
        if by_debrief:
            note = Debrief(
                session_id=session.id, at=clock.now(), account_id=ben.account_id, minutes=10
            )
            db.add(note)
            db.flush()
            db.add(VolunteerPresence(debrief_id=note.id, volunteer_id=volunteer.id))
        if by_yes:
            db.add(
                Shift(
                    session_id=session.id, volunteer_id=volunteer.id, role=PlacementRole.WELCOME,
                    slot=1, state=ShiftState.ACCEPTED, offered_at=clock.now(),
                    offered_by_id=amina.account_id, answered_at=clock.now(),
                )
            )  # fmt: skip
        hold(db, group, number)
    hold(db, group, 4)
    time_stands_still.go_on(days=60)

    found = hours.mine(db, maya)

    length = session_of(db, group).ends_at - session_of(db, group).starts_at
    assert (found.sessions, found.session_minutes) == (3, 3 * length.total_seconds() // 60)


def test_other_hours_are_entered_once_and_taken_out(
    db: Session, amina: Actor, volunteer: Volunteer, maya: Actor, ines: Actor
) -> None:
    draft = HoursDraft(given_on=TODAY, hours=1.5, what="Open evening")
    ref = hours.add_mine(db, maya, draft)
    assert hours.of_volunteer(db, amina, volunteer.ref).other_minutes == 90

    with pytest.raises(ConflictError, match="kept already"):
        hours.add(db, amina, volunteer.ref, draft)
    with pytest.raises(NotFoundError):
        hours.remove_mine(db, ines, ref)
    hours.remove_mine(db, maya, ref)
    assert hours.mine(db, maya).others.empty


def test_what_a_colleague_entered_is_not_hers_to_take_out(
    db: Session, amina: Actor, volunteer: Volunteer, maya: Actor
) -> None:
    ref = hours.add(db, amina, volunteer.ref, HoursDraft(given_on=TODAY, hours=1, what="Meeting"))

    with pytest.raises(NotFoundError):
        hours.remove_mine(db, maya, ref)
    hours.remove(db, amina, ref)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (HoursDraft(given_on=TODAY + timedelta(days=1), hours=1, what="Meeting"), "given_on"),
        (HoursDraft(given_on=TODAY - timedelta(days=400), hours=1, what="Meeting"), "given_on"),
        (HoursDraft(given_on=TODAY, hours=0.1, what="Meeting"), "hours"),
        (HoursDraft(given_on=TODAY, hours=13, what="Meeting"), "hours"),
        (HoursDraft(given_on=TODAY, hours=float("nan"), what="Meeting"), "hours"),
        (HoursDraft(given_on=TODAY, hours=1, what="  "), "what"),
        (HoursDraft(given_on=TODAY, hours=1, what="x" * 121), "what"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    db: Session, maya: Actor, draft: HoursDraft, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        hours.add_mine(db, maya, draft)
    assert list(refused.value.problems) == [field]


def test_a_day_has_no_more_than_twelve_of_her_hours(db: Session, maya: Actor) -> None:
    hours.add_mine(db, maya, HoursDraft(given_on=TODAY, hours=8, what="Training"))

    with pytest.raises(InvalidInputError, match="over 12 hours"):
        hours.add_mine(db, maya, HoursDraft(given_on=TODAY, hours=5, what="Meeting"))


@given(st.integers(0, 100_000), st.dates(date(2000, 1, 1), date(2026, 9, 16)))
def test_a_milestone_is_reached_and_never_missed(minutes: int, since: date) -> None:
    found = milestones(minutes, since, TODAY)

    assert found.hours is None or found.hours * 60 <= minutes
    assert found.next_hours is None or minutes < found.next_hours * 60
    assert [found.hours, found.next_hours] != [None, None]
    assert found.hours in (None, *HOURS)
    assert found.months is None or found.months <= months_between(since, TODAY)


# --- Expenses ------------------------------------------------------------------------------


@pytest.mark.parametrize(("miles", "pence"), [(10, 450), (0.1, 5), (12.3, 554), (500, 22_500)])
def test_a_mile_is_forty_five_pence(db: Session, maya: Actor, miles: float, pence: int) -> None:
    assert kept(db, expenses.ask(db, maya, driven(miles))).pence == pence


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (fare(spent_on=TODAY + timedelta(days=1)), "spent_on"),
        (fare(spent_on=TODAY - timedelta(days=184)), "spent_on"),
        (fare(pounds=None), "pounds"),
        (fare(pounds=0), "pounds"),
        (fare(pounds=-4.5), "pounds"),
        (fare(pounds=500.01), "pounds"),
        (fare(pounds=float("nan")), "pounds"),
        (driven(0), "miles"),
        (driven(501), "miles"),
        (fare(words="x" * 201), "words"),
        (fare(kind=ExpenseKind.CHILDCARE), "receipt"),
        (fare(receipt=b"MZ a program"), "receipt"),
        (fare(receipt=b"<html>"), "receipt"),
        (fare(receipt=b"%PDF-" + bytes(MOST_BYTES)), "receipt"),
    ],
)
def test_an_expense_that_cannot_be_is_refused_and_nothing_is_kept(
    db: Session, maya: Actor, draft: ExpenseDraft, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        expenses.ask(db, maya, draft)
    assert list(refused.value.problems) == [field]
    assert db.scalar(select(func.count()).select_from(Expense)) == 0


def test_the_same_is_not_asked_for_twice(db: Session, maya: Actor) -> None:
    expenses.ask(db, maya, fare())

    with pytest.raises(ConflictError, match="already on that day"):
        expenses.ask(db, maya, fare())


def test_beyond_the_miles_of_a_tax_year_somebody_talks_first(
    db: Session, volunteer: Volunteer, maya: Actor
) -> None:
    expenses.ask(db, maya, driven(500))
    db.scalars(select(Expense)).one().tenths = 99_990
    db.flush()

    with pytest.raises(InvalidInputError, match="10,000 miles"):
        expenses.ask(db, maya, driven(2, TODAY - timedelta(days=1)))
    assert expenses.ask(db, maya, driven(1, TODAY - timedelta(days=1)))


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 4, 5), date(2025, 4, 6)),
        (date(2026, 4, 6), date(2026, 4, 6)),
        (date(2026, 12, 31), date(2026, 4, 6)),
    ],
)
def test_a_tax_year_begins_on_the_sixth_of_april(day: date, begins: date) -> None:
    assert tax_year(day) == begins


def test_an_expense_is_asked_for_approved_and_paid(
    db: Session, amina: Actor, volunteer: Volunteer, maya: Actor
) -> None:
    ref = expenses.ask(db, maya, fare())
    assert list(settling.waiting(db, amina)["ref"]) == [ref]

    settling.approve(db, amina, ref, version=1)
    settling.pay(db, amina, ref, version=2)

    assert settling.waiting(db, amina).empty
    assert list(expenses.mine(db, maya)["state"]) == ["paid"]


def test_what_is_missing_is_said_and_she_asks_again(db: Session, amina: Actor, maya: Actor) -> None:
    ref = expenses.ask(db, maya, fare())
    with pytest.raises(InvalidInputError, match="what is missing"):
        settling.send_back(db, amina, ref, missing=" ", version=1)

    settling.send_back(db, amina, ref, missing="Which day was it?", version=1)

    assert list(expenses.mine(db, maya)["missing"]) == ["Which day was it?"]
    assert expenses.ask(db, maya, fare())


@pytest.mark.parametrize("step", [settling.approve, settling.pay])
def test_a_step_out_of_turn_or_a_stale_one_is_refused(
    db: Session, amina: Actor, maya: Actor, step: object
) -> None:
    ref = expenses.ask(db, maya, fare())
    settling.approve(db, amina, ref, version=1)
    settling.pay(db, amina, ref, version=2)

    with pytest.raises(ConflictError, match="changed meanwhile"):
        step(db, amina, ref, version=3)  # type: ignore[operator]
    with pytest.raises(ConflictError, match="changed meanwhile"):
        step(db, amina, ref, version=1)  # type: ignore[operator]


def test_she_takes_one_back_only_while_nobody_has_decided(
    db: Session, amina: Actor, maya: Actor, ines: Actor
) -> None:
    first, second = expenses.ask(db, maya, fare()), expenses.ask(db, maya, fare(pounds=2))
    settling.approve(db, amina, first, version=1)

    with pytest.raises(NotFoundError):
        expenses.withdraw(db, ines, second, version=1)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        expenses.withdraw(db, maya, first, version=2)
    expenses.withdraw(db, maya, second, version=1)
    assert list(expenses.mine(db, maya)["ref"]) == [first]


def test_nobody_settles_her_own(db: Session, amina: Actor, volunteer: Volunteer) -> None:
    zora = make_actor(db, "zora", Role.COORDINATOR)
    db.add(VolunteerSupport(volunteer_id=volunteer.id, own_account_id=zora.account_id))
    db.flush()
    ref = expenses.ask_for(db, zora, volunteer.ref, fare())

    with pytest.raises(ConflictError, match="your own expense"):
        settling.approve(db, zora, ref, version=1)
    settling.approve(db, amina, ref, version=1)


def test_a_receipt_is_kept_encrypted_and_each_look_is_written_down(
    db: Session, amina: Actor, maya: Actor, ines: Actor
) -> None:
    ref = expenses.ask(db, maya, fare(receipt=PNG))

    assert settling.receipt(db, amina, ref) == (PNG, "image/png")
    assert settling.my_receipt(db, maya, ref) == (PNG, "image/png")
    with pytest.raises(NotFoundError):
        settling.my_receipt(db, ines, ref)
    stored = db.scalar(text("SELECT content FROM expense_receipts"))
    assert b"receipt" not in str(stored).encode()
    looks = select(func.count()).where(AuditEntry.action == "receipt.viewed")
    assert db.scalar(looks) == 2


def test_receipts_are_renewed_a_few_at_a_time(db: Session, maya: Actor) -> None:
    for pounds in range(1, 12):
        expenses.ask(db, maya, fare(pounds=pounds, receipt=PNG))
    table = next(one for one in key_rotation.tables() if one.name == "expense_receipts")

    first = key_rotation.renew(db, table)

    assert first.last is not None
    assert key_rotation.renew(db, table, first.last).last is None


@pytest.mark.parametrize("content", [b"", b"%PDF", b"\xff\xd8", b"GIF89a"])
def test_what_is_no_receipt_is_told_by_how_it_begins(content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        media_type(content)


@pytest.mark.parametrize("who", ["ben", "leila", "ada", "vik", "erin", "maya"])
def test_only_a_coordinator_settles_and_sees_all(
    db: Session, request: pytest.FixtureRequest, volunteer: Volunteer, who: str
) -> None:
    actor = request.getfixturevalue(who)

    for act in (
        settling.waiting,
        lambda db, actor: expenses.of_volunteer(db, actor, volunteer.ref),
        lambda db, actor: hours.of_volunteer(db, actor, volunteer.ref),
        lambda db, actor: letters.thank_you(db, actor, volunteer.ref),
        lambda db, actor: letters.reference_sheet(db, actor, volunteer.ref),
    ):
        with pytest.raises(NotPermittedError):
            act(db, actor)


def test_the_log_holds_neither_sum_nor_words(db: Session, maya: Actor) -> None:
    expenses.ask(db, maya, fare(pounds=43.21, words="Unmistakable"))

    logged = " ".join(map(str, db.scalars(select(AuditEntry.details)).all()))
    assert "4321" not in logged
    assert "Unmistakable" not in logged


# --- Paper ---------------------------------------------------------------------------------


def test_the_record_she_takes_along_states_facts_alone(
    db: Session, amina: Actor, volunteer: Volunteer, maya: Actor
) -> None:
    hours.add_mine(db, maya, HoursDraft(given_on=TODAY, hours=3.5, what="Open evening"))

    said = words_of(letters.my_reference_sheet(db, maya))

    assert "Maya Rowe" in said
    assert "5 January 2026" in said
    assert "3.5 hours in all" in said
    assert "It is not an appraisal" in said
    assert "Open evening" not in said


def test_the_letter_thanks_her_by_name(db: Session, amina: Actor, volunteer: Volunteer) -> None:
    said = words_of(letters.thank_you(db, amina, volunteer.ref))

    assert "Thank you, Maya" in said
    assert "Lantern House" in said


# --- Milestones ----------------------------------------------------------------------------


def test_what_she_reaches_is_noted_once_and_waits_for_her_coordinator_until_somebody_thanks_her(
    db: Session, amina: Actor, volunteer: Volunteer, maya: Actor, time_stands_still: Clock
) -> None:
    other = make_actor(db, "zora", Role.COORDINATOR)
    hours.add_mine(db, maya, HoursDraft(given_on=TODAY, hours=11, what="Open evening"))
    assert thanking.note_reached(db) == 2  # ten hours, and months since January
    assert thanking.note_reached(db) == 0
    with pytest.raises(NotFoundError):
        letters.my_thank_you(db, maya)

    found = thanking.to_thank(db, amina)
    assert found[["kind", "step"]].values.tolist() == [["hours", 10], ["months", 6]]
    assert thanking.to_thank(db, other).empty
    assert thanking.not_thanked(db, amina, volunteer.ref) == (("hours", 10), ("months", 6))

    thanking.thank(db, amina, volunteer.ref)

    assert thanking.to_thank(db, amina).empty
    assert "Amina" in words_of(letters.my_thank_you(db, maya))
    with pytest.raises(ConflictError, match="meanwhile"):
        thanking.thank(db, other, volunteer.ref)


def test_nobody_else_thanks_or_sees_what_there_is_to_thank_for(
    db: Session, ben: Actor, leila: Actor, ada: Actor, maya: Actor, volunteer: Volunteer
) -> None:
    for stranger in (ben, leila, ada, maya):
        for refused in (
            lambda who: thanking.to_thank(db, who),
            lambda who: thanking.thank(db, who, volunteer.ref),
            lambda who: thanking.not_thanked(db, who, volunteer.ref),
        ):
            with pytest.raises(NotPermittedError):
                refused(stranger)
