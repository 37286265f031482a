"""marks from paper, who collects a child, and other things a session covered.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQLITE = """
CREATE TRIGGER paper_entries_no_{verb} BEFORE {verb} ON paper_entries
BEGIN SELECT RAISE(ABORT, 'a register''s history is append-only'); END
"""
POSTGRESQL = """
CREATE TRIGGER paper_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON paper_entries
FOR EACH STATEMENT EXECUTE FUNCTION register_history_refuse()
"""
BEFORE = sa.Enum("planned", "another", "nothing", name="covering", native_enum=False, length=30)
SINCE = sa.Enum(
    "planned", "another", "nothing", "something_else",
    name="covering", native_enum=False, length=30,
)


def upgrade() -> None:
    make_collectors()
    make_collected()
    make_paper_entries()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
    else:
        op.execute(SQLITE.format(verb="UPDATE"))
        op.execute(SQLITE.format(verb="DELETE"))
    with op.batch_alter_table("covered_topics") as batch_op:
        batch_op.alter_column("covering", existing_type=BEFORE, type_=SINCE, existing_nullable=False)
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=True))
        batch_op.create_check_constraint(
            "something_else_is_said", "(covering = 'something_else') = (note IS NOT NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("covered_topics") as batch_op:
        batch_op.drop_constraint("something_else_is_said", type_="check")
    # What no longer has a word for itself was not the topic that was planned.
    op.execute("UPDATE covered_topics SET covering = 'nothing' WHERE covering = 'something_else'")
    with op.batch_alter_table("covered_topics") as batch_op:
        batch_op.drop_column("note")
        batch_op.alter_column("covering", existing_type=SINCE, type_=BEFORE, existing_nullable=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER paper_entries_append_only ON paper_entries")
    else:
        op.execute("DROP TRIGGER paper_entries_no_UPDATE")
        op.execute("DROP TRIGGER paper_entries_no_DELETE")
    op.drop_table("paper_entries")
    op.drop_table("collected")
    op.drop_table("collectors")


def make_collectors() -> None:
    op.create_table(
        "collectors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("may_collect", sa.Boolean(), nullable=False),
        sa.Column("agreed_word", sa.Text(), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "may_collect OR agreed_word IS NULL",
            name=op.f("ck_collectors_word_for_those_who_may"),
        ),
        points_to("collectors", "person_id", "people", "CASCADE"),
        points_to("collectors", "noted_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collectors")),
        sa.UniqueConstraint("ref", name=op.f("uq_collectors_ref")),
    )
    op.create_index(op.f("ix_collectors_person_id"), "collectors", ["person_id"])


def make_collected() -> None:
    op.create_table(
        "collected",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        points_to("collected", "session_id", "group_sessions"),
        points_to("collected", "place_id", "places"),
        points_to("collected", "collector_id", "collectors"),
        points_to("collected", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collected")),
        sa.UniqueConstraint(
            "session_id", "place_id", name=op.f("uq_collected_session_id_place_id")
        ),
    )
    op.create_index(op.f("ix_collected_place_id"), "collected", ["place_id"])
    op.create_index(op.f("ix_collected_collector_id"), "collected", ["collector_id"])


def make_paper_entries() -> None:
    op.create_table(
        "paper_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        points_to("paper_entries", "session_id", "group_sessions"),
        points_to("paper_entries", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_entries")),
        sa.UniqueConstraint("entry", name=op.f("uq_paper_entries_entry")),
    )
    op.create_index(op.f("ix_paper_entries_session_id"), "paper_entries", ["session_id"])


def points_to(
    table: str, column: str, other: str, ondelete: str = "RESTRICT"
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
