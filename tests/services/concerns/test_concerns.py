"""Concerns: who raises and reads them, and that nothing in them changes."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models import Account, AuditEntry, Concern, ConcernEntry, EntryKind, Person, RecordLock, Role
from services import bulk, clock
from services.concerns import concern_decisions, concerns
from services.concerns.concern_decisions import Which
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.people import people
from services.permissions import Actor
from tests.conftest import NOW, Clock
from tests.make import make_actor, make_group, make_person, make_place
from tests.services.concerns.raising import TODAY, decide, draft

LOG = ("concerns", "concern_entries")


@pytest.fixture
def dana(db: Session, amina: Actor, ben: Actor) -> Person:
    """A participant in a group of Ben's, and in none of Chloe's."""
    person = make_person(db, amina, "Dana", "Okoro")
    make_place(db, amina, make_group(db, amina, [ben]), person)
    return person


# --- Raising -----------------------------------------------------------------------------


def test_a_facilitator_raises_one_about_a_participant_of_hers(
    db: Session, ben: Actor, leila: Actor, dana: Person
) -> None:
    ref = concerns.raise_concern(db, ben, draft(person_ref=dana.ref, opinion="I am worried."))

    seen = concerns.view(db, leila, ref)
    assert (seen.about, seen.raised_by) == (f"Dana Okoro, {dana.code}", "Ben")
    assert (seen.facts, seen.opinion, seen.exact_words) == (
        "He waited outside.",
        "I am worried.",
        None,
    )
    assert seen.noticed_at == datetime.combine(TODAY, time(10, 30))
    assert (seen.due_on, seen.decided_on, seen.is_overdue) == (TODAY, None, False)


@pytest.mark.parametrize("role", Role)
def test_everybody_raises_one_in_words(db: Session, role: Role) -> None:
    actor = make_actor(db, "somebody", role)

    ref = concerns.raise_concern(db, actor, draft())

    assert concerns.own(db, actor)["ref"].tolist() == [ref]


def test_about_a_participant_of_somebody_else_reads_as_about_nobody(
    db: Session, chloe: Actor, leila: Actor, dana: Person
) -> None:
    for actor in (chloe, leila):
        with pytest.raises(NotFoundError):
            concerns.raise_concern(db, actor, draft(person_ref=dana.ref))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"about": "  "}, "about"),
        ({"about": "x" * 201}, "about"),
        ({"facts": " "}, "facts"),
        ({"opinion": "x" * 10_001}, "opinion"),
        ({"safe_now": None}, "safe_now"),
        ({"noticed_time": time(13, 31)}, "noticed_on"),
        ({"noticed_on": date(2026, 9, 17)}, "noticed_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    db: Session, ben: Actor, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        concerns.raise_concern(db, ben, draft(**change))

    assert list(refused.value.problems) == [field]
    assert concerns.own(db, ben).empty


@pytest.mark.parametrize(
    "change",
    [
        {"about": "J"},
        {"about": "x" * 200},
        {"opinion": "x" * 10_000},
        {"noticed_time": time(13, 30)},
    ],
)
def test_the_longest_words_and_this_very_minute_are_taken(
    db: Session, ben: Actor, change: dict[str, Any]
) -> None:
    assert concerns.raise_concern(db, ben, draft(**change))


def test_a_form_sent_twice_raises_one(db: Session, ben: Actor, time_stands_still: Clock) -> None:
    concerns.raise_concern(db, ben, draft())
    with pytest.raises(ConflictError, match="a moment ago"):
        concerns.raise_concern(db, ben, draft())

    time_stands_still.go_on(minutes=11)
    concerns.raise_concern(db, ben, draft())

    assert len(concerns.own(db, ben)) == 2


def test_the_audit_log_says_neither_whom_nor_what(db: Session, ben: Actor, dana: Person) -> None:
    ref = concerns.raise_concern(db, ben, draft(person_ref=dana.ref))

    entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject, entry.details) == (
        "concern.raised",
        f"concern:{ref}",
        "{}",
    )


# --- Reading -----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["amina", "chloe", "ada", "vik", "erin"])
def test_nobody_but_her_and_who_decides_reads_it(
    db: Session, ben: Actor, who: str, request: pytest.FixtureRequest
) -> None:
    ref = concerns.raise_concern(db, ben, draft())
    actor = request.getfixturevalue(who)

    with pytest.raises((NotFoundError, NotPermittedError)):
        concerns.view(db, actor, ref)
    for look in (
        concern_decisions.overdue_count,
        lambda *at: concern_decisions.listed(*at, Which.OPEN),
    ):
        with pytest.raises(NotPermittedError):
            look(db, actor)


def test_who_raised_it_reads_back_her_words_and_whether_it_is_decided_but_not_what(
    db: Session, ben: Actor, leila: Actor
) -> None:
    ref = concerns.raise_concern(db, ben, draft())
    decide(db, leila, ref, EntryKind.DECISION, seen=0)
    concerns.correct(db, ben, ref, "It was the back door.")

    seen = concerns.view(db, ben, ref)

    assert seen.facts == "He waited outside."
    assert (seen.decided_on, seen.is_closed) == (TODAY, False)
    assert [(one.kind, one.words) for one in seen.entries] == [
        ("correction", "It was the back door.")
    ]
    assert concerns.own(db, ben)["decided"].tolist() == [True]


def test_nobody_corrects_a_concern_of_somebody_else(db: Session, ben: Actor, chloe: Actor) -> None:
    ref = concerns.raise_concern(db, ben, draft())

    with pytest.raises(NotFoundError):
        concerns.correct(db, chloe, ref, "No.")


def test_reading_one_is_written_in_the_audit_log_once_a_look(
    db: Session, ben: Actor, leila: Actor
) -> None:
    ref = concerns.raise_concern(db, ben, draft())

    concerns.view(db, leila, ref)
    concerns.view(db, leila, ref)

    views = select(AuditEntry.account_id).where(
        AuditEntry.subject == f"concern:{ref}", AuditEntry.action == "record.viewed"
    )
    assert db.scalars(views).all() == [leila.account_id]


def test_whoever_is_kept_out_of_a_record_finds_no_concern_about_it(
    db: Session, amina: Actor, ben: Actor, leila: Actor, dana: Person
) -> None:
    ref = concerns.raise_concern(db, ben, draft(person_ref=dana.ref))
    lock(db, amina, leila, dana)

    with pytest.raises(NotFoundError):
        concerns.view(db, leila, ref)
    assert concern_decisions.listed(db, leila, Which.OPEN).empty
    assert not concerns.view(db, ben, ref).has_reader


def test_it_says_when_nobody_can_decide(db: Session, ben: Actor) -> None:
    ref = concerns.raise_concern(db, ben, draft())
    assert not concerns.view(db, ben, ref).has_reader

    make_actor(db, "leila", Role.LEAD)
    assert concerns.view(db, ben, ref).has_reader

    db.execute(update(Account).where(Account.username == "leila").values(is_active=False))
    assert not concerns.view(db, ben, ref).has_reader


def test_nor_about_a_record_that_was_joined_to_it(
    db: Session, amina: Actor, ben: Actor, leila: Actor, dana: Person
) -> None:
    other = make_person(db, amina, "Dana", "Okorro")
    ref = concerns.raise_concern(db, amina, draft(person_ref=other.ref))
    other.merged_into_id = dana.id
    assert concerns.view(db, leila, ref)

    lock(db, amina, leila, dana)

    with pytest.raises(NotFoundError):
        concerns.view(db, leila, ref)


def test_a_concern_leaves_nothing_on_the_participants_page_or_in_search(
    db: Session, ben: Actor, chloe: Actor, amina: Actor, dana: Person
) -> None:
    before = people.summary(db, amina, dana.ref), people.directory(db, amina, search="Okoro")

    concerns.raise_concern(db, ben, draft(person_ref=dana.ref))

    after = people.summary(db, amina, dana.ref), people.directory(db, amina, search="Okoro")
    assert after[0] == before[0]
    assert after[1].equals(before[1])


def lock(db: Session, by: Actor, out: Actor, person: Person) -> None:
    db.add(
        RecordLock(
            person_id=person.id,
            account_id=out.account_id,
            reason="Her sister.",
            locked_by_id=by.account_id,
            locked_at=NOW,
        )
    )
    db.flush()


# --- Nothing changes ---------------------------------------------------------------------


@pytest.mark.parametrize("change", [update(Concern).values(facts="x"), delete(Concern)])
def test_the_database_refuses_to_change_a_concern(db: Session, ben: Actor, change: Any) -> None:
    concerns.raise_concern(db, ben, draft())

    with pytest.raises(DBAPIError, match="append-only"), db.begin_nested():
        db.execute(change)


@pytest.mark.parametrize("change", [update(ConcernEntry).values(words="x"), delete(ConcernEntry)])
def test_the_database_refuses_to_change_an_entry(db: Session, ben: Actor, change: Any) -> None:
    concerns.correct(db, ben, concerns.raise_concern(db, ben, draft()), "So.")

    with pytest.raises(DBAPIError, match="append-only"), db.begin_nested():
        db.execute(change)


def test_what_was_written_is_unreadable_in_the_database(db: Session, ben: Actor) -> None:
    ref = concerns.raise_concern(db, ben, draft(exact_words="Help me", told="Tess, at noon"))
    concerns.correct(db, ben, ref, "It was Tuesday")

    tables = Concern.metadata.tables
    kept = [str(row) for name in LOG for row in bulk.read(db, tables[name])]
    words = ("father", "waited", "Help", "Tess", "Tuesday", "unknown")
    assert not [word for word in words if any(word in row for row in kept)]


def test_today_is_where_the_service_is(db: Session, ben: Actor, time_stands_still: Clock) -> None:
    time_stands_still.moment = datetime(2026, 9, 16, 23, 30, tzinfo=UTC)  # half past midnight there
    ref = concerns.raise_concern(db, ben, draft())

    assert concerns.view(db, ben, ref).due_on == clock.today() == date(2026, 9, 17)
