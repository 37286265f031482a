"""cover: who stands in for whom, and what is on record about colleagues who run groups.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("facilitations") as batch_op:
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint("ends_after_start", "ends_on >= starts_on")
    make_trainings()
    make_checks()
    make_absences()


def make_trainings() -> None:
    op.create_table(
        "staff_trainings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_until >= trained_on", name=op.f("ck_staff_trainings_valid_after_training")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_staff_trainings_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_trainings")),
        sa.UniqueConstraint(
            "account_id", "programme", name=op.f("uq_staff_trainings_account_id_programme")
        ),
    )


def make_checks() -> None:
    op.create_table(
        "staff_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("check_again_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "check_again_on > checked_on", name=op.f("ck_staff_checks_again_after_check")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_staff_checks_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_checks")),
        sa.UniqueConstraint("account_id", name=op.f("uq_staff_checks_account_id")),
    )


def make_absences() -> None:
    op.create_table(
        "staff_absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_staff_absences_last_after_first")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_staff_absences_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_absences")),
        sa.UniqueConstraint("ref", name=op.f("uq_staff_absences_ref")),
    )
    with op.batch_alter_table("staff_absences") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_staff_absences_account_id_last_on"), ["account_id", "last_on"]
        )


def downgrade() -> None:
    op.drop_table("staff_absences")
    op.drop_table("staff_checks")
    op.drop_table("staff_trainings")
    with op.batch_alter_table("facilitations") as batch_op:
        batch_op.drop_constraint("ends_after_start", type_="check")
        batch_op.drop_column("ends_on")
        batch_op.drop_column("starts_on")
