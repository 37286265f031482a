"""programmes in versions.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What ships is taken in by `python -m services.manage init`, which runs this.
    op.create_table(
        "programme_versions",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_programme_versions_version_from_one")),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["accounts.id"],
            name=op.f("fk_programme_versions_made_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_versions")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_programme_versions_key_version")),
    )


def downgrade() -> None:
    op.drop_table("programme_versions")
