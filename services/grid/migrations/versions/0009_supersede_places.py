"""Places merge and split: which have taken over from one that is no more."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("places", sa.Column("superseded_by", Json, server_default=sa.text("'[]'"), nullable=False))
