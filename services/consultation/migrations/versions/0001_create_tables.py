"""The first tables of consultation."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ballots",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("review_ref", types.Id, nullable=False),
        sa.Column("voter_ref", types.Id, nullable=False),
        sa.Column("chamber", sa.String(length=20), nullable=False),
        sa.Column("approve", sa.Boolean(), nullable=False),
        sa.Column("criteria", types.Json, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("cast_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballots")),
        sa.UniqueConstraint("review_ref", "voter_ref", name=op.f("uq_ballots_review_ref_voter_ref")),
    )
    op.create_table(
        "design_requests",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("expertise", types.Json, nullable=False),
        sa.Column("experts_needed", sa.Integer(), nullable=False),
        sa.Column("answer_by", types.Instant(), nullable=False),
        sa.Column("professionals", types.Json, nullable=False),
        sa.Column("is_unfilled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_requests")),
    )
    op.create_index(op.f("ix_design_requests_topic_ref"), "design_requests", ["topic_ref"], unique=False)
    op.create_table(
        "interests",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("review_ref", types.Id, nullable=False),
        sa.Column("voter_ref", types.Id, nullable=False),
        sa.Column("chamber", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
        sa.UniqueConstraint("review_ref", "voter_ref", name=op.f("uq_interests_review_ref_voter_ref")),
    )
    op.create_table(
        "plans",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("versions", types.Json, nullable=False),
        sa.Column("passed_version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("topic_ref", name=op.f("uq_plans_topic_ref")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("plan_ref", types.Id, nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("plan_hash", types.Id, nullable=False),
        sa.Column("excluded_org_refs", types.Json, nullable=False),
        sa.Column("expertise", types.Json, nullable=False),
        sa.Column("experts_needed", sa.Integer(), nullable=False),
        sa.Column("answer_by", types.Instant(), nullable=False),
        sa.Column("resident_refs", types.Json, nullable=False),
        sa.Column("professionals", types.Json, nullable=False),
        sa.Column("is_unfilled", sa.Boolean(), nullable=False),
        sa.Column("quorum_percent", sa.Integer(), nullable=False),
        sa.Column("threshold_percent", sa.Integer(), nullable=False),
        sa.Column("closes_at", types.Instant(), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("verdicts", types.Json, nullable=False),
        sa.Column("reason_codes", types.Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("plan_ref", "plan_version", name=op.f("uq_reviews_plan_ref_plan_version")),
    )
    op.create_index(op.f("ix_reviews_topic_ref"), "reviews", ["topic_ref"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("venue", sa.String(length=100), nullable=False),
        sa.Column("starts_at", types.Instant(), nullable=False),
        sa.Column("audience", sa.String(length=100), nullable=False),
        sa.Column("review_ref", types.Id, nullable=True),
        sa.Column("attendance", types.Json, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("points", types.Json, nullable=False),
        sa.Column("minuted_at", types.Instant(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_review_ref"), "sessions", ["review_ref"], unique=False)
    op.create_index(op.f("ix_sessions_topic_ref"), "sessions", ["topic_ref"], unique=False)
    op.create_table(
        "topics",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", types.Id, nullable=False),
        sa.Column("theme", sa.String(length=20), nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("place_name", sa.String(length=100), nullable=False),
        sa.Column("estate_ref", types.Id, nullable=True),
        sa.Column("area_ref", types.Id, nullable=True),
        sa.Column("raised_by", types.Id, nullable=False),
        sa.Column("case_refs", types.Json, nullable=False),
        sa.Column("party_org", sa.String(length=100), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("plan_ref", types.Id, nullable=True),
        sa.Column("plan_version", sa.Integer(), nullable=True),
        sa.Column("plan_hash", types.Id, nullable=True),
        sa.Column("decisions", types.Json, nullable=False),
        sa.Column("works_ref", types.Id, nullable=True),
        sa.Column("works_accepted", sa.Boolean(), nullable=False),
        sa.Column("cancelled_works_refs", types.Json, nullable=False),
        sa.Column("maintainer_ref", types.Id, nullable=True),
        sa.Column("accepted_by", sa.String(length=200), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("satisfaction", types.Json, nullable=True),
        sa.Column("story", types.Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )
    op.create_index(op.f("ix_topics_state"), "topics", ["state"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_topics_state"), table_name="topics")
    op.drop_table("topics")
    op.drop_index(op.f("ix_sessions_topic_ref"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_review_ref"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_reviews_topic_ref"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_table("plans")
    op.drop_table("interests")
    op.drop_index(op.f("ix_design_requests_topic_ref"), table_name="design_requests")
    op.drop_table("design_requests")
    op.drop_table("ballots")
