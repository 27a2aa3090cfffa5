"""`jiushu audit`, as an operator and an auditor meet it: on running services, and on what they leave behind."""

from __future__ import annotations

import getpass
import json
import re
import sqlite3
import time

import pytest
import requests
from typer.testing import CliRunner

from shared.access.tokens import Tokens
from shared.cli.main import app
from shared.demo.processes import ServiceProcess
from shared.suite import service_names

STREET = {"kind": "street", "name": "九棵树街道", "code": "110112010"}
PATIENCE_SECONDS = 30


def jiushu(*arguments, **environment):
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "300", "NO_COLOR": "1", **environment})


class Deployed:
    """All services in one process on SQLite."""

    def __init__(self, directory):
        self.directory = directory
        self.process = ServiceProcess(service_names(), {}, directory)
        self.process.start()
        self.process.wait_until_ready()

    def audit(self, *arguments):
        environment = {"JIUSHU_VAR_DIR": str(self.directory), "JIUSHU_URL": self.process.url}
        return jiushu(*arguments, **environment)

    def post(self, path, body, role="street"):
        token = Tokens.from_file(self.directory / "token.key").issue("staff-7", role)
        headers = {"Authorization": f"Bearer {token}"}
        return requests.post(self.process.url + path, json=body, headers=headers, timeout=10)

    def ask(self, service, statement):
        connection = sqlite3.connect(self.directory / f"{service}.db", timeout=10)
        with connection:
            rows = connection.execute(statement).fetchall()
        connection.close()
        return rows

    def wait_until_kept(self, service, by):
        """Until all that the service has sealed is kept by another, and nothing is left to seal."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            (unsealed,) = self.ask(service, "SELECT count(*) FROM audit_entries WHERE seal IS NULL")
            (last,) = self.ask(service, "SELECT coalesce(max(number), 0) FROM audit_seals")
            (kept,) = self.ask(
                by, f"SELECT coalesce(max(number), 0) FROM kept_seals WHERE service = '{service}'"
            )
            if unsealed == (0,) and last == kept != (0,):
                return
            assert time.monotonic() < until, f"unsealed {unsealed}, sealed {last}, kept {kept}"
            time.sleep(0.1)


@pytest.fixture
def deployed(tmp_path):
    deployed = Deployed(tmp_path)
    yield deployed
    deployed.process.stop()


def test_a_trail_is_searched_exported_verified_and_whatever_was_done_to_it_is_named(deployed):
    assert deployed.post("/grid/v1/places", STREET).status_code == 201
    assert deployed.audit("token", "create", "--role", "street", "--subject", "new").exit_code == 0

    found = deployed.audit("audit", "search", "--actor", f"operator:{getpass.getuser()}")
    assert found.exit_code == 0, found.output
    assert "jiushu token create" in found.output
    assert "street:new" in found.output
    own = ("--role", "resident", "--subject", "neighbour", "--scope", "person:r-1", "--hours", "2")
    assert deployed.audit("token", "create", *own).exit_code == 0
    about = deployed.audit("audit", "search", "--subject", "r-1").output
    assert "resident:neighbour" in about
    assert "scope person:r-1, 2 hours" in about
    assert "没有记录" in deployed.audit("audit", "search", "--subject", "nobody").output
    assert deployed.audit("audit", "search").exit_code == 2

    export = deployed.directory / "export.jsonl"
    exported = deployed.audit("audit", "export", "--out", str(export), "--since", "2020-01-01")
    assert exported.exit_code == 0, exported.output
    lines = [json.loads(line) for line in export.read_text(encoding="utf-8").splitlines()]
    assert {line["service"] for line in lines} == set(service_names())
    assert "POST /grid/v1/places" in {line.get("operation") for line in lines}
    early = ("--out", str(deployed.directory / "early.jsonl"), "--until", "2020-01-01")
    assert "：0 条记录" in deployed.audit("audit", "export", *early).output
    public_key = exported.output.strip().rsplit(" ", 1)[1]
    assert "jiushu audit export" in deployed.audit("audit", "search", "--since", "2020-01-01").output
    verified = deployed.audit("audit", "verify-export", str(export), "--public-key", public_key)
    assert verified.exit_code == 0, verified.output
    other_key = deployed.audit("audit", "verify-export", str(export), "--public-key", "x" * 44)
    assert other_key.exit_code == 1
    export.write_text(export.read_text(encoding="utf-8").replace("staff-7", "staff-8"), encoding="utf-8")
    assert "与签名不符" in deployed.audit("audit", "verify-export", str(export)).output

    deployed.wait_until_kept("grid", by="notify")
    late = str(deployed.directory / "late.jsonl")
    assert deployed.audit("audit", "export", "grid", "--out", late).exit_code == 0
    with_seals = deployed.audit("audit", "verify-export", late)
    assert with_seals.exit_code == 0, with_seals.output
    assert re.search("grid：[1-9][0-9]* 个封存与其记录相符", with_seals.output), with_seals.output
    deployed.process.stop()
    whole = deployed.audit("audit", "verify")
    assert whole.exit_code == 0, whole.output
    assert "grid：" in whole.output

    deployed.ask("grid", "DROP TRIGGER audit_entries_update")
    deployed.ask("grid", "UPDATE audit_entries SET actor = 'staff-8' WHERE actor = 'staff-7'")
    ((seal, entry),) = deployed.ask("grid", "SELECT seal, id FROM audit_entries WHERE actor = 'staff-8'")
    altered = deployed.audit("audit", "verify", "grid")
    assert altered.exit_code == 1
    assert f"entry {entry} of seal {seal} was altered" in altered.output

    for file in deployed.directory.glob("grid.db*"):
        file.unlink()
    (deployed.directory / "grid.db").touch()
    empty = deployed.audit("audit", "verify", "grid")
    assert (empty.exit_code, "未核对：no such table" in empty.output) == (2, True), empty.output
    (deployed.directory / "grid.db").unlink()
    gone = deployed.audit("audit", "verify", "grid")
    assert gone.exit_code == 1
    assert "cut off: others keep seal 1" in gone.output


def test_what_is_not_at_hand_is_said_not_to_be_examined_which_is_no_alarm_and_no_acquittal(
    deployed, tmp_path_factory, monkeypatch
):
    assert deployed.post("/grid/v1/places", STREET).status_code == 201
    deployed.wait_until_kept("grid", by="notify")
    elsewhere = {
        "JIUSHU_VAR_DIR": str(tmp_path_factory.mktemp("elsewhere")),
        "JIUSHU_TOKEN_KEY_FILE": str(deployed.directory / "token.key"),
        "JIUSHU_URL": deployed.process.url,
    }
    away = jiushu("audit", "verify", **elsewhere)
    assert away.exit_code == 2, away.output
    assert [line for line in away.output.splitlines() if "✗" in line or "✓" in line] == []
    for service in service_names():
        assert f"{service}：未核对" in away.output
    assert "alliance、consultation、notify、property 存有它到第" in away.output

    grid_only = {**elsewhere, "JIUSHU_GRID_DATABASE_URL": f"sqlite:///{deployed.directory}/grid.db"}
    beside = jiushu("audit", "verify", "grid", **grid_only)
    assert (beside.exit_code, "alliance、consultation、notify、property 的存底" in beside.output) == (0, True)
    assert jiushu("audit", "verify", "grid", "notify", **grid_only).exit_code == 2
    monkeypatch.setattr("shared.cli.audit.service_names", lambda: ["grid"])
    alone = jiushu("audit", "verify", **grid_only)
    assert alone.exit_code == 2
    assert "✓ grid" in alone.output
    assert "末尾是否被截断未能核对" in alone.output

    deployed.ask("grid", "DROP TRIGGER audit_entries_update")
    deployed.ask("grid", "UPDATE audit_entries SET actor = 'staff-8' WHERE actor = 'staff-7'")
    assert jiushu("audit", "verify", "grid", "notify", **grid_only).exit_code == 1


def test_where_there_is_nothing_yet_it_is_said_that_nothing_can_be_verified(tmp_path):
    result = jiushu("audit", "verify", "grid", JIUSHU_VAR_DIR=str(tmp_path), JIUSHU_URL="http://127.0.0.1:1")
    assert result.exit_code == 2
    assert "未核对" in result.output
    assert isinstance(result.exception, SystemExit)
