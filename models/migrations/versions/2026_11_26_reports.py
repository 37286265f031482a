"""the ledger of released figures, and agreements on data for research.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("report", "chart", "research", name="releasekind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("is_rounded", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("tables", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_releases_ends_after_start")),
        sa.CheckConstraint("threshold >= 1", name=op.f("ck_releases_threshold_from_one")),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["accounts.id"],
            name=op.f("fk_releases_made_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("ref", name=op.f("uq_releases_ref")),
    )
    op.create_index(op.f("ix_releases_last_day_first_day"), "releases", ["last_day", "first_day"])
    op.create_table(
        "data_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("partner", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_data_agreements_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["accounts.id"],
            name=op.f("fk_data_agreements_recorded_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_agreements")),
        sa.UniqueConstraint("project", name=op.f("uq_data_agreements_project")),
        sa.UniqueConstraint("ref", name=op.f("uq_data_agreements_ref")),
    )


def downgrade() -> None:
    op.drop_table("data_agreements")
    op.drop_table("releases")
