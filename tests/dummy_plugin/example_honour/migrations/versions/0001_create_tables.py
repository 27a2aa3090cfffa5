"""The first tables of honour."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commendations",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
        sa.Column("topic_ref", types.Id, nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("maintainer_name", sa.String(length=100), nullable=False),
        sa.Column("proposed_at", types.Instant(), nullable=False),
        sa.Column("prize", sa.String(length=50), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commendations")),
        sa.UniqueConstraint("topic_ref", name=op.f("uq_commendations_topic_ref")),
    )


def downgrade() -> None:
    op.drop_table("commendations")
