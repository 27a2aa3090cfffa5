"""Sessions are held at another time, or not at all; they are listed by when they begin."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("times_rescheduled", sa.Integer, server_default="0", nullable=False))
    op.create_index("ix_sessions_starts_at_id", "sessions", ["starts_at", "id"])
