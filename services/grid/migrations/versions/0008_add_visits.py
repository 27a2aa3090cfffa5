"""Visits with their records and campaigns; patrols with check-ins and findings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

VISITS_OPEN = sa.text("state IN ('planned', 'absent')")
PATROLS_UNDER_WAY = sa.text("state = 'under_way'")


def upgrade() -> None:
    op.create_index("ix_cases_area", "cases", ["area_ref", "lead_party_ref"], unique=False)
    op.create_table(
        "visits",
        *_of_an_aggregate(),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.Column("campaign_ref", types.Id, nullable=True),
        sa.Column("message_ref", types.Id, nullable=True),
        sa.Column("about_type", sa.String(length=20), nullable=True),
        sa.Column("about_ref", types.Id, nullable=True),
        sa.Column("door_ref", types.Id, nullable=False),
        sa.Column("door_name", sa.String(length=100), nullable=False),
        sa.Column("building_ref", types.Id, nullable=True),
        sa.Column("grid_ref", types.Id, nullable=True),
        sa.Column("household_ref", types.Id, nullable=True),
        sa.Column("room", sa.String(length=30), nullable=True),
        sa.Column("requested_at", types.Instant(), nullable=False),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("absences", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("visited_at", types.Instant(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("message_ref", name=op.f("uq_visits_message_ref")),
    )
    op.create_index(op.f("ix_visits_grid_ref"), "visits", ["grid_ref"], unique=False)
    op.create_index(op.f("ix_visits_household_ref"), "visits", ["household_ref"], unique=False)
    op.create_index("ix_visits_campaign", "visits", ["campaign_ref", "state"], unique=False)
    op.create_index(
        "ix_visits_open", "visits", ["door_ref"], sqlite_where=VISITS_OPEN, postgresql_where=VISITS_OPEN
    )
    op.create_table(
        "visit_records",
        *_of_an_aggregate(),
        sa.Column("visit_ref", types.Id, nullable=False),
        sa.Column("occurred_at", types.Instant(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("on_behalf_of", types.Id, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("photographs", types.Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_records")),
    )
    op.create_index(op.f("ix_visit_records_visit_ref"), "visit_records", ["visit_ref"], unique=False)
    op.create_table(
        "visit_campaigns",
        *_of_an_aggregate(),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("place_name", sa.String(length=100), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.Column("begun_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_campaigns")),
    )
    op.create_table(
        "patrols",
        *_of_an_aggregate(),
        sa.Column("grid_ref", types.Id, nullable=False),
        sa.Column("grid_name", sa.String(length=100), nullable=False),
        sa.Column("begun_by", sa.String(length=120), nullable=False),
        sa.Column("begun_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols")),
    )
    op.create_index(op.f("ix_patrols_grid_ref"), "patrols", ["grid_ref"], unique=False)
    op.create_index(
        "uq_patrols_under_way",
        "patrols",
        ["begun_by"],
        unique=True,
        sqlite_where=PATROLS_UNDER_WAY,
        postgresql_where=PATROLS_UNDER_WAY,
    )
    op.create_table(
        "check_ins",
        *_of_an_aggregate(),
        sa.Column("patrol_ref", types.Id, nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("place_name", sa.String(length=100), nullable=False),
        sa.Column("occurred_at", types.Instant(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
    )
    op.create_index(op.f("ix_check_ins_patrol_ref"), "check_ins", ["patrol_ref"], unique=False)
    op.create_table(
        "patrol_findings",
        *_of_an_aggregate(),
        sa.Column("patrol_ref", types.Id, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_findings")),
    )
    op.create_index(op.f("ix_patrol_findings_patrol_ref"), "patrol_findings", ["patrol_ref"], unique=False)


def _of_an_aggregate() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
    ]
