"""What `jiushu check` finds in a service's database, each thing really wrong on a real one."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, insert, select, text, update
from sqlalchemy.orm import Session

from shared.application import Application
from shared.checks import bus, database, migrations, preflight
from shared.checks.finding import Level
from shared.checks.settings import Examined
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from shared.messaging import inbox
from shared.messaging.lease import Lease
from shared.messaging.transport import Incoming
from shared.persistence.database import Database
from shared.persistence.migrate import migrate
from shared.persistence.tables import inbox_messages, leases, outbox_messages, scheduled_commands
from shared.settings import Settings
from shared.suite import service_class

GRID = service_class("grid").definition


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Where grid's tables are, without rows, on each database in turn."""
    if request.param == "sqlite":
        return _migrated_there(f"sqlite:///{tmp_path}/grid.db")
    return request.getfixturevalue("_migrated")(GRID).url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def own_url(request, tmp_path):
    """The same, of a database that the test may spoil."""
    if request.param == "sqlite":
        return _migrated_there(f"sqlite:///{tmp_path}/grid.db")
    return _migrated_there(request.getfixturevalue("postgresql").new_database("check"))


def _migrated_there(url):
    migrated = Database(url)
    migrate(migrated, GRID.migrations, "grid")
    migrated.dispose()
    return url


@pytest.fixture
def on_postgresql(postgresql):
    """The URL of a database of one's own on PostgreSQL, without tables."""
    return postgresql.new_database("check")


def execute(url, *statements):
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(statement if not isinstance(statement, str) else text(statement))
    engine.dispose()


def found(check, url):
    """What the check finds there, by the very way of `jiushu check`."""
    engine = database.reading_engine(url)
    with engine.connect() as connection:
        findings = list(check(Session(connection), GRID))
    for finding in findings:
        assert (finding.mend is not None) == (finding.level is not Level.FINE)
    return findings


def the_one(check, url, level):
    (finding,) = found(check, url)
    assert finding.level is level, finding
    return finding


def examined(url):
    """All findings of grid on that database."""
    settings = Settings.load("grid", {"JIUSHU_DATABASE_URL": url})
    return preflight._service(Examined(GRID, settings)).findings


# ---- reaching it


def test_a_database_as_it_should_be_has_nothing_wrong(url):
    levels = {finding.check: finding.level for finding in examined(url)}
    assert levels.pop("lease") is Level.WARNING  # nobody runs it
    assert set(levels.values()) == {Level.FINE}, levels


def test_looking_changes_nothing(tmp_path):
    Database(f"sqlite:///{tmp_path}/grid.db").dispose()
    Application(GRID, Database(f"sqlite:///{tmp_path}/grid.db"), SystemClock(), "110112010").migrate()
    file = tmp_path / "grid.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for beside in tmp_path.glob("grid.db-*"):
        beside.unlink()
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    assert examined(f"sqlite:///{file}")
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    assert list(tmp_path.iterdir()) == [file]


def test_what_looks_cannot_write(url):
    engine = database.reading_engine(url)
    with engine.connect() as connection, pytest.raises(Exception, match=r"read.?only"):
        connection.execute(text("DELETE FROM leases"))


def test_a_database_file_that_is_not_there_yet_is_not_made(tmp_path):
    (finding,) = [each for each in examined(f"sqlite:///{tmp_path}/x/grid.db") if each.check == "database"]
    assert finding.level is Level.WARNING
    assert finding.mend.command == "jiushu migrate grid"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_found(tmp_path):
    (tmp_path / "grid.db").write_bytes(b"not at all" * 1000)
    wrong = [each for each in examined(f"sqlite:///{tmp_path}/grid.db") if each.level is Level.WRONG]
    assert {each.zh for each in wrong} == {"这个文件不是 SQLite 数据库"}


def test_a_database_server_that_does_not_run_is_found_and_no_password_told():
    url = "postgresql+psycopg2://someone:s3cret@127.0.0.1:1/nowhere"
    (finding,) = [each for each in examined(url) if each.level is Level.WRONG]
    assert finding.zh == "数据库服务器没有运行"
    assert "s3cret" not in repr(finding)


def test_a_database_that_does_not_exist_is_found(on_postgresql):
    (finding,) = [each for each in examined(on_postgresql + "x") if each.level is Level.WRONG]
    assert finding.mend.command.startswith("createdb --encoding UTF8")


# ---- what it is


