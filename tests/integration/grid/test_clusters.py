"""Clusters of similar cases, near duplicates, and merging: at grid's doors."""

from __future__ import annotations

import pytest

from shared.contracts import consultation, grid, notify
from tests.builders import facts

ROAD = "0601"  # its clusters go to a topic


def report(service, spot, category=ROAD, **more):
    body = {"category": category, "place_ref": spot["id"], "text": "路面破损", "source": "patrol", **more}
    return service.post("/cases", body)


def reports(service, spot, number, **more):
    found = [report(service, spot, **more) for _ in range(number)]
    service.run()
    return [service.request("GET", f"/cases/{case['id']}").json for case in found]


def clusters(service):
    return service.request("GET", "/clusters").json["items"]


def test_the_fifth_case_of_a_kind_in_an_estate_makes_a_cluster_that_is_told_once(service, spot):
    reports(service, spot, 4)
    assert clusters(service) == []
    reports(service, spot, 1)
    (cluster,) = clusters(service)
    assert (cluster["count"], cluster["route"], cluster["place_ref"]) == (5, "topic", spot["estate_ref"])
    service.run()
    (told,) = service.said(grid.ClusterFound)
    assert (told.data["count"], told.data["window_days"], told.data["rule_version"]) == (5, 30, "2026-1")
    assert {case["cluster_ref"] for case in service.request("GET", "/cases").json["items"]} == {cluster["id"]}


def test_a_sixth_case_joins(service, spot):
    reports(service, spot, 5)
    (sixth,) = reports(service, spot, 1)
    (joined,) = service.said(grid.ClusterCaseJoined)
    assert (joined.data["case_ref"], joined.data["count"]) == (sixth["id"], 6)
    assert len(clusters(service)) == 1


def test_cases_of_other_kinds_other_places_and_other_times_do_not_count(service, spot, other_pool):
    reports(service, spot, 4, category="0602")
    reports(service, other_pool, 1, category="0602")
    reports(service, spot, 1, category="0603")
    service.clock.advance(days=31)
    reports(service, spot, 4, category="0602")
    assert clusters(service) == []
    reports(service, spot, 1, category="0602")
    assert [cluster["count"] for cluster in clusters(service)] == [5]


def test_categories_without_a_route_make_no_clusters(service, spot):
    reports(service, spot, 6, category="0101")
    assert clusters(service) == []


def test_what_was_withdrawn_does_not_count_and_what_was_closed_does(service, spot):
    service.hear(notify.ContactRegistered, "resident-1", facts.contact())
    first, second, *_ = reports(service, spot, 4, reporter_ref="resident-1")
    service.post(f"/cases/{first['id']}/withdraw", {"reason": "已修好"}, status=200)
    end(service, second)
    reports(service, spot, 1)
    assert clusters(service) == []
    reports(service, spot, 1)
    assert [cluster["count"] for cluster in clusters(service)] == [5]


def test_a_cluster_whose_last_case_has_ended_is_dissolved_and_what_comes_counts_anew(service, spot):
    five = reports(service, spot, 5)
    for case in five[:-1]:
        end(service, case)
    service.run()
    assert service.said(grid.ClusterDissolved) == []
    end(service, five[-1])
    service.run()
    assert len(service.said(grid.ClusterDissolved)) == 1
    reports(service, spot, 4)
    assert len(clusters(service)) == 1
    reports(service, spot, 1)
    assert [cluster["dissolved_at"] is None for cluster in clusters(service)] == [False, True]
    under_way = service.request("GET", "/clusters?is_under_way=true&route=topic").json["items"]
    assert [cluster["count"] for cluster in under_way] == [5]
    path = f"/clusters/{under_way[0]['id']}"
    assert service.request("GET", path).json["case_refs"] == under_way[0]["case_refs"]


def test_the_result_of_the_clusters_topic_handles_all_its_cases(service, spot):
    five = reports(service, spot, 5)
    refs = [case["id"] for case in five]
    path = service.said(grid.ClusterFound)[0].data["place_path"]
    service.hear(consultation.ResultLanded, "topic", facts.result_landed(case_refs=refs, place_path=path))
    states = {case["state"] for case in service.request("GET", "/cases").json["items"]}
    assert states == {"verified"}


def end(service, case):
    """End it by a second officer's approval."""
    service.post(f"/cases/{case['id']}/ask-end", {"outcome": "explained", "reason": "暂无条件"}, status=200)
    community = {"role": "community", "scope": f"place:{case['grid_ref']}"}
    service.post(f"/cases/{case['id']}/end", status=200, **community)


# ---- near duplicates, and merging


def test_similar_cases_are_those_of_the_category_near_and_recent(service, spot, other_pool):
    near, _other, _elsewhere = (
        report(service, spot),
        report(service, spot, "0603"),
        report(service, other_pool),
    )
    found = service.request("GET", f"/similar-cases?category={ROAD}&place_ref={spot['id']}").json["items"]
    assert [case["id"] for case in found] == [near["id"]]
    service.clock.advance(days=15)
    assert (
        service.request("GET", f"/similar-cases?category={ROAD}&place_ref={spot['id']}").json["items"] == []
    )


def test_similar_cases_need_a_place_or_a_point(service):
    answer = service.request("GET", f"/similar-cases?category={ROAD}&longitude=116.6")
    assert (answer.status_code, "place_ref" in answer.text) == (422, True)


@pytest.fixture
def two(service, spot):
    """Two reports of one matter by two residents."""
    for ref in ("resident-1", "resident-2"):
        service.hear(notify.ContactRegistered, ref, facts.contact(resident_ref=ref))
    return [report(service, spot, reporter_ref=f"resident-{number}") for number in (1, 2)]


def merge(service, case, into, status=200):
    return service.post(f"/cases/{case['id']}/merge", {"into_ref": into["id"]}, status=status)


def test_what_is_merged_is_closed_and_its_reporter_hears_of_the_other(service, two):
    first, second = two
    merged = merge(service, second, first)
    assert (merged["state"], merged["outcome"], merged["merged_into_ref"]) == (
        "closed",
        "merged",
        first["id"],
    )
    (told,) = service.said(grid.CaseMerged)
    assert (told.data["into_number"], told.data["reporter_refs"]) == (first["number"], ["resident-2"])
    service.post(f"/cases/{first['id']}/accept", status=200)
    (accepted,) = service.said(grid.CaseAccepted)
    assert accepted.data["reporter_refs"] == ["resident-1", "resident-2"]
    (closed,) = service.said(grid.CaseClosedV2)
    assert (closed.data["case_ref"], closed.data["outcome"]) == (second["id"], "merged")


def test_a_case_is_merged_only_into_an_earlier_one_that_is_still_in_hand(service, two, spot):
    first, second = two
    service.clock.advance(hours=1)
    third = report(service, spot)
    assert merge(service, first, third, status=422)["code"] == "merge_unfit"
    assert merge(service, first, first, status=422)["code"] == "merge_unfit"
    merge(service, second, first)
    assert merge(service, third, second, status=422)["code"] == "merge_unfit"


def test_a_case_that_others_were_merged_into_can_neither_be_withdrawn_nor_merged(service, two, spot):
    first, second = two
    merge(service, second, first)
    resident = {"role": "resident", "scope": "person:resident-1"}
    answer = service.request("POST", f"/cases/{first['id']}/withdraw", {"reason": "不要了"}, **resident)
    assert (answer.status_code, answer.json["code"]) == (409, "others_joined")
    seen = service.request("GET", f"/cases/{first['id']}").json
    assert (seen["merged_count"], "merge" in seen["allowed_actions"]) == (1, False)
