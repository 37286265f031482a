"""an index of the few places in which somebody filled in a form and came to no session.

Revision ID: 0031
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0026"
branch_labels = None
depends_on = None

_WAITED = sa.text("attended = 0 AND measured IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_places_waited",
        "places",
        ["person_id"],
        sqlite_where=_WAITED,
        postgresql_where=_WAITED,
    )


def downgrade() -> None:
    op.drop_index("ix_places_waited", table_name="places")
