"""Runs relay, receiver and lane in the one process of a service that holds its lease."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shared.messaging import inbox
from shared.messaging.lane import Lane
from shared.messaging.lease import Lease, LeaseLost
from shared.messaging.relay import Relay
from shared.messaging.signal import LONGEST_POLL_SECONDS, POLL_SECONDS, Signal
from shared.messaging.transport import Incoming, Transport, TransportAway
from shared.persistence.database import is_away

if TYPE_CHECKING:
    from shared.application import Application

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0
STOP_SECONDS = 15


class Holder:
    """The background work of one service. Threads are green where the process is."""

    def __init__(self, application: Application, transport: Transport, lease: Lease | None = None) -> None:
        self._application = application
        self._transport = transport
        self.lease = lease or Lease(application.database)
        self._relay = Relay(application.database, self.lease, transport)
        self._lane = Lane(application, self.lease)
        self._stopping = threading.Event()
        self._keeper: threading.Thread | None = None

    def start(self) -> None:
        """Begin to try for the lease; everything else follows."""
        self._keeper = threading.Thread(
            target=self._keep, name=f"{self._application.name}-holder", daemon=True
        )
        self._keeper.start()

    def stop(self) -> None:
        """Finish the batch at hand, then let the next holder take over at once."""
        self._stopping.set()
        self._wake()
        if self._keeper is not None:
            self._keeper.join(timeout=STOP_SECONDS)
            if self._keeper.is_alive():
                log.warning("%s: the batch at hand did not end in %d s", self._application.name, STOP_SECONDS)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            try:
                held = self.lease.acquire()
            except Exception as error:  # the database is away: the work must outlive that
                self._report("lease", error)
                self._stopping.wait(_PAUSE_SECONDS)
                continue
            if held:
                log.info("%s: holds the lease", self._application.name)
                self._hold()
            else:
                self._stopping.wait(self.lease.seconds / 4)

    def _hold(self) -> None:
        """Until the lease is lost or we are stopped."""
        workers = [
            threading.Thread(
                target=work, name=f"{self._application.name}-{work.__name__.strip('_')}", daemon=True
            )
            for work in (self._relaying, self._receiving, self._handling)
        ]
        for worker in workers:
            worker.start()
        while self._wanted():
            self._stopping.wait(self.lease.seconds / 4)
            try:
                with self._application.database.writing() as session:
                    self.lease.guard(session)
            except LeaseLost:
                log.warning("%s: another process holds the lease", self._application.name)
            except Exception as error:
                self._report("lease", error)
        self._wake()
        for worker in workers:
            worker.join()
        self._transport.close()
        if self._stopping.is_set():
            self._release()

    def _release(self) -> None:
        try:
            self.lease.release()
        except Exception as error:
            self._report("lease", error)

    def _wanted(self) -> bool:
        return self.lease.held and not self._stopping.is_set()

    def _wake(self) -> None:
        self._application.committed.set()
        self._application.received.set()

    def _relaying(self) -> None:
        self._repeat("relay", self._relay.run_once, self._application.committed)

    def _handling(self) -> None:
        self._repeat("lane", self._handle_once, self._application.received)

    def _handle_once(self) -> int:
        done = self._lane.run_once()
        return done + sum(work(self._application, self.lease) for work in self._application.background)

    def _receiving(self) -> None:
        while self._wanted():
            try:
                self._transport.receive(self._keep_messages, self._wanted)
                self._stopping.wait(self.lease.seconds / 4)
            except LeaseLost:
                return
            except BaseException as error:  # SystemExit of a plugin too: a dead thread would go unnoticed
                self._report("receiver", error)
                self._stopping.wait(_PAUSE_SECONDS)

    def _keep_messages(self, messages: Sequence[Incoming]) -> None:
        inbox.keep(self._application.database, messages, self.lease.guard)
        self._application.received.set()

    def _repeat(self, what: str, step: Callable[[], int], signal: Signal) -> None:
        pause = POLL_SECONDS
        while self._wanted():
            try:
                if step():
                    pause = POLL_SECONDS
                else:
                    signal.wait(pause)
                    pause = min(pause * 2, LONGEST_POLL_SECONDS)
            except LeaseLost:
                return
            except BaseException as error:  # the loop must outlive whatever happens in it, SystemExit too
                self._report(what, error)
                self._stopping.wait(_PAUSE_SECONDS)

    def _report(self, what: str, error: BaseException) -> None:
        name = self._application.name
        if isinstance(error, TransportAway) or is_away(error):
            log.warning("%s: %s pauses: %s", name, what, error)
        else:
            log.exception("%s: %s failed", name, what)
