"""Sessions are held in venues, until some time, at another time, or not at all; they are listed by when they begin."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

USUAL_LENGTH = timedelta(hours=2)


def upgrade() -> None:
    op.create_table(
        "venues",
        sa.Column("id", Id, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("journey", Id, nullable=False),
        sa.Column("place_path", sa.String(500)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_venues"),
    )
    op.add_column("sessions", sa.Column("venue_ref", Id))
    op.add_column("sessions", sa.Column("times_rescheduled", sa.Integer, server_default="0", nullable=False))
    op.add_column("sessions", sa.Column("ends_at", Instant))
    sessions = sa.table(
        "sessions", sa.column("id", Id), sa.column("starts_at", Instant), sa.column("ends_at", Instant)
    )
    connection = op.get_bind()
    for id, starts_at in connection.execute(sa.select(sessions.c.id, sessions.c.starts_at)).all():
        ends = sessions.update().where(sessions.c.id == id).values(ends_at=starts_at + USUAL_LENGTH)
        connection.execute(ends)
    with op.batch_alter_table("sessions") as batch:
        batch.alter_column("ends_at", nullable=False)
    op.create_index("ix_sessions_starts_at_id", "sessions", ["starts_at", "id"])
    op.create_index("ix_sessions_in_venue", "sessions", ["venue_ref", "starts_at"])
