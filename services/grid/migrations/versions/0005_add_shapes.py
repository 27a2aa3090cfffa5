"""Shapes of grids, with their revision; points of places and of cases."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("places", "cases"):
        op.add_column(table, sa.Column("longitude", sa.Double(), nullable=True))
        op.add_column(table, sa.Column("latitude", sa.Double(), nullable=True))
    op.create_table(
        "grid_shapes",
        sa.Column("id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("grid_ref", Id, nullable=False),
        sa.Column("grid_code", sa.String(length=30), nullable=False),
        sa.Column("geometry", Json, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_shapes")),
    )
    op.create_index(
        "uq_grid_shapes_now",
        "grid_shapes",
        ["grid_ref"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "shape_revisions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shape_revisions")),
    )
