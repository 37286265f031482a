"""groups in pairs, what a group asks of who joins, and the nation whose bank holidays count.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("groups") as batch_op:
        for column in ("minimum", "age_min", "age_max"):
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
        batch_op.create_check_constraint("minimum_range", "minimum BETWEEN 1 AND 60")
        batch_op.create_check_constraint("age_band", "age_min >= 0 AND age_max >= age_min")
    with op.batch_alter_table("group_sessions") as batch_op:
        batch_op.add_column(sa.Column("shape", sa.String(length=30), nullable=True))
    with op.batch_alter_table("places") as batch_op:
        batch_op.add_column(sa.Column("fit_reason", sa.Text(), nullable=True))
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.add_column(
            sa.Column("region", sa.String(length=20), nullable=False, server_default="England")
        )
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.alter_column("region", server_default=None)
    op.create_table(
        "group_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parents_id", sa.Integer(), nullable=False),
        sa.Column("children_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("parents_id <> children_id", name=op.f("ck_group_pairs_two_groups")),
        sa.ForeignKeyConstraint(
            ["parents_id"], ["groups.id"], name=op.f("fk_group_pairs_parents_id_groups"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["children_id"], ["groups.id"], name=op.f("fk_group_pairs_children_id_groups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_pairs")),
        sa.UniqueConstraint("children_id", name=op.f("uq_group_pairs_children_id")),
        sa.UniqueConstraint("parents_id", name=op.f("uq_group_pairs_parents_id")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("group_pairs")
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_column("region")
    with op.batch_alter_table("places") as batch_op:
        batch_op.drop_column("fit_reason")
    with op.batch_alter_table("group_sessions") as batch_op:
        batch_op.drop_column("shape")
    with op.batch_alter_table("groups") as batch_op:
        batch_op.drop_constraint("age_band", type_="check")
        batch_op.drop_constraint("minimum_range", type_="check")
        for column in ("age_max", "age_min", "minimum"):
            batch_op.drop_column(column)
