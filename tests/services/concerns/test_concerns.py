"""Concerns: who raises, reads and decides on them, by when, and that nothing in them changes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models import (
    Account,
    AuditEntry,
    Concern,
    ConcernEntry,
    EntryKind,
    Person,
    RecordLock,
    Role,
    SafeNow,
)
from services import bulk, clock
from services.concerns import concern_decisions, concerns
from services.concerns.concern_decisions import Which
from services.concerns.concern_draft import ConcernDraft
from services.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from services.people import people
from services.permissions import Actor
from tests.conftest import NOW, Clock
from tests.make import make_actor, make_group, make_person, make_place

TODAY = NOW.date()
LOG = ("concerns", "concern_entries")


def draft(**more: Any) -> ConcernDraft:
    values = {
        "about": "The father of a child at the door",
        "noticed_on": TODAY,
        "noticed_time": time(10, 30),
        "facts": "He waited outside.",
        "safe_now": SafeNow.UNKNOWN,
        **more,
    }
    return ConcernDraft(**values)


@pytest.fixture
def dana(db: Session, amina: Actor, ben: Actor) -> Person:
    """A participant in a group of Ben's, and in none of Chloe's."""
    person = make_person(db, amina, "Dana", "Okoro")
    make_place(db, amina, make_group(db, amina, [ben]), person)
    return person


def decide(db: Session, actor: Actor, ref: str, kind: EntryKind, *, seen: int) -> None:
    concern_decisions.add(db, actor, ref, kind, "Called her.", entries_seen=seen)


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


# --- Deciding ----------------------------------------------------------------------------


@pytest.mark.parametrize("hour", [0, 12, 16, 22])  # 1am, 1pm, 5pm and 11pm on the wall
def test_a_decision_is_due_by_the_end_of_the_day_however_late_it_was_raised(
    db: Session, ben: Actor, leila: Actor, time_stands_still: Clock, hour: int
) -> None:
    time_stands_still.moment = datetime(2026, 9, 16, hour, 55, tzinfo=UTC)
    yesterday = draft(noticed_on=date(2026, 9, 15))
    ref = concerns.raise_concern(db, ben, yesterday)
    assert concern_decisions.listed(db, leila, Which.OPEN)["decision"].tolist() == ["due"]

    time_stands_still.moment = datetime(2026, 9, 16, 22, 59, tzinfo=UTC)  # a minute to midnight
    assert concern_decisions.overdue_count(db, leila) == 0
    time_stands_still.go_on(minutes=1)

    assert concern_decisions.overdue_count(db, leila) == 1
    assert concern_decisions.listed(db, leila, Which.OVERDUE)["decision"].tolist() == ["overdue"]
    assert concerns.view(db, leila, ref).is_overdue


def test_the_overdue_ones_stand_with_the_oldest_first_and_are_counted(
    db: Session, ben: Actor, leila: Actor, time_stands_still: Clock
) -> None:
    refs = []
    for number in range(3):
        refs.append(concerns.raise_concern(db, ben, draft(about=f"Somebody {number}")))
        time_stands_still.go_on(days=1)
    decide(db, leila, refs[1], EntryKind.DECISION, seen=0)

    assert concern_decisions.listed(db, leila, Which.OVERDUE)["ref"].tolist() == [refs[0], refs[2]]
    assert concern_decisions.overdue_count(db, leila) == 2
    assert concern_decisions.listed(db, leila, Which.OPEN)["decision"].tolist() == [
        "overdue",
        "made",
        "overdue",
    ]


def test_a_concern_goes_from_decision_to_action_to_its_end(
    db: Session, ben: Actor, leila: Actor, time_stands_still: Clock
) -> None:
    ref = concerns.raise_concern(db, ben, draft())
    for seen, kind in enumerate((EntryKind.DECISION, EntryKind.ACTION, EntryKind.CLOSED)):
        time_stands_still.go_on(minutes=5)
        decide(db, leila, ref, kind, seen=seen)

    one = concerns.view(db, leila, ref)
    assert one.is_closed
    assert [(entry.kind, entry.by) for entry in one.entries] == [
        ("decision", "Leila"),
        ("action", "Leila"),
        ("closed", "Leila"),
    ]
    assert one.entries[0].at == datetime(2026, 9, 16, 13, 35)  # noqa: DTZ001 - wall time
    assert concern_decisions.listed(db, leila, Which.CLOSED)["ref"].tolist() == [ref]
    assert concern_decisions.listed(db, leila, Which.OPEN).empty


def test_none_is_closed_without_a_decision(db: Session, ben: Actor, leila: Actor) -> None:
    ref = concerns.raise_concern(db, ben, draft())

    with pytest.raises(InvalidInputError) as refused:
        decide(db, leila, ref, EntryKind.CLOSED, seen=0)

    assert list(refused.value.problems) == ["kind"]


def test_a_closed_one_takes_corrections_only(db: Session, ben: Actor, leila: Actor) -> None:
    ref = concerns.raise_concern(db, ben, draft())
    decide(db, leila, ref, EntryKind.DECISION, seen=0)
    decide(db, leila, ref, EntryKind.CLOSED, seen=1)

    with pytest.raises(ConflictError, match="closed"):
        decide(db, leila, ref, EntryKind.ACTION, seen=2)
    concerns.correct(db, leila, ref, "It was Tuesday.")

    assert concerns.view(db, leila, ref).entries[-1].kind == "correction"


def test_the_second_of_two_who_decide_is_shown_the_first_decision(
    db: Session, ben: Actor, leila: Actor
) -> None:
    ref = concerns.raise_concern(db, ben, draft())
    decide(db, leila, ref, EntryKind.DECISION, seen=0)

    with pytest.raises(ConflictError, match="Somebody added"):
        decide(db, leila, ref, EntryKind.DECISION, seen=0)


@pytest.mark.parametrize("who", ["amina", "ben", "ada"])
def test_nobody_else_decides_not_even_on_her_own(
    db: Session, who: str, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    ref = concerns.raise_concern(db, actor, draft())

    with pytest.raises(NotPermittedError):
        decide(db, actor, ref, EntryKind.DECISION, seen=0)


def test_an_empty_entry_is_refused(db: Session, ben: Actor, leila: Actor) -> None:
    ref = concerns.raise_concern(db, ben, draft())

    with pytest.raises(InvalidInputError):
        concern_decisions.add(db, leila, ref, EntryKind.DECISION, "  ", entries_seen=0)
    with pytest.raises(InvalidInputError):
        concerns.correct(db, ben, ref, "x" * 10_001)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(list(EntryKind)), max_size=6))
def test_whatever_is_added_in_whatever_order_it_is_in_exactly_one_list(
    db: Session, ben: Actor, leila: Actor, steps: list[EntryKind]
) -> None:
    ref = concerns.raise_concern(db, ben, draft(facts=f"{len(concerns.own(db, ben))}"))
    for kind in steps:
        seen = len(concerns.view(db, leila, ref).entries)
        try:
            if kind is EntryKind.CORRECTION:
                concerns.correct(db, ben, ref, "So.")
            else:
                decide(db, leila, ref, kind, seen=seen)
        except (ConflictError, InvalidInputError):
            pass

    one = concerns.view(db, leila, ref)
    lists = {which: refs_of(db, leila, which) for which in (Which.OPEN, Which.CLOSED)}
    assert (ref in lists[Which.CLOSED]) == one.is_closed
    assert (ref in lists[Which.OPEN]) != one.is_closed
    assert not one.is_closed or one.decided_on is not None


def refs_of(db: Session, actor: Actor, which: Which) -> set[str]:
    return set(concern_decisions.listed(db, actor, which)["ref"])


# --- The lists, page by page ---------------------------------------------------------------


@pytest.mark.parametrize("which", [Which.OPEN, Which.CLOSED])
def test_pages_follow_each_other_without_a_gap(
    db: Session, ben: Actor, leila: Actor, monkeypatch: pytest.MonkeyPatch, which: Which
) -> None:
    monkeypatch.setattr(concern_decisions, "PAGE", 2)
    refs = [concerns.raise_concern(db, ben, draft(facts=str(number))) for number in range(5)]
    if which is Which.CLOSED:
        refs.reverse()
        for ref in refs:
            decide(db, leila, ref, EntryKind.DECISION, seen=0)
            decide(db, leila, ref, EntryKind.CLOSED, seen=1)

    seen: list[str] = []
    after = None
    while not (page := concern_decisions.listed(db, leila, which, after=after)).empty:
        seen += page["ref"].tolist()
        after = int(page["number"].iloc[-1])

    assert seen == refs


def test_a_list_takes_one_query_however_many_there_are(
    db: Session, ben: Actor, leila: Actor, count_queries: Callable[[], Any]
) -> None:
    for number in range(12):
        concerns.raise_concern(db, ben, draft(facts=str(number)))

    for which in Which:
        with count_queries() as statements:
            concern_decisions.listed(db, leila, which)
        assert len(statements) == 1


# --- Nothing changes -----------------------------------------------------------------------


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
