"""Projects through the doors: gates that open by themselves, branches, teams, reception points, opinions, visits."""

from __future__ import annotations

import pytest

from services.consultation.store.projects import projects
from shared.contracts import consultation, grid, property
from tests.builders import consultation as build
from tests.builders import facts
from tests.integration.consultation.project_steps import (
    MEMBERS,
    advanced,
    established,
    fed_back,
    opened,
    point_body,
    post,
    refused,
    sheet,
    taken_in,
    team_body,
)


def test_a_key_project_goes_from_stage_to_stage_as_what_it_stands_on_comes_to_be(service, journey):
    project = opened(service, topic_refs=[journey.topic_id])
    path = f"/projects/{project['id']}/advance"
    advanced(service, project)
    assert refused(service, path, {}) == (409, "gate_shut"), "nobody was asked"
    fed_back(service, "design", journey.topic_id)
    assert advanced(service, project)["stage"] == "review"
    assert refused(service, path, {}) == (409, "gate_shut"), "no plan has passed"
    journey.deliver()
    assert advanced(service, project, 3)["stage"] == "publicity"
    assert refused(service, path, {}) == (409, "gate_shut"), "no branch, no works"
    established(service, project)
    plan_hash = journey.topic()["plan_hash"]
    service.hear(property.WorksCreated, "works", build.works_created(journey.topic_id, plan_hash))
    assert advanced(service, project)["stage"] == "entry"
    assert refused(service, path, {}) == (409, "gate_shut"), "nobody was asked at the entry"
    fed_back(service, "entry", journey.topic_id)
    advanced(service, project)
    assert refused(service, path, {}) == (409, "gate_shut"), "nothing is built"
    service.hear(property.WorksAccepted, "works", facts.works_accepted(topic_ref=journey.topic_id))
    advanced(service, project)
    assert refused(service, path, {}) == (409, "gate_shut"), "no result has landed"
    journey.land()
    assert advanced(service, project)["stage"] == "warranty"
    done = post(service, f"/projects/{project['id']}/complete", {"note": "质保期满"})
    assert (done["state"], len(done["history"])) == ("completed", 10)
    assert [event.data["stage"] for event in service.said(consultation.ProjectStageChanged)][-1] == "warranty"
    (closed,) = service.said(consultation.ProjectClosed)
    assert (closed.data["outcome"], closed.data["days_lost"]) == ("completed", 0)


def test_what_is_missing_for_a_stage_is_named_in_the_refusal(service, journey):
    project = advanced(service, opened(service, topic_refs=[journey.topic_id]))
    answer = service.request("POST", f"/projects/{project['id']}/advance", {}, role="street")
    assert answer.json["detail"] == "尚不能进入“双审”：还缺方案设计阶段的问需已全部反馈"


@pytest.mark.parametrize("end", [("complete", {"note": "质保期满"}), ("call-off", {"reason": "居民不同意"})])
def test_gate_g14_the_branch_the_teams_and_the_reception_points_end_with_the_project(neighbourhood, end):
    service, (deed, said) = neighbourhood, end
    project = opened(service, kind="sprout")
    branch = established(service, project)
    team = post(service, f"/projects/{project['id']}/teams", team_body(), status=201)
    point = post(service, f"/projects/{project['id']}/reception-points", point_body(), status=201)
    if deed == "complete":
        with service.database.writing() as session:
            session.execute(projects.update().values(stage="warranty"))
    post(service, f"/projects/{project['id']}/{deed}", said)
    (archived,) = service.request("GET", "/branches").json["items"]
    assert (archived["state"], archived["members"]) == ("dissolved", branch["members"])
    assert service.request("GET", f"/teams/{team['id']}").json["state"] == "disbanded"
    assert service.request("GET", f"/reception-points/{point['id']}").json["state"] == "closed"
    assert len(service.said(consultation.BranchDissolved)) == 1
    for path, body in (
        ("branch", {"name": "再建", "members": MEMBERS}),
        ("teams", team_body()),
        ("reception-points", point_body()),
        ("opinions", {"sheets": [sheet(1)]}),
        ("link", {"campaign_refs": ["campaign"]}),
    ):
        assert refused(service, f"/projects/{project['id']}/{path}", body)[0] == 409, path


