"""calendar feeds, and when sessions and groups last changed.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=24), nullable=False),
        sa.Column("shows_code_names", sa.Boolean(), nullable=False),
        sa.Column("covers_all", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_calendar_feeds_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("account_id", name=op.f("uq_calendar_feeds_account_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    for table in ("groups", "group_sessions"):
        op.add_column(table, sa.Column("changed_at", sa.DateTime(), nullable=True))
    op.add_column(
        "organisation",
        sa.Column("feeds_show_place", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    # The default was for the row that is there; the programme gives its own.
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.alter_column("feeds_show_place", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_column("feeds_show_place")
    for table in ("group_sessions", "groups"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("changed_at")
    op.drop_table("calendar_feeds")
