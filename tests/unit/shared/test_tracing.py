"""Spans of toy services, kept in memory; and that nothing is made where nobody looks."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from shared.contracts.envelope import Envelope
from shared.kernel.command import Cause
from shared.messaging.transport import Outgoing
from shared.settings import SettingsWrong
from shared.telemetry import logs, spans
from shared.telemetry.tracing import UNTRACED, is_configured, traceparent_of, tracing_of
from shared.testing.harness import ServiceUnderTest
from tests.integration.messaging.toy import LISTENER, MAKER, SENDER, MakeThing, ThingMade

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def exported():
    exporter = InMemorySpanExporter()
    yield exporter
    logs.find_trace.clear()


def traced(definition, exported):
    service = ServiceUnderTest(definition)
    service.application.tracing = spans.Spans(definition.name, "embedded", SimpleSpanProcessor(exported))
    return service


def named(exported, name):
    return [span for span in exported.get_finished_spans() if span.name == name]


def heard(service, name, traceparent=CALLER):
    message = service.message(ThingMade, "a", {"name": name, "count": 1})
    envelope = replace(Envelope.from_bytes(message.incoming.body), traceparent=traceparent)
    service.deliver(replace(message, incoming=replace(message.incoming, body=envelope.to_bytes())))


PROCESS = f"process jiushu.events:{ThingMade.type}:listener.inbox"


def test_an_event_carries_the_trace_of_its_creation(exported):
    sender = traced(SENDER, exported)
    sender.application.handle_in_journey(MakeThing("a", "x"), Cause(MAKER, traceparent=CALLER))
    (create,) = named(exported, f"create jiushu.events:{ThingMade.type}")
    assert create.kind is SpanKind.PRODUCER
    assert f"{create.parent.span_id:016x}" == CALLER[36:52]
    (said,) = sender.said()
    assert said.envelope.traceparent == f"00-{CALLER[3:35]}-{create.context.span_id:016x}-01"


def test_without_spans_a_callers_trace_is_passed_on_all_the_same():
    sender = ServiceUnderTest(SENDER)
    sender.application.handle_in_journey(MakeThing("a", "x"), Cause(MAKER, traceparent=CALLER))
    assert sender.said()[0].envelope.traceparent == CALLER


def test_a_batch_that_is_sent_links_to_each_creation(exported):
    sender = traced(SENDER, exported)
    for number in range(200):
        sender.handle(MakeThing("a", f"n{number}"))
    batch = [Outgoing("id", ThingMade.type, "a", said.envelope.to_bytes(), None) for said in sender.said()]
    with sender.application.tracing.send([*batch, Outgoing("id", "t", "a", b"unreadable", None)]):
        pass
    (send,) = named(exported, "send jiushu.events")
    created = named(exported, f"create jiushu.events:{ThingMade.type}")
    assert [link.context.span_id for link in send.links] == [span.context.span_id for span in created]
    assert len(send.links) == 200
    assert send.attributes["messaging.batch.message_count"] == 201


def test_an_error_is_told_by_its_kind_only(exported):
    listener = traced(LISTENER, exported)
    heard(listener, "bad")
    failed = named(exported, PROCESS)[0]
    assert failed.status.status_code is StatusCode.ERROR
    assert failed.attributes["error.type"] == "RuntimeError"
    assert "broken" not in failed.to_json()


def test_to_wait_is_no_error(exported):
    listener = traced(LISTENER, exported)
    heard(listener, "early")
    waiting = named(exported, PROCESS)[0]
    assert waiting.status.status_code is StatusCode.UNSET
    assert waiting.attributes["error.type"] == "NotYet"


def test_an_event_without_a_trace_begins_one(exported):
    listener = traced(LISTENER, exported)
    heard(listener, "x", traceparent=None)
    assert named(exported, PROCESS)[0].parent is None


def test_a_due_command_is_a_trace_of_its_own_linked_to_its_journey(exported):
    sender = traced(SENDER, exported)
    application = sender.application

    def make_and_schedule(session):
        application.carry_out(session, MakeThing("a", "x"), Cause(MAKER, "journey-1"))
        work = application.definition.store(
            session,
            application.database,
            calendar=application.calendar,
            now=sender.clock.now(),
            cause=Cause(MAKER, "journey-1"),
            identity=application.identity,
            translations={},
            plugins={},
            attachments=application.attachments,
        )
        work.schedule(sender.clock.now(), MakeThing("a", "later"), key="k")

    application.in_transaction(make_and_schedule)
    first = named(exported, f"create jiushu.events:{ThingMade.type}")[0]
    sender.run()
    (due,) = named(exported, "due MakeThing")
    assert due.parent is None
    assert [link.context.span_id for link in due.links] == [first.context.span_id]
    second = named(exported, f"create jiushu.events:{ThingMade.type}")[1]
    assert second.parent.span_id == due.context.span_id


def test_logs_carry_the_trace_where_there_is_one(exported):
    listener = traced(LISTENER, exported)
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    logs.configure("INFO", "json")
    root.handlers[0].setStream(stream)
    try:
        with listener.application.tracing.due("NoteThing", None, lambda: None):
            logging.getLogger("inside").warning("here")
        logging.getLogger("outside").warning("there")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    inside, outside = (json.loads(line) for line in stream.getvalue().splitlines())
    assert inside["trace_id"] == f"{named(exported, 'due NoteThing')[0].context.trace_id:032x}"
    assert "trace_id" not in outside


@pytest.mark.parametrize(
    "given",
    [
        "",
        "nonsense",
        CALLER.upper(),
        CALLER + "-x",
        CALLER.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32),
    ],
)
def test_a_malformed_traceparent_is_not_believed(given):
    assert traceparent_of({"traceparent": given}) is None


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, False),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "console"}, False),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
    ],
)
def test_spans_are_made_only_where_an_exporter_is_configured(environment, wanted):
    assert is_configured(environment) is wanted


@pytest.mark.parametrize(
    ("variable", "value"),
    [("OTEL_TRACES_EXPORTER", "zipkin"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")],
)
def test_an_exporter_that_is_not_supported_is_refused_by_its_variable(monkeypatch, variable, value):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsWrong, match=f"{variable}: '{value}'"):
        tracing_of("grid", "embedded")


def test_without_an_exporter_opentelemetry_is_not_even_imported(tmp_path):
    program = (
        "import sys; from shared.suite import build; "
        "from shared.telemetry.tracing import UNTRACED; "
        f"assert build(['grid'], {{'JIUSHU_VAR_DIR': {str(tmp_path)!r}}})[0].application.tracing is UNTRACED; "
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], timeout=60, check=False, env={})
    assert done.returncode == 0


def test_where_nobody_looks_all_steps_share_one_empty_context():
    assert UNTRACED.send([]) is UNTRACED.receive([]) is UNTRACED.due("x", None, lambda: None)
