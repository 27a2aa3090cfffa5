"""Cases say when it happened, where in words, and who has sent them; orders of the hotline; the catch-all grid."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Instant, Json

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AGGREGATE = (
    ("id", Id, False),
    ("version", sa.Integer(), False),
    ("journey", Id, False),
    ("place_path", sa.String(length=500), True),
)


def upgrade() -> None:
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("occurred_at", Instant))
        table.add_column(sa.Column("address", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("place_is_unknown", sa.Boolean, nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("photographs", Json, nullable=False, server_default="[]"))
        table.add_column(sa.Column("reporter_sealed", sa.Text))
    op.execute("UPDATE cases SET occurred_at = reported_at")
    op.create_index(
        "ix_cases_place_unknown",
        "cases",
        ["id"],
        sqlite_where=sa.text("place_is_unknown = 1"),
        postgresql_where=sa.text("place_is_unknown"),
    )
    _create_table(
        "catch_alls",
        sa.Column("grid_ref", Id, nullable=False),
        sa.Column("grid_name", sa.String(length=100), nullable=False),
    )
    _create_table(
        "hotline_orders",
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("revised_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("triage", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=10), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("reporter_sealed", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("case_ref", Id, nullable=True),
        sa.Column("words", Json, nullable=False),
        sa.UniqueConstraint("case_ref", name=op.f("uq_hotline_orders_case_ref")),
    )
    op.create_index(op.f("ix_hotline_orders_received_at"), "hotline_orders", ["received_at"], unique=False)
    _create_table(
        "hotline_reconciliations",
        sa.Column("numbers", Json, nullable=False),
        sa.Column("sent_by", sa.String(length=120), nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
    )


def _create_table(name: str, *columns: sa.schema.SchemaItem) -> None:
    shared = [sa.Column(column, kind, nullable=nullable) for column, kind, nullable in AGGREGATE]
    op.create_table(name, *shared, *columns, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")))
