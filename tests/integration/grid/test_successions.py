"""Places merge and split through grid's door: what is open follows, what is closed stays (chain 12)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from services.grid.domain.place import Place
from services.grid.store.cases import cases
from services.grid.store.places import households, places
from services.grid.store.posts import posts
from services.grid.use_cases.places import RegisterHousehold
from shared.contracts import consultation, grid, notify
from tests.builders import facts
from tests.builders.places import inside

EAST, WEST, NEW = "110112010001", "110112010002", "110112010009"
MERGER = {
    "register": [
        {"kind": "community", "name": "合并社区", "code": NEW, "parent": "110112010"},
        {"kind": "grid", "name": "一", "code": f"{NEW}001", "parent": "E1"},
        {"kind": "grid", "name": "二", "code": f"{NEW}002", "parent": "E2"},
    ],
    "supersede": [
        {"code": EAST, "into": [NEW]},
        {"code": WEST, "into": [NEW]},
        {"code": f"{EAST}001", "into": [f"{NEW}001"]},
        {"code": f"{WEST}001", "into": [f"{NEW}002"]},
    ],
}


@pytest.fixture
def town(service):
    """Two communities, in each an estate with a grid, a building, a door and a household: ids by codes."""
    ids = {}
    street = service.post("/places", {"kind": "street", "name": "九棵树街道", "code": "110112010"})
    for number, community in enumerate([EAST, WEST], start=1):
        around = street
        for kind, code in [
            ("community", community),
            ("estate", f"E{number}"),
            ("grid", f"{community}001"),
            ("building", f"B{number}"),
            ("door", f"D{number}"),
        ]:
            around = inside(service, around, kind, code)
            ids[code] = around["id"]
    return ids


@pytest.fixture
def report(service, town):
    """Report a case at a place."""
    return lambda code: service.post("/cases", {"category": "0603", "place_ref": town[code], "text": "?"})


def case_of(service, case):
    return service.request("GET", f"/cases/{case['id']}").json


def close(service, case):
    with service.database.writing() as session:
        session.execute(update(cases).where(cases.c.id == case["id"]).values(state="closed"))


def by_code(service, code):
    (place,) = service.request("GET", f"/places?code={code}").json["items"]
    return place


def supersede(service, *, status=200, **changed):
    return service.post("/places/supersede", MERGER | changed, status=status)


def test_open_cases_posts_and_households_follow_and_a_closed_case_stays(service, town, report):
    opened, closed = report("D1"), report("D1")
    close(service, closed)
    answer = supersede(service)
    new = by_code(service, NEW)
    assert case_of(service, opened)["grid_code"] == f"{NEW}001"
    assert case_of(service, closed)["grid_code"] == f"{EAST}001"
    scope = f"place:{new['id']}"
    seen = service.request("GET", "/cases", role="community", scope=scope).json["items"]
    assert [case["id"] for case in seen] == [opened["id"]]
    assert answer["state"] == "done"
    assert answer["case_numbers"] == [opened["number"]]
    moved = {row["kind"]: row["count"] for row in answer["moved"]}
    assert moved == {"estate": 2, "building": 2, "door": 2, "posts": 2, "cases": 1}
    with service.database.reading() as session:
        paths = set(session.scalars(select(posts.c.place_path)))
    assert all(f"/{new['id']}/" in path for path in paths)


def test_the_others_are_told_of_each_place_that_ended_and_each_that_moved(service, town):
    before = len(service.said())
    supersede(service)
    said = service.said()[before:]
    ended = [event for event in said if event.type == grid.PlaceSuperseded.type]
    moved = [event for event in said if event.type == grid.PlaceChanged.type]
    assert {event.subject for event in ended} == {town[c] for c in (EAST, WEST, f"{EAST}001", f"{WEST}001")}
    assert {event.subject for event in moved} == {town[c] for c in ("E1", "E2", "B1", "B2", "D1", "D2")}
    east = next(event.data for event in ended if event.subject == town[EAST])
    new = by_code(service, NEW)["id"]
    assert (set(east["old_refs"]), east["new_refs"], east["rest_ref"]) == (
        {town[EAST], town[WEST]},
        [new],
        new,
    )
    assert east["effective_on"] == date(2024, 5, 27)
    door = next(event.data for event in moved if event.subject == town["D1"])
    assert f"/{town[EAST]}/" in door["former_path"]
    assert f"/{new}/" in door["path"]


def test_a_dry_run_answers_what_would_move_and_changes_nothing(service, town, report):
    case = report("D1")
    before = service.snapshot()
    would = supersede(service, dry_run=True)
    assert service.snapshot() == before
    assert (would["state"], would["case_numbers"]) == ("rehearsed", [case["number"]])
    assert would == supersede(service) | {"state": "rehearsed"}


def test_a_later_day_is_kept_and_carried_out_when_it_has_come(service, town, report):
    case = report("D1")
    planned = supersede(service, effective_on="2024-06-01")
    assert planned["state"] == "scheduled"
    assert case_of(service, case)["grid_code"] == f"{EAST}001"
    assert f"succession:{EAST}" in service.scheduled()
    service.clock.at = datetime(2024, 5, 31, 15, 59, tzinfo=UTC)  # 23:59 in Beijing
    service.run()
    assert case_of(service, case)["grid_code"] == f"{EAST}001"
    service.clock.advance(minutes=1)
    service.run()
    assert case_of(service, case)["grid_code"] == f"{NEW}001"
    assert (by_code(service, EAST)["valid_to"], by_code(service, NEW)["valid_from"]) == (
        "2024-06-01",
        "2024-06-01",
    )
    assert f"succession:{EAST}" not in service.scheduled()


def test_a_plan_that_cannot_be_is_refused_when_it_is_made(service, town):
    before = service.snapshot()
    late = service.request("POST", "/places/supersede", MERGER | {"effective_on": "2024-05-26"})
    assert (late.status_code, late.json["code"]) == (422, "effective_in_the_past")
    only_one = {"register": MERGER["register"][:1], "supersede": MERGER["supersede"][:1]}
    left = service.request("POST", "/places/supersede", only_one | {"effective_on": "2024-06-01"})
    assert (left.status_code, left.json["code"]) == (422, "grid_needs_new_code")
    assert service.snapshot() == before


def test_the_code_of_an_ended_place_is_given_to_nobody(service, town):
    supersede(service)
    street = by_code(service, "110112010")["id"]
    again = {"kind": "community", "name": "又一个", "code": EAST, "parent_ref": street}
    answer = service.request("POST", "/places", again)
    assert (answer.status_code, answer.json["code"]) == (409, "place_already_registered")


def test_only_who_acts_for_all_the_places_merges_them(service, town):
    scope = f"place:{town[EAST]}"
    answer = service.request("POST", "/places/supersede", MERGER, scope=scope)
    assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")


def test_what_is_reported_at_a_place_that_was_merged_lies_in_its_successor(service, town):
    supersede(service)
    body = {"category": "0603", "place_ref": town[f"{EAST}001"], "text": "?"}
    assert service.post("/cases", body)["grid_code"] == f"{NEW}001"


def test_a_token_for_a_merged_place_acts_for_its_successor_and_still_reads_what_stayed(service, town, report):
    closed, opened, other = report("D1"), report("D1"), report("D2")
    close(service, closed)
    as_before = {"role": "community", "scope": f"place:{town[EAST]}"}

    def seen():
        return {case["id"] for case in service.request("GET", "/cases", **as_before).json["items"]}

    assert seen() == {closed["id"], opened["id"]}
    supersede(service)
    assert seen() == {closed["id"], opened["id"], other["id"]}
    body = {"category": "0603", "place_ref": town["D1"], "text": "?"}
    service.post("/cases", body, **as_before)


def test_a_token_for_a_split_place_acts_for_the_one_that_has_the_rest_and_for_no_other(service, town):
    register = [
        {"kind": "grid", "name": name, "code": f"{EAST}00{number}", "parent": "E1"}
        for number, name in [(2, "甲"), (3, "乙")]
    ]
    ending = {
        "code": f"{EAST}001",
        "into": [f"{EAST}002", f"{EAST}003"],
        "moves": [{"code": "B1", "to": f"{EAST}003"}],
    }
    service.post("/places/supersede", {"register": register, "supersede": [ending]}, status=200)
    as_before = {"role": "grid_worker", "scope": f"place:{town[f'{EAST}001']}"}
    rest, other = by_code(service, f"{EAST}002")["id"], by_code(service, f"{EAST}003")["id"]
    assert service.request("GET", f"/places/{rest}", **as_before).status_code == 200
    assert service.request("GET", f"/places/{other}", **as_before).status_code == 403
    assert service.request("GET", f"/places/{town['D1']}", **as_before).status_code == 403


def test_a_closed_case_that_is_opened_again_lies_where_its_place_is_now(service, town):
    service.hear(notify.ContactRegistered, "resident-1", facts.contact())
    place_ref = town[f"{EAST}001"]
    body = {"category": "0603", "place_ref": place_ref, "text": "?", "reporter_ref": "resident-1"}
    case = service.post("/cases", body)
    close(service, case)
    supersede(service)
    assert case_of(service, case)["grid_code"] == f"{EAST}001"
    feedback = {
        "question_ref": "question",
        "about": {"type": "case", "ref": case["id"], "turn": 1},
        "resident_ref": "resident-1",
        "resolution": "unresolved",
        "grade": 1,
    }
    service.hear_twice(notify.FeedbackReceived, "question", feedback)
    assert case_of(service, case)["grid_code"] == f"{NEW}001"
    (reopened,) = service.said(grid.CaseReopened)
    assert reopened.data["grid_code"] == f"{NEW}001"


def test_a_topic_accepted_before_a_merger_was_heard_of_still_finds_its_cases(service, town, report):
    """What others said before they heard of it names the old path."""
    case = report("D1")
    old_path = f"/{by_code(service, '110112010')['id']}/{town[EAST]}/"
    supersede(service)
    data = facts.topic(case_refs=[case["id"]], place_ref=town[EAST], place_path=old_path)
    service.hear_twice(consultation.TopicAccepted, "topic", data | {"party_org": "社区党委"})
    assert case_of(service, case)["state"] == "waiting"


def test_a_case_that_followed_is_another_to_who_has_read_it_before(service, town, report):
    case = report("D1")
    tag = service.request("GET", f"/cases/{case['id']}").headers["ETag"]
    supersede(service)
    assert service.request("GET", f"/cases/{case['id']}").headers["ETag"] != tag


def test_ended_places_are_told_anew_as_superseded_and_the_rest_where_they_are(service, town):
    supersede(service)
    current = service.application.definition.current
    with service.database.reading() as session:
        told = [current[Place](place, None)[0] for place in session.scalars(select(Place))]
    assert told.count(grid.PlaceSuperseded) == 4
    assert told.count(grid.PlaceRegistered) == len(told) - 4


def test_households_go_with_their_door(service, town):
    service.handle(RegisterHousehold(town["D1"], "301"))
    supersede(service)
    with service.database.reading() as session:
        path = session.scalar(select(households.c.place_path))
        assert path == session.scalar(select(places.c.place_path).where(places.c.id == town["D1"]))
