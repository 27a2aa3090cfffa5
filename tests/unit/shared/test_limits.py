"""How often somebody may ask: who is one caller, when one may go on, and that each refusal is in the documents."""

from __future__ import annotations

from types import SimpleNamespace

import limits.storage.memory
import limits.strategies
import pytest
from werkzeug.test import Client

from shared.access.tokens import Tokens
from shared.kernel.command import Actor
from shared.settings import Settings
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest
from shared.web import limits as our_limits
from shared.web.addresses import UNKNOWN
from shared.web.api import Api
from shared.web.common import all_apis
from shared.web.limits import ADDRESS, IDENTITY, RateLimits, TooManyRequests, is_limited
from shared.web.openapi import document
from shared.web.wsgi import Door
from tests.contract.ours import NAMES

BEGUN = 1_700_000_040.0  # a whole minute
WHO = Actor("staff-1", "street")


@pytest.fixture
def now(monkeypatch):
    """The time, as the library and we read it; `now.time` moves it."""
    clock = SimpleNamespace(at=BEGUN, time=lambda: clock.at)
    for module in (limits.storage.memory, limits.strategies, our_limits):
        monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def endpoint():
    api = Api("toy")
    api.get("/things", roles=("street",))(lambda call: None)
    return api.endpoints[0]


def ask(counted, endpoint, times):
    for _ in range(times):
        counted.count(WHO, endpoint)


def test_when_the_wait_is_over_one_may_go_on(now, endpoint):
    counted = RateLimits({IDENTITY: 3})
    ask(counted, endpoint, 3)
    with pytest.raises(TooManyRequests) as refused:
        ask(counted, endpoint, 1)
    assert 1 <= refused.value.retry_after <= 60
    now.at += 120
    ask(counted, endpoint, 1)


def test_a_burst_at_the_end_of_a_minute_counts_in_the_next(now, endpoint):
    counted = RateLimits({IDENTITY: 100})
    now.at += 59
    ask(counted, endpoint, 100)
    now.at += 2
    with pytest.raises(TooManyRequests):
        ask(counted, endpoint, 5)


def test_whoever_has_an_ipv6_network_is_one_caller(now):
    counted = RateLimits({ADDRESS: 1})
    counted.count_address("2001:db8::1")
    with pytest.raises(TooManyRequests):
        counted.count_address("2001:db8::2")
    counted.count_address("2001:db8:0:1::1")
    counted.count_address("198.51.100.1")
    counted.count_address("198.51.100.2")


def test_what_no_endpoint_answers_counts_for_the_address(now):
    grid = ServiceUnderTest(service_class("grid").definition).application
    door = Client(Door(grid, Tokens("k" * 40), all_apis(grid.definition), RateLimits({ADDRESS: 2})))
    asked = [("GET", "/grid/v1/nowhere"), ("PUT", "/grid/v1/places"), ("GET", "/grid/v1/nowhere/else")]
    there = {"REMOTE_ADDR": "198.51.100.1"}
    found = [door.open(path, method=method, environ_base=there).status_code for method, path in asked]
    assert found == [404, 405, 429]


def test_who_has_no_address_is_not_counted(now):
    counted = RateLimits({ADDRESS: 1})
    for _ in range(3):
        counted.count_address(UNKNOWN)


def test_a_rate_of_0_switches_all_limits_off(now, endpoint):
    counted = RateLimits.of(Settings.load("grid", {"JIUSHU_RATE_PER_MINUTE": "0"}))
    ask(counted, endpoint, 1000)
    for _ in range(1000):
        counted.count_address("198.51.100.1")


@pytest.mark.parametrize("name", NAMES)
def test_the_document_says_where_one_may_ask_too_often(name):
    definition = service_class(name).definition
    apis = all_apis(definition)
    paths = document(definition, apis)["paths"]
    for endpoint in (each for api in apis if api.in_openapi for each in api.endpoints):
        answers = paths[endpoint.full_path][endpoint.method.lower()]["responses"]
        assert ("429" in answers) == is_limited(endpoint)
        assert "429" not in answers or "Retry-After" in answers["429"]["headers"]
