"""what volunteers and facilitators say for one reader alone; measures handed over on a tablet.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("volunteer_debriefs") as batch_op:
        batch_op.add_column(sa.Column("form_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answers", sa.Text(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_volunteer_debriefs_answers_to_a_form"),
            "(form_version IS NULL) = (answers IS NULL)",
        )
    op.create_table(
        "session_reflections",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["group_sessions.id"],
            name=op.f("fk_session_reflections_session_id_group_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_session_reflections_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_reflections")),
        sa.UniqueConstraint(
            "session_id", "account_id", name=op.f("uq_session_reflections_session_id_account_id")
        ),
    )
    op.create_index(
        op.f("ix_session_reflections_account_id"), "session_reflections", ["account_id"]
    )
    op.create_table(
        "measure_handovers",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("respondent", sa.String(length=30), nullable=False),
        sa.Column("point", sa.String(length=30), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("handed_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["places.id"],
            name=op.f("fk_measure_handovers_place_id_places"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["handed_by_id"],
            ["accounts.id"],
            name=op.f("fk_measure_handovers_handed_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_handovers")),
        sa.UniqueConstraint(
            "place_id",
            "measure",
            "respondent",
            "point",
            name=op.f("uq_measure_handovers_place_id_measure_respondent_point"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_measure_handovers_token_hash")),
    )
    op.create_index(op.f("ix_measure_handovers_expires_at"), "measure_handovers", ["expires_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_measure_handovers_expires_at"), table_name="measure_handovers")
    op.drop_table("measure_handovers")
    op.drop_index(op.f("ix_session_reflections_account_id"), table_name="session_reflections")
    op.drop_table("session_reflections")
    with op.batch_alter_table("volunteer_debriefs") as batch_op:
        batch_op.drop_constraint(op.f("ck_volunteer_debriefs_answers_to_a_form"), type_="check")
        batch_op.drop_column("answers")
        batch_op.drop_column("form_version")
