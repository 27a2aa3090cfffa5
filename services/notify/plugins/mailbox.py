"""站内信 The mailbox: the resident reads the message in notify's own list."""

from __future__ import annotations

from services.notify.use_cases.delivery import OutgoingMessage, Receipt


class Mailbox:
    """Delivered as soon as it is kept."""

    api = 1

    def deliver(self, message: OutgoingMessage) -> Receipt:
        """The message is in the list already; its ref is the receipt."""
        return Receipt(message.message_ref)
