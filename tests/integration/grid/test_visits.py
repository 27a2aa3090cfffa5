"""入户 over HTTP: asked for, recorded offline and twice, planned for all households of a place, and counted."""

from __future__ import annotations

import time
import uuid

import pytest
from sqlalchemy import text

from services.grid.store.visits import visits as visits_table
from services.grid.use_cases.places import RegisterHousehold
from shared.contracts import grid
from shared.kernel.command import Actor, Cause
from tests.builders.walk import walk
from tests.integration.shared.test_attachments import photograph

AT = "2024-05-27T09:00:00+08:00"  # where the clock stands


@pytest.fixture
def service(under_test):
    return under_test("grid")


@pytest.fixture
def street(service):
    return walk(service)


@pytest.fixture
def worker(street):
    """The bearer of a grid worker's token."""
    return {"role": "grid_worker", "scope": f"place:{street.ref('grid')}"}


@pytest.fixture
def visit(service, street):
    home = street.households["2号楼1单元", "101"]
    return service.post("/visits", {"purpose": "needs", "household_ref": home.id})


def record(outcome="met", **more):
    return {"id": str(uuid.uuid4()), "occurred_at": AT, "outcome": outcome} | more


def upload(service, content=None, **who):
    return service.raw("POST", "/attachments", content or photograph(), content_type="image/jpeg", **who)


def test_a_visit_is_asked_for_at_a_household_or_at_a_door(service, street, visit):
    assert (visit["state"], visit["room"], visit["door_name"]) == ("planned", "101", "2号楼1单元")
    assert visit["allowed_actions"] == ["met", "refused", "absent"]
    at_door = service.post("/visits", {"purpose": "policy", "door_ref": street.ref("10号楼1单元")})
    assert (at_door["household_ref"], at_door["room"]) == (None, None)
    asked = service.said(grid.VisitRequested)
    assert [event.data["purpose"] for event in asked] == ["needs", "policy"]
    assert asked[0].data["place_ref"] == street.ref("2号楼")
    assert asked[0].data["place_path"].endswith(f"/{street.ref('2号楼')}/")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "visit_needs_door"),
        ({"household_ref": "x", "door_ref": "y"}, "visit_needs_door"),
        ({"household_ref": "x"}, "unknown"),
        ({"door_ref": "pool"}, "place_kind_unfit"),
    ],
)
def test_a_visit_to_nowhere_is_refused_with_the_way_out(service, street, body, code):
    body = {name: street.ref(ref) if ref in street.places else ref for name, ref in body.items()}
    answer = service.request("POST", "/visits", {"purpose": "care", **body})
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_a_record_is_kept_once_however_often_the_phone_sends_it(service, visit, worker):
    body = record(answer="has_needs", note="想加装扶手", on_behalf_of="captain-7")
    first = service.request("POST", f"/visits/{visit['id']}/records", body, **worker)
    before = service.snapshot()
    again = service.request("POST", f"/visits/{visit['id']}/records", body, **worker)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert service.snapshot() == before
    assert first.json["recorded_by"] == "grid_worker:grid_worker-1"
    assert first.json["on_behalf_of"] == "captain-7"
    (told,) = service.said(grid.VisitRecorded)
    assert (told.data["outcome"], told.data["answer"]) == ("met", "has_needs")
    assert "扶手" not in told.envelope.to_bytes().decode()
    changed = service.request(
        "POST", f"/visits/{visit['id']}/records", {**body, "outcome": "absent"}, **worker
    )
    assert (changed.status_code, changed.json["code"]) == (409, "record_id_taken")


def test_what_was_heard_at_the_door_lies_sealed(service, visit, worker):
    service.request("POST", f"/visits/{visit['id']}/records", record(note="想加装扶手"), **worker)
    with service.database.reading() as session:
        (stored,) = session.execute(text("SELECT note FROM visit_records")).scalars()
    assert "扶手" not in stored
    (shown,) = service.request("GET", f"/visits/{visit['id']}/records", **worker).json["items"]
    assert shown["note"] == "想加装扶手"