def test_one_project_has_one_branch(neighbourhood):
    project = opened(neighbourhood)
    established(neighbourhood, project)
    again = {"name": "第二支部", "members": MEMBERS}
    assert refused(neighbourhood, f"/projects/{project['id']}/branch", again) == (409, "branch_exists")
    (told,) = neighbourhood.said(consultation.BranchEstablished)
    assert told.data["sides"] == [
        {"side": side, "count": 1} for side in ("street", "community", "builder", "residents")
    ]
    assert "resident-1" not in str(told.data)


def test_a_branch_without_all_sides_is_told_which_are_missing(neighbourhood):
    project = opened(neighbourhood)
    body = {"name": "临时党支部", "members": MEMBERS[:2]}
    branch = post(neighbourhood, f"/projects/{project['id']}/branch", body, status=201)
    answer = neighbourhood.request("POST", f"/branches/{branch['id']}/establish", role="street")
    assert (answer.status_code, answer.json["code"]) == (422, "side_missing")
    assert "参建单位、居民代表" in answer.json["detail"]


def test_a_pause_costs_days_and_conflict_is_counted_apart(neighbourhood):
    service = neighbourhood
    project = opened(service)
    for cause, days in (("conflict", 3), ("weather", 2)):
        post(service, f"/projects/{project['id']}/pause", {"cause": cause, "reason": "停工"})
        service.clock.advance(days=days)
        post(service, f"/projects/{project['id']}/resume")
    figures = service.anonymous("GET", f"/projects/{project['id']}/figures").json
    assert (figures["days_lost"], figures["days_lost_to_conflict"]) == (5, 3)
    assert [event.data["days_lost"] for event in service.said(consultation.ProjectResumed)] == [3, 5]


# ---- reception points


def test_what_is_said_at_a_reception_point_becomes_a_suggestion_of_an_open_survey(neighbourhood, point):
    service = neighbourhood
    survey = post(service, "/surveys", build.survey_body(stage="entry"), status=201)
    intake = taken_in(service, point)
    path = f"/intakes/{intake['id']}/suggest"
    assert refused(service, path, {"survey_ref": survey["id"]})[0] == 409, "it is not open yet"
    assert service.request("GET", f"/intakes/{intake['id']}").json["state"] == "received"
    post(service, f"/surveys/{survey['id']}/open")
    taken_up = post(service, path, {"survey_ref": survey["id"], "category": "noise"})
    suggestion = service.request("GET", f"/suggestions/{taken_up['suggestion_ref']}").json
    assert (suggestion["channel"], suggestion["proposer_ref"]) == ("reception", "resident-1")


def test_the_share_that_is_solved_at_first_hand_is_told_to_anyone(neighbourhood, point):
    service = neighbourhood
    for number in range(4):
        intake = taken_in(service, point)
        if number < 2:
            post(service, f"/intakes/{intake['id']}/answer", {"text": "已告知工期"})
        elif number == 2:
            post(service, f"/intakes/{intake['id']}/refer", {"case_category": "0404"})
    figures = service.anonymous("GET", f"/projects/{point['project_ref']}/figures").json["intakes"]
    assert figures == {
        "received": 4,
        "open": 1,
        "answered_on_the_spot": 2,
        "suggested": 0,
        "referred": 1,
        "first_line_permille": 666,
    }


def test_a_reception_point_names_no_phone(neighbourhood):
    project = opened(neighbourhood)
    body = point_body() | {"duty": {"1": "老王 13800001234"}}
    answer = neighbourhood.request("POST", f"/projects/{project['id']}/reception-points", body, role="street")
    assert (answer.status_code, answer.json["errors"][0]["field"].split(".")[0]) == (422, "duty")


# ---- opinions and visits


