"""an index of places in which somebody came to no session, and scores over every quarter.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_EVER = ("start", "pair", "age")
_WAITED = sa.text("attended = 0 AND measured IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_places_waited",
        "places",
        ["person_id"],
        sqlite_where=_WAITED,
        postgresql_where=_WAITED,
    )
    for kind in _EVER:
        op.execute(
            sa.text(
                "INSERT INTO tallies (kind, programme, period, key, first, second, count) "
                "SELECT :ever, '', '', key, first, second, SUM(count) FROM tallies "
                "WHERE kind = :kind GROUP BY key, first, second"
            ).bindparams(ever=f"{kind}_ever", kind=kind)
        )


def downgrade() -> None:
    kept = sa.table("tallies", sa.column("kind", sa.String))
    op.execute(sa.delete(kept).where(kept.c.kind.in_([f"{kind}_ever" for kind in _EVER])))
    op.drop_index("ix_places_waited", table_name="places")
