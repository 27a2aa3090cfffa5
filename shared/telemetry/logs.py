"""Structured logs: one JSON object a line, with the correlation id of the journey at hand, and its trace."""

from __future__ import annotations

import contextvars
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pythonjsonlogger.json import JsonFormatter

correlation_id: contextvars.ContextVar[str | None] = contextvars.ContextVar("correlation_id", default=None)

# how to find the trace at hand; set by who makes spans
find_trace: list[Callable[[], str | None]] = []


def configure(level: str, form: str) -> None:
    """Send all logs to standard error, as `json` or as `text`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_add_journey)
    if form == "json":
        names = {"asctime": "at", "levelname": "level", "name": "logger"}
        fields = "%(asctime)s %(levelname)s %(name)s %(message)s %(correlation_id)s"
        handler.setFormatter(JsonFormatter(fields, rename_fields=names, json_ensure_ascii=False))
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("amqp", "kombu", "alembic", "nameko", "eventlet", "urllib3"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))


@contextmanager
def journey_in_logs(journey: str | None) -> Iterator[None]:
    """Whatever is logged inside belongs to this journey; None leaves it as it was."""
    token = correlation_id.set(journey or correlation_id.get())
    try:
        yield
    finally:
        correlation_id.reset(token)


def _add_journey(record: logging.LogRecord) -> bool:
    record.correlation_id = correlation_id.get()
    for find in find_trace:
        if (trace_id := find()) is not None:
            record.trace_id = trace_id
    return True
