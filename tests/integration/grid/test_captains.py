"""Captains over HTTP: 选育用激宣, the gaps and the coverage, duties, and the stewards who act for them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from time import sleep

import pytest
from sqlalchemy import event, text

from services.grid.use_cases.captains import AppointCaptain, EnterPoints, ProposeCaptain
from shared.contracts import grid, notify, property
from shared.kernel.command import Cause
from shared.kernel.errors import Conflict
from shared.testing.harness import STREET_STAFF
from tests.builders import facts

COMMUNITY = {"role": "community"}


class Neighbourhood:
    """Two estates: a tower of one building with two doors, an old one with one door; each building's residents."""

    def __init__(self, service):
        self.service = service
        self.street = self._place(None, "street", "110112010")
        self.community = self._place(self.street, "community", "110112010904")
        tower = self._place(self.community, "estate", "T", estate_type="tower")
        old = self._place(self.community, "estate", "O", estate_type="old")
        self.tower_grid = self._place(tower, "grid", "110112010904001")
        old_grid = self._place(old, "grid", "110112010904002")
        self.tower = self._place(self.tower_grid, "building", "T1")
        self.doors = [self._place(self.tower, "door", f"T1-{n}") for n in (1, 2)]
        self.old_door = self._place(self._place(old_grid, "building", "O1"), "door", "O1-1")
        self.tower_estate, self.old_estate = tower["id"], old["id"]

    def _place(self, parent, kind, code, **more):
        body = {"kind": kind, "name": f"{kind} {code}", "code": code, "parent_ref": parent and parent["id"]}
        return self.service.post("/places", body | more)

    def candidate(self, person, door, origin="resident", status=201):
        """A person who lives behind the door, proposed for it."""
        path = f"/street/community/{door['building_ref']}/{door['id']}/"
        data = facts.contact(person, place_ref=door["id"], place_path=path)
        self.service.hear(notify.ContactRegistered, person, data, version=1)
        body = {
            "door_ref": door["id"],
            "person_ref": person,
            "origin": origin,
            "chosen_how": "居民代表推选",
            "chosen_on": "2024-05-20",
        }
        return self.service.post("/captains", body, **COMMUNITY, status=status)

    def captain(self, person, door, origin="resident"):
        """The same, appointed."""
        return self.appoint(self.candidate(person, door, origin))

    def appoint(self, candidate, status=200):
        return self.service.post(f"/captains/{candidate['id']}/appoint", **COMMUNITY, status=status)

    def retire(self, captain, reason="resigned", status=200):
        return self.service.post(
            f"/captains/{captain['id']}/retire", {"reason_code": reason}, **COMMUNITY, status=status
        )

    def post(self, door):
        return self.service.request("GET", f"/captain-posts/{door['id']}").json

    def gaps(self, place_ref=None, **who):
        query = "/captain-posts?missing=true" + (f"&place_ref={place_ref}" if place_ref else "")
        return {
            post["id"]: post["missing"] for post in self.service.request("GET", query, **who).json["items"]
        }


@pytest.fixture
def around(service):
    return Neighbourhood(service)


# ---- 选育用激宣


def test_a_captain_goes_through_the_stages_which_add_up(service, around):
    candidate = around.candidate("person", around.doors[0])
    assert (candidate["state"], candidate["valid_from"]) == ("candidate", None)
    path = f"/captains/{candidate['id']}"
    assert service.request("GET", path).json["stages"] == ["selection"]
    captain = around.appoint(candidate)
    assert (captain["state"], captain["valid_from"], captain["allowed_actions"]) == (
        "serving",
        "2024-05-27",
        ["retire"],
    )
    for stage, what in (("publicity", "社区公众号报道"), ("training", "消防培训"), ("training", "调解培训")):
        record = {"stage": stage, "text": what, "happened_on": "2024-05-26"}
        made = service.post(f"{path}/records", record, **COMMUNITY)
        assert service.request("GET", f"/captain-records/{made['id']}").json == made
    for points, reason in ((5, "参加培训"), (3, "隐患排查"), (-6, "兑换")):
        service.post(f"{path}/points", {"points": points, "reason": reason}, **COMMUNITY)
    seen = service.request("GET", path).json
    assert (seen["stages"], seen["points"]) == (["selection", "training", "publicity"], 2)
    ledger = service.request("GET", f"/points?captain_ref={captain['id']}").json["items"]
    assert [(line["points"], line["reason"]) for line in ledger] == [
        (5, "参加培训"),
        (3, "隐患排查"),
        (-6, "兑换"),
    ]
    trainings = service.request("GET", f"/captain-records?captain_ref={captain['id']}&stage=training").json
    assert [one["text"] for one in trainings["items"]] == ["消防培训", "调解培训"]
    retired = around.retire(captain, "term_ended")
    assert (retired["state"], retired["valid_to"], retired["allowed_actions"]) == (
        "retired",
        "2024-05-27",
        [],
    )


