"""What happens to a case between its dispatch and its end: acceptance, objections, clocks that can stand still,
verification, and every way in which it may end."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Instant, Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
oldest_code = "0010"  # older code writes cases without a clock

NONE, NO, ZERO = sa.text("'[]'"), sa.false(), sa.text("0")


def upgrade() -> None:
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("phase", sa.Integer, nullable=False, server_default=ZERO))
        table.add_column(sa.Column("phase_count", sa.Integer, nullable=False, server_default=sa.text("1")))
        table.add_column(sa.Column("countdown", Json))
        table.add_column(sa.Column("due_at", Instant))
        table.add_column(sa.Column("due_is_provisional", sa.Boolean, nullable=False, server_default=NO))
        for name in ("warned_at", "missed_at", "escalated_at", "contacted_at"):
            table.add_column(sa.Column(name, Instant))
        table.add_column(sa.Column("handled_by", sa.String(120)))
        table.add_column(sa.Column("result_text", sa.String(700)))
        table.add_column(sa.Column("revisit_tries", sa.Integer, nullable=False, server_default=ZERO))
        table.add_column(sa.Column("outcome", sa.String(20)))
        table.add_column(sa.Column("modes", Json, nullable=False, server_default=NONE))
        table.add_column(sa.Column("evidence_refs", Json, nullable=False, server_default=NONE))
        table.add_column(sa.Column("has_objected", sa.Boolean, nullable=False, server_default=NO))
        for name in ("objection", "extension", "ending"):
            table.add_column(sa.Column(name, Json))
    _start_clocks()
    # those that were handled had been verified by whoever accepted the result
    op.execute("UPDATE cases SET state = 'verified' WHERE state = 'handled'")
    op.execute("UPDATE cases SET outcome = 'revisited' WHERE state = 'closed'")
    with op.batch_alter_table("cases") as table:
        table.alter_column("countdown", existing_type=Json, nullable=False)
        table.alter_column("due_at", existing_type=Instant(), nullable=False)
    op.drop_index("ix_cases_open", "cases")
    op.create_index("ix_cases_open", "cases", ["state", "due_at"])


def _start_clocks() -> None:
    """Each clock as it was: natural hours, from the report (or the last fresh start) to the answer's due time."""
    cases = sa.table(
        "cases",
        sa.column("id", Id),
        sa.column("answer_due_at", Instant),
        sa.column("reported_at", Instant),
        sa.column("countdown", Json),
        sa.column("due_at", Instant),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(cases.c.id, cases.c.answer_due_at, cases.c.reported_at)).all():
        hours = max(1, round((row.answer_due_at - row.reported_at).total_seconds() / 3600))
        countdown = {
            "started_at": (row.answer_due_at - timedelta(hours=hours)).isoformat(),
            "limit": {"amount": hours, "unit": "hours"},
            "pauses": [],
            "paused_at": None,
        }
        started = cases.update().where(cases.c.id == row.id)
        connection.execute(started.values(countdown=countdown, due_at=row.answer_due_at))
