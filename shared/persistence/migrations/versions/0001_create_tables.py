"""The first tables of kernel."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "copies",
        sa.Column("aggregate", sa.String(length=60), nullable=False),
        sa.Column("ref", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts", types.Json, nullable=False),
        sa.PrimaryKeyConstraint("aggregate", "ref"),
    )
    op.create_table(
        "inbox_messages",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("event_id", types.Id, nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("partition_key", types.Id, nullable=False),
        sa.Column("correlation_id", types.Id, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("blocks_key", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("received_at", types.Instant(), nullable=False),
        sa.Column("handled_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "event_id", "type", name="uq_inbox_source_event"),
    )
    op.create_index(
        op.f("ix_inbox_messages_correlation_id"), "inbox_messages", ["correlation_id"], unique=False
    )
    op.create_index(
        "ix_inbox_unfinished",
        "inbox_messages",
        ["state", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'dead')"),
        sqlite_where=sa.text("state IN ('pending', 'dead')"),
    )
    op.create_index(
        "ix_inbox_unfinished_key",
        "inbox_messages",
        ["partition_key", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'dead')"),
        sqlite_where=sa.text("state IN ('pending', 'dead')"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("holder", types.Id, nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "outbox_messages",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("event_id", types.Id, nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("partition_key", types.Id, nullable=False),
        sa.Column("correlation_id", types.Id, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("feed_body", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("published_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id"),
    )
    op.create_index(
        op.f("ix_outbox_messages_correlation_id"), "outbox_messages", ["correlation_id"], unique=False
    )
    op.create_index(
        "ix_outbox_unpublished",
        "outbox_messages",
        ["id"],
        unique=False,
        postgresql_where=sa.text("published_at IS NULL"),
        sqlite_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "scheduled_commands",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.Column("command", sa.String(length=80), nullable=False),
        sa.Column("arguments", types.Json, nullable=False),
        sa.Column("correlation_id", types.Id, nullable=True),
        sa.Column("revision", types.Id, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        "ix_scheduled_pending",
        "scheduled_commands",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
        sqlite_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_scheduled_pending",
        table_name="scheduled_commands",
        postgresql_where=sa.text("state = 'pending'"),
        sqlite_where=sa.text("state = 'pending'"),
    )
    op.drop_table("scheduled_commands")
    op.drop_index(
        "ix_outbox_unpublished",
        table_name="outbox_messages",
        postgresql_where=sa.text("published_at IS NULL"),
        sqlite_where=sa.text("published_at IS NULL"),
    )
    op.drop_index(op.f("ix_outbox_messages_correlation_id"), table_name="outbox_messages")
    op.drop_table("outbox_messages")
    op.drop_table("leases")
    op.drop_index(
        "ix_inbox_unfinished_key",
        table_name="inbox_messages",
        postgresql_where=sa.text("state IN ('pending', 'dead')"),
        sqlite_where=sa.text("state IN ('pending', 'dead')"),
    )
    op.drop_index(
        "ix_inbox_unfinished",
        table_name="inbox_messages",
        postgresql_where=sa.text("state IN ('pending', 'dead')"),
        sqlite_where=sa.text("state IN ('pending', 'dead')"),
    )
    op.drop_index(op.f("ix_inbox_messages_correlation_id"), table_name="inbox_messages")
    op.drop_table("inbox_messages")
    op.drop_table("copies")
