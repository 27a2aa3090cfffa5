"""What a service counts while it runs (指标), for Prometheus. docs/operating/metrics.md explains each.

Every application has a registry of its own, since several services may share a process. Labels are names out of the
code (event types, commands, paths as declared), never ids or what somebody sends.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

# when a series began is of no use to anybody here, and would double their number
disable_created_metrics()  # type: ignore[no-untyped-call]

OTHER = "other"  # the label of what is not known here
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one service in one process; `heard` are the event types that it subscribes to."""

    def __init__(self, heard: Collection[str] = ()) -> None:
        self._heard = frozenset(heard)
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)

        self.published = self._counter("events_published", "Events that the bus has confirmed.", "type")
        self.publish_seconds = self._histogram(
            "publish_batch_seconds",
            "Time from sending a batch of events to its last confirm, or its failure.",
        )
        self.publish_failures = self._counter(
            "publish_batch_failures", "Batches that were not confirmed and are sent again."
        )
        self.feed_refused = self._counter(
            "feed_refused",
            "Events that an outside queue on the feed did not take: it is full, or broken.",
        )

        self.unrouted = self._counter(
            "events_unrouted", "Events for which no service has a queue; nobody need be subscribed.", "type"
        )

        self.received = self._counter("events_received", "Events that arrived, repetitions included.", "type")
        self.repeated = self._counter("events_repeated", "Events that arrived and were known already.")
        self.left_out = self._counter(
            "events_left_out", "Events that were replayed to this service, which does not listen to them."
        )
        self.handled = self._counter("events_handled", "Events whose effects were committed.", "type")
        self.handler_seconds = self._histogram(
            "event_handler_seconds", "Time of handling an event, without the commit.", "type"
        )
        self.retried = self._counter("event_retries", "Tries that failed and will be repeated.", "type")
        self.not_yet = self._counter(
            "event_waits", "Tries that found that what the event builds on is not here yet.", "type"
        )
        self.dead = self._counter("events_dead", "Events that were given up.", "type")

        self.lease_held = self._gauge("lease_held", "1 where this process does the background work, else 0.")
        self.lease_taken = self._counter("lease_taken", "Times that this process took the lease.")
        self.lease_lost = self._counter("lease_lost", "Times that another process took it from this one.")

        self.commands = self._counter(
            "scheduled_commands_carried_out", "Scheduled commands that were carried out.", "command"
        )
        self.command_retries = self._counter(
            "scheduled_command_retries", "Scheduled commands that failed and will be repeated.", "command"
        )
        self.commands_dead = self._counter(
            "scheduled_commands_dead", "Scheduled commands that were given up.", "command"
        )
        self.deeds_retried = self._counter(
            "deeds_retried", "Deeds that were done anew because another transaction was in the way."
        )
        self.replayed = self._counter(
            "idempotent_replays", "Requests answered with the kept answer of the first one."
        )
        self.removed = self._counter(
            "retention_removed", "Rows removed because they were old enough.", "table"
        )

        self.requests = self._counter("http_requests", "Requests that were answered.", "operation", "status")
        self.rate_limited = self._counter(
            "http_rate_limited", "Requests refused because somebody asks too often.", "by"
        )
        self.request_seconds = self._histogram(
            "http_request_seconds", "Time from a request to its answer.", "operation"
        )

        # series that begin at 0 let `increase()` see the first one; and they need not be looked up for each event
        self._handlers = {kind: self.handler_seconds.labels(kind) for kind in (*self._heard, OTHER)}
        for kind in self._heard:
            self.dead.labels(kind)

    def known(self, event_type: str) -> str:
        """The label of an event type that came from outside: unbounded names must not become series."""
        return event_type if event_type in self._heard else OTHER

    def keep_published(self, types: Iterable[str]) -> None:
        """A batch was confirmed."""
        for event_type, number in Tally(types).items():
            self.published.labels(event_type).inc(number)

    def keep_sent(self, refused_by_feed: int, unrouted: Iterable[str]) -> None:
        """A batch is safe; of some of it nobody will hear."""
        self.feed_refused.inc(refused_by_feed)
        for event_type, number in Tally(unrouted).items():
            self.unrouted.labels(event_type).inc(number)

    def keep_received(self, types: Collection[str], new: int) -> None:
        """Messages came, of which `new` were not known."""
        for event_type, number in Tally(map(self.known, types)).items():
            self.received.labels(event_type).inc(number)
        if new < len(types):
            self.repeated.inc(len(types) - new)

    def keep_handled(self, types: Iterable[str]) -> None:
        """Events were handled and committed."""
        for event_type, number in Tally(map(self.known, types)).items():
            self.handled.labels(event_type).inc(number)

    def keep_handling(self, event_type: str, seconds: float) -> None:
        """A handler has done its work; nothing is committed yet."""
        self._handlers.get(event_type, self._handlers[OTHER]).observe(seconds)

    def keep_answered(self, operation: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self.requests.labels(operation, str(status)).inc()
        self.request_seconds.labels(operation).observe(seconds)

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """A batch is on its way."""
        begun = perf_counter()
        try:
            yield
        except BaseException:
            self.publish_failures.inc()
            raise
        finally:
            self.publish_seconds.observe(perf_counter() - begun)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"jiushu_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"jiushu_{name}", text, registry=self.registry)

    def _histogram(self, name: str, text: str, *labels: str) -> Histogram:
        return Histogram(f"jiushu_{name}", text, labels, registry=self.registry, buckets=_SECONDS)
