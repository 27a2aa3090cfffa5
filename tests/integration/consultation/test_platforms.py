"""Platforms whose rules sessions keep, and who takes part, class by class."""

from __future__ import annotations

import pytest

from tests.builders import consultation as build

RULES = {"lead_days": 3, "least_persons": 10}


@pytest.fixture
def platform(service, journey):
    journey.accept()
    body = {"name": "树下贤聊", "place_ref": "estate"} | RULES
    return service.post("/platforms", body, role="community")


def announce(journey, platform, day, *, status=201):
    body = build.session_body(platform_ref=platform["id"], starts_at=f"2024-{day}T09:00:00+08:00")
    return journey.post(f"/topics/{journey.topic_id}/sessions", body, status=status)


def test_a_platform_s_sessions_are_announced_in_time_and_held_by_enough(service, journey, platform):
    assert announce(journey, platform, "05-29", status=422)["code"] == "session_too_soon"
    session = announce(journey, platform, "05-30")
    assert (session["platform_ref"], session["least_persons"]) == (platform["id"], 10)
    service.clock.advance(days=3)
    few = build.minutes_body(attendance={"residents": 9})
    answer = journey.post(f"/sessions/{session['id']}/minutes", few, status=409)
    assert (answer["code"], "9" in answer["detail"]) == ("too_few_came", True)
    journey.post(f"/sessions/{session['id']}/minutes", build.minutes_body())


def test_new_rules_hold_for_sessions_to_come_and_an_ended_platform_has_none(service, journey, platform):
    announced = announce(journey, platform, "05-30")
    service.post(f"/platforms/{platform['id']}/revise", {"lead_days": 0, "least_persons": 1}, status=200)
    assert service.request("GET", f"/sessions/{announced['id']}").json["least_persons"] == 10
    announce(journey, platform, "05-27")
    service.post(f"/platforms/{platform['id']}/end", {}, status=200)
    announce(journey, platform, "05-30", status=409)
    (listed,) = service.request("GET", "/platforms?state=ended").json["items"]
    assert listed["id"] == platform["id"]


def test_anyone_reads_what_the_themes_put_on_the_agenda(service):
    themes = service.anonymous("GET", "/themes").json["items"]
    assert [theme["name"] for theme in themes] == ["小微工程", "老旧小区改造", "新芽项目"]


def took_part(service, query="first=2024-05-01&last=2024-12-31"):
    answer = service.anonymous("GET", f"/participation?{query}").json
    return answer, {each["actor"]: each for each in answer["actors"]}


def test_who_took_part_is_counted_by_class_and_a_vote_that_goes_on_stays_secret(service, journey):
    journey.accept()
    journey.propose()
    journey.open_review()
    journey.engage_expert()
    journey.hold_joint_session()
    journey.ballot("resident-1")
    _, before = took_part(service)
    assert (before["people"]["ballots"], before["people"]["attendance"]) == (0, 12)
    for voter in ("resident-2", "resident-3"):
        journey.ballot(voter, approve=voter == "resident-2", reasons="台阶太高", criteria=["access"])
    journey.ballot("expert-1", "professionals")
    journey.close()
    figures, after = took_part(service)
    assert (figures["sessions"], figures["reviews"]) == (1, 1)
    people = {name: after["people"][name] for name in ("topics_raised", "on_rosters", "ballots", "approvals")}
    assert people == {"topics_raised": 1, "on_rosters": 3, "ballots": 3, "approvals": 2}
    assert (after["party"]["attendance"], after["organisations"]["attendance"]) == (1, 2)
    assert after["organisations"]["ballots"] == 1


def test_participation_is_told_for_a_period_and_a_place(service, journey):
    _, earlier = took_part(service, "first=2024-01-01&last=2024-05-26")
    assert earlier["people"]["topics_raised"] == 0
    _, elsewhere = took_part(service, "first=2024-05-27&last=2024-05-27&place_ref=elsewhere")
    assert elsewhere["people"]["topics_raised"] == 0
    _, here = took_part(service, "first=2024-05-27&last=2024-05-27&place_ref=estate")
    assert here["people"]["topics_raised"] == 1
    backwards = service.anonymous("GET", "/participation?first=2024-05-27&last=2024-05-26")
    assert (backwards.status_code, backwards.json["code"]) == (422, "period_backwards")
