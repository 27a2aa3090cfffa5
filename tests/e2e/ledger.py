"""A ledger kept apart from the story: what was said, who subscribes to it, and whether each has handled it once."""

from __future__ import annotations

import time
from collections import Counter

from shared.suite import service_class, service_names

SUBSCRIBERS = {
    name: {subscription.contract.type for subscription in service_class(name).definition.subscriptions}
    for name in service_names()
}
PATIENCE_SECONDS = 20


def missing_or_doubled(stage, journeys):
    """The (event type, service) pairs of those journeys that were not handled exactly once."""
    steps = [
        (service, step)
        for journey in journeys
        for service in service_names()
        for step in stage.ask(f"/{service}/v1/journeys/{journey}")["steps"]
    ]
    handled = Counter(
        (step["event_id"], service)
        for service, step in steps
        if step["kind"] == "heard" and step["state"] == "done"
    )
    said = {step["event_id"]: step["type"] for _, step in steps if step["kind"] == "said"}
    assert said, "the ledger is empty"
    return [
        (event_type, service)
        for event_id, event_type in said.items()
        for service, types in SUBSCRIBERS.items()
        if event_type in types and handled[event_id, service] != 1
    ]


def assert_everybody_heard_everything_once(stage, journeys):
    """What is still on its way may arrive; in the end nothing may be missing, doubled or dead."""
    until = time.monotonic() + PATIENCE_SECONDS
    while open_entries := missing_or_doubled(stage, journeys):
        assert time.monotonic() < until, f"not handled exactly once: {open_entries}"
        time.sleep(0.2)
    for service in service_names():
        assert stage.ask(f"/{service}/v1/dead-letters")["items"] == []
        assert stage.ask(f"/{service}/v1/dead-commands")["items"] == []
