"""Processes that die: what killed them is found, what did not is left alone; somebody takes over in time."""

from __future__ import annotations

import itertools
import random
import signal
import socket
import threading
import time
from contextlib import suppress

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import OperationalError

from shared.contracts.envelope import Envelope
from shared.contracts.registry import written
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from shared.messaging import caution, inbox, lane
from shared.messaging.embedded import EmbeddedBus
from shared.messaging.holder import Holder
from shared.messaging.lease import LEASE_SECONDS, Lease, LeaseLost
from shared.messaging.transport import Incoming
from shared.persistence import database as database_module
from shared.persistence.database import Database, DatabaseAway, is_away
from shared.persistence.tables import inbox_messages, leases, scheduled_commands
from shared.testing.harness import ServiceUnderTest
from tests.integration.messaging.process import Process
from tests.integration.messaging.test_transport import eventually
from tests.integration.messaging.toy import FLAKY, LISTENER, ThingMade, application, noted


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    FLAKY.update(failures=0, cuts=0)
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/listener.db"
    return request.getfixturevalue("postgresql").new_database("deaths")


@pytest.fixture
def listener(url):
    database = Database(url)
    yield application(LISTENER, database)
    database.dispose()


@pytest.fixture
def process(url):
    process = Process(url)
    yield process
    process.stop()


@pytest.fixture
def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def message(thing, name, count=1, event=ThingMade, id=None):
    envelope = Envelope(
        id=id or new_id(),
        source="/jiushu/110112010/sender",
        type=event.type,
        subject=thing,
        time=SystemClock().now(),
        data=written(event, {"name": name, "count": count}),
        correlation_id="a journey",
        aggregate_version=count,
    )
    return Incoming(envelope.id, envelope.type, thing, envelope.to_bytes())


def keep(listener, *messages):
    inbox.keep(listener.database, messages)


def start_again_until(process, condition, most):
    """How often it died before the condition held."""
    until = time.monotonic() + 240
    deaths = 0
    process.start()
    while not condition():
        assert time.monotonic() < until
        if not process.is_alive():
            deaths += 1
            assert deaths <= most, "it dies again and again"
            process.stop()
            process.start()
        time.sleep(0.02)
    return deaths


@pytest.mark.parametrize("deadly", ["kills", "exits"])
def test_a_message_that_kills_its_process_is_found_and_its_neighbours_are_unharmed(listener, process, deadly):
    keep(
        listener,
        message("a", "before", 1),
        message("a", deadly, 2),
        message("a", "behind", 3),
        *(message(f"n{number}", "neighbour") for number in range(10)),
    )
    found = lambda: inbox.counts(listener.database) == {"dead": 1, "pending": 1, "done": 11}  # noqa: E731
    deaths = start_again_until(process, found, most=caution.MOST_DEATHS + 1)
    assert deaths == caution.MOST_DEATHS + 1  # once before anybody was careful
    with listener.database.reading() as session:
        (reason,) = session.scalars(select(inbox_messages.c.reason).where(inbox_messages.c.state == "dead"))
    assert f"the process died {caution.MOST_DEATHS} times over it" in reason
    assert len(noted(listener)) == 11


def test_a_scheduled_command_that_kills_its_process_is_found(listener, process):
    with listener.database.writing() as session:
        now = listener.clock.now()
        for key, name in (("k", "kills"), ("n", "neighbour")):
            arguments = {"thing": key, "name": name, "count": 1}
            row = {"key": key, "due_at": now, "command": "NoteThing", "arguments": arguments}
            session.execute(insert(scheduled_commands).values(**row, revision=new_id(), state="pending"))

    def rest():
        with listener.database.reading() as session:
            query = select(scheduled_commands.c.key, scheduled_commands.c.state, scheduled_commands.c.reason)
            return session.execute(query).all()

    found = lambda: [row[:2] for row in rest()] == [("k", "dead")]  # noqa: E731
    start_again_until(process, found, most=caution.MOST_DEATHS + 1)
    assert f"the process died {caution.MOST_DEATHS} times over it" in rest()[0].reason
    assert noted(listener) == [("n", "neighbour", 1)]


@pytest.mark.parametrize("seed", [11])
def test_kills_from_outside_make_nothing_dead(listener, process, seed):
    choose = random.Random(seed)
    keep(listener, *(message(f"k{number % 5}", "slow", number) for number in range(100)))
    for _ in range(caution.MOST_DEATHS - 1):  # one more over the same message would be that message's
        process.start()
        time.sleep(choose.uniform(0.6, 1.2))
        process.kill()
    start_again_until(process, lambda: inbox.counts(listener.database) == {"done": 100}, most=0)
    counts = [count for _, _, count in noted(listener)]
    assert len(counts) == len(set(counts)) == 100
    for key in range(5):
        assert [count for count in counts if count % 5 == key] == list(range(key, 100, 5))


def test_after_a_stop_in_order_nothing_is_counted(listener, process):
    process.start()
    eventually(lambda: holder_of(listener) is not None)
    process.stop()
    lease = Lease(listener.database)
    assert lease.acquire()
    assert not lease.follows_a_death


