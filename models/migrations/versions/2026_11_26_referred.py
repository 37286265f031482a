"""how far referrals came, counted as they move.

Revision ID: 0033
Revises: 0032
"""

from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_INDEX = "ix_referrals_state_received_on_first_contact_on_offered_on"
_REFERRALS = sa.table(
    "referrals",
    sa.column("state", sa.String),
    sa.column("received_on", sa.Date),
    sa.column("first_contact_on", sa.Date),
    sa.column("offered_on", sa.Date),
)
_TALLIES = sa.table(
    "tallies",
    *(sa.column(name, sa.String) for name in ("kind", "programme", "period", "key")),
    *(sa.column(name, sa.Integer) for name in ("first", "second", "count")),
)


def upgrade() -> None:
    rows = _counted()
    if rows:
        op.bulk_insert(_TALLIES, rows)
    op.drop_index(op.f(_INDEX), "referrals")


def downgrade() -> None:
    op.create_index(
        op.f(_INDEX), "referrals", ["state", "received_on", "first_contact_on", "offered_on"]
    )
    op.execute(sa.delete(_TALLIES).where(_TALLIES.c.kind.in_(("referred", "referred_ever"))))


def _counted() -> list[dict[str, str | int]]:
    columns = _REFERRALS.c
    query = sa.select(
        columns.received_on,
        columns.state,
        columns.first_contact_on.is_not(None),
        columns.offered_on.is_not(None),
        sa.func.count(),
    ).group_by(sa.text("1, 2, 3, 4"))
    found: Counter[tuple[str, str, str, int, int]] = Counter()
    for day, state, spoken, offered, count in op.get_bind().execute(query):
        quarter = f"{day.year}-Q{(day.month + 2) // 3}"
        for kind, period in (("referred", quarter), ("referred_ever", "")):
            found[kind, period, state, int(spoken), int(offered)] += count
    return [
        {
            "kind": kind, "programme": "", "period": period, "key": state, "first": spoken,
            "second": offered, "count": count,
        }
        for (kind, period, state, spoken, offered), count in found.items()
    ]  # fmt: skip
