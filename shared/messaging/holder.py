"""Runs relay, receiver and lane in the one process of a service that holds its lease."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from shared.audit.sealing import AuditRetention, Sealing
from shared.messaging import inbox
from shared.messaging.failpoints import failpoint
from shared.messaging.lane import BATCH, Lane
from shared.messaging.lease import Lease, LeaseLost
from shared.messaging.relay import Relay
from shared.messaging.replay import Replayer
from shared.messaging.retention import Retention
from shared.messaging.signal import LONGEST_POLL_SECONDS, POLL_SECONDS, Signal
from shared.messaging.transport import Incoming, Transport, TransportAway
from shared.persistence.database import is_away
from shared.persistence.sealing import reseal

if TYPE_CHECKING:
    from shared.application import Application

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0
SILENT_SECONDS = 60.0  # the same trouble again is not logged within these
LONGEST_REST_SECONDS = 0.02
STOP_SECONDS = 15
BACKGROUND_STOP_SECONDS = 5


class Holder:
    """The background work of one service. Threads are green where the process is."""

    def __init__(self, application: Application, transport: Transport, lease: Lease | None = None) -> None:
        self._application = application
        self._transport = transport
        self.lease = lease or Lease(application.database)
        self._metrics = application.metrics
        self._relay = Relay(
            application.database, self.lease, transport, application.metrics, application.tracing
        )
        self._replayer = Replayer(application, self.lease, transport)
        self._lane = Lane(application, self.lease)
        self._retention = Retention(
            application.database, self.lease, application.metrics, application.retention_days
        )
        self._sealing = Sealing(application, self.lease)
        self._audit_retention = AuditRetention(application, self.lease)
        self._sealed_under = ""
        self._background: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._keeper: threading.Thread | None = None
        self._reported: dict[tuple[str, str], float] = {}

    def start(self) -> None:
        """Begin to try for the lease; everything else follows."""
        self._keeper = threading.Thread(
            target=self._keep, name=f"{self._application.name}-holder", daemon=True
        )
        self._keeper.start()
        self._background = [
            threading.Thread(target=self._in_background, args=(step,), name=name, daemon=True)
            for name, step in self._background_steps()
        ]
        for thread in self._background:
            thread.start()

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
                self._metrics.lease_taken.inc()
                self._metrics.lease_held.set(1)
                failpoint("lease.after_acquire")
                self._hold()
                self._metrics.lease_held.set(0)
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
                self._metrics.lease_lost.inc()
            except Exception as error:
                self._report("lease", error)
        self._wake()
        for worker in workers:
            worker.join()
        if self._stopping.is_set():
            self._await_background()
        self._transport.close()
        if self._stopping.is_set():
            failpoint("lease.before_release")
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
        self._application.changed.set()

    def _relaying(self) -> None:
        self._repeat("relay", self._relay_once, self._application.committed)

    def _relay_once(self) -> int:
        return self._relay.run_once() + self._replayer.run_once()

    def _handling(self) -> None:
        self._repeat("lane", self._lane.run_once, self._application.received)

    # ---- background: what may take its time, each step in a thread of its own; a provider that hangs holds up nobody

    def _background_steps(self) -> Iterator[tuple[str, Callable[[], int]]]:
        name, lease = self._application.name, self.lease
        yield f"{name}-retention", self._retention.run_once
        yield f"{name}-data-keys", self._reseal_once
        yield f"{name}-sealing", self._sealing.run_once
        yield f"{name}-audit-retention", self._audit_retention.run_once
        for work in self._application.background:
            yield f"{name}-{getattr(work, '__name__', 'background')}", partial(work, self._application, lease)

    def _reseal_once(self) -> int:
        """Once per current key: what lies under an older one, or was written before there were keys."""
        current = self._application.database.keyring.current
        if current == self._sealed_under:
            return 0
        written = reseal(self._application.database, self._application.sealed_tables)
        self._sealed_under = current
        return written

    def _in_background(self, step: Callable[[], int]) -> None:
        """As long as the process lives, so that no step runs twice at once; at work while the lease is held."""
        what = threading.current_thread().name
        while not self._stopping.is_set():
            self._repeat(what, step, self._application.changed)
            self._stopping.wait(POLL_SECONDS)

    def _await_background(self) -> None:
        """Give what is in a provider's hands the time to come back and be noted; what hangs is left behind."""
        until = time.monotonic() + BACKGROUND_STOP_SECONDS
        for thread in self._background:
            thread.join(timeout=max(0.0, until - time.monotonic()))
            if thread.is_alive():
                log.warning("%s does not come back and is left behind", thread.name)

    def _receiving(self) -> None:
        while self._wanted():
            try:
                self._transport.receive(self._keep_messages, self._wanted)
                self._stopping.wait(self.lease.seconds / 4)
            except LeaseLost:
                return
            except BaseException as error:  # SystemExit of a plugin too: a dead thread would go unnoticed
                self._report("receiver", error)
                self._pause(error)

    def _keep_messages(self, messages: Sequence[Incoming]) -> None:
        inbox.receive(self._application, messages)

    def _repeat(self, what: str, step: Callable[[], int], signal: Signal) -> None:
        pause = POLL_SECONDS
        while self._wanted():
            try:
                begun = time.monotonic()
                if done := step():
                    pause = POLL_SECONDS
                    if done < BATCH:  # let some gather: a look costs the same for one message as for many
                        self._stopping.wait(min(time.monotonic() - begun, LONGEST_REST_SECONDS))
                else:
                    signal.wait(pause)
                    pause = min(pause * 2, LONGEST_POLL_SECONDS)
            except LeaseLost:
                return
            except BaseException as error:  # the loop must outlive whatever happens in it, SystemExit too
                self._report(what, error)
                self._pause(error)

    def _pause(self, error: BaseException) -> None:
        self._stopping.wait(error.pause_seconds if isinstance(error, TransportAway) else _PAUSE_SECONDS)

    def _report(self, what: str, error: BaseException) -> None:
        name = self._application.name
        if isinstance(error, TransportAway) or is_away(error):
            if self._is_news(what, str(error)):
                log.warning("%s: %s pauses: %s", name, what, error)
        else:
            log.exception("%s: %s failed", name, what)

    def _is_news(self, what: str, text: str) -> bool:
        now = time.monotonic()
        self._reported = {told: at for told, at in self._reported.items() if now - at < SILENT_SECONDS}
        is_news = (what, text) not in self._reported
        if is_news:
            self._reported[what, text] = now
        return is_news
