"""Who asks: whose tokens are believed, by the settings."""

from __future__ import annotations

from typing import Protocol

from shared.access.oidc import OidcTokens, Provider
from shared.access.tokens import ALGORITHM, Tokens, header_of
from shared.kernel.command import Actor
from shared.settings import Settings


class Identities(Protocol):
    """Knows the bearers of some tokens."""

    def actor(self, token: str) -> Actor:
        """Who bears the token. Raises TokenRefused, ProviderAway."""


class LocalAndOidc:
    """Both kinds side by side; which one a token is, its algorithm says."""

    def __init__(self, local: Tokens, oidc: OidcTokens) -> None:
        self._local, self._oidc = local, oidc

    def actor(self, token: str) -> Actor:
        """Who bears the token. Raises TokenRefused, ProviderAway."""
        is_local = header_of(token).get("alg") == ALGORITHM
        return (self._local if is_local else self._oidc).actor(token)


def identities(settings: Settings) -> Identities:
    """Tokens of the OpenID Connect provider where one is set, else local ones; both where local ones stay allowed."""
    provider = provider_of(settings)
    if provider is None:
        return Tokens.from_file(settings.token_key_file)
    oidc = OidcTokens(provider)
    return LocalAndOidc(Tokens.from_file(settings.token_key_file), oidc) if settings.local_tokens else oidc


def provider_of(settings: Settings) -> Provider | None:
    """The OpenID Connect provider that the settings name, if any."""
    if not settings.oidc_issuer:
        return None
    return Provider(
        settings.oidc_issuer,
        settings.oidc_audience,
        settings.oidc_jwks_uri,
        settings.oidc_role_claim,
        settings.oidc_scope_claim,
    )
