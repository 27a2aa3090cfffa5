"""The first tables of notify."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("milestone", sa.String(length=120), nullable=False),
        sa.Column("about_ref", types.Id, nullable=False),
        sa.Column("raised_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("milestone", name=op.f("uq_alarms_milestone")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("channels", types.Json, nullable=False),
        sa.Column("door_ref", types.Id, nullable=False),
        sa.Column("contact_class", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("phone", name=op.f("uq_contacts_phone")),
    )
    op.create_table(
        "messages",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("resident_ref", types.Id, nullable=False),
        sa.Column("milestone", sa.String(length=120), nullable=False),
        sa.Column("about_ref", types.Id, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", types.Id, nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("delivered_at", types.Instant(), nullable=True),
        sa.Column("claimed_by", types.Id, nullable=True),
        sa.Column("not_before", sa.Float(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("receipts", types.Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("milestone", "resident_ref", name=op.f("uq_messages_milestone_resident_ref")),
    )
    op.create_index(op.f("ix_messages_about_ref"), "messages", ["about_ref"], unique=False)
    op.create_index(op.f("ix_messages_resident_ref"), "messages", ["resident_ref"], unique=False)
    op.create_index("ix_messages_unsent", "messages", ["state", "not_before"], unique=False)
    op.create_table(
        "questions",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("about_type", sa.String(length=20), nullable=False),
        sa.Column("about_ref", types.Id, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closes_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("resolved", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint(
            "about_type", "about_ref", "turn", name=op.f("uq_questions_about_type_about_ref_turn")
        ),
    )
    op.create_table(
        "respondents",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("question_ref", types.Id, nullable=False),
        sa.Column("resident_ref", types.Id, nullable=False),
        sa.Column("token", types.Id, nullable=False),
        sa.Column("covers", types.Json, nullable=False),
        sa.Column("resolution", sa.String(length=20), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.String(length=32), nullable=False),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respondents")),
        sa.UniqueConstraint(
            "question_ref", "resident_ref", name=op.f("uq_respondents_question_ref_resident_ref")
        ),
        sa.UniqueConstraint("token", name=op.f("uq_respondents_token")),
    )


def downgrade() -> None:
    op.drop_table("respondents")
    op.drop_table("questions")
    op.drop_index("ix_messages_unsent", table_name="messages")
    op.drop_index(op.f("ix_messages_resident_ref"), table_name="messages")
    op.drop_index(op.f("ix_messages_about_ref"), table_name="messages")
    op.drop_table("messages")
    op.drop_table("contacts")
    op.drop_table("alarms")
