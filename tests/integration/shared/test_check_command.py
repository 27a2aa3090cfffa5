"""`jiushu check` as an operator and a machine meet it."""

from __future__ import annotations

import json

import pytest

from shared.demo.processes import ServiceProcess, free_port
from shared.suite import service_names
from tests.integration.shared.test_cli import jiushu


def test_a_fresh_checkout_has_nothing_wrong_and_stays_fresh(tmp_path):
    var = tmp_path / "var"
    result = jiushu("check", "grid", JIUSHU_VAR_DIR=str(var), JIUSHU_HTTP_PORT=str(free_port()))
    assert result.returncode == 0, result.stdout
    assert "! 还没有数据库" in result.stdout
    assert "jiushu migrate grid" in result.stdout
    assert not var.exists()
    assert result.stderr == ""


def test_what_is_wrong_ends_with_1_and_says_the_way_out(tmp_path):
    result = jiushu("check", "grid", "-q", JIUSHU_VAR_DIR=str(tmp_path), JIUSHU_HTPP_PORT="8000")
    assert result.returncode == 1
    assert "✗ 没有程序读取变量 JIUSHU_HTPP_PORT" in result.stdout
    assert "→ 是不是 JIUSHU_HTTP_PORT？" in result.stdout
    assert "✓" not in result.stdout


def test_a_value_out_of_range_is_said_once_with_what_is_allowed(tmp_path):
    result = jiushu("check", JIUSHU_VAR_DIR=str(tmp_path), JIUSHU_HTTP_PORT="99999")
    assert result.returncode == 1
    assert result.stdout.count("✗ JIUSHU_HTTP_PORT") == 1
    assert "1 to 65535" in result.stdout


def test_an_unknown_service_cannot_be_examined(tmp_path):
    result = jiushu("check", "gird", JIUSHU_VAR_DIR=str(tmp_path))
    assert result.returncode == 2
    assert all(name in result.stderr for name in service_names())
    assert result.stdout == ""


def test_a_machine_reads_the_same_and_no_password(tmp_path):
    result = jiushu(
        "check",
        "grid",
        "--json",
        JIUSHU_VAR_DIR=str(tmp_path),
        JIUSHU_DATABASE_URL="postgresql+psycopg2://someone:s3cret@127.0.0.1:1/x",
        JIUSHU_AMQP_URI="amqp://someone:s3cret@127.0.0.1:1//",
    )
    assert result.returncode == 1
    told = json.loads(result.stdout)
    assert told["ok"] is False
    away = {finding["check"]: finding for finding in told["findings"] if finding["level"] == "wrong"}
    assert set(away) == {"database", "broker"}
    assert away["database"]["service"] == "grid"
    assert away["database"]["mend"]["zh"]
    assert "s3cret" not in result.stdout + result.stderr


@pytest.fixture
def running(tmp_path):
    process = ServiceProcess(service_names(), {}, tmp_path)
    process.start()
    process.wait_until_ready()
    yield process
    process.stop()


def test_running_services_are_seen_and_nothing_is_wrong(running, tmp_path):
    years = tmp_path / "calendar.toml"  # whatever day it is, the next year is known
    years.write_text("".join(f"[{year}]\nfree = []\nworked = []\n" for year in range(2027, 2099)))
    result = jiushu(
        "check",
        JIUSHU_VAR_DIR=str(tmp_path),
        JIUSHU_HTTP_PORT=str(running.port),
        JIUSHU_CALENDAR_FILE=str(years),
    )
    assert result.returncode == 0, result.stdout
    assert f"端口 127.0.0.1:{running.port}：{'、'.join(service_names())} 正在运行" in result.stdout
    assert result.stdout.count("✓ 服务正在运行") == len(service_names())
    assert "✓ 0 处有误，0 处需留意" in result.stdout
