"""Who may use which endpoint of which service: nobody without a token, nobody in a role that it does not name, and
none of the three officers where another is at home."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from shared.access.roles import ACTS_FOR, ADMIN, AUDITOR, MEDIATOR, MONITOR, OFFICERS, ROLES, SECURITY, TABLE
from shared.access.tokens import Tokens
from shared.contracts.fields import schema_inside
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest
from shared.web.common import all_apis
from shared.web.wsgi import Door
from tests.contract.ours import NAMES

TOKENS = Tokens("a key that is only for these tests, and long enough")
DEFINITIONS = {name: service_class(name).definition for name in NAMES}
OWN = [(name, endpoint) for name in NAMES for api in DEFINITIONS[name].apis for endpoint in api.endpoints]
ENDPOINTS = [
    (name, endpoint) for name in NAMES for api in all_apis(DEFINITIONS[name]) for endpoint in api.endpoints
]
# who needs no token, and why; an endpoint that is added needs one, or its reason here
OPEN = {
    "GET /calendar": "when neighbours meet, and where: an invitation to everybody",
    "GET /surveys/{id}/figures": "what became of what people said",
    "GET /surveys/{id}/answers": "answers that were published, never who asked",
    "GET /projects/{id}/figures": "how a project stands: stages, days lost, counts, never a name",
    "GET /projects/{id}/reception-points": "where and when people can come",
    "GET /themes": "public reference data",
    "GET /participation": "who takes part, counted by class, never a person",
    "GET /healthz": "whether it is alive: for balancers",
    "GET /readyz": "whether it is ready: for balancers",
    "GET /openapi.json": "the documentation",
    "GET /docs": "the documentation",
    "GET /docs/{asset}": "the documentation",
    "GET /categories": "public reference data",
    "GET /topics/{id}/story": "what became of a topic, written for everybody",
    "GET /answers/{token}": "the token is a capability: one person, one question, until it closes",
    "POST /answers/{token}": "the token is a capability: one person, one question, until it closes",
    "GET /discovery.{format}": "Open311 reads without a key",
    "GET /services.{format}": "Open311 reads without a key",
    "GET /services/{code}.{format}": "Open311 reads without a key",
    "GET /tokens/{token}.{format}": "Open311 reads without a key",
    "GET /requests.{format}": "Open311 reads without a key; decision 0011 says what",
    "GET /requests/{number}.{format}": "Open311 reads without a key; decision 0011 says what",
}


def named(endpoint):
    return f"{endpoint.method} {endpoint.path}"


def each(endpoints):
    ids = [f"{endpoint.method} {endpoint.full_path}" for _, endpoint in endpoints]
    return pytest.mark.parametrize(("name", "endpoint"), endpoints, ids=ids)


CLOSED = [(name, endpoint) for name, endpoint in ENDPOINTS if endpoint.roles is not None]


@pytest.fixture(scope="module")
def doors():
    """All services, with nothing in them."""
    services = {name: ServiceUnderTest(DEFINITIONS[name]) for name in NAMES}
    return {
        name: Client(Door(service.application, TOKENS, all_apis(DEFINITIONS[name])))
        for name, service in services.items()
    }


def call(doors, name, endpoint, **headers):
    """A request with a body that nobody can read, about something that there is not."""
    path = re.sub(r"{\w+}", "x", endpoint.full_path.replace("{format}", "json"))
    content = {"data": b"{", "content_type": "application/json"} if endpoint.is_deed else {}
    return doors[name].open(path, method=endpoint.method, headers=headers, **content)


def bearer(role):
    scope = f"{ACTS_FOR[role]}x" if role in ACTS_FOR else "*"
    return f"Bearer {TOKENS.issue('somebody', role, scope)}"


def is_open311(endpoint):
    return not endpoint.api.in_openapi and endpoint.api.root is not None


def test_who_needs_no_token_is_written_down_with_the_reason():
    assert {named(endpoint) for _, endpoint in ENDPOINTS if endpoint.roles is None} == set(OPEN)


@each(CLOSED)
def test_nobody_comes_in_without_a_token_or_with_another_s(doors, name, endpoint):
    forged = Tokens("another key, which is long enough as well").issue(
        "x", endpoint.roles[0], _scope(endpoint)
    )
    for token in ({}, {"Authorization": f"Bearer {forged}"}, {"Authorization": "Basic eDp5"}):
        answer = call(doors, name, endpoint, **token)
        if is_open311(endpoint) and not token.get("Authorization", "").startswith("Bearer"):
            assert answer.status_code in (400, 403)  # the key may stand in the form, which is none
        elif is_open311(endpoint):
            assert (answer.status_code, "api_key" in answer.text) == (403, True)
        else:
            assert (answer.status_code, answer.json["code"]) == (401, "token_refused")


def _scope(endpoint):
    return f"{ACTS_FOR[endpoint.roles[0]]}x" if endpoint.roles[0] in ACTS_FOR else "*"


@each(CLOSED)
def test_a_role_that_an_endpoint_does_not_name_learns_nothing_but_that(doors, name, endpoint):
    for role in ROLES.keys() - set(endpoint.roles):
        answer = call(doors, name, endpoint, Authorization=bearer(role))
        if is_open311(endpoint):
            assert (answer.status_code, f"{ROLES[role]}无权" in answer.json[0]["description"]) == (403, True)
        else:
            assert (answer.status_code, answer.json["code"]) == (403, "role_missing"), role


@each(CLOSED)
def test_a_role_that_an_endpoint_names_is_not_told_that_it_misses(doors, name, endpoint):
    for role in endpoint.roles:
        answer = call(doors, name, endpoint, Authorization=bearer(role))
        assert answer.status_code not in (401, 403), answer.text


NARROW = {role.code: f"{kind}x" for role in TABLE for kind in role.scopes if kind != "*"}
COMMON = [(name, each) for name, each in CLOSED if (name, each) not in OWN and {*each.roles} & {*NARROW}]


@each(COMMON)
def test_what_every_service_has_is_for_those_only_who_act_for_the_whole_street(doors, name, endpoint):
    for role in {*endpoint.roles} & {*NARROW}:
        token = TOKENS.issue("somebody", role, NARROW[role])
        answer = call(doors, name, endpoint, Authorization=f"Bearer {token}")
        assert (answer.status_code, answer.json["code"]) == (403, "outside_scope"), role


def test_every_role_can_do_something_but_those_whose_work_is_not_built_yet():
    able = {role for _, endpoint in CLOSED for role in endpoint.roles}
    assert able <= set(ROLES)
    assert set(ROLES) - able == {MEDIATOR}


PERSONS = {"resident_ref", "reporter_ref", "voter_ref", "person_ref"}


@each([(name, endpoint) for name, endpoint in OWN if endpoint.body])
def test_a_deed_whose_body_names_a_person_names_the_same_in_the_trail(name, endpoint):
    assert PERSONS & endpoint.body.fields.keys() <= {endpoint.subject}


def test_the_page_about_the_trail_lists_what_names_a_resident():
    page = (Path(__file__).parents[2] / "docs" / "operating" / "audit.md").read_text(encoding="utf-8")
    table = page[page.index("写明居民的记录") : page.index("其余的不写明居民")]
    named = {
        f"{each.method} {each.full_path}"
        for _, each in OWN
        if (each.is_deed or each.personal) and names_one(each)
    }
    assert set(re.findall(r"`((?:GET|POST) /[^<`]+)`", table)) == named


def names_one(endpoint):
    """Whether what is asked or answered says which person it is about."""
    given = [schema for schema in (endpoint.body, endpoint.query, endpoint.answer) if schema]
    inside = [schema_inside(field) for field in endpoint.answer.fields.values()] if endpoint.answer else []
    told = [schema.fields.keys() for schema in (*given, *inside) if schema]
    return (
        endpoint.subject in {name for names in told for name in names}
        or f"{{{endpoint.subject}}}" in endpoint.path
    )


# ---- 三员分立: administrator, security officer, auditor


@each(CLOSED)
def test_no_endpoint_is_for_two_of_the_three_officers(name, endpoint):
    assert len({*endpoint.roles} & {*OFFICERS}) <= 1


@each(OWN)
def test_the_officers_and_monitoring_take_no_part_in_the_business(name, endpoint):
    assert not {*(endpoint.roles or ())} & {*OFFICERS, MONITOR}


@each(CLOSED)
def test_what_is_personal_is_not_for_the_officers_but_the_trail_for_the_auditor(name, endpoint):
    if endpoint.personal:
        seen_by = {*endpoint.roles} & {*OFFICERS, MONITOR}
        assert seen_by == ({AUDITOR} if endpoint.path.startswith("/audit/") else set())


def test_each_officer_has_a_field_that_is_its_own():
    alone = {
        endpoint.path.split("/")[1]: endpoint.roles for _, endpoint in CLOSED if len(endpoint.roles) == 1
    }
    assert alone["audit"] == (AUDITOR,)
    assert alone["rights"] == (SECURITY,)
    for _, endpoint in CLOSED:
        if endpoint.path.startswith(("/dead-", "/replays")) and endpoint.is_deed:
            assert endpoint.roles == (ADMIN,)


def test_the_security_officer_reads_who_may_do_what(doors):
    answer = doors["notify"].get("/notify/v1/rights", headers={"Authorization": bearer(SECURITY)})
    shown = {f"{right['method']} {right['path']}": right for right in answer.json["items"]}
    assert shown["GET /notify/v1/contacts/{id}"]["personal"]
    assert shown["GET /notify/v1/rights"]["roles"] == [SECURITY]
    assert shown["GET /notify/v1/answers/{token}"]["open"]
