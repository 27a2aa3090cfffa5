"""Attachments: what is known of each, and what it is attached to. The bytes lie beside the database."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("ref", Id, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("kept_by", sa.String(120), nullable=False),
        sa.Column("kept_at", Instant, nullable=False),
    )
    op.create_table(
        "attachment_uses",
        sa.Column("ref", Id, sa.ForeignKey("attachments.ref"), primary_key=True),
        sa.Column("kind", sa.String(30), primary_key=True),
        sa.Column("about_ref", Id, primary_key=True),
    )