def test_an_offline_record_comes_later_and_happened_when_it_says(service, visit, worker):
    service.clock.advance(days=2)
    late = record("absent", occurred_at="2024-05-28T19:00:00+08:00")
    kept = service.request("POST", f"/visits/{visit['id']}/records", late, **worker).json
    assert (kept["occurred_at"], kept["recorded_at"]) == (late["occurred_at"], "2024-05-29T09:00:00+08:00")
    for at, code in (
        ("2024-05-30T09:00:00+08:00", "recorded_ahead"),
        ("2024-05-26T09:00:00+08:00", "visit_too_early"),
    ):
        answer = service.request("POST", f"/visits/{visit['id']}/records", record(occurred_at=at), **worker)
        assert (answer.status_code, answer.json["code"]) == (422, code)
    listed = service.request("GET", f"/visits/{visit['id']}/records?sort=occurred_at", **worker).json["items"]
    assert [each["outcome"] for each in listed] == ["absent"]


def test_absent_twice_ends_it_and_the_office_may_ask_again(service, visit, worker):
    for _ in range(2):
        service.request("POST", f"/visits/{visit['id']}/records", record("absent"), **worker)
    assert [event.data["outcome"] for event in service.said(grid.VisitRecorded)] == ["absent", "board"]
    again = service.post(f"/visits/{visit['id']}/revisit", {}, status=200)
    assert (again["state"], again["absences"]) == ("planned", 0)
    twice = service.request("POST", f"/visits/{visit['id']}/revisit", {})
    assert (twice.status_code, twice.json["code"]) == (409, "not_now")
    assert twice.json["allowed_actions"] == ["met", "refused", "absent"]


def test_whoever_acts_for_another_grid_sees_and_records_nothing(service, street, visit):
    stranger = {"role": "grid_worker", "scope": f"place:{street.ref('other grid')}"}
    for method, path, body in [
        ("GET", f"/visits/{visit['id']}", None),
        ("GET", f"/visits/{visit['id']}/records", None),
        ("POST", f"/visits/{visit['id']}/records", record()),
    ]:
        assert service.request(method, path, body, **stranger).json["code"] == "outside_scope"
    assert service.request("GET", "/visits", **stranger).json["items"] == []


# ---- photographs


def test_photographs_are_seen_by_those_who_may_see_the_visit_and_by_whoever_took_them(
    service, street, visit, worker
):
    photo = upload(service, scope=worker["scope"], role="grid_worker").json
    assert photo["media_type"] == "image/jpeg"
    assert upload(service, scope=worker["scope"], role="grid_worker").json["ref"] == photo["ref"]

    def status(**who):
        return service.request("GET", f"/attachments/{photo['ref']}", **who).status_code

    captain = {"role": "captain", "scope": f"place:{street.ref('2号楼1单元')}"}
    assert [status(**who) for who in (worker, captain)] == [200, 403]
    body = record(photographs=[photo["ref"]])
    service.request("POST", f"/visits/{visit['id']}/records", body, **worker)
    neighbour = {"role": "captain", "scope": f"place:{street.ref('2号楼2单元')}"}
    company = {"role": "property", "scope": "party:company"}
    everybody = (worker, captain, {}, neighbour, company)
    assert [status(**who) for who in everybody] == [200, 200, 200, 403, 403]
    answer = service.request("GET", f"/attachments/{photo['ref']}", **captain)
    assert (answer.mimetype, len(answer.data)) == ("image/jpeg", photo["size"])
    assert b"Phone of Zhang" not in answer.data
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_reading_an_attachment_leaves_an_entry_in_the_trail(service, worker):
    photo = upload(service, role="grid_worker", scope=worker["scope"]).json
    service.request("GET", f"/attachments/{photo['ref']}", **worker)
    entries = service.request("GET", "/audit/entries", role="auditor").json["items"]
    read = [each for each in entries if each["operation"] == "GET /grid/v1/attachments/{id}"]
    assert [(each["actor"], each["object"], each["status"]) for each in read] == [
        ("grid_worker-1", photo["ref"], 200)
    ]


