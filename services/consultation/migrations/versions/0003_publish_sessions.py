"""Minutes are published by another than who wrote them; those of before were public once they were written."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("minuted_by", sa.String(64), nullable=True))
    op.add_column("sessions", sa.Column("published_at", types.Instant(), nullable=True))
    op.add_column("sessions", sa.Column("published_by", sa.String(64), nullable=True))
    op.add_column("sessions", sa.Column("emergency", sa.Text(), server_default="", nullable=False))
    op.execute(
        "UPDATE sessions SET state = 'published', published_at = minuted_at WHERE minuted_at IS NOT NULL"
    )
