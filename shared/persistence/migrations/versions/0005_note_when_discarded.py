"""A scheduled command that is discarded notes when, so that it is removed some time after that."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scheduled_commands", sa.Column("handled_at", types.Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("scheduled_commands", "handled_at")
