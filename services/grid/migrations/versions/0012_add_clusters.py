"""Clusters; cases that are merged, are disputes, lie in gray zones, or wait for mediations and claims."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Instant, Json

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NONE, NO, ZERO = sa.text("'[]'"), sa.false(), sa.text("0")
UNDER_WAY = sa.text("dissolved_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "clusters",
        sa.Column("id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("category", sa.String(length=10), nullable=False),
        sa.Column("category_name", sa.String(length=50), nullable=False),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("place_name", sa.String(length=100), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("case_refs", Json, nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("dissolved_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters")),
    )
    op.create_index(op.f("ix_clusters_found_at"), "clusters", ["found_at"])
    op.create_index(
        "ux_clusters_under_way",
        "clusters",
        ["place_ref", "category"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
    with op.batch_alter_table("cases") as table:
        for name in (
            "awaited_ref",
            "gray_zone_ref",
            "cluster_ref",
            "merged_into_ref",
            "respondent_door_ref",
        ):
            table.add_column(sa.Column(name, Id))
        table.add_column(sa.Column("next_on", sa.Date))
        for name in ("over_refs", "joined_reporter_refs"):
            table.add_column(sa.Column(name, Json, nullable=False, server_default=NONE))
        table.add_column(sa.Column("merged_count", sa.Integer, nullable=False, server_default=ZERO))
        for name in ("is_dispute", "is_hazardous"):
            table.add_column(sa.Column(name, sa.Boolean, nullable=False, server_default=NO))
    op.create_index(op.f("ix_cases_cluster_ref"), "cases", ["cluster_ref"])
    op.create_index("ix_cases_category_reported", "cases", ["category", "reported_at"])
    op.create_index("ix_cases_similar", "cases", ["estate_ref", "category", "reported_at"])