def test_others_hear_door_building_origin_and_person_and_outsiders_the_building_only(service, around):
    captain = around.captain("person", around.doors[0], "resident")
    around.retire(captain)
    (appointed,), (retired,) = service.said(grid.CaptainAppointed), service.said(grid.CaptainRetired)
    building = around.tower["id"]
    assert (appointed.data["door_ref"], appointed.data["person_ref"]) == (around.doors[0]["id"], "person")
    assert (appointed.data["place_ref"], appointed.data["origin"]) == (building, "resident")
    assert appointed.data["place_path"].endswith(f"/{building}/")
    assert retired.data.items() >= appointed.data.items(), "a copy is replaced as a whole"
    with service.database.reading() as session:
        feed = session.scalars(
            text("SELECT feed_body FROM outbox_messages WHERE type LIKE 'grid.captain.%'")
        ).all()
    assert len(feed) == 2
    for body in feed:
        for hidden in (around.doors[0]["id"], "person_ref", "door_ref"):
            assert hidden.encode() not in bytes(body)


@pytest.mark.parametrize(
    ("changed", "status", "error"),  # the field that is to blame comes first
    [
        ({"door_ref": "nowhere"}, 422, "unknown"),
        ({"person_ref": "nobody"}, 422, "unknown_reference"),
        ({"person_ref": "neighbour"}, 422, "captain_lives_elsewhere"),
        ({"person_ref": "person"}, 409, "captain_already_there"),
        ({"chosen_on": "2024-05-28", "person_ref": "neighbour", "origin": "bank"}, 422, "recorded_ahead"),
        ({"origin": "police"}, 422, "invalid"),
    ],
)
def test_a_wrong_proposal_is_refused_with_its_reason_and_changes_nothing(
    service, around, changed, status, error
):
    around.candidate("person", around.doors[0])
    service.hear(notify.ContactRegistered, "neighbour", facts.contact("neighbour"))
    body = {
        "door_ref": around.doors[0]["id"],
        "person_ref": "person",
        "origin": "resident",
        "chosen_how": "推选",
        "chosen_on": "2024-05-20",
    }
    before = service.snapshot()
    answer = service.request("POST", "/captains", body | changed, **COMMUNITY)
    assert (answer.status_code, answer.json["code"]) == (status, error), answer.text
    assert [one["field"] for one in answer.json["errors"]] == [next(iter(changed))]
    assert service.snapshot() == before


def test_the_same_person_is_captain_once_per_door_and_may_come_back(service, around):
    captain = around.captain("person", around.doors[0])
    assert around.candidate("person", around.doors[0], status=409)["code"] == "captain_already_there"
    around.retire(captain)
    assert around.captain("person", around.doors[0])["id"] != captain["id"]
    assert around.captain("person", around.doors[1])["state"] == "serving"


def test_staff_of_another_place_keep_no_captains_here(service, around):
    captain = around.captain("person", around.doors[0])
    elsewhere = {"role": "community", "scope": f"place:{around.old_estate}"}
    for path, body in (("retire", {"reason_code": "resigned"}), ("points", {"points": 1, "reason": "x"})):
        answer = service.request("POST", f"/captains/{captain['id']}/{path}", body, **elsewhere)
        assert (answer.status_code, answer.json["code"]) == (403, "outside_scope")
    assert service.request("GET", "/captains", **elsewhere).json["items"] == []


# ---- gaps and coverage


