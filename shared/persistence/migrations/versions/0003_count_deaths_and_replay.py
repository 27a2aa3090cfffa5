"""Deaths in mid-handling are counted; what is to be sent again; one fact in two versions of its contract."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# the constraint had no name of its own: PostgreSQL gave it one, SQLite finds it by this rule
_NAMES = {"uq": "%(table_name)s_%(column_0_name)s_key"}


def upgrade() -> None:
    for table in ("inbox_messages", "scheduled_commands"):
        op.add_column(table, sa.Column("deaths", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("outbox_messages", naming_convention=_NAMES) as outbox:
        outbox.drop_constraint("outbox_messages_event_id_key", type_="unique")
        outbox.create_unique_constraint("uq_outbox_event", ["event_id", "type"])
    op.create_table(
        "replays",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("to_service", sa.String(length=60), nullable=True),
        sa.Column("since", types.Instant(), nullable=True),
        sa.Column("until", types.Instant(), nullable=True),
        sa.Column("type", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("finished_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("replays")
    with op.batch_alter_table("outbox_messages") as outbox:
        outbox.drop_constraint("uq_outbox_event", type_="unique")
        outbox.create_unique_constraint("outbox_messages_event_id_key", ["event_id"])
    for table in ("scheduled_commands", "inbox_messages"):
        op.drop_column(table, "deaths")
