"""What of the stack can be reached, by whom, and what each part may do."""

from __future__ import annotations

import pytest
import requests

from tests.contract.ours import NAMES
from tests.stack.conftest import DEPLOY, URL


def test_only_the_front_door_is_published(stack):
    listed = stack.compose("ps", "--format", "{{.Service}} {{.Ports}}").splitlines()
    published = [line.split()[0] for line in listed if "->" in line]
    assert published == ["front"]


@pytest.mark.parametrize("service", NAMES)
def test_a_service_is_nobody_in_particular_and_writes_to_its_own_volume_only(stack, service):
    assert stack.inside(service, "id", "-u").strip() == "10001"
    for place in ("/", "/opt/jiushu", "/etc"):
        refused = stack.inside(service, "touch", f"{place}/written", check=False)
        assert "Read-only file system" in refused, f"{place}: {refused}"
    stack.inside(service, "touch", "/var/lib/jiushu/written")
    stack.inside(service, "rm", "/var/lib/jiushu/written")


@pytest.mark.parametrize("service", NAMES)
def test_an_image_holds_its_own_service_only(stack, service):
    look = "import importlib.util, sys; print(*[n for n in sys.argv[1:] if importlib.util.find_spec(f'services.{n}')])"
    assert stack.inside(service, "python", "-c", look, *NAMES).split() == [service]


@pytest.mark.parametrize("other", ["notify", "postgres"])
def test_no_service_enters_another_s_database(stack, other):
    password = (DEPLOY / "secrets" / "grid_database_password").read_text()
    enter = ["psql", "-h", "postgres", "-U", "grid", "-c", "SELECT 1", "-d"]
    with_password = ["exec", "-T", "-e", f"PGPASSWORD={password}", "postgres", *enter]
    assert "1 row" in stack.compose(*with_password, "grid")
    assert "permission denied for database" in stack.compose(*with_password, other, check=False)


def test_a_broker_s_user_may_write_to_the_exchanges_and_read_its_own_queue(stack):
    rights = stack.inside("rabbitmq", "rabbitmqctl", "--quiet", "list_user_permissions", "grid")
    assert r"^(jiushu\.events|jiushu\.feed|jiushu\.replay)$" in rights
    assert r"^grid\.inbox$" in rights
    users = stack.inside("rabbitmq", "rabbitmqctl", "--quiet", "list_users", "--no-table-headers")
    assert sorted(line.split()[0] for line in users.splitlines()) == sorted(["topology", *NAMES]), (
        "guest is there, or somebody is missing"
    )


@pytest.mark.parametrize("service", NAMES)
def test_metrics_stay_inside(service):
    assert requests.get(f"{URL}/{service}/v1/metrics", timeout=10).status_code == 404


@pytest.mark.parametrize("service", NAMES)
def test_the_preflight_finds_nothing_wrong(stack, service):
    stack.inside(service, "jiushu", "check", service)


def test_the_operator_examines_all_trails(stack):
    verified = stack.compose("run", "--rm", "-T", "operator", "audit", "verify")
    assert [line.split("：")[0] for line in verified.splitlines() if "✓" in line] == [
        f"✓ {name}" for name in NAMES
    ]


def test_no_key_is_in_the_front_door_s_log_which_is_kept(stack):
    headers = {"Authorization": "Bearer not-to-be-seen"}
    requests.get(f"{URL}/notify/v1/answers/also-not-to-be-seen", headers=headers, timeout=10)
    requests.get(f"{URL}/open311/v2/requests.json?api_key=not-to-be-seen&page=1", timeout=10)
    said = stack.inside("front", "cat", "/data/log/access.log")
    assert "/answers/…" in said
    assert "api_key=…" in said
    assert "not-to-be-seen" not in said
