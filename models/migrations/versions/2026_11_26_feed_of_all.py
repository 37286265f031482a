"""a calendar feed covers every session its owner may see: there is nothing to choose any more.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("calendar_feeds") as table:
        table.drop_column("covers_all")


def downgrade() -> None:
    covers_all = sa.Column("covers_all", sa.Boolean(), nullable=False, server_default=sa.true())
    with op.batch_alter_table("calendar_feeds") as table:
        table.add_column(covers_all)
    # The default was for the rows that are there; the programme gives its own.
    with op.batch_alter_table("calendar_feeds") as table:
        table.alter_column("covers_all", server_default=None)
