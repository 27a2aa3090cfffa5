"""A topic knows what has raised it, who is to hear of it, those that are merged with it, and how often it landed."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Instant, Json

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("topics", sa.Column("source_ref", Id))
    op.add_column("topics", sa.Column("proposer_refs", Json, server_default="[]", nullable=False))
    op.add_column("topics", sa.Column("photographs", Json, server_default="[]", nullable=False))
    op.add_column("topics", sa.Column("turn", sa.Integer, server_default="1", nullable=False))
    op.add_column("topics", sa.Column("also_raised_by", Json, server_default="[]", nullable=False))
    op.add_column("topics", sa.Column("merged_into_ref", Id))
    op.add_column("topics", sa.Column("raised_at", Instant))
    op.create_index("ix_topics_raised_at", "topics", ["raised_at"])
    topics = sa.table(
        "topics", sa.column("id", Id), sa.column("story", Json), sa.column("raised_at", Instant)
    )
    connection = op.get_bind()
    for id, story in connection.execute(sa.select(topics.c.id, topics.c.story)).all():
        raised_at = datetime.fromisoformat(story[0]["at"])
        connection.execute(topics.update().where(topics.c.id == id).values(raised_at=raised_at))
    with op.batch_alter_table("topics") as batch:
        batch.create_unique_constraint("uq_topics_source_ref", ["source_ref"])