def test_g13_a_door_of_two_captains_is_a_gap_the_moment_one_leaves(service, around):
    door = around.doors[0]
    first, _second = around.captain("a", door), around.captain("b", door, "bank")
    assert door["id"] not in around.gaps()
    around.retire(first)
    found = service.said(grid.VacancyFound)[-1].data
    assert (found["door_ref"], found["missing"], found["reason_code"]) == (door["id"], 1, "resigned")
    assert around.gaps()[door["id"]] == 1
    around.captain("c", door)
    assert service.said(grid.VacancyFilled)[-1].data["door_ref"] == door["id"]
    assert door["id"] not in around.gaps()


def test_the_gaps_are_those_of_a_place_and_of_who_asks(service, around):
    one, two = (door["id"] for door in around.doors)
    old = around.old_door["id"]
    assert around.gaps() == {one: 2, two: 2, old: 1}
    assert around.gaps(around.tower_estate) == {one: 2, two: 2}
    assert around.gaps(around.tower_estate, role="captain", scope=f"place:{one}") == {one: 2}
    around.captain("person", around.old_door)
    assert around.gaps(around.old_estate) == {}
    filled = service.request("GET", "/captain-posts?missing=false").json["items"]
    assert [post["id"] for post in filled] == [old]
    first = service.request("GET", "/captain-posts?missing=true&limit=1").json
    rest = service.request("GET", f"/captain-posts?missing=true&limit=1&after={first['next']}").json
    assert {post["id"] for post in first["items"] + rest["items"]} == {one, two}
    assert rest["next"] is None


def test_the_gaps_of_a_street_are_read_from_their_index_alone(service, around):
    """Among many doors where nobody is missing."""
    with service.database.writing() as session:
        for number in range(3000):
            session.execute(
                text(
                    "INSERT INTO posts (id, version, journey, place_path, door_name, required, serving, missing)"
                    " VALUES (:id, 1, 'x', '/street/', 'x', 1, 1, 0)"
                ),
                {"id": f"door-{number}"},
            )
    around.captain("person", around.old_door)
    around.retire(service.request("GET", "/captains").json["items"][0])
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "FROM posts" in statement:
            asked.append((statement, parameters))

    engine = service.database.engine
    event.listen(engine, "before_cursor_execute", note)
    assert around.gaps(around.old_estate) == {around.old_door["id"]: 1}
    event.remove(engine, "before_cursor_execute", note)
    ((statement, parameters),) = asked
    explain = "EXPLAIN QUERY PLAN" if service.database.is_sqlite else "EXPLAIN"
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE posts")
        plan = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    assert "ix_posts_missing" in str(plan)


def coverage(service, query="", **who):
    return service.request("GET", f"/coverage/captains{query}", **who).json


def test_coverage_is_counted_per_place_and_nothing_to_count_is_no_ratio(service, around):
    around.captain("a", around.doors[0])
    around.captain("b", around.doors[0])
    around.captain("c", around.doors[1])
    seen = coverage(service, "?by=estate")
    assert seen["total"] == {
        "doors": 3,
        "doors_with_captain": 2,
        "percent": "66.6",
        "two_captain_doors": 2,
        "two_captain_doors_full": 1,
        "two_captain_percent": "50.0",
    }
    by_ref = {part["place_ref"]: part for part in seen["parts"]}
    assert by_ref.keys() == {around.tower_estate, around.old_estate}
    assert (by_ref[around.tower_estate]["percent"], by_ref[around.old_estate]["percent"]) == ("100.0", "0.0")
    old = by_ref[around.old_estate]
    assert (old["two_captain_doors"], old["two_captain_percent"]) == (0, None)
    (part,) = coverage(service)["parts"]
    assert (part["place_ref"], part["name"]) == (around.community["id"], around.community["name"])
    assert coverage(service, f"?place_ref={around.old_estate}")["total"]["doors"] == 1
    inside = {"role": "community", "scope": f"place:{around.old_estate}"}
    assert coverage(service, **inside)["total"]["doors"] == 1
    nowhere = coverage(service, "?place_ref=nowhere")
    assert (nowhere["total"]["percent"], nowhere["parts"]) == (None, [])


