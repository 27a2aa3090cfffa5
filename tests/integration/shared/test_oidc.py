"""Tokens of an OpenID Connect provider, over real HTTP: whose are believed, and what happens when it is away."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from werkzeug.test import Client

from shared.access.identity import identities
from shared.access.oidc import (
    REFRESH_SECONDS,
    RETRY_SECONDS,
    UNKNOWN_KEY_SECONDS,
    Keys,
    OidcTokens,
    Provider,
    ProviderAway,
)
from shared.access.tokens import TokenRefused, Tokens
from shared.application import Application
from shared.checks.finding import Level
from shared.checks.identity import identity_provider
from shared.checks.settings import Examined, Installation
from shared.demo.processes import ServiceProcess
from shared.kernel.clock import SystemClock
from shared.persistence.database import Database
from shared.settings import Settings
from shared.suite import service_class
from shared.web.common import all_apis
from shared.web.wsgi import Door
from tests.integration.shared.provider import AUDIENCE, MADE, SmallProvider

LONG_AGO, IN_A_CENTURY = 1_000_000_000, 4_900_000_000
LOCAL_KEY = "a key that is long enough for this algorithm"


@pytest.fixture
def provider():
    provider = SmallProvider()
    provider.sign_with("k1")
    yield provider
    provider.close()


class Time:
    """Seconds that pass when the test says so."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def passing():
    return Time()


@pytest.fixture
def tokens(provider, passing):
    """The provider's tokens as a service checks them; what it would do aside it does at once."""
    made = Provider(provider.issuer, AUDIENCE, "", "jiushu_role", "jiushu_scope")
    return OidcTokens(made, Keys(made.keys, passing, lambda work: work()))


def certs(provider):
    return provider.asked["/realms/jiushu/certs"]


def refused(tokens, token):
    with pytest.raises(TokenRefused) as refusal:
        tokens.actor(token)
    return str(refusal.value)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_a_token_of_the_provider_says_who_bears_it(provider, tokens, algorithm):
    provider.sign_with("own", algorithm)
    actor = tokens.actor(provider.token("own"))
    assert (actor.id, actor.role, actor.place_ref) == ("staff-7", "community", "p1")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"iss": "https://elsewhere.example"}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": None}, "aud"),
        ({"exp": LONG_AGO}, "expired"),
        ({"exp": None}, "exp"),
        ({"nbf": IN_A_CENTURY}, "not yet valid"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "subject"),
        ({"sub": "x" * 65}, "subject"),
        ({"sub": "a\nb"}, "subject"),
        ({"sub": "13812345678"}, "mobile phone"),
        ({"jiushu_role": None}, "jiushu_role"),
        ({"jiushu_role": "king"}, "jiushu_role"),
        ({"jiushu_role": ["street", "auditor"]}, "jiushu_role"),
        ({"jiushu_role": {"street": 1}}, "jiushu_role"),
        ({"jiushu_scope": None}, "jiushu_scope"),
        ({"jiushu_scope": 7}, "jiushu_scope"),
        ({"jiushu_scope": "person:r1"}, "scope"),
        ({"jiushu_role": "resident", "jiushu_scope": "*"}, "person:"),
        ({"jiushu_scope": "place:" + "x" * 65}, "scope"),
    ],
)
def test_a_token_that_is_not_for_us_or_says_nothing_usable_is_refused(provider, tokens, wrong, said):
    tokens.actor(provider.token("k1"))
    assert said in refused(tokens, provider.token("k1", **wrong)).lower()


def test_a_token_by_another_s_key_under_a_known_id_is_refused(provider, tokens):
    assert (
        "signature" in refused(tokens, provider.token("k1", key=MADE["RS256"](), algorithm="RS256")).lower()
    )


def unsigned(token, algorithm, sign):
    """The same claims under another algorithm."""
    _, claims, _ = token.split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "k1"}).encode()).rstrip(b"=")
    signed = header + b"." + claims.encode()
    return (signed + b"." + base64.urlsafe_b64encode(sign(signed)).rstrip(b"=")).decode()


def test_the_public_key_is_no_secret_to_sign_with(provider, tokens):
    public = provider.keys["k1"][0].public_key()
    forms = serialization.Encoding, serialization.PublicFormat.SubjectPublicKeyInfo
    for encoding in (forms[0].PEM, forms[0].DER):
        secret = public.public_bytes(encoding, forms[1])
        forged = unsigned(
            provider.token("k1"),
            "HS256",
            lambda text, secret=secret: hmac.digest(secret, text, hashlib.sha256),
        )
        assert "alg" in refused(tokens, forged)


