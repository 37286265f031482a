"""feedback forms in versions, and what programmes ask with.

Revision ID: 0010_feedback
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_feedback"
down_revision = "0009"
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
    op.drop_table("public_lines")
    op.drop_table("form_choices")
    op.drop_table("form_versions")
