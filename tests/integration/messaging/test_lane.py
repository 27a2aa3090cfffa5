"""The lane: each message once in effect, in the order of its key; a bad one hurts only its own key."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, update

from shared.messaging import inbox, lane
from shared.messaging.lease import Lease, LeaseLost
from shared.messaging.transport import Incoming
from shared.persistence.tables import inbox_messages
from shared.testing.harness import ServiceUnderTest
from tests.integration.messaging.toy import FLAKY, LISTENER, LabelSet, ThingMade, noted


@pytest.fixture(params=["sqlite", "postgresql"])
def listener(request):
    """The toy listener on either database."""
    from shared.persistence.database import Database
    from tests.integration.messaging.toy import kernel

    FLAKY["failures"] = 0
    if request.param == "sqlite":
        yield ServiceUnderTest(LISTENER)
        return
    database = Database(request.getfixturevalue("postgresql").new_database("lane"))
    kernel.create_all(database.engine)
    LISTENER.metadata.create_all(database.engine)
    yield ServiceUnderTest(LISTENER, database)
    database.dispose()


def made(listener, thing, name, count=1):
    return listener.message(ThingMade, thing, {"name": name, "count": count})


def test_a_message_delivered_a_hundred_times_is_handled_once(listener):
    message = made(listener, "a", "x")
    listener.deliver(*[message] * 100)
    assert noted(listener.application) == [("a", "x", 1)]


def test_the_same_id_from_another_source_is_another_message(listener):
    message = made(listener, "a", "x")
    body = message.incoming.body.replace(b"/jiushu/110112010/sender", b"/jiushu/999999999/sender")
    listener.deliver(message, type(message)(Incoming(message.incoming.event_id, ThingMade.type, "a", body)))
    assert len(noted(listener.application)) == 2


def test_a_broken_handler_keeps_its_message_and_leaves_no_half_written_effect(listener):
    listener.deliver(made(listener, "a", "bad"))
    assert noted(listener.application) == []
    assert listener.heard() == {"pending": 1}
    assert "this one is broken" in listener.reasons()[0]


def test_a_bad_message_holds_back_its_own_key_and_no_other(listener):
    listener.deliver(
        made(listener, "a", "first", 1),
        made(listener, "a", "refused", 2),
        made(listener, "b", "neighbour", 1),
        made(listener, "a", "behind", 3),
        made(listener, "c", "neighbour", 1),
    )
    assert noted(listener.application) == [("a", "first", 1), ("b", "neighbour", 1), ("c", "neighbour", 1)]
    assert listener.heard() == {"done": 3, "dead": 1, "pending": 1}


def test_discarding_a_dead_message_lets_its_key_go_on_and_replaying_handles_it_again(listener):
    listener.deliver(made(listener, "a", "refused"), made(listener, "a", "behind", 2))
    (letter,) = listener.request("GET", "/dead-letters").json["items"]
    assert letter["reason"].startswith("Invalid")
    path = f"/dead-letters/{letter['id']}"
    assert listener.request("POST", f"{path}/discard", {"reason": "spoilt"}).status_code == 403
    assert listener.request("POST", f"{path}/replay", {"reason": "again"}, role="admin").status_code == 200
    listener.run()
    assert listener.heard() == {"dead": 1, "pending": 1}
    assert listener.request("POST", f"{path}/discard", {"reason": "spoilt"}, role="admin").status_code == 200
    listener.run()
    assert noted(listener.application) == [("a", "behind", 2)]
    assert listener.heard() == {"discarded": 1, "done": 1}


def test_what_comes_too_early_waits_without_using_up_attempts(listener):
    early = made(listener, "a", "early")
    listener.deliver(early)
    for _ in range(lane.MOST_ATTEMPTS + 3):
        listener.run()
    assert listener.heard() == {"pending": 1}
    listener.deliver(made(listener, "b", "open the gate"))
    assert ("a", "early", 1) in noted(listener.application)


def test_a_failure_that_passes_is_tried_again_until_it_succeeds(listener):
    listener.deliver(made(listener, "a", "flaky"))
    listener.run()
    assert noted(listener.application) == [("a", "flaky", 1)]


def test_a_failure_that_does_not_pass_is_dead_in_the_end_with_its_reason(listener):
    listener.deliver(made(listener, "a", "bad"))
    for _ in range(lane.MOST_ATTEMPTS):
        listener.run()
    assert listener.heard() == {"dead": 1}
    assert "this one is broken" in listener.reasons()[0]


@pytest.mark.parametrize(
    "body",
    [
        b"{not json",
        b"\xff\xfe",
        b"[]",
        b'{"specversion":"1.0"}',
        b'{"id":"1","source":"s","type":"t","subject":"k","time":"yesterday","data":{},"correlationid":"c",'
        b'"aggregateversion":1,"partitionkey":"k"}',
    ],
)
def test_unreadable_bytes_are_kept_as_they_came_and_are_dead(listener, body):
    inbox.keep(listener.database, [Incoming("id-1", ThingMade.type, "a", body)])
    listener.deliver(made(listener, "a", "behind"), made(listener, "b", "neighbour"))
    assert listener.heard() == {"dead": 1, "pending": 1, "done": 1}
    assert noted(listener.application) == [("b", "neighbour", 1)]
    (letter,) = listener.request("GET", "/dead-letters").json["items"]
    assert listener.request("GET", f"/dead-letters/{letter['id']}", role="admin").status_code == 200


def test_the_same_unreadable_bytes_under_another_key_hold_that_one_back_too(listener):
    for key in ("a", "b", "b"):
        inbox.keep(listener.database, [Incoming("id-1", ThingMade.type, key, b"")])
    listener.deliver(made(listener, "a", "behind"), made(listener, "b", "behind"))
    assert listener.heard() == {"dead": 2, "pending": 2}
    assert noted(listener.application) == []


def test_an_event_that_breaks_its_contract_is_dead_at_once_and_a_broken_copy_blocks_nobody(listener):
    bad = listener.message(LabelSet, "a", {"name": "x"})
    broken = bad.incoming.body.replace(b'"name":"x"', b'"nom":"x"')
    inbox.keep(listener.database, [Incoming("id-1", LabelSet.type, "a", broken)])
    listener.deliver(made(listener, "a", "behind"))
    assert listener.heard() == {"dead": 1, "done": 1}


def test_a_type_that_is_unknown_waits_for_the_upgrade(listener):
    message = made(listener, "a", "x")
    body = message.incoming.body.replace(b"sender.thing.made.v1", b"sender.thing.made.v9")
    inbox.keep(listener.database, [Incoming("id-1", "sender.thing.made.v9", "a", body)])
    listener.run()
    assert listener.heard() == {"pending": 1}
    assert "upgrade" in listener.reasons()[0]


def test_a_holder_that_lost_its_lease_writes_nothing(listener):
    message = made(listener, "a", "x")
    inbox.keep(listener.database, [message.incoming])
    listener.lease.release()
    assert Lease(listener.database).acquire()
    with pytest.raises(LeaseLost):
        listener.lane.run_once()
    assert noted(listener.application) == []
    assert listener.heard() == {"pending": 1}


def test_a_lease_is_free_again_when_its_time_is_over_and_not_before(listener):
    other = Lease(listener.database)
    assert not other.acquire()
    assert listener.lease.acquire()
    with listener.database.writing() as session:
        from shared.persistence.tables import leases

        session.execute(update(leases).values(until=0.0))
    assert other.acquire()
    assert not listener.lease.acquire()
    assert not listener.lease.held


def test_a_long_backlog_is_handled_completely_and_in_order(listener):
    messages = [made(listener, f"k{n % 7}", "x", n) for n in range(lane.BATCH * 2 + 3)]
    for message in messages:
        inbox.keep(listener.database, [message.incoming])
    listener.run()
    by_key = {}
    for thing, _, count in noted(listener.application):
        by_key.setdefault(thing, []).append(count)
    assert sum(len(counts) for counts in by_key.values()) == len(messages)
    assert all(counts == sorted(counts) for counts in by_key.values())


@settings(max_examples=30, deadline=None)
@example(plan=[("c", "bad", 1), ("c", "fine", 1), ("a", "bad", 1), ("b", "fine", 1)])
@given(
    plan=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["fine", "refused", "bad"]), st.integers(1, 3)),
        max_size=25,
    )
)
def test_whatever_comes_nothing_is_handled_twice_or_out_of_order_and_nothing_is_lost(plan):
    listener = ServiceUnderTest(LISTENER)
    messages = [
        (made(listener, key, name, number), copies) for number, (key, name, copies) in enumerate(plan)
    ]
    for message, copies in messages:
        listener.deliver(*[message] * copies)
    heard = noted(listener.application)
    assert len(set(heard)) == len(heard)
    for key in "abc":
        counts = [count for thing, _, count in heard if thing == key]
        expected = []
        for number, (thing, name, _) in enumerate(plan):
            if thing == key and name != "fine":
                break
            if thing == key:
                expected.append(number)
        assert counts == expected
    assert sum(listener.heard().values()) == len(plan)
    with listener.database.reading() as session:
        assert session.query(inbox_messages).count() == len(plan)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"id": "x" * 65},
        {"subject": "k" * 65, "partitionkey": "k" * 65},
        {"source": "/" * 121},
        {"correlationid": "nul \x00"},
        {"type": "half a \ud800"},
    ],
    ids=["long id", "long subject", "long source", "NUL", "surrogate"],
)
def test_an_envelope_that_no_database_can_keep_is_dead_and_its_neighbours_are_received(listener, spoilt):
    good = made(listener, "b", "neighbour")
    body = json.dumps(json.loads(made(listener, "a", "x").incoming.body) | spoilt).encode()
    inbox.keep(listener.database, [Incoming("id-1\x00", "t\ud800", "k" * 100, body), good.incoming])
    listener.run()
    assert listener.heard() == {"dead": 1, "done": 1}
    assert len(listener.request("GET", "/dead-letters").json["items"]) == 1


def test_a_reason_that_cannot_be_stored_stops_nobody(listener):
    listener.deliver(made(listener, "a", "unsayable"), made(listener, "b", "neighbour"))
    assert listener.heard() == {"dead": 1, "done": 1}


def test_on_sqlite_the_lane_finds_its_messages_without_reading_the_whole_inbox():
    """The query must use the partial indexes: it once read every row for each pending one."""
    listener = ServiceUnderTest(LISTENER)
    lane_query = {}

    def keep_query(_connection, _cursor, statement, parameters, *_):
        if "held_up" in statement:
            lane_query.update(statement=statement, parameters=parameters)

    event.listen(listener.database.engine, "before_cursor_execute", keep_query)
    listener.run()
    with listener.database.engine.connect() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN " + lane_query["statement"], lane_query["parameters"]
        )
        steps = " ".join(row[-1] for row in plan)
    assert "ix_inbox_unfinished" in steps
    assert "SCAN inbox_messages " not in steps + " "
