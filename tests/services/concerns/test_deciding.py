"""Concerns: by when they are decided, in which list each is, and what follows."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import EntryKind
from services.concerns import concern_decisions, concerns
from services.concerns.concern_decisions import Which
from services.errors import ConflictError, InvalidInputError, NotPermittedError
from services.permissions import Actor
from tests.conftest import Clock
from tests.services.concerns.raising import decide, draft

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


# --- The lists, page by page -------------------------------------------------------------


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
