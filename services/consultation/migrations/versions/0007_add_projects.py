"""项目: projects, their branches, teams, reception points, opinion sheets, and visits for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

from shared.persistence.types import Id, Instant, Json

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create(
        "projects",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("place_name", sa.String(100), nullable=False),
        sa.Column("topic_refs", Json, nullable=False),
        sa.Column("campaign_refs", Json, nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("history", Json, nullable=False),
        sa.Column("pauses", Json, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
    )
    _create(
        "branches",
        sa.Column("project_ref", Id, nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("members", Json, nullable=False),
        sa.Column("established_at", Instant),
        sa.Column("dissolved_at", Instant),
        sa.Column("state", sa.String(20), nullable=False),
        sa.UniqueConstraint("project_ref", name="uq_branches_project_ref"),
    )
    _create(
        "teams",
        sa.Column("project_ref", Id, nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("members", Json, nullable=False),
        sa.Column("tasks", Json, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
    )
    _create(
        "reception_points",
        sa.Column("project_ref", Id, nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("hours", sa.String(200), nullable=False),
        sa.Column("duty", Json, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
    )
    _create(
        "intakes",
        sa.Column("point_ref", Id, nullable=False),
        sa.Column("project_ref", Id, nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("proposer_ref", Id),
        sa.Column("received_by", sa.String(120), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("suggestion_ref", Id),
        sa.Column("case_ref", Id),
        sa.Column("case_category", sa.String(64)),
        sa.Column("answer_text", sa.Text, nullable=False),
        sa.Column("answered_at", Instant),
        sa.Column("state", sa.String(20), nullable=False),
    )
    for table in ("teams", "reception_points", "intakes"):
        op.create_index(f"ix_{table}_project_ref_id", table, ["project_ref", "id"])
    _create(
        "opinions",
        sa.Column("project_ref", Id, nullable=False),
        sa.Column("household_ref", Id, nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("opinion", sa.String(20), nullable=False),
        sa.Column("given_at", Instant),
        sa.Column("collected_by", sa.String(120), nullable=False),
        sa.UniqueConstraint("project_ref", "household_ref", name="uq_opinions_project_ref_household_ref"),
    )
    _create(
        "house_visits",
        sa.Column("task_ref", Id, nullable=False),
        sa.Column("campaign_ref", Id, nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("occurred_at", Instant),
        sa.UniqueConstraint("task_ref", name="uq_house_visits_task_ref"),
    )
    op.create_index("ix_house_visits_campaign_ref", "house_visits", ["campaign_ref"])


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
