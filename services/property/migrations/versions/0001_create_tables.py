"""The first tables of property."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_buildings",
        sa.Column("building_ref", types.Id, nullable=False),
        sa.Column("area_id", types.Id, nullable=False),
        sa.PrimaryKeyConstraint("building_ref", name=op.f("pk_area_buildings")),
    )
    op.create_table(
        "areas",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("estate_ref", types.Id, nullable=False),
        sa.Column("building_refs", types.Json, nullable=False),
        sa.Column("owners_total", sa.Integer(), nullable=False),
        sa.Column("area_total_dm2", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("plan_hash", types.Id, nullable=False),
        sa.Column("area_ref", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("heads", types.Json, nullable=False),
        sa.Column("area_dm2", types.Json, nullable=False),
        sa.Column("noticed_topics", types.Json, nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("voted_on", sa.Date(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("scan", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reasons", types.Json, nullable=False),
        sa.Column("arithmetic", sa.Text(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(
        op.f("ix_decisions_topic_ref_plan_hash"), "decisions", ["topic_ref", "plan_hash"], unique=False
    )
    op.create_table(
        "expected_decisions",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("plan_hash", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("area_ref", types.Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_decisions")),
        sa.UniqueConstraint("topic_ref", "plan_hash", name=op.f("uq_expected_decisions_topic_ref_plan_hash")),
    )
    op.create_table(
        "parties",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("area_refs", types.Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_parties_credit_code")),
    )
    op.create_table(
        "works",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("plan_hash", types.Id, nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("case_refs", types.Json, nullable=False),
        sa.Column("area_ref", types.Id, nullable=False),
        sa.Column("building_refs", types.Json, nullable=False),
        sa.Column("items", types.Json, nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=False),
        sa.Column("needs_stewards", sa.Boolean(), nullable=False),
        sa.Column("maintainer_ref", types.Id, nullable=False),
        sa.Column("maintainer_name", sa.String(length=100), nullable=False),
        sa.Column("contractor_ref", types.Id, nullable=True),
        sa.Column("contractor_name", sa.String(length=100), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("planned_start_on", sa.Date(), nullable=True),
        sa.Column("planned_end_on", sa.Date(), nullable=True),
        sa.Column("permit", sa.String(length=200), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=True),
        sa.Column("representatives", sa.String(length=200), nullable=False),
        sa.Column("defects", sa.Text(), nullable=False),
        sa.Column("warranty_until_on", sa.Date(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("cancelled_because", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works")),
        sa.UniqueConstraint("topic_ref", "plan_hash", name=op.f("uq_works_topic_ref_plan_hash")),
    )
    op.create_index(op.f("ix_works_contractor_ref"), "works", ["contractor_ref"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_works_contractor_ref"), table_name="works")
    op.drop_table("works")
    op.drop_table("parties")
    op.drop_table("expected_decisions")
    op.drop_index(op.f("ix_decisions_topic_ref_plan_hash"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_table("areas")
    op.drop_table("area_buildings")
