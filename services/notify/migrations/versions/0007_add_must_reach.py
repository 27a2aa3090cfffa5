"""Which messages must reach and by when, and by which other channels of the person."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("other_channels", types.Json, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("must_reach", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("reach_by", types.Instant(), nullable=True))