def holder_of(listener):
    with listener.database.reading() as session:
        return session.scalar(select(leases.c.holder))


def test_a_killed_holder_is_followed_within_five_seconds(listener, url):
    killed = Process(url, LEASE_SECONDS)
    killed.start()
    eventually(lambda: holder_of(listener) is not None)
    second = Holder(listener, EmbeddedBus())
    second.start()
    killed.kill()
    died = time.monotonic()
    eventually(lambda: second.lease.held)
    assert time.monotonic() - died < 5.0
    keep(listener, message("a", "x"))
    eventually(lambda: noted(listener) == [("a", "x", 1)])
    second.stop()


def test_a_frozen_holder_that_thaws_changes_nothing(listener, process):
    keep(listener, *(message(f"k{number % 5}", "slow", number) for number in range(60)))
    process.start()
    eventually(lambda: holder_of(listener) is not None)
    time.sleep(0.2)
    process.send(signal.SIGSTOP)
    if not listener.database.is_sqlite:
        second = Holder(listener, EmbeddedBus(), Lease(listener.database, 0.5))
        second.start()  # PostgreSQL ends the frozen transaction after 15 s
        until = time.monotonic() + 25
        while inbox.counts(listener.database) != {"done": 60}:
            assert time.monotonic() < until
            time.sleep(0.05)
        process.send(signal.SIGCONT)
        time.sleep(1)
        second.stop()
    process.send(signal.SIGCONT)
    eventually(lambda: inbox.counts(listener.database) == {"done": 60})
    counts = [count for _, _, count in noted(listener)]
    assert len(counts) == len(set(counts)) == 60


def test_a_handler_slower_than_the_lease_keeps_it(listener, monkeypatch):
    monkeypatch.setattr("tests.integration.messaging.toy.SLOW_SECONDS", 1.5)
    holder = Holder(listener, EmbeddedBus(), Lease(listener.database, 0.5))
    other = Holder(listener, EmbeddedBus(), Lease(listener.database, 0.5))
    keep(listener, message("a", "slow"), message("b", "x"))
    holder.start()
    eventually(lambda: holder.lease.held)
    other.start()
    eventually(lambda: len(noted(listener)) == 2)
    assert len(noted(listener)) == 2
    assert not other.lease.follows_a_death
    other.stop()
    holder.stop()


@pytest.mark.parametrize("signals", [1, 2])
def test_sigterm_in_mid_handler_lets_it_end_and_lets_go(listener, url, free_port, tmp_path, signals):
    settings = {
        "JIUSHU_HTTP_PORT": str(free_port),
        "JIUSHU_VAR_DIR": str(tmp_path),
        "TOY_SLOW_SECONDS": "1.5",
    }
    process = Process(url, "suite", **settings)
    keep(listener, message("a", "slow"), message("b", "x"))
    process.start()
    eventually(lambda: holder_of(listener) is not None)
    for _ in range(signals):
        time.sleep(0.3)
        process.send(signal.SIGTERM)
    assert process.end_code() == 0
    process.stop()
    assert len(noted(listener)) == len({thing for thing, *_ in noted(listener)})
    lease = Lease(listener.database)
    assert lease.acquire()
    assert not lease.follows_a_death
    lease.release()
    holder = Holder(listener, EmbeddedBus())
    holder.start()
    eventually(lambda: inbox.counts(listener.database) == {"done": 2})
    assert len(noted(listener)) == 2
    holder.stop()


# ---- the database comes and goes


@pytest.fixture
def under_test(listener):
    return ServiceUnderTest(LISTENER, listener.database)


def attempts(listener):
    with listener.database.reading() as session:
        return list(session.scalars(select(inbox_messages.c.attempts).order_by(inbox_messages.c.id)))


def test_connections_that_are_cut_in_mid_handler_burn_no_attempts(postgresql):
    database = Database(postgresql.new_database("cut"))
    listener = ServiceUnderTest(LISTENER, application(LISTENER, database).database)
    FLAKY["cuts"] = caution.MOST_CUTS
    keep(listener, message("a", "cut off"), message("b", "neighbour"))
    listener.lease.follows_a_death = True  # the most suspicious case
    while FLAKY["cuts"]:
        with pytest.raises(DatabaseAway):
            listener.lane.run_once()
    assert attempts(listener) == [0, 0]
    listener.run()
    assert {name for _, name, _ in noted(listener.application)} == {"cut off", "neighbour"}
    database.dispose()


