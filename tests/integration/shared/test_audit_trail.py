"""What is done, asked of persons, or refused leaves an entry: if and only if it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from shared.audit.trail import Entry, keep
from shared.contracts import consultation as consultation_events
from shared.persistence.database import DatabaseAway
from shared.persistence.tables import audit_entries
from shared.suite import service_class
from shared.testing.harness import ServiceUnderTest
from tests.builders import facts
from tests.builders import notify as build

STREET = {"kind": "street", "name": "九棵树街道", "code": "110112010"}
ADDRESS = "127.0.0.1"


@pytest.fixture
def grid(under_test):
    return under_test("grid")


def trail(service):
    with service.database.reading() as session:
        return session.execute(select(audit_entries).order_by(audit_entries.c.id)).all()


def test_a_deed_leaves_one_entry_that_says_who_from_where_what_and_in_which_journey(grid):
    before = datetime.now(UTC)
    answer = grid.request("POST", "/places", STREET)
    (entry,) = trail(grid)
    assert (entry.actor, entry.role, entry.scope, entry.address) == ("street-1", "street", "*", ADDRESS)
    assert (entry.operation, entry.object) == ("POST /grid/v1/places", answer.json["id"])
    assert (entry.status, entry.code, entry.subject, entry.seal) == (201, None, None, None)
    assert entry.journey == answer.headers["X-Correlation-ID"]
    assert before <= entry.at <= datetime.now(UTC), "by the system's clock, not by that of the business"


def test_a_question_about_no_person_leaves_none(grid):
    grid.request("GET", "/places")
    assert trail(grid) == []


def test_a_refused_deed_leaves_an_entry_with_its_code_and_changes_nothing(grid):
    grid.request("POST", "/places", {**STREET, "kind": "castle"})
    grid.request("POST", "/places", STREET, role="resident", scope="person:p-1")
    grid.raw("POST", "/places", b"{")
    assert [(entry.status, entry.code, entry.role) for entry in trail(grid)] == [
        (422, "invalid", "street"),
        (403, "role_missing", "resident"),
        (400, "malformed", "street"),
    ]
    assert grid.request("GET", "/places").json["items"] == []


def test_a_refused_question_leaves_an_entry_on_what_was_asked_for(grid):
    grid.request("GET", "/cases/nowhere")
    (entry,) = trail(grid)
    assert (entry.operation, entry.object, entry.status) == ("GET /grid/v1/cases/{id}", "nowhere", 404)


def test_who_is_not_known_leaves_none_since_a_flood_must_not_fill_the_disk(grid):
    assert grid.anonymous("POST", "/places", STREET).status_code == 401
    assert grid.anonymous("GET", "/nowhere").status_code == 404
    assert trail(grid) == []


def test_the_same_request_again_has_no_second_effect_and_no_second_entry(grid):
    for _ in range(2):
        grid.request("POST", "/places", STREET, headers={"Idempotency-Key": "k"})
    assert len(trail(grid)) == 1


def test_what_is_too_long_for_a_column_or_cannot_be_stored_is_cut_and_hurts_nobody(grid):
    with grid.database.writing() as session:
        keep(session, [Entry("x" * 500, "street", "*", ADDRESS, "GET /grid/v1/cases", 404, object="\x00")])
    (entry,) = trail(grid)
    assert (len(entry.actor), len(entry.object)) == (120, 1)


@pytest.mark.parametrize(
    "named",
    ["13901230001", "139-0123-0001", "13901230001x", "王小明", "110105194912310021", "x" * 500, "%00"],
)
def test_what_is_no_id_is_not_written_down_where_an_id_should_stand(under_test, named):
    notify = under_test("notify")
    assert notify.request("GET", f"/contacts/{named}").status_code in (400, 404)
    (entry,) = trail(notify)
    assert (entry.object, entry.subject) == ("***", None)


def test_whatever_digits_an_id_of_ours_has_it_is_written_down(under_test):
    notify = under_test("notify")
    id = "0189abcd-0123-7567-8901-013901230001"
    notify.request("GET", f"/contacts/{id}")
    assert [(entry.object, entry.subject) for entry in trail(notify)] == [(id, id)]


def test_who_reads_about_a_person_leaves_an_entry_about_that_person_before_the_answer_goes_out(
    grid, monkeypatch
):
    resident = "01a20aa3-0000-7000-8000-000000000001"
    asked = {"role": "auditor", "scope": "*"}
    grid.request("GET", f"/audit/entries?subject={resident}", **asked)
    (entry,) = trail(grid)
    assert (entry.role, entry.subject, entry.status) == ("auditor", resident, 200)

    def fails(*_):
        raise DatabaseAway("the disk is full")

    monkeypatch.setattr("shared.web.wsgi.keep", fails)
    assert grid.request("GET", f"/audit/entries?subject={resident}", **asked).status_code == 503


def test_an_entry_that_cannot_be_written_takes_the_deed_with_it(grid, monkeypatch):
    def fails(*_):
        raise DatabaseAway("the disk is full")

    monkeypatch.setattr("shared.web.wsgi.keep", fails)
    assert grid.request("POST", "/places", STREET).status_code == 503
    monkeypatch.undo()
    assert grid.request("GET", "/places").json["items"] == []


# ---- as an auditor reads it


def test_an_auditor_finds_entries_by_actor_operation_person_and_time(grid):
    for body in (STREET, {}):
        grid.request("POST", "/places", body)
    grid.request("GET", "/cases/nowhere", role="community")

    def found(**query):
        answer = grid.request(
            "GET", "/audit/entries?" + "&".join(f"{n}={v}" for n, v in query.items()), role="auditor"
        )
        assert answer.status_code == 200, answer.text
        return [
            (entry["role"], entry["status"]) for entry in answer.json["items"] if entry["role"] != "auditor"
        ]

    assert found(actor="community-1") == [("community", 404)]
    assert found(operation="POST%20/grid/v1/places") == [("street", 201), ("street", 422)]
    assert found(subject="p-1") == []
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert found(since=tomorrow) == []
    assert len(found(since=tomorrow.replace(tomorrow[:4], "2020"))) == 3


@pytest.mark.parametrize("path", ["/audit/entries", "/audit/seals", "/audit/kept-seals"])
def test_nobody_but_an_auditor_reads_the_trail_and_he_reads_nothing_else(path):
    grid = ServiceUnderTest(service_class("grid").definition)
    for role in ("street", "admin", "security", "monitor"):
        assert grid.request("GET", path, role=role).status_code == 403
    assert grid.request("GET", path, role="auditor").status_code == 200
    for other in ("/cases", "/places", "/dead-letters", "/outbox"):
        assert grid.request("GET", other, role="auditor").status_code == 403


def test_lists_come_in_parts_and_a_wrong_position_is_refused(grid):
    for number in range(3):
        grid.request("GET", f"/cases/{number}")
    part = grid.request("GET", "/audit/entries?limit=2", role="auditor").json
    assert [entry["object"] for entry in part["items"]] == ["0", "1"]
    rest = grid.request("GET", f"/audit/entries?limit=2&after={part['next']}", role="auditor").json
    assert rest["items"][0]["object"] == "2"
    assert grid.request("GET", "/audit/seals?after=x", role="auditor").status_code == 422


# ---- about whom


def test_each_person_whose_messages_are_read_gets_an_entry_and_nobody_else(under_test):
    notify = under_test("notify")
    people = [build.register(notify, phone) for phone in ("13800000001", "13800000002")]
    notify.hear(consultation_events.ResultLanded, "topic", facts.result_landed())
    asked = notify.request("GET", "/messages").json["items"]
    told = {message["resident_ref"] for message in asked}
    read = [entry for entry in trail(notify) if entry.operation == "GET /notify/v1/messages"]
    assert told == {entry.subject for entry in read} == set(people)
    notify.request("GET", f"/messages?resident_ref={people[0]}")
    assert trail(notify)[-1].subject == people[0]
    notify.request("GET", f"/contacts/{people[1]}")
    assert (trail(notify)[-1].operation, trail(notify)[-1].subject) == (
        "GET /notify/v1/contacts/{id}",
        people[1],
    )


def test_an_answer_by_link_leaves_an_entry_without_the_secret_of_the_link(under_test):
    notify = under_test("notify")
    person = build.register(notify, "13800000001")
    notify.hear(consultation_events.ResultLanded, "topic", facts.result_landed())
    link = build.link(notify, person)
    assert notify.anonymous("POST", link, {"resolution": "resolved", "grade": 5}).status_code == 200
    entry = trail(notify)[-1]
    assert (entry.operation, entry.actor, entry.status) == ("POST /notify/v1/answers/{token}", "anyone", 200)
    (question,) = notify.request("GET", "/questions").json["items"]
    assert entry.object == question["id"]
    secret = link.removeprefix("/answers/")
    assert all(secret not in str(tuple(entry)) for entry in trail(notify))


def test_a_deed_about_a_person_names_the_person(grid):
    grid.post("/cases", {"category": "x", "place_ref": "y", "text": "z", "reporter_ref": "p-1"}, status=422)
    assert [entry.subject for entry in trail(grid)] == ["p-1"]


def test_who_is_named_as_a_steward_is_whom_the_entry_is_about(grid):
    body = {"building_ref": "b", "person_ref": "p-1", "unit": "示例施工"}
    grid.post("/steward-requests/nowhere/stewards", body, status=404)
    (entry,) = grid.request("GET", "/audit/entries?subject=p-1", role="auditor").json["items"]
    assert entry["operation"] == "POST /grid/v1/steward-requests/{id}/stewards"


@pytest.mark.parametrize("name", ["id", "resident_ref", "reporter_ref", "subject"])
def test_what_nobody_declared_is_refused_behind_the_question_mark_and_says_nothing_of_whom(under_test, name):
    notify = under_test("notify")
    person = build.register(notify, "13800000001")
    for method, path in (("POST", f"/contacts/{person}/disclosures"), ("GET", f"/contacts/{person}")):
        answer = notify.request(method, f"{path}?{name}=decoy", {} if method == "POST" else None)
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, name)
        assert (trail(notify)[-1].subject, trail(notify)[-1].status) == (person, 422)


def test_what_nobody_declared_in_a_body_says_nothing_of_whom_either(under_test):
    notify = under_test("notify")
    person = build.register(notify, "13800000001")
    notify.request("POST", f"/contacts/{person}/disclosures", {"id": "decoy", "resident_ref": "decoy"})
    assert (trail(notify)[-1].subject, trail(notify)[-1].status) == (person, 422)


def test_a_purpose_is_written_down_only_where_it_is_one_that_there_is(under_test):
    notify = under_test("notify")
    person = build.register(notify, "13800000001")
    path = f"/contacts/{person}/disclosures"
    for purpose in ("王小明 13800000001", "home_visit"):
        notify.request("POST", path, {"purpose": purpose, "reason": "x"})
    notify.request("GET", f"/contacts/{person}?purpose=13800000001")
    assert [entry.purpose for entry in trail(notify)[-3:]] == [None, "home_visit", None]
