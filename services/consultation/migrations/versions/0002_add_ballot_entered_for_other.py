"""Which ballots others put in for the voters; of earlier ones nobody can say."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ballots", sa.Column("entered_for_other", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
