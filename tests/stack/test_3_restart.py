"""Each service is replaced by a new container, one after the other, while cases come in."""

from __future__ import annotations

from tests.stack.load import traffic


def test_a_rolling_restart_under_load_loses_and_doubles_nothing(stack):
    with traffic(stack) as load:
        for service in stack.services:
            before = len(load.made)
            stack.compose("up", "--detach", "--no-deps", "--no-build", "--force-recreate", "--wait", service)
            assert len(load.made) > before, f"nothing came in while {service} was replaced"
    load.assert_each_had_its_effect_once()
