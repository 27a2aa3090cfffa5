"""Lists and searches of many cases: indexes, words, notes; and hand-overs between shifts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.persistence import types
from shared.persistence.full_text import WordsOf, fts5

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SORTED = {
    "ix_cases_due": ["due_at", "id"],
    "ix_cases_answer_due": ["answer_due_at", "id"],
    **{
        f"ix_cases_{name}": [name, "due_at", "id"]
        for name in (
            "category",
            "source",
            "lead_party_ref",
            "organisation_ref",
            "estate_ref",
            "building_ref",
            "reporter_ref",
        )
    },
}
FEW = {
    "ix_cases_due_open": "state != 'closed'",
    "ix_cases_overdue": "state != 'closed' AND missed_at IS NOT NULL",
    "ix_cases_to_decide": "objection IS NOT NULL OR extension IS NOT NULL OR ending IS NOT NULL",
}
BATCH = 500


def upgrade() -> None:
    for name, columns in SORTED.items():
        op.create_index(name, "cases", columns)
    for name, condition in FEW.items():
        few = sa.text(condition)
        op.create_index(name, "cases", ["due_at", "id"], sqlite_where=few, postgresql_where=few)
    op.drop_index("ix_cases_in_hand", "cases")  # the list's own index of an organisation finds the same
    op.create_table(
        "case_notes",
        *_of_an_aggregate(),
        sa.Column("case_ref", types.Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(120), nullable=False),
        sa.Column("written_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index(op.f("ix_case_notes_case_ref"), "case_notes", ["case_ref"])
    op.create_table(
        "shift_handovers",
        *_of_an_aggregate(),
        sa.Column("place_ref", types.Id, nullable=False),
        sa.Column("place_name", sa.String(100), nullable=False),
        sa.Column("handed_by", sa.String(120), nullable=False),
        sa.Column("handed_at", types.Instant(), nullable=False),
        sa.Column("to_subject", types.Id, nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("tally", types.Json, nullable=False),
        sa.Column("matters", types.Json, nullable=False),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.Column("taken_at", types.Instant(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_handovers")),
    )
    op.create_index(op.f("ix_shift_handovers_place_ref"), "shift_handovers", ["place_ref"])
    op.create_index(op.f("ix_shift_handovers_to_subject"), "shift_handovers", ["to_subject"])
    _add_words()


def _add_words() -> None:
    case_words = op.create_table(
        "case_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("found_ref", types.Id, nullable=False),
        sa.Column("text_ref", types.Id, nullable=False),
        sa.Column("words", WordsOf(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_words")),
    )
    op.create_index("ix_case_words_refs", "case_words", ["found_ref", "text_ref"])
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in fts5("case_words"):
            op.execute(statement)
    names = ("id", "number", "text", "place_name", "result_text")
    cases = sa.table("cases", *(sa.column(name) for name in names))
    part, last = sa.select(cases).order_by(cases.c.id).limit(BATCH), ""
    while rows := connection.execute(part.where(cases.c.id > last)).all():
        connection.execute(case_words.insert(), [_words_of(row) for row in rows])
        last = rows[-1].id
    op.create_index(
        "ix_case_words_words",
        "case_words",
        ["words"],
        postgresql_using="gin",
        sqlite_where=sa.text("0"),
    )


def _words_of(row: Any) -> dict[str, Any]:
    texts = [row.number.replace("-", ""), row.number, row.text, row.place_name, row.result_text or ""]
    return {"found_ref": row.id, "text_ref": row.id, "words": texts}


def _of_an_aggregate() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", types.Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("journey", types.Id, nullable=False),
        sa.Column("place_path", sa.String(length=500), nullable=True),
    ]
