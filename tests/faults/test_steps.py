"""One fault at a time, in one process: each step of the bus fails once, at exactly the place that is named."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine, event, func, select, text, update

from shared.application import Application
from shared.contracts.envelope import Envelope
from shared.kernel.command import Cause
from shared.messaging import failpoints, inbox, lane
from shared.messaging.embedded import EmbeddedBus
from shared.messaging.failpoints import FailpointReached
from shared.messaging.lane import Lane
from shared.messaging.lease import Lease, LeaseLost
from shared.messaging.relay import Relay
from shared.messaging.transport import Incoming, TransportAway
from shared.persistence.database import Database, DatabaseAway
from shared.persistence.tables import inbox_messages, leases, outbox_messages
from shared.testing.harness import empty
from tests.integration.messaging.toy import LISTENER, MAKER, SENDER, MakeThing, ThingMade, application, noted

PATIENCE_SECONDS = 20
SENDING = ["relay.after_claim", "relay.mid_batch", "relay.after_publish", "relay.after_confirm"]
MARKING = ["relay.before_mark_commit"]
RECEIVING = ["receive.before_commit"]
HANDLING = ["lane.in_handler", "lane.before_commit", "lane.after_commit"]


@dataclass
class Pair:
    """Sender and listener; nothing moves by itself."""

    sender: Application
    listener: Application
    bus: EmbeddedBus

    def make(self, thing, name="x"):
        self.sender.handle(MakeThing(thing, name), MAKER)

    def relay(self, bus=None):
        return Relay(self.sender.database, self._lease(self.sender), bus or self.bus)

    def lane(self):
        return Lane(self.listener, self._lease(self.listener))

    def work(self, *, faults=FailpointReached):
        """Everything is sent and handled, however often it takes; a step that fails is taken again."""
        steps = (self.relay().run_once, self.lane().run_once)
        while sum([self._step(step, faults) for step in steps]):
            with self.listener.database.writing() as session:  # what is tried again later is tried again now
                session.execute(update(inbox_messages).values(due=0.0))

    def _step(self, step, faults):
        try:
            return step()
        except (faults, TransportAway):
            return 1

    def attempts(self):
        with self.listener.database.reading() as session:
            return [row.attempts for row in session.execute(select(inbox_messages.c.attempts))]

    def _lease(self, service):
        lease = Lease(service.database)
        with service.database.writing() as session:
            session.execute(update(leases).values(until=0.0))
        assert lease.acquire()
        return lease


@pytest.fixture(scope="module")
def databases_of_all(postgresql):
    """Making and removing a database takes longer than any of these tests."""
    made = {
        definition: Database(postgresql.new_database(definition.name)) for definition in (SENDER, LISTENER)
    }
    for definition, database in made.items():
        application(definition, database)
    yield made
    for database in made.values():
        database.dispose()


@pytest.fixture
def postgresql_pair(databases_of_all):
    for definition, database in databases_of_all.items():
        empty(database, definition)
    return _pair(*databases_of_all.values())


@pytest.fixture
def sqlite_pair(tmp_path):
    made = [Database(f"sqlite:///{tmp_path}/{name}.db") for name in ("sender", "listener")]
    yield _pair(*made)
    for database in made:
        database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def pair(request):
    return request.getfixturevalue(f"{request.param}_pair")


def _pair(sending, hearing):
    sender, listener, bus = application(SENDER, sending), application(LISTENER, hearing), EmbeddedBus()
    bus.join(sender)
    bus.join(listener)
    return Pair(sender, listener, bus)


def fail():
    raise FailpointReached


def in_threads(*deeds):
    """Do all at once; what they raised."""
    raised = []

    def run(deed):
        try:
            deed()
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
    return raised


# ---- 1-7: who says something


@pytest.mark.parametrize("point", ["outbox.before_insert", "outbox.after_insert"])
def test_a_change_that_fails_around_the_outbox_is_not_made_and_not_told(pair, point):
    with failpoints.acting(point, fail), pytest.raises(FailpointReached):
        pair.make("a", "never")
    pair.make("a", "x")
    pair.work()
    assert noted(pair.listener) == [("a", "x", 1)]


def test_a_change_is_told_though_its_process_ended_before_the_relay_was_woken(pair):
    with failpoints.acting("outbox.after_commit", fail), pytest.raises(FailpointReached):
        pair.make("a")
    pair.work()
    assert noted(pair.listener) == [("a", "x", 1)]


def test_two_transactions_that_lock_each_other_both_succeed_and_are_told_once(postgresql_pair):
    pair, both_hold_one = postgresql_pair, threading.Barrier(2)
    pair.make("a")
    pair.make("b")

    def move_both(first, second):
        met = []

        def deed(session):
            pair.sender.carry_out(session, MakeThing(first, "y"), Cause(MAKER))
            if not met:
                met.append(both_hold_one.wait(PATIENCE_SECONDS))
            pair.sender.carry_out(session, MakeThing(second, "y"), Cause(MAKER))

        return lambda: pair.sender.in_transaction(deed)

    assert in_threads(move_both("a", "b"), move_both("b", "a")) == []
    pair.work()
    heard = noted(pair.listener)
    assert [count for thing, _, count in heard if thing == "a"] == [1, 2, 3]
    assert [count for thing, _, count in heard if thing == "b"] == [1, 2, 3]


def test_two_writers_of_one_aggregate_are_heard_in_the_order_of_its_versions(pair):
    pair.make("a")

    def write():
        for _ in range(5):
            while True:
                try:
                    pair.make("a")
                    break
                except Exception:  # the other one was faster three times
                    continue

    assert in_threads(write, write) == []
    pair.work()
    assert [count for _, _, count in noted(pair.listener)] == list(range(1, 12))


def test_what_is_committed_later_is_told_though_its_row_is_the_older_one(postgresql_pair):
    pair = postgresql_pair
    with pair.sender.database.writing() as slow:
        pair.sender.carry_out(slow, MakeThing("slow", "x"), Cause(MAKER))
        slow.flush()
        pair.make("quick")
        assert pair.relay().run_once() == 1
    pair.work()
    assert {thing for thing, _, _ in noted(pair.listener)} == {"slow", "quick"}


# ---- 8-11, 21-23, 26: who sends


@pytest.mark.parametrize("point", [*SENDING, *MARKING, *RECEIVING, *HANDLING])
def test_whichever_step_fails_is_taken_again_and_each_event_has_one_effect(pair, point):
    for number in range(3):
        pair.make("a", f"n{number}")
        pair.make("b", f"n{number}")
    reached = []

    def fail_once():
        reached.append(point)
        fail()

    with failpoints.acting(point, fail_once):
        pair.work()
    assert reached
    for key in "ab":
        assert [count for thing, _, count in noted(pair.listener) if thing == key] == [1, 2, 3]
    assert inbox.counts(pair.listener.database) == {"done": 6}


def test_a_relay_whose_lease_ended_while_it_sent_marks_nothing_and_the_next_ones_repetition_is_dropped(pair):
    pair.make("a")
    slow = pair.relay()
    with failpoints.acting("relay.after_publish", pair.relay), pytest.raises(LeaseLost):
        slow.run_once()
    with pair.sender.database.reading() as session:
        assert session.execute(select(outbox_messages.c.published_at)).scalar_one() is None
    pair.work()
    assert noted(pair.listener) == [("a", "x", 1)]


def test_two_relays_at_once_have_one_effect(pair):
    for number in range(20):
        pair.make(f"k{number % 3}", f"n{number}")
    first, both_sent = pair.relay(), threading.Barrier(2)
    second = Relay(pair.sender.database, pair.relay()._lease, pair.bus)
    with failpoints.acting("relay.after_confirm", lambda: both_sent.wait(PATIENCE_SECONDS), None):
        raised = in_threads(first.run_once, second.run_once)
    assert [type(error) for error in raised] == [LeaseLost]
    pair.work()
    assert len(noted(pair.listener)) == 20


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_lease_of_a_dead_holder_is_taken_though_the_servers_clock_has_jumped(pair, seconds):
    pair.lane()
    other = Lease(pair.listener.database)
    assert not other.acquire()
    with pair.listener.database.writing() as session:  # as if the clock had jumped the other way since
        session.execute(update(leases).values(until=leases.c.until - seconds))
    assert other.acquire()


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_holder_that_lives_keeps_its_lease_though_the_servers_clock_has_jumped(pair, seconds):
    holder = pair.lane()
    with pair.listener.database.writing() as session:
        session.execute(update(leases).values(until=leases.c.until - seconds))
    pair.make("a")
    pair.relay().run_once()
    assert holder.run_once() == 1
    assert not Lease(pair.listener.database).acquire()


# ---- 36, 38, 40, 41: who hears


def test_copies_that_arrive_at_once_are_kept_once(pair):
    pair.make("a")
    with pair.sender.database.reading() as session:
        body = session.execute(select(outbox_messages.c.body)).scalar_one()
    copy = Incoming(Envelope.from_bytes(body).id, ThingMade.type, "a", body)
    raised = in_threads(*[lambda: inbox.keep(pair.listener.database, [copy] * 5)] * 8)
    assert raised == []
    assert inbox.counts(pair.listener.database) == {"pending": 1}
    pair.work()
    assert noted(pair.listener) == [("a", "x", 1)]


def test_a_handler_slower_than_its_lease_has_one_effect_and_the_next_holder_comes_after_it(postgresql_pair):
    pair = postgresql_pair
    pair.make("a")
    pair.relay().run_once()
    slow = pair.lane()
    slow._lease.seconds = 0.01
    other, order = Lease(pair.listener.database), []

    def take_over():
        while not other.acquire():
            pass
        order.append("taken over")

    def handle_slowly():
        thread = threading.Thread(target=take_over)
        thread.start()
        thread.join(0.5)  # its lease is long over, but the row is locked by the transaction that guards it
        threads.append(thread)
        order.append("handled")

    threads: list[threading.Thread] = []
    with failpoints.acting("lane.in_handler", handle_slowly):
        slow.run_once()
    threads[0].join(PATIENCE_SECONDS)
    assert order == ["handled", "taken over"]
    assert noted(pair.listener) == [("a", "x", 1)]
    pair.make("a")
    pair.relay().run_once()
    with pytest.raises(LeaseLost):
        slow.run_once()


@pytest.mark.parametrize("point", ["receive.before_commit", "lane.in_handler", "lane.before_commit"])
def test_a_connection_that_is_lost_in_mid_transaction_burns_no_attempt(postgresql_pair, point):
    pair = postgresql_pair
    pair.make("a")

    def cut():
        with pair.listener.database.engine.connect() as connection:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))

    with failpoints.acting(point, cut):
        pair.work(faults=DatabaseAway)
    assert noted(pair.listener) == [("a", "x", 1)]
    assert pair.attempts() == [0]


def test_when_all_connections_are_in_use_the_lane_pauses_and_burns_no_attempt(postgresql_pair):
    pair = postgresql_pair
    pair.make("a")
    pair.relay().run_once()
    database = pair.listener.database
    handling = pair.lane()
    database.engine.dispose()
    plenty = database.engine
    database.engine = create_engine(database.url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    with database.engine.connect(), pytest.raises(DatabaseAway):
        handling.run_once()
    assert handling.run_once()
    database.engine.dispose()
    database.engine = plenty
    assert pair.attempts() == [0]
    assert noted(pair.listener) == [("a", "x", 1)]


def test_what_waits_does_not_drag_its_neighbours_out_of_their_batch(pair):
    pair.make("a", "early")
    pair.relay().run_once()
    handling = pair.lane()
    handling.run_once()
    for number in range(50):
        pair.make("b", f"n{number}")
    pair.relay().run_once()
    with pair.listener.database.writing() as session:
        session.execute(update(inbox_messages).values(due=0.0))
    commits = []
    keep = commits.append
    event.listen(pair.listener.database.engine, "commit", keep)
    handling.run_once()
    handling.run_once()
    event.remove(pair.listener.database.engine, "commit", keep)
    assert len(noted(pair.listener)) == 50
    assert len(commits) < 10


def test_the_backlog_of_a_long_outage_is_handled_once_and_in_order(pair):
    """The relay was away for long: many batches wait, of which each must begin where the last one ended."""
    names = [f"n{number}" for number in range(lane.BATCH * 2 + 50)]

    def write(session):
        for number, name in enumerate(names):
            pair.sender.carry_out(session, MakeThing(f"k{number % 11}", name), Cause(MAKER))

    pair.sender.in_transaction(write)
    pair.work()
    heard = noted(pair.listener)
    assert len(heard) == len(names)
    for key in {thing for thing, _, _ in heard}:
        counts = [count for thing, _, count in heard if thing == key]
        assert counts == list(range(1, len(counts) + 1))
    with pair.sender.database.reading() as session:
        unsent = select(func.count()).where(outbox_messages.c.published_at.is_(None))
        assert session.execute(unsent).scalar_one() == 0
