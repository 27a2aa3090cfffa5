"""The trail in its database: it only grows, is sealed behind the back of nobody's request, and ends by whole seals."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from shared.audit import reading, sealing
from shared.audit.reading import kept_of, verify
from shared.audit.sealing import AuditRetention, Sealing
from shared.audit.trail import Entry, keep
from shared.audit.verification import (
    CUT_OFF,
    ENTRY_ALTERED,
    ENTRY_INSERTED,
    ENTRY_REMOVED,
    EXPIRED_EARLY,
    SEAL_REMOVED,
    Wrong,
    by_number,
)
from shared.contracts.audit import sealed
from shared.messaging.holder import Holder
from shared.messaging.lease import LeaseLost
from shared.persistence.database import Database
from shared.persistence.migrate import migrate
from shared.persistence.tables import audit_entries, audit_seals, kept_seals, leases, outbox_messages
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest

DEED = Entry("staff-1", "street", "*", "127.0.0.1", "POST /grid/v1/cases", 201)
STREET = {"kind": "street", "name": "九棵树街道", "code": "110112010"}
entries, seals = audit_entries.c, audit_seals.c


@pytest.fixture(params=["sqlite", "postgresql"])
def grid(request, tmp_path):
    """grid with migrated tables, so that the triggers are there."""
    definition = service_class("grid").definition
    if request.param == "postgresql":
        yield ServiceUnderTest(definition, request.getfixturevalue("_migrated")(definition))
        return
    database = Database(f"sqlite:///{tmp_path}/grid.db")
    migrate(database, definition.migrations, "grid")
    yield ServiceUnderTest(definition, database)
    database.dispose()


def add(service, number=1, entry=DEED):
    with service.database.writing() as session:
        keep(session, [entry] * number)


def seal(service):
    return Sealing(service.application, service.lease).seal()


def sealed_trail(service, *sizes):
    for size in sizes:
        add(service, size)
        seal(service)


def wrong(service, kept=()):
    with service.database.reading() as session:
        return list(verify(session, "grid", by_number(kept)))


def kept(service, other):
    with service.database.reading() as session:
        return kept_of(session, other)


def hashes(service):
    with service.database.reading() as session:
        return [tuple(row) for row in session.execute(select(seals.number, seals.hash))]


def execute(service, *statements):
    with service.database.writing() as session:
        for statement in statements:
            session.execute(statement)


# ---- only ever added


@pytest.mark.parametrize(
    "statement",
    [
        update(audit_entries).values(actor="nobody"),
        update(audit_entries).values(seal=None),
        update(audit_entries).where(entries.seal.is_(None)).values(seal=1, actor="nobody"),
        delete(audit_entries),
        insert(audit_entries).values(
            {**dict.fromkeys(("actor", "role", "scope", "address", "operation"), "x"), "status": 1, "seal": 1}
            | {"at": datetime(2026, 1, 1, tzinfo=UTC)}
        ),
        update(audit_seals).values(hash="f" * 64),
        update(audit_seals).values(expired_at=datetime(2026, 1, 1, tzinfo=UTC)),
        delete(audit_seals),
        update(kept_seals).values(hash="f" * 64),
        delete(kept_seals),
    ],
    ids=str,
)
def test_the_database_refuses_every_change_of_what_was_written(grid, statement):
    sealed_trail(grid, 2)
    add(grid)
    keep_another_s(grid, 1, "a" * 64)
    with pytest.raises(DatabaseError, match="append-only"):
        execute(grid, statement)


@pytest.mark.parametrize("grid", ["postgresql"], indirect=True)
def test_postgresql_refuses_to_empty_the_tables_too(grid):
    for table in ("audit_entries", "audit_seals", "kept_seals"):
        with pytest.raises(DatabaseError, match="append-only"):
            execute(grid, text(f"TRUNCATE {table}"))


# ---- sealed


def test_entries_are_sealed_in_batches_each_chained_to_the_one_before(grid, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_ENTRIES", 2)
    add(grid, 3)
    assert [seal(grid), seal(grid), seal(grid)] == [2, 1, 0]
    with grid.database.reading() as session:
        first, second = session.execute(select(audit_seals).order_by(seals.number)).all()
        unsealed = session.scalar(select(func.count()).where(entries.seal.is_(None)))
    assert (first.previous, first.count) == ("0" * 64, 2)
    assert (second.previous, second.count) == (first.hash, 1)
    assert unsealed == 0
    assert wrong(grid) == []


def test_an_entry_that_becomes_visible_late_is_sealed_all_the_same(grid):
    """Its id is smaller than that of the last one sealed: identities commit out of order."""
    row = {**vars(DEED), "at": datetime.now(UTC)}
    execute(grid, insert(audit_entries).values(id=100, **row))
    seal(grid)
    execute(grid, insert(audit_entries).values(id=50, **row))
    assert seal(grid) == 1
    assert wrong(grid) == []


def test_each_seal_is_told_to_the_other_services_and_never_to_outsiders(grid):
    sealed_trail(grid, 2, 1)
    first, second = grid.said(sealed("grid"))
    assert (first.data["number"], first.data["count"], second.data["previous"]) == (1, 2, first.data["hash"])
    assert (second.envelope.actor, second.envelope.aggregate_version) == ("system:grid", 2)
    with grid.database.reading() as session:
        assert set(session.scalars(select(outbox_messages.c.feed_body))) == {None}


def test_where_nothing_happens_nothing_is_sealed_and_sealing_is_no_deed(grid):
    step = Sealing(grid.application, grid.lease)
    assert step.run_once() == 0
    add(grid)
    step = Sealing(grid.application, grid.lease)
    assert [step.run_once(), step.run_once()] == [1, 0]
    assert Sealing(grid.application, grid.lease).run_once() == 0
    assert len(grid.said()) == 1


def test_who_lost_the_lease_seals_nothing(grid):
    add(grid)
    execute(grid, update(leases).values(holder="another"))
    with pytest.raises(LeaseLost):
        seal(grid)
    assert hashes(grid) == []


def test_the_holder_of_the_lease_seals_and_expires(grid):
    steps = dict(Holder(grid.application, None, grid.lease)._background_steps())
    add(grid)
    assert steps["grid-sealing"]() == 1
    assert steps["grid-audit-retention"]() == 0


def test_seals_are_no_story_among_the_last_journeys(grid):
    grid.request("POST", "/places", STREET)
    seal(grid)
    assert len(grid.said()) == 2
    (journey,) = grid.request("GET", "/journeys").json["items"]
    assert journey["first_type"] == "grid.place.registered.v1"


# ---- kept by the others


def keep_another_s(service, number, hash, **changed):
    data = {"number": number, "previous": "0" * 64, "hash": hash, "count": 1}
    data["sealed_at"] = datetime(2026, 11, 25, tzinfo=UTC)
    service.hear_twice(sealed("notify"), "notify", data | changed, version=number)


def test_the_seals_of_another_service_are_kept_once_each_in_whatever_order(under_test):
    grid = under_test("grid")
    keep_another_s(grid, 2, "b" * 64)
    keep_another_s(grid, 1, "a" * 64)
    assert sorted(kept(grid, "notify")) == [(1, "a" * 64), (2, "b" * 64)]
    assert kept(grid, "property") == []


def test_a_seal_that_contradicts_one_that_is_kept_is_kept_beside_it(under_test):
    grid = under_test("grid")
    keep_another_s(grid, 1, "a" * 64)
    keep_another_s(grid, 1, "b" * 64)
    assert sorted(kept(grid, "notify")) == [(1, "a" * 64), (1, "b" * 64)]


def test_every_service_hears_the_seals_of_all_others_and_not_its_own():
    names = ["alliance", "consultation", "grid", "notify", "property"]
    for name in names:
        heard = {one.contract.type for one in service_class(name).definition.hears}
        seals_heard = {type for type in heard if type.endswith(".audit.sealed.v1")}
        assert seals_heard == {f"{other}.audit.sealed.v1" for other in names if other != name}


# ---- found


TRIGGERS = {
    "audit_entries": ("insert", "update", "delete"),
    "audit_seals": ("update", "delete"),
}


def tamper(service, *statements):
    """As somebody does who has the database's own password: without the triggers."""
    with service.database.writing() as session:
        for table, deeds in TRIGGERS.items():
            if service.database.is_sqlite:
                for deed in deeds:
                    session.execute(text(f"DROP TRIGGER IF EXISTS {table}_{deed}"))
            else:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(statement)
        if not service.database.is_sqlite:
            for table in TRIGGERS:
                session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def test_an_altered_a_removed_and_an_inserted_entry_are_named(grid):
    sealed_trail(grid, 3, 3)
    one, two = entries.id == 2, entries.id == 5
    row = {**vars(DEED), "at": datetime.now(UTC), "id": 77, "seal": 2}
    tamper(
        grid,
        update(audit_entries).where(one).values(actor="nobody"),
        delete(audit_entries).where(two),
        insert(audit_entries).values(row),
    )
    assert wrong(grid, hashes(grid)) == [
        Wrong(ENTRY_ALTERED, 1, 2),
        Wrong(ENTRY_REMOVED, 2, 5),
        Wrong(ENTRY_INSERTED, 2, 77),
    ]


