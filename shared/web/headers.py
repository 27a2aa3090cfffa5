"""The headers that stand on every answer, whoever gives it: what a browser may do with it."""

from __future__ import annotations

from collections.abc import Iterable

Header = tuple[str, str]

# pages and the documentation say policies of their own, as wide as they need
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OVER_TLS = {"Strict-Transport-Security": "max-age=31536000"}


def secured(headers: Iterable[Header], *, over_tls: bool = False) -> list[Header]:
    """The headers, and those of the above that are not among them."""
    given = list(headers)
    names = {name.lower() for name, _ in given}
    wanted = {**SECURITY, **OVER_TLS} if over_tls else SECURITY
    return given + [(name, value) for name, value in wanted.items() if name.lower() not in names]
