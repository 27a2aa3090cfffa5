"""The spans of a service (链路追踪): where they are made is said here, how in `spans.py`.

Only with an exporter configured (`OTEL_EXPORTER_OTLP_ENDPOINT`, or `OTEL_TRACES_EXPORTER`) are any made; without one,
OpenTelemetry is not even imported.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers

    from shared.contracts.envelope import Envelope
    from shared.messaging.transport import Incoming, Outgoing

log = logging.getLogger(__name__)

Answered = Callable[[str, int, str | None], None]
FindTrace = Callable[[], str | None]

_TRACEPARENT = re.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_NOTHING: AbstractContextManager[Any] = nullcontext()
_UNHEARD: AbstractContextManager[Answered] = nullcontext(lambda _operation, _status, _journey: None)


def traceparent_of(headers: Headers) -> str | None:
    """The W3C trace context that a caller sent, if it is one."""
    given = headers.get("traceparent") or ""
    return given if _TRACEPARENT.fullmatch(given) else None


class Tracing:
    """Nobody looks: no span is made. What a caller or an event says of its trace is passed on all the same."""

    def request(self, path: str, headers: Headers) -> AbstractContextManager[Answered]:
        """A request is answered inside; what it yields is told the operation, the status and the journey."""
        return _UNHEARD

    def create(self, event_type: str, id: str, source: str, journey: str, cause: str | None) -> str | None:
        """An event is written; the traceparent that it carries. `cause` is that of what made it happen."""
        return cause

    def send(self, messages: Sequence[Outgoing]) -> AbstractContextManager[Any]:
        """A batch of events is sent inside."""
        return _NOTHING

    def receive(self, messages: Sequence[Incoming]) -> AbstractContextManager[Any]:
        """A batch of messages is kept inside."""
        return _NOTHING

    def process(self, envelope: Envelope) -> AbstractContextManager[Any]:
        """An event is handled inside."""
        return _NOTHING

    def due(self, command: str, journey: str | None, cause: FindTrace) -> AbstractContextManager[Any]:
        """A command that was scheduled is carried out inside; `cause` finds the trace that it comes from."""
        return _NOTHING


UNTRACED = Tracing()


def tracing_of(service: str, system: str, environment: Mapping[str, str] | None = None) -> Tracing:
    """The spans of a service whose events travel by `system`. Raises SettingsWrong naming the variable."""
    if not is_configured(os.environ if environment is None else environment):
        return UNTRACED
    try:
        from shared.telemetry.spans import Spans
    except ModuleNotFoundError as missing:
        log.warning("no traces: %s is not installed; pip install 'jiushu-shared[tracing]'", missing.name)
        return UNTRACED
    traced: Tracing = Spans.to_exporter(service, system)
    return traced


def end_tracing() -> None:
    """Send the spans that are left; for a few seconds at most."""
    spans = sys.modules.get("shared.telemetry.spans")
    if spans is not None:
        spans.end()


def is_configured(environment: Mapping[str, str]) -> bool:
    """Whether somebody wants traces, by OpenTelemetry's own variables."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    exporter = environment.get("OTEL_TRACES_EXPORTER")
    if exporter:
        return exporter != "none"
    names = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return any(environment.get(name) for name in names)
