"""The kernel's tables, in every service's own database. Their migrations are in `migrations/` beside this file."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from shared.persistence.types import Id, Instant, Json, SealedBytes

kernel = MetaData()

_serial = BigInteger().with_variant(Integer, "sqlite")

outbox_messages = Table(
    "outbox_messages",
    kernel,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("event_id", Id, nullable=False),
    Column("type", String(120), nullable=False),
    Column("partition_key", Id, nullable=False),
    Column("correlation_id", Id, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("feed_body", LargeBinary),
    Column("recorded_at", Instant, nullable=False),
    Column("published_at", Instant),
    # one fact may be told in two versions of its contract
    UniqueConstraint("event_id", "type", name="uq_outbox_event"),
)
Index(
    "ix_outbox_unpublished",
    outbox_messages.c.id,
    postgresql_where=outbox_messages.c.published_at.is_(None),
    sqlite_where=outbox_messages.c.published_at.is_(None),
)

inbox_messages = Table(
    "inbox_messages",
    kernel,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("source", String(120), nullable=False),
    Column("event_id", Id, nullable=False),
    Column("type", String(120), nullable=False),
    Column("partition_key", Id, nullable=False),
    Column("correlation_id", Id, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("state", String(10), nullable=False),
    Column("blocks_key", Integer, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("waits", Integer, nullable=False, default=0),
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("due", Float, nullable=False, default=0.0),
    Column("reason", Text),
    Column("received_at", Instant, nullable=False),
    Column("handled_at", Instant),
    UniqueConstraint("source", "event_id", "type", name="uq_inbox_source_event"),
)
_unfinished = inbox_messages.c.state.in_(("pending", "dead"))
Index(
    "ix_inbox_unfinished",
    inbox_messages.c.state,
    inbox_messages.c.id,
    postgresql_where=_unfinished,
    sqlite_where=_unfinished,
)
Index(
    "ix_inbox_unfinished_key",
    inbox_messages.c.partition_key,
    inbox_messages.c.id,
    postgresql_where=_unfinished,
    sqlite_where=_unfinished,
)

leases = Table(
    "leases",
    kernel,
    Column("name", String(30), primary_key=True),
    Column("holder", Id, nullable=False),
    Column("until", Float, nullable=False),
)

scheduled_commands = Table(
    "scheduled_commands",
    kernel,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("due_at", Instant, nullable=False),
    Column("command", String(80), nullable=False),
    Column("arguments", Json, nullable=False),
    Column("correlation_id", Id),
    Column("revision", Id, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("due", Float, nullable=False, default=0.0),
    Column("reason", Text),
    Column("handled_at", Instant),  # when it was discarded; what was carried out is gone
)
_pending = scheduled_commands.c.state == "pending"
Index("ix_scheduled_pending", scheduled_commands.c.due_at, postgresql_where=_pending, sqlite_where=_pending)

# the answers that were given, so that the same request sent twice has one effect
ANSWERS_KEPT_HOURS = 72  # a weekend's outage of a caller
idempotency_keys = Table(
    "idempotency_keys",
    kernel,
    Column("id", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Json, nullable=False),
    Column("body", SealedBytes("idempotency_keys.body"), nullable=False),
    Column("kept_at", Float, nullable=False, index=True),
)

# what is to be sent again, and how far that is: at whose wish, and why
replays = Table(
    "replays",
    kernel,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("kind", String(10), nullable=False),
    Column("to_service", String(60)),
    Column("since", Instant),
    Column("until", Instant),
    Column("type", String(120)),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(120), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("position", String(200), nullable=False),
    Column("sent", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("failure", Text),
    Column("finished_at", Instant),
)

copies = Table(
    "copies",
    kernel,
    Column("aggregate", String(60), primary_key=True),
    Column("ref", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("facts", Json, nullable=False),
)

# ---- attachments (附件): what is known of each, and what it is attached to. The bytes lie beside the database.

attachments = Table(
    "attachments",
    kernel,
    Column("ref", Id, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("kept_by", String(120), nullable=False),
    Column("kept_at", Instant, nullable=False),
)
attachment_uses = Table(
    "attachment_uses",
    kernel,
    Column("ref", Id, ForeignKey("attachments.ref"), primary_key=True),
    Column("kind", String(30), primary_key=True),
    Column("about_ref", Id, primary_key=True),
)

# ---- the audit trail (审计记录); triggers refuse every change but those named here, docs/decisions/0016

audit_entries = Table(
    "audit_entries",
    kernel,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(120), nullable=False, index=True),
    Column("role", String(60), nullable=False),
    Column("scope", String(120), nullable=False),
    Column("address", String(60), nullable=False),
    Column("operation", String(200), nullable=False),
    Column("object", String(120)),
    Column("subject", Id),
    Column("status", Integer, nullable=False),
    Column("code", String(80)),
    Column("purpose", String(200)),
    Column("journey", Id),
    # set once, by the sealing; removed with the rows of its seal only, once that has expired
    Column("seal", Integer, index=True),
)
_about_somebody = audit_entries.c.subject.is_not(None)
Index(
    "ix_audit_entries_subject",
    audit_entries.c.subject,
    postgresql_where=_about_somebody,
    sqlite_where=_about_somebody,
)
_unsealed = audit_entries.c.seal.is_(None)
Index("ix_audit_unsealed", audit_entries.c.id, postgresql_where=_unsealed, sqlite_where=_unsealed)

# `entries`: a line `<id> <fingerprint>` for each row that it seals; emptied when it expires, the seal itself stays
audit_seals = Table(
    "audit_seals",
    kernel,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed_at", Instant, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("count", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("entries", Text),
    Column("expired_at", Instant),
)

# the seals of the other services: two of one number contradict each other, and both are kept
kept_seals = Table(
    "kept_seals",
    kernel,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("service", String(60), nullable=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("sealed_at", Instant, nullable=False),
    Column("kept_at", Instant, nullable=False),
    UniqueConstraint("service", "number", "hash", name="uq_kept_seals"),
)
