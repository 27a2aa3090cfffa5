"""What tests of projects do again and again, through the doors."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.builders import consultation as build

MEMBERS = [
    {"side": "street", "ref": "staff-1", "is_secretary": True},
    {"side": "community", "ref": "staff-2"},
    {"side": "builder", "ref": "party-contact-1"},
    {"side": "residents", "ref": "resident-1"},
]


def day(number):
    return datetime(2024, 5, number, 1, tzinfo=UTC)


def post(service, path, body=None, *, role="street", status=200):
    return service.post(path, body, role=role, scope="*", status=status)


def refused(service, path, body=None, *, role="street"):
    answer = service.request("POST", path, body, role=role)
    return answer.status_code, answer.json["code"]


def opened(service, **changed):
    body = {"kind": "key", "title": "金侨时代家园综合改造", "place_ref": "estate"} | changed
    return post(service, "/projects", body, status=201)


def advanced(service, project, times=1):
    for _ in range(times):
        project = post(service, f"/projects/{project['id']}/advance", {"note": "材料齐备"})
    return project


def established(service, project):
    branch = post(
        service, f"/projects/{project['id']}/branch", {"name": "临时党支部", "members": MEMBERS}, status=201
    )
    return post(service, f"/branches/{branch['id']}/establish")


def fed_back(service, stage, topic_id):
    body = build.survey_body(stage=stage, topic_ref=topic_id, closes_at="2024-12-31T18:00:00+08:00")
    survey = post(service, "/surveys", body, status=201)
    for deed, said in (
        ("open", None),
        ("close", None),
        ("analyse", {"conclusions": "无异议"}),
        ("feed-back", None),
    ):
        post(service, f"/surveys/{survey['id']}/{deed}", said)


def team_body():
    return {"name": "先锋队", "members": [{"kind": "area", "ref": "m1"}, {"kind": "registered", "ref": "m2"}]}


def point_body():
    return {"name": "3号楼前接待点", "hours": "每日9:00—17:00", "duty": {"1": "社区居委会", "2": "施工单位"}}


def taken_in(service, point, **changed):
    body = {"text": "夜里还在施工", "proposer_ref": "resident-1"} | changed
    return post(service, f"/reception-points/{point['id']}/intakes", body, status=201)


def sheet(number, opinion="agree", building="building"):
    return {"household_ref": f"household-{number}", "building_ref": building, "opinion": opinion}