def test_what_is_no_photograph_is_not_attached_as_one(service, visit, worker):
    document = service.raw("POST", "/attachments", b"%PDF-1.7", content_type="application/pdf").json
    for ref in (document["ref"], "nothing"):
        body = record(photographs=[ref])
        answer = service.request("POST", f"/visits/{visit['id']}/records", body, **worker)
        assert (answer.status_code, answer.json["code"]) == (422, "photograph_unknown")
    assert service.request("GET", f"/visits/{visit['id']}/records", **worker).json["items"] == []


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"<html>", "image/jpeg", 422, "attachment_kind_unknown"),
        (b"\xff\xd8\xff broken", "image/jpeg", 422, "photograph_broken"),
        (b"GIF89a", "image/gif", 415, None),
        (b"", "image/jpeg", 400, None),
    ],
)
def test_an_upload_is_judged_by_its_content(service, content, content_type, status, code):
    answer = service.raw("POST", "/attachments", content, content_type=content_type)
    assert answer.status_code == status, answer.text
    assert code is None or answer.json["code"] == code


# ---- campaigns


def test_a_campaign_plans_a_visit_for_every_household_of_the_place_and_counts_who_was_met(
    service, street, worker
):
    body = {"purpose": "plan", "title": "改造方案入户说明", "place_ref": street.ref("grid")}
    begun = service.post("/visit-campaigns", body)
    assert (begun["in_scope"], begun["planned"], begun["percent"]) == (6, 6, "0.0")
    assert service.said(grid.VisitRequested) == []
    planned = service.request("GET", f"/visits?campaign_ref={begun['id']}").json["items"]
    assert {(each["door_name"], each["room"]) for each in planned} == {
        (door, room) for door in ("10号楼1单元", "2号楼1单元", "2号楼2单元") for room in ("101", "102")
    }
    for each, outcome in zip(planned, ["met", "met", "refused", "absent"], strict=False):
        service.request("POST", f"/visits/{each['id']}/records", record(outcome), **worker)
    street.household("2号楼1单元", "103")  # who comes later is not in its scope
    shown = service.request("GET", f"/visit-campaigns/{begun['id']}").json
    assert [shown[name] for name in ("in_scope", "met", "refused", "absent", "planned")] == [6, 2, 1, 1, 2]
    assert shown["percent"] == "33.3"
    assert service.request("GET", "/visit-campaigns").json["items"] == [shown]
    recorded = service.said(grid.VisitRecorded)
    assert {event.data["campaign_ref"] for event in recorded} == {begun["id"]}


def test_the_coverage_of_a_place_without_households_is_none(service, street):
    body = {"purpose": "policy", "title": "宣讲", "place_ref": street.ref("pool")}
    begun = service.post("/visit-campaigns", body)
    assert (begun["in_scope"], begun["percent"]) == (0, None)


def test_a_household_that_has_left_is_not_planned(service, street):
    gone = street.households["10号楼1单元", "101"]
    with service.application.writing() as session:
        session.execute(text("UPDATE households SET valid_to = '2024-05-01' WHERE id = :id"), {"id": gone.id})
    body = {"purpose": "policy", "title": "宣讲", "place_ref": street.ref("10号楼")}
    assert service.post("/visit-campaigns", body)["in_scope"] == 1


STORY_A = {"met": 1902, "absent": 201, "refused": 57}  # 2,160 households of 云景里


def test_story_a_2160_households_are_planned_in_one_deed_and_counted(service, street):
    many(service, street, sum(STORY_A.values()))
    body = {"purpose": "plan", "title": "云景里改造入户", "place_ref": street.ref("other grid")}
    began = time.monotonic()
    begun = service.post("/visit-campaigns", body)
    took = time.monotonic() - began
    assert begun["in_scope"] == 2160
    assert took < 20, took  # 1 to 2 s on a quiet machine
    outcomes = [outcome for outcome, times in STORY_A.items() for _ in range(times)]
    refs = service.application.ask(lambda session: list(session.execute(visits_table.select()).all()))
    with service.application.writing() as session:
        for row, outcome in zip(refs, outcomes, strict=True):
            session.execute(visits_table.update().where(visits_table.c.id == row.id).values(state=outcome))
    shown = service.request("GET", f"/visit-campaigns/{begun['id']}").json
    assert {name: shown[name] for name in STORY_A} == STORY_A
    assert shown["percent"] == "88.0"


def many(service, street, households):
    """So many households behind one door, where there is one already."""

    def deed(session):
        for number in range(1, households):
            command = RegisterHousehold(street.ref("3号楼1单元"), f"{number:04d}")
            service.application.carry_out(session, command, Cause(Actor("s", "street")))

    service.application.in_transaction(deed)
