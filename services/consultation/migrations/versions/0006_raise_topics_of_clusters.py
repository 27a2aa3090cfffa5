"""A topic knows what has raised it, who is to hear of it, those that are merged with it, and how often it landed."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Json

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("topics", sa.Column("source_ref", Id))
    op.add_column("topics", sa.Column("proposer_refs", Json, server_default="[]", nullable=False))
    op.add_column("topics", sa.Column("turn", sa.Integer, server_default="1", nullable=False))
    op.add_column("topics", sa.Column("also_raised_by", Json, server_default="[]", nullable=False))
    op.add_column("topics", sa.Column("merged_into_ref", Id))
    with op.batch_alter_table("topics") as batch:
        batch.create_unique_constraint("uq_topics_source_ref", ["source_ref"])
