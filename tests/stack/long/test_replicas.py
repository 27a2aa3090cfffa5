"""Several containers of one service: they share the requests, one of them does the bus's work, and dies."""

from __future__ import annotations

import subprocess
import time

import pytest

from tests.stack.conftest import DEPLOY
from tests.stack.load import traffic

CONTAINERS = 3
KILLS = 2
ANSWERED = """
from urllib.request import Request, urlopen
import sys
ask = Request("http://127.0.0.1:8000/{service}/v1/metrics", headers={{"Authorization": "Bearer " + sys.argv[1]}})
for line in urlopen(ask, timeout=10).read().decode().splitlines():
    name, _, value = line.rpartition(" ")
    if name.startswith(("jiushu_lease_held", "jiushu_http_requests_total")):
        print(name.partition("{{")[0], value)
"""


def containers(stack, service):
    """The ids of its running containers."""
    return stack.compose("ps", "--quiet", service).split()


def figures(stack, service, container):
    """Whether a container holds the lease, and how many requests it has answered."""
    token = stack.stage()._tokens.issue("prometheus", "monitor")
    said = stack.run("docker", "exec", container, "python", "-c", ANSWERED.format(service=service), token)
    rows = [line.split() for line in said.splitlines()]
    held = any(float(value) for name, value in rows if name == "jiushu_lease_held")
    return held, sum(float(value) for name, value in rows if name == "jiushu_http_requests_total")


def holder(stack, service):
    """The container that relays, receives and handles: the only one. Another takes the lease within five seconds."""
    until = time.monotonic() + 20
    while True:
        holding = [one for one in containers(stack, service) if figures(stack, service, one)[0]]
        if len(holding) == 1:
            return holding[0]
        assert time.monotonic() < until, f"{len(holding)} containers hold the lease"
        time.sleep(0.2)


@pytest.fixture(params=["grid", "notify"])
def service(request, stack):
    """Scaled as the Makefile does it, and back to one."""
    yield request.param
    _make(request.param, 1)
    stack.wait_until_ready()


def _make(service, number):
    command = ["make", "scale", f"SERVICE={service}", f"N={number}"]
    subprocess.run(command, cwd=DEPLOY.parent, check=True, capture_output=True, timeout=120)


def test_containers_share_the_work_and_one_takes_over_when_the_holder_is_killed(stack, service):
    with traffic(stack) as load:
        _make(service, CONTAINERS)
        assert len(containers(stack, service)) == CONTAINERS
        time.sleep(15)
        answered = [figures(stack, service, one)[1] for one in containers(stack, service)]
        gaps = []
        for _ in range(KILLS):
            killed = holder(stack, service)
            stack.run("docker", "kill", "--signal", "KILL", killed)
            began = time.monotonic()
            assert holder(stack, service) != killed
            gaps.append(time.monotonic() - began)
            time.sleep(5)
            stack.run("docker", "start", killed)
            time.sleep(5)
    load.assert_each_had_its_effect_once()
    if service == "grid":  # the door to which the cases come
        assert all(answered), f"a container got no request: {answered}"
    print(
        f"\n{CONTAINERS} containers of {service}: {len(load.made)} cases, requests answered by each "
        f"{[int(one) for one in answered]}; another holder {', '.join(f'{gap:.1f} s' for gap in gaps)} after the kill; "
        f"nobody waited longer than {load.longest:.1f} s"
    )
