"""Tables of categories that the street adopts, each from a day on."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Json

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category_tables",
        sa.Column("id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_tables")),
        sa.UniqueConstraint("effective_on", name=op.f("uq_category_tables_effective_on")),
    )
