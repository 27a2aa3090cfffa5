"""The audit trail, its seals and those of other services; triggers make the three tables append-only."""

import sqlalchemy as sa
from alembic import op

from shared.persistence import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = ("audit_entries", "audit_seals", "kept_seals")
_ENTRY = (
    "id",
    "at",
    "actor",
    "role",
    "scope",
    "address",
    "operation",
    "object",
    "subject",
    "status",
    "code",
    "purpose",
    "journey",
)
_SEAL = ("number", "sealed_at", "previous", "count", "digest", "hash")


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("operation", sa.String(length=200), nullable=False),
        sa.Column("object", sa.String(length=120), nullable=True),
        sa.Column("subject", types.Id, nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=True),
        sa.Column("journey", types.Id, nullable=True),
        sa.Column("seal", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_audit_entries_actor"), "audit_entries", ["actor"], unique=False)
    op.create_index(op.f("ix_audit_entries_seal"), "audit_entries", ["seal"], unique=False)
    _partial_index("ix_audit_entries_subject", "subject", "subject IS NOT NULL")
    _partial_index("ix_audit_unsealed", "id", "seal IS NULL")
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", types.Instant(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Text(), nullable=True),
        sa.Column("expired_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "kept_seals",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("service", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", types.Instant(), nullable=False),
        sa.Column("kept_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("service", "number", "hash", name="uq_kept_seals"),
    )
    (_on_sqlite if op.get_bind().dialect.name == "sqlite" else _on_postgresql)()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_refused()")
        op.execute("DROP FUNCTION audit_sealed()")
        op.execute("DROP FUNCTION audit_removed()")


def _partial_index(name: str, column: str, where: str) -> None:
    op.create_index(
        name,
        "audit_entries",
        [column],
        unique=False,
        postgresql_where=sa.text(where),
        sqlite_where=sa.text(where),
    )


def _is_sealed_only(same: str) -> str:
    """An entry gets its seal, and nothing else changes."""
    unchanged = " AND ".join(f'NEW."{name}" {same} OLD."{name}"' for name in _ENTRY)
    return f"OLD.seal IS NULL AND NEW.seal IS NOT NULL AND {unchanged}"


def _expires_only(same: str, least: str, most: str) -> str:
    """A seal expires, in its time: its list of entries goes, what was hashed stays."""
    unchanged = " AND ".join(f'NEW."{name}" {same} OLD."{name}"' for name in _SEAL)
    in_time = f"NEW.expired_at >= {least} AND NEW.expired_at <= {most}"
    return f"OLD.expired_at IS NULL AND NEW.entries IS NULL AND coalesce({in_time}, false) AND {unchanged}"


_IS_EXPIRED = "SELECT 1 FROM audit_seals WHERE number = OLD.seal AND expired_at IS NOT NULL"
_IS_OPEN = "SELECT 1 FROM audit_seals WHERE number = NEW.seal AND expired_at IS NULL"
# half a year after it was made, and not in the future, by a clock that may differ by a day
_ON_SQLITE = ("datetime(NEW.sealed_at, '+183 days')", "datetime('now', '+1 day')")
_ON_POSTGRESQL = ("NEW.sealed_at + interval '4392 hours'", "now() + interval '24 hours'")


def _on_sqlite() -> None:
    refused = {
        ("audit_entries", "INSERT"): "NEW.seal IS NOT NULL",
        ("audit_entries", "UPDATE"): f"NOT ({_is_sealed_only('IS')} AND EXISTS ({_IS_OPEN}))",
        ("audit_entries", "DELETE"): f"NOT EXISTS ({_IS_EXPIRED})",
        ("audit_seals", "UPDATE"): f"NOT ({_expires_only('IS', *_ON_SQLITE)})",
        ("audit_seals", "DELETE"): "true",
        ("kept_seals", "UPDATE"): "true",
        ("kept_seals", "DELETE"): "true",
    }
    for (table, deed), condition in refused.items():
        op.execute(
            f"CREATE TRIGGER {table}_{deed.lower()} BEFORE {deed} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_refused() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION audit_removed() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF EXISTS ({_IS_EXPIRED}) THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    same = "IS NOT DISTINCT FROM"
    op.execute(
        "CREATE FUNCTION audit_sealed() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_is_sealed_only(same)} AND EXISTS ({_IS_OPEN}) THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    refused = {
        ("audit_entries", "INSERT"): "NEW.seal IS NOT NULL",
        ("audit_seals", "UPDATE"): f"NOT ({_expires_only(same, *_ON_POSTGRESQL)})",
        ("audit_seals", "DELETE"): "true",
        ("kept_seals", "UPDATE"): "true",
        ("kept_seals", "DELETE"): "true",
    }
    for (table, deed), condition in refused.items():
        op.execute(
            f"CREATE TRIGGER {table}_{deed.lower()} BEFORE {deed} ON {table} FOR EACH ROW "
            f"WHEN ({condition}) EXECUTE FUNCTION audit_refused()"
        )
    op.execute(
        "CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries FOR EACH ROW "
        "EXECUTE FUNCTION audit_sealed()"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_delete BEFORE DELETE ON audit_entries FOR EACH ROW "
        "EXECUTE FUNCTION audit_removed()"
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION audit_refused()"
        )
