"""incidents, after which somebody's risk is due for review (domain §5.4).

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_PEOPLE, _ACCOUNTS, _REVIEWS = "people", "accounts", "risk_reviews"


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_incidents_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in (
                ("person_id", _PEOPLE),
                ("account_id", _ACCOUNTS),
                ("review_id", _REVIEWS),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index("ix_incidents_person_id", "incidents", ["person_id"])
    op.create_index("ix_incidents_review_id", "incidents", ["review_id"])
    op.create_index(
        "ix_incidents_to_review",
        "incidents",
        ["person_id", "happened_on"],
        sqlite_where=sa.text("review_id IS NULL"),
        postgresql_where=sa.text("review_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("incidents")
