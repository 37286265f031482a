"""what is seen of children in sessions, events in their lives, and what their steps count by.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Forms there are already are filled in by `python -m services.manage init`, which runs this.
    with op.batch_alter_table("measure_forms") as batch_op:
        batch_op.add_column(sa.Column("age_band", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("with_parent", sa.Boolean(), nullable=True))
    op.create_table(
        "observations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("strand", sa.String(length=40), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("prompts_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("step BETWEEN 0 AND 4", name=op.f("ck_observations_step_range")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_observations_place_id_places"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_sessions.id"],
            name=op.f("fk_observations_session_id_group_sessions"), ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_observations_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
        sa.UniqueConstraint(
            "place_id", "session_id", "account_id", "strand",
            name=op.f("uq_observations_place_id_session_id_account_id_strand"),
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_observations_session_id"), "observations", ["session_id"])
    op.create_table(
        "life_events",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_life_events_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_life_events_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_events")),
        sa.UniqueConstraint("ref", name=op.f("uq_life_events_ref")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_life_events_person_id_happened_on"), "life_events", ["person_id", "happened_on"]
    )


def downgrade() -> None:
    op.drop_table("life_events")
    op.drop_table("observations")
    with op.batch_alter_table("measure_forms") as batch_op:
        batch_op.drop_column("with_parent")
        batch_op.drop_column("age_band")
    op.execute("DELETE FROM tallies WHERE kind = 'child'")