def test_two_captains_of_one_origin_are_allowed_and_advised_against(service, around):
    around.captain("a", around.doors[0])
    assert around.post(around.doors[0])["advice"] == ""
    around.captain("b", around.doors[0])
    seen = around.post(around.doors[0])
    assert "建议来自不同来源" in seen["advice"]
    assert [captain["origin"] for captain in seen["captains"]] == ["resident"] * 2


# ---- at once


def at_once(service, commands):
    """Each in a thread of its own; which of them were refused."""

    def carry_out(command):
        try:
            service.handle(command)
        except Conflict as refused:
            return refused.code
        return None

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(carry_out, commands))


def test_of_several_who_appoint_the_last_captain_at_once_one_does(service, around):
    door = around.doors[0]
    around.captain("first", door)
    candidates = [around.candidate(f"person-{n}", door) for n in range(4)]
    refused = at_once(service, [AppointCaptain(candidate["id"]) for candidate in candidates])
    assert sorted(map(str, refused)) == ["None", "door_full", "door_full", "door_full"]
    seen = around.post(door)
    assert (seen["serving"], seen["missing"], len(seen["captains"])) == (2, 0, 2)
    assert len([one for one in service.said(grid.VacancyFilled) if one.subject == door["id"]]) == 1
    assert len(service.said(grid.CaptainAppointed)) == 2


def test_of_several_who_spend_the_same_points_at_once_one_does(service, around):
    captain = around.captain("person", around.doors[0])
    service.handle(EnterPoints(captain["id"], 5, "培训"))
    refused = at_once(service, [EnterPoints(captain["id"], -5, "兑换")] * 3)
    assert sorted(map(str, refused)) == ["None", "points_overdrawn", "points_overdrawn"]
    assert service.request("GET", f"/captains/{captain['id']}").json["points"] == 0


def test_who_is_erased_while_being_proposed_is_no_candidate_afterwards(service, around):
    """The news waits until the proposal is written, and finds it."""
    around.candidate("person", around.doors[0])
    erased = service.message(notify.ContactErased, "person", facts.contact_erased("person"), version=2)
    command = ProposeCaptain(around.doors[1]["id"], "person", "resident", "推选", date(2024, 5, 20))
    with ThreadPoolExecutor(1) as pool:
        with service.application.writing() as session:
            service.application.carry_out(session, command, Cause(STREET_STAFF))
            session.flush()
            news = pool.submit(service.deliver, erased)
            sleep(0.5)
        news.result()
    service.run()
    seen = service.request("GET", "/captains").json["items"]
    assert [(one["state"], one["reason_code"]) for one in seen] == [("retired", "erased")] * 2


# ---- duties, and the stewards who act for captains


def test_a_captain_logs_what_happened_earlier_at_the_own_door_only(service, around):
    captain = around.captain("person", around.doors[0])
    service.clock.advance(days=1)
    body = {"duty": "hazard", "text": "楼道堆物已劝清", "occurred_at": "2024-05-27T19:30:00+08:00"}
    path = f"/captains/{captain['id']}/duties"
    own = {"role": "captain", "scope": f"place:{around.doors[0]['id']}"}
    other = {"role": "captain", "scope": f"place:{around.doors[1]['id']}"}
    logged = service.post(path, body, **own)
    assert (logged["state"], logged["occurred_at"], logged["recorded_at"]) == (
        "done",
        "2024-05-27T19:30:00+08:00",
        "2024-05-28T09:00:00+08:00",
    )
    assert service.request("GET", f"/duties/{logged['id']}", **own).json == logged
    assert service.request("POST", path, body, **other).status_code == 403
    assert service.request("GET", "/duties", **other).json["items"] == []
    for changed, status, code in (
        ({"duty": "question"}, 422, "invalid"),
        ({"occurred_at": "2024-05-26T10:00:00+08:00"}, 409, "captain_not_serving"),
        ({"occurred_at": "2024-05-29T10:00:00+08:00"}, 422, "recorded_ahead"),
    ):
        answer = service.request("POST", path, body | changed, **own)
        assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.fixture
