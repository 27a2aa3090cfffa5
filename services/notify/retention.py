"""Retention (留存期限，个保法 19): texts of messages and old records of provision go by themselves."""

from __future__ import annotations

import time
from datetime import timedelta
from weakref import WeakKeyDictionary

from services.notify.store import forget_disclosures, forget_texts
from shared.application import Application
from shared.messaging.lease import Lease

LOOK_SECONDS = 3600.0


class Forgetting:
    """Once an hour, in small parts until nothing is left to forget; done by the lease's holder."""

    __name__ = "forgetting"

    def __init__(self) -> None:
        self._next_look: WeakKeyDictionary[Application, float] = WeakKeyDictionary()

    def __call__(self, application: Application, lease: Lease) -> int:
        """Forget some; how many. Raises LeaseLost."""
        if time.monotonic() < self._next_look.get(application, 0.0):
            return 0
        now, days = application.clock.now(), application.message_days
        kept = timedelta(days=application.disclosure_days)
        with application.database.writing() as session:
            lease.guard(session)
            forgotten = forget_disclosures(session, now - kept)
            if days:
                forgotten += forget_texts(session, now - timedelta(days=days))
        if not forgotten:
            self._next_look[application] = time.monotonic() + LOOK_SECONDS
        return forgotten
