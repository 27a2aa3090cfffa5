"""Organisations, staff and their postings, pairings; the organisation that has a case in hand."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("organisation_ref", types.Id, nullable=True))
    _index("ix_cases_in_hand", "cases", ["organisation_ref"], where="state != 'closed'")
    _index("ix_places_grids", "places", ["id"], where="kind = 'grid' AND valid_to IS NULL")
    op.create_table(
        "organisations",
        *_of_an_aggregate(),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("parent_ref", types.Id, nullable=True),
        sa.Column("place_ref", types.Id, nullable=True),
        sa.Column("powers", types.Json, nullable=False),
        sa.Column("person_ref", types.Id, nullable=True),
        sa.Column("is_assumed", sa.Boolean(), nullable=False),
        *_dates(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_index(op.f("ix_organisations_parent_ref"), "organisations", ["parent_ref"])
    _index("ix_organisations_now", "organisations", ["place_ref"], where="valid_to IS NULL")
    op.create_table(
        "staff",
        *_of_an_aggregate(),
        sa.Column("staff_no", sa.String(length=30), nullable=False),
        sa.Column("name", types.Sealed("staff.name"), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("organisation_ref", types.Id, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("staff_no", name=op.f("uq_staff_staff_no")),
    )
    _index("ix_staff_at_work", "staff", ["category"], where="state = 'on_duty'")
    _index("uq_staff_subject", "staff", ["subject"], where="state = 'on_duty'", unique=True)
    op.create_table(
        "postings",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("staff_ref", types.Id, nullable=False),
        sa.Column("grid_ref", types.Id, nullable=False),
        sa.Column("grid_code", sa.String(length=30), nullable=False),
        sa.Column("grid_name", sa.String(length=100), nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        *_dates(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
    )
    op.create_index(op.f("ix_postings_staff_ref"), "postings", ["staff_ref"])
    _index("uq_postings_now", "postings", ["grid_ref", "staff_ref"], where="valid_to IS NULL", unique=True)
    op.create_table(
        "pairings",
        *_of_an_aggregate(),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("place_name", sa.String(length=100), nullable=False),
        sa.Column("worker_ref", types.Id, nullable=True),
        *_dates(),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairings")),
    )
    _index("ix_pairings_of_worker", "pairings", ["worker_ref"], where="valid_to IS NULL")
    _index("ix_pairings_at_place", "pairings", ["place_ref"], where="valid_to IS NULL")
    op.create_table(
        "paired_leaders",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("pairing_ref", types.Id, nullable=False),
        sa.Column("person_ref", types.Id, nullable=False),
        *_dates(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paired_leaders")),
    )
    op.create_index(op.f("ix_paired_leaders_pairing_ref"), "paired_leaders", ["pairing_ref"])
    op.create_index(op.f("ix_paired_leaders_person_ref"), "paired_leaders", ["person_ref"])


def _of_an_aggregate() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
    ]


def _dates() -> list[sa.Column[Any]]:
    return [
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
    ]


def _index(name: str, table: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