def test_a_message_over_which_the_database_goes_away_each_time_is_dead_in_the_end_and_stops_nobody(
    postgresql,
):
    database = Database(postgresql.new_database("cut"))
    listener = ServiceUnderTest(LISTENER, application(LISTENER, database).database)
    FLAKY["cuts"] = 1000
    keep(listener, message("a", "cut off"), message("b", "neighbour"), message("a", "behind"))
    for _ in range(caution.MOST_CUTS + 2):
        with suppress(DatabaseAway):
            listener.lane.run_once()
    assert {name for _, name, _ in noted(listener.application)} == {"neighbour"}
    while FLAKY["cuts"] and attempts(listener)[0] < lane.MOST_ATTEMPTS:
        with listener.application.database.writing() as session:
            session.execute(update(inbox_messages).values(due=0.0))
        with suppress(DatabaseAway):
            listener.lane.run_once()
    FLAKY["cuts"] = 0
    with listener.database.reading() as session:
        states = session.scalars(select(inbox_messages.c.state).order_by(inbox_messages.c.id)).all()
    assert states == ["dead", "done", "pending"]
    database.dispose()


def test_a_handler_that_the_database_found_too_slow_fails_and_holds_up_nobody(postgresql, monkeypatch):
    """It sat in its transaction until the server ended that: unlike a cut, this would happen again for ever."""
    options = "-c idle_in_transaction_session_timeout=300ms"
    monkeypatch.setattr(database_module, "IDLE_SECONDS", 0.3)
    monkeypatch.setitem(database_module._POSTGRESQL_LIMITS, "options", options)
    monkeypatch.setattr("tests.integration.messaging.toy.SLOW_SECONDS", 0.6)
    database = Database(postgresql.new_database("idle"))
    listener = ServiceUnderTest(LISTENER, application(LISTENER, database).database)
    keep(listener, message("a", "slow"), message("b", "neighbour"))
    listener.lane.run_once()
    assert attempts(listener) == [1, 0]
    assert "TooLongIdle" in listener.reasons()[0]
    assert noted(listener.application) == [("b", "neighbour", 1)]
    database.dispose()


def test_a_locked_sqlite_file_burns_no_attempts(tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "_LOCKED_SECONDS", 0.02)
    url = f"sqlite:///{tmp_path}/x.db"
    listener = ServiceUnderTest(LISTENER, application(LISTENER, Database(url)).database)
    keep(listener, message("a", "x"))
    other = Database(url)
    for _ in range(lane.MOST_ATTEMPTS + 1):
        with other.writing() as session:
            session.execute(text("SELECT 1"))
            with pytest.raises(OperationalError, match="locked"):
                listener.lane.run_once()
    assert attempts(listener) == [0]
    listener.run()
    assert noted(listener.application) == [("a", "x", 1)]
    other.dispose()
    listener.database.dispose()


def failure(deed):
    try:
        deed()
    except Exception as error:
        return error
    return None


def test_a_full_disk_is_nobodys_fault(tmp_path):
    listener = ServiceUnderTest(
        LISTENER, application(LISTENER, Database(f"sqlite:///{tmp_path}/x.db")).database
    )
    keep(listener, message("a", "x" * 100))
    with listener.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    event.listen(
        listener.database.engine,
        "checkout",
        lambda connection, *_: connection.execute(f"PRAGMA max_page_count={pages}"),
    )
    numbers = itertools.count()
    eventually(lambda: failure(lambda: keep(listener, message(f"k{next(numbers)}", "y" * 100))))
    assert {is_away(error) for _ in range(3) if (error := failure(listener.lane.run_once))} <= {True}
    assert set(attempts(listener)) == {0}
    listener.database.dispose()


def test_a_handler_that_leaves_the_process_only_fails(under_test):
    under_test.deliver(*[])
    keep(under_test, message("a", "leaves"), message("b", "neighbour"))
    under_test.run()
    assert noted(under_test.application) == [("b", "neighbour", 1)]
    assert under_test.heard() == {"pending": 1, "done": 1}


# ---- providers


def test_a_provider_that_hangs_holds_up_neither_the_lane_nor_the_stop(listener, monkeypatch):
    monkeypatch.setattr("shared.messaging.holder.BACKGROUND_STOP_SECONDS", 0.2)
    hanging, let_go = threading.Event(), threading.Event()

    def provider(_application, _lease):
        hanging.set()
        let_go.wait(60)
        return 0

    listener.background = (provider,)
    holder = Holder(listener, EmbeddedBus())
    holder.start()
    assert hanging.wait(10)
    keep(listener, message("a", "x"))
    eventually(lambda: noted(listener) == [("a", "x", 1)])
    begun = time.monotonic()
    holder.stop()
    assert time.monotonic() - begun < 5
    next_one = Lease(listener.database)
    assert next_one.acquire()
    assert not next_one.follows_a_death
    let_go.set()


def test_a_background_step_that_lost_the_lease_stops_until_it_is_held_again(listener):
    lost = threading.Event()

    def step(application, lease):
        with application.writing() as session:
            try:
                lease.guard(session)
            except LeaseLost:
                lost.set()
                raise
        return 0

    listener.background = (step,)
    holder = Holder(listener, EmbeddedBus(), Lease(listener.database, 0.4))
    holder.start()
    eventually(lambda: holder.lease.held)
    with listener.database.writing() as session:
        session.execute(update(leases).values(holder="another", until=0.0))
    eventually(lambda: holder_of(listener) == holder.lease.holder)
    holder.stop()
    assert Lease(listener.database).acquire()
