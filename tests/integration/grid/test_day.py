"""一日工作: what is to be done, by door, in the order in which one walks; and by which indexes it is found."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from services.grid.domain.household import Household
from services.grid.domain.visit import Occasion, Visit
from services.grid.queries.day import _missing, _open_cases, _open_visits, counted
from services.grid.store.posts import posts
from services.grid.use_cases.cases import ReportCase
from shared.kernel.clock import local_date
from shared.kernel.ids import new_id
from tests.builders.walk import walk

AT = "2024-05-27T09:00:00+08:00"


@pytest.fixture
def service(under_test):
    return under_test("grid")


@pytest.fixture
def street(service):
    return walk(service)


@pytest.fixture
def worker(street):
    return {"role": "grid_worker", "scope": f"place:{street.ref('grid')}"}


@pytest.fixture
def work(service, street):
    """Two visits and a case at doors, one case at the pool, and something in the other grid."""
    for door, room in (("10号楼1单元", "101"), ("2号楼2单元", "102"), ("3号楼1单元", "101")):
        body = {"purpose": "care", "household_ref": street.households[door, room].id}
        service.post("/visits", body)
    for name in ("2号楼1单元", "pool", "3号楼"):
        service.handle(ReportCase("0203", street.ref(name), "灯不亮", "patrol"))


def test_a_day_lists_by_building_and_door_what_is_to_be_done(service, street, worker, work):
    day = service.request("GET", "/my/day", **worker).json
    walked = [(stop["door_name"], len(stop["visits"]), len(stop["cases"])) for stop in day["stops"]]
    assert walked == [("2号楼1单元", 0, 1), ("2号楼2单元", 1, 0), ("10号楼1单元", 1, 0), ("", 0, 1)]
    assert [stop["building_name"] for stop in day["stops"]] == ["2号楼", "2号楼", "10号楼", ""]
    assert (day["open_visits"], day["open_cases"], day["missing_captains"]) == (2, 2, 3)
    assert (day["place_name"], day["is_cut"]) == (street.places["grid"].name, False)
    assert day["stops"][1]["visits"][0]["room"] == "102"


def test_before_there_is_a_street_there_is_no_day(service):
    answer = service.request("GET", "/my/day")
    assert (answer.status_code, answer.json["code"]) == (422, "no_street_yet")


def test_what_is_done_is_not_in_the_day(service, street, worker, work):
    stop = service.request("GET", "/my/day", **worker).json["stops"][2]
    record = {"id": str(uuid.uuid4()), "occurred_at": AT, "outcome": "met"}
    service.post(f"/visits/{stop['visits'][0]['id']}/records", record, **worker)
    day = service.request("GET", "/my/day", **worker).json
    assert day["open_visits"] == 1
    assert [stop["visits"] for stop in day["stops"] if stop["door_name"] == "10号楼1单元"] == [[]]


def test_a_captain_sees_the_own_door_and_the_office_the_street_or_a_place_of_it(service, street, work):
    captain = {"role": "captain", "scope": f"place:{street.ref('2号楼1单元')}"}
    day = service.request("GET", "/my/day", **captain).json
    assert [(stop["door_name"], len(stop["cases"])) for stop in day["stops"]] == [("2号楼1单元", 1)]
    assert service.request("GET", "/my/day").json["place_ref"] == street.ref("street")
    estate = service.request("GET", f"/my/day?place_ref={street.ref('estate')}").json
    assert (estate["open_visits"], estate["open_cases"]) == (3, 3)
    elsewhere = service.request("GET", f"/my/day?place_ref={street.ref('3号楼')}", **captain)
    assert elsewhere.json["code"] == "outside_scope"


def test_people_count_ten_after_two():
    names = ["10号楼", "2号楼10单元", "2号楼", "2号楼9单元"]
    assert sorted(names, key=counted) == ["2号楼", "2号楼9单元", "2号楼10单元", "10号楼"]


@pytest.mark.parametrize("under_test", ["postgresql"], indirect=True)
def test_among_many_visits_those_of_a_day_are_read_from_indexes(service, street):
    """20,000 of them, of which one is still to be made."""
    door, today = street.places["2号楼1单元"], local_date(service.clock.now())
    home, now = Household(door, "1", today=today), service.clock.now()
    rows = [Visit(Occasion("care"), door=door, household=home, now=now) for _ in range(20_000)]
    for visit in rows:
        visit.journey = "j"
        visit.take_recorded()
    for visit in rows[1:]:
        visit.state, visit.door_ref = "met", new_id()
    with service.application.writing() as session:
        session.add_all(rows)
        session.flush()
        session.execute(text("ANALYZE visits"))
        plans = [
            explained(session, _open_visits([door.id])),
            explained(session, _open_cases([street.ref("grid")], street.places["grid"])),
            explained(session, posts.select().where(_missing([door.id]))),
        ]
    assert "ix_visits_open" in plans[0]
    assert "Seq Scan on visits" not in plans[0]
    assert "ix_cases_grid_ref" in plans[1]
    assert "ix_posts_missing" in plans[2] or "pk_posts" in plans[2]


def explained(session, query):
    """How PostgreSQL finds it; of tables that are nearly empty, how it would if they were not."""
    session.execute(text("SET LOCAL enable_seqscan = off"))
    said = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    return "\n".join(session.scalars(text(f"EXPLAIN {said}".replace(":", r"\:"))))
