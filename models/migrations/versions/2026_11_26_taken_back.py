"""corrections of incidents; anonymous forms that the audit log does not count yet.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

# Corrections are added to, never changed (as concerns are).
SQLITE = """
CREATE TRIGGER incident_corrections_no_{verb} BEFORE {verb} ON incident_corrections
BEGIN SELECT RAISE(ABORT, 'concerns are append-only'); END
"""
POSTGRESQL = """
CREATE TRIGGER incident_corrections_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON incident_corrections
FOR EACH STATEMENT EXECUTE FUNCTION concerns_refuse()
"""


def upgrade() -> None:
    make_corrections()
    op.add_column(
        "feedback_answers",
        sa.Column("noted", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute("UPDATE feedback_answers SET noted = true")
    op.create_index(
        "ix_feedback_answers_to_note",
        "feedback_answers",
        ["received_on"],
        sqlite_where=sa.text("noted = 0"),
        postgresql_where=sa.text("NOT noted"),
    )


def make_corrections() -> None:
    op.create_table(
        "incident_corrections",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("is_taken_back", sa.Boolean(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(happened_on IS NULL) = is_taken_back",
            name=op.f("ck_incident_corrections_a_day_or_taken_back"),
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_incident_corrections_incident_id_incidents"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_incident_corrections_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_corrections")),
    )
    op.create_index(
        op.f("ix_incident_corrections_incident_id"), "incident_corrections", ["incident_id"]
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(verb=verb))


def downgrade() -> None:
    op.drop_index("ix_feedback_answers_to_note", table_name="feedback_answers")
    op.drop_column("feedback_answers", "noted")
    op.drop_table("incident_corrections")
