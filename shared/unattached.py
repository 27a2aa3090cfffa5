"""Retention (留存期限，个保法 19): what was uploaded and never attached to anything goes by itself."""

from __future__ import annotations

import time
from datetime import timedelta
from weakref import WeakKeyDictionary

from shared.application import Application
from shared.messaging.lease import Lease
from shared.persistence.attachments import forget_unattached

LOOK_SECONDS = 3600.0
KEPT_UNATTACHED = timedelta(days=7)  # a phone that was offline may attach it later


class Forgetting:
    """Once an hour, in small parts until nothing is left to forget; done by the lease's holder."""

    __name__ = "forgetting"

    def __init__(self) -> None:
        self._next_look: WeakKeyDictionary[Application, float] = WeakKeyDictionary()

    def __call__(self, application: Application, lease: Lease) -> int:
        """Forget some; how many. Raises LeaseLost."""
        if time.monotonic() < self._next_look.get(application, 0.0):
            return 0
        with application.database.writing() as session:
            lease.guard(session)
            before = application.clock.now() - KEPT_UNATTACHED
            forgotten = forget_unattached(session, application.attachments, before)
        if not forgotten:
            self._next_look[application] = time.monotonic() + LOOK_SECONDS
        return forgotten
