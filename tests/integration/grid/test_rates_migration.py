"""What was closed before turns were written down counts in what its case still knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from alembic import command

from services.grid import migrations
from services.grid.domain.countdown import Countdown
from services.grid.domain.limit import DAYS, Limit
from services.grid.store.cases import cases
from services.grid.store.places import places
from shared.persistence import migrations as kernel_migrations
from shared.persistence.database import Database
from shared.persistence.migrate import _config, migrate
from shared.suite import service_class
from shared.testing.harness import STARTED, ServiceUnderTest

COUNTDOWN = Countdown(STARTED + timedelta(days=2), Limit(7, DAYS))
GRID = {
    "id": "grid",
    "version": 1,
    "journey": "j",
    "place_path": "/street/community/grid/",
    "kind": "grid",
    "name": "第一网格",
    "code": "110112010904001",
    "estate_type": "",
    "household_count": 0,
    "valid_from": STARTED.date(),
    "community_ref": "community",
    "superseded_by": [],
}
CASE = {
    "version": 1,
    "journey": "j",
    "place_path": "/street/community/grid/",
    "category": "0603",
    "category_name": "绿化缺失/枯枝",
    "text": "枯枝",
    "place_ref": "grid",
    "place_name": "第一网格",
    "grid_ref": "grid",
    "grid_code": "110112010904001",
    "reporter_ref": "resident-1",
    "source": "resident",
    "external_refs": [],
    "plan_version": 0,
    "phase": 0,
    "phase_count": 1,
    "countdown": COUNTDOWN,
    "due_at": STARTED + timedelta(days=9),
    "due_is_provisional": False,
    "reported_at": STARTED,
    "changed_at": STARTED,
    "answer_due_at": STARTED + timedelta(days=9),
    "revisit_tries": 0,
    "modes": [],
    "evidence_refs": [],
    "has_objected": False,
    "lead_party_name": "街道办事处",
}
CLOSED = {
    "id": "closed",
    "number": "240527-0001-5",
    "turn": 1,
    "state": "closed",
    "outcome": "revisited",
    "contacted_at": STARTED + timedelta(hours=3),
    "answered_at": STARTED + timedelta(days=1),
    "handled_at": STARTED + timedelta(days=1),
    "closed_at": STARTED + timedelta(days=2),
}
OPEN = {"id": "open", "number": "240527-0002-1", "turn": 2, "state": "handling"}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_closed_before_counts_and_what_is_open_knows_when_its_turn_began(kind, request, tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgresql").new_database("grid")
    database = Database(url)
    command.upgrade(_config(database, "kernel", kernel_migrations), "head")
    command.upgrade(_config(database, "grid", migrations), "0011")
    with database.writing() as session:
        session.execute(places.insert().values(GRID))
        for row in (CLOSED, OPEN):
            session.execute(cases.insert().values(CASE | row))
    migrate(database, migrations, "grid")
    service = ServiceUnderTest(service_class("grid").definition, database)
    service.clock.advance(days=10)
    (turn,) = service.request("GET", "/case-turns").json["items"]
    told = {
        name: turn[name]
        for name in ("case_ref", "turn", "outcome", "community_ref", "has_reporter", "ended_at")
    }
    assert told == {
        "case_ref": "closed",
        "turn": 1,
        "outcome": "revisited",
        "community_ref": "community",
        "has_reporter": True,
        "ended_at": "2024-05-29T09:00:00+08:00",
    }
    total = service.request("GET", "/rates?period=2024-05").json["total"]
    assert (total["response"]["percent"], total["solution"]["percent"]) == ("100.0", "—")
    service.post("/cases/open/withdraw", {"reason": "已解决"}, status=200)
    (second,) = service.request("GET", "/case-turns?case_ref=open").json["items"]
    assert second["begun_at"] == "2024-05-29T09:00:00+08:00"
    database.dispose()
