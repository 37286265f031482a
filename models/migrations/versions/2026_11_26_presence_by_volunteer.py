"""volunteers, once more: who was at a session, where lives may cross, what to thank for.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# Until now her yes to a session counted as her being there, and no debrief could say so.
THERE = """
    SELECT one.debrief_id, placements.volunteer_id, one.heard_hard
    FROM volunteer_presences one JOIN placements ON placements.id = one.placement_id
    UNION ALL
    SELECT debriefs.id, shifts.volunteer_id, false
    FROM debriefs JOIN shifts ON shifts.session_id = debriefs.session_id
    JOIN group_sessions ON group_sessions.id = debriefs.session_id
    WHERE shifts.state = 'accepted' AND group_sessions.state = 'held'
"""
# Back again each one stands with a placement; who was in the rota alone has none to stand with.
PLACED = """
    SELECT one.debrief_id, min(placements.id), one.heard_hard
    FROM volunteer_presences one
    JOIN debriefs ON debriefs.id = one.debrief_id
    JOIN group_sessions ON group_sessions.id = debriefs.session_id
    JOIN placements ON placements.volunteer_id = one.volunteer_id
        AND placements.group_id = group_sessions.group_id
    GROUP BY one.debrief_id, one.volunteer_id, one.heard_hard
"""


def upgrade() -> None:
    op.execute(f"CREATE TABLE there AS {THERE}")
    new_presences("volunteer", "volunteers")
    op.execute(
        "INSERT INTO volunteer_presences (debrief_id, volunteer_id, heard_hard)"
        " SELECT debrief_id, volunteer_id, max(CASE WHEN heard_hard THEN 1 ELSE 0 END) = 1"
        " FROM there GROUP BY debrief_id, volunteer_id"
    )
    op.drop_table("there")
    with op.batch_alter_table("rooms") as batch_op:
        batch_op.add_column(sa.Column("area", sa.String(length=8), nullable=True))
    op.create_table(
        "crossings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=True),
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "neighbourhood",
                "employer",
                "worship",
                "community",
                "avoids",
                name="crossingkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(family_id IS NULL) <> (volunteer_id IS NULL)", name=op.f("ck_crossings_one_party")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["families.id"],
            name=op.f("fk_crossings_family_id_families"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_crossings_volunteer_id_volunteers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crossings")),
    )
    op.create_index(op.f("ix_crossings_family_id"), "crossings", ["family_id"])
    op.create_index(op.f("ix_crossings_volunteer_id"), "crossings", ["volunteer_id"])
    avoids = sa.text("kind = 'avoids'")
    op.create_index(
        "ix_crossings_avoids", "crossings", ["id"], sqlite_where=avoids, postgresql_where=avoids
    )
    new_milestones()


def new_milestones() -> None:
    """What volunteers have reached, and who has thanked them."""
    op.create_table(
        "milestones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("hours", "months", name="milestonekind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("thanked_on", sa.Date(), nullable=True),
        sa.Column("thanked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(thanked_on IS NULL) = (thanked_by_id IS NULL)",
            name=op.f("ck_milestones_thanked_by_whom"),
        ),
        sa.ForeignKeyConstraint(
            ["thanked_by_id"],
            ["accounts.id"],
            name=op.f("fk_milestones_thanked_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_milestones_volunteer_id_volunteers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint(
            "volunteer_id", "kind", "step", name=op.f("uq_milestones_volunteer_id_kind_step")
        ),
    )
    to_thank = sa.text("thanked_on IS NULL")
    op.create_index(
        "ix_milestones_to_thank",
        "milestones",
        ["reached_on"],
        sqlite_where=to_thank,
        postgresql_where=to_thank,
    )


def downgrade() -> None:
    op.drop_table("milestones")
    op.drop_table("crossings")
    with op.batch_alter_table("rooms") as batch_op:
        batch_op.drop_column("area")
    op.execute(f"CREATE TABLE there AS {PLACED}")
    new_presences("placement", "placements")
    op.execute("INSERT INTO volunteer_presences SELECT * FROM there")
    op.drop_table("there")


def new_presences(whose: str, table: str) -> None:
    """The table anew, empty, with another key: neither database changes one in place."""
    op.drop_table("volunteer_presences")
    column = f"{whose}_id"
    op.create_table(
        "volunteer_presences",
        sa.Column("debrief_id", sa.Integer(), nullable=False),
        sa.Column(column, sa.Integer(), nullable=False),
        sa.Column("heard_hard", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["debrief_id"],
            ["debriefs.id"],
            name=op.f("fk_volunteer_presences_debrief_id_debriefs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            [column],
            [f"{table}.id"],
            name=op.f(f"fk_volunteer_presences_{column}_{table}"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("debrief_id", column, name=op.f("pk_volunteer_presences")),
    )
    op.create_index(op.f(f"ix_volunteer_presences_{column}"), "volunteer_presences", [column])
