"""What `jiushu check` finds before anything is opened: each finding is made with something that is really wrong."""

from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from shared.checks import files, installation, settings
from shared.checks.finding import Level, masked, without_secrets
from shared.checks.patience import NoAnswer, ask, waited_for, within
from shared.checks.settings import Examined, Installation
from shared.settings import Settings
from shared.suite import service_class, service_names

GOOD_KEY = "kXv3-9qTzW0sLr5Yb8NcEe2JhUu7MaPp"


@pytest.fixture
def told(tmp_path):
    """An installation that is told these variables."""

    def make(services=("grid", "notify"), **variables):
        environment = {"JIUSHU_VAR_DIR": str(tmp_path)} | variables
        examined = [
            Examined(service_class(name).definition, Settings.load(name, environment)) for name in services
        ]
        return Installation(environment, service_names(), examined)

    return make


def levels(findings):
    return [finding.level for finding in findings]


def the_one(findings, level):
    """The single finding, which is of that level and, if it is not fine, says how to mend it."""
    (finding,) = findings
    assert finding.level is level, finding
    assert finding.zh
    assert finding.en
    assert (finding.mend is not None) == (level is not Level.FINE)
    return finding


# ---- waiting, and hiding what is secret


def test_an_answer_an_error_and_silence_are_told_apart():
    assert within(5, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)
    with pytest.raises(TimeoutError):  # the question's own, which is an answer
        within(5, lambda: (_ for _ in ()).throw(TimeoutError("own")))
    thawed = threading.Event()
    answer = ask(thawed.wait)
    with pytest.raises(NoAnswer):
        waited_for(answer, 0.01)
    thawed.set()
    assert waited_for(answer, 5)


@pytest.mark.parametrize(
    "url",
    [
        "amqp://me:s3cret@host:5672/vhost",
        "postgresql+psycopg2://me:s3cret#s3cret@s3cret@host/db",
        "postgresql+psycopg2://me:s3cret/s3cret?s3cret@host/db",
        "postgresql://me@host/db?password=s3cret",
    ],
)
def test_a_shown_url_has_no_password(url):
    assert "s3cret" not in masked(url)
    assert masked(url).startswith(url[:7])
    assert "me" in masked(url)


def test_what_a_driver_says_is_shown_without_the_password():
    urls = ["postgresql://me:p%40ss@host/db", "amqp://me:tiger@host//", "sqlite:///x.db"]
    said = "no p@ss, no p%40ss, no tiger, password=hunter2 sslpassword = hunter3"
    shown = without_secrets(said, urls)
    assert not any(secret in shown for secret in ("p@ss", "p%40ss", "tiger", "hunter2", "hunter3"))
    assert shown.startswith("no ***")


# ---- settings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("JIUSHU_HTPP_PORT", "JIUSHU_HTTP_PORT"),
        ("JIUSHU_AMQP_URL", "JIUSHU_AMQP_URI"),
        ("JIUSHU_GIRD_DATABASE_URL", "JIUSHU_GRID_DATABASE_URL"),
        ("JIUSHU_CONSULTATION_DATABSE_URL", "JIUSHU_CONSULTATION_DATABASE_URL"),
        ("JIUSHU_SETTING_FILE", "JIUSHU_SETTINGS_FILE"),
    ],
)
def test_a_misspelt_variable_is_found_and_the_right_name_said(told, written, meant):
    finding = the_one(settings.unknown_settings(told(**{written: "1"})), Level.WRONG)
    assert written in finding.zh
    assert meant in finding.mend.zh
    assert meant in finding.mend.en


def test_a_variable_like_no_setting_is_only_pointed_out(told):
    the_one(settings.unknown_settings(told(JIUSHU_FAVOURITE_TREE="枣")), Level.WARNING)


def test_every_variable_that_is_read_somewhere_is_known(told, tmp_path):
    file = tmp_path / "jiushu.toml"
    file.write_text("http_port = 8123", encoding="utf-8")
    read = {
        "JIUSHU_HTTP_PORT": "8123",
        "JIUSHU_GRID_HTTP_PORT": "8124",
        "JIUSHU_URL": "http://127.0.0.1",
        "JIUSHU_SETTINGS_FILE": str(file),
        "JIUSHU_TEST_AMQP_URI": "x",
    }
    the_one(settings.unknown_settings(told(**read)), Level.FINE)


def test_a_misspelt_line_of_the_settings_file_is_found(told, tmp_path):
    file = tmp_path / "jiushu.toml"
    file.write_text('street_nmae = "示例街道"', encoding="utf-8")
    finding = the_one(settings.unknown_settings(told(JIUSHU_SETTINGS_FILE=str(file))), Level.WRONG)
    assert "street_name" in finding.mend.zh