def test_the_last_word_of_a_household_counts_and_all_households_are_counted(of_eight):
    service = of_eight
    project = opened(service)
    path = f"/projects/{project['id']}/opinions"
    post(service, path, {"sheets": [sheet(1), sheet(2, "disagree"), sheet(3, "abstain")]})
    post(service, path, {"sheets": [sheet(2)]}, role="community")
    figures = service.anonymous("GET", f"/projects/{project['id']}/figures").json
    assert figures["consensus"] == {
        "households": 8,
        "agree": 2,
        "disagree": 0,
        "abstain": 1,
        "unreached": 5,
        "agree_permille": 250,
    }
    assert [building["consensus"]["agree"] for building in figures["buildings"]] == [2]


def test_more_sheets_than_households_are_refused_and_none_of_them_is_kept(of_eight):
    project = opened(of_eight)
    many = {"sheets": [sheet(number) for number in range(9)]}
    assert refused(of_eight, f"/projects/{project['id']}/opinions", many) == (422, "sheets_too_many")
    figures = of_eight.anonymous("GET", f"/projects/{project['id']}/figures").json
    assert figures["consensus"]["agree"] == 0


def test_a_household_speaks_from_one_building_so_that_nobody_puts_in_another_s_word(of_eight):
    of_eight.hear(grid.PlaceRegistered, "building-2", facts.building("building-2"))
    project = opened(of_eight)
    path = f"/projects/{project['id']}/opinions"
    post(of_eight, path, {"sheets": [sheet(1)]})
    theirs = {"sheets": [sheet(1, "disagree", building="building-2")]}
    own = {"role": "captain", "scope": "place:building-2"}
    answer = of_eight.request("POST", path, theirs, **own)
    assert (answer.status_code, answer.json["code"]) == (422, "household_elsewhere")
    not_theirs = {"sheets": [sheet(2, "disagree")]}
    assert of_eight.request("POST", path, not_theirs, **own).status_code == 403
    assert of_eight.request("POST", path, {"sheets": [sheet(1, "disagree")]}, **own).status_code == 403


def test_a_household_outside_the_project_has_no_say(of_eight):
    project = opened(of_eight)
    elsewhere = {"sheets": [sheet(1, building="estate")]}
    assert refused(of_eight, f"/projects/{project['id']}/opinions", elsewhere) == (422, "outside_project")


def test_a_team_takes_on_tasks_in_the_buildings_of_its_project(of_eight):
    project = opened(of_eight)
    team = post(of_eight, f"/projects/{project['id']}/teams", team_body(), status=201)
    task = {"title": "入户宣讲", "due_on": "2024-06-10", "building_refs": ["building"]}
    team = post(of_eight, f"/teams/{team['id']}/tasks", task)
    task_id = team["tasks"][0]["id"]
    done = post(of_eight, f"/teams/{team['id']}/tasks/{task_id}/finish", {"result": "走访48户"})
    assert done["tasks"][0]["result"] == "走访48户"
    unknown = f"/teams/{team['id']}/tasks/nope/finish"
    assert refused(of_eight, unknown, {"result": "无"})[1] == "task_unknown"
    elsewhere = task | {"building_refs": ["estate"]}
    assert refused(of_eight, f"/teams/{team['id']}/tasks", elsewhere) == (422, "outside_project")


def test_a_project_and_its_topics_lie_in_one_place(service, journey):
    service.hear(
        grid.PlaceRegistered, "elsewhere", facts.estate("elsewhere") | {"path": "/street/c2/elsewhere/"}
    )
    body = {"kind": "key", "title": "别处", "place_ref": "elsewhere", "topic_refs": [journey.topic_id]}
    assert refused(service, "/projects", body) == (422, "outside_project")
    project = opened(service, topic_refs=[journey.topic_id])
    again = {"topic_refs": [journey.topic_id]}
    assert refused(service, f"/projects/{project['id']}/link", again) == (422, "topic_twice")


