"""The audit trails after a story: sealed to the end, whole, and each seal kept by every other service."""

from __future__ import annotations

import time

from shared.audit.reading import extent, kept_of, verify
from shared.audit.verification import by_number
from tests.e2e.personal import reading

PATIENCE_SECONDS = 30


def assert_the_trails_are_whole_and_kept_by_all_others(deployment):
    """What was just done may take a moment to be sealed and told."""
    until = time.monotonic() + PATIENCE_SECONDS
    while behind := not_yet_kept(deployment):
        assert time.monotonic() < until, f"not sealed, or not kept: {behind}"
        time.sleep(0.2)
    for service in deployment.database_urls:
        kept = by_number([seal for seals in kept_by_others(deployment, service) for seal in seals])
        with reading(deployment, service) as session:
            assert list(verify(session, service, kept)) == []
            assert extent(session).entries > 0, f"{service} kept nothing of what was done"


def not_yet_kept(deployment):
    """The services with unsealed entries, or with a last seal that another does not keep."""
    behind = []
    for service in deployment.database_urls:
        with reading(deployment, service) as session:
            length = extent(session, unsealed_seconds=0)
        last = {
            max((number for number, _ in seals), default=0) for seals in kept_by_others(deployment, service)
        }
        if length.unsealed or last != {length.seals}:
            behind.append((service, length, last))
    return behind


def kept_by_others(deployment, service):
    """What each other service keeps of this one."""
    for other in deployment.database_urls:
        if other != service:
            with reading(deployment, other) as session:
                yield kept_of(session, service)
