"""Captains, what is written down about them, points, the duty log; stewards lie where their buildings do."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "captains",
        *_of_an_aggregate(),
        sa.Column("door_ref", Id, nullable=False),
        sa.Column("building_ref", Id, nullable=False),
        sa.Column("person_ref", Id, nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("is_neighbour", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captains")),
    )
    op.create_index(
        "uq_captains_now",
        "captains",
        ["door_ref", "person_ref"],
        unique=True,
        sqlite_where=sa.text("state != 'retired'"),
        postgresql_where=sa.text("state != 'retired'"),
    )
    op.create_index("ix_captains_person_ref", "captains", ["person_ref"])
    op.create_index("ix_captains_building_ref", "captains", ["building_ref"])
    op.create_table(
        "captain_records",
        *_of_an_aggregate(),
        sa.Column("captain_ref", Id, nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captain_records")),
    )
    op.create_index("ix_captain_records_captain_ref_id", "captain_records", ["captain_ref", "id"])
    op.create_table(
        "points",
        *_of_an_aggregate(),
        sa.Column("captain_ref", Id, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points")),
    )
    op.create_index("ix_points_captain_ref_id", "points", ["captain_ref", "id"])
    op.create_table(
        "duty_entries",
        *_of_an_aggregate(),
        sa.Column("captain_ref", Id, nullable=True),
        sa.Column("steward_ref", Id, nullable=True),
        sa.Column("building_ref", Id, nullable=False),
        sa.Column("door_ref", Id, nullable=True),
        sa.Column("duty", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_entries")),
    )
    op.create_index("ix_duty_entries_captain_ref_id", "duty_entries", ["captain_ref", "id"])
    op.create_index("ix_duty_entries_steward_ref_id", "duty_entries", ["steward_ref", "id"])
    op.create_index("ix_stewards_building_ref", "stewards", ["building_ref"])
    op.execute(
        "UPDATE stewards SET place_ref = building_ref,"
        " place_path = (SELECT place_path FROM places WHERE places.id = stewards.building_ref)"
        " WHERE EXISTS (SELECT 1 FROM places WHERE places.id = stewards.building_ref)"
    )


def _of_an_aggregate() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
    ]
