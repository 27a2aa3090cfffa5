"""问需: surveys and what is suggested in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

from shared.persistence.types import Id, Instant, Json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create(
        "surveys",
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("topic_ref", Id),
        sa.Column("pairing_refs", Json, nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("place_name", sa.String(100), nullable=False),
        sa.Column("closes_at", Instant, nullable=False),
        *(sa.Column(name, Instant) for name in ("opened_at", "closed_at", "fed_back_at")),
        sa.Column("conclusions", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
    )
    op.create_index("ix_surveys_topic_ref", "surveys", ["topic_ref"])
    op.create_index("ix_surveys_state", "surveys", ["state"])
    _create(
        "suggestions",
        sa.Column("survey_ref", Id, nullable=False),
        sa.Column("form_no", sa.String(30)),
        sa.Column("topic_ref", Id),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("proposer_ref", Id),
        sa.Column("pairing_ref", Id),
        sa.Column("collected_by", sa.String(120), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("category", sa.String(30)),
        sa.Column("outcome", sa.String(20)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("answered_at", Instant),
        sa.Column("answered_by", sa.String(120)),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("implemented_at", Instant),
        sa.Column("state", sa.String(20), nullable=False),
        sa.UniqueConstraint("survey_ref", "form_no", name="uq_suggestions_survey_ref_form_no"),
    )
    op.create_index("ix_suggestions_survey_ref_id", "suggestions", ["survey_ref", "id"])


def _create(name: str, *columns: SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", Id, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("journey", Id, nullable=False),
        sa.Column("place_path", sa.String(500)),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
