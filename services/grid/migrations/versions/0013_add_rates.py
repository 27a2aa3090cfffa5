"""Turns of cases as they ended, the rules of the rates, and the rates that were published."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.persistence.types import Id, Instant, Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
oldest_code = "0013"  # older code ends turns without writing them down

ASKED = sa.text("state = 'asked'")
places = sa.table("places", sa.column("id", Id), sa.column("community_ref", Id))


def upgrade() -> None:
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("begun_at", Instant))
        table.add_column(sa.Column("dispatches", sa.Integer, nullable=False, server_default=sa.text("1")))
        for name in ("objections", "objections_upheld"):
            table.add_column(sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0")))
    _begin_turns()
    with op.batch_alter_table("cases") as table:
        table.alter_column("begun_at", existing_type=Instant(), nullable=False)
    op.create_table(
        "case_turns",
        *_of_an_aggregate(),
        *_facts(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_turns")),
        sa.UniqueConstraint("case_ref", "turn", name=op.f("uq_case_turns_case_ref_turn")),
    )
    op.create_index("ix_case_turns_ended", "case_turns", ["ended_at"])
    op.create_index("ix_case_turns_asked", "case_turns", ["id"], sqlite_where=ASKED, postgresql_where=ASKED)
    op.create_table(
        "published_turns",
        *_of_an_aggregate(),
        sa.Column("report_ref", Id, nullable=False),
        *_facts(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_turns")),
    )
    op.create_index("ix_published_turns_report", "published_turns", ["report_ref", "id"])
    op.create_table(
        "rate_rules",
        *_of_an_aggregate(),
        sa.Column("first_period", sa.String(7), nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("rules", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_rules")),
        sa.UniqueConstraint("first_period", name=op.f("uq_rate_rules_first_period")),
    )
    op.create_table(
        "rate_reports",
        *_of_an_aggregate(),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("rules", Json, nullable=False),
        sa.Column("total", Json, nullable=False),
        sa.Column("shares", Json, nullable=False),
        sa.Column("turn_count", sa.Integer, nullable=False),
        sa.Column("excluded_count", sa.Integer, nullable=False),
        sa.Column("published_by", sa.String(120), nullable=False),
        sa.Column("published_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_reports")),
        sa.UniqueConstraint("period", name=op.f("uq_rate_reports_period")),
    )
    _write_down_what_is_closed()


def _begin_turns() -> None:
    """When a later turn began was not kept: it is taken from the clock, which then says when its phase began."""
    op.execute("UPDATE cases SET begun_at = reported_at WHERE turn = 1")
    cases = sa.table(
        "cases",
        sa.column("id", Id),
        sa.column("turn"),
        sa.column("begun_at", Instant),
        sa.column("countdown", Json),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(cases.c.id, cases.c.countdown).where(cases.c.turn > 1)).all():
        begun_at = datetime.fromisoformat(row.countdown["started_at"])
        connection.execute(cases.update().where(cases.c.id == row.id).values(begun_at=begun_at))


def _write_down_what_is_closed() -> None:
    """The last turn of what was closed before. What its reporter said was not kept: it counts as no revisit. The case's
    id is the turn's, since there is one of each."""
    connection = op.get_bind()
    cases = sa.Table("cases", sa.MetaData(), autoload_with=connection)
    turns = sa.table("case_turns", *(sa.column(column.name) for column in (*_of_an_aggregate(), *_facts())))
    same = [column.name for column in turns.c if column.name in cases.c]
    told = {
        **{name: cases.c[name] for name in same},
        "case_ref": cases.c.id,
        "community_ref": places.c.community_ref,
        "has_reporter": cases.c.reporter_ref.is_not(None),
        "ended_at": cases.c.closed_at,
        "state": sa.literal("counted"),
    }
    closed = sa.select(*told.values()).join_from(cases, places, places.c.id == cases.c.grid_ref)
    op.execute(turns.insert().from_select(list(told), closed.where(cases.c.state == "closed")))


def _of_an_aggregate() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", Id, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("journey", Id, nullable=False),
        sa.Column("place_path", sa.String(500)),
    ]


def _facts() -> list[sa.Column[Any]]:
    return [
        sa.Column("case_ref", Id, nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("category", sa.String(10), nullable=False),
        sa.Column("category_name", sa.String(50), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("has_reporter", sa.Boolean, nullable=False),
        sa.Column("place_ref", Id, nullable=False),
        sa.Column("place_name", sa.String(100), nullable=False),
        sa.Column("community_ref", Id, nullable=False),
        sa.Column("grid_ref", Id, nullable=False),
        sa.Column("grid_code", sa.String(30), nullable=False),
        sa.Column("organisation_ref", Id),
        sa.Column("lead_party_ref", Id),
        sa.Column("lead_party_name", sa.String(100), nullable=False),
        sa.Column("dispatches", sa.Integer, nullable=False),
        sa.Column("objections", sa.Integer, nullable=False),
        sa.Column("objections_upheld", sa.Integer, nullable=False),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("answer_due_at", Instant, nullable=False),
        sa.Column("contacted_at", Instant),
        sa.Column("answered_at", Instant),
        sa.Column("handled_at", Instant),
        sa.Column("ended_at", Instant, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reopened_at", Instant),
        sa.Column("resolution", sa.String(20)),
        sa.Column("grade", sa.Integer),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("exclusion", Json),
    ]
