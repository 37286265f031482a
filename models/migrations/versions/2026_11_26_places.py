"""places: offers with a time limit, transfers, catch-ups, and who has engaged.

Revision ID: 0009
Revises: 0008
"""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OFFERED = sa.text("state = 'offered'")
STANDS = sa.text("taken_back_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.add_column(
            sa.Column("offer_days", sa.Integer(), nullable=False, server_default="5")
        )
        batch_op.create_check_constraint("offer_days_range", "offer_days BETWEEN 1 AND 30")
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.alter_column("offer_days", server_default=None)
    change_places()
    make_catch_ups()
    count_engaged()


def change_places() -> None:
    with op.batch_alter_table("places") as batch_op:
        batch_op.add_column(sa.Column("left_because", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("offered_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("offered_until", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("offered_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("lapsed_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("moved_from_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("late_reason", sa.Text(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_places_offered_by_id_accounts"),
            "accounts",
            ["offered_by_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_places_moved_from_id_places"),
            "places",
            ["moved_from_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_check_constraint(
            "until_when_offered", "offered_until IS NULL OR state = 'offered'"
        )
    op.create_index(op.f("ix_places_moved_from_id"), "places", ["moved_from_id"])
    op.create_index(
        "ix_places_offered",
        "places",
        ["offered_until"],
        sqlite_where=OFFERED,
        postgresql_where=OFFERED,
    )


def make_catch_ups() -> None:
    op.create_table(
        "catch_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "in_person",
                "phone",
                "online",
                "other_group",
                name="catchupway",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("done_by_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("code_before", sa.String(length=1), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "minutes IS NULL OR minutes BETWEEN 1 AND 600", name=op.f("ck_catch_ups_minutes_range")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_catch_ups_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in (
                ("place_id", "places"),
                ("session_id", "group_sessions"),
                ("done_by_id", "accounts"),
                ("recorded_by_id", "accounts"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catch_ups")),
        sa.UniqueConstraint("ref", name=op.f("uq_catch_ups_ref")),
    )
    op.create_index(op.f("ix_catch_ups_place_id"), "catch_ups", ["place_id"])
    op.create_index(op.f("ix_catch_ups_session_id"), "catch_ups", ["session_id"])
    op.create_index(
        "uq_catch_ups_standing",
        "catch_ups",
        ["place_id", "session_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def count_engaged() -> None:
    """Who has been there at least twice, for places there were before it was counted."""
    groups, places = (
        sa.table("groups", *map(sa.column, ("id", "programme")), sa.column("starts_on", sa.Date)),
        sa.table("places", *map(sa.column, ("group_id", "state", "attended"))),
    )
    query = (
        sa.select(groups.c.programme, groups.c.starts_on, sa.func.count())
        .join(places, places.c.group_id == groups.c.id)
        .where(places.c.attended >= 2, places.c.state.not_in(("waiting", "offered", "declined")))
        .group_by(groups.c.programme, groups.c.starts_on)
    )
    counted: Counter[tuple[str, str]] = Counter()
    for programme, starts_on, count in op.get_bind().execute(query):
        counted[programme, quarter(starts_on)] += count
    names = ("kind", "programme", "period", "key", "first", "second", "count")
    tallies = sa.table("tallies", *map(sa.column, names))
    rows = [
        dict(zip(names, ("place", programme, period, "engaged", 0, 0, count)))
        for (programme, period), count in counted.items()
    ]
    if rows:
        op.bulk_insert(tallies, rows)


def quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def downgrade() -> None:
    op.execute("DELETE FROM tallies WHERE kind = 'place' AND key = 'engaged'")
    op.drop_table("catch_ups")
    op.drop_index("ix_places_offered", "places")
    op.drop_index(op.f("ix_places_moved_from_id"), "places")
    with op.batch_alter_table("places") as batch_op:
        batch_op.drop_constraint("until_when_offered", type_="check")
        batch_op.drop_constraint(batch_op.f("fk_places_moved_from_id_places"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_places_offered_by_id_accounts"), type_="foreignkey")
        for column in (
            "late_reason", "moved_from_id", "lapsed_at", "offered_by_id", "offered_until",
            "offered_at", "left_because",
        ):  # fmt: skip
            batch_op.drop_column(column)
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_constraint("offer_days_range", type_="check")
        batch_op.drop_column("offer_days")
