"""answers that are a no, and records found to be two people's.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consents") as batch_op:
        batch_op.add_column(
            sa.Column("is_refusal", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_check_constraint(
            "refusal_never_stood", "NOT is_refusal OR (withdrawn_on IS NOT NULL AND withdrawn_on = given_on)"
        )
    with op.batch_alter_table("consents") as batch_op:
        batch_op.alter_column("is_refusal", server_default=None)
    op.create_table(
        "two_people",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_person_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("person_id < other_person_id", name=op.f("ck_two_people_older_first")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"],
            ["accounts.id"],
            name=op.f("fk_two_people_noted_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["other_person_id"],
            ["people.id"],
            name=op.f("fk_two_people_other_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_two_people_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_two_people")),
        sa.UniqueConstraint(
            "person_id", "other_person_id", name=op.f("uq_two_people_person_id_other_person_id")
        ),
    )
    op.create_index(op.f("ix_two_people_other_person_id"), "two_people", ["other_person_id"])


def downgrade() -> None:
    op.drop_table("two_people")
    op.execute("DELETE FROM consents WHERE is_refusal")
    with op.batch_alter_table("consents") as batch_op:
        batch_op.drop_constraint("refusal_never_stood", type_="check")
        batch_op.drop_column("is_refusal")
