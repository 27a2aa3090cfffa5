"""Databases that are full, or migrated under traffic."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from shared.messaging import inbox
from shared.persistence import migrate, migrations
from shared.persistence.database import Database, DatabaseAway, is_conflict
from shared.persistence.tables import inbox_messages
from shared.testing.harness import ServiceUnderTest
from tests.integration.messaging.toy import LISTENER, ThingMade, application, noted

ROWS_BEFORE, ROWS_AFTER = 20, 20
PATIENCE_SECONDS = 30


@pytest.fixture
def database(postgresql):
    made = Database(postgresql.new_database("full"))
    yield made
    made.dispose()


@pytest.mark.parametrize("table", ["notes", "inbox_messages"])
def test_a_full_disk_of_the_database_server_burns_no_attempt_and_the_work_goes_on_when_there_is_room(
    database, table
):
    application(LISTENER, database)
    listener = ServiceUnderTest(LISTENER, database)
    first, second = (listener.message(ThingMade, "a", {"name": "x", "count": count}) for count in (1, 2))
    inbox.keep(database, [first.incoming])
    with no_room_in(database, table):
        for _ in range(20):
            with pytest.raises(DatabaseAway):
                listener.lane.run_once()
        if table == "inbox_messages":
            with pytest.raises(DatabaseAway):
                inbox.keep(database, [second.incoming])
    inbox.keep(database, [second.incoming])
    listener.lane.run_once()
    assert noted(listener.application) == [("a", "x", 1), ("a", "x", 2)]
    with database.reading() as session:
        assert set(session.execute(select(inbox_messages.c.attempts)).scalars()) == {0}


@contextmanager
def no_room_in(database, table):
    """Whoever writes into the table hears what a full disk says, from the server itself."""
    function = (
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
    )
    trigger = f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION no_room()"
    with database.engine.begin() as connection:
        connection.execute(text(function))
        connection.execute(text(trigger))
    yield
    with database.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER full_disk ON {table}"))


def test_the_old_version_goes_on_writing_while_its_database_is_migrated(database):
    config = migrate._config(database, "kernel", migrations)
    head = ScriptDirectory.from_config(config).get_revision("head")
    command.upgrade(config, head.down_revision)
    tables = MetaData()
    outbox = Table("outbox_messages", tables, autoload_with=database.engine)
    kept = Table("inbox_messages", tables, autoload_with=database.engine)
    written, enough, failed = [], threading.Event(), []

    def write_one(id):
        with database.writing() as session:
            session.execute(insert(outbox).values(_outbox_row(id)))
            session.execute(insert(kept).values(_inbox_row(id)))

    def write():
        try:
            while not enough.is_set():
                id = new_id()
                _despite_conflicts(write_one, id)
                written.append(id)
        except Exception as error:
            failed.append(error)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    _await(written, ROWS_BEFORE, failed)
    _despite_conflicts(command.upgrade, config, "head")
    _await(written, len(written) + ROWS_AFTER, failed)
    enough.set()
    for writer in writers:
        writer.join(PATIENCE_SECONDS)
    assert failed == []
    with database.reading() as session:
        for table in (outbox, kept):
            assert session.execute(select(func.count()).select_from(table)).scalar_one() == len(written)


def _despite_conflicts(deed, *arguments):
    """Do it again where it met a transaction the other way round, as the application does, and who migrates must."""
    while True:
        try:
            return deed(*arguments)
        except DBAPIError as error:
            if not is_conflict(error):
                raise


def _await(written, number, failed):
    ticking = threading.Event()
    for _ in range(PATIENCE_SECONDS * 50):
        if failed or len(written) >= number:
            return
        ticking.wait(0.02)
    pytest.fail("the writers do not come forward")


def _outbox_row(id):
    return {
        "event_id": id,
        "type": ThingMade.type,
        "partition_key": "a",
        "correlation_id": id,
        "body": b"{}",
        "recorded_at": SystemClock().now(),
    }


def _inbox_row(id):
    return {
        "source": "sender",
        "event_id": id,
        "type": ThingMade.type,
        "partition_key": "a",
        "body": b"{}",
        "state": "done",
        "blocks_key": 0,
        "attempts": 0,
        "waits": 0,
        "due": 0.0,
        "received_at": SystemClock().now(),
    }
