"""Who put a case in, where the reporter did not; of earlier ones nobody can say."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("recorded_by", sa.String(length=120), nullable=True))
