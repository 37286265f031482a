"""what attendance over time, staying and completing rolling groups are shown from.

Revision ID: 0022
Revises: 0021
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CANCELLED = sa.text("state = 'cancelled'")
NEVER_TAKEN_UP = ("waiting", "offered", "declined")
KINDS = ("month", "session", "stay", "left", "wait")
NAMES = ("kind", "programme", "period", "key", "first", "second", "count")
_Cells: TypeAlias = Counter[tuple[str, str, str, str, int]]

groups = sa.table(
    "groups",
    *map(sa.column, ("id", "programme", "programme_version", "sessions_to_complete")),
    sa.column("starts_on", sa.Date),
    sa.column("topics_to_complete"),
)
sessions = sa.table(
    "group_sessions",
    *map(sa.column, ("id", "group_id", "topic", "state")),
    sa.column("local_start", sa.DateTime),
)
places = sa.table(
    "places",
    *map(sa.column, ("id", "group_id", "person_id", "state", "left_because")),
    *map(sa.column, ("attended", "covered", "expected", "topics_covered")),
)
marks = sa.table("marks", *map(sa.column, ("session_id", "place_id", "code")))
covered_topics = sa.table("covered_topics", *map(sa.column, ("session_id", "covering", "topic")))
programmes = sa.table(
    "programme_versions", *map(sa.column, ("key", "version", "definition"))
)
referrals = sa.table(
    "referrals",
    sa.column("received_on", sa.Date),
    sa.column("first_session_on", sa.Date),
)
tallies = sa.table("tallies", *map(sa.column, NAMES))


def upgrade() -> None:
    op.add_column("groups", sa.Column("topics_to_complete", sa.Integer(), nullable=True))
    for name in ("expected", "topics_covered"):
        column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("places", column)
    expect()
    with op.batch_alter_table("places") as batch_op:
        batch_op.alter_column("expected", server_default=None)
        batch_op.alter_column("topics_covered", server_default=None)
        batch_op.create_check_constraint("expected_at_least_covered", "expected >= covered")
    op.create_index(
        "ix_group_sessions_cancelled",
        "group_sessions",
        ["starts_at"],
        sqlite_where=CANCELLED,
        postgresql_where=CANCELLED,
    )
    op.create_index(
        op.f("ix_tallies_kind_period_first_key_count"),
        "tallies",
        ["kind", "period", "first", "key", "count"],
    )
    count_topics()
    counted: _Cells = Counter()
    for part in (by_month, by_session, by_place, by_wait):
        counted.update(part())
    store(counted)


def expect() -> None:
    """At how many sessions each place was expected, by the marks made."""
    made = (
        sa.select(sa.func.count())
        .where(marks.c.place_id == places.c.id, marks.c.code.in_(tuple("PLEOCADB")))
        .scalar_subquery()
    )
    op.execute(places.update().values(expected=made))


def count_topics() -> None:
    """In rolling groups topics count: how many there are, and how many each has covered."""
    connection = op.get_bind()
    topics: dict[tuple[str, int], list[str]] = {}
    for key, version, definition in connection.execute(sa.select(programmes)):
        found = json.loads(definition)
        if found["kind"] == "rolling":
            topics[key, version] = found["topics"]
    of_group: dict[int, tuple[str, list[str]]] = {}
    columns = (groups.c.id, groups.c.programme, groups.c.programme_version)
    rolling = {key for key, _version in topics}
    for number, key, version in connection.execute(
        sa.select(*columns).where(groups.c.programme.in_(rolling))
    ).all():
        if (key, version) in topics:
            of_group[number] = key, topics[key, version]
            chosen = groups.update().where(groups.c.id == number)
            connection.execute(chosen.values(topics_to_complete=len(topics[key, version])))
    done = topics_done(rolling)
    held = sa.select(places.c.id, places.c.person_id, places.c.group_id)
    of_rolling = held.where(places.c.group_id.in_(sa.select(groups.c.id).where(
        groups.c.topics_to_complete.is_not(None)
    )))  # fmt: skip
    for place, person, group in connection.execute(of_rolling).all():
        key, offered = of_group[group]
        if number := len(done[person, key].intersection(offered)):
            chosen = places.update().where(places.c.id == place)
            connection.execute(chosen.values(topics_covered=number))


def topics_done(rolling: set[str]) -> defaultdict[tuple[int, str], set[str]]:
    """What each person has covered of each programme; instead of its own, what was said."""
    said = sa.case(
        (covered_topics.c.covering == "another", covered_topics.c.topic), else_=sessions.c.topic
    )
    query = (
        sa.select(places.c.person_id, groups.c.programme, said)
        .join(groups, groups.c.id == places.c.group_id)
        .join(marks, marks.c.place_id == places.c.id)
        .join(sessions, sessions.c.id == marks.c.session_id)
        .outerjoin(covered_topics, covered_topics.c.session_id == sessions.c.id)
        .where(
            groups.c.programme.in_(rolling),
            marks.c.code.in_(tuple("PLEOC")),
            sa.or_(covered_topics.c.covering.is_(None), covered_topics.c.covering != "nothing"),
        )
        .distinct()
    )
    done: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for person, key, topic in op.get_bind().execute(query):
        done[person, key].add(topic)
    return done


def by_month() -> _Cells:
    """Marks by the month of their session."""
    year, month = in_month()
    columns = (groups.c.programme, groups.c.starts_on, marks.c.code, year, month)
    query = (
        sa.select(*columns, sa.func.count())
        .select_from(marks)
        .join(sessions, sessions.c.id == marks.c.session_id)
        .join(groups, groups.c.id == sessions.c.group_id)
        .where(marks.c.code.is_not(None))
        .group_by(*columns)
    )
    return cells_of("month", query)


def by_session() -> _Cells:
    """Sessions held and cancelled by month."""
    year, month = in_month()
    columns = (groups.c.programme, groups.c.starts_on, sessions.c.state, year, month)
    query = (
        sa.select(*columns, sa.func.count())
        .select_from(sessions)
        .join(groups, groups.c.id == sessions.c.group_id)
        .where(sessions.c.state.in_(("held", "cancelled")))
        .group_by(*columns)
    )
    return cells_of("session", query)


def in_month() -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    start = sessions.c.local_start
    return sa.extract("year", start), sa.extract("month", start)


def cells_of(kind: str, query: sa.Select[Any]) -> _Cells:
    counted: _Cells = Counter()
    for programme, starts, key, year, month, count in op.get_bind().execute(query):
        number = 12 * int(year) + int(month) - 1
        counted[kind, programme, quarter(starts), key, number] += count
    return counted


def by_place() -> _Cells:
    """How long people stayed and why they left; and who completed a rolling group."""
    op.execute(tallies.delete().where(
        tallies.c.kind == "place", tallies.c.key == "completed",
        tallies.c.programme.in_(
            sa.select(groups.c.programme).where(groups.c.topics_to_complete.is_not(None))
        ),
    ))  # fmt: skip
    columns = (
        groups.c.programme, groups.c.starts_on, groups.c.sessions_to_complete,
        groups.c.topics_to_complete, places.c.state, places.c.left_because, places.c.attended,
        places.c.covered, places.c.expected, places.c.topics_covered,
    )  # fmt: skip
    query = (
        sa.select(*columns, sa.func.count())
        .join(places, places.c.group_id == groups.c.id)
        .where(places.c.state.not_in(NEVER_TAKEN_UP))
        .group_by(*columns)
    )
    found = op.get_bind().execute(query).all()
    by_topics = {row.programme for row in found if row.topics_to_complete is not None}
    counted: _Cells = Counter()
    for *place, count in found:
        for cell in cells_of_place(place, by_topics):
            counted[cell] += count
    return counted


def cells_of_place(
    place: list[Any], by_topics: set[str]
) -> Iterator[tuple[str, str, str, str, int]]:
    programme, starts, enough, all_topics, state, because, attended, covered, expected, topics = (
        place
    )
    has_left, period = state == "left_early", quarter(starts)
    if attended:
        yield "stay", programme, period, "left" if has_left else "stayed", expected
    if has_left:
        yield "left", programme, period, because or "", 0
    reached = covered >= enough if all_topics is None else topics >= all_topics
    if programme in by_topics and reached:
        yield "place", programme, period, "completed", 0


def by_wait() -> _Cells:
    """Days from referral to first session."""
    columns = (referrals.c.received_on, referrals.c.first_session_on)
    query = sa.select(*columns, sa.func.count()).where(columns[1].is_not(None))
    counted: _Cells = Counter()
    for received, first, count in op.get_bind().execute(query.group_by(*columns)):
        counted["wait", "", quarter(received), "first_session", (first - received).days] += count
    return counted


def store(counted: _Cells) -> None:
    rows = [dict(zip(NAMES, (*cell, 0, count), strict=True)) for cell, count in counted.items()]
    if rows:
        op.bulk_insert(tallies, rows)


def quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def downgrade() -> None:
    op.execute(tallies.delete().where(tallies.c.kind.in_(KINDS)))
    op.drop_index(op.f("ix_tallies_kind_period_first_key_count"), table_name="tallies")
    op.drop_index("ix_group_sessions_cancelled", table_name="group_sessions")
    with op.batch_alter_table("places") as batch_op:
        batch_op.drop_constraint("expected_at_least_covered", type_="check")
        batch_op.drop_column("topics_covered")
        batch_op.drop_column("expected")
    with op.batch_alter_table("groups") as batch_op:
        batch_op.drop_column("topics_to_complete")