def test_what_is_said_of_a_building_of_the_project_is_kept_as_said_of_it(neighbourhood, point):
    assert taken_in(neighbourhood, point, place_ref="building")["place_ref"] == "building"
    neighbourhood.hear(
        grid.PlaceRegistered, "elsewhere", facts.estate("elsewhere") | {"path": "/street/c2/elsewhere/"}
    )
    path = f"/reception-points/{point['id']}/intakes"
    assert refused(neighbourhood, path, {"text": "灯不亮", "place_ref": "elsewhere"}) == (
        422,
        "outside_project",
    )


# ---- whoever looks after one place of the project's


@pytest.mark.parametrize(
    ("role", "scope"),
    [("grid_worker", "place:grid"), ("captain", "place:door"), ("steward", "place:building")],
)
def test_who_looks_after_a_place_works_for_the_survey_and_the_project_around_it(of_eight, role, scope):
    service = of_eight
    for ref, fact in (
        ("grid", facts.place("grid", kind="grid", path=f"{facts.ESTATE_PATH}grid/")),
        ("door", facts.door()),
    ):
        service.hear(grid.PlaceRegistered, ref, fact)
    survey = post(service, "/surveys", build.survey_body(stage="entry"), status=201)
    post(service, f"/surveys/{survey['id']}/open")
    project = opened(service)
    point = post(service, f"/projects/{project['id']}/reception-points", point_body(), status=201)
    own = {"role": role, "scope": scope}
    said = service.post(f"/surveys/{survey['id']}/suggestions", build.suggestion_body(), **own)
    assert said["place_ref"] == scope.removeprefix("place:")
    listed = service.request("GET", f"/surveys/{survey['id']}/suggestions", **own).json["items"]
    assert [each["id"] for each in listed] == [said["id"]]
    if role != "steward":
        service.post(f"/projects/{project['id']}/opinions", {"sheets": [sheet(1)]}, status=200, **own)
        assert len(service.request("GET", "/projects", **own).json["items"]) == 1
    if role != "captain":
        intake = service.post(f"/reception-points/{point['id']}/intakes", {"text": "灯不亮"}, **own)
        service.post(f"/intakes/{intake['id']}/answer", {"text": "已报修"}, status=200, **own)
    for deed in ("close", "analyse"):
        answer = service.request("POST", f"/surveys/{survey['id']}/{deed}", {"conclusions": "无"}, **own)
        assert answer.status_code == 403


def test_who_looks_after_another_place_does_not(of_eight):
    service = of_eight
    path = f"{facts.ESTATE_PATH}other/"
    service.hear(
        grid.PlaceRegistered, "elsewhere", facts.estate("elsewhere") | {"path": "/street/c2/elsewhere/"}
    )
    service.hear(grid.PlaceRegistered, "other", facts.place("other", kind="grid", path=path))
    survey = post(service, "/surveys", build.survey_body(stage="entry", place_ref="building"), status=201)
    post(service, f"/surveys/{survey['id']}/open")
    body = build.suggestion_body()
    for scope in ("place:elsewhere", "place:other", "place:nowhere"):
        path = f"/surveys/{survey['id']}/suggestions"
        assert service.request("POST", path, body, role="grid_worker", scope=scope).status_code == 403
        assert service.request("GET", path, role="grid_worker", scope=scope).status_code == 403
        assert service.request("GET", "/surveys", role="grid_worker", scope=scope).json["items"] == []


def test_a_community_does_not_run_what_its_street_runs(of_eight):
    service = of_eight
    service.hear(grid.PlaceRegistered, "street", facts.place("street", kind="street", path="/street/"))
    community = facts.place("community", kind="community", path="/street/community/")
    service.hear(grid.PlaceRegistered, "community", community)
    survey = post(service, "/surveys", build.survey_body(place_ref="street"), status=201)
    own = {"role": "community", "scope": "place:community"}
    assert service.request("GET", f"/surveys/{survey['id']}", **own).status_code == 200
    assert service.request("POST", f"/surveys/{survey['id']}/open", **own).status_code == 403
