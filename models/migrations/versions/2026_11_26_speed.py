"""speed: indexes for the lists that are short at any size.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('draft', 'recruiting', 'confirmed', 'running', 'paused')")
ON_THE_WAY = sa.text(
    "state IN ('referred', 'contact_attempted', 'meeting_booked', 'suitable', 'waiting', 'offered')"
)


def upgrade() -> None:
    op.create_index(
        "ix_groups_open", "groups", ["starts_on", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index(op.f("ix_groups_programme"), "groups", ["programme"])
    op.create_index(
        "ix_referrals_on_the_way",
        "referrals",
        ["received_on", "id"],
        sqlite_where=ON_THE_WAY,
        postgresql_where=ON_THE_WAY,
    )
    op.create_index(
        op.f("ix_tallies_kind_key_first_second_count"),
        "tallies",
        ["kind", "key", "first", "second", "count"],
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_tallies_kind_key_first_second_count"), "tallies")
    op.drop_index("ix_referrals_on_the_way", "referrals")
    op.drop_index(op.f("ix_groups_programme"), "groups")
    op.drop_index("ix_groups_open", "groups")
