"""What every door does the same way: languages, limits, journeys, and a database that is away."""

from __future__ import annotations

import json
import logging
import socket

import pytest
from werkzeug.test import Client

from shared.access.tokens import Tokens
from shared.application import Application
from shared.demo.processes import ServiceProcess
from shared.kernel.clock import SystemClock
from shared.persistence.database import Database
from shared.suite import service_class
from shared.telemetry.logs import configure, correlation_id, journey_in_logs
from shared.testing.harness import ServiceUnderTest
from shared.web.common import all_apis
from shared.web.wire import LARGEST_BODY
from shared.web.wsgi import Door

STREET = {"kind": "street", "name": "九棵树街道", "code": "110112010"}


@pytest.fixture
def service():
    return ServiceUnderTest(service_class("grid").definition)


def test_a_database_that_is_away_is_503_with_retry_after_and_tells_no_secret():
    database = Database("postgresql+psycopg2://someone:secret@127.0.0.1:1/nowhere")
    definition = service_class("grid").definition
    application = Application(definition, database, SystemClock(), "110112010")
    tokens = Tokens("a key that is only for this test, long enough")
    door = Client(Door(application, tokens, all_apis(definition)))
    headers = {"Authorization": f"Bearer {tokens.issue('x', 'street')}"}
    for answer in (
        door.get("/grid/v1/places", headers=headers),
        door.post("/grid/v1/places", json=STREET, headers=headers),
        door.get("/grid/v1/readyz"),
    ):
        assert answer.status_code == 503
        assert "secret" not in answer.text
    assert door.get("/grid/v1/places", headers=headers).headers["Retry-After"]
    assert door.get("/grid/v1/healthz").status_code == 200


def test_refusals_are_in_chinese_unless_english_is_preferred(service):
    def detail(**headers):
        return service.raw(
            "POST",
            "/places",
            b"{}",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        ).json["detail"]

    assert "必填" in detail()
    assert "必填" in detail(Accept_Language="fr")
    assert "required" in detail(Accept_Language="en-GB,en;q=0.9")


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[1]", 400), (b'{"a": NaN}', 422), (b'"' + b"x" * LARGEST_BODY + b'"', 413)],
    ids=["broken", "no object", "not a number", "too large"],
)
def test_a_body_that_cannot_be_read_is_refused_and_said_why(service, body, status):
    answer = service.raw("POST", "/places", body)
    assert answer.status_code == status
    assert answer.json["detail"]


def test_a_body_that_is_not_json_is_refused(service):
    answer = service.raw("POST", "/places", b"kind=street", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 415


def test_a_journey_can_be_named_by_the_caller_and_comes_back(service):
    answer = service.raw(
        "POST", "/places", json.dumps(STREET).encode(), headers={"X-Correlation-ID": "my-journey"}
    )
    assert answer.headers["X-Correlation-ID"] == "my-journey"
    (step,) = service.request("GET", "/journeys/my-journey").json["steps"]
    assert (step["kind"], step["type"]) == ("said", "grid.place.registered.v1")


def test_a_malformed_journey_is_refused(service):
    assert service.raw("GET", "/places", b"", headers={"X-Correlation-ID": "a b"}).status_code == 400


@pytest.fixture
def root_logger():
    """Left as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:], root.level = handlers, level


def test_a_line_of_the_log_is_json_and_carries_the_journey(capsys, root_logger):
    configure("INFO", "json")
    named = correlation_id.set("my-journey")
    logging.getLogger("jiushu.test").info("一件事")
    correlation_id.reset(named)
    line = json.loads(capsys.readouterr().err)
    assert (line["message"], line["correlation_id"], line["level"]) == ("一件事", "my-journey", "INFO")


def test_what_is_handled_in_a_journey_is_logged_with_it():
    with journey_in_logs("outer"):
        with journey_in_logs("inner"):
            assert correlation_id.get() == "inner"
        with journey_in_logs(None):
            assert correlation_id.get() == "outer"


@pytest.mark.parametrize("limit", ["1_0", "１０", "0x10", "1e1", "-1", "0", "201", ""])
def test_a_limit_that_is_no_number_within_bounds_is_refused(service, limit):
    answer = service.request("GET", f"/places?limit={limit}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "limit"


def test_a_body_that_ends_too_early_or_in_broken_chunks_is_refused_and_does_nothing(tmp_path):
    process = ServiceProcess(["grid"], {}, tmp_path)
    process.start()
    try:
        process.wait_until_ready()
        host, port = process.url.removeprefix("http://").split(":")
        head = b"POST /grid/v1/places HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        for rest in (
            b'Content-Length: 500\r\n\r\n{"kind": "street"}',
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
        ):
            with socket.create_connection((host, int(port)), timeout=10) as line:
                line.sendall(head + rest)
                line.shutdown(socket.SHUT_WR)
                answer = line.recv(4096)
            assert answer.startswith(b"HTTP/1.1 400"), answer
            assert b"Traceback" not in answer
    finally:
        process.stop()
