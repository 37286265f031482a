"""what people write about, words that may be quoted, own codes, drafts, invitations.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The list that ships is taken in by `python -m services.manage init`, which runs this.
    op.create_table(
        "feedback_themes",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_themes")),
        sa.UniqueConstraint("label", name=op.f("uq_feedback_themes_label")),
        sa.UniqueConstraint("ref", name=op.f("uq_feedback_themes_ref")),
    )
    op.create_table(
        "feedback_tags",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["feedback_answers.id"],
            name=op.f("fk_feedback_tags_answer_id_feedback_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"],
            ["feedback_themes.id"],
            name=op.f("fk_feedback_tags_theme_id_feedback_themes"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_tags")),
        sa.UniqueConstraint(
            "answer_id",
            "question",
            "theme_id",
            name=op.f("uq_feedback_tags_answer_id_question_theme_id"),
        ),
    )
    op.create_index(op.f("ix_feedback_tags_theme_id"), "feedback_tags", ["theme_id"])
    op.create_table(
        "feedback_quotes",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(length=60), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answer_id IS NULL) != (consent_id IS NULL)",
            name=op.f("ck_feedback_quotes_one_footing"),
        ),
        sa.CheckConstraint(
            "(answer_id IS NULL) = (question IS NULL)",
            name=op.f("ck_feedback_quotes_answer_to_a_question"),
        ),
        sa.CheckConstraint(
            "(answer_id IS NULL) = (session_id IS NULL)",
            name=op.f("ck_feedback_quotes_answer_of_a_session"),
        ),
        sa.CheckConstraint(
            "(withdrawn_on IS NULL) = (words IS NOT NULL)",
            name=op.f("ck_feedback_quotes_no_words_left"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["group_sessions.id"],
            name=op.f("fk_feedback_quotes_session_id_group_sessions"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["feedback_answers.id"],
            name=op.f("fk_feedback_quotes_answer_id_feedback_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["consents.id"],
            name=op.f("fk_feedback_quotes_consent_id_consents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"],
            ["accounts.id"],
            name=op.f("fk_feedback_quotes_chosen_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["accounts.id"],
            name=op.f("fk_feedback_quotes_withdrawn_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_quotes")),
        sa.UniqueConstraint(
            "answer_id", "question", name=op.f("uq_feedback_quotes_answer_id_question")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_feedback_quotes_ref")),
    )
    op.create_index(
        op.f("ix_feedback_quotes_withdrawn_on_chosen_on"),
        "feedback_quotes",
        ["withdrawn_on", "chosen_on"],
    )
    op.create_index(op.f("ix_feedback_quotes_session_id"), "feedback_quotes", ["session_id"])
    op.create_index(op.f("ix_feedback_quotes_consent_id"), "feedback_quotes", ["consent_id"])
    op.create_table(
        "feedback_invitations",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["group_sessions.id"],
            name=op.f("fk_feedback_invitations_session_id_group_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feedback_invitations_token_hash")),
    )
    op.create_index(
        op.f("ix_feedback_invitations_session_id"), "feedback_invitations", ["session_id"]
    )
    op.create_table(
        "feedback_drafts",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["group_sessions.id"],
            name=op.f("fk_feedback_drafts_session_id_group_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_drafts")),
        sa.UniqueConstraint("name", name=op.f("uq_feedback_drafts_name")),
    )
    op.create_index(op.f("ix_feedback_drafts_session_id"), "feedback_drafts", ["session_id"])
    op.create_index(op.f("ix_feedback_drafts_expires_at"), "feedback_drafts", ["expires_at"])
    with op.batch_alter_table("feedback_answers") as batch_op:
        batch_op.add_column(sa.Column("same_as", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_feedback_answers_same_as"), "feedback_answers", ["same_as"])


def downgrade() -> None:
    op.drop_index(op.f("ix_feedback_answers_same_as"), table_name="feedback_answers")
    with op.batch_alter_table("feedback_answers") as batch_op:
        batch_op.drop_column("same_as")
    op.drop_index(op.f("ix_feedback_drafts_expires_at"), table_name="feedback_drafts")
    op.drop_index(op.f("ix_feedback_drafts_session_id"), table_name="feedback_drafts")
    op.drop_table("feedback_drafts")
    op.drop_index(op.f("ix_feedback_invitations_session_id"), table_name="feedback_invitations")
    op.drop_table("feedback_invitations")
    op.drop_index(op.f("ix_feedback_quotes_consent_id"), table_name="feedback_quotes")
    op.drop_index(op.f("ix_feedback_quotes_session_id"), table_name="feedback_quotes")
    op.drop_index(op.f("ix_feedback_quotes_withdrawn_on_chosen_on"), table_name="feedback_quotes")
    op.drop_table("feedback_quotes")
    op.drop_index(op.f("ix_feedback_tags_theme_id"), table_name="feedback_tags")
    op.drop_table("feedback_tags")
    op.drop_table("feedback_themes")
