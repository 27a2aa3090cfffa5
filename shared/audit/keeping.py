"""Keeping the seals of the other services (存底), so that nobody can cut off the end of a trail alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from shared.contracts.audit import publishers, sealed
from shared.kernel.clock import SystemClock
from shared.kernel.command import Command, use_case
from shared.messaging.subscriptions import Received, Subscription, start
from shared.persistence.tables import kept_seals
from shared.persistence.unit_of_work import UnitOfWork

kept = kept_seals.c


@dataclass(frozen=True)
class KeepSeal(Command):
    """Keep what another service says that it has sealed."""

    service: str
    number: int
    hash: str
    sealed_at: datetime


@use_case
def keep_seal(command: KeepSeal, work: UnitOfWork) -> None:
    """Once; one that contradicts it is kept beside it."""
    is_same = (
        (kept.service == command.service) & (kept.number == command.number) & (kept.hash == command.hash)
    )
    if work.session.execute(select(kept.number).where(is_same)).first() is None:
        row = {**vars(command), "kept_at": SystemClock().now()}
        work.session.execute(insert(kept_seals).values(row))


def seals_of_others(service: str) -> list[Subscription]:
    """What a service hears besides its own subscriptions; nothing where it is not one of those that are known here."""
    known = publishers()
    return [
        start(sealed(other), _on_sealed(other)) for other in known if other != service and service in known
    ]


def _on_sealed(other: str) -> Callable[[Received], KeepSeal]:
    def on_audit_sealed(event: Received) -> KeepSeal:
        return KeepSeal(other, event.data["number"], event.data["hash"], event.data["sealed_at"])

    return on_audit_sealed
