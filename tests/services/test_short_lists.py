"""The lists that are short at any size find their rows through an index of their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from models import OPEN_STATES, Group, GroupState
from services import today
from services.consents import consent_view
from services.groups import groups
from services.permissions import Actor
from services.referrals import referrals
from services.referrals.referral_states import ON_THE_WAY
from services.short_lists import stated_in
from tests.make import make_group, make_person, make_place


@contextmanager
def explaining(db: Session) -> Iterator[list[str]]:
    """How SQLite goes about every statement sent meanwhile."""
    sent: list[tuple[str, Any]] = []
    steps: list[str] = []

    def note(_c: object, _cursor: object, sql: str, values: Any, *_rest: object) -> None:
        sent.append((sql, values))

    event.listen(db.get_bind(), "before_cursor_execute", note)
    try:
        yield steps
    finally:
        event.remove(db.get_bind(), "before_cursor_execute", note)
    connection = db.connection()
    for sql, values in sent:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        steps += [str(row[3]) for row in found]


LISTS: dict[str, Callable[[Session, Actor], object]] = {
    "ix_groups_open": groups.choices,
    "ix_referrals_on_the_way": lambda db, actor: referrals.directory(db, actor, states=ON_THE_WAY),
    "ix_group_sessions_unfinished": today.unfinished_registers,
}


@pytest.mark.parametrize("index", LISTS)
def test_each_list_goes_through_its_own_index(
    db: Session, amina: Actor, database_kind: str, index: str
) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, whatever its indexes.")
    _pretend_to_be_large(db)
    with explaining(db) as steps:
        LISTS[index](db, amina)

    assert [step for step in steps if index in step], steps


def _pretend_to_be_large(db: Session) -> None:
    """What the planner would have counted in a programme of a million marks."""
    db.execute(text("ANALYZE"))
    db.execute(text("DELETE FROM sqlite_stat1"))
    counted = [
        ("groups", "ix_groups_open", "29 2 1"),
        ("groups", "ix_groups_starts_on_id", "7000 30 1"),
        ("groups", "ix_groups_state_starts_on_id", "7000 1400 6 1"),
        ("people", "ix_people_merged_into_id", "62000 62000"),
        ("referrals", "ix_referrals_on_the_way", "8 2 1"),
        ("referrals", "ix_referrals_received_on_id", "62000 60 1"),
        ("referrals", "ix_referrals_state_received_on_id", "62000 8000 8 1"),
        ("referrals", "ix_referrals_person_id", "62000 1"),
        ("group_sessions", "ix_group_sessions_unfinished", "50 2"),
        ("group_sessions", "ix_group_sessions_starts_at_id", "80000 10 1"),
    ]
    for table, index, numbers in counted:
        values = {"table": table, "index": index, "numbers": numbers}
        db.execute(text("INSERT INTO sqlite_stat1 VALUES (:table, :index, :numbers)"), values)
    db.execute(text("ANALYZE sqlite_schema"))


def test_whom_to_ask_in_one_group_is_asked_of_its_people_alone(
    db: Session, amina: Actor, ben: Actor, database_kind: str
) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, whatever its indexes.")
    group = make_group(db, amina, [ben])
    make_place(db, amina, group, make_person(db, amina))
    with explaining(db) as steps:
        consent_view.to_ask_in_group(db, amina, group.ref)

    assert not [step for step in steps if step.startswith("SCAN")]


def test_states_are_written_into_the_statement_and_mean_the_same(
    db: Session, amina: Actor, ben: Actor
) -> None:
    running = make_group(db, amina, [ben])
    over = make_group(db, amina, [ben], code_name="Choir")
    over.state = GroupState.CLOSED
    db.flush()

    found = db.scalars(select(Group.ref).where(stated_in(Group.state, OPEN_STATES)))

    assert found.all() == [running.ref]