def test_two_services_on_one_database_are_found(told):
    shared = told(JIUSHU_DATABASE_URL="postgresql+psycopg2://me:s3cret@host/jiushu")
    finding = the_one(settings.agreement(shared), Level.WRONG)
    assert "grid、notify" in finding.zh
    assert "{service}" in finding.mend.zh
    assert "s3cret" not in finding.zh


@pytest.mark.parametrize(
    ("variable", "value", "level"),
    [
        ("JIUSHU_GRID_AMQP_URI", "amqp://host", Level.WRONG),
        ("JIUSHU_GRID_STREET_CODE", "110112011", Level.WRONG),
        ("JIUSHU_GRID_TOKEN_KEY_FILE", "other.key", Level.WARNING),
        ("JIUSHU_GRID_CLOCK_FILE", "clock", Level.WARNING),
    ],
)
def test_what_services_must_share_and_do_not_is_found(told, variable, value, level):
    finding = the_one(settings.agreement(told(**{variable: value})), level)
    assert variable.replace("GRID_", "") in finding.zh


def test_services_on_several_ports_without_a_broker_are_found(told):
    finding = the_one(settings.agreement(told(JIUSHU_GRID_HTTP_PORT="8001")), Level.WRONG)
    assert "JIUSHU_AMQP_URI" in finding.mend.zh
    assert list(settings.agreement(told(JIUSHU_GRID_HTTP_PORT="8001", JIUSHU_AMQP_URI="amqp://host"))) == []


def test_services_that_agree_are_not_mentioned(told):
    assert list(settings.agreement(told())) == []


# ---- keys and files


def test_a_key_that_is_not_there_yet_is_pointed_out(told):
    the_one(files.token_key(told()), Level.WARNING)


@pytest.mark.parametrize("key", ["", "changeme", "a" * 64, "abc" * 20], ids=["empty", "short", "same", "few"])
def test_a_weak_key_is_found_and_not_shown(told, tmp_path, key):
    file = tmp_path / "token.key"
    file.write_text(key)
    file.chmod(0o600)
    finding = the_one(files.token_key(told()), Level.WRONG)
    assert not key or key not in repr(finding)


def test_a_key_that_cannot_be_read_is_found(told, tmp_path):
    (tmp_path / "token.key").write_bytes("密钥".encode())
    the_one(files.token_key(told()), Level.WRONG)


@pytest.mark.parametrize(
    ("mode", "level"), [(0o600, Level.FINE), (0o640, Level.WARNING), (0o644, Level.WRONG)]
)
def test_who_may_read_the_key_is_looked_at(told, tmp_path, mode, level):
    file = tmp_path / "token.key"
    file.write_text(GOOD_KEY)
    file.chmod(mode)
    finding = the_one(files.token_key(told()), level)
    assert GOOD_KEY not in repr(finding)
    if level is not Level.FINE:
        assert finding.mend.command == f"chmod 600 {file}"


def test_a_database_file_that_everybody_can_read_is_found(told, tmp_path):
    file = tmp_path / "grid.db"
    file.touch()
    file.chmod(0o644)
    assert str(file) in the_one(files.data_files(told()), Level.WRONG).zh


@pytest.mark.parametrize(
    ("limit", "level"), [("LITTLE_DISK", Level.WARNING), ("NO_DISK", Level.WRONG)], ids=["little", "none"]
)
def test_a_full_disk_is_found(told, monkeypatch, limit, level):
    monkeypatch.setattr(files, "LITTLE_DISK", 10**18)
    monkeypatch.setattr(files, limit, 10**18)
    the_one(files.disk(told()), level)


def test_a_directory_that_is_not_there_yet_is_on_some_disk(told, tmp_path):
    finding = the_one(files.disk(told(JIUSHU_VAR_DIR=str(tmp_path / "not" / "yet"))), Level.FINE)
    assert "not/yet" in finding.zh
    assert not (tmp_path / "not").exists()


@contextmanager
def as_nobody():
    """Without the rights of root, which no file mode stops."""
    before = os.geteuid()
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as somebody else")
def test_a_directory_that_cannot_be_written_is_found(told):
    with as_nobody():
        finding = the_one(files.disk(told(JIUSHU_VAR_DIR="/usr/share")), Level.WRONG)
    assert "/usr/share" in finding.zh


# ---- clocks and ports


