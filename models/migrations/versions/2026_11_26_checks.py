"""checks on volunteers, courses and training.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courses",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("needed_for", sa.JSON(), nullable=False),
        sa.Column("refresh_months", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 15 AND 2400", name=op.f("ck_courses_minutes_range")),
        sa.CheckConstraint(
            "refresh_months BETWEEN 1 AND 120", name=op.f("ck_courses_refresh_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("name", name=op.f("uq_courses_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_courses_ref")),
    )
    op.create_table(
        "dbs_checks",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "basic", "standard", "enhanced", name="checklevel", native_enum=False, length=30
            ),
            nullable=False,
        ),
        sa.Column(
            "workforce",
            sa.Enum("children", "adults", "both", name="workforce", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("with_barred_list", sa.Boolean(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("update_service_on", sa.Date(), nullable=True),
        sa.Column("status_on", sa.Date(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("counts_from", sa.Date(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "cleared",
                "arrangements",
                "not_now",
                name="checkdecision",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("details_removed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_on IS NULL)",
            name=op.f("ck_dbs_checks_decided_with_a_day"),
        ),
        sa.CheckConstraint(
            "(seen_on IS NULL) = (issued_on IS NULL)", name=op.f("ck_dbs_checks_seen_with_its_date")
        ),
        sa.CheckConstraint(
            "decision IS NULL OR seen_on IS NOT NULL", name=op.f("ck_dbs_checks_decided_once_seen")
        ),
        sa.CheckConstraint(
            "details_removed_on IS NULL OR number IS NULL",
            name=op.f("ck_dbs_checks_removed_is_gone"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["accounts.id"],
            name=op.f("fk_dbs_checks_decided_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["seen_by_id"],
            ["accounts.id"],
            name=op.f("fk_dbs_checks_seen_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_dbs_checks_volunteer_id_volunteers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dbs_checks")),
        sa.UniqueConstraint("ref", name=op.f("uq_dbs_checks_ref")),
    )
    op.create_index(
        "ix_dbs_checks_detailed", "dbs_checks",
        ["seen_on"],
        sqlite_where=sa.text("seen_on IS NOT NULL AND details_removed_on IS NULL"),
        postgresql_where=sa.text("seen_on IS NOT NULL AND details_removed_on IS NULL"),
    )
    op.create_index(
        "ix_dbs_checks_due", "dbs_checks",
        ["counts_from"],
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_index(
        op.f("ix_dbs_checks_volunteer_id"), "dbs_checks", ["volunteer_id"]
    )

    op.create_table(
        "disclosure_talks",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("talked_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "cleared",
                "arrangements",
                "not_now",
                name="checkdecision",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("agreed", sa.Text(), nullable=True),
        sa.Column("told_removed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["accounts.id"],
            name=op.f("fk_disclosure_talks_decided_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_disclosure_talks_volunteer_id_volunteers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_talks")),
        sa.UniqueConstraint("ref", name=op.f("uq_disclosure_talks_ref")),
    )
    op.create_index(
        "ix_disclosure_talks_told", "disclosure_talks",
        ["talked_on"],
        sqlite_where=sa.text("told_removed_on IS NULL"),
        postgresql_where=sa.text("told_removed_on IS NULL"),
    )
    op.create_index(
        op.f("ix_disclosure_talks_volunteer_id"), "disclosure_talks", ["volunteer_id"]
    )

    op.create_table(
        "referees",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column(
            "context",
            sa.Enum(
                "work",
                "volunteering",
                "education",
                "support",
                "community",
                "friendship",
                name="refereecontext",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("known_years", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("chased_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("is_enough", sa.Boolean(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(is_enough IS NULL) = (decided_on IS NULL)",
            name=op.f("ck_referees_decided_with_a_day"),
        ),
        sa.CheckConstraint("known_years >= 2", name=op.f("ck_referees_known_long_enough")),
        sa.CheckConstraint(
            "received_on >= asked_on", name=op.f("ck_referees_received_after_asked")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["accounts.id"],
            name=op.f("fk_referees_decided_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_referees_volunteer_id_volunteers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referees")),
        sa.UniqueConstraint("ref", name=op.f("uq_referees_ref")),
    )
    op.create_index(
        op.f("ix_referees_volunteer_id"), "referees", ["volunteer_id"]
    )

    op.create_table(
        "rights_to_volunteer",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("seen_by_id", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_until >= seen_on", name=op.f("ck_rights_to_volunteer_valid_after_seen")
        ),
        sa.ForeignKeyConstraint(
            ["seen_by_id"],
            ["accounts.id"],
            name=op.f("fk_rights_to_volunteer_seen_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_rights_to_volunteer_volunteer_id_volunteers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_to_volunteer")),
        sa.UniqueConstraint("ref", name=op.f("uq_rights_to_volunteer_ref")),
    )
    op.create_index(
        op.f("ix_rights_to_volunteer_volunteer_id"), "rights_to_volunteer", ["volunteer_id"]
    )

    op.create_index(
        op.f("ix_rights_to_volunteer_valid_until"), "rights_to_volunteer", ["valid_until"]
    )

    op.create_table(
        "trainings",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.CheckConstraint("expires_on > held_on", name=op.f("ck_trainings_expires_later")),
        sa.CheckConstraint("minutes BETWEEN 15 AND 2400", name=op.f("ck_trainings_minutes_range")),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["courses.id"],
            name=op.f("fk_trainings_course_id_courses"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["accounts.id"],
            name=op.f("fk_trainings_recorded_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_trainings_volunteer_id_volunteers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
        sa.UniqueConstraint("ref", name=op.f("uq_trainings_ref")),
        sa.UniqueConstraint(
            "volunteer_id",
            "course_id",
            "held_on",
            name=op.f("uq_trainings_volunteer_id_course_id_held_on"),
        ),
    )
    op.create_index(op.f("ix_trainings_course_id"), "trainings", ["course_id"])
    op.create_index(
        "ix_trainings_running_out", "trainings",
        ["expires_on"],
        sqlite_where=sa.text("is_latest"),
        postgresql_where=sa.text("is_latest"),
    )
    op.create_index(
        "uq_trainings_latest", "trainings",
        ["volunteer_id", "course_id"],
        unique=True,
        sqlite_where=sa.text("is_latest"),
        postgresql_where=sa.text("is_latest"),
    )
    with op.batch_alter_table("organisation") as batch_op:
        for column, months in (("recheck_months", "36"), ("status_months", "12")):
            batch_op.add_column(
                sa.Column(column, sa.Integer(), nullable=False, server_default=months)
            )
        batch_op.create_check_constraint(
            "recheck_months_range", "recheck_months BETWEEN 6 AND 60"
        )
        batch_op.create_check_constraint("status_months_range", "status_months BETWEEN 1 AND 24")
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.alter_column("recheck_months", server_default=None)
        batch_op.alter_column("status_months", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_constraint("status_months_range", type_="check")
        batch_op.drop_constraint("recheck_months_range", type_="check")
        batch_op.drop_column("status_months")
        batch_op.drop_column("recheck_months")
    for table in (
        "trainings", "rights_to_volunteer", "referees", "disclosure_talks", "dbs_checks",
        "courses",
    ):  # fmt: skip
        op.drop_table(table)
