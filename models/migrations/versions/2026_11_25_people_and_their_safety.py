"""people and their safety.

Revision ID: 0003
Revises: 0002
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SPOKEN = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
# What data/reference/interventions.yaml shipped when this was written.
INTERVENTIONS = (
    "Community IDVA support",
    "Engage, for couples who stay together",
    "Support with complex needs",
    "Step Down and Recovery",
    "Children and young people, one to one and in groups",
    "Culture of Engagement, training for professionals",
    "Other",
)
TOKENS = (
    ("person_tokens", "person_id", "people"),
    ("volunteer_tokens", "volunteer_id", "volunteers"),
)
# Concerns are added to, never changed (as the audit log is).
APPEND_ONLY = ("concerns", "concern_entries")
SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'concerns are append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION concerns_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'concerns are append-only'; END $$
"""
POSTGRESQL_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION concerns_refuse()
"""


def upgrade() -> None:
    make_tables()
    give_interventions()
    change_organisation()
    change_people()
    change_tokens()
    change_feedback()
    for table in ("places", "placements"):
        op.add_column(table, sa.Column("despite", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_FUNCTION)
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(POSTGRESQL_TRIGGER.format(table=table))
        else:
            op.execute(SQLITE.format(table=table, verb="UPDATE"))
            op.execute(SQLITE.format(table=table, verb="DELETE"))


def give_interventions() -> None:
    """The list a new organisation starts with, for one that has begun already."""
    connection = op.get_bind()
    if connection.scalar(sa.text("SELECT count(*) FROM organisation")) == 0:
        return
    columns = ("ref", "name", "position", "is_active", "version")
    table = sa.table("interventions", *map(sa.column, columns))
    rows = [
        (secrets.token_urlsafe(9), name, position, True, 1)
        for position, name in enumerate(INTERVENTIONS, 1)
    ]
    op.bulk_insert(table, [dict(zip(columns, row)) for row in rows])


def change_feedback() -> None:
    with op.batch_alter_table("feedback_answers") as batch_op:
        batch_op.add_column(
            sa.Column("shown", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("feedback_answers") as batch_op:
        batch_op.alter_column("shown", server_default=None)
    # Until now, three answers of a session were shown with every one that came after them.
    op.execute(
        "UPDATE feedback_answers SET shown = true WHERE session_id IN"
        " (SELECT session_id FROM feedback_answers GROUP BY session_id HAVING count(*) >= 3)"
    )


def change_organisation() -> None:
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.add_column(
            sa.Column("contact_days", sa.Integer(), nullable=False, server_default="30")
        )
        batch_op.add_column(
            sa.Column("referrals_open", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_check_constraint("contact_days_range", "contact_days BETWEEN 1 AND 365")
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.alter_column("contact_days", server_default=None)
        batch_op.alter_column("referrals_open", server_default=None)


def change_tokens() -> None:
    """Hashes laid out anew, and empty: `services.manage init` makes them again with the key."""
    drop_tokens()
    for table, owner, owners in TOKENS:
        make_tokens(
            table,
            owner,
            owners,
            *([sa.Column("is_likeness", sa.Boolean(), nullable=False)] if owner == "person_id" else []),
            sqlite_with_rowid=False,
        )
    op.create_index(
        "ix_person_tokens_likeness",
        "person_tokens",
        ["token", "person_id"],
        unique=False,
        sqlite_where=sa.text("is_likeness"),
        postgresql_where=sa.text("is_likeness"),
    )


def drop_tokens() -> None:
    for table, _owner, _owners in TOKENS:
        op.drop_table(table)


def make_tokens(table: str, owner: str, owners: str, *more: sa.Column, **options: bool) -> None:
    op.create_table(
        table,
        sa.Column("token", sa.String(length=24), nullable=False),
        sa.Column(owner, sa.Integer(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            [owner],
            [f"{owners}.id"],
            name=op.f(f"fk_{table}_{owner}_{owners}"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token", owner, name=op.f(f"pk_{table}")),
        **options,
    )
    op.create_index(op.f(f"ix_{table}_{owner}"), table, [owner], unique=False)


def change_people() -> None:
    with op.batch_alter_table("people") as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("known_as", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=40), nullable=True))
        batch_op.add_column(
            sa.Column("needs_interpreter", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("complex_needs", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("earlier_reference", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
    give_codes()
    keep_contacts()
    with op.batch_alter_table("people") as batch_op:
        batch_op.alter_column("code", nullable=False)
        batch_op.alter_column("needs_interpreter", server_default=None)
        batch_op.create_index(
            batch_op.f("ix_people_merged_into_id"), ["merged_into_id"], unique=False
        )
        batch_op.create_unique_constraint(batch_op.f("uq_people_code"), ["code"])
        batch_op.create_check_constraint("merged_into_another", "merged_into_id <> id")
        batch_op.create_foreign_key(
            batch_op.f("fk_people_merged_into_id_people"),
            "people",
            ["merged_into_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.drop_column("email")
        batch_op.drop_column("phone")


def give_codes() -> None:
    """A reference to say aloud for everybody who is here already."""
    connection = op.get_bind()
    people = sa.table("people", sa.column("id"), sa.column("code"))
    numbers = connection.scalars(sa.select(people.c.id)).all()
    codes = set()
    while len(codes) < len(numbers):
        marks = "".join(secrets.choice(SPOKEN) for _ in range(7))
        codes.add(f"{marks[:3]}-{marks[3:]}")
    rows = [{"number": number, "given": code} for number, code in zip(numbers, codes)]
    if rows:
        statement = people.update().where(people.c.id == sa.bindparam("number"))
        connection.execute(statement.values(code=sa.bindparam("given")), rows)


def keep_contacts() -> None:
    """Numbers and addresses become routes that nobody has said are safe yet."""
    for column, route in (("phone", "call"), ("email", "email")):
        op.execute(
            "INSERT INTO contact_routes"
            " (person_id, route, answer, address, may_leave_message, may_say_who, version)"
            f" SELECT id, '{route}', 'no', {column}, false, false, 1 FROM people"
            f" WHERE {column} IS NOT NULL"
        )


def make_tables() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "agencies",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("name", name=op.f("uq_agencies_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_agencies_ref")),
    )
    op.create_table(
        "column_matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "participants",
                "volunteers",
                "groups",
                "attendance",
                name="importkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("heading", sa.String(length=100), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_matches")),
        sa.UniqueConstraint("kind", "heading", name=op.f("uq_column_matches_kind_heading")),
    )
    op.create_table(
        "interventions",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interventions")),
        sa.UniqueConstraint("name", name=op.f("uq_interventions_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_interventions_ref")),
    )
    op.create_table(
        "agency_workers",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agencies.id"],
            name=op.f("fk_agency_workers_agency_id_agencies"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_workers")),
        sa.UniqueConstraint("ref", name=op.f("uq_agency_workers_ref")),
    )
    with op.batch_alter_table("agency_workers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agency_workers_agency_id"), ["agency_id"], unique=False
        )

    op.create_table(
        "imports",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "participants",
                "volunteers",
                "groups",
                "attendance",
                name="importkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_imports_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["accounts.id"],
            name=op.f("fk_imports_undone_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("ref", name=op.f("uq_imports_ref")),
    )
    op.create_table(
        "plans",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plans_ends_after_start")),
        sa.CheckConstraint("review_on >= starts_on", name=op.f("ck_plans_review_after_start")),
        sa.CheckConstraint(
            "(ends_on IS NULL) = (ending IS NULL)", name=op.f("ck_plans_ending_has_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["families.id"],
            name=op.f("fk_plans_family_id_families"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["intervention_id"],
            ["interventions.id"],
            name=op.f("fk_plans_intervention_id_interventions"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"],
            ["accounts.id"],
            name=op.f("fk_plans_worker_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("ref", name=op.f("uq_plans_ref")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_family_id"), ["family_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_plans_intervention_id"), ["intervention_id"], unique=False
        )
        for name, columns, unique in (
            ("uq_plans_open", ["family_id", "intervention_id"], True),
            ("ix_plans_to_review", ["review_on"], False),
            ("ix_plans_to_review_by_worker", ["worker_id", "review_on"], False),
        ):
            batch_op.create_index(
                name,
                columns,
                unique=unique,
                sqlite_where=sa.text("ends_on IS NULL"),
                postgresql_where=sa.text("ends_on IS NULL"),
            )

    op.create_table(
        "professionals",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "school",
                "nursery",
                "social_worker",
                "health",
                "housing",
                "solicitor",
                "police",
                "other",
                name="professionalkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["families.id"],
            name=op.f("fk_professionals_family_id_families"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_professionals")),
        sa.UniqueConstraint("ref", name=op.f("uq_professionals_ref")),
    )
    with op.batch_alter_table("professionals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_professionals_family_id"), ["family_id"], unique=False)

    op.create_table(
        "characteristics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=60), nullable=False),
        sa.Column("own_words", sa.Text(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_characteristics_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_characteristics")),
        sa.UniqueConstraint(
            "person_id", "question", name=op.f("uq_characteristics_person_id_question")
        ),
    )
    with op.batch_alter_table("characteristics", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_characteristics_question_answer"), ["question", "answer"], unique=False
        )

    op.create_table(
        "concerns",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("exact_words", sa.Text(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("safe_now", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR about IS NOT NULL", name=op.f("ck_concerns_about_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_concerns_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["raised_by_id"],
            ["accounts.id"],
            name=op.f("fk_concerns_raised_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
        sa.UniqueConstraint("ref", name=op.f("uq_concerns_ref")),
    )
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concerns_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_concerns_raised_at_id"), ["raised_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_concerns_raised_by_id"), ["raised_by_id"], unique=False
        )

    op.create_table(
        "conflicts",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("other_person_id", sa.Integer(), nullable=True),
        sa.Column("other_volunteer_id", sa.Integer(), nullable=True),
        sa.Column(
            "strength",
            sa.Enum("hard", "soft", name="strength", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL OR other_person_id IS NULL OR person_id <> other_person_id) AND (volunteer_id IS NULL OR other_volunteer_id IS NULL OR volunteer_id <> other_volunteer_id)",
            name=op.f("ck_conflicts_two_different_parties"),
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (volunteer_id IS NULL) AND (other_person_id IS NULL) <> (other_volunteer_id IS NULL)",
            name=op.f("ck_conflicts_two_parties"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["accounts.id"],
            name=op.f("fk_conflicts_ended_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["other_person_id"],
            ["people.id"],
            name=op.f("fk_conflicts_other_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["other_volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_conflicts_other_volunteer_id_volunteers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_conflicts_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["accounts.id"],
            name=op.f("fk_conflicts_recorded_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_conflicts_volunteer_id_volunteers"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
        sa.UniqueConstraint("ref", name=op.f("uq_conflicts_ref")),
    )
    with op.batch_alter_table("conflicts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conflicts_other_person_id"), ["other_person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_conflicts_other_volunteer_id"), ["other_volunteer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_conflicts_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_conflicts_volunteer_id"), ["volunteer_id"], unique=False
        )

    op.create_table(
        "consents",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "take_part",
                "share",
                "evaluation",
                "quote",
                "photo",
                "contact_after",
                "volunteer_approach",
                name="purpose",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column(
            "basis",
            sa.Enum(
                "self", "gillick", "responsibility", name="basis", native_enum=False, length=30
            ),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("judgement", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(basis = 'gillick') = (judged_by_id IS NOT NULL AND judged_on IS NOT NULL AND judgement IS NOT NULL)",
            name=op.f("ck_consents_gillick_judged"),
        ),
        sa.CheckConstraint(
            "(basis = 'responsibility') = (given_by_id IS NOT NULL)",
            name=op.f("ck_consents_given_by_named"),
        ),
        sa.CheckConstraint(
            "(purpose = 'share') = (agency_id IS NOT NULL)",
            name=op.f("ck_consents_share_names_agency"),
        ),
        sa.CheckConstraint(
            "withdrawn_on >= given_on", name=op.f("ck_consents_withdrawn_after_given")
        ),
        sa.CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_at IS NULL)"
            " AND (withdrawn_on IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_consents_withdrawn_by_somebody"),
        ),
        sa.CheckConstraint("judged_on <= given_on", name=op.f("ck_consents_judged_before_given")),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agencies.id"],
            name=op.f("fk_consents_agency_id_agencies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"],
            ["people.id"],
            name=op.f("fk_consents_given_by_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["judged_by_id"],
            ["accounts.id"],
            name=op.f("fk_consents_judged_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_consents_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["accounts.id"],
            name=op.f("fk_consents_recorded_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["accounts.id"],
            name=op.f("fk_consents_withdrawn_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("ref", name=op.f("uq_consents_ref")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_consents_standing",
            ["person_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("withdrawn_on IS NULL AND agency_id IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL AND agency_id IS NULL"),
        )
        batch_op.create_index(
            "uq_consents_standing_agency",
            ["person_id", "agency_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_on IS NULL AND agency_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL AND agency_id IS NOT NULL"),
        )

    op.create_table(
        "contact_attempts",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "call",
                "text",
                "voicemail",
                "whatsapp",
                "email",
                "post",
                "via_worker",
                "online",
                name="route",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "spoke",
                "sent",
                "message_left",
                "no_answer",
                "someone_else",
                "message_not_left",
                "no_code_word",
                "wrong_number",
                "they_came_to_us",
                name="contactoutcome",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_contact_attempts_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_contact_attempts_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempts")),
        sa.UniqueConstraint("ref", name=op.f("uq_contact_attempts_ref")),
    )
    with op.batch_alter_table("contact_attempts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_attempts_person_id_at"), ["person_id", "at"], unique=False
        )

    op.create_table(
        "contact_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name_to_use", sa.Text(), nullable=True),
        sa.Column("code_word", sa.Text(), nullable=True),
        sa.Column("our_code_word", sa.Text(), nullable=True),
        sa.Column("without_code_word", sa.Text(), nullable=True),
        sa.Column("who_else_sees", sa.Text(), nullable=True),
        sa.Column("withhold_number", sa.Boolean(), nullable=False),
        sa.Column("she_contacts_us", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(), nullable=True),
        sa.Column("suspended_reason", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(confirmed_on IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_contact_plans_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "(suspended_at IS NULL) = (suspended_reason IS NULL)",
            name=op.f("ck_contact_plans_suspended_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["accounts.id"],
            name=op.f("fk_contact_plans_changed_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["accounts.id"],
            name=op.f("fk_contact_plans_confirmed_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_contact_plans_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_plans")),
        sa.UniqueConstraint("person_id", name=op.f("uq_contact_plans_person_id")),
    )
    op.create_table(
        "contact_routes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "call",
                "text",
                "voicemail",
                "whatsapp",
                "email",
                "post",
                "via_worker",
                "online",
                name="route",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "answer",
            sa.Enum("no", "yes", "only_when", name="routeanswer", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("weekdays", sa.String(length=7), nullable=True),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("until_time", sa.Time(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("may_leave_message", sa.Boolean(), nullable=False),
        sa.Column("may_say_who", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answer <> 'only_when' OR weekdays IS NOT NULL OR from_time IS NOT NULL OR until_time IS NOT NULL OR condition IS NOT NULL",
            name=op.f("ck_contact_routes_only_when_says_when"),
        ),
        sa.CheckConstraint(
            "until_time > from_time", name=op.f("ck_contact_routes_until_after_from")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_contact_routes_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_routes")),
        sa.UniqueConstraint("person_id", "route", name=op.f("uq_contact_routes_person_id_route")),
    )
    op.create_table(
        "imported_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("record_table", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name=op.f("fk_imported_records_import_id_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_records")),
    )
    with op.batch_alter_table("imported_records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_imported_records_import_id"), ["import_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_imported_records_record_table_record_id"),
            ["record_table", "record_id"],
            unique=False,
        )

    op.create_table(
        "kinships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("relative_id", sa.Integer(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "mother",
                "father",
                "step_parent",
                "grandparent",
                "foster_carer",
                "guardian",
                "sibling",
                "other_relative",
                name="relation",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("has_responsibility", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("person_id <> relative_id", name=op.f("ck_kinships_two_people")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_kinships_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["relative_id"],
            ["people.id"],
            name=op.f("fk_kinships_relative_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kinships")),
        sa.UniqueConstraint(
            "person_id", "relative_id", name=op.f("uq_kinships_person_id_relative_id")
        ),
    )
    with op.batch_alter_table("kinships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kinships_relative_id"), ["relative_id"], unique=False)

    op.create_table(
        "person_merges",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.DateTime(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["gone_id"],
            ["people.id"],
            name=op.f("fk_person_merges_gone_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"],
            ["people.id"],
            name=op.f("fk_person_merges_kept_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["merged_by_id"],
            ["accounts.id"],
            name=op.f("fk_person_merges_merged_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["accounts.id"],
            name=op.f("fk_person_merges_undone_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merges")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_merges_ref")),
    )
    with op.batch_alter_table("person_merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_merges_gone_id"), ["gone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_merges_kept_id"), ["kept_id"], unique=False)

    op.create_table(
        "plan_members",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_plan_members_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plans.id"],
            name=op.f("fk_plan_members_plan_id_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "person_id", name=op.f("pk_plan_members")),
    )
    with op.batch_alter_table("plan_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_members_person_id"), ["person_id"], unique=False)

    op.create_table(
        "record_locks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("locked_by_id", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_record_locks_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["locked_by_id"],
            ["accounts.id"],
            name=op.f("fk_record_locks_locked_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_record_locks_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_locks")),
        sa.UniqueConstraint(
            "account_id", "person_id", name=op.f("uq_record_locks_account_id_person_id")
        ),
    )
    with op.batch_alter_table("record_locks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_locks_person_id"), ["person_id"], unique=False)

    op.create_table(
        "referrals",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "agency", "self", "internal", name="referralsource", native_enum=False, length=30
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "referred",
                "contact_attempted",
                "meeting_booked",
                "suitable",
                "not_now",
                "not_suitable",
                "waiting",
                "offered",
                "accepted",
                "started",
                "completed",
                "left_early",
                "transferred",
                "declined",
                "no_safe_contact",
                name="referralstate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("first_contact_on", sa.Date(), nullable=True),
        sa.Column("offered_on", sa.Date(), nullable=True),
        sa.Column("first_session_on", sa.Date(), nullable=True),
        sa.Column("jumped_at", sa.DateTime(), nullable=True),
        sa.Column("jump_reason", sa.Text(), nullable=True),
        sa.Column("jumped_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(source = 'agency') = (agency_id IS NOT NULL)", name=op.f("ck_referrals_agency_named")
        ),
        sa.CheckConstraint(
            "(jumped_at IS NULL) = (jump_reason IS NULL)",
            name=op.f("ck_referrals_jump_has_a_reason"),
        ),
        sa.CheckConstraint(
            "first_contact_on >= received_on", name=op.f("ck_referrals_contact_after_referral")
        ),
        sa.CheckConstraint(
            "first_session_on >= received_on", name=op.f("ck_referrals_session_after_referral")
        ),
        sa.CheckConstraint(
            "offered_on >= received_on", name=op.f("ck_referrals_offer_after_referral")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agencies.id"],
            name=op.f("fk_referrals_agency_id_agencies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["jumped_by_id"],
            ["accounts.id"],
            name=op.f("fk_referrals_jumped_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_referrals_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["places.id"],
            name=op.f("fk_referrals_place_id_places"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"],
            ["agency_workers.id"],
            name=op.f("fk_referrals_worker_id_agency_workers"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("ref", name=op.f("uq_referrals_ref")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referrals_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_place_id"), ["place_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_referrals_received_on_id"), ["received_on", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referrals_state_received_on_id"),
            ["state", "received_on", "id"],
            unique=False,
        )

    op.create_table(
        "risk_reviews",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("standard", "medium", "high", name="risklevel", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("raised_because", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(score < 10 OR level <> 'standard') AND (score < 14 OR level = 'high')",
            name=op.f("ck_risk_reviews_never_below_the_score"),
        ),
        sa.CheckConstraint(
            "review_on >= assessed_on", name=op.f("ck_risk_reviews_review_after_assessment")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 24", name=op.f("ck_risk_reviews_score_range")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_risk_reviews_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_risk_reviews_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_reviews")),
        sa.UniqueConstraint("ref", name=op.f("uq_risk_reviews_ref")),
    )
    with op.batch_alter_table("risk_reviews", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_risk_reviews_person_id_assessed_on_id"),
            ["person_id", "assessed_on", "id"],
            unique=False,
        )

    op.create_table(
        "concern_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "decision",
                "action",
                "correction",
                "closed",
                name="entrykind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_concern_entries_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"],
            ["concerns.id"],
            name=op.f("fk_concern_entries_concern_id_concerns"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_entries")),
    )
    with op.batch_alter_table("concern_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_concern_entries_concern_id_kind"), ["concern_id", "kind"], unique=False
        )

    op.create_table(
        "open_concerns",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["concern_id"],
            ["concerns.id"],
            name=op.f("fk_open_concerns_concern_id_concerns"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("concern_id", name=op.f("pk_open_concerns")),
    )
    with op.batch_alter_table("open_concerns", schema=None) as batch_op:
        batch_op.create_index(
            "ix_open_concerns_undecided",
            ["raised_at", "concern_id"],
            unique=False,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "referral_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "referred",
                "contact_attempted",
                "meeting_booked",
                "suitable",
                "not_now",
                "not_suitable",
                "waiting",
                "offered",
                "accepted",
                "started",
                "completed",
                "left_early",
                "transferred",
                "declined",
                "no_safe_contact",
                name="referralstate",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "referred",
                "contact_attempted",
                "meeting_booked",
                "suitable",
                "not_now",
                "not_suitable",
                "waiting",
                "offered",
                "accepted",
                "started",
                "completed",
                "left_early",
                "transferred",
                "declined",
                "no_safe_contact",
                name="referralstate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_referral_changes_account_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.id"],
            name=op.f("fk_referral_changes_referral_id_referrals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_changes")),
    )
    with op.batch_alter_table("referral_changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_changes_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_forms",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("form_number", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "to_check", "taken_up", "set_aside", name="formstate", native_enum=False, length=30
            ),
            nullable=False,
        ),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'taken_up') = (referral_id IS NOT NULL)",
            name=op.f("ck_referral_forms_taken_up_as"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"],
            ["accounts.id"],
            name=op.f("fk_referral_forms_checked_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.id"],
            name=op.f("fk_referral_forms_referral_id_referrals"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_forms")),
        sa.UniqueConstraint("form_number", name=op.f("uq_referral_forms_form_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_referral_forms_ref")),
    )
    with op.batch_alter_table("referral_forms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_forms_state_id"), ["state", "id"], unique=False
        )

    op.create_table(
        "referral_wishes",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intervention_id"],
            ["interventions.id"],
            name=op.f("fk_referral_wishes_intervention_id_interventions"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.id"],
            name=op.f("fk_referral_wishes_referral_id_referrals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("referral_id", "intervention_id", name=op.f("pk_referral_wishes")),
    )
    with op.batch_alter_table("referral_wishes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_wishes_intervention_id"), ["intervention_id"], unique=False
        )

    # ### end Alembic commands ###


def downgrade() -> None:
    for table in ("placements", "places"):
        op.drop_column(table, "despite")
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        else:
            op.execute(f"DROP TRIGGER {table}_no_UPDATE")
            op.execute(f"DROP TRIGGER {table}_no_DELETE")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION concerns_refuse()")
    drop_tokens()
    for table, owner, owners in TOKENS:
        make_tokens(table, owner, owners)
    with op.batch_alter_table("feedback_answers") as batch_op:
        batch_op.drop_column("shown")
    with op.batch_alter_table("people") as batch_op:
        batch_op.add_column(sa.Column("phone", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("email", sa.Text(), nullable=True))
    for column, route in (("phone", "call"), ("email", "email")):
        op.execute(
            f"UPDATE people SET {column} = (SELECT address FROM contact_routes"
            f" WHERE contact_routes.person_id = people.id AND route = '{route}')"
        )
    with op.batch_alter_table("people") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_people_merged_into_id_people"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_people_code"), type_="unique")
        batch_op.drop_constraint("merged_into_another", type_="check")
        batch_op.drop_index(batch_op.f("ix_people_merged_into_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("earlier_reference")
        batch_op.drop_column("complex_needs")
        batch_op.drop_column("needs_interpreter")
        batch_op.drop_column("language")
        batch_op.drop_column("known_as")
        batch_op.drop_column("code")
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_constraint("contact_days_range", type_="check")
        batch_op.drop_column("referrals_open")
        batch_op.drop_column("contact_days")
    drop_tables()


def drop_tables() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("referral_wishes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_wishes_intervention_id"))

    op.drop_table("referral_wishes")
    with op.batch_alter_table("referral_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_forms_state_id"))

    op.drop_table("referral_forms")
    with op.batch_alter_table("referral_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_changes_referral_id"))

    op.drop_table("referral_changes")
    with op.batch_alter_table("open_concerns", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_open_concerns_undecided",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.drop_table("open_concerns")
    with op.batch_alter_table("concern_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concern_entries_concern_id_kind"))

    op.drop_table("concern_entries")
    with op.batch_alter_table("risk_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_risk_reviews_person_id_assessed_on_id"))

    op.drop_table("risk_reviews")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referrals_state_received_on_id"))
        batch_op.drop_index(batch_op.f("ix_referrals_received_on_id"))
        batch_op.drop_index(batch_op.f("ix_referrals_place_id"))
        batch_op.drop_index(batch_op.f("ix_referrals_person_id"))

    op.drop_table("referrals")
    with op.batch_alter_table("record_locks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_locks_person_id"))

    op.drop_table("record_locks")
    with op.batch_alter_table("plan_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_members_person_id"))

    op.drop_table("plan_members")
    with op.batch_alter_table("person_merges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_merges_kept_id"))
        batch_op.drop_index(batch_op.f("ix_person_merges_gone_id"))

    op.drop_table("person_merges")
    with op.batch_alter_table("kinships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kinships_relative_id"))

    op.drop_table("kinships")
    with op.batch_alter_table("imported_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_records_record_table_record_id"))
        batch_op.drop_index(batch_op.f("ix_imported_records_import_id"))

    op.drop_table("imported_records")
    op.drop_table("contact_routes")
    op.drop_table("contact_plans")
    with op.batch_alter_table("contact_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_attempts_person_id_at"))

    op.drop_table("contact_attempts")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consents_standing_agency",
            sqlite_where=sa.text("withdrawn_on IS NULL AND agency_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL AND agency_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_consents_standing",
            sqlite_where=sa.text("withdrawn_on IS NULL AND agency_id IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL AND agency_id IS NULL"),
        )

    op.drop_table("consents")
    with op.batch_alter_table("conflicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflicts_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_conflicts_person_id"))
        batch_op.drop_index(batch_op.f("ix_conflicts_other_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_conflicts_other_person_id"))

    op.drop_table("conflicts")
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concerns_raised_by_id"))
        batch_op.drop_index(batch_op.f("ix_concerns_raised_at_id"))
        batch_op.drop_index(batch_op.f("ix_concerns_person_id"))

    op.drop_table("concerns")
    with op.batch_alter_table("characteristics", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_characteristics_question_answer"))

    op.drop_table("characteristics")
    with op.batch_alter_table("professionals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_professionals_family_id"))

    op.drop_table("professionals")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index("ix_plans_to_review_by_worker")
        batch_op.drop_index("ix_plans_to_review")
        batch_op.drop_index("uq_plans_open")
        batch_op.drop_index(batch_op.f("ix_plans_intervention_id"))
        batch_op.drop_index(batch_op.f("ix_plans_family_id"))

    op.drop_table("plans")
    op.drop_table("imports")
    with op.batch_alter_table("agency_workers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_workers_agency_id"))

    op.drop_table("agency_workers")
    op.drop_table("interventions")
    op.drop_table("column_matches")
    op.drop_table("agencies")
    # ### end Alembic commands ###