def test_seals_that_are_read_part_by_part_are_followed_from_one_part_to_the_next(grid, monkeypatch):
    monkeypatch.setattr(reading, "SEALS_AT_ONCE", 2)
    sealed_trail(grid, 1, 1, 1, 1, 1)
    assert wrong(grid) == []
    tamper(grid, update(audit_entries).where(entries.seal == 4).values(actor="nobody"))
    tamper(grid, delete(audit_seals).where(seals.number == 2))
    assert [(one.kind, one.seal) for one in wrong(grid)] == [(SEAL_REMOVED, 2), (ENTRY_ALTERED, 4)]


def test_a_tail_that_was_cut_off_and_a_seal_that_is_gone_are_named(grid):
    sealed_trail(grid, 1, 1, 1)
    kept = hashes(grid)
    tamper(grid, delete(audit_entries).where(entries.seal == 3), delete(audit_seals).where(seals.number == 3))
    assert wrong(grid, kept) == [Wrong(CUT_OFF, 3)]
    tamper(grid, delete(audit_seals).where(seals.number == 1))
    assert wrong(grid, kept) == [Wrong(SEAL_REMOVED, 1), Wrong(CUT_OFF, 3)]


def test_every_finding_is_told_in_chinese_and_english_with_its_numbers():
    assert (
        Wrong(ENTRY_ALTERED, 3, 14).told
        == "第 3 号封存中的第 14 条记录被改动 (entry 14 of seal 3 was altered)"
    )


