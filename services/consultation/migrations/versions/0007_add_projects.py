"""项目: projects and all that belongs to them; 议事平台: platforms; a second round of a review."""

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
    _create(
        "platforms",
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("lead_days", sa.Integer, nullable=False),
        sa.Column("least_persons", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
    )
    op.add_column("sessions", sa.Column("theme", sa.String(20), server_default="small_works", nullable=False))
    op.add_column("sessions", sa.Column("platform_ref", Id))
    for name in ("lead_days", "least_persons"):
        op.add_column("sessions", sa.Column(name, sa.Integer, server_default="0", nullable=False))
    with op.batch_alter_table("reviews") as batch:
        batch.add_column(sa.Column("round", sa.Integer, server_default="1", nullable=False))
        batch.drop_constraint("uq_reviews_plan_ref_plan_version", type_="unique")
        batch.create_unique_constraint(
            "uq_reviews_plan_ref_plan_version_round", ["plan_ref", "plan_version", "round"]
        )
    connection = op.get_bind()
    sessions = sa.table("sessions", sa.column("topic_ref", Id), sa.column("theme", sa.String))
    topics = sa.table("topics", sa.column("id", Id), sa.column("theme", sa.String))
    of_topic = sa.select(topics.c.theme).where(topics.c.id == sessions.c.topic_ref).scalar_subquery()
    connection.execute(sessions.update().values(theme=sa.func.coalesce(of_topic, "small_works")))


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
