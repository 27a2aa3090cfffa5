"""The audit trail as an auditor reads it (审计): entries, the seals over them, and those kept of other services."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.access.roles import AUDITOR
from shared.kernel.command import Actor
from shared.kernel.listing import Page
from shared.persistence.listing import PositionUnknown, rows
from shared.persistence.tables import audit_entries, audit_seals, kept_seals
from shared.web.api import Api, Call
from shared.web.fields import Instant, Paging, Ref, Text, Whole

entries, seals, kept = audit_entries.c, audit_seals.c, kept_seals.c


class EntryView(Schema):
    """Who did, asked or was refused what; about whom (`subject_ref`), and under which seal."""

    id = Whole()
    at = Instant()
    actor = Text()
    role = Text()
    scope = Text()
    address = Text()
    operation = Text()
    object = Text(allow_none=True)
    subject_ref = Ref(attribute="subject", allow_none=True)
    status = Whole()
    code = Text(allow_none=True)
    purpose = Text(allow_none=True)
    journey = Ref(allow_none=True)
    seal = Whole(allow_none=True)


class WhichEntries(Paging):
    """Which entries."""

    actor = Text(120, load_default=None, attribute="actor_id")
    subject = Ref(load_default=None)
    operation = Text(200, load_default=None)
    since = Instant(load_default=None)
    until = Instant(load_default=None)


class SealView(Schema):
    """A seal, with the hash of the one before it; `expired_at`: its entries were removed, their time was over."""

    number = Whole()
    sealed_at = Instant()
    previous = Text()
    count = Whole()
    digest = Text()
    hash = Text()
    expired_at = Instant(allow_none=True)


class WhichSeals(Paging):
    """Which part, oldest first."""

    class Meta:
        exclude = ("sort",)


class KeptSealView(Schema):
    """A seal of another service, as that said it when it was made."""

    service = Text()
    number = Whole()
    hash = Text()
    sealed_at = Instant()
    kept_at = Instant()


class WhichKeptSeals(WhichSeals):
    """Whose seals."""

    service = Text(60, load_default=None)


def add_auditing(api: Api) -> None:
    """The endpoints of every service. Who reads entries leaves one, about the person asked for."""
    only = (AUDITOR,)
    api.get(
        "/audit/entries", roles=only, query=WhichEntries, answer=EntryView, personal=True, subject="subject"
    )(_audit_entries)
    api.get("/audit/seals", roles=only, query=WhichSeals, answer=SealView)(_audit_seals)
    api.get("/audit/kept-seals", roles=only, query=WhichKeptSeals, answer=KeptSealView)(_kept_seals)


def _audit_entries(call: Call) -> Any:
    """审计记录"""
    return call.ask(entries_in_trail, **call.query)


def entries_in_trail(
    session: Session,
    actor: Actor,
    *,
    actor_id: str | None = None,
    subject: str | None = None,
    operation: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    **paging: Any,
) -> Page:
    """The entries of an actor, about a person, of an operation, from a time on and before another."""
    actor.must_act_everywhere()
    wanted = {entries.actor: actor_id, entries.subject: subject, entries.operation: operation}
    conditions = [column == value for column, value in wanted.items() if value is not None]
    if since is not None:
        conditions.append(entries.at >= since)
    if until is not None:
        conditions.append(entries.at < until)
    return rows(session, audit_entries, *conditions, **paging)


def _audit_seals(call: Call) -> Any:
    """审计封存"""
    return call.ask(seals_in_order, **call.query)


def seals_in_order(session: Session, actor: Actor, *, limit: int, after: str | None) -> Page:
    """The seals, oldest first. Raises PositionUnknown."""
    actor.must_act_everywhere()
    if after is not None and not (after.isascii() and after.isdecimal() and len(after) <= 9):
        raise PositionUnknown(field="after")
    query = select(audit_seals).where(seals.number > int(after or 0)).order_by(seals.number).limit(limit + 1)
    found = session.execute(query).all()
    return Page(found[:limit], str(found[limit - 1].number) if len(found) > limit else None)


def _kept_seals(call: Call) -> Any:
    """其他服务封存的存底"""
    return call.ask(seals_kept, **call.query)


def seals_kept(session: Session, actor: Actor, *, service: str | None, **paging: Any) -> Page:
    """The kept seals of one service, or of all."""
    actor.must_act_everywhere()
    return rows(session, kept_seals, *([kept.service == service] if service else []), **paging)
