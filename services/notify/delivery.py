"""Delivery between two transactions: no database waits for a provider. Done by the lease's holder."""

from __future__ import annotations

import logging

from services.notify import queries
from services.notify.domain.message import DELIVERY, PERMANENT, TEMPORARY
from services.notify.use_cases.delivery import (
    ClaimMessages,
    Consignment,
    PermanentFailure,
    RecordReceipt,
    TemporaryFailure,
)
from shared.application import Application
from shared.kernel.clock import epoch
from shared.kernel.command import Cause, system
from shared.messaging.lease import Lease

log = logging.getLogger(__name__)


def deliver(application: Application, lease: Lease) -> int:
    """Deliver a few messages; how many were tried. Raises LeaseLost."""
    if not application.ask(queries.something_to_deliver, epoch()):
        return 0
    consignments = _claim(application, lease)
    for consignment in consignments:
        outcome, provider_ref = _hand_over(consignment)
        receipt = RecordReceipt(consignment.message.message_ref, lease.holder, outcome, provider_ref, epoch())
        application.handle(receipt, system(application.name))
    return len(consignments)


def _claim(application: Application, lease: Lease) -> list[Consignment]:
    with application.writing() as session:
        lease.guard(session)
        command = ClaimMessages(lease.holder, epoch())
        consignments: list[Consignment]
        consignments, _ = application.carry_out(session, command, Cause(system(application.name)))
    return consignments


def _hand_over(consignment: Consignment) -> tuple[str, str]:
    """The outcome and the provider's number. A provider's own words are not kept: they may hold an address."""
    ref = consignment.message.message_ref
    if consignment.channel is None:
        log.error("the channel of message %s is not installed", ref)
        return PERMANENT, ""
    try:
        return DELIVERY, consignment.channel.deliver(consignment.message).provider_ref
    except PermanentFailure:
        log.warning("message %s cannot be delivered", ref)
        return PERMANENT, ""
    except Exception as error:  # a plugin's fault must not stop the others
        level = logging.WARNING if isinstance(error, TemporaryFailure) else logging.ERROR
        log.log(level, "message %s will be tried again: %s", ref, type(error).__name__)
        return TEMPORARY, ""
