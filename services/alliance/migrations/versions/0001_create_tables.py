"""The first tables of alliance."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "declines",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("request_id", types.Id, nullable=False),
        sa.Column("request_ref", types.Id, nullable=False),
        sa.Column("org_ref", types.Id, nullable=False),
        sa.Column("org_name", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declines")),
        sa.UniqueConstraint("request_id", "org_ref", name=op.f("uq_declines_request_id_org_ref")),
    )
    op.create_table(
        "engagements",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("request_id", types.Id, nullable=False),
        sa.Column("request_ref", types.Id, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("org_ref", types.Id, nullable=False),
        sa.Column("org_name", sa.String(length=100), nullable=False),
        sa.Column("expert_refs", types.Json, nullable=False),
        sa.Column("interests", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagements")),
        sa.UniqueConstraint("request_id", "org_ref", name=op.f("uq_engagements_request_id_org_ref")),
    )
    op.create_index(op.f("ix_engagements_org_ref"), "engagements", ["org_ref"], unique=False)
    op.create_index(op.f("ix_engagements_request_ref"), "engagements", ["request_ref"], unique=False)
    op.create_index(op.f("ix_engagements_topic_ref"), "engagements", ["topic_ref"], unique=False)
    op.create_table(
        "landed_topics",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landed_topics")),
        sa.UniqueConstraint("topic_ref", name=op.f("uq_landed_topics_topic_ref")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("expertise", types.Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_organisations_credit_code")),
    )
    op.create_table(
        "professional_requests",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("request_ref", types.Id, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("expertise", types.Json, nullable=False),
        sa.Column("experts_needed", sa.Integer(), nullable=False),
        sa.Column("answer_by", types.Instant(), nullable=True),
        sa.Column("excluded_org_refs", types.Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_professional_requests")),
        sa.UniqueConstraint("request_ref", name=op.f("uq_professional_requests_request_ref")),
    )
    op.create_index(op.f("ix_professional_requests_state"), "professional_requests", ["state"], unique=False)
    op.create_index(
        op.f("ix_professional_requests_topic_ref"), "professional_requests", ["topic_ref"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_professional_requests_topic_ref"), table_name="professional_requests")
    op.drop_index(op.f("ix_professional_requests_state"), table_name="professional_requests")
    op.drop_table("professional_requests")
    op.drop_table("organisations")
    op.drop_table("landed_topics")
    op.drop_index(op.f("ix_engagements_topic_ref"), table_name="engagements")
    op.drop_index(op.f("ix_engagements_request_ref"), table_name="engagements")
    op.drop_index(op.f("ix_engagements_org_ref"), table_name="engagements")
    op.drop_table("engagements")
    op.drop_table("declines")
