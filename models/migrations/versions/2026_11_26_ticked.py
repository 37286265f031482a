"""which concern an incident was noted with, so that whoever raised it can take it back.

Revision ID: 0034
Revises: 0033
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_TO_REVIEW = "ix_incidents_to_review"
_A_MOMENT = timedelta(minutes=1)  # both were written in one transaction
_INCIDENTS = sa.table(
    "incidents",
    *(sa.column(name, sa.Integer) for name in ("id", "account_id", "concern_id")),
    sa.column("words", sa.Text),
    sa.column("recorded_at", sa.DateTime),
)
_CONCERNS = sa.table(
    "concerns",
    *(sa.column(name, sa.Integer) for name in ("id", "raised_by_id")),
    sa.column("raised_at", sa.DateTime),
)


def upgrade() -> None:
    op.drop_index(_TO_REVIEW, "incidents")
    with op.batch_alter_table("incidents") as table:
        table.add_column(sa.Column("concern_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_incidents_concern_id_concerns"),
            "concerns",
            ["concern_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        table.create_unique_constraint(op.f("uq_incidents_concern_id"), ["concern_id"])
    _index_those_to_review()
    _find_concerns()


def downgrade() -> None:
    op.drop_index(_TO_REVIEW, "incidents")
    with op.batch_alter_table("incidents") as table:
        table.drop_constraint(op.f("uq_incidents_concern_id"), type_="unique")
        table.drop_constraint(op.f("fk_incidents_concern_id_concerns"), type_="foreignkey")
        table.drop_column("concern_id")
    _index_those_to_review()


def _index_those_to_review() -> None:
    """Anew: a table that SQLite copies loses what is partial."""
    op.create_index(
        _TO_REVIEW,
        "incidents",
        ["person_id", "happened_on"],
        sqlite_where=sa.text("review_id IS NULL"),
        postgresql_where=sa.text("review_id IS NULL"),
    )


def _find_concerns() -> None:
    """Of each incident without words: the concern its recorder raised in that moment."""
    connection, taken = op.get_bind(), set[int]()
    raised = connection.execute(sa.select(_CONCERNS).order_by(_CONCERNS.c.id)).all()
    columns = _INCIDENTS.c
    noted = sa.select(columns.id, columns.account_id, columns.recorded_at)
    for number, by, at in connection.execute(noted.where(columns.words.is_(None))).all():
        near = [
            (abs(one.raised_at - at), one.id)
            for one in raised
            if one.raised_by_id == by and one.id not in taken
        ]
        away, concern = min(near, default=(_A_MOMENT, 0))
        if away < _A_MOMENT:
            taken.add(concern)
            change = sa.update(_INCIDENTS).where(columns.id == number)
            connection.execute(change.values(concern_id=concern))