# ---- and its end


@pytest.fixture
def long_ago(monkeypatch):
    """What is sealed under it was sealed four years ago."""

    @contextmanager
    def sealing_then():
        with monkeypatch.context() as patched:
            then = datetime.now(UTC) - timedelta(days=4 * 365)
            patched.setattr(sealing, "SystemClock", lambda: SimpleNamespace(now=lambda: then))
            yield

    return sealing_then


def test_what_is_over_goes_by_whole_seals_and_the_chain_still_holds(grid, long_ago):
    with long_ago():
        sealed_trail(grid, 2, 1)
    sealed_trail(grid, 1)
    retention = AuditRetention(grid.application, grid.lease)
    assert [retention.run_once(), retention.run_once()] == [3, 0]
    with grid.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(audit_entries)) == 1
        assert session.scalar(select(func.count()).select_from(audit_seals)) == 3
    assert wrong(grid, hashes(grid)) == []


def test_nothing_goes_before_its_time_nor_comes_back_under_a_seal_that_is_over(grid, long_ago):
    with long_ago():
        sealed_trail(grid, 1)
    sealed_trail(grid, 1)
    now = datetime.now(UTC)
    expired = update(audit_seals).where(seals.number == 2)
    for when in (now, now + timedelta(days=1095)):
        with pytest.raises(DatabaseError, match="append-only"):
            execute(grid, expired.values(expired_at=when, entries=None))
    AuditRetention(grid.application, grid.lease).run_once()
    add(grid)
    for number in (1, 99):
        with pytest.raises(DatabaseError, match="append-only"):
            execute(grid, update(audit_entries).where(entries.seal.is_(None)).values(seal=number))


def test_what_was_removed_and_forged_under_a_seal_marked_as_over_is_named(grid):
    sealed_trail(grid, 2)
    kept = hashes(grid)
    row = {**vars(DEED), "at": datetime.now(UTC), "id": 77, "seal": 1}
    tamper(
        grid,
        update(audit_seals).values(expired_at=datetime(2099, 1, 1, tzinfo=UTC), entries=None),
        delete(audit_entries),
        insert(audit_entries).values(row),
    )
    assert wrong(grid, kept) == [Wrong(EXPIRED_EARLY, 1), Wrong(ENTRY_INSERTED, 1, 77)]
