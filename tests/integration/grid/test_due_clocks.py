"""The clocks of very many open cases: the one that is due is found through an index, whatever else is scheduled."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, text

from shared.messaging.lane import next_due
from shared.persistence.tables import scheduled_commands

OPEN_CASES = 100_000


def test_the_due_clock_of_very_many_is_found_without_a_scan(service):
    now = service.clock.now()
    clocks = [
        {
            "key": f"case-clock:{number}",
            "due_at": now + timedelta(minutes=number),
            "command": "WatchClock",
            "arguments": {},
            "revision": "r",
            "state": "pending",
            "attempts": 0,
            "deaths": 0,
            "due": 0.0,
        }
        for number in range(OPEN_CASES)
    ]
    with service.database.writing() as session:
        session.execute(insert(scheduled_commands), clocks)
        session.execute(text("ANALYZE scheduled_commands"))
    with service.database.reading() as session:
        query = next_due(now + timedelta(minutes=7))
        assert session.execute(query).one().key == "case-clock:0"
        said = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN" if service.database.is_sqlite else "EXPLAIN"
        plan = "\n".join(str(row[-1]) for row in session.connection().exec_driver_sql(f"{explain} {said}"))
    assert "ix_scheduled_pending" in plan
    assert "Seq Scan" not in plan