def test_another_encoding_than_utf8_is_found(postgresql, on_postgresql):
    name = f"jiushu_test_ascii_{new_id()[-12:]}"
    other = on_postgresql.rsplit("/", 1)[0] + f"/{name}"
    execute(on_postgresql, f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'")
    try:
        assert "SQL_ASCII" in the_one(database.encoding, other, Level.WRONG).zh
    finally:
        execute(on_postgresql, f"DROP DATABASE {name}")
    the_one(database.encoding, on_postgresql, Level.FINE)


@pytest.mark.parametrize("setting", ["OLDEST_POSTGRESQL", "OLDEST_SQLITE"])
def test_a_version_that_is_too_old_is_found(setting, tmp_path, request, monkeypatch):
    monkeypatch.setattr(database, setting, 999 if setting == "OLDEST_POSTGRESQL" else (999,))
    if setting == "OLDEST_SQLITE":
        sqlite3.connect(tmp_path / "x.db").close()
        the_one(database.database, f"sqlite:///{tmp_path}/x.db", Level.WRONG)
    else:
        the_one(database.database, request.getfixturevalue("on_postgresql"), Level.WARNING)


def test_another_journal_than_wal_is_found_and_left_as_it_is(tmp_path):
    with sqlite3.connect(tmp_path / "grid.db") as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    for _ in range(2):
        the_one(database.journal, f"sqlite:///{tmp_path}/grid.db", Level.WARNING)


def test_a_database_set_to_read_only_is_found_with_the_statement_that_mends_it(on_postgresql):
    name = on_postgresql.rsplit("/", 1)[1]
    execute(on_postgresql, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    finding = the_one(database.writable, on_postgresql, Level.WRONG)
    execute(on_postgresql, finding.mend.command)
    the_one(database.writable, on_postgresql, Level.FINE)


def test_tables_that_the_user_may_not_write_are_found(on_postgresql):
    execute(on_postgresql, "CREATE TABLE leases (x int)")
    role = f"jiushu_test_{new_id()[-12:]}"
    execute(on_postgresql, f"CREATE ROLE {role}", f"GRANT SELECT ON leases TO {role}")
    as_role = f"{on_postgresql}?options=-c%20role%3D{role}"
    try:
        finding = the_one(database.writable, as_role, Level.WRONG)
        assert "leases" in finding.zh
        assert role in finding.mend.command
        execute(on_postgresql, finding.mend.command)
        the_one(database.writable, as_role, Level.FINE)
    finally:
        execute(on_postgresql, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as somebody else")
def test_a_database_file_that_cannot_be_written_is_found(tmp_path):
    file = tmp_path / "grid.db"
    sqlite3.connect(file).close()
    engine = database.reading_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        os.seteuid(65534)
        try:
            (finding,) = database.writable(Session(connection), GRID)
        finally:
            os.seteuid(0)
    assert finding.level is Level.WRONG
    assert str(file) in finding.zh


def test_a_strange_time_zone_is_pointed_out_with_the_statement_that_mends_it(on_postgresql):
    name = on_postgresql.rsplit("/", 1)[1]
    execute(on_postgresql, f"ALTER DATABASE \"{name}\" SET timezone TO 'America/New_York'")
    finding = the_one(database.time_zone, on_postgresql, Level.WARNING)
    assert "America/New_York" in finding.zh
    execute(on_postgresql, finding.mend.command)
    the_one(database.time_zone, on_postgresql, Level.FINE)


@pytest.mark.parametrize(("ahead", "word"), [(90, "快 90 秒"), (-90, "慢 90 秒")])
def test_a_clock_unlike_the_servers_is_found(on_postgresql, monkeypatch, ahead, word):
    the_one(database.clock, on_postgresql, Level.FINE)
    real = database.epoch
    monkeypatch.setattr(database, "epoch", lambda: real() + ahead)
    assert word in the_one(database.clock, on_postgresql, Level.WRONG).zh


# ---- migrations


def test_missing_migrations_are_found_before_the_first_one_and_after_an_upgrade(own_url):
    the_one(migrations.migrations, own_url, Level.FINE)
    execute(own_url, "DELETE FROM alembic_version_grid")
    finding = the_one(migrations.migrations, own_url, Level.WRONG)
    assert f"grid – → {migrations.revisions(GRID.migrations)[0]}" in finding.zh
    assert finding.mend.command == "jiushu migrate grid"
    execute(own_url, "DROP TABLE alembic_version_grid", "DROP TABLE alembic_version_kernel")
    assert "kernel" in the_one(migrations.migrations, own_url, Level.WRONG).zh


def test_an_earlier_migration_than_the_last_is_one_that_misses_some(own_url):
    newest, first = migrations.revisions(migrations.kernel_migrations)[0], "0001"
    if newest == first:
        pytest.skip("there is only one migration")
    execute(own_url, "UPDATE alembic_version_kernel SET version_num = '0001'")
    assert f"0001 → {newest}" in the_one(migrations.migrations, own_url, Level.WRONG).zh


def test_a_database_newer_than_the_code_is_found_and_does_not_stop_the_old_version(own_url):
    execute(own_url, "UPDATE alembic_version_grid SET version_num = '9999'")
    assert "grid 9999" in the_one(migrations.migrations, own_url, Level.WARNING).zh


# ---- the service's part of the bus


def test_a_service_that_never_ran_one_that_runs_and_one_that_stopped_are_told_apart(url):
    the_one(bus.lease, url, Level.WARNING)
    running = Database(url)
    lease = Lease(running)
    assert lease.acquire()
    the_one(bus.lease, url, Level.FINE)
    lease.release()
    assert "已正常停止" in the_one(bus.lease, url, Level.WARNING).zh
    running.dispose()


def test_a_service_that_was_killed_is_found_with_how_long_ago(url):
    execute(url, insert(leases).values(name="holder", holder=new_id(), until=bus.epoch() - 7300))
    finding = the_one(bus.lease, url, Level.WARNING)
    assert "2 小时 1 分前" in finding.zh
    assert finding.mend.command == "jiushu run grid"


def test_a_lease_from_the_future_is_found_with_the_statement_that_mends_it(url):
    execute(url, insert(leases).values(name="holder", holder=new_id(), until=bus.epoch() + 90000))
    finding = the_one(bus.lease, url, Level.WRONG)
    execute(url, finding.mend.command)
    the_one(bus.lease, url, Level.WARNING)


def test_an_outbox_that_nobody_publishes_is_found(url, monkeypatch):
    the_one(bus.outbox_lag, url, Level.FINE)
    row = {"type": "grid.place.registered.v1", "partition_key": "x", "correlation_id": "x", "body": b"{}"}
    row |= {"event_id": new_id(), "recorded_at": datetime(2024, 5, 27, tzinfo=UTC)}
    execute(url, insert(outbox_messages).values(row))
    the_one(bus.outbox_lag, url, Level.FINE)
    real = bus.epoch
    monkeypatch.setattr(bus, "epoch", lambda: real() + 600)
    assert "10 分" in the_one(bus.outbox_lag, url, Level.WARNING).zh
    execute(url, update(outbox_messages).values(published_at=datetime.now(UTC)))
    the_one(bus.outbox_lag, url, Level.FINE)


def test_dead_letters_are_counted_and_named(url):
    the_one(bus.dead_letters, url, Level.FINE)
    opened = Database(url)
    inbox.keep(opened, [Incoming(new_id(), "property.works.started.v1", "k", body) for body in (b"{", b"[")])
    opened.dispose()
    finding = the_one(bus.dead_letters, url, Level.WRONG)
    assert "2 个死信" in finding.zh
    assert "property.works.started.v1" in finding.zh
    assert "dead-letters show grid" in finding.mend.command


def test_dead_commands_are_counted(url):
    the_one(bus.dead_commands, url, Level.FINE)
    row = {"key": "k", "due_at": datetime.now(UTC), "command": "Remind", "arguments": {}, "revision": "r"}
    execute(url, insert(scheduled_commands).values(row | {"state": "dead"}))
    assert "1 个定时命令" in the_one(bus.dead_commands, url, Level.WRONG).zh


def test_events_that_wait_long_and_events_that_nobody_here_listens_to_are_found(url):
    the_one(bus.waiting_long, url, Level.FINE)
    assert found(bus.unheard_types, url) == []
    known = sorted(subscription.contract.type for subscription in GRID.subscriptions)[0]
    row = {
        "source": "s",
        "partition_key": "k",
        "body": b"{}",
        "state": "pending",
        "received_at": datetime.now(UTC),
    }
    execute(url, insert(inbox_messages).values(row | {"event_id": "1", "type": known, "waits": 20}))
    assert "1 个事件" in the_one(bus.waiting_long, url, Level.WARNING).zh
    assert found(bus.unheard_types, url) == []
    execute(url, insert(inbox_messages).values(row | {"event_id": "2", "type": "grid.case.reported.v1"}))
    finding = the_one(bus.unheard_types, url, Level.WARNING)
    assert "grid.case.reported.v1" in finding.zh
    assert known not in finding.zh


def test_a_check_that_breaks_is_a_finding_and_the_others_go_on(url, monkeypatch):
    def broken(_session, _definition):
        raise ZeroDivisionError("oh")
        yield

    def refused(session, _definition):
        yield session.scalar(select(text("nonsense")))

    monkeypatch.setattr(preflight.table, "DATABASE", (broken, refused, migrations.migrations))
    by_check = {finding.check: finding.level for finding in examined(url)}
    assert by_check["broken"] is by_check["refused"] is Level.WRONG
    assert by_check["migrations"] is Level.FINE


def test_before_the_first_migration_the_bus_is_not_looked_at(on_postgresql):
    checks = {finding.check for finding in examined(on_postgresql)}
    assert "migrations" in checks
    assert "lease" not in checks
