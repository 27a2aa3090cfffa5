"""Whatever is sent: no 5xx, and no status, field or header that the OpenAPI document does not declare."""

from __future__ import annotations

import os
import random
from datetime import timedelta

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.access.roles import ACTS_FOR
from shared.demo.play import play
from shared.suite import service_class, service_names
from shared.web.common import all_apis
from shared.web.files import CSV, GEOJSON, JPEG, PNG, XLSX
from shared.web.openapi import operation_id
from tests.e2e.conftest import in_one_process

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES_EACH = int(os.environ.get("JIUSHU_FUZZ_EXAMPLES", "5"))
# files are bytes, whatever their type
schemathesis.serializer.alias(sorted({CSV, XLSX, GEOJSON, JPEG, PNG}), "application/octet-stream")
TOO_LONG, LISTENER_LIMIT = (414, 431), 8000


class Places:
    """Where things are that were made while the stories were played, by what they are: `topics`, `plans`."""

    def __init__(self):
        self._ids = {}

    def watch(self, session):
        session.hooks["response"].append(self._note)

    def _note(self, response, **_):
        if "Location" in response.headers:
            *_, kind, id = response.headers["Location"].split("/")
            self._ids.setdefault(kind, []).append(id)

    def look_around(self, stage, name, kind):
        """Those that nobody made over HTTP, from their list."""
        if kind not in self._ids:
            answer = requests.get(
                f"{stage.urls[name]}/{name}/v1/{kind}", headers=bearer(stage, "street"), timeout=10
            )
            self._ids[kind] = [item["id"] for item in answer.json().get("items", []) if "id" in item]

    def some(self, kind, chance):
        return chance.choice(self._ids.get(kind) or ["nothing"])


def bearer(stage, role):
    scope = f"{ACTS_FOR[role]}somebody" if role in ACTS_FOR else "*"
    return {"Authorization": f"Bearer {stage._tokens.issue('fuzz', role, scope, timedelta(hours=1))}"}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The suite after the stories: there are things of every kind, in many states."""
    deployment = in_one_process(tmp_path_factory.mktemp("fuzzed"))
    deployment.start()
    places = Places()
    places.watch(deployment.stage.session)
    play(deployment.stage)
    yield deployment.stage, places
    deployment.stop()


# grid has as many doors as the others together: parts that take turns in its list, each within a test's time
GRID = "grid"
PARTS = [([GRID], 0, 2), ([GRID], 1, 2), ([name for name in service_names() if name != GRID], 0, 1)]


@pytest.mark.parametrize(("names", "part", "parts"), PARTS, ids=["grid", "grid again", "the others"])
def test_nothing_that_a_caller_sends_is_answered_otherwise_than_documented(played, names, part, parts):
    stage, places = played
    for name in names:
        endpoints = {
            operation_id(each): each
            for api in all_apis(service_class(name).definition)
            for each in api.endpoints
        }
        schema = schemathesis.openapi.from_url(f"{stage.urls[name]}/{name}/v1/openapi.json")
        for operation in [found.ok() for found in schema.get_all_operations()][part::parts]:
            endpoint = endpoints[operation.definition.raw["operationId"]]
            call_many_times(operation, endpoint, stage, places)


def call_many_times(operation, endpoint, stage, places):
    """Sound and unsound requests to one operation, as somebody who may, about things that exist and others."""
    chance = random.Random(operation.label)
    kind = endpoint.path.split("/")[1]
    if "{id}" in endpoint.path:
        places.look_around(stage, endpoint.api.service, kind)
    sound, unsound = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @settings(
        max_examples=EXAMPLES_EACH,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=sound | unsound)
    def once(case):
        if "{id}" in endpoint.path and chance.random() < 0.7:
            case.path_parameters["id"] = places.some(kind, chance)
        if "{kind}" in endpoint.path and chance.random() < 0.7:
            case.path_parameters["kind"] = chance.choice(["places", "households"])
        headers = bearer(stage, chance.choice(endpoint.roles)) if endpoint.roles else {}
        response = case.call(headers=headers)
        if response.status_code in TOO_LONG:  # the listener's own, before any door
            assert len(response.request.url) + len(str(response.request.headers)) > LISTENER_LIMIT
        else:
            case.validate_response(response, checks=CHECKS)

    once()
