"""What was said once is said again: kept events to one or to all, and facts as they are now; on both substrates."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select, update
from werkzeug.test import Client

from shared.access.tokens import Tokens
from shared.contracts.fields import Text, Whole
from shared.contracts.registry import Event
from shared.messaging import inbox, replay
from shared.messaging.holder import Holder
from shared.messaging.lease import Lease, LeaseLost
from shared.messaging.relay import Relay
from shared.messaging.replay import Replayer
from shared.messaging.subscriptions import advance
from shared.messaging.transport import Outgoing
from shared.persistence.tables import copies, inbox_messages, leases, outbox_messages, replays
from shared.testing.harness import ServiceUnderTest
from shared.web.common import all_apis
from shared.web.wsgi import Door
from tests.integration.messaging import toy
from tests.integration.messaging.test_transport import eventually, pair, unpublished  # noqa: F401
from tests.integration.messaging.toy import LISTENER, SENDER, LabelSet, Thing, ThingMade, noted

TOKENS = Tokens("a key that is only for tests, and long enough")


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(replay, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(replay, "BATCH", 7)


@pytest.fixture
def relaying(pair):  # noqa: F811
    """Relay and replayer of the sender, moved by hand."""
    lease = Lease(pair.sender.database)
    assert lease.acquire()
    pair.lease = lease
    pair.relay = Relay(pair.sender.database, lease, pair.sending)
    pair.replayer = Replayer(pair.sender, lease, pair.sending)
    pair.holder = Holder(pair.listener, pair.receiving)
    pair.holder.start()
    yield pair
    pair.holder.stop()


def ask(application, **wish):
    """What `jiushu replay` and `jiushu republish` ask over HTTP."""
    door = Door(application, TOKENS, all_apis(application.definition))
    headers = {"Authorization": f"Bearer {TOKENS.issue('cli', wish.pop('role', 'admin'))}"}
    path = f"/{application.name}/v1/replays"
    return Client(door).post(path, json={"reason": "a new subscriber"} | wish, headers=headers)


def wishes(application):
    with application.database.reading() as session:
        return session.execute(select(replays)).all()


def replay_all(pair):  # noqa: F811
    while pair.replayer.run_once():
        pass
    return wishes(pair.sender)[-1]


def made_and_heard(pair, number=30):  # noqa: F811
    for n in range(number):
        pair.make(f"k{n % 3}", f"n{n}")
    while pair.relay.run_once():
        pass
    eventually(lambda: len(noted(pair.listener)) == number)


def forget_all(application):
    """As a subscriber that is new, or was restored from a backup."""
    with application.database.writing() as session:
        session.execute(delete(inbox_messages))
        session.execute(delete(toy.notes))


def test_a_late_subscriber_hears_all_that_is_kept_once_and_in_order(relaying):
    made_and_heard(relaying)
    forget_all(relaying.listener)
    for _ in range(2):  # asked for twice
        assert ask(relaying.sender, to="listener").status_code == 200
        wish = replay_all(relaying)
        assert (wish.state, wish.sent) == ("finished", 30)
        assert (wish.asked_by, wish.reason) == ("cli", "a new subscriber")
        eventually(lambda: len(noted(relaying.listener)) == 30)
    eventually(lambda: inbox.counts(relaying.listener.database) == {"done": 30})
    heard = noted(relaying.listener)
    for key in ("k0", "k1", "k2"):
        assert [count for thing, _, count in heard if thing == key] == list(range(1, 11))


def test_only_what_is_asked_for_is_sent_and_a_dry_run_sends_nothing(relaying):
    made_and_heard(relaying, 10)
    with relaying.sender.database.writing() as session:
        session.execute(
            update(outbox_messages)
            .where(outbox_messages.c.id <= 4)
            .values(published_at=relaying.sender.clock.now())
        )
    since = "2024-06-01T00:00:00+08:00"
    answer = ask(relaying.sender, to="listener", since=since, dry_run=True).json
    assert (answer["state"], answer["events"], answer["id"]) == ("dry_run", 6, None)
    assert wishes(relaying.sender) == []
    assert ask(relaying.sender, to="listener", until=since, type=ThingMade.type).json["events"] == 4
    assert replay_all(relaying).sent == 4


def test_others_do_not_hear_what_is_replayed_to_one(relaying):
    made_and_heard(relaying, 5)
    forget_all(relaying.listener)
    ask(relaying.sender, to="nobody")
    wish = replay_all(relaying)
    assert wish.state == "failed"
    assert "no service of that name" in wish.failure
    assert inbox.counts(relaying.listener.database) == {}
    relaying.make("a", "the relay goes on")
    assert relaying.relay.run_once() == 1


def test_what_is_replayed_and_does_not_concern_the_service_does_not_wait_there_for_ever(relaying):
    made_and_heard(relaying, 2)
    with relaying.sender.database.writing() as session:
        session.execute(
            update(outbox_messages).where(outbox_messages.c.id == 1).values(type="sender.thing.lost.v1")
        )
    forget_all(relaying.listener)
    ask(relaying.sender, to="listener")
    replay_all(relaying)
    eventually(lambda: inbox.counts(relaying.listener.database) == {"done": 1})
    assert relaying.listener.metrics.left_out._value.get() == 1


def test_a_replay_to_one_that_is_there_is_not_taken_for_one_to_nobody_because_of_what_nobody_hears(relaying):
    nobody_hears = Outgoing("1", "sender.thing.lost.v1", "a", b"{}", None)
    assert list(relaying.sending.send([nobody_hears]).unrouted) == ["sender.thing.lost.v1"]
    made_and_heard(relaying, 2)
    ask(relaying.sender, to="listener")
    assert replay_all(relaying).state == "finished"


def test_a_replay_that_cannot_succeed_says_so_and_lets_the_next_one_go(relaying, monkeypatch):
    made_and_heard(relaying, 2)
    monkeypatch.setattr(replay, "_current_facts", lambda *_: {}["no such field"])
    assert ask(relaying.sender, current=True).status_code == 200
    assert ask(relaying.sender, to="listener").status_code == 200
    replay_all(relaying)
    replay_all(relaying)
    failed, finished = wishes(relaying.sender)
    assert (failed.state, finished.state) == ("failed", "finished")
    assert "no such field" in failed.failure


def test_what_was_published_since_a_time_is_published_again_to_all(relaying):
    made_and_heard(relaying, 12)
    forget_all(relaying.listener)
    assert ask(relaying.sender, since="2024-01-01T00:00:00+08:00").status_code == 200
    assert replay_all(relaying).sent == 12
    eventually(lambda: len(noted(relaying.listener)) == 12)


def test_a_replay_that_is_cut_off_goes_on_where_it_was(relaying):
    made_and_heard(relaying, 20)
    forget_all(relaying.listener)
    ask(relaying.sender, to="listener")
    assert relaying.replayer.run_once() == 7
    with relaying.sender.database.writing() as session:  # as if killed after sending, before the note
        session.execute(update(leases).values(holder="another"))
    with pytest.raises(LeaseLost):
        relaying.replayer.run_once()
    with relaying.sender.database.writing() as session:
        session.execute(update(leases).values(until=0.0))
    assert relaying.lease.acquire()
    wish = replay_all(relaying)
    assert (wish.state, wish.sent) == ("finished", 20)
    eventually(lambda: inbox.counts(relaying.listener.database) == {"done": 20})
    counts = [count for thing, _, count in noted(relaying.listener) if thing == "k0"]
    assert counts == sorted(set(counts))


def test_while_something_is_replayed_new_events_are_relayed_too(relaying):
    made_and_heard(relaying, 20)
    ask(relaying.sender, to="listener")
    assert relaying.replayer.run_once()
    relaying.make("new", "x")
    assert relaying.relay.run_once() == 1
    eventually(lambda: ("new", "x", 1) in noted(relaying.listener))
    assert wishes(relaying.sender)[0].state == "under_way"


@pytest.mark.parametrize("to", [None, "listener"])
def test_facts_are_said_as_they_are_now_where_the_events_are_gone_and_only_newer_ones_are_kept(relaying, to):
    label = lambda thing, _event: (LabelSet, {"name": f"label {thing.count}"})  # noqa: E731
    relaying.sender.definition = SimpleNamespace(
        **{**vars(SENDER), "apis": SENDER.apis, "current": {Thing: label}}
    )
    for number in range(10):
        relaying.make(f"t{number}", "x")
        relaying.make(f"t{number}", "y")
    with relaying.sender.database.writing() as session:
        session.execute(delete(outbox_messages))
    with relaying.listener.database.writing() as session:  # newer than what will come, and older
        for ref, version in (("t0", 9), ("t1", 1)):
            row = {
                "aggregate": "sender.label",
                "ref": ref,
                "version": version,
                "facts": {"name": "as it was"},
            }
            session.execute(copies.insert().values(row))
    for _ in range(2):
        asked = ask(relaying.sender, current=True, to=to)
        assert asked.json["events"] == 10
        assert replay_all(relaying).sent == 10
    eventually(lambda: inbox.counts(relaying.listener.database) == {"done": 20})
    with relaying.listener.database.reading() as session:
        facts = {row.ref: row.facts["name"] for row in session.execute(select(copies))}
    assert facts == {"t0": "as it was"} | {f"t{number}": "label 2" for number in range(1, 10)}


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "since"),
        ({"current": True, "since": "2024-01-01T00:00:00Z"}, "since"),
        ({"to": "listener", "type": "sender.thing.unknown.v1"}, "type"),
        ({"to": "listener", "reason": " "}, "reason"),
        ({"to": "listener", "since": "yesterday"}, "since"),
    ],
)
def test_an_unclear_wish_is_refused_and_names_the_field(wish, field):
    sender = ServiceUnderTest(SENDER)
    answer = sender.request("POST", "/replays", {"reason": "why"} | wish, role="admin")
    assert answer.status_code in (400, 422)
    assert field in answer.text
    assert sender.request("POST", "/replays", {"to": "x", "reason": "why"}).status_code == 403


# ---- two versions of one fact


class ThingMadeAnew(Event):
    """Sent when: a thing is made or renamed. Not sent when: never."""

    type = "sender.thing.made.v2"
    name = Text(100, required=True)
    number = Whole(required=True)


def both_versions(thing, made):
    return [
        (ThingMade, {"name": made.name, "count": made.count}),
        (ThingMadeAnew, {"name": made.name, "number": made.count}),
    ]


def new_listener(*subscriptions):
    return ServiceUnderTest(type(LISTENER)(**{**vars(LISTENER), "subscriptions": subscriptions}))


old_one = advance(ThingMade, toy.on_thing_made)
new_one = advance(
    ThingMadeAnew, lambda heard: toy.NoteThing(heard.subject, heard.data["name"], heard.data["number"])
)


@pytest.fixture
def told_in_both():
    """One fact, said in both versions under one event id, as bytes."""
    sender = ServiceUnderTest(type(SENDER)(**{**vars(SENDER), "translations": {toy.Made: both_versions}}))
    sender.handle(toy.MakeThing("a", "x"))
    said = sender.said()
    assert len({one.envelope.id for one in said}) == 1
    return [inbox.Incoming(one.envelope.id, one.type, one.subject, one.envelope.to_bytes()) for one in said]


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("together", [True, False])
def test_two_versions_of_a_fact_count_once(told_in_both, order, together):
    listener = new_listener(old_one, new_one)
    for message in told_in_both[::order]:
        inbox.keep(listener.database, [message])
        if not together:
            listener.run()
    listener.run()
    assert noted(listener.application) == [("a", "x", 1)]
    assert listener.heard() == {"done": 2}


def test_a_version_that_an_old_service_does_not_know_waits_for_the_upgraded_one_and_counts_once(
    told_in_both,
):
    old = new_listener(old_one)
    inbox.keep(old.database, told_in_both[::-1])  # the queue is bound to both already: the unknown one first
    old.run()
    assert noted(old.application) == []
    assert old.heard() == {"pending": 2}
    upgraded = new_listener(old_one, new_one).application.definition
    new = ServiceUnderTest(upgraded, old.database)
    old.lease.release()
    assert new.lease.acquire()
    new.run()
    assert noted(new.application) == [("a", "x", 1)]
    assert new.heard() == {"done": 2}
