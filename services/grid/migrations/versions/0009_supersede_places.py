"""Places merge and split: which have taken over from one that is no more;
and open cases, which follow their place, are found by it."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("places", sa.Column("superseded_by", Json, server_default=sa.text("'[]'"), nullable=False))
    op.create_index(op.f("ix_cases_place_ref"), "cases", ["place_ref"], unique=False)
