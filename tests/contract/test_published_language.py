"""What holds for every event, every subscription and every endpoint, whoever adds one."""

from __future__ import annotations

import re

import pytest

from shared.contracts.fields import INTERNAL, schema_inside
from shared.contracts.registry import load_contracts
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest
from shared.web.common import common_api
from tests.contract.ours import NAMES

CONTRACTS = load_contracts()
OURS = {name: event for name, event in CONTRACTS.items() if event.owner() in NAMES}


@pytest.mark.parametrize("event", OURS.values(), ids=OURS)
def test_every_event_has_its_chinese_title_and_says_when_it_is_sent_and_when_not(event):
    assert re.match(r"[\u4e00-\u9fff]", event.title)
    assert event.summary
    for occasion in (event.sent_when, event.not_sent_when):
        assert re.match(r"[\u4e00-\u9fff]\S* \S", occasion), "first Chinese, then English"


def test_no_two_events_have_the_same_title():
    titles = [event.title for event in OURS.values()]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize("event", OURS.values(), ids=OURS)
def test_no_event_shows_outsiders_a_ref_of_a_resident(event):
    assert personal_fields(event()) == []


def personal_fields(schema):
    """Fields that name a person and are not internal."""
    if not getattr(schema, "on_feed", True):
        return []
    found = []
    for name, field in schema.fields.items():
        if re.search(
            r"resident_ref|reporter|person|phone|room|voter|name_of", name
        ) and not field.metadata.get(INTERNAL):
            found.append(name)
        inside = schema_inside(field)
        if inside is not None:
            found += personal_fields(inside)
    return found


ENDPOINTS = [
    (name, endpoint)
    for name in NAMES
    for endpoint in (*service_class(name).definition.api.endpoints, *common_api(name).endpoints)
]
IDS = [f"{name} {endpoint.method} {endpoint.path}" for name, endpoint in ENDPOINTS]
SPOILT = [
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b'{"a": "\\u0000"}',
    b'{"a": "\\ud800"}',
    b"[" * 5000,
    b'{"' + b"x" * 300_000 + b'": 1}',
]


@pytest.fixture(scope="module")
def services():
    return {name: ServiceUnderTest(service_class(name).definition) for name in NAMES}


def is_readiness(endpoint):
    """It says 503 where a service is not ready, as these, whose tables were not made by migrations."""
    return endpoint.path == "/readyz"


@pytest.mark.parametrize(("name", "endpoint"), ENDPOINTS, ids=IDS)
def test_whatever_is_sent_there_is_no_server_error_and_nothing_is_written(services, name, endpoint):
    service = services[name]
    before = service.snapshot()
    role = endpoint.roles[0] if endpoint.roles else "street"
    for part in ("x", "0", "%00", "-1", "../..", "9" * 30, "名"):
        path = re.sub(r"{\w+}", part, endpoint.path)
        for body in [*SPOILT, b"{}"] if endpoint.body else [b""]:
            answer = service.raw(endpoint.method, path, body, role=role)
            assert answer.status_code < 500 or is_readiness(endpoint), (part, body[:20], answer.text)
            if answer.status_code >= 400 and not is_readiness(endpoint):
                assert answer.content_type == "application/problem+json"
                assert answer.json["title"]
    for query in ("?limit=0", "?limit=x", "?after=%00", "?nix=1", "?limit=5&limit=6"):
        answer = service.raw(
            endpoint.method, endpoint.path.replace("{", "").replace("}", "") + query, b"", role=role
        )
        assert answer.status_code < 500 or is_readiness(endpoint), (query, answer.text)
    assert service.snapshot() == before
