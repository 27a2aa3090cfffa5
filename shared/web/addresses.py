"""From where a request comes: the caller's address, also behind proxies that are trusted to tell it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from werkzeug.wrappers import Request

Networks = Sequence[IPv4Network | IPv6Network]
UNKNOWN = "unknown"


def client_address(request: Request, trusted: Networks) -> str:
    """The address of the caller, as text; `unknown` where nobody says it.

    `X-Forwarded-For` is read from its end, and only as far as those who wrote it are trusted proxies: what stands
    before the first stranger is what that stranger claims.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    here = _plain(request.remote_addr or "") or UNKNOWN
    while hops and is_trusted(here, trusted):
        told = _plain(hops.pop())
        if told is None:
            break
        here = told
    return here


def is_trusted(address: str, trusted: Networks) -> bool:
    """Whether the address is that of a trusted proxy."""
    if address == UNKNOWN:
        return False
    ip = ip_address(address)
    return any(ip.version == network.version and ip in network for network in trusted)


def _plain(text: str) -> str | None:
    """The address in its one usual form, an IPv4 address mapped into IPv6 as itself; None for what is none."""
    try:
        ip = ip_address(text)
    except ValueError:
        return None
    return str(getattr(ip, "ipv4_mapped", None) or ip)
