"""Every subscription has a test that delivers its event twice and out of order: one of its service's
test_events names it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from shared.suite import service_class
from tests.contract.ours import NAMES

INTEGRATION = Path(__file__).parents[1] / "integration"
CASES = [
    (name, subscription.contract)
    for name in NAMES
    for subscription in service_class(name).definition.subscriptions
]


def event_tests(service):
    """What the service's event tests say."""
    return [path.read_text(encoding="utf-8") for path in (INTEGRATION / service).glob("test_events*.py")]


def contracts_named_in(service):
    """The attributes, such as `WorksStarted` of `property.WorksStarted`, that the service's event tests name."""
    trees = map(ast.parse, event_tests(service))
    return {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize(("service", "contract"), CASES, ids=[f"{s} {c.type}" for s, c in CASES])
def test_the_event_tests_of_a_service_name_each_event_that_it_hears(service, contract):
    assert contract.__name__ in contracts_named_in(service)


@pytest.mark.parametrize("service", NAMES)
def test_the_event_tests_of_a_service_deliver_twice(service):
    assert any("hear_twice" in text for text in event_tests(service))
