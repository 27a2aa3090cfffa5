"""How often somebody may ask (限流): per identity, and per address where nobody is known.

Counted in this process only, over the last minute: several processes allow several times as much, and a restart
forgets. It keeps one caller from taking what is there for all; it is no defence against many (docs/decisions/0018).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from shared.access.roles import OUTSIDE_SYSTEM
from shared.access.tokens import TokenRefused
from shared.kernel.command import Actor
from shared.kernel.errors import JiushuError
from shared.web.addresses import UNKNOWN

if TYPE_CHECKING:
    from shared.settings import Settings
    from shared.web.api import Endpoint

IDENTITY, MACHINE, ADDRESS = "identity", "machine", "address"
LINK, LINK_ADDRESS, REFUSED = "link", "link_address", "refused"

MACHINES = (OUTSIDE_SYSTEM,)
UNLIMITED = ("/healthz", "/readyz", "/metrics")  # who watches must never be turned away

# 每分钟次数 how often a minute; the settings say the first two
PER_MINUTE = {
    IDENTITY: 600,  # 每个身份
    MACHINE: 6000,  # 每个外部系统
    ADDRESS: 300,  # 每个地址，无需令牌的接口
    LINK: 20,  # 每个凭证链接
    LINK_ADDRESS: 60,  # 每个地址，所有凭证链接
    REFUSED: 30,  # 每个地址，令牌被拒
}


class TooManyRequests(JiushuError):
    """Somebody asks too often; `by` says which of the limits was reached."""

    code = "too_many_requests"
    zh = "请求过于频繁，每分钟最多 {most} 次，请在 {seconds} 秒后重试"
    en = "too many requests: at most {most} a minute; try again in {seconds} s"

    def __init__(self, by: str, most: int, seconds: int) -> None:
        super().__init__(most=most, seconds=seconds)
        self.by, self.retry_after = by, seconds


class RateLimits:
    """How often everybody has asked in the last minute. What has no number is not counted."""

    def __init__(self, per_minute: Mapping[str, int]) -> None:
        self._limits = {by: RateLimitItemPerMinute(most, namespace=by) for by, most in per_minute.items()}

    @cached_property
    def _counter(self) -> SlidingWindowCounterRateLimiter:
        return SlidingWindowCounterRateLimiter(MemoryStorage())

    @classmethod
    def of(cls, settings: Settings) -> RateLimits:
        """As the settings say; a rate of 0 switches all of it off."""
        if not settings.rate_per_minute:
            return cls({})
        own = {IDENTITY: settings.rate_per_minute, MACHINE: settings.machine_rate_per_minute}
        return cls(PER_MINUTE | own)

    def count(self, actor: Actor, endpoint: Endpoint) -> None:
        """Somebody known asks. Raises TooManyRequests."""
        if is_limited(endpoint):
            self._hit(MACHINE if actor.role in MACHINES else IDENTITY, actor.id)

    def count_anyone(self, address: str, path: str, endpoint: Endpoint) -> None:
        """Somebody unknown asks. Raises TooManyRequests."""
        if is_link(endpoint):
            self._hit(LINK_ADDRESS, _network(address))
            self._hit(LINK, path)
        elif is_limited(endpoint):
            self.count_address(address)

    def count_address(self, address: str) -> None:
        """Somebody unknown asks for what no endpoint answers. Raises TooManyRequests."""
        self._hit(ADDRESS, _network(address))

    @contextmanager
    def counting_refusals(self, address: str) -> Iterator[None]:
        """A token is checked inside. Valid ones pass, however many others were refused at the same address."""
        try:
            yield
        except TokenRefused:
            self._hit(REFUSED, _network(address))
            raise

    def _hit(self, by: str, who: str) -> None:
        limit = self._limits.get(by)
        if limit is None or who == UNKNOWN or self._counter.hit(limit, who):
            return
        wait = self._counter.get_window_stats(limit, who).reset_time - time.time()
        raise TooManyRequests(by, limit.amount, max(1, math.ceil(wait)))


def is_limited(endpoint: Endpoint) -> bool:
    """Whether it may be answered with 429."""
    return endpoint.path not in UNLIMITED


def is_link(endpoint: Endpoint) -> bool:
    """Whether knowing its address is what gives access (凭证链接)."""
    return endpoint.roles is None and "{token}" in endpoint.path


def _network(address: str) -> str:
    """Whoever has an IPv6 address has its whole /64."""
    if ":" not in address:
        return address
    return str(ip_address(address).exploded[:19])