def steward(service, around):
    """The contractor's steward of the tower."""
    service.hear(notify.ContactRegistered, "worker", facts.contact("worker", contact_class="worker"))
    started = facts.works_started(building_refs=[around.tower["id"]])
    service.hear(property.WorksStarted, "works", started, version=1)
    (asked,) = service.said(grid.StewardRequested)
    body = {"building_ref": around.tower["id"], "person_ref": "worker", "unit": "项目部"}
    return service.post(
        f"/steward-requests/{asked.subject}/stewards", body, role="contractor", scope="party:contractor"
    )


ASKED = {"duty": "question", "text": "几时停水", "occurred_at": "2024-05-27T08:00:00+08:00"}


def test_g14_while_works_go_on_the_steward_is_shown_as_acting_captain_of_each_door(service, around, steward):
    around.captain("person", around.doors[0])
    for door in around.doors:
        (acting,) = around.post(door)["acting"]
        assert acting["steward_ref"] == steward["id"]
    assert around.post(around.old_door)["acting"] == []
    assert around.gaps()[around.doors[1]["id"]] == 2, "a steward fills no post"
    service.hear(property.WorksAccepted, "works", facts.works_accepted(), version=2)
    assert [around.post(door)["acting"] for door in around.doors] == [[], []]
    assert [one["origin"] for one in around.post(around.doors[0])["captains"]] == ["resident"]


def test_g14_at_the_end_of_the_works_duty_and_open_questions_go_back_to_the_captains(
    service, around, steward
):
    one, two = around.captain("a", around.doors[0]), around.captain("b", around.doors[1])
    retired = around.captain("c", around.doors[1])
    around.retire(retired)
    own = {"role": "steward", "scope": f"place:{around.tower['id']}"}
    path = f"/stewards/{steward['id']}/duties"
    done = service.post(path, ASKED | {"answered_at": "2024-05-27T08:45:00+08:00"}, **own)
    assert (done["state"], done["answer_minutes"]) == ("done", 45)
    at_door = service.post(path, ASKED | {"door_ref": around.doors[1]["id"]}, **own)
    anywhere = service.post(path, ASKED | {"duty": "conflict"}, **own)
    assert at_door["allowed_actions"] == ["answer"]
    service.hear_twice(property.WorksAccepted, "works", facts.works_accepted())
    (expired,) = service.said(grid.StewardExpired)
    assert expired.data["captain_refs"] == [one["id"], two["id"]]
    assert expired.data["door_refs"] == sorted(door["id"] for door in around.doors)
    handed = service.request("GET", "/duties?state=handed_back").json["items"]
    assert {(entry["id"], entry["captain_ref"]) for entry in handed} == {
        (at_door["id"], two["id"]),
        (anywhere["id"], one["id"]),
    }
    captain = {"role": "captain", "scope": f"place:{around.doors[1]['id']}"}
    answered = service.post(f"/duties/{at_door['id']}/answer", {}, **captain, status=200)
    assert (answered["state"], answered["answer_minutes"]) == ("done", 60)
    assert service.request("POST", path, ASKED, **own).json["code"] == "not_now"


def test_a_steward_logs_nothing_for_another_building(service, around, steward):
    path = f"/stewards/{steward['id']}/duties"
    elsewhere = {"role": "steward", "scope": f"place:{around.old_estate}"}
    assert service.request("POST", path, ASKED, **elsewhere).status_code == 403
    answer = service.request("POST", path, ASKED | {"door_ref": around.old_door["id"]})
    assert (answer.status_code, answer.json["code"]) == (422, "door_elsewhere")


# ---- said anew


def test_captains_and_vacancies_are_said_anew_as_they_are_now(service, around):
    """`jiushu republish --current`: who serves, who has retired, what is missing; candidates are nobody's business."""
    serving = around.captain("a", around.doors[0])
    retired = around.captain("b", around.doors[0])
    around.retire(retired)
    candidate = around.candidate("c", around.doors[0])
    current = service.application.definition.current
    said = {}
    with service.database.reading() as session:
        for kind, say in current.items():
            for aggregate in session.query(kind):
                told = say(aggregate, None)
                said[aggregate.id] = told and told[0]
    assert said[serving["id"]] is grid.CaptainAppointed
    assert said[retired["id"]] is grid.CaptainRetired
    assert said[candidate["id"]] is None
    posts = [one for one in said.values() if one in (grid.VacancyFound, grid.VacancyFilled)]
    assert posts == [grid.VacancyFound] * 3
