"""how a session's cover stood when its register was finished.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("judged_at", sa.DateTime(), nullable=False),
        sa.Column("light", sa.Integer(), nullable=False),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.CheckConstraint("light BETWEEN 0 AND 2", name=op.f("ck_session_covers_known_light")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["group_sessions.id"],
            name=op.f("fk_session_covers_session_id_group_sessions"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_covers")),
        sa.UniqueConstraint("session_id", name=op.f("uq_session_covers_session_id")),
    )
    op.create_index(
        "ix_session_covers_short",
        "session_covers",
        ["day", "id"],
        sqlite_where=sa.text("light > 0"),
        postgresql_where=sa.text("light > 0"),
    )


def downgrade() -> None:
    op.drop_table("session_covers")
