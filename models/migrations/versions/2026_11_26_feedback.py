"""feedback forms in versions, and what programmes ask with.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What ships is taken in by `python -m services.manage init`, which runs this.
    op.create_table(
        "form_versions",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_form_versions_version_from_one")),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["accounts.id"],
            name=op.f("fk_form_versions_made_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_versions")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_form_versions_key_version")),
    )
    op.create_table(
        "form_choices",
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=30), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_choices")),
        sa.UniqueConstraint(
            "programme", "occasion", name=op.f("uq_form_choices_programme_occasion")
        ),
    )
    op.create_table(
        "public_lines",
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["accounts.id"],
            name=op.f("fk_public_lines_changed_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_lines")),
        sa.UniqueConstraint("language", "key", name=op.f("uq_public_lines_language_key")),
    )
    op.create_table(
        "feedback_alerts",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("named_id", sa.Integer(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["group_sessions.id"],
            name=op.f("fk_feedback_alerts_session_id_group_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["feedback_answers.id"],
            name=op.f("fk_feedback_alerts_answer_id_feedback_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["named_id"],
            ["accounts.id"],
            name=op.f("fk_feedback_alerts_named_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"],
            ["accounts.id"],
            name=op.f("fk_feedback_alerts_read_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_alerts")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_feedback_alerts_answer_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_feedback_alerts_ref")),
    )
    op.create_index(
        op.f("ix_feedback_alerts_read_on_session_id"), "feedback_alerts", ["read_on", "session_id"]
    )
    op.create_table(
        "feedback_replies",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=True),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_feedback_replies_group_id_groups"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"],
            ["accounts.id"],
            name=op.f("fk_feedback_replies_noted_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_replies")),
        sa.UniqueConstraint("ref", name=op.f("uq_feedback_replies_ref")),
    )
    op.create_index(op.f("ix_feedback_replies_group_id"), "feedback_replies", ["group_id"])
    # Links made before asked the one form there was, in its first version.
    with op.batch_alter_table("feedback_links") as batch_op:
        batch_op.add_column(
            sa.Column("form", sa.String(length=40), nullable=False, server_default="after_session")
        )
        batch_op.add_column(
            sa.Column("form_version", sa.Integer(), nullable=False, server_default="1")
        )
    with op.batch_alter_table("feedback_links") as batch_op:
        batch_op.alter_column("form", server_default=None)
        batch_op.alter_column("form_version", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("feedback_links") as batch_op:
        batch_op.drop_column("form_version")
        batch_op.drop_column("form")
    op.drop_index(op.f("ix_feedback_replies_group_id"), table_name="feedback_replies")
    op.drop_table("feedback_replies")
    op.drop_index(op.f("ix_feedback_alerts_read_on_session_id"), table_name="feedback_alerts")
    op.drop_table("feedback_alerts")
    op.drop_table("public_lines")
    op.drop_table("form_choices")
    op.drop_table("form_versions")
