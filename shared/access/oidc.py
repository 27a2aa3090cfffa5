"""Tokens of an OpenID Connect provider (统一身份认证), checked with the keys that it publishes (JWKS)."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from urllib3.exceptions import HTTPError

from shared.access.roles import ROLES, what_is_wrong
from shared.access.tokens import LEEWAY_SECONDS, UNREADABLE, TokenRefused, header_of, what_is_wrong_with
from shared.kernel.command import Actor

log = logging.getLogger(__name__)

# what a key may sign with, by its type and curve: never a secret that both sides share, and never "none"
ALGORITHMS: dict[tuple[Any, Any], tuple[str, ...]] = {
    ("RSA", None): ("RS256", "PS256"),
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("EdDSA",),
}
FETCH_SECONDS = 5
LARGEST_DOCUMENT = 256 * 1024
REFRESH_SECONDS = 600  # the keys are fetched anew, while those that are known go on
UNKNOWN_KEY_SECONDS = 60  # a key id that nobody knows asks the provider no more often than this
RETRY_SECONDS = 5


class ProviderAway(Exception):
    """The provider does not answer, or not as it should, and its keys are not known yet."""

    retry_after = RETRY_SECONDS


@dataclass(frozen=True)
class Provider:
    """Whose tokens are believed, for whom they must be meant, and which of their claims say role and scope.

    A claim inside another is named with dots: `realm_access.roles`.
    """

    issuer: str
    audience: str
    jwks_uri: str
    role_claim: str
    scope_claim: str

    def keys(self) -> dict[str, Key]:
        """The keys that it signs with now, by their ids. Raises ProviderAway."""
        document = _get(self.jwks_uri or self._discovered())
        listed = document.get("keys")
        found = {key.id: key for key in map(Key.of, listed if isinstance(listed, list) else ()) if key}
        if not found:
            raise ProviderAway("the provider publishes no key that can be used")
        return found

    def _discovered(self) -> str:
        document = _get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self.issuer:
            raise ProviderAway(f"the provider calls itself {document.get('issuer')!r}, not {self.issuer!r}")
        return str(document.get("jwks_uri"))


@dataclass(frozen=True)
class Key:
    """A public key, and the algorithms that it may be used with."""

    id: str
    public: Any
    algorithms: tuple[str, ...]

    @classmethod
    def of(cls, listed: Any) -> Key | None:
        """A key of a JWKS; None for one that is not for signatures, or not of a kind that is believed."""
        if not isinstance(listed, dict) or listed.get("use", "sig") != "sig":
            return None
        algorithms = ALGORITHMS.get((listed.get("kty"), listed.get("crv")), ())
        algorithms = tuple(each for each in algorithms if listed.get("alg", each) == each)
        if not algorithms or not isinstance(listed.get("kid"), str):
            return None
        try:
            return cls(listed["kid"], jwt.PyJWK(listed, algorithms[0]).key, algorithms)
        except (jwt.PyJWTError, *UNREADABLE) as error:
            log.warning("a key of the identity provider cannot be read: %s", error)
            return None


class Keys:
    """A provider's keys as they are known here. Whoever brings a known key never waits for the provider."""

    def __init__(
        self,
        fetch: Callable[[], Mapping[str, Key]],
        now: Callable[[], float] = time.monotonic,
        aside: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self._fetch, self._now, self._aside = fetch, now, aside or _in_a_thread
        self._known: Mapping[str, Key] = {}
        self._trouble: str | None = None
        self._next_regular = self._next_unknown = now()
        self._lock = threading.Lock()

    def key(self, id: str) -> Key:
        """The key with that id. Raises TokenRefused, or ProviderAway where it cannot be known."""
        if id in self._known:
            if self._now() >= self._next_regular:
                self._next_regular = self._now() + REFRESH_SECONDS
                self._aside(self._refresh)
        elif self._now() >= self._next_unknown:
            self._refresh(unless_known=id)
        found = self._known.get(id)
        if found is not None:
            return found
        if self._trouble is not None:
            raise ProviderAway(self._trouble)
        raise TokenRefused("the token is signed with a key that is unknown")

    def _refresh(self, unless_known: str | None = None) -> None:
        with self._lock:
            if unless_known is not None and (unless_known in self._known or self._now() < self._next_unknown):
                return
            try:
                self._known, self._trouble = self._fetch(), None
            except ProviderAway as away:
                log.warning("identity provider: %s", away)
                self._trouble = str(away)
            self._next_unknown = self._now() + (RETRY_SECONDS if self._trouble else UNKNOWN_KEY_SECONDS)
            self._next_regular = self._now() + (UNKNOWN_KEY_SECONDS if self._trouble else REFRESH_SECONDS)


class OidcTokens:
    """Checks the tokens of one provider."""

    def __init__(self, provider: Provider, keys: Keys | None = None) -> None:
        self._provider = provider
        self._keys = keys or Keys(provider.keys)

    def actor(self, token: str) -> Actor:
        """Who bears the token. Raises TokenRefused, ProviderAway."""
        key = self._keys.key(str(header_of(token).get("kid")))
        try:
            claims = jwt.decode(
                token,
                key.public,
                key.algorithms,
                audience=self._provider.audience,
                issuer=self._provider.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"], "enforce_minimum_key_length": True},
            )
        except (jwt.PyJWTError, *UNREADABLE) as error:
            raise TokenRefused(str(error)) from None
        return self._actor(claims)

    def _actor(self, claims: Mapping[str, Any]) -> Actor:
        subject = claims["sub"]
        role = _only(claims, self._provider.role_claim, ROLES.__contains__)
        scope = _only(claims, self._provider.scope_claim, str.isprintable)
        wrong = what_is_wrong_with(subject) or what_is_wrong(role, scope)
        if wrong:
            raise TokenRefused(wrong)
        return Actor(subject, role, scope)


def _only(claims: Mapping[str, Any], name: str, means: Callable[[str], bool]) -> str:
    """The one value of the claim that means something here. Raises TokenRefused for none and for several."""
    value = _claim(claims, name)
    values = value if isinstance(value, list) else [value]
    found = {each for each in values if isinstance(each, str) and means(each)}
    if len(found) != 1:
        raise TokenRefused(f"the claim {name} must say one role or scope of Jiushu; it says {len(found)}")
    return str(found.pop())


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of that name, which may have dots of its own, or be a way into claims."""
    if name in claims:
        return claims[name]
    value: Any = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _get(url: str) -> dict[str, Any]:
    """The JSON object at an address. Raises ProviderAway."""
    try:
        with requests.get(url, timeout=FETCH_SECONDS, allow_redirects=False, stream=True) as response:
            content = response.raw.read(LARGEST_DOCUMENT + 1, decode_content=True)
    except (requests.RequestException, HTTPError, OSError) as error:
        raise ProviderAway(f"{url}: {type(error).__name__}") from None
    if response.status_code != 200 or len(content) > LARGEST_DOCUMENT:
        raise ProviderAway(f"{url}: {response.status_code}, {len(content)} bytes")
    try:
        document = json.loads(content)
    except UNREADABLE:
        document = None
    if not isinstance(document, dict):
        raise ProviderAway(f"{url}: no JSON object")
    return document


def _in_a_thread(work: Callable[[], None]) -> None:
    """A green one where the process is."""
    threading.Thread(target=work, name="identity-provider", daemon=True).start()
