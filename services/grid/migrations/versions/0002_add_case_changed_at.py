"""When a case moved last; and the order in which outsiders list cases."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("changed_at", types.Instant(), nullable=True))
    op.execute("UPDATE cases SET changed_at = COALESCE(closed_at, handled_at, answered_at, reported_at)")
    with op.batch_alter_table("cases") as table:
        table.alter_column("changed_at", existing_type=types.Instant(), nullable=False)
    op.create_index(op.f("ix_cases_reported_at"), "cases", ["reported_at"], unique=False)
