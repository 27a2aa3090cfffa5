"""The first tables of grid."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_serials",
        sa.Column("day", sa.String(length=6), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_case_serials")),
    )
    op.create_table(
        "cases",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=10), nullable=False),
        sa.Column("category_name", sa.String(length=50), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("place_name", sa.String(length=100), nullable=False),
        sa.Column("grid_ref", types.Id, nullable=False),
        sa.Column("grid_code", sa.String(length=30), nullable=False),
        sa.Column("estate_ref", types.Id, nullable=True),
        sa.Column("building_ref", types.Id, nullable=True),
        sa.Column("area_ref", types.Id, nullable=True),
        sa.Column("reporter_ref", types.Id, nullable=True),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("external_refs", types.Json, nullable=False),
        sa.Column("topic_ref", types.Id, nullable=True),
        sa.Column("works_ref", types.Id, nullable=True),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("waiting_for", sa.String(length=20), nullable=True),
        sa.Column("reported_at", types.Instant(), nullable=False),
        sa.Column("answer_due_at", types.Instant(), nullable=False),
        sa.Column("answered_at", types.Instant(), nullable=True),
        sa.Column("handled_at", types.Instant(), nullable=True),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("lead_party_ref", types.Id, nullable=True),
        sa.Column("lead_party_name", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(op.f("ix_cases_grid_ref"), "cases", ["grid_ref"], unique=False)
    op.create_index("ix_cases_open", "cases", ["state", "answer_due_at"], unique=False)
    op.create_index(op.f("ix_cases_topic_ref"), "cases", ["topic_ref"], unique=False)
    op.create_table(
        "places",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("estate_type", sa.String(length=30), nullable=False),
        sa.Column("household_count", sa.Integer(), nullable=False),
        sa.Column("parent_ref", types.Id, nullable=True),
        sa.Column("community_ref", types.Id, nullable=True),
        sa.Column("estate_ref", types.Id, nullable=True),
        sa.Column("grid_ref", types.Id, nullable=True),
        sa.Column("grid_code", sa.String(length=30), nullable=True),
        sa.Column("building_ref", types.Id, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("code", name=op.f("uq_places_code")),
    )
    op.create_index(op.f("ix_places_parent_ref"), "places", ["parent_ref"], unique=False)
    op.create_table(
        "steward_requests",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("works_ref", types.Id, nullable=False),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("building_refs", types.Json, nullable=False),
        sa.Column("contractor_ref", types.Id, nullable=False),
        sa.Column("contractor_name", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steward_requests")),
        sa.UniqueConstraint("works_ref", name=op.f("uq_steward_requests_works_ref")),
    )
    op.create_table(
        "stewards",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("works_ref", types.Id, nullable=False),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("contractor_ref", types.Id, nullable=False),
        sa.Column("contractor_name", sa.String(length=100), nullable=False),
        sa.Column("building_ref", types.Id, nullable=False),
        sa.Column("building_name", sa.String(length=100), nullable=False),
        sa.Column("person_ref", types.Id, nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stewards")),
    )
    op.create_index(op.f("ix_stewards_works_ref"), "stewards", ["works_ref"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_stewards_works_ref"), table_name="stewards")
    op.drop_table("stewards")
    op.drop_table("steward_requests")
    op.drop_index(op.f("ix_places_parent_ref"), table_name="places")
    op.drop_table("places")
    op.drop_index(op.f("ix_cases_topic_ref"), table_name="cases")
    op.drop_index("ix_cases_open", table_name="cases")
    op.drop_index(op.f("ix_cases_grid_ref"), table_name="cases")
    op.drop_table("cases")
    op.drop_table("case_serials")
