"""The command line, as an operator meets it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import insert

from shared.demo.processes import ServiceProcess
from shared.kernel.clock import SystemClock
from shared.messaging import inbox
from shared.messaging.transport import Incoming
from shared.persistence.database import Database
from shared.persistence.tables import scheduled_commands
from shared.suite import service_names


def jiushu(*arguments, **environment):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JIUSHU_")}
    return subprocess.run(
        [sys.executable, "-m", "shared.cli", *arguments],
        env={**inherited, "NO_COLOR": "1", "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_wrong_setting_is_one_clear_line_and_no_stack_trace():
    result = jiushu("run", JIUSHU_HTTP_PORT="ninety")
    assert result.returncode == 2
    assert "JIUSHU_HTTP_PORT" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unknown_service_is_told_the_known_ones(tmp_path):
    result = jiushu("run", "gird", JIUSHU_VAR_DIR=str(tmp_path))
    assert result.returncode == 2
    assert all(name in result.stderr for name in service_names())


def test_an_unknown_role_is_told_the_known_ones(tmp_path):
    result = jiushu("token", "create", "--role", "king", JIUSHU_VAR_DIR=str(tmp_path))
    assert result.returncode == 2
    assert "street" in result.stderr


def test_where_a_provider_issues_tokens_none_is_made_here(tmp_path):
    issuer = {"JIUSHU_OIDC_ISSUER": "https://id.example", "JIUSHU_OIDC_AUDIENCE": "jiushu"}
    made = jiushu("token", "create", "--role", "street", JIUSHU_VAR_DIR=str(tmp_path), **issuer)
    assert made.returncode == 2
    assert "https://id.example" in made.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_token_that_no_trail_keeps_is_made_with_a_warning_beside_it(tmp_path):
    made = jiushu("token", "create", "--role", "street", JIUSHU_VAR_DIR=str(tmp_path))
    assert made.returncode == 0
    assert len(made.stdout.split()) == 1
    assert "未记入审计记录" in made.stderr


def test_without_running_services_a_command_says_so(tmp_path):
    result = jiushu("dead-letters", "list", JIUSHU_VAR_DIR=str(tmp_path), JIUSHU_URL="http://127.0.0.1:1")
    assert result.returncode == 1
    assert "nothing answers" in result.stderr


@pytest.fixture
def running(tmp_path):
    process = ServiceProcess(service_names(), {}, tmp_path)
    process.start()
    process.wait_until_ready()
    yield process
    process.stop()


def test_a_second_run_says_that_the_port_is_taken(running, tmp_path):
    result = jiushu("run", JIUSHU_VAR_DIR=str(tmp_path), JIUSHU_HTTP_PORT=str(running.port))
    assert result.returncode == 1
    assert "端口已被占用" in result.stderr


def test_running_services_show_an_index_page_a_journey_and_no_dead_letters(running, tmp_path):
    import requests

    page = requests.get(running.url, timeout=5)
    assert page.headers["Content-Type"].startswith("text/html")
    assert all(name in page.text for name in service_names())
    environment = {"JIUSHU_VAR_DIR": str(tmp_path), "JIUSHU_URL": running.url}
    made = jiushu("token", "create", "--role", "street", **environment)
    assert made.stderr == ""
    token = made.stdout.strip()
    body = {"kind": "street", "name": "九棵树街道", "code": "110112010"}
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.post(f"{running.url}/grid/v1/places", json=body, headers=headers, timeout=5)
    journey = jiushu("journey", answer.headers["X-Correlation-ID"], **environment)
    assert "grid.place.registered.v1" in journey.stdout, journey.stderr
    assert "没有死信" in jiushu("dead-letters", "list", **environment).stdout
    assert jiushu("journey", "unknown", **environment).returncode == 1


def test_what_was_said_is_said_again_on_command_and_the_list_says_how_far_it_is(running, tmp_path):
    environment = {"JIUSHU_VAR_DIR": str(tmp_path), "JIUSHU_URL": running.url}
    why = ("--reason", "新订阅者")
    told = jiushu("replay", "--from", "grid", "--to", "notify", "--dry-run", *why, **environment)
    assert "共 0 件" in told.stdout, told.stderr
    assert "第 1 号" in jiushu("replay", "--from", "grid", "--to", "notify", *why, **environment).stdout
    assert "第 2 号" in jiushu("republish", "grid", "--since", "2024-05-01", *why, **environment).stdout
    assert "第 3 号" in jiushu("republish", "grid", "--current", *why, **environment).stdout
    unclear = jiushu("republish", "grid", *why, **environment)
    assert unclear.returncode == 1
    assert "since：" in unclear.stderr
    assert "新订阅者" in jiushu("replays", "grid", **environment).stdout
    assert "没有重放" in jiushu("replays", "notify", **environment).stdout


def test_messages_and_commands_that_are_dead_are_seen_tried_again_and_given_up_alike(running, tmp_path):
    environment = {"JIUSHU_VAR_DIR": str(tmp_path), "JIUSHU_URL": running.url}
    (file,) = tmp_path.rglob("notify.db")
    database = Database(f"sqlite:///{file}")
    inbox.keep(database, [Incoming(key, "t", key, b"{") for key in ("a", "b")])
    command = {"command": "CloseQuestion", "arguments": {"id": "nobody"}, "revision": "r", "state": "dead"}
    with database.writing() as session:
        for key in ("one", "two"):
            due = {"key": key, "due_at": SystemClock().now(), "reason": "ZeroDivisionError: [why]"}
            session.execute(insert(scheduled_commands).values(command | due))
    database.dispose()
    listed = jiushu("dead-letters", "list", **environment).stdout
    assert listed.count("unreadable") == 2
    assert all(f"{number} --command" in listed for number in (1, 2))
    assert "[why]" in listed
    assert '"nobody"' in jiushu("dead-letters", "show", "notify", "1", "--command", **environment).stdout
    for kind in ((), ("--command",)):
        for deed, number, state in (("replay", "1", "pending"), ("discard", "2", "discarded")):
            done = jiushu("dead-letters", deed, "notify", number, *kind, "--reason", "mended", **environment)
            assert done.stdout.strip() == state, done.stderr
    assert jiushu("dead-letters", "show", "notify", "2", "--command", **environment).returncode == 1
    assert jiushu("dead-letters", "list", "--waiting", **environment).returncode == 0


def test_a_stop_is_graceful_and_quick(running):
    running.stop()
    assert "Traceback" not in running.end_of_log()
    assert "stopping" in running.log.read_text(encoding="utf-8")
