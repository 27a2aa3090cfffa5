"""What has done its work is removed after a time; what has not, stays; nothing that was removed counts twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select, update

from shared.kernel.clock import SystemClock
from shared.messaging import retention as retention_module
from shared.messaging.lease import LeaseLost
from shared.messaging.retention import Retention
from shared.persistence.database import Database
from shared.persistence.tables import (
    idempotency_keys,
    inbox_messages,
    leases,
    outbox_messages,
    replays,
    scheduled_commands,
)
from shared.telemetry.metrics import Metrics
from shared.testing.harness import ServiceUnderTest
from tests.integration.messaging.toy import (
    LISTENER,
    SENDER,
    LabelSet,
    MakeThing,
    ThingMade,
    application,
)

LONG_AGO = SystemClock().now() - timedelta(days=31)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_service(request, tmp_path, monkeypatch):
    monkeypatch.setattr(retention_module, "WINDOW", 10)
    monkeypatch.setattr(retention_module, "PAUSE_SECONDS", 0)
    databases = []

    def new(definition):
        url = f"sqlite:///{tmp_path}/{definition.name}.db"
        if request.param == "postgresql":
            url = request.getfixturevalue("postgresql").new_database(definition.name)
        database = Database(url)
        application(definition, database)
        databases.append(database)
        return ServiceUnderTest(definition, database)

    yield new
    for database in databases:
        database.dispose()


def clean(service, days=30):
    return Retention(service.database, service.lease, Metrics(), days).run_once()


def made(service, thing, name, count=1):
    return service.message(ThingMade, thing, {"name": name, "count": count})


def age(service, table, *columns):
    with service.database.writing() as session:
        session.execute(update(table).values(dict.fromkeys(columns, LONG_AGO)))


def number_of(service, table):
    with service.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_old_messages_that_are_done_or_discarded_are_removed_and_pending_and_dead_ones_stay(new_service):
    listener = new_service(LISTENER)
    listener.deliver(*(made(listener, f"k{number}", "x") for number in range(35)))
    listener.deliver(
        made(listener, "a", "refused"), made(listener, "a", "behind", 2), made(listener, "b", "refused")
    )
    last = listener.request("GET", "/dead-letters").json["items"][-1]["id"]
    listener.post(f"/dead-letters/{last}/discard", {"reason": "spoilt"}, role="admin", status=200)
    age(listener, inbox_messages, "received_at", "handled_at")
    listener.deliver(made(listener, "young", "x"))
    assert clean(listener, days=0) == 0
    assert clean(listener) == 36
    assert listener.heard() == {"dead": 1, "pending": 1, "done": 1}
    assert clean(listener) == 0


def test_what_was_given_up_today_stays_though_it_came_long_ago_and_keeps_nothing_else_from_being_removed(
    new_service,
):
    listener = new_service(LISTENER)
    listener.deliver(made(listener, "a", "refused"), *(made(listener, f"k{n}", "x") for n in range(35)))
    age(listener, inbox_messages, "received_at", "handled_at")
    (dead,) = listener.request("GET", "/dead-letters").json["items"]
    listener.post(f"/dead-letters/{dead['id']}/discard", {"reason": "spoilt"}, role="admin", status=200)
    assert clean(listener) == 35  # three windows and a half behind the one with the young row
    assert listener.heard() == {"discarded": 1}
    age(listener, inbox_messages, "handled_at")
    assert clean(listener) == 1


def test_replays_that_are_over_and_commands_that_were_given_up_are_removed_after_a_time(new_service):
    listener = new_service(LISTENER)
    now = listener.clock.now()
    wish = {"kind": "kept", "reason": "r", "asked_by": "cli", "asked_at": now, "position": "", "sent": 0}
    command = {"command": "NoteThing", "arguments": {}, "revision": "r", "due_at": LONG_AGO}
    with listener.database.writing() as session:
        for state in ("finished", "failed", "under_way"):
            session.execute(insert(replays).values(wish | {"state": state, "finished_at": LONG_AGO}))
        session.execute(
            insert(replays).values(wish | {"state": "finished", "finished_at": SystemClock().now()})
        )
        for state in ("discarded", "dead", "pending"):
            session.execute(insert(scheduled_commands).values(command | {"key": state, "state": state}))
    assert clean(listener, days=0) == 0
    assert clean(listener) == 3
    assert number_of(listener, replays) == 2
    listener.post("/dead-commands/2/discard", {"reason": "no use"}, role="admin", status=200)
    assert clean(listener) == 0  # it came long ago, and was given up today
    age(listener, scheduled_commands, "handled_at")
    assert clean(listener) == 1
    assert listener.scheduled() == ["pending"]


def test_old_events_that_are_published_are_removed_and_unpublished_ones_stay(new_service):
    sender = new_service(SENDER)
    for number in range(25):
        sender.handle(MakeThing("a", f"n{number}"))
    age(sender, outbox_messages, "published_at")
    with sender.database.writing() as session:
        oldest = select(func.min(outbox_messages.c.id)).scalar_subquery()
        session.execute(
            update(outbox_messages).where(outbox_messages.c.id == oldest).values(published_at=None)
        )
    sender.handle(MakeThing("a", "young"))
    assert clean(sender) == 24
    assert number_of(sender, outbox_messages) == 2


def test_answers_are_removed_after_three_days_even_where_all_else_is_kept(new_service):
    sender = new_service(SENDER)
    row = {"fingerprint": "f", "status": 201, "headers": {}, "body": b""}
    with sender.database.writing() as session:
        for number in range(25):
            session.execute(insert(idempotency_keys).values(id=str(number), kept_at=0.0, **row))
    assert clean(sender, days=0) == 25


def test_where_nothing_is_old_only_the_oldest_window_is_read(new_service):
    listener = new_service(LISTENER)
    listener.deliver(*(made(listener, f"k{number}", "x") for number in range(60)))
    seen = []
    event.listen(
        listener.database.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2])
    )
    assert clean(listener) == 0
    assert not [statement for statement in seen if statement.startswith(("DELETE", "UPDATE"))]
    assert len([statement for statement in seen if "FROM inbox_messages" in statement]) == 2


def test_who_lost_the_lease_removes_nothing(new_service):
    listener = new_service(LISTENER)
    listener.deliver(made(listener, "a", "x"))
    age(listener, inbox_messages, "received_at", "handled_at")
    with listener.database.writing() as session:
        session.execute(update(leases).values(holder="another"))
    with pytest.raises(LeaseLost):
        clean(listener)
    assert listener.heard() == {"done": 1}


def test_a_late_duplicate_of_what_was_removed_finds_the_copy_as_new_and_changes_nothing(new_service):
    listener = new_service(LISTENER)
    old = listener.hear(LabelSet, "a", {"name": "old"})
    listener.hear(LabelSet, "a", {"name": "new"})
    age(listener, inbox_messages, "received_at", "handled_at")
    assert clean(listener) == 2
    listener.deliver(old)
    assert [facts["name"] for facts in listener.copies("sender.label")] == ["new"]
    assert listener.heard() == {"done": 1}
