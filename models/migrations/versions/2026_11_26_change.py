"""change: sums beside counts, each place's totals with it, and the referrals by their clocks.

Revision ID: 0023
Revises: 0022
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 1_000
TOTALS = """
    SELECT place_id, measure, respondent, measure_version, point, total FROM measure_forms
    WHERE total IS NOT NULL AND point IN ('start', 'end') ORDER BY place_id
"""


def upgrade() -> None:
    with op.batch_alter_table("tallies") as batch_op:
        batch_op.alter_column("count", existing_type=sa.Integer(), type_=sa.BigInteger())
    with op.batch_alter_table("places") as batch_op:
        batch_op.add_column(sa.Column("measured", sa.JSON(), nullable=True))
    with op.batch_alter_table("measure_forms") as batch_op:
        batch_op.add_column(sa.Column("age_from", sa.Integer(), nullable=True))
    op.create_index(
        op.f("ix_referrals_state_received_on_first_contact_on_offered_on"),
        "referrals",
        ["state", "received_on", "first_contact_on", "offered_on"],
    )
    keep_totals()


def keep_totals() -> None:
    """As `services.measures.measure_sums.measured` does; the new counts come with `manage recount`."""
    connection = op.get_bind()
    found: dict[int, dict[str, dict[str, tuple[int, int]]]] = {}
    for place, measure, respondent, version, point, total in connection.execute(sa.text(TOTALS)):
        at = found.setdefault(place, {}).setdefault(f"{measure}:{respondent}", {})
        at[point] = (version, round(total * 100))
    rows = []
    for place, keys in found.items():
        kept = {}
        for key, at in keys.items():
            if "start" in at:
                version, start = at["start"]
                ended, end = at.get("end", (0, 0))
                name = key if version == 1 else f"{key}:{version}"
                kept[name] = [start, end if ended == version else None]
        if kept:
            rows.append({"place": place, "measured": json.dumps(kept)})
    statement = sa.text("UPDATE places SET measured = :measured WHERE id = :place")
    for first in range(0, len(rows), ROWS_AT_ONCE):
        connection.execute(statement, rows[first : first + ROWS_AT_ONCE])


def downgrade() -> None:
    op.execute(
        "DELETE FROM tallies WHERE kind IN ('new_version', 'not_given', 'together', 'path', "
        "'week', 'sessions', 'content', 'alone', 'age')"
    )
    op.drop_index(
        op.f("ix_referrals_state_received_on_first_contact_on_offered_on"), "referrals"
    )
    with op.batch_alter_table("measure_forms") as batch_op:
        batch_op.drop_column("age_from")
    with op.batch_alter_table("places") as batch_op:
        batch_op.drop_column("measured")
    with op.batch_alter_table("tallies") as batch_op:
        batch_op.alter_column("count", existing_type=sa.BigInteger(), type_=sa.Integer())
