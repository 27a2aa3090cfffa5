"""What every service says of its audit trail: one contract for each, made from its name."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.metadata import entry_points

from shared.contracts.fields import Instant, Text, Whole
from shared.contracts.registry import Event

_NAME = re.compile("[a-z_]+")


class Sealed(Event):
    """A batch of audit entries was sealed; never on the feed."""

    on_feed = False
    number = Whole(required=True, metadata={"title": "封存序号"})
    previous = Text(64, required=True)
    hash = Text(64, required=True)
    count = Whole(required=True)
    sealed_at = Instant(required=True)


@cache
def sealed(service: str) -> type[Sealed]:
    """The contract `<service>.audit.sealed.v1`."""
    text = (
        f"审计封存（{service}） A batch of {service}'s audit entries was sealed; the other services keep the seal.\n\n"
        "Sent when: 有新的审计记录时，每隔几秒 every few seconds in which there were new entries.\n"
        "Not sent when: 没有新的审计记录时 there are none."
    )
    body = {"__doc__": text, "__module__": __name__, "type": f"{service}.audit.sealed.v1"}
    return type(f"{service.title().replace('_', '')}AuditSealed", (Sealed,), body)


def publishers() -> list[str]:
    """The services that are known here, installed or not: the names of contracts and services."""
    return list(_publishers(tuple(sys.path)))


@lru_cache(maxsize=4)
def _publishers(_path: tuple[str, ...]) -> Sequence[str]:
    """To look through what is installed takes tens of milliseconds; anew only where else is looked."""
    groups = ("jiushu.contracts", "jiushu.services")
    names = {entry.name for group in groups for entry in entry_points(group=group)}
    return sorted(name for name in names if _NAME.fullmatch(name))
