"""Who attends to a case, who helps with it, whom it calls (吹哨报到); the roster; what communities may help with."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from shared.persistence.types import Id, Instant, Json

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("attendant_ref", Id))
        table.add_column(
            sa.Column("attendant_reason", sa.String(700), nullable=False, server_default=sa.text("''"))
        )
        table.add_column(sa.Column("runners_up", Json, nullable=False, server_default=sa.text("'[]'")))
    op.create_index("ix_cases_attended", "cases", ["attendant_ref", "state"])
    op.create_index("ix_places_of_community", "places", ["community_ref", "kind"])
    op.create_table(
        "co_handlers",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_ref", Id, nullable=False),
        sa.Column("party_ref", Id),
        sa.Column("organisation_ref", Id),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("asked", sa.String(500), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("result", sa.String(500)),
        sa.Column("remark", sa.String(500)),
        sa.Column("reported_at", Instant),
        sa.Column("released_because", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_co_handlers"),
    )
    op.create_index("ix_co_handlers_case_ref", "co_handlers", ["case_ref"])
    op.create_index("ix_co_handlers_party_ref", "co_handlers", ["party_ref"])
    _create(
        "whistles",
        sa.Column("case_ref", Id, nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("category", sa.String(10), nullable=False),
        sa.Column("category_name", sa.String(50), nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("place_name", sa.String(100), nullable=False),
        sa.Column("grid_ref", Id, nullable=False),
        sa.Column("party_ref", Id),
        sa.Column("organisation_ref", Id),
        sa.Column("called_name", sa.String(100), nullable=False),
        sa.Column("need", sa.String(500), nullable=False),
        sa.Column("blown_by", sa.String(120), nullable=False),
        sa.Column("blown_at", Instant, nullable=False),
        sa.Column("answer_limit", Json, nullable=False),
        sa.Column("answer_due_at", Instant, nullable=False),
        sa.Column("solve_due_at", Instant, nullable=False),
        *(sa.Column(name, Instant) for name in ("confirm_due_at", "answered_at", "reported_at", "ended_at")),
        *(sa.Column(name, sa.String(500)) for name in ("answer_text", "result_text", "end_text")),
        sa.Column("late", Json, nullable=False),
        sa.Column("is_overdue", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
    )
    op.create_index("ix_whistles_case_ref", "whistles", ["case_ref"])
    op.create_index("ix_whistles_place_ref", "whistles", ["place_ref"])
    op.create_index("ix_whistles_party_ref", "whistles", ["party_ref"])
    op.create_index("ix_whistles_state", "whistles", ["state", "is_overdue"])
    _create(
        "shifts",
        sa.Column("staff_ref", Id, nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("place_name", sa.String(100), nullable=False),
        *_period(),
    )
    op.create_index("ix_shifts_there", "shifts", ["place_ref", "ends_at"])
    op.create_index("ix_shifts_of", "shifts", ["staff_ref", "ends_at"])
    _create(
        "absences",
        sa.Column("staff_ref", Id, nullable=False),
        sa.Column("substitute_ref", Id),
        *_period(),
    )
    op.create_index("ix_absences_of", "absences", ["staff_ref", "ends_at"])
    _create(
        "community_lists",
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.UniqueConstraint("effective_on", name="uq_community_lists_effective_on"),
    )


def _period() -> list[sa.Column[Any]]:
    return [
        sa.Column("begins_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("taken_back_at", Instant),
    ]


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
