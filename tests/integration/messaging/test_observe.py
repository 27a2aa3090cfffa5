"""One journey seen from outside: real services send their spans by OTLP, and those form one tree."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from prometheus_client.parser import text_string_to_metric_families

from shared.access.tokens import Tokens
from shared.demo.processes import ServiceProcess

PATIENCE_SECONDS = 30
SECRET = "墙皮脱落，请联系王女士"
CALLER_TRACE, CALLER_SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Collector:
    """Takes OTLP over HTTP and keeps the spans, each with the service that sent it."""

    def __init__(self):
        self.spans = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.keep(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def keep(self, request):
        for group in request.resource_spans:
            service = next(a.value.string_value for a in group.resource.attributes if a.key == "service.name")
            self.spans += [(service, span) for scope in group.scope_spans for span in scope.spans]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def collector():
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture(scope="module", params=["embedded", "rabbitmq"])
def traced(request, tmp_path_factory, collector):
    """grid and notify with an exporter: in one process, or each in its own."""
    collector.spans.clear()
    directory = tmp_path_factory.mktemp("traced")
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
    groups = [["grid", "notify"]]
    if request.param == "rabbitmq":
        groups = [["grid"], ["notify"]]
        postgresql = request.getfixturevalue("postgresql")
        environment["JIUSHU_AMQP_URI"] = request.getfixturevalue("rabbitmq").new_vhost()
        for name in ("grid", "notify"):
            environment[f"JIUSHU_{name.upper()}_DATABASE_URL"] = postgresql.new_database(name)
        command = [sys.executable, "-m", "shared.cli", "migrate", "grid", "notify"]
        subprocess.run(
            command, env={**os.environ, **environment}, check=True, capture_output=True, timeout=120
        )
    processes = [ServiceProcess(group, environment, directory) for group in groups]
    for process in processes:
        process.start()
    for process in processes:
        process.wait_until_ready()
    yield Traced(processes, Tokens.from_file(directory / "token.key"), request.param)
    for process in processes:
        process.stop()


class Traced:
    """Running services, and how to speak to them."""

    def __init__(self, processes, tokens, substrate):
        self.processes, self.substrate = processes, substrate
        self._tokens = tokens

    def ask(self, method, path, body=None, role="street", **headers):
        url = next(process.url for process in self.processes if path.split("/")[1] in process.services)
        headers |= {"Authorization": f"Bearer {self._tokens.issue('staff-1', role)}"}
        return requests.request(method, url + path, json=body, headers=headers, timeout=10)


def eventually(find):
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := find()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
    return found


def attributes(span):
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


def test_a_journey_is_one_tree_across_services(traced, collector):
    answer = traced.ask(
        "POST",
        "/grid/v1/places",
        {"kind": "street", "name": SECRET, "code": "110112010"},
        traceparent=f"00-{CALLER_TRACE}-{CALLER_SPAN}-01",
    )
    assert answer.status_code == 201, answer.text
    journey = answer.headers["X-Correlation-ID"]

    def of_the_trace():
        return [(service, span) for service, span in collector.spans if span.trace_id.hex() == CALLER_TRACE]

    def linked(service, name):
        batches = [span for sender, span in collector.spans if (sender, span.name) == (service, name)]
        return {link.span_id for span in batches for link in span.links}

    eventually(lambda: any(span.name.startswith("process") for _, span in of_the_trace()))
    eventually(lambda: any(span.kind == Span.SPAN_KIND_SERVER for _, span in of_the_trace()))
    spans = {span.span_id.hex(): (service, span) for service, span in of_the_trace()}
    server = only(spans, "POST /grid/v1/places")
    create = only(spans, "create jiushu.events:grid.place.registered.v1")
    process = only(spans, "process jiushu.events:grid.place.registered.v1:notify.inbox")
    assert server.parent_span_id.hex() == CALLER_SPAN
    assert create.parent_span_id == server.span_id
    assert process.parent_span_id == create.span_id
    assert all(span.parent_span_id.hex() in {CALLER_SPAN, *spans} for _, span in spans.values())
    assert [spans[span.span_id.hex()][0] for span in (server, create, process)] == [
        "jiushu-grid",
        "jiushu-grid",
        "jiushu-notify",
    ]
    assert [span.kind for span in (server, create, process)] == [
        Span.SPAN_KIND_SERVER,
        Span.SPAN_KIND_PRODUCER,
        Span.SPAN_KIND_CONSUMER,
    ]
    assert {attributes(span)["jiushu.correlation_id"] for span in (server, create, process)} == {journey}
    assert attributes(process)["messaging.system"] == traced.substrate
    assert attributes(process)["messaging.operation.type"] == "process"

    eventually(lambda: create.span_id in linked("jiushu-grid", "send jiushu.events"))
    eventually(lambda: create.span_id in linked("jiushu-notify", "receive notify.inbox"))


def test_spans_say_nothing_of_what_people_wrote(traced, collector):
    assert traced.ask("POST", "/grid/v1/places", {"kind": SECRET, "name": SECRET}).status_code == 422
    assert traced.ask("GET", f"/grid/v1/cases/{SECRET}?after={SECRET}").status_code in (404, 422)
    eventually(lambda: [span for _, span in collector.spans if span.name == "GET /grid/v1/cases/{id}"])
    sent = b"".join(span.SerializeToString() for _, span in collector.spans)
    assert b"GET /grid/v1/cases/{id}" in sent
    assert SECRET.encode() not in sent
    assert quote(SECRET).encode() not in sent
    assert not [span.name for _, span in collector.spans if "readyz" in span.name]


def test_each_service_of_a_process_says_its_own_metrics(traced):
    traced.ask("POST", "/grid/v1/places", {"kind": "street", "name": "街道", "code": "110112011"})

    def value(service, name, **labels):
        text = traced.ask("GET", f"/{service}/v1/metrics", role="monitor").text
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return sum(sample.value for sample in samples if (sample.name, sample.labels) == (name, labels))

    placed = "grid.place.registered.v1"
    made = value("grid", "jiushu_http_requests_total", operation="POST /grid/v1/places", status="201")
    assert made >= 1
    eventually(lambda: value("notify", "jiushu_events_handled_total", type=placed) == made)
    eventually(lambda: value("grid", "jiushu_events_published_total", type=placed) == made)
    assert value("notify", "jiushu_events_received_total", type=placed) >= made
    assert value("notify", "jiushu_events_published_total", type=placed) == 0
    assert value("grid", "jiushu_lease_held") == value("notify", "jiushu_lease_held") == 1
    assert value("grid", "jiushu_publish_batch_seconds_count") >= 1


def only(spans, name):
    found = [span for _, span in spans.values() if span.name == name]
    assert len(found) == 1, (name, sorted(span.name for _, span in spans.values()))
    return found[0]