def test_an_unsigned_token_is_refused(provider, tokens):
    for algorithm in ("none", "None", "", None):
        refused(tokens, unsigned(provider.token("k1"), algorithm, lambda _: b""))


@pytest.mark.parametrize(("kid", "algorithm"), [("k1", "RS512"), ("k1", "PS256"), ("k384", "ES384")])
def test_a_key_signs_by_its_own_algorithm_only(provider, tokens, kid, algorithm):
    provider.sign_with("k384", "ES384")
    refused(tokens, provider.token(kid, algorithm=algorithm))


def test_keys_for_other_purposes_and_secrets_are_not_believed(provider, tokens):
    secret = base64.urlsafe_b64encode(b"s" * 32).decode()
    published = [
        {**provider.published("k1"), "kid": "sealed", "use": "enc"},
        {"kty": "oct", "kid": "secret", "k": secret, "alg": "HS256"},
        {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"},
        {"kty": "RSA"},
        "nonsense",
        provider.published("k1"),
    ]
    provider.answers["/realms/jiushu/certs"] = 200, json.dumps({"keys": published}).encode()
    for kid in ("sealed", "broken"):
        refused(tokens, provider.token("k1", header={"kid": kid}))
    refused(tokens, provider.token("secret", key="s" * 32, algorithm="HS256"))
    assert tokens.actor(provider.token("k1")).id == "staff-7"


NESTED = [
    ("realm_access.roles", {"realm_access": {"roles": ["offline_access", "captain"]}}),
    ("https://jiushu.example/role", {"https://jiushu.example/role": "captain"}),
    ("groups", {"groups": ["captain"]}),
]


@pytest.mark.parametrize(("claim", "said"), NESTED, ids=["inside another", "with dots", "a list"])
def test_role_and_scope_are_found_where_the_provider_puts_them(provider, claim, said):
    tokens = OidcTokens(Provider(provider.issuer, AUDIENCE, "", claim, "jiushu.scope"))
    actor = tokens.actor(provider.token("k1", **said, jiushu={"scope": ["place:b1"]}))
    assert (actor.role, actor.place_ref) == ("captain", "b1")
    refused(tokens, provider.token("k1", realm_access="captain", jiushu={"scope": "place:b1"}))


# ---- keys come and go


def test_a_new_key_is_believed_at_once_and_an_old_one_no_longer_than_until_the_next_look(
    provider, tokens, passing
):
    old = provider.token("k1")
    tokens.actor(old)
    passing.now += UNKNOWN_KEY_SECONDS
    del provider.keys["k1"]
    provider.sign_with("k2", "ES256")
    assert tokens.actor(provider.token("k2")).id == "staff-7"
    refused(tokens, old)


def test_a_key_that_is_withdrawn_is_noticed_without_a_new_one(provider, tokens, passing):
    old = provider.token("k1")
    tokens.actor(old)
    del provider.keys["k1"]
    provider.sign_with("k2")
    passing.now += REFRESH_SECONDS - 1
    tokens.actor(old)
    passing.now += 1
    refused(tokens, old)


def test_unknown_key_ids_ask_the_provider_once_a_minute(provider, tokens, passing):
    tokens.actor(provider.token("k1"))
    for number in range(20):
        refused(tokens, provider.token("k1", header={"kid": f"random-{number}"}))
        tokens.actor(provider.token("k1"))
    assert certs(provider) == 1
    passing.now += UNKNOWN_KEY_SECONDS
    for number in range(20):
        refused(tokens, provider.token("k1", header={"kid": f"random-{number}"}))
    assert certs(provider) == 2


def test_many_at_once_ask_the_provider_once(provider, tokens):
    token = provider.token("k1")
    threads = [threading.Thread(target=tokens.actor, args=(token,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert certs(provider) == 1


DOCUMENTS = {
    "refused": (500, b""),
    "moved": (302, b""),
    "nonsense": (200, b"<html>"),
    "too deep": (200, b"[" * 100_000),
    "no object": (200, b"[]"),
    "no keys": (200, b"{}"),
    "empty": (200, b'{"keys": []}'),
    "too large": (200, b" " * 300_000 + b"{}"),
}


@pytest.mark.parametrize("trouble", DOCUMENTS)
def test_known_keys_go_on_while_the_provider_is_away_and_others_have_to_wait(
    provider, tokens, passing, trouble
):
    tokens.actor(provider.token("k1"))
    provider.answers["/realms/jiushu/certs"] = DOCUMENTS[trouble]
    passing.now += REFRESH_SECONDS
    provider.sign_with("k2")
    with pytest.raises(ProviderAway):
        tokens.actor(provider.token("k2"))
    assert tokens.actor(provider.token("k1")).id == "staff-7"
    del provider.answers["/realms/jiushu/certs"]
    passing.now += RETRY_SECONDS
    assert tokens.actor(provider.token("k2")).id == "staff-7"


def test_a_provider_that_calls_itself_otherwise_is_not_believed(provider, tokens):
    path = "/realms/jiushu/.well-known/openid-configuration"
    other = {"issuer": "https://elsewhere.example", "jwks_uri": f"{provider.issuer}/certs"}
    provider.answers[path] = 200, json.dumps(other).encode()
    with pytest.raises(ProviderAway, match=r"elsewhere\.example"):
        tokens.actor(provider.token("k1"))


def test_nonsense_asks_nobody(provider, tokens):
    deep = base64.urlsafe_b64encode(b'{"alg": ' + b"[" * 5000).decode()
    for token in ("", "x", "x.y.z", "é.é.é", f"{deep}.e30.x", "e30.e30.", "bnVsbA.e30.x"):
        refused(Tokens(LOCAL_KEY), token)
        refused(tokens, token)
    assert certs(provider) <= 1


# ---- in a service


def settings(provider, tmp_path, **more):
    environment = {
        "JIUSHU_VAR_DIR": str(tmp_path),
        "JIUSHU_OIDC_ISSUER": provider.issuer,
        "JIUSHU_OIDC_AUDIENCE": AUDIENCE,
        **more,
    }
    return Settings.load("grid", environment)


def test_beside_a_provider_local_tokens_are_refused_unless_they_are_allowed(provider, tmp_path):
    local = Tokens.from_file(tmp_path / "token.key").issue("x", "street")
    refused(identities(settings(provider, tmp_path)), local)
    both = identities(settings(provider, tmp_path, JIUSHU_LOCAL_TOKENS="yes"))
    assert both.actor(local).role == "street"
    assert both.actor(provider.token("k1")).role == "community"


def test_where_only_the_provider_is_believed_no_key_is_made(provider, tmp_path):
    identities(settings(provider, tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def door(provider, tmp_path):
    definition = service_class("grid").definition
    database = Database(f"sqlite:///{tmp_path}/grid.db")
    application = Application(definition, database, SystemClock(), "110112010")
    application.migrate()
    yield Client(Door(application, identities(settings(provider, tmp_path)), all_apis(definition)))
    database.dispose()


def test_a_provider_that_is_away_is_503_with_retry_after_and_in_words(provider, door):
    headers = {"Authorization": f"Bearer {provider.token('k1')}"}
    provider.answers["/realms/jiushu/certs"] = 500, b"secret"
    answer = door.get("/grid/v1/places", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (503, "identity_provider_away")
    assert answer.headers["Retry-After"] == str(RETRY_SECONDS)
    assert "统一身份认证" in answer.json["detail"]
    assert provider.issuer not in answer.text
    answer = door.post("/open311/v2/requests.json", headers=headers, data={"service_code": "0603"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(RETRY_SECONDS))
    assert door.get("/grid/v1/healthz").status_code == 200


def test_a_provider_that_is_slow_holds_up_nobody_else(provider, tmp_path):
    environment = {"JIUSHU_OIDC_ISSUER": provider.issuer, "JIUSHU_OIDC_AUDIENCE": AUDIENCE}
    process = ServiceProcess(["grid"], environment, tmp_path)
    process.start()
    try:
        process.wait_until_ready()
        headers = {"Authorization": f"Bearer {provider.token('k1')}"}
        provider.gate.clear()
        answers = []
        waiting = threading.Thread(
            target=lambda: answers.append(
                requests.get(f"{process.url}/grid/v1/places", headers=headers, timeout=20)
            )
        )
        waiting.start()
        assert provider.came.wait(10)
        assert requests.get(f"{process.url}/grid/v1/healthz", timeout=2).ok
        assert answers == []
        provider.gate.set()
        waiting.join(10)
        assert answers[0].status_code == 200
    finally:
        process.stop()


def test_the_check_says_whether_the_provider_can_be_used(provider, tmp_path):
    examined = Examined(service_class("grid").definition, settings(provider, tmp_path))
    reached, plain = identity_provider(Installation({}, ["grid"], [examined]))
    assert (reached.level, plain.level) == (Level.FINE, Level.WARNING)
    assert "1 个密钥" in reached.zh
    provider.answers["/realms/jiushu/certs"] = 404, b""
    (away,) = identity_provider(Installation({}, ["grid"], [examined]))
    assert away.level is Level.WRONG
    assert "404" in away.detail
