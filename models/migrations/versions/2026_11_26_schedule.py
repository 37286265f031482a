"""changing a schedule, and the rooms groups meet in.

Revision ID: 0004_schedule
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_schedule"
down_revision = "0005"
branch_labels = None
depends_on = None

TAKES_PLACE = sa.text("state <> 'cancelled'")


def upgrade() -> None:
    op.create_table(
        "rooms",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("name", name=op.f("uq_rooms_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_rooms_ref")),
    )
    with op.batch_alter_table("groups") as batch_op:
        batch_op.add_column(sa.Column("rhythm_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("weekdays", sa.String(length=7), nullable=True))
        batch_op.add_column(sa.Column("meets_at", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("breaks", sa.JSON(), nullable=True))
        batch_op.add_column(
            sa.Column("interval_weeks", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.add_column(
            sa.Column("region", sa.String(length=20), nullable=False, server_default="England")
        )
        batch_op.add_column(sa.Column("room_id", sa.Integer(), nullable=True))
        batch_op.create_check_constraint("interval_range", "interval_weeks BETWEEN 1 AND 52")
        batch_op.create_foreign_key(
            batch_op.f("fk_groups_room_id_rooms"), "rooms", ["room_id"], ["id"], ondelete="RESTRICT"
        )
    with op.batch_alter_table("groups") as batch_op:
        batch_op.alter_column("interval_weeks", server_default=None)
        batch_op.alter_column("region", server_default=None)
    change_sessions()


def change_sessions() -> None:
    with op.batch_alter_table("group_sessions") as batch_op:
        batch_op.add_column(
            sa.Column("sequence", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("moved_from", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("cancelled_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("room_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("despite", sa.Text(), nullable=True))
        batch_op.drop_constraint("uq_group_sessions_group_id_number", type_="unique")
        batch_op.create_foreign_key(
            batch_op.f("fk_group_sessions_room_id_rooms"),
            "rooms",
            ["room_id"],
            ["id"],
            ondelete="RESTRICT",
        )
    with op.batch_alter_table("group_sessions") as batch_op:
        batch_op.alter_column("sequence", server_default=None)
        batch_op.create_index(
            batch_op.f("ix_group_sessions_group_id_starts_at"), ["group_id", "starts_at"]
        )
        batch_op.create_index(
            "uq_group_sessions_number",
            ["group_id", "number"],
            unique=True,
            sqlite_where=TAKES_PLACE,
            postgresql_where=TAKES_PLACE,
        )


def downgrade() -> None:
    with op.batch_alter_table("group_sessions") as batch_op:
        batch_op.drop_index("uq_group_sessions_number")
        batch_op.drop_index(batch_op.f("ix_group_sessions_group_id_starts_at"))
    number_cancelled_anew()
    with op.batch_alter_table("group_sessions") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_group_sessions_room_id_rooms"), type_="foreignkey")
        for column in ("despite", "room_id", "cancelled_reason", "moved_from", "sequence"):
            batch_op.drop_column(column)
        batch_op.create_unique_constraint(
            batch_op.f("uq_group_sessions_group_id_number"), ["group_id", "number"]
        )
    with op.batch_alter_table("groups") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_groups_room_id_rooms"), type_="foreignkey")
        batch_op.drop_constraint("interval_range", type_="check")
        for column in (
            "room_id", "region", "interval_weeks", "breaks", "minutes", "meets_at", "weekdays",
            "rhythm_from",
        ):
            batch_op.drop_column(column)
    op.drop_table("rooms")


def number_cancelled_anew() -> None:
    """A cancelled session whose number was given on takes one behind the last."""
    sessions = sa.table("group_sessions", *map(sa.column, ("id", "group_id", "number", "state")))
    connection = op.get_bind()
    last = dict(
        connection.execute(
            sa.select(sessions.c.group_id, sa.func.max(sessions.c.number)).group_by(
                sessions.c.group_id
            )
        ).all()
    )
    other = sessions.alias()
    again = (
        sa.select(sessions.c.id, sessions.c.group_id)
        .where(
            sessions.c.state == "cancelled",
            sa.exists().where(
                other.c.group_id == sessions.c.group_id,
                other.c.number == sessions.c.number,
                other.c.id != sessions.c.id,
            ),
        )
        .order_by(sessions.c.id)
    )
    for number, group in connection.execute(again).all():
        last[group] += 1
        connection.execute(
            sessions.update().where(sessions.c.id == number).values(number=last[group])
        )
