"""Spans by OpenTelemetry's conventions for HTTP and messaging, sent by OTLP (HTTP, protobuf) or to standard output.

    POST /grid/v1/cases (SERVER) ─ create (PRODUCER) ─ process (CONSUMER, in another service) ─ create ─ process …

form one tree. Sending and receiving move many events at once: those spans stand alone, with links to each `create`.
Attributes hold names, ids of messages and journeys, and counts: no path with its values, no body, no error's text.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.trace import Link, Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.checks.patience import NoAnswer, within
from shared.contracts.envelope import Envelope
from shared.contracts.registry import ContractBroken
from shared.kernel.errors import NotYet, UnknownReference
from shared.kernel.ids import new_id
from shared.settings import SettingsWrong
from shared.telemetry import logs
from shared.telemetry.tracing import UNTRACED, Answered, FindTrace, Tracing

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers

    from shared.messaging.transport import Incoming, Outgoing

log = logging.getLogger(__name__)

EXCHANGE = "jiushu.events"
# a batch links to each of its events; the SDK's own limit is smaller than a batch
MOST_LINKS = 512
FLUSH_SECONDS = 3
_ASKED_BY_MACHINES = ("/healthz", "/readyz", "/metrics")
_PROTOCOL = "http/protobuf"
_W3C = TraceContextTextMapPropagator()


class Spans(Tracing):
    """The spans of one service."""

    def __init__(self, service: str, system: str, processor: SpanProcessor) -> None:
        self._service = service
        resource = Resource.create({"service.name": f"jiushu-{service}", "service.instance.id": _instance()})
        limits = SpanLimits(max_links=MOST_LINKS)
        provider = TracerProvider(resource=resource, span_limits=limits, shutdown_on_exit=False)
        provider.add_span_processor(processor)
        self._tracer = provider.get_tracer("jiushu")
        self._about = {"messaging.system": system}
        if trace_id not in logs.find_trace:
            logs.find_trace.append(trace_id)

    @classmethod
    def to_exporter(cls, service: str, system: str) -> Spans:
        """To the exporter that the environment names. Raises SettingsWrong."""
        return cls(service, system, _processor())

    def request(self, path: str, headers: Headers) -> AbstractContextManager[Answered]:
        """SERVER, below the caller's span if it sent one."""
        if path.endswith(_ASKED_BY_MACHINES):
            return UNTRACED.request(path, headers)
        return self._request(_context(headers.get("traceparent"), headers.get("tracestate")))

    @contextmanager
    def _request(self, context: Context | None) -> Iterator[Answered]:
        with self._span("HTTP", SpanKind.SERVER, {}, context) as span:

            def answered(operation: str, status: int, journey: str | None) -> None:
                method, _, route = operation.partition(" ")
                span.set_attribute("http.response.status_code", status)
                if route:
                    span.update_name(operation)
                    span.set_attributes({"http.request.method": method, "http.route": route})
                if journey:
                    span.set_attribute("jiushu.correlation_id", journey)
                if status >= 500:
                    span.set_attribute("error.type", str(status))
                    span.set_status(StatusCode.ERROR)

            yield answered

    def create(self, event_type: str, id: str, source: str, journey: str, cause: str | None) -> str | None:
        """PRODUCER, below whatever is going on; its context travels with the event."""
        destination = f"{EXCHANGE}:{event_type}"
        about = self._message("create", "create", destination, event_type, id, source, journey)
        parent = None if trace.get_current_span().get_span_context().is_valid else _context(cause)
        span = self._tracer.start_span(f"create {destination}", parent, SpanKind.PRODUCER, about)
        span.end()
        return _traceparent(span)

    def send(self, messages: Sequence[Outgoing]) -> AbstractContextManager[Any]:
        """CLIENT, linked to the creation of each event."""
        return self._batch("send", "send", EXCHANGE, [message.body for message in messages])

    def receive(self, messages: Sequence[Incoming]) -> AbstractContextManager[Any]:
        """CLIENT, linked to the creation of each event."""
        return self._batch("receive", "receive", self._queue, [message.body for message in messages])

    def process(self, envelope: Envelope) -> AbstractContextManager[Any]:
        """CONSUMER, below the creation of the event."""
        destination = f"{EXCHANGE}:{envelope.type}:{self._queue}"
        about = self._message(
            "process",
            "process",
            destination,
            envelope.type,
            envelope.id,
            envelope.source,
            envelope.correlation_id,
        )
        context = _context(envelope.traceparent)
        return self._span(f"process {destination}", SpanKind.CONSUMER, about, context)

    def due(self, command: str, journey: str | None, cause: FindTrace) -> AbstractContextManager[Any]:
        """INTERNAL, a trace of its own, linked to what scheduled the command."""
        about = {"jiushu.command": command, "jiushu.correlation_id": journey or ""}
        return self._span(f"due {command}", SpanKind.INTERNAL, about, links=_links([cause()]))

    @property
    def _queue(self) -> str:
        return f"{self._service}.inbox"

    def _batch(
        self, name: str, kind: str, destination: str, bodies: Sequence[bytes]
    ) -> AbstractContextManager[Any]:
        about = {
            **self._about,
            "messaging.operation.name": name,
            "messaging.operation.type": kind,
            "messaging.destination.name": destination,
            "messaging.batch.message_count": len(bodies),
        }
        links = _links(map(_trace_of, bodies))
        return self._span(f"{name} {destination}", SpanKind.CLIENT, about, links=links)

    def _message(
        self, name: str, kind: str, destination: str, event_type: str, id: str, source: str, journey: str
    ) -> dict[str, Any]:
        return {
            **self._about,
            "messaging.operation.name": name,
            "messaging.operation.type": kind,
            "messaging.destination.name": destination,
            "messaging.rabbitmq.destination.routing_key": event_type,
            "messaging.message.id": id,
            "messaging.message.conversation_id": journey,
            "cloudevents.event_id": id,
            "cloudevents.event_source": source,
            "cloudevents.event_type": event_type,
            "jiushu.correlation_id": journey,
        }

    @contextmanager
    def _span(
        self,
        name: str,
        kind: SpanKind,
        about: Mapping[str, Any],
        context: Context | None = None,
        links: Sequence[Link] = (),
    ) -> Iterator[Span]:
        # An error's text may hold what people wrote, and SQL its values: only its kind is told.
        with self._tracer.start_as_current_span(
            name, context, kind, about, links, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                if not isinstance(error, NotYet | UnknownReference):
                    span.set_status(StatusCode.ERROR)
                raise


def trace_id() -> str | None:
    """The trace at hand, for the logs."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def end() -> None:
    """Send what is left, for a few seconds at most; nothing is recorded any more."""
    if _processor.cache_info().currsize:
        processor = _processor()
        _processor.cache_clear()
        try:
            within(FLUSH_SECONDS, lambda: processor.shutdown())  # type: ignore[no-untyped-call]
        except NoAnswer:
            log.warning("the last spans could not be sent in %d s", FLUSH_SECONDS)


@cache
def _processor() -> BatchSpanProcessor:
    """The one way out of this process, for all its services."""
    return BatchSpanProcessor(_exporter(os.environ))


@cache
def _instance() -> str:
    return new_id()


def _exporter(environment: Mapping[str, str]) -> SpanExporter:
    name = environment.get("OTEL_TRACES_EXPORTER") or "otlp"
    if name not in _EXPORTERS:
        raise SettingsWrong(f"OTEL_TRACES_EXPORTER: '{name}'; must be one of: {', '.join(_EXPORTERS)}, none")
    for variable in ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"):
        if name == "otlp" and environment.get(variable, _PROTOCOL) != _PROTOCOL:
            raise SettingsWrong(f"{variable}: '{environment[variable]}'; must be {_PROTOCOL}, or not set")
    return _EXPORTERS[name]()


def _otlp() -> SpanExporter:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


_EXPORTERS: dict[str, Callable[[], SpanExporter]] = {"otlp": _otlp, "console": ConsoleSpanExporter}


def _context(traceparent: str | None, tracestate: str | None = None) -> Context | None:
    """The context of a remote span; an empty one, which begins a new trace, where there is none."""
    carrier = {"traceparent": traceparent or "", "tracestate": tracestate or ""}
    return _W3C.extract(carrier, Context())


def _traceparent(span: Span) -> str | None:
    carrier: dict[str, str] = {}
    _W3C.inject(carrier, trace.set_span_in_context(span, Context()))
    return carrier.get("traceparent")


def _trace_of(body: bytes) -> str | None:
    try:
        return Envelope.from_bytes(body).traceparent
    except ContractBroken:
        return None


def _links(traceparents: Iterable[str | None]) -> list[Link]:
    spans = (trace.get_current_span(_context(given)) for given in traceparents if given)
    return [Link(span.get_span_context()) for span in spans if span.get_span_context().is_valid]
