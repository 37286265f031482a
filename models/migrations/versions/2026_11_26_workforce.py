"""indexes by day, for figures of the last months and years of the volunteer workforce.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_stage_changes_changed_on", "stage_changes", ["changed_on"])
    op.create_index("ix_check_ins_at", "check_ins", ["at"])


def downgrade() -> None:
    op.drop_index("ix_check_ins_at", table_name="check_ins")
    op.drop_index("ix_stage_changes_changed_on", table_name="stage_changes")
