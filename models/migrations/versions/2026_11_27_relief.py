"""a volunteer asks somebody to take a session, and stays in it until somebody has.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_CURRENT = "state IN ('offered', 'accepted')"
_IN_A_PLACE = "state = 'accepted' OR (state = 'offered' AND came_from_id IS NULL)"
_ONE_PLACE = {
    "uq_shifts_current_slot": ["session_id", "role", "slot"],
    "uq_shifts_current_volunteer": ["volunteer_id", "session_id"],
}


def upgrade() -> None:
    _drop_partial()
    relief = sa.Enum("asked", "nobody", name="relief", native_enum=False, length=30)
    with op.batch_alter_table("shifts") as table:
        table.add_column(sa.Column("relief", relief, nullable=True))
        table.create_check_constraint(
            op.f("ck_shifts_relief_while_accepted"), "relief IS NULL OR state = 'accepted'"
        )
    _index_places(_IN_A_PLACE)


def downgrade() -> None:
    # Two cannot be asked for one place any more: whoever was to take over is not asked.
    op.execute(
        "UPDATE shifts SET state = 'withdrawn', ended_at = offered_at "
        "WHERE state = 'offered' AND came_from_id IS NOT NULL"
    )
    _drop_partial()
    with op.batch_alter_table("shifts") as table:
        table.drop_constraint(op.f("ck_shifts_relief_while_accepted"), type_="check")
        table.drop_column("relief")
    _index_places(_CURRENT)


def _drop_partial() -> None:
    for name in _ONE_PLACE:
        op.drop_index(name, "shifts")


def _index_places(of_a_place: str) -> None:
    """Anew: a table that SQLite copies loses what is partial."""
    for (name, columns), where in zip(_ONE_PLACE.items(), (of_a_place, _CURRENT), strict=True):
        op.create_index(
            name,
            "shifts",
            columns,
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
