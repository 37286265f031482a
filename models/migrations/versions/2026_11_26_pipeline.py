"""the way into volunteering: rules, applications, safe contact, own time.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pipeline_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_days", sa.JSON(), nullable=False),
        sa.Column("own_group_months", sa.Integer(), nullable=False),
        sa.Column("applications_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_pipeline_rules_single_row")),
        sa.CheckConstraint(
            "own_group_months BETWEEN 0 AND 60",
            name=op.f("ck_pipeline_rules_own_group_months_range"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_rules")),
    )
    op.create_table(
        "own_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("was_participant", sa.Boolean(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("has_own_support", sa.Boolean(), nullable=True),
        sa.Column("support_asked_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(has_own_support IS NULL) = (support_asked_on IS NULL)",
            name=op.f("ck_own_times_support_has_a_day"),
        ),
        sa.CheckConstraint(
            "person_id IS NULL OR was_participant", name=op.f("ck_own_times_linked_as_participant")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["accounts.id"],
            name=op.f("fk_own_times_changed_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_own_times_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_own_times_volunteer_id_volunteers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_times")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_own_times_volunteer_id")),
    )
    with op.batch_alter_table("own_times", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_times_person_id"), ["person_id"], unique=False)

    op.create_table(
        "volunteer_applications",
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("form_number", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("hard_to_meet", sa.Text(), nullable=True),
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
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'taken_up') = (volunteer_id IS NOT NULL)",
            name=op.f("ck_volunteer_applications_taken_up_as"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"],
            ["accounts.id"],
            name=op.f("fk_volunteer_applications_checked_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_volunteer_applications_volunteer_id_volunteers"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_applications")),
        sa.UniqueConstraint("form_number", name=op.f("uq_volunteer_applications_form_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_volunteer_applications_ref")),
    )
    with op.batch_alter_table("volunteer_applications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_volunteer_applications_state_id"), ["state", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_volunteer_applications_volunteer_id"), ["volunteer_id"], unique=False
        )

    op.create_table(
        "volunteer_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("may_call", sa.Boolean(), nullable=False),
        sa.Column("may_text", sa.Boolean(), nullable=False),
        sa.Column("may_email", sa.Boolean(), nullable=False),
        sa.Column("she_contacts_us", sa.Boolean(), nullable=False),
        sa.Column("may_leave_message", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Text(), nullable=True),
        sa.Column("name_to_use", sa.Text(), nullable=True),
        sa.Column("code_word", sa.Text(), nullable=True),
        sa.Column("who_else_sees", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["accounts.id"],
            name=op.f("fk_volunteer_contacts_changed_by_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_volunteer_contacts_volunteer_id_volunteers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_contacts")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_volunteer_contacts_volunteer_id")),
    )
    with op.batch_alter_table("stage_changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("because", sa.String(length=40), nullable=True))

    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("next_step", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("next_step_by", sa.Date(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.drop_column("next_step_by")
        batch_op.drop_column("next_step")

    with op.batch_alter_table("stage_changes", schema=None) as batch_op:
        batch_op.drop_column("because")

    op.drop_table("volunteer_contacts")
    with op.batch_alter_table("volunteer_applications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_volunteer_applications_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_volunteer_applications_state_id"))

    op.drop_table("volunteer_applications")
    with op.batch_alter_table("own_times", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_own_times_person_id"))

    op.drop_table("own_times")
    op.drop_table("pipeline_rules")