def test_a_demonstrations_clock_is_pointed_out_with_how_far_it_is_moved(told, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text(str(3 * 86400))
    finding = the_one(installation.clocks(told(JIUSHU_CLOCK_FILE=str(clock))), Level.WARNING)
    assert "+3.0 天" in finding.zh
    assert "JIUSHU_CLOCK_FILE" in finding.mend.zh


def test_a_clock_file_that_does_not_hold_seconds_is_found(told, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("tomorrow")
    the_one(installation.clocks(told(JIUSHU_CLOCK_FILE=str(clock))), Level.WRONG)


def test_without_a_clock_file_the_clock_is_fine(told):
    the_one(installation.clocks(told()), Level.FINE)


def test_a_working_calendar_that_ends_soon_is_pointed_out_with_what_to_do(told, tmp_path):
    (finding,) = installation.calendar(told())
    assert finding.level in (Level.FINE, Level.WARNING), "by the day on which the tests run"
    years = "".join(f"[{year}]\nfree = []\nworked = []\n" for year in range(2027, 2099))
    file = tmp_path / "calendar.toml"
    file.write_text(years)
    assert "2098" in the_one(installation.calendar(told(JIUSHU_CALENDAR_FILE=str(file))), Level.FINE).zh
    file.write_text("[2027]\nfree = []\n")
    assert "2027" in the_one(installation.calendar(told(JIUSHU_CALENDAR_FILE=str(file))), Level.WRONG).detail


def test_a_year_that_nobody_knows_is_pointed_out(told, monkeypatch):
    monkeypatch.setattr(installation, "KNOWN_AHEAD", timedelta(days=365 * 40))
    finding = the_one(installation.calendar(told()), Level.WARNING)
    assert "JIUSHU_CALENDAR_FILE" in finding.mend.zh


def test_a_port_that_another_program_has_is_found(told):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        finding = the_one(installation.ports(told(JIUSHU_HTTP_PORT=port)), Level.WRONG)
    assert port in finding.zh
    assert port in finding.mend.command
    the_one(installation.ports(told(JIUSHU_HTTP_PORT=port)), Level.FINE)


def test_an_address_that_is_not_this_machines_is_found(told):
    the_one(installation.ports(told(JIUSHU_HTTP_HOST="192.0.2.1")), Level.WRONG)


# ---- what is installed


@pytest.fixture
def distribution(tmp_path, monkeypatch):
    """Installs a distribution of that name with these entry points and one module of that text."""

    def install(name, entry_points, **modules):
        site = tmp_path / "site"
        about = site / f"{name.replace('-', '_')}-1.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(entry_points)
        for module, text in modules.items():
            (site / f"{module}.py").write_text(text)
            monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.syspath_prepend(str(site))

    return install


def test_a_plugin_that_cannot_be_used_is_found_with_whose_it_is(told, distribution):
    distribution(
        "stranger-rules",
        "[jiushu.grid.dispatch_rules]\nbad = bad_rules:Bad\n",
        bad_rules="class Bad: api = 1",
    )
    (grid,) = told(["grid"]).services
    assert "stranger-rules" in the_one(installation.plugins(grid), Level.WRONG).detail


def test_a_plugin_that_is_chosen_and_not_installed_is_found(told):
    (grid,) = told(["grid"], JIUSHU_GRID_PLUGINS="dispatch_rules=nearest").services
    assert "nearest" in the_one(installation.plugins(grid), Level.WRONG).detail


def test_plugins_that_can_be_used_are_named(told):
    (grid,) = told(["grid"]).services
    assert "first_receiver" in the_one(installation.plugins(grid), Level.FINE).zh


def test_a_plugin_in_a_group_that_nobody_loads_is_found_and_the_right_group_said(told, distribution):
    distribution("stranger", "[jiushu.grid.dispatch_rule]\nx = x:X\n")
    finding = the_one(installation.plugin_groups(told()), Level.WARNING)
    assert "stranger" in finding.zh
    assert "jiushu.grid.dispatch_rules" in finding.mend.zh


def test_groups_of_services_that_are_not_examined_are_not_mentioned(told):
    assert list(installation.plugin_groups(told(["property"]))) == []


def test_contracts_that_cannot_be_loaded_are_found(told, distribution):
    the_one(installation.contracts(told()), Level.FINE)
    distribution("stranger-events", "[jiushu.contracts]\nbroken = no_such_module\n")
    assert "no_such_module" in the_one(installation.contracts(told()), Level.WRONG).detail


def test_nothing_is_made_by_looking(told, tmp_path):
    from shared.checks.table import INSTALLATION

    before = sorted(tmp_path.rglob("*"))
    for check in INSTALLATION:
        assert all(finding.level in Level for finding in check(told()))
    assert sorted(Path(tmp_path).rglob("*")) == before


def test_an_armed_failpoint_is_wrong_and_no_unknown_variable():
    given = Installation({"JIUSHU_FAILPOINTS": "relay.after_confirm:kill"}, [], [])
    levels = [finding.level for finding in settings.unknown_settings(given)]
    assert levels == [Level.WRONG, Level.FINE]
